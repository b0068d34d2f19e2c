"""`muster schedule`: what a squad's schedules plan between two days, across clock changes too."""

import asyncio
import json
from datetime import UTC, date, timedelta
from typing import Annotated, Final

import typer
from rich.table import Table

from bot import clock
from bot.cli import tables
from bot.cli.explained import explained
from bot.cli.program import Program
from bot.errors import BadInput
from bot.rules.explaining import Explained, Outcome
from bot.rules.schedule_input import name_of
from bot.rules.schedules import PlannedOccurrence
from bot.views.schedules import because
from bot.views.words import Words

NOTHING: Final = "Nothing is planned on these days."
AHEAD: Final = timedelta(days=6)


def register(cli: typer.Typer, program: Program) -> None:
    """Add the sub-command."""

    @cli.command()
    def schedule(
        squad: Annotated[str, typer.Option(help="The squad's name; without it all of them.")] = "",
        first: Annotated[
            str, typer.Option("--from", help="The first day, as in 2026-03-01; today if left out.")
        ] = "",
        last: Annotated[
            str, typer.Option("--to", help="The last day, included; a week if left out.")
        ] = "",
        explain: Annotated[
            bool, typer.Option("--explain", help="Say why each is planned, moved or skipped.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """List what is planned for a squad on these days of its zone, and why."""
        with explained():
            days = _days(first, last)
            if explain:
                _tell(*asyncio.run(_explained(program, squad or None, days)), as_json=as_json)
                return
            if not squad or days is None:
                raise BadInput("schedule_of_which")
            found = asyncio.run(_planned(program, squad, *days))
        if as_json:
            typer.echo(json.dumps([row(each) for each in found], indent=2))
        elif found:
            tables.show(_table(found))
        else:
            typer.echo(NOTHING)


def _days(first: str, last: str) -> tuple[date, date] | None:
    """Read the days; with one of them a week from or up to it, with none None."""
    if first and last:
        return clock.parse_date_range(f"{first}..{last}")
    if first:
        day = clock.parse_date(first)
        return day, day + AHEAD
    if last:
        day = clock.parse_date(last)
        return day - AHEAD, day
    return None


Squads = list[tuple[str, list[Explained]]]


async def _explained(
    program: Program, squad: str | None, days: tuple[date, date] | None
) -> tuple[Words, Squads]:
    async with program.open_house() as container:
        workspace_id = await container.services.installations.local()
        found = await container.services.explaining.explain(workspace_id, squad, days)
        return container.languages.of(None), found


def _tell(words: Words, found: Squads, *, as_json: bool) -> None:
    if as_json:
        rows = [reason(words, squad, each) for squad, slots in found for each in slots]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for squad, slots in found:
        typer.echo(squad)
        if not slots:
            typer.echo(NOTHING)
            continue
        table = tables.table(("day", "time", "schedule", "becomes", "why"))
        for each in slots:
            cells = reason(words, squad, each)
            local = cells["local"][11:16] if cells["local"] else "–"
            table.add_row(
                cells["day"], local, cells["schedule"], cells["becomes"], cells["because"]
            )
        tables.show(table)


def reason(words: Words, squad: str, each: Explained) -> dict[str, str]:
    """Return one slot as exported; `local` and `utc` are empty where nothing runs."""
    runs = each.occurrence is not None and each.outcome is not Outcome.SKIPPED
    shown = row(each.occurrence) if each.occurrence is not None and runs else {}
    return {
        "squad": squad,
        "schedule": each.sync or name_of(each.schedule.kind),
        "slot": each.slot,
        "day": each.day.isoformat(),
        "becomes": each.outcome.value,
        "why": each.why.value,
        "because": because(words, each),
        "local": shown.get("local", ""),
        "utc": shown.get("utc", ""),
    }


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
