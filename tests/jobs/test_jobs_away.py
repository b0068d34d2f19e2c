"""A database that was away, or started again, ends no clock and loses no occurrence."""

import pytest
from sqlalchemy import Engine, text

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
