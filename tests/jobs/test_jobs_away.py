"""A database that was away, or started again, ends no clock and loses no occurrence."""

import asyncio

import pytest
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from bot.rules.occurrences import DueOccurrence
from jobs import ticker as tickers
from tests.jobs.clockwork import Clockwork


async def test_a_database_that_is_away_ends_no_ticker(sqlite_works: Clockwork) -> None:
    works = sqlite_works
    await works.squad()
    process = works.process()
    away = process.ticker._container.services.schedules
    real, away.due = away.due, None  # type: ignore[method-assign, assignment]
    works.hands.to("2026-03-09 09:00")
    await process.ticker.tick()
    assert process.ticker.failures == 1
    away.due = real  # type: ignore[method-assign]
    await process.ticker.tick()
    assert await works.posts() == ["2026-03-09"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_after_the_database_was_restarted_the_ticker_goes_on(
    works: Clockwork, postgres_admin: Engine
) -> None:
    await works.squad()
    process = works.process()
    await process.ticker.tick()
    with postgres_admin.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    works.hands.to("2026-03-09 09:00")
    await process.ticker.tick()
    await process.ticker.tick()
    assert await works.posts() == ["2026-03-09"]


async def test_a_tick_that_hangs_is_said_once(
    sqlite_works: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = sqlite_works
    await works.squad()
    process = works.process()
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def hang(_: DueOccurrence) -> None:
        reached.set()
        await go_on.wait()

    process.posting.before = hang
    works.hands.to("2026-03-09 09:00")
    with capture_logs() as said:
        monkeypatch.setattr(tickers, "LONG_S", 0.0)
        tick = asyncio.create_task(process.ticker.tick())
        await asyncio.wait_for(reached.wait(), 10)
        assert len(said) == 1
        go_on.set()
        await tick
        monkeypatch.undo()
        await process.ticker.tick()
    assert [each["event"] for each in said] == ["tick_takes_long"]
    assert await works.posts() == ["2026-03-09"]
