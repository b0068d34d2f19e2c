"""`muster person`: export what is stored about somebody, or erase them."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules.privacy import Erasing
from bot.services.privacy import to_json
from bot.views import catalogue
from bot.views import privacy as views

Who = Annotated[
    str, typer.Argument(help="A name as it stands in Muster, an e-mail address or a Slack id.")
]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-commands."""
    group = typer.Typer(no_args_is_help=True, help="Export or erase what is stored about somebody.")
    cli.add_typer(group, name="person")
    words = catalogue.load().of(None)

    @group.command()
    def export(
        who: Who,
        out: Annotated[Path | None, typer.Option(help="The file; printed unless given.")] = None,
    ) -> None:
        """Export everything about somebody as JSON; they see in /muster me that it was done."""
        with explained():
            text = to_json(asyncio.run(_export(program, who)))
        if out is None:
            typer.echo(text)
            return
        out.write_text(f"{text}\n", encoding="utf-8")
        out.chmod(0o600)
        typer.echo(words("privacy.export.written", file=out))

    @group.command()
    def erase(
        who: Who,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go.")] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    ) -> None:
        """Erase somebody for good; counts stay under a pseudonym."""
        with explained():
            plan = asyncio.run(_erase(program, who, dry=True))
            if dry_run:
                _say(plan)
                return
            if not yes:
                _say(plan)
                if not typer.confirm(words("privacy.erase.sure", name=plan.person.name)):
                    typer.echo(words("privacy.erase.left"))
                    raise typer.Exit(1)
            _say(asyncio.run(_erase(program, who, dry=False)))


def _say(plan: Erasing) -> None:
    for line in views.erasing(catalogue.load().of(None), plan):
        typer.echo(line)


async def _export(program: Program, who: str) -> dict[str, Any]:
    async with program.open_house() as container:
        return await container.services.privacy.operator_export(who)


async def _erase(program: Program, who: str, *, dry: bool) -> Erasing:
    words = catalogue.load().of(None)
    async with program.open_house() as container:
        return await container.services.erasure.erase(
            who, lambda n: words("privacy.erase.former", n=n), dry=dry
        )
