"""`muster schedule` lists what is planned, also where the clocks change, as zoneinfo says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.schedule import register
from bot.clock import Clock
from bot.services.installations import Installations
from bot.services.schedules import Schedules
from bot.store.database import Database
from tests.jobs.clockwork import MONDAY, open_clockwork, oracle

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        clock = Clock(source=lambda: MONDAY)
        services = SimpleNamespace(
            schedules=Schedules(database, clock), installations=Installations(database, clock)
        )
        try:
            yield SimpleNamespace(services=services)
        finally:
            await database.close()


async def _squads(url: str) -> None:
    async with open_clockwork(url) as works:
        for zone in ZONES:
            await works.squad(zone, zone=zone)


@pytest.fixture
def muster(sqlite_url: str) -> Callable[..., Result]:
    asyncio.run(_squads(sqlite_url))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(squad: str, first: str, last: str, *more: str) -> Result:
        words = ["schedule", "--squad", squad, "--from", first, "--to", last, *more]
        return CliRunner().invoke(cli, words, env={"COLUMNS": "200"})

    return run


def _expected(zone: str, first: date, last: date) -> Iterator[dict[str, str]]:
    """The same list from the standard library's zoneinfo alone."""
    day = first
    while day <= last:
        runs = [("daily-digest", day.isoformat(), time(9))] if day.weekday() < 5 else []
        if day.weekday() == 0:
            week = day.isocalendar()
            runs.append(("weekly-digest", f"{week.year}-W{week.week:02}", time(9, 30)))
        for name, slot, at in runs:
            local = datetime.combine(day, at, oracle(zone))
            yield {
                "schedule": name,
                "slot": slot,
                "local": local.isoformat(),
                "utc": local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "target": f"squad:{ZONES.index(zone) + 1}",
            }
        day += DAY


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 10), date(2026, 4, 12)),  # New York, Casablanca, Berlin, Lord Howe
        (date(2026, 9, 28), date(2026, 11, 8)),
        (date(2026, 12, 21), date(2027, 1, 8)),  # a year of 53 weeks ends
        (date(2026, 3, 28), date(2026, 3, 29)),  # a weekend
    ],
)
def test_the_json_is_what_zoneinfo_says(
    muster: Callable[..., Result], zone: str, first: date, last: date
) -> None:
    result = muster(zone, first.isoformat(), last.isoformat(), "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == list(_expected(zone, first, last))


def test_the_table_says_the_same(muster: Callable[..., Result]) -> None:
    shown = muster("europe/berlin", "2026-03-27", "2026-03-30").stdout
    for part in ("2026-03-27 09:00+01:00", "2026-03-30 09:00+02:00", "2026-W14"):
        assert part in shown


def test_nothing_planned_is_said(muster: Callable[..., Result]) -> None:
    assert "Nothing is planned" in muster("UTC", "2026-03-14", "2026-03-15").stdout


@pytest.mark.parametrize(
    ("squad", "first", "last", "sentence"),
    [
        ("Osprey & Co", "2026-03-01", "2026-03-02", "no squad called “Osprey & Co” here"),
        ("UTC", "2026-03-02", "2026-03-01", "ends before it begins"),
        ("UTC", "2026-02-30", "2026-03-01", "“2026-02-30” is not a date"),
        ("UTC", "2026-02-01", "2039-03-01", "from 1970 to 2037"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    muster: Callable[..., Result], squad: str, first: str, last: str, sentence: str
) -> None:
    result = muster(squad, first, last)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
