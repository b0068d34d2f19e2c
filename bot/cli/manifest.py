"""`muster manifest`: print the Slack app's manifest, or a variant of it, ready to paste."""

from typing import Annotated

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules.manifest import variant


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def manifest(
        http: Annotated[
            str | None,
            typer.Option(help="Speak signed HTTP at this origin, as in https://bot.example.org."),
        ] = None,
        prefix: Annotated[
            str,
            typer.Option(help="Put this before each command's name: ops- makes /ops-audit."),
        ] = "",
    ) -> None:
        """Print the manifest that creates the Slack app."""
        text = program.manifest_path.read_text(encoding="utf-8")
        if http is not None or prefix:
            import yaml  # noqa: PLC0415 - here and for `muster check` only

            with explained():
                changed = variant(yaml.safe_load(text), http=http, prefix=prefix)
            text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True, width=100)
        typer.echo(text, nl=False)
        if prefix:
            typer.echo(f"Set MUSTER_COMMAND_PREFIX={prefix} where the bot runs.", err=True)
