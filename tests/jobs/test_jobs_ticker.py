"""Every occurrence once: with two processes, crashes, a week asleep, changes and odd nights."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.rules.occurrences import DueOccurrence, OccurrenceState, SkipReason
from bot.rules.schedule_input import ScheduleChange
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Where
from jobs.table import JOBS
from jobs.ticker import BATCH, Ticker
from models import LedgerEntry, Occurrence, Schedule, Squad
from tests.jobs.clockwork import Clockwork, oracle

QUARTER = timedelta(minutes=15)
DAILY = ScheduleKind.DAILY_DIGEST
WEEKLY = ScheduleKind.WEEKLY_DIGEST


# --- two processes -----------------------------------------------------------------------------


async def test_two_processes_whose_clocks_differ_post_each_slot_once(works: Clockwork) -> None:
    for name in ("Kestrel", "Heron", "Wren"):
        await works.squad(name)
    works.process()
    works.process(behind=timedelta(minutes=7))
    works.process()
    await works.until("2026-03-14 00:00", QUARTER)
    days = ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]
    assert sorted(await works.posts()) == sorted(3 * [*days, "2026-W11"])
    assert {state for _, state in await works.happened()} == {OccurrenceState.DONE}
    assert [each.ticker.failures for each in works.processes] == [0, 0, 0]


async def test_the_second_process_finds_nothing_to_do_once_both_have_read(
    works: Clockwork,
) -> None:
    await works.squad()
    both = asyncio.Barrier(2)

    async def meet(_: DueOccurrence) -> None:
        async with asyncio.timeout(10):
            await both.wait()

    for _ in range(2):
        works.process().posting.before = meet
    works.hands.to("2026-03-09 09:05")
    await works.tick()
    assert await works.posts() == ["2026-03-09"]


async def test_a_process_that_slept_after_reading_turns_nothing_back(works: Clockwork) -> None:
    await works.squad()
    await works.keep_only(DAILY)
    sleeper, other = works.process(), works.process()

    async def sleep(_: DueOccurrence) -> None:
        for day in (9, 10, 11):
            works.hands.to(f"2026-03-{day:02} 09:00")
            await other.ticker.tick()

    sleeper.posting.before = sleep
    works.hands.to("2026-03-09 09:00")
    await sleeper.ticker.tick()
    assert await works.posts() == ["2026-03-09", "2026-03-10", "2026-03-11"]
    assert await works.waits_for() == "2026-03-12 09:00"


# --- crashes -----------------------------------------------------------------------------------


async def test_a_crash_between_claim_and_commit_leaves_nothing_and_loses_nothing(
    works: Clockwork,
) -> None:
    await works.squad()
    await works.keep_only(DAILY)
    first = works.process()

    async def crash(_: DueOccurrence) -> None:
        raise RuntimeError("killed")

    first.posting.inside = crash
    works.hands.to("2026-03-09 09:01")
    await works.tick()
    assert (await works.posts(), await works.happened()) == ([], [])
    assert first.ticker.failures == 1
    assert first.woken == []
    works.process()  # another process takes it up at once
    await works.tick()
    assert await works.posts() == ["2026-03-09"]
    async with works.database.read() as connection:
        acts = (await connection.scalars(select(LedgerEntry.action))).all()
    assert acts == ["digest.planned"]


async def test_a_process_ended_in_the_middle_of_a_job_leaves_the_occurrence_to_the_next(
    works: Clockwork,
) -> None:
    await works.squad()
    await works.keep_only(DAILY)
    first = works.process()
    reached = asyncio.Event()

    async def hang(_: DueOccurrence) -> None:
        reached.set()
        await asyncio.Event().wait()

    first.posting.inside = hang
    works.hands.to("2026-03-09 09:01")
    task = asyncio.create_task(first.ticker.tick())
    await asyncio.wait_for(reached.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await works.happened() == []
    works.process()
    await works.processes[-1].ticker.tick()
    assert await works.posts() == ["2026-03-09"]


async def test_a_failing_job_is_tried_again_more_and_more_slowly(
    sqlite_works: Clockwork,
) -> None:
    works = sqlite_works
    await works.squad()
    await works.keep_only(DAILY)
    process = works.process()
    tried = []

    async def fail(_: DueOccurrence) -> None:
        tried.append(works.hands.time)
        raise RuntimeError("no")

    process.posting.before = fail
    works.hands.to("2026-03-09 08:59")
    await works.until("2026-03-09 10:00", timedelta(seconds=10))
    waits = [(b - a).total_seconds() for a, b in pairwise(tried)]
    assert tried[0] == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    process.posting.before = None
    await works.until("2026-03-09 11:00", timedelta(seconds=60))
    assert await works.posts() == ["2026-03-09"]


async def test_what_failed_until_it_was_too_late_is_skipped_and_said(works: Clockwork) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    await works.person("Mia", squad, "manager")
    process = works.process()

    async def fail(_: DueOccurrence) -> None:
        raise RuntimeError("no")

    process.posting.before = fail
    await works.until("2026-03-09 14:00", QUARTER)
    assert await works.happened() == [("2026-03-09", "skipped")]
    (told,) = await works.intents("schedules.skipped")
    found = await process.schedules.missed(
        works.workspace_id, told.ids["schedule_id"], told.ids["first"], told.ids["last"]
    )
    assert found is not None
    assert (found.reason, found.count) == (SkipReason.FAILED, 1)


async def test_one_squads_failure_does_not_keep_the_others_back(
    sqlite_works: Clockwork,
) -> None:
    works = sqlite_works
    unlucky = await works.squad("Auk")
    await works.squad("Wren")
    process = works.process()

    async def fail(occurrence: DueOccurrence) -> None:
        if occurrence.squad_id == unlucky:
            raise RuntimeError("no")

    process.posting.before = fail
    works.hands.to("2026-03-09 09:00")
    await works.tick()
    assert await works.posts() == ["2026-03-09"]
    assert process.woken == [True]


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


# --- too late ----------------------------------------------------------------------------------


async def test_after_a_week_asleep_the_late_is_skipped_and_said_once(works: Clockwork) -> None:
    squad = await works.squad()
    mia = await works.person("Mia", squad, "manager")
    await works.person("Noor", squad, "contributor")
    works.process()
    works.process()
    await works.until("2026-03-09 10:00", QUARTER)
    works.hands.to("2026-03-17 11:00")  # Tuesday of the week after: 09:00 is not too late yet
    await works.tick()
    await works.tick()
    days = ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16"]
    happened = dict(await works.happened())
    assert {slot for slot, state in happened.items() if state == "skipped"} == {*days, "2026-W12"}
    assert await works.posts() == ["2026-03-09", "2026-W11", "2026-03-17"]
    told = await works.intents("schedules.skipped")
    assert [(each.delivery_class, each.ids["first"], each.ids["last"]) for each in told] == [
        ("today", "2026-03-10", "2026-03-16"),
        ("today", "2026-W12", "2026-W12"),
    ]
    assert len({each.person_id for each in told}) == 1  # the manager, and nobody else
    found = await works.processes[0].schedules.missed(
        works.workspace_id, told[0].ids["schedule_id"], "2026-03-10", "2026-03-16"
    )
    assert found is not None
    assert (found.squad, found.count, found.reason) == ("Kestrel", 5, SkipReason.ASLEEP)
    assert found.first == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert found.last == datetime(2026, 3, 16, 9, tzinfo=UTC)
    assert found.upcoming == datetime(2026, 3, 18, 9, tzinfo=UTC)
    plan = await works.processes[0].schedules.plan(mia, Where(named="Kestrel"))
    assert [each.slot for each in plan.entries] == ["2026-03-18", "2026-W13"]


async def test_a_squad_without_a_digest_channel_is_told_of_nothing(works: Clockwork) -> None:
    squad = await works.squad(digest_channel=None)
    await works.person("Mia", squad, "manager")
    works.process()
    works.hands.to("2026-03-12 20:00")
    await works.tick()
    assert {state for _, state in await works.happened()} == {"skipped"}
    assert await works.intents("schedules.skipped") == []


async def test_what_the_next_run_makes_up_for_is_skipped_in_silence(works: Clockwork) -> None:
    await works.workspace_schedules()
    await works.squad(schedules=False)
    works.process()
    works.hands.to("2026-03-12 01:00")
    await works.tick()
    states = [state for _, state in await works.happened()]
    assert states.count("skipped") >= 4
    assert await works.intents("schedules.skipped") == []


# --- changes -----------------------------------------------------------------------------------


async def test_a_change_after_todays_ran_and_back_again_posts_once_a_day(
    works: Clockwork,
) -> None:
    squad = await works.squad()
    await works.keep_only(DAILY)
    mia = await works.person("Mia", squad, "manager")
    process = works.process()
    await works.until("2026-03-09 10:00", QUARTER)
    later = await process.schedules.change_time(
        mia, Where(squad_id=squad), ScheduleChange(DAILY, time(17, 30)), "a"
    )
    assert (later.today, later.ran) == (False, True)
    assert later.first is not None
    assert later.first.utc == datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    await works.until("2026-03-09 18:00", QUARTER)
    back = await process.schedules.change_time(
        mia, Where(squad_id=squad), ScheduleChange(DAILY, time(9)), "b"
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
    moved = await process.schedules.change_time(mia, Where(squad_id=squad), change, "a")
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
    moved = await process.schedules.change_time(mia, Where(squad_id=squad), change, "a")
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
        await process.schedules.change_time(mia, Where(squad_id=squad), wanted, "a")

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
        await process.schedules.change_time(mia, Where(squad_id=squad), wanted, "a")

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


# --- nights on which the clocks change ---------------------------------------------------------

NIGHTS = [
    ("Europe/Berlin", "2026-03-28 12:00", time(2, 30)),
    ("Europe/Berlin", "2026-10-24 12:00", time(2, 30)),
    ("America/New_York", "2026-03-07 12:00", time(2, 30)),
    ("America/New_York", "2026-10-31 12:00", time(1, 30)),
    ("Australia/Lord_Howe", "2026-04-04 00:00", time(1, 45)),
    ("Australia/Lord_Howe", "2026-10-03 00:00", time(2, 15)),
    ("Africa/Cairo", "2026-04-23 12:00", time(0, 30)),
    ("America/Santiago", "2026-09-05 12:00", time(0, 0)),
    ("Asia/Kathmandu", "2026-03-28 12:00", time(2, 30)),
]


@pytest.mark.parametrize(("zone", "start", "at"), NIGHTS)
async def test_the_night_the_clocks_change_has_one_occurrence(
    sqlite_works: Clockwork, zone: str, start: str, at: time
) -> None:
    works = sqlite_works
    works.hands.to(start)
    squad = await works.squad(zone=zone, working_days="0123456")
    await works.keep_only(DAILY)
    works.process()
    works.process(behind=timedelta(minutes=20))
    async with works.database.write() as tx:
        await tx.execute(update(Schedule).values(local_time=at, next_slot=None, next_due_at=None))
    await works.change_squad(squad, zone=zone)
    begin = works.hands.time
    end = begin + timedelta(days=3)
    await works.until(f"{end:%Y-%m-%d %H:%M}", timedelta(minutes=10))
    assert await works.posts() == [slot for slot, _ in _expected(zone, at, begin, end)]
    async with works.database.read() as connection:
        moments = list(await connection.scalars(select(Occurrence.due_at).order_by("due_at")))
    assert moments == [moment for _, moment in _expected(zone, at, begin, end)]


def _expected(zone: str, at: time, begin: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """What the standard library says: fold 0 is the first of two and goes forward over a gap."""
    day = begin.astimezone(oracle(zone)).date()
    found: list[tuple[str, datetime]] = []
    while day <= end.date() + timedelta(days=1):
        moment = datetime.combine(day, at, oracle(zone)).astimezone(UTC)
        if begin < moment <= end:
            found.append((day.isoformat(), moment))
        day += timedelta(days=1)
    return found


# --- the ticker itself -------------------------------------------------------------------------


async def test_a_tick_with_nothing_due_is_one_statement(works: Clockwork) -> None:
    for n in range(5):
        await works.squad(f"Squad {n}")
    process = works.process()
    await process.ticker.tick()
    said: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        said.append(statement)

    for engine in {process.database._reader, process.database._writer}:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    await process.ticker.tick()
    assert len([each for each in said if not each.startswith("BEGIN")]) == 1
    assert process.woken == []


async def test_more_than_one_batch_is_carried_out_in_one_tick(sqlite_works: Clockwork) -> None:
    works = sqlite_works
    for n in range(BATCH + 5):
        await works.squad(f"Squad {n}")
    works.process()
    works.hands.to("2026-03-10 09:30")
    await works.tick()
    assert len([slot for slot in await works.posts() if slot == "2026-03-10"]) == BATCH + 5


async def test_a_stop_waits_for_what_is_in_hand_and_begins_nothing(
    sqlite_works: Clockwork,
) -> None:
    works = sqlite_works
    await works.squad("Auk")
    await works.squad("Wren")
    process = works.process()
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: DueOccurrence) -> None:
        reached.set()
        await go_on.wait()

    process.posting.before = wait
    works.hands.to("2026-03-09 09:00")
    tick = asyncio.create_task(process.ticker.tick())
    await asyncio.wait_for(reached.wait(), 10)
    stop = asyncio.create_task(process.ticker.finish())
    await asyncio.sleep(0)
    assert not stop.done()
    go_on.set()
    await asyncio.wait_for(stop, 10)
    await tick
    assert await works.posts() == ["2026-03-09"]  # of one squad; the other's waits
    await process.ticker.tick()
    assert await works.posts() == ["2026-03-09"]
    works.process()
    await works.processes[-1].ticker.tick()
    assert await works.posts() == ["2026-03-09", "2026-03-09"]


async def test_a_kind_without_a_job_is_a_failure_and_no_end(sqlite_works: Clockwork) -> None:
    works = sqlite_works
    await works.squad()
    process = works.process()
    process.ticker._jobs = {}  # type: ignore[assignment]
    works.hands.to("2026-03-09 09:00")
    await works.tick()
    assert process.ticker.failures == 1
    assert await works.happened() == []


def test_the_real_table_is_the_default() -> None:
    assert Ticker(None)._jobs is JOBS  # type: ignore[arg-type]


async def test_a_run_by_hand_takes_the_slot(works: Clockwork) -> None:
    await works.squad()
    await works.keep_only(DAILY)
    process = works.process()
    works.hands.to("2026-03-09 07:00")
    asked = await process.schedules.by_hand(works.workspace_id, "kestrel", DAILY, works.hands.time)
    await process.posting.run(None, asked)
    await process.posting.run(None, asked)
    await works.until("2026-03-10 10:00", QUARTER)
    assert await works.posts() == ["2026-03-09", "2026-03-10"]
