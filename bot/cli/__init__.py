"""The shell's door: `build_cli` makes the `muster` command out of one module per sub-command."""

from collections.abc import Callable

import typer

from bot.cli import run
from bot.cli.program import Program

Register = Callable[[typer.Typer, Program], None]


def build_cli(program: Program, *more: Register, asked: str | None = None) -> typer.Typer:
    """Return the whole command; it opens nothing until a sub-command runs.

    `more` are sub-commands that live beside the shell's own, such as the demo. Who `asked` for a
    process of the bot gets those commands alone: the others come with half of what is ever said to
    a shell.
    """
    cli = typer.Typer(
        name="muster",
        help="A Slack bot that keeps a data-annotation squad in good order.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    cli.callback()(_root)
    run.register(cli, program)
    if asked in run.COMMANDS:
        return cli
    for register in (*_works(), *more):
        register(cli, program)
    return cli


def _works() -> tuple[Register, ...]:
    from bot.cli import (  # noqa: PLC0415 - see above
        admin,
        backup,
        check,
        export,
        guidelines,
        imports,
        job,
        manifest,
        outbox,
        person,
        pulse,
        report,
        retention,
        sample,
        schedule,
    )

    works = (
        admin,
        check,
        manifest,
        outbox,
        schedule,
        report,
        sample,
        person,
        pulse,
        backup,
        retention,
        job,
        imports,
        guidelines,
        export,
    )
    return tuple(command.register for command in works)


def _root() -> None:
    """Keep sub-commands named even while there is only one."""
