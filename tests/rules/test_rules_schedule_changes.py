"""From which slot a change of a plan counts, so that none runs twice and none is lost."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import schedules as rules
from bot.rules.schedules import (
    ScheduleKind,
)
from tests.rules.plans import DAY, at, planned, schedule, slots, working

FRIDAY = "2026-11-20"


@pytest.mark.parametrize(
    ("now", "new_time", "ran", "effective", "today", "tomorrow"),
    [
        # Today's ran: the change counts from the next slot, and today's is where it was.
        ("12:00", time(15), FRIDAY, "2026-11-21", "09:00", "15:00"),
        ("12:00", time(8), FRIDAY, "2026-11-21", "09:00", "08:00"),
        # It has not run and the new time is ahead: today already.
        ("08:00", time(10), "2026-11-19", FRIDAY, "10:00", "10:00"),
        ("08:00", time(8, 30), "2026-11-19", FRIDAY, "08:30", "08:30"),
        ("08:00", time(10), None, FRIDAY, "10:00", "10:00"),
        # It was missed and the new time is ahead: it gets its chance.
        ("12:00", time(15), "2026-11-19", FRIDAY, "15:00", "15:00"),
        # The new time is past, the old one ahead: today as before, not at once and not never.
        ("08:00", time(7), "2026-11-19", "2026-11-21", "09:00", "07:00"),
        ("08:00", time(8), "2026-11-19", "2026-11-21", "09:00", "08:00"),
    ],
)
def test_from_which_slot_a_change_counts(
    now: str, new_time: time, ran: str | None, effective: str, today: str, tomorrow: str
) -> None:
    cal = working(days=range(7))
    changed, slot = rules.reschedule(
        schedule(), cal, new_time=new_time, last_slot_run=ran, now=at(f"{FRIDAY} {now}")
    )
    assert slot == changed.effective_slot == effective
    assert changed.revision == 2
    found = planned(changed, cal, f"{FRIDAY} 00:00", "2026-11-22 00:00")
    assert [(one.slot, one.local.strftime("%H:%M")) for one in found] == [
        (FRIDAY, today),
        ("2026-11-21", tomorrow),
    ]


def test_a_second_change_on_the_same_day_does_not_move_what_ran() -> None:
    cal = working(days=range(7))
    plan = schedule()
    for hour in (10, 11, 12):
        plan, slot = rules.reschedule(
            plan, cal, new_time=time(hour), last_slot_run=FRIDAY, now=at(f"{FRIDAY} 09:30")
        )
        assert slot == "2026-11-21"
    found = planned(plan, cal, f"{FRIDAY} 00:00", "2026-11-22 00:00")
    assert [one.local.hour for one in found] == [9, 12]


def test_a_weekly_digest_changes_its_weekday_from_the_next_week_once_it_ran() -> None:
    plan = schedule(ScheduleKind.WEEKLY_DIGEST, weekday=0)
    now = at("2026-11-18 12:00")  # Wednesday of W47
    changed, slot = rules.reschedule(
        plan, working(), new_time=time(9), new_weekday=4, last_slot_run="2026-W47", now=now
    )
    assert slot == "2026-W48"
    assert slots(changed, working(), "2026-11-16 00:00", "2026-11-28 00:00") == [
        "2026-W47", "2026-W48",
    ]  # fmt: skip
    missed, slot = rules.reschedule(
        plan, working(), new_time=time(9), new_weekday=4, last_slot_run="2026-W46", now=now
    )
    assert slot == "2026-W47"
    one = rules.planned(missed, working(), "2026-W47")
    assert one is not None
    assert one.utc == at("2026-11-20 09:00")


def test_a_store_that_keeps_no_earlier_time_plans_nothing_before_the_change() -> None:
    plan = schedule(effective_slot="2026-11-20")
    assert rules.planned(plan, working(), "2026-11-19") is None
    assert rules.planned(plan, working(), "2026-11-20") is not None


any_time = st.times().map(lambda drawn: drawn.replace(fold=0))  # a plan names no fold
changes = st.tuples(st.integers(0, 14 * 24), any_time, st.none() | st.integers(0, 6))


@settings(deadline=None, max_examples=50)
@given(st.lists(changes, max_size=6), st.booleans())
def test_whatever_is_changed_when_every_slot_runs_once(
    changed: list[tuple[int, time, int | None]], weekly: bool
) -> None:
    """Live through four weeks, hour by hour, with changes between the ticks."""
    cal = working(days=range(7))
    kind = ScheduleKind.WEEKLY_DIGEST if weekly else ScheduleKind.DAILY_DIGEST
    plan = schedule(kind, weekday=2 if weekly else None)
    start = at("2026-03-23 00:00")  # a Monday; the clocks change on Sunday
    waiting = sorted(changed, key=lambda change: change[0])
    ran: list[str] = []
    for hour in range(28 * 24):
        now = start + timedelta(hours=hour)
        for one in rules.occurrences(plan, cal, now - 8 * DAY, now + timedelta.resolution):
            if one.slot not in ran and one.utc >= start:
                assert now - timedelta(hours=1) < one.utc <= now  # never late, so never skipped
                ran.append(one.slot)
        while waiting and waiting[0][0] <= hour:
            _, new_time, new_weekday = waiting.pop(0)
            plan, _ = rules.reschedule(
                plan,
                cal,
                new_time=new_time,
                new_weekday=new_weekday if weekly else None,
                last_slot_run=max(ran, default=None),
                now=now,
            )
    days = (date(2026, 3, 23) + n * DAY for n in range(21))
    wanted = list(dict.fromkeys(rules.slot_of(kind, day) for day in days))
    assert ran[: len(wanted)] == wanted
    assert len(set(ran)) == len(ran)
