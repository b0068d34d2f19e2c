"""`muster retention`: how long each kind of data is kept, and setting it."""

import asyncio
from typing import Annotated

import typer

from bot.cli import tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules import retention as rules
from bot.rules.retention import DataKind, Kept
from bot.views import catalogue
from bot.views import privacy as views


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-commands."""
    group = typer.Typer(no_args_is_help=True, help="How long data is kept: list, set.")
    cli.add_typer(group, name="retention")

    @group.command("list")
    def show() -> None:
        """List how long each kind of data is kept, and what goes then."""
        with explained():
            found = asyncio.run(_listed(program))
        words = catalogue.load().of(None)
        table = tables.table(("kind", "kept", "then"))
        for each in found:
            table.add_row(each.kind.value, views.term(words, each), views.keeps(words, each.kind))
        tables.show(table)

    @group.command("set")
    def put(
        kind: Annotated[str, typer.Argument(help="One of the kinds that `list` names.")],
        days: Annotated[str, typer.Argument(help="A number of days, or never.")],
    ) -> None:
        """Keep a kind of data for so many days; what is past its time goes the next night."""
        with explained():
            wanted = rules.read_kind(kind)
            done = asyncio.run(_set(program, wanted, rules.read_days(wanted, days)))
        words = catalogue.load().of(None)
        typer.echo(
            words("privacy.retention.set", kind=done.kind.value, term=views.term(words, done))
        )


async def _listed(program: Program) -> list[Kept]:
    async with program.open_house() as container:
        return await container.services.retention.listed()


async def _set(program: Program, kind: DataKind, days: int) -> Kept:
    async with program.open_house() as container:
        return await container.services.retention.set_days(kind, days)
