"""Every occurrence once: with two processes, crashes, a week asleep, changes and odd nights."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.rules.occurrences import DueOccurrence, OccurrenceState, SkipReason
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Where
from jobs.table import JOBS
from jobs.ticker import BATCH, Ticker
from models import LedgerEntry, Occurrence, Schedule
from tests.jobs.clockwork import Clockwork, oracle

QUARTER = timedelta(minutes=15)
DAILY = ScheduleKind.DAILY_DIGEST
WEEKLY = ScheduleKind.WEEKLY_DIGEST


# --- two processes -----------------------------------------------------------------------------


@pytest.mark.slow
async def test_two_processes_whose_clocks_differ_post_each_slot_once(works: Clockwork) -> None:
    for name in ("Kestrel", "Heron", "Wren"):
        await works.squad(name)
    works.process()
    works.process(behind=timedelta(minutes=7))
    works.process()
    await works.until("2026-03-14 00:00", timedelta(minutes=30))
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


# --- nights on which the clocks change ---------------------------------------------------------

NIGHTS = [
    ("Europe/Berlin", "2026-03-28 12:00", time(2, 30)),
    ("Europe/Berlin", "2026-10-24 12:00", time(2, 30)),
    ("America/New_York", "2026-03-07 12:00", time(2, 30)),
    ("America/New_York", "2026-10-31 12:00", time(1, 30)),
]
# Half an hour at a time, at midnight, or never: with the slow tests, for each takes three days.
ODD_NIGHTS = [
    ("Australia/Lord_Howe", "2026-04-04 00:00", time(1, 45)),
    ("Australia/Lord_Howe", "2026-10-03 00:00", time(2, 15)),
    ("Africa/Cairo", "2026-04-23 12:00", time(0, 30)),
    ("America/Santiago", "2026-09-05 12:00", time(0, 0)),
    ("Asia/Kathmandu", "2026-03-28 12:00", time(2, 30)),
]


@pytest.mark.parametrize(
    ("zone", "start", "at"),
    [*NIGHTS, *(pytest.param(*night, marks=pytest.mark.slow) for night in ODD_NIGHTS)],
)
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
    await works.until(f"{end:%Y-%m-%d %H:%M}", timedelta(minutes=30))
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


async def test_a_tick_with_nothing_due_only_asks_once_of_each_clock(works: Clockwork) -> None:
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
    # Of schedules, of polls and notes, of announcements and of sessions, which have their own.
    asked = [each for each in said if not each.startswith("BEGIN")]
    assert len(asked) == 4
    assert all(each.startswith("SELECT") for each in asked)
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
