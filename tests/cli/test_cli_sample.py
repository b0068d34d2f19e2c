"""`muster sample` draws, says what it would draw, and gets the same draws from the seeds again."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.sample import register
from bot.clock import Clock
from bot.services.sampling import Sampling
from bot.store.database import Database
from tests.services.quality_world import open_world

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
KESTREL = ["--squad", "Kestrel", "--project", "Reviews"]


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        sampling = Sampling(database, Clock(source=lambda: MONDAY + timedelta(days=8)))
        try:
            yield SimpleNamespace(services=SimpleNamespace(sampling=sampling))
        finally:
            await database.close()


async def work(url: str) -> None:
    database = Database(url)
    world = await open_world(database, team_id=None)
    ada = await world.person("Ada [bold]")
    for n in range(20):
        await world.submission(ada, MONDAY + timedelta(minutes=n))
    await world.squad("Heron", state="rehearsal")
    await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    asyncio.run(work(sqlite_url))
    cli = typer.Typer()
    cli.callback()(lambda: None)
    register(cli, Shell(sqlite_url))  # type: ignore[arg-type]

    def run(*args: str) -> Result:
        return CliRunner().invoke(cli, ["sample", *args])

    return run


def test_it_draws_once_and_explains(muster: Any) -> None:
    dry = muster(*KESTREL, "--dry-run")
    assert "2026-W11: 5 would be drawn, 1 frames. Nothing was stored." in dry.output
    assert (
        "Nothing was drawn from 2026-W11."
        in muster(*KESTREL, "--week", "2026-W11", "--explain").output
    )
    assert "2026-W11: 5 drawn" in muster(*KESTREL).output
    again = json.loads(muster(*KESTREL, "--week", "2026-W11", "--json").output)
    assert again == [{"week": "2026-W11", "frames": 0, "drawn": 0, "changed": 0, "dry_run": False}]
    (row,) = json.loads(muster(*KESTREL, "--week", "2026w11", "--explain", "--json").output)
    assert (row["population"], row["drawn"], row["probability"], row["open"]) == (20, 5, 0.25, 5)
    assert row["given_up"] == 0
    assert row["reproduced"] is True
    assert len(row["submission_ids"]) == len(row["tasks"]) == 5
    shown = muster(*KESTREL, "--week", "2026-W11", "--explain").output
    assert "the same" in shown
    assert "Ada [bold]" in shown


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--week", "soon"], "no week"),
        (["--week", "2026-W60"], "no week"),
        (["--squad", "Owl"], "Owl"),
    ],
)
def test_what_it_cannot_read_it_says(muster: Any, args: list[str], said: str) -> None:
    result = muster(*KESTREL, *args)
    assert result.exit_code != 0
    assert said in result.output
