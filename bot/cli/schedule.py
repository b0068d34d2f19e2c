"""`muster schedule`: what a squad's schedules plan between two days, across clock changes too."""

import asyncio
import json
from datetime import UTC, date
from typing import Annotated

import typer
from rich.table import Table

from bot import clock
from bot.cli import tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.rules.schedule_input import name_of
from bot.rules.schedules import PlannedOccurrence


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def schedule(
        squad: Annotated[str, typer.Option(help="The squad's name.")],
        first: Annotated[str, typer.Option("--from", help="The first day, as in 2026-03-01.")],
        last: Annotated[str, typer.Option("--to", help="The last day, included.")],
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """List what is planned for a squad on these days of its zone."""
        with explained():
            days = clock.parse_date_range(f"{first}..{last}")
            found = asyncio.run(_planned(program, squad, *days))
        if as_json:
            typer.echo(json.dumps([row(each) for each in found], indent=2))
        elif found:
            tables.show(_table(found))
        else:
            typer.echo("Nothing is planned on these days.")


async def _planned(
    program: Program, squad: str, first: date, last: date
) -> list[PlannedOccurrence]:
    async with program.open_house() as container:
        workspace_id = await container.services.installations.local()
        return await container.services.schedules.planned(workspace_id, squad, first, last)


def row(occurrence: PlannedOccurrence) -> dict[str, str]:
    """Return one occurrence as exported: instants in ISO 8601, `local` with its offset."""
    utc = occurrence.utc.astimezone(UTC).replace(tzinfo=None)
    return {
        "schedule": name_of(occurrence.kind),
        "slot": occurrence.slot,
        "local": occurrence.local.isoformat(),
        "utc": f"{utc.isoformat()}Z",
        "target": occurrence.target,
    }


def _table(found: list[PlannedOccurrence]) -> Table:
    table = tables.table(("schedule", "slot", "local", "utc", "target"))
    for each in found:
        local = each.local.isoformat(" ", timespec="minutes")
        utc = f"{each.utc.astimezone(UTC):%Y-%m-%d %H:%M}"
        table.add_row(*(row(each) | {"local": local, "utc": utc}).values())
    return table
