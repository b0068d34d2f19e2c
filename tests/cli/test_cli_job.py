"""`muster job daily-digest`: what it would say, and that it is queued once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from bot.cli.job import register
from bot.clock import Clock
from bot.services import bundle
from bot.store import schedules
from bot.store.database import Database
from models import Occurrence, OutboxRow
from tests.services.quality_world import open_world

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        clock = Clock(source=lambda: MONDAY + timedelta(days=30))
        try:
            yield SimpleNamespace(services=bundle.build(database, clock), clock=clock)
        finally:
            await database.close()


async def squad(url: str, channel: str | None) -> None:
    database = Database(url)
    world = await open_world(
        database,
        team_id=None,
        name="R&D *team*",
        zone="Asia/Tokyo",
        digest_channel=channel,
        quality_target=0.95,
    )
    ada = await world.person("Ada Lovelace", "U0ADA")
    span = await world.category("Span", "2.1 Spans")
    for n in range(20):
        at = MONDAY - timedelta(days=n % 7)
        made = await world.submission(ada, at, 30.0)
        verdict, errors = ("rejected", (span,)) if n == 0 else ("accepted", ())
        await world.audit(
            made, ada, ada, at + timedelta(hours=1), verdict=verdict, errors=errors, weight=1.0
        )
    async with database.write() as tx:
        await schedules.ensure_defaults(
            tx, world.workspace_id, world.squad_id, "Asia/Tokyo", MONDAY
        )
    await database.close()


async def count(url: str, table: Any) -> int:
    database = Database(url)
    async with database.read() as connection:
        found = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
    await database.close()
    return found


@pytest.fixture(params=["C0DIGEST"])
def muster(sqlite_url: str, request: pytest.FixtureRequest) -> Any:
    asyncio.run(squad(sqlite_url, request.param))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))
    cli.callback()(lambda: None)

    def run(*more: str, name: str = "r&d *team*", at: str = "2026-03-10T09:00") -> Result:
        words = ["job", "daily-digest", "--squad", name, "--at", at, *more]
        return CliRunner().invoke(cli, words)

    return run


def test_a_dry_run_prints_the_digest_and_changes_nothing(muster: Any, sqlite_url: str) -> None:
    shown = muster("--dry-run").stdout
    for part in (
        "R&D team: quality digest",
        "Tue 24 Feb 2026 – Mon 9 Mar 2026",
        "95.0% accepted",
        "n = 20 random audits",
        "Span: 1, in 5.0% of audits",
        "guideline 2.1 Spans",
        "Chart: Line chart of quality",
    ):
        assert part in shown
    for name in ("Ada", "U0ADA"):
        assert name not in shown
    assert asyncio.run(count(sqlite_url, OutboxRow)) == 0
    assert asyncio.run(count(sqlite_url, Occurrence)) == 0


def test_a_day_with_nothing_is_one_line(muster: Any) -> None:
    shown = muster("--dry-run", at="2026-03-12T09:00").stdout
    assert shown.count("\n") == 1
    assert "Nothing to report" in shown


def test_without_offset_the_instant_is_the_squads(muster: Any) -> None:
    # 20:00 UTC is the next morning in Tokyo.
    assert "since Tue 10 Mar 2026" in muster("--dry-run", at="2026-03-10T20:00Z").stdout
    assert "– Mon 9 Mar 2026" in muster("--dry-run", at="2026-03-10T20:00").stdout


def test_it_is_queued_once(muster: Any, sqlite_url: str) -> None:
    assert "waits in the outbox" in muster().stdout
    assert asyncio.run(count(sqlite_url, OutboxRow)) == 2
    assert "was there before" in muster().stdout
    assert asyncio.run(count(sqlite_url, OutboxRow)) == 2


@pytest.mark.parametrize("muster", [None], indirect=True)
def test_without_a_channel_it_says_so(muster: Any, sqlite_url: str) -> None:
    assert "no digest channel" in muster().stdout
    assert asyncio.run(count(sqlite_url, OutboxRow)) == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"name": "Osprey"}, "Osprey"), ({"at": "tomorrow"}, "tomorrow")],
)
def test_what_cannot_be_done_is_one_sentence(
    muster: Any, given: dict[str, str], sentence: str
) -> None:
    result = muster("--dry-run", **given)
    assert result.exit_code == 1
    assert sentence in result.stderr
