"""The shell's door: `build_cli` makes the `muster` command out of one module per sub-command."""

from collections.abc import Callable

import typer

from bot.cli import (
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
    run,
    sample,
    schedule,
)
from bot.cli.program import Program

Register = Callable[[typer.Typer, Program], None]


def build_cli(program: Program, *more: Register) -> typer.Typer:
    """Return the whole command; it opens nothing until a sub-command runs.

    `more` are sub-commands that live beside the shell's own, such as the demo.
    """
    cli = typer.Typer(
        name="muster",
        help="A Slack bot that keeps a data-annotation squad in good order.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    cli.callback()(_root)
    works = (
        admin,
        run,
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
    for command in works:
        command.register(cli, program)
    for register in more:
        register(cli, program)
    return cli


def _root() -> None:
    """Keep sub-commands named even while there is only one."""
