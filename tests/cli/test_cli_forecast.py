"""`muster report forecast` prints the documented JSON, or a table of the batches."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.report import register
from bot.clock import Clock
from bot.services.forecasts import Forecasts
from bot.store.database import Database
from models import Batch
from tests.services.quality_world import BEGINNING, open_world

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)  # a Saturday


@dataclass(frozen=True, slots=True)
class Shell:
    """As much of a program as this sub-command asks for."""

    url: str

    @asynccontextmanager
    async def open_house(self) -> AsyncIterator[Any]:
        database = Database(self.url)
        forecasts = Forecasts(database, Clock(source=lambda: NOW))
        try:
            yield SimpleNamespace(services=SimpleNamespace(forecasts=forecasts))
        finally:
            await database.close()


async def work(url: str) -> None:
    database = Database(url)
    world = await open_world(database, team_id=None)
    ada = await world.person("Ada", roles=("contributor",))
    due = date(2026, 3, 17)
    given = {"project_id": world.project_id, "created_at": BEGINNING}
    key = await world.add(Batch, name="Batch [7]", size=30, due=due, **given)
    await world.add(Batch, name="No plan", size=None, due=None, **given)
    for day in range(5):
        for n in range(5):
            at = NOW - timedelta(days=5 - day, minutes=n)
            await world.submission(ada, at, batch_id=key)
    await database.close()


@pytest.fixture
def muster(sqlite_url: str) -> Any:
    asyncio.run(work(sqlite_url))
    cli = typer.Typer()
    register(cli, Shell(sqlite_url))  # type: ignore[arg-type]

    def run(*arguments: str) -> Result:
        given = ["report", "forecast", "--squad", "Kestrel", *arguments]
        return CliRunner().invoke(cli, given)

    return run


def test_the_json_is_the_documented_one(muster: Any) -> None:
    found = json.loads(muster("--project", "Reviews", "--json").stdout)
    assert {key: found[key] for key in ("squad", "project", "as_of")} == {
        "squad": "Kestrel",
        "project": "Reviews",
        "as_of": "2026-03-14",
    }
    first, second = found["batches"]
    assert first == {
        "batch": "Batch [7]",
        "size": 30,
        "done": 25,
        "left": 5,
        "due": "2026-03-17",
        "outlook": "holds",
        "unknown": None,
        "pace": 5.0,
        "needed": 2.5,
        "finish": "2026-03-16",
        "early": "2026-03-16",
        "late": "2026-03-16",
        "overdue": False,
    }
    assert (second["outlook"], second["unknown"]) == ("cannot_tell", "no_size")


def test_the_table_shows_the_same(muster: Any) -> None:
    shown = muster("--project", "Reviews").stdout
    for part in ("Batch [7]", "2026-03-16", "holds", "cannot tell", "as of Sat 14 Mar 2026"):
        assert part in shown


def test_an_unknown_project_is_one_sentence(muster: Any) -> None:
    result = muster("--project", "Maps")
    assert result.exit_code == 1
    assert "Maps" in result.stderr
