from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.dispatch.kinds.digests import _edition
from bot.rules.control import Side
from bot.rules.digests import Cadence
from bot.rules.occurrences import by_hand
from bot.rules.schedules import ScheduleKind
from bot.rules.signals import Counts, outside
from bot.services.digest_planning import POST
from bot.services.digests import Digests, Planned
from bot.services.outbox import Outbox
from bot.store import schedules
from bot.store.database import Database
from models import OutboxRow, Signal
from tests.services.quality_world import World, open_world

TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
LAST = date(2026, 3, 9)


@pytest.fixture
async def world(database: Database) -> World:
    return await open_world(database, digest_channel="C0DIGEST")


async def day(world: World, person: int, at: date, n: int, bad: int, category: int | None) -> None:
    begin = datetime.combine(at, time(10), UTC)
    for each in range(n):
        made = await world.submission(person, begin + timedelta(seconds=each))
        wrong = each < bad
        await world.audit(
            made,
            person,
            person,
            begin + timedelta(hours=1, seconds=each),
            verdict="rejected" if wrong else "accepted",
            errors=(category, category) if wrong and category else (),
            weight=1.0,
        )


async def weeks(world: World, last_bad: int) -> int:
    """Two quiet weeks at one in ten, then a Monday; returns the category."""
    ada = await world.person("Ada")
    box = await world.category("Loose box")
    for back in range(1, 15):
        at = LAST - timedelta(days=back)
        if at.weekday() < 5:
            await day(world, ada, at, 10, 1, box)
    await day(world, ada, LAST, 10, last_bad, box)
    return box


async def planned(
    world: World,
    service: Digests,
    kind: ScheduleKind = ScheduleKind.DAILY_DIGEST,
    at: datetime = TUESDAY,
) -> Any:
    """Plan a digest; return its post as it is sent."""
    async with world.database.write() as tx:
        args = (tx, world.workspace_id, world.squad_id)
        await schedules.ensure_defaults(*args, "UTC", TUESDAY - timedelta(days=1))
        pending = await schedules.of_squad(*args)
    (found,) = [each for each in pending if each.schedule.kind is kind]
    assert await service.plan(by_hand(found, at)) is Planned.QUEUED
    async with world.database.read() as connection:
        statement = select(OutboxRow.id).where(OutboxRow.kind == POST).order_by(OutboxRow.id)
        keys = list(await connection.scalars(statement))
    return await Outbox(world.database, Clock(source=lambda: TUESDAY)).get(keys[-1])


async def rows(world: World) -> list[Any]:
    async with world.database.read() as connection:
        return list(await connection.execute(select(Signal.__table__).order_by(Signal.id)))


async def test_a_day_outside_is_said_by_one_digest_and_no_other(world: World) -> None:
    box = await weeks(world, 8)
    service = Digests(world.database, Clock(source=lambda: TUESDAY))
    edition = _edition(await planned(world, service))
    stored = await rows(world)
    assert [(row.category_id, row.day) for row in stored] == [(None, LAST), (box, LAST)]
    assert edition.signals == tuple(row.id for row in stored)
    found = await service.content(edition)
    assert found is not None
    whole, of_category = found.projects[0].signals
    assert (whole.category, whole.n, whole.wrong, whole.side) == (None, 10, 8, Side.WORSE)
    assert (of_category.category, of_category.wrong) == ("Loose box", 8)
    assert whole.high < whole.rate
    weekly = _edition(await planned(world, service, ScheduleKind.WEEKLY_DIGEST))
    assert (weekly.cadence, weekly.signals) == (Cadence.WEEKLY, ())
    assert len(await rows(world)) == 2


async def test_a_quiet_day_is_no_signal(world: World) -> None:
    await weeks(world, 2)
    service = Digests(world.database, Clock(source=lambda: TUESDAY))
    delivery = await planned(world, service)
    assert "signals" not in delivery.ids
    assert await rows(world) == []


async def test_days_off_count_with_the_working_day_before(world: World) -> None:
    ada = await world.person("Ada")
    box = await world.category("Loose box")
    for back in range(3, 17):
        at = LAST - timedelta(days=back)
        if at.weekday() < 5:
            await day(world, ada, at, 10, 1, box)
    await day(world, ada, LAST - timedelta(days=2), 12, 12, box)  # a Saturday
    service = Digests(world.database, Clock(source=lambda: TUESDAY - timedelta(days=1)))
    await planned(world, service, at=TUESDAY - timedelta(days=1))
    whole, of_category = await rows(world)
    friday = LAST - timedelta(days=3)
    assert (whole.day, whole.figures["n"], whole.figures["wrong"]) == (friday, 22, 13)
    assert (of_category.day, of_category.figures["wrong"]) == (friday, 13)


def test_what_was_reported_or_is_old_is_not_said() -> None:
    days = [date(2026, 3, 2) + timedelta(days=n) for n in range(12)]
    counts = Counts(
        dict.fromkeys(days, 10) | {days[3]: 20}, dict.fromkeys(days, 1) | {days[3]: 11}, {}
    )
    given = {"names": {}, "since": days[0]}
    assert len(outside(days, counts, reported=set(), **given)) == 1  # type: ignore[arg-type]
    assert outside(days, counts, reported={(None, days[3])}, **given) == ()  # type: ignore[arg-type]
    assert outside(days, counts, reported=set(), **{**given, "since": days[4]}) == ()  # type: ignore[arg-type]
