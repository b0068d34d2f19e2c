"""Who may look at and move a squad's schedules, and what they are told."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import func, select

from bot.errors import NotAllowed, NotFound, UserError
from bot.rules.people import Caller
from bot.rules.schedule_input import ScheduleChange
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Where
from bot.services.unit import StrangerError
from models import LedgerEntry
from tests.jobs.clockwork import TEAM, Clockwork, open_clockwork

DAILY, WEEKLY = ScheduleKind.DAILY_DIGEST, ScheduleKind.WEEKLY_DIGEST
EVENING = ScheduleChange(DAILY, time(17, 30))


@pytest.fixture
async def works(database_url: str) -> AsyncIterator[Clockwork]:
    async with open_clockwork(database_url) as opened:
        yield opened


async def test_a_manager_sees_what_comes_when(works: Clockwork) -> None:
    squad = await works.squad(zone="Europe/Berlin")
    mia = await works.person("Mia", squad, "manager")
    plan = await works.process().schedules.plan(mia, Where())
    found = [(each.schedule.kind, each.slot, each.due_at) for each in plan.entries]
    assert found == [
        (DAILY, "2026-03-09", datetime(2026, 3, 9, 8, tzinfo=UTC)),
        (WEEKLY, "2026-W11", datetime(2026, 3, 9, 8, 30, tzinfo=UTC)),
    ]


@pytest.mark.parametrize("role", ["contributor", "auditor", "delivery", "client"])
async def test_nobody_else_looks_or_moves(works: Clockwork, role: str) -> None:
    squad = await works.squad()
    other = await works.squad("Heron")
    noor = await works.person("Noor", squad, role)
    await works.person("Mia", other, "manager")
    schedules = works.process().schedules
    with pytest.raises(NotAllowed):
        await schedules.plan(noor, Where(squad_id=squad))
    with pytest.raises(NotAllowed):
        await schedules.change_time(noor, Where(squad_id=squad), EVENING)
    assert await works.waits_for() == "2026-03-09 09:00"


async def test_a_manager_of_another_squad_or_workspace_moves_nothing(works: Clockwork) -> None:
    squad = await works.squad()
    mia = await works.person("Mia", await works.squad("Heron"), "manager")
    schedules = works.process().schedules
    with pytest.raises(NotAllowed):
        await schedules.change_time(mia, Where(squad_id=squad), EVENING)
    with pytest.raises(StrangerError):
        await schedules.change_time(Caller("T0OTHER", mia.user_id), Where(), EVENING)
    with pytest.raises(UserError):
        await schedules.plan(mia, Where(squad_id=4711))
    with pytest.raises(StrangerError):
        await schedules.plan(Caller(TEAM, "U404"), Where())


async def test_pressed_twice_it_is_one_change_with_one_answer(works: Clockwork) -> None:
    squad = await works.squad()
    mia = await works.person("Mia", squad, "manager")
    schedules = works.process().schedules
    first = await schedules.change_time(mia, Where(squad_id=squad), EVENING)
    again = await schedules.change_time(mia, Where(squad_id=squad), EVENING)
    same = await schedules.change_time(mia, Where(squad_id=squad), EVENING)
    assert first == again == same
    assert first.schedule.revision == 2
    async with works.database.read() as connection:
        acts = select(func.count()).where(LedgerEntry.action == "schedule.changed")
        assert await connection.scalar(acts) == 1


async def test_a_weekly_digest_moves_to_another_weekday(works: Clockwork) -> None:
    squad = await works.squad()
    mia = await works.person("Mia", squad, "manager")
    schedules = works.process().schedules
    works.hands.to("2026-03-09 08:00")
    friday = ScheduleChange(WEEKLY, time(16), 4)
    moved = await schedules.change_time(mia, Where(squad_id=squad), friday)
    assert moved.today
    assert moved.first is not None
    assert moved.first.utc == datetime(2026, 3, 13, 16, tzinfo=UTC)
    later = ScheduleChange(WEEKLY, time(17))
    kept = await schedules.change_time(mia, Where(squad_id=squad), later)
    assert (kept.schedule.weekday, kept.schedule.local_time) == (4, time(17))


async def test_a_squad_without_schedules_says_so(works: Clockwork) -> None:
    squad = await works.squad(schedules=False)
    mia = await works.person("Mia", squad, "manager")
    schedules = works.process().schedules
    assert (await schedules.plan(mia, Where())).entries == ()
    with pytest.raises(NotFound) as caught:
        await schedules.change_time(mia, Where(), EVENING)
    assert caught.value.code == "no_schedule"


async def test_planned_lists_a_squads_days_by_time(works: Clockwork) -> None:
    await works.squad(zone="Asia/Tokyo", country="JP")
    await works.squad("Heron")
    schedules = works.process().schedules
    found = await schedules.planned(
        works.workspace_id, "KESTREL", date(2026, 3, 19), date(2026, 3, 23)
    )
    # Friday the 20th is the equinox.
    assert [(each.kind, each.slot, each.utc) for each in found] == [
        (DAILY, "2026-03-19", datetime(2026, 3, 19, 0, tzinfo=UTC)),
        (DAILY, "2026-03-23", datetime(2026, 3, 23, 0, tzinfo=UTC)),
        (WEEKLY, "2026-W13", datetime(2026, 3, 23, 0, 30, tzinfo=UTC)),
    ]
    with pytest.raises(NotFound) as caught:
        await schedules.planned(works.workspace_id, "Owl", date(2026, 3, 1), date(2026, 3, 2))
    assert caught.value.fields["known"] == "Heron, Kestrel"


async def test_holidays_are_known_for_days_years_ahead(works: Clockwork) -> None:
    await works.squad(country="DE")
    schedules = works.process().schedules
    found = await schedules.planned(
        works.workspace_id, "Kestrel", date(2030, 5, 1), date(2030, 5, 2)
    )
    assert [each.slot for each in found] == ["2030-05-02"]  # the first of May is off


async def test_by_hand_needs_a_squad_that_has_the_schedule(works: Clockwork) -> None:
    await works.squad(schedules=False)
    schedules = works.process().schedules
    for squad, code in (("Owl", "unknown_squad"), ("Kestrel", "no_schedule")):
        with pytest.raises(NotFound) as caught:
            await schedules.by_hand(works.workspace_id, squad, DAILY, works.hands.time)
        assert caught.value.code == code
