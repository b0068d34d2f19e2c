"""The audits behind signals are counted by day, and found without reading everybody's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.rules.signals import DAYS, Counts
from bot.store import signals
from bot.store.database import Database
from tests.services.quality_world import World, open_world

MONDAY = date(2026, 3, 2)
TWO = [MONDAY, MONDAY + timedelta(days=1)]


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database)


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def edges(days: list[date]) -> list[datetime]:
    return [at(day) for day in [*days, days[-1] + timedelta(days=1)]]


async def count(world: World, squads: list[int], days: list[date]) -> Any:
    async with world.database.read() as connection:
        return await signals.count(connection, world.workspace_id, squads, days, edges(days))


async def test_audits_are_counted_by_day_squad_and_project(world: World) -> None:
    ada = await world.person("Ada")
    heron = await world.squad("Heron")
    maps = await world.project("Maps", heron, world.squad_id)
    box = await world.category("Loose box")
    work = await world.submission(ada, at(MONDAY))
    for hour, errors in ((0, ()), (10, (box, box)), (23, (box, None))):
        verdict = "rejected" if errors else "accepted"
        await world.audit(work, ada, ada, at(MONDAY, hour), verdict=verdict, errors=errors)
    await world.audit(
        work, ada, ada, at(TWO[1], 1), errors=(box,), states=("withdrawn",), verdict="rejected"
    )
    await world.audit(work, ada, ada, at(TWO[1], 2), origin="risk", errors=(box,))
    for squad in (world.squad_id, heron):
        elsewhere = {"squad_id": squad, "project_id": maps}
        await world.audit(work, ada, ada, at(TWO[1], 3 + squad), **elsewhere)  # type: ignore[arg-type]
    before = MONDAY - timedelta(days=1)
    await world.audit(work, ada, ada, at(before, 23))
    await world.audit(work, ada, ada, at(TWO[1] + timedelta(days=1)))

    found = await count(world, [world.squad_id, heron], TWO)
    one = Counts({TWO[1]: 1}, {TWO[1]: 0}, {})
    assert found == {
        (world.squad_id, world.project_id): Counts(
            {MONDAY: 3, TWO[1]: 1}, {MONDAY: 2, TWO[1]: 1}, {box: {MONDAY: 2}}
        ),
        (world.squad_id, maps): one,
        (heron, maps): one,
    }
    assert await count(world, [heron], [MONDAY]) == {}
    async with world.database.read() as connection:
        args = (connection, world.workspace_id, [world.squad_id, heron])
        fresh = await signals.audited(*args, at(MONDAY), at(TWO[1]))
    assert fresh == {(world.squad_id, world.project_id)}


async def test_no_more_audits_are_read_than_the_squads_of_the_days(sqlite_url: str) -> None:
    """Else each tick reads all audits of the workspace, as many times as there are squads."""
    database = Database(sqlite_url)
    days = [MONDAY + timedelta(days=n) for n in range(DAYS)]
    said: list[tuple[str, Any]] = []

    @event.listens_for(database._reader.sync_engine, "before_cursor_execute")
    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, given))

    async with database.read() as connection:
        await signals.audited(connection, 1, [1, 2], at(MONDAY), at(TWO[1]))
        await signals.count(connection, 1, [1, 2], days, edges(days))
        statements = list(said)
        plans = [
            [row[3] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given)]
            for one, given in statements
        ]
    await database.close()
    assert len(plans) == 3
    for steps in plans:
        (reads,) = [step for step in steps if "audits" in step]
        assert "squad_id=? AND audited_at>? AND audited_at<?" in reads
