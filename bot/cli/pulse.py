"""`muster pulse`: names who reads the anonymous notes that managers never see."""

import asyncio
from typing import Annotated

import typer

from bot.cli.explained import explained
from bot.cli.program import Program
from bot.views import catalogue

Who = Annotated[
    str | None,
    typer.Argument(help="A name as it stands in Muster, an e-mail address or a Slack id."),
]


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-commands."""
    group = typer.Typer(no_args_is_help=True, help="The contact person for anonymous notes.")
    group.callback()(_root)
    cli.add_typer(group, name="pulse")

    @group.command()
    def contact(
        who: Who = None,
        nobody: Annotated[
            bool, typer.Option("--nobody", help="Notes go to managers only.")
        ] = False,
    ) -> None:
        """Name who reads notes that managers never see; without a name, say who does."""
        with explained():
            name = asyncio.run(_contact(program, who, change=nobody or who is not None))
        words = catalogue.load().of(None)
        key = "pulse.shell.nobody" if name is None else "pulse.shell.contact"
        typer.echo(words(key, name=name))


def _root() -> None:
    """Keep the sub-command named even while there is only one."""


async def _contact(program: Program, who: str | None, *, change: bool) -> str | None:
    async with program.open_house() as container:
        notes = container.services.notes
        person = await (notes.operator_name(who) if change else notes.operator_contact())
        return None if person is None else person.name
