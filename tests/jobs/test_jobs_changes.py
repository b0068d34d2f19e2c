"""A plan, a zone or a calendar changed while the clock goes on: each slot still happens once."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select, update

from bot.rules.occurrences import DueOccurrence
from bot.rules.schedule_input import ScheduleChange
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Where
from models import Schedule, Squad
from tests.jobs.clockwork import Clockwork

QUARTER = timedelta(minutes=15)
DAILY = ScheduleKind.DAILY_DIGEST
WEEKLY = ScheduleKind.WEEKLY_DIGEST


async def test_a_change_after_todays_ran_and_back_again_posts_once_a_day(
    works: Clockwork,
) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()
    await works.until("2026-03-09 10:00", QUARTER)
    later = await process.schedules.change_time(
        mia, Where(squad_id=squad), ScheduleChange(DAILY, time(17, 30))
    )
    assert (later.today, later.ran) == (False, True)
    assert later.first is not None
    assert later.first.utc == datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    await works.until("2026-03-09 18:00", QUARTER)
    back = await process.schedules.change_time(
        mia, Where(squad_id=squad), ScheduleChange(DAILY, time(9))
    )
    assert (back.today, back.ran) == (False, True)
    await works.until("2026-03-11 00:00", QUARTER)
    assert await works.posts() == ["2026-03-09", "2026-03-10"]
    assert await works.waits_for() == "2026-03-11 09:00"


async def test_a_change_before_todays_ran_moves_it(works: Clockwork) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()
    works.hands.to("2026-03-09 08:00")
    change = ScheduleChange(DAILY, time(11))
    moved = await process.schedules.change_time(mia, Where(squad_id=squad), change)
    assert moved.today
    await works.until("2026-03-09 10:00", QUARTER)
    assert await works.posts() == []
    await works.until("2026-03-09 12:00", QUARTER)
    assert await works.posts() == ["2026-03-09"]


async def test_moved_to_a_time_that_has_passed_todays_still_comes(works: Clockwork) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()
    works.hands.to("2026-03-09 08:00")
    change = ScheduleChange(DAILY, time(7))
    moved = await process.schedules.change_time(mia, Where(squad_id=squad), change)
    assert moved.upcoming is not None
    assert moved.first is not None
    assert (moved.upcoming.slot, moved.first.slot) == ("2026-03-09", "2026-03-10")
    await works.until("2026-03-10 08:00", QUARTER)
    assert await works.posts() == ["2026-03-09", "2026-03-10"]


async def test_a_change_between_reading_and_claiming_wins(works: Clockwork) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()

    async def change(_: DueOccurrence) -> None:
        wanted = ScheduleChange(DAILY, time(17))
        await process.schedules.change_time(mia, Where(squad_id=squad), wanted)

    process.posting.before = change
    works.hands.to("2026-03-09 09:00")
    await works.tick()
    assert await works.posts() == []
    process.posting.before = None
    await works.until("2026-03-09 18:00", QUARTER)
    assert await works.posts() == ["2026-03-09"]


async def test_a_change_of_the_plan_between_reading_and_claiming_is_not_overwritten(
    works: Clockwork,
) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()

    async def change(_: DueOccurrence) -> None:
        process.posting.before = None
        wanted = ScheduleChange(DAILY, time(8))  # past: today's stays, tomorrow's moves
        await process.schedules.change_time(mia, Where(squad_id=squad), wanted)

    process.posting.before = change
    works.hands.to("2026-03-09 09:00")
    await works.tick()
    await works.tick()
    assert await works.posts() == ["2026-03-09"]
    assert await works.waits_for() == "2026-03-10 08:00"


async def test_a_new_working_day_between_reading_and_claiming_is_not_passed_over(
    works: Clockwork,
) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    process = works.process()

    async def change(_: DueOccurrence) -> None:
        process.posting.before = None
        await works.change_squad(squad, working_days="012345")

    works.hands.to("2026-03-12 12:30")
    await works.tick()
    process.posting.before = change
    works.hands.to("2026-03-13 09:00")  # Friday
    await works.tick()
    await works.tick()
    assert await works.posts() == ["2026-03-12", "2026-03-13"]
    assert await works.waits_for() == "2026-03-14 09:00"


async def test_another_zone_moves_what_comes_and_repeats_nothing(works: Clockwork) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    works.process()
    await works.until("2026-03-09 10:00", QUARTER)
    await works.change_squad(squad, zone="America/New_York")  # 06:00 there: 09:00 comes again
    assert await works.waits_for() == "2026-03-10 13:00"
    await works.until("2026-03-11 00:00", QUARTER)
    assert await works.posts() == ["2026-03-09", "2026-03-10"]


async def test_a_due_slot_is_not_lost_by_a_zone_in_which_it_is_past(works: Clockwork) -> None:
    squad = await works.squad(zone="Europe/Berlin")
    await works.keep_only(DAILY)
    works.process()
    works.hands.to("2026-03-09 07:30")  # 08:30 there
    await works.change_squad(squad, zone="Asia/Karachi")  # 12:30 there: 09:00 was 3.5 hours ago
    await works.tick()
    assert await works.posts() == ["2026-03-09"]


async def test_new_holidays_and_working_days_count_at_once(works: Clockwork) -> None:
    squad = await works.squad(zone="Europe/Berlin")
    await works.keep_only(DAILY)
    works.process()
    works.hands.to("2026-04-02 12:00")  # Thursday before Easter
    await works.change_squad(squad, country="DE", subdivision="BE")
    await works.tick()
    assert await works.waits_for() == "2026-04-07 07:00"
    await works.change_squad(squad, working_days="0123456")
    assert await works.waits_for() == "2026-04-04 07:00"  # Good Friday stays off, Saturday is not


async def test_a_day_that_became_a_holiday_unnoticed_is_passed_over(works: Clockwork) -> None:
    await works.squad()
    await works.keep_only(DAILY)
    works.process()
    async with works.database.write() as tx:  # stored before Saturday stopped being worked
        await tx.execute(
            update(Schedule).values(
                next_slot="2026-03-14", next_due_at=datetime(2026, 3, 14, 9, tzinfo=UTC)
            )
        )
    works.hands.to("2026-03-14 09:10")
    await works.tick()
    assert (await works.posts(), await works.happened()) == ([], [])
    assert await works.waits_for() == "2026-03-16 09:00"


async def test_an_archived_squad_is_left_in_peace(works: Clockwork) -> None:
    squad = await works.squad()
    works.process()
    await works.change_squad(squad, archived_at=works.hands.time)
    assert await works.waits_for() is None
    other = await works.squad("Heron")
    async with works.database.write() as tx:  # archived without a word to its schedules
        await tx.execute(
            update(Squad).where(Squad.id == other).values(archived_at=works.hands.time)
        )
    works.hands.to("2026-03-09 09:30")
    await works.tick()
    assert await works.posts() == []
    async with works.database.read() as connection:
        assert set(await connection.scalars(select(Schedule.next_due_at))) == {None}
