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
from sqlalchemy import insert, select, update
from typer.testing import CliRunner, Result

from bot.cli.schedule import register
from bot.clock import Clock
from bot.rules.squads import Sync
from bot.services import bundle
from bot.store import schedules as store
from bot.store import syncs
from bot.store.database import Database
from bot.views import catalogue
from models import Downtime, Occurrence, Schedule, Squad
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
        container = SimpleNamespace(
            services=bundle.build(database, clock), languages=catalogue.load("")
        )
        try:
            yield container
        finally:
            await database.close()


async def _squads(url: str) -> None:
    async with open_clockwork(url) as works:
        for zone in ZONES:
            await works.squad(zone, zone=zone)
        berlin = await works.squad("Ibis", zone="Europe/Berlin", country="DE", digest_channel=None)
        gone = await works.squad("Gone")
        await works.change_squad(gone, archived_at=MONDAY)
        await works.squad("Half", half_days=["2026-03-31 until 13:00"], team_channel="C0TEAM")
        async with works.database.write() as tx:
            await tx.execute(
                update(Schedule).where(Schedule.squad_id == berlin).values(local_time=time(2, 30))
            )
            await tx.execute(update(Squad).where(Squad.id == berlin).values(working_days="0123456"))
            plan = await tx.scalar(select(Schedule.id).where(Schedule.squad_id == berlin).limit(1))
            await tx.execute(
                insert(Occurrence),
                [
                    {
                        "workspace_id": works.workspace_id,
                        "schedule_id": plan,
                        "slot": f"2026-03-0{day}",
                        "target": f"squad:{berlin}",
                        "due_at": datetime(2026, 3, day, 1, 30, tzinfo=UTC),
                        "happened_at": datetime(2026, 3, day, 9, tzinfo=UTC),
                        "state": state,
                        "reason": reason,
                    }
                    for day, state, reason in (
                        (2, "done", None),
                        (3, "skipped", "asleep"),
                        (4, "skipped", "failed"),
                    )
                ],
            )
            down = {"began_at": datetime(2026, 3, 2, 22, tzinfo=UTC)}
            await tx.execute(
                insert(Downtime).values(**down, ended_at=datetime(2026, 3, 3, 9, tzinfo=UTC))
            )
            sync = await syncs.put(
                tx,
                works.workspace_id,
                Sync(id=0, squad_id=berlin + 2, name="Stand-up", local_time=time(15)),
            )
            stored = await syncs.get(tx, works.workspace_id, sync)
            days = await store.calendar(tx, works.workspace_id, berlin + 2, MONDAY)
            assert stored is not None
            assert days is not None
            await syncs.plan(tx, works.workspace_id, stored, days, MONDAY)


@pytest.fixture
def muster(sqlite_url: str) -> Callable[..., Result]:
    asyncio.run(_squads(sqlite_url))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(squad: str, first: str, last: str, *more: str) -> Result:
        words = ["schedule", "--squad", squad, "--from", first, "--to", last, *more]
        return CliRunner().invoke(cli, words, env={"COLUMNS": "200"})

    run.cli = cli  # type: ignore[attr-defined]
    return run


def _why(muster: Callable[..., Result], squad: str, first: str, last: str) -> dict[str, Any]:
    shown = muster(squad, first, last, "--explain", "--json").stdout
    return {
        f"{row['schedule']} {row['day']}": (row["becomes"], row["because"])
        for row in json.loads(shown)
    }


def test_it_says_why_each_is_planned_moved_or_skipped(muster: Callable[..., Result]) -> None:
    berlin = _why(muster, "Europe/Berlin", "2026-03-06", "2026-03-09")
    assert berlin["daily-digest 2026-03-06"] == ("planned", "as set: 09:00 (Europe/Berlin)")
    assert berlin["daily-digest 2026-03-07"] == ("skipped", "no working day")
    assert berlin["weekly-digest 2026-03-09"][0] == "planned"
    half = _why(muster, "half", "2026-03-30", "2026-03-31")
    assert half["Stand-up 2026-03-30"] == ("planned", "as set: 15:00 (UTC)")
    assert half["Stand-up 2026-03-31"] == (
        "skipped",
        "on this half day nobody works at 15:00 (2026-03-31 until 13:00)",
    )
    assert half["daily-digest 2026-03-31"][0] == "planned"


def test_what_is_over_is_told_as_it_went(muster: Callable[..., Result]) -> None:
    over = _why(muster, "Ibis", "2026-03-02", "2026-03-05")
    assert over["daily-digest 2026-03-02"] == ("done", "ran at Mon 2 Mar 2026, 10:00")
    assert over["daily-digest 2026-03-03"] == (
        "skipped",
        "Muster was down from Mon 2 Mar 2026, 23:00 to Tue 3 Mar 2026, 10:00; it was then too late",
    )
    assert "the log says why" in over["daily-digest 2026-03-04"][1]
    assert over["daily-digest 2026-03-05"] == ("skipped", "the squad has no channel for it")
    gone = _why(muster, "Gone", "2026-03-09", "2026-03-09")
    assert set(gone.values()) == {("skipped", "the squad is archived")}


def test_without_a_squad_it_explains_a_week_of_all_of_them(muster: Callable[..., Result]) -> None:
    result = CliRunner().invoke(muster.cli, ["schedule", "--explain"], env={"COLUMNS": "200"})  # type: ignore[attr-defined]
    for part in ("Ibis", "Half", "Stand-up", "Europe/Berlin", "as set: 09:00"):
        assert part in result.stdout
    assert "Gone" not in result.stdout
    result = CliRunner().invoke(muster.cli, ["schedule"])  # type: ignore[attr-defined]
    assert "Which squad, and which days?" in result.stderr


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
