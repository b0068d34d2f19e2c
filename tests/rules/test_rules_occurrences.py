"""What is due, what came too late, and what a changed schedule waits for."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import occurrences as rules
from bot.rules.calendar import WorkCalendar, make_calendar
from bot.rules.occurrences import Pending
from bot.rules.schedules import Schedule, ScheduleKind, planned, slot_of

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


def schedule(**changes: object) -> Schedule:
    values: dict[str, object] = {
        "id": 7,
        "workspace_id": 1,
        "squad_id": 3,
        "kind": ScheduleKind.DAILY_DIGEST,
        "target": "squad:3",
        "local_time": time(9),
        "zone": "UTC",
        "lateness": timedelta(hours=4),
    }
    return Schedule(**(values | changes))


def working(zone: str = "UTC", days: object = range(5), holidays: object = ()) -> WorkCalendar:
    return make_calendar(zone, days, (time(9), time(17)), holidays=holidays)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_nothing_is_due_before_its_time() -> None:
    found = rules.backlog(schedule(), working(), "2026-03-10", at("2026-03-10 08:59"))
    assert (found.missed, found.due) == ((), None)
    assert found.following is not None
    assert found.following.slot == "2026-03-10"


def test_at_its_time_it_is_due_and_the_next_one_follows() -> None:
    found = rules.backlog(schedule(), working(), "2026-03-13", at("2026-03-13 13:00"))
    assert found.missed == ()
    assert found.due is not None
    assert found.following is not None
    assert (found.due.slot, found.following.slot) == ("2026-03-13", "2026-03-16")


def test_too_late_is_missed_and_what_is_still_useful_is_due() -> None:
    found = rules.backlog(schedule(), working(), "2026-03-12", at("2026-03-17 10:00"))
    assert [one.slot for one in found.missed] == ["2026-03-12", "2026-03-13", "2026-03-16"]
    assert found.due is not None
    assert found.due.slot == "2026-03-17"


def test_a_long_limit_lets_several_be_due_one_after_the_other() -> None:
    patient = schedule(lateness=timedelta(days=3))
    found = rules.backlog(patient, working(), "2026-03-10", at("2026-03-12 10:00"))
    assert found.missed == ()
    assert found.due is not None
    assert found.following is not None
    assert (found.due.slot, found.following.slot) == ("2026-03-10", "2026-03-11")


def test_a_squad_without_a_working_day_in_sight_waits_for_nothing() -> None:
    away = working(holidays=[date(2026, 1, 1) + timedelta(days=n) for n in range(1000)])
    found = rules.backlog(schedule(), away, "2026-03-10", at("2026-03-10 10:00"))
    assert (found.missed, found.due, found.following) == ((), None, None)
    pending = Pending(schedule(), "2026-03-10", at("2026-03-10 09:00"))
    assert rules.upcoming(pending, away, None, at("2026-03-10 08:00")) is None


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(ZONES),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.integers(1, 100),
)
def test_a_backlog_is_complete_and_in_order(
    zone: str,
    local_time: time,
    days: frozenset[int],
    start_minutes: int,
    awake_minutes: int,
    hours: int,
) -> None:
    plan = schedule(
        zone=zone, local_time=local_time.replace(fold=0), lateness=timedelta(hours=hours)
    )
    calendar = working(zone, days)
    start = at("2026-03-20 00:00") + timedelta(minutes=start_minutes)
    now = start + timedelta(minutes=awake_minutes)
    first = slot_of(plan.kind, start.date())
    found = rules.backlog(plan, calendar, first, now)
    day, every = date.fromisoformat(first), []
    while day <= now.date() + timedelta(days=1):
        one = planned(plan, calendar, day.isoformat())
        if one is not None and one.utc <= now:
            every.append(one)
        day += timedelta(days=1)
    late = [one for one in every if now > one.not_after]
    assert list(found.missed) == late
    assert found.due == (every[len(late)] if len(every) > len(late) else None)
    assert found.following is not None
    assert all(found.following.utc > one.utc for one in found.missed)


def test_an_awaited_slot_is_not_passed_over_when_a_change_puts_it_into_the_past() -> None:
    pending = Pending(schedule(zone="Asia/Karachi"), "2026-03-10", at("2026-03-10 09:00"))
    coming = rules.upcoming(pending, working("Asia/Karachi"), "2026-03-09", at("2026-03-10 08:00"))
    assert coming is not None
    assert (coming.slot, coming.utc) == ("2026-03-10", at("2026-03-10 04:00"))


def test_an_earlier_slot_comes_into_question_only_if_still_to_come() -> None:
    pending = Pending(schedule(), "2026-03-16", at("2026-03-16 09:00"))  # Monday
    saturday = working(days=range(6))
    early = rules.upcoming(pending, saturday, "2026-03-13", at("2026-03-14 08:00"))
    late = rules.upcoming(pending, saturday, "2026-03-13", at("2026-03-14 10:00"))
    assert early is not None
    assert late is not None
    assert (early.slot, late.slot) == ("2026-03-14", "2026-03-16")


def test_what_ran_does_not_come_again() -> None:
    pending = Pending(schedule(zone="America/New_York"), "2026-03-11", at("2026-03-11 09:00"))
    coming = rules.upcoming(
        pending, working("America/New_York"), "2026-03-10", at("2026-03-10 10:00")
    )
    assert coming is not None
    assert coming.slot == "2026-03-11"


def test_by_hand_the_slot_is_that_of_the_local_day() -> None:
    tokyo = Pending(schedule(zone="Asia/Tokyo"), None, None)
    asked = rules.by_hand(tokyo, at("2026-03-14 20:00"))  # Sunday there, a day off
    assert (asked.slot, asked.planned.local.isoformat()) == (
        "2026-03-15",
        "2026-03-15T05:00:00+09:00",
    )
    assert asked.awaited is None
