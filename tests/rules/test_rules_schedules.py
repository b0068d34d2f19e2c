"""One occurrence per slot, whatever the clocks do and whoever changes the plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import pytz
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import schedules as rules
from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.schedules import (
    BY_WEEK,
    DEFAULT_LATENESS,
    Due,
    NotYet,
    Schedule,
    ScheduleKind,
    TooLate,
)
from tests.rules.plans import DAY, ORACLE, TRICKY, at, planned, schedule, slots, working

# --- properties ------------------------------------------------------------------------------

zones = st.sampled_from(TRICKY) | st.sampled_from(sorted(pytz.common_timezones))
any_time = st.times().map(lambda drawn: drawn.replace(fold=0))  # a plan names no fold
starts = st.dates(date(1975, 1, 1), date(2037, 1, 1))


def real_days(zone: str, start: datetime, end: datetime) -> list[date]:
    """List the dates that a zone's wall clock showed, by looking every half hour."""
    steps = int((end - start) / timedelta(minutes=30))
    seen = (start + n * timedelta(minutes=30) for n in range(steps))
    return list(dict.fromkeys(moment.astimezone(ORACLE[zone]).date() for moment in seen))


@settings(deadline=None)
@given(zones, starts, st.integers(1, 60), any_time)
@example("Pacific/Apia", date(2011, 12, 1), 60, time(12))
@example("Australia/Lord_Howe", date(2026, 3, 20), 40, time(1, 45))
@example("Australia/Lord_Howe", date(2026, 9, 20), 40, time(2, 15))
@example("Africa/Casablanca", date(2026, 2, 1), 60, time(2, 30))
@example("America/St_Johns", date(2009, 10, 20), 30, time(0, 0, 30))
@example("Europe/Berlin", date(2026, 10, 1), 60, time(2, 30))
@example("Europe/Berlin", date(2026, 3, 1), 60, time(2, 30))
def test_every_date_that_a_zone_has_gets_exactly_one_occurrence(
    zone: str, first: date, length: int, local_time: time
) -> None:
    plan = schedule(ScheduleKind.HOUSEKEEPING, zone=zone, local_time=local_time)
    start = datetime.combine(first, time(), UTC)
    end = start + length * DAY
    found = list(rules.occurrences(plan, working(zone), start - 3 * DAY, end + 3 * DAY))
    assert len({one.slot for one in found}) == len(found)
    by_slot = {one.slot: one for one in found}
    for day in real_days(zone, start, end):
        # fold=0 takes the first of two and moves forward over a gap (PEP 495).
        expected = datetime.combine(day, local_time, ORACLE[zone]).astimezone(UTC)
        one = by_slot.pop(day.isoformat())
        assert one.utc == one.local == expected
        assert one.local.replace(tzinfo=None) == (
            expected.astimezone(ORACLE[zone]).replace(tzinfo=None)
        )
    assert all(not start + DAY <= one.utc < end - DAY for one in by_slot.values())


kinds = st.sampled_from(ScheduleKind)
calendars = st.builds(
    working,
    st.sampled_from(TRICKY),
    st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 5, 31)), max_size=8),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Schedule, WorkCalendar]:
    cal, kind = draw(calendars), draw(kinds)
    weekday = draw(st.integers(0, 6)) if kind in BY_WEEK else draw(st.none() | st.integers(0, 6))
    return schedule(kind, zone=cal.zone, local_time=draw(any_time), weekday=weekday), cal


moments = st.builds(
    lambda day, at_time: datetime.combine(day, at_time, UTC),
    st.dates(date(2026, 3, 1), date(2026, 5, 31)),
    any_time,
)


@settings(deadline=None)
@given(plans(), st.lists(moments, min_size=2, max_size=6))
def test_ticks_that_meet_see_every_occurrence_once(
    planned_with: tuple[Schedule, WorkCalendar], ticks: list[datetime]
) -> None:
    ticks.sort()
    whole = list(rules.occurrences(*planned_with, ticks[0], ticks[-1]))
    pieces = [
        one
        for begin, end in pairwise(ticks)
        for one in rules.occurrences(*planned_with, begin, end)
    ]
    assert pieces == whole


@settings(deadline=None)
@given(plans(), moments)
def test_one_after_another_the_next_occurrences_are_all_of_them(
    planned_with: tuple[Schedule, WorkCalendar], start: datetime
) -> None:
    end = start + 40 * DAY
    chain = []
    one = rules.next_occurrence(*planned_with, start - timedelta.resolution)
    while one is not None and one.utc < end:
        chain.append(one)
        one = rules.next_occurrence(*planned_with, one.utc)
    assert chain == list(rules.occurrences(*planned_with, start, end))


@settings(deadline=None)
@given(plans(), moments)
def test_only_what_speaks_to_nobody_runs_on_days_off(
    planned_with: tuple[Schedule, WorkCalendar], start: datetime
) -> None:
    plan, cal = planned_with
    for one in rules.occurrences(plan, cal, start, start + 40 * DAY):
        # Only a week's run may leave the day that its slot names.
        day = one.local.date() if plan.kind in BY_WEEK else date.fromisoformat(one.slot)
        free = day in cal.holidays or day.weekday() not in cal.working_days
        assert not free or plan.kind in {ScheduleKind.HOUSEKEEPING, ScheduleKind.DRAWS}


@settings(deadline=None)
@given(calendars, st.integers(0, 6), st.integers(2020, 2035), any_time)
def test_a_week_with_a_working_day_has_exactly_one_weekly_digest(
    cal: WorkCalendar, weekday: int, year: int, local_time: time
) -> None:
    plan = schedule(
        ScheduleKind.WEEKLY_DIGEST, zone=cal.zone, weekday=weekday, local_time=local_time
    )
    unbroken = replace(cal, holidays=frozenset())
    start = datetime(year, 1, 1, tzinfo=UTC)
    found = list(rules.occurrences(plan, unbroken, start, start + 400 * DAY))
    assert 55 <= len(found) <= 58
    weeks = [date.fromisoformat(one.slot) for one in found]
    assert all(b - a == timedelta(days=7) for a, b in pairwise(weeks))
    assert all(0 <= (one.local.date() - monday).days <= 12 for one, monday in zip(
        found, weeks, strict=True))  # fmt: skip


# --- tables ----------------------------------------------------------------------------------


def test_daily_digests_run_on_the_squads_working_days_only() -> None:
    cal = working(
        holidays=[date(2026, 12, 25)],
        time_off=[DateSpan(date(2026, 12, 28), date(2026, 12, 31))],
    )
    assert slots(schedule(), cal, "2026-12-21 00:00", "2027-01-05 00:00") == [
        "2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24", "2027-01-01", "2027-01-04",
    ]  # fmt: skip


def test_a_sync_may_keep_to_one_weekday() -> None:
    weekly = schedule(ScheduleKind.SYNC, weekday=1)
    assert slots(weekly, working(), "2026-11-01 00:00", "2026-11-20 00:00") == [
        "2026-11-03", "2026-11-10", "2026-11-17",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "at_time", "local", "utc"),
    [
        ("2026-03-29", time(2, 30), "2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25", time(2, 30), "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-26", time(9, 0), "2026-10-26T09:00:00+01:00", "2026-10-26T08:00:00+00:00"),
    ],
)
def test_the_nights_of_the_change(day: str, at_time: time, local: str, utc: str) -> None:
    plan = schedule(ScheduleKind.HOUSEKEEPING, local_time=at_time)
    one = rules.planned(plan, working(), day)
    assert one is not None
    assert (one.local.isoformat(), one.utc.isoformat()) == (local, utc)


def test_a_date_that_was_left_out_has_no_occurrence() -> None:
    cal = working("Pacific/Apia", range(7))
    plan = schedule(zone="Pacific/Apia")
    start = datetime(2011, 12, 28, 12, tzinfo=UTC)
    assert [one.slot for one in rules.occurrences(plan, cal, start, start + 4 * DAY)] == [
        "2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("holidays", "expected"),
    [
        ([], "2026-11-20 09:00"),  # the Friday itself
        (["2026-11-20"], "2026-11-23 09:00"),  # the Monday after
        (["2026-11-20", "2026-11-23"], "2026-11-24 09:00"),
    ],
)
def test_a_weekly_digest_moves_to_the_next_working_day_and_keeps_its_slot(
    holidays: list[str], expected: str
) -> None:
    cal = working(holidays=[date.fromisoformat(day) for day in holidays])
    one = rules.planned(schedule(ScheduleKind.WEEKLY_DIGEST), cal, "2026-W47")
    assert one is not None
    assert (one.slot, one.utc) == ("2026-W47", at(expected))


def test_a_moved_weekly_digest_is_found_on_the_day_it_moved_to() -> None:
    cal = working(holidays=[date(2026, 11, 20)])
    weekly = schedule(ScheduleKind.WEEKLY_DIGEST)
    assert slots(weekly, cal, "2026-11-23 08:00", "2026-11-23 10:00") == ["2026-W47"]


def test_a_fortnight_off_leaves_one_weekly_digest_for_the_return() -> None:
    away = working(time_off=[DateSpan(date(2026, 12, 18), date(2027, 1, 3))])
    found = planned(
        schedule(ScheduleKind.WEEKLY_DIGEST), away, "2026-12-07 00:00", "2027-01-09 00:00"
    )
    # W51's Friday and W52's are off together with the week after each; W53 moves to Monday.
    assert [(one.slot, one.utc) for one in found] == [
        ("2026-W50", at("2026-12-11 09:00")),
        ("2026-W53", at("2027-01-04 09:00")),
        ("2027-W01", at("2027-01-08 09:00")),
    ]


def test_iso_weeks_at_the_turn_of_the_year() -> None:
    assert rules.slot_of(ScheduleKind.WEEKLY_DIGEST, date(2027, 1, 1)) == "2026-W53"
    assert rules.next_slot(ScheduleKind.WEEKLY_DIGEST, "2026-W53") == "2027-W01"
    assert rules.next_slot(ScheduleKind.DAILY_DIGEST, "2026-12-31") == "2027-01-01"
    with pytest.raises(ValueError, match="Invalid"):
        rules.next_slot(ScheduleKind.DAILY_DIGEST, "soon")


def test_a_persons_own_schedule_is_read_with_their_calendar() -> None:
    mine = replace(
        schedule(ScheduleKind.TODAY), zone="Asia/Manila", target="person:5", local_time=time(8)
    )
    sundays = working("Asia/Manila", [6])
    one = rules.next_occurrence(mine, sundays, at("2026-11-16 00:00"))
    assert one is not None
    assert (one.target, one.local.isoformat()) == ("person:5", "2026-11-22T08:00:00+08:00")


def test_no_working_day_in_sight_means_no_next_occurrence() -> None:
    away = working(time_off=[DateSpan(date(2026, 1, 1), date(2028, 12, 31))])
    now = at("2026-02-02 10:00")
    assert rules.next_occurrence(schedule(), away, now) is None
    assert rules.next_occurrence(schedule(ScheduleKind.WEEKLY_DIGEST), away, now) is None
    half = working(time_off=[DateSpan(date(2026, 1, 1), date(2026, 12, 31))])
    later = rules.next_occurrence(schedule(), half, now)
    assert later is not None
    assert later.slot == "2027-01-01"


def test_lateness() -> None:
    plan = schedule(lateness=timedelta(hours=4))
    one = rules.planned(plan, working(), "2026-11-20")
    assert one is not None
    assert rules.lateness_verdict(one, at("2026-11-20 08:59")) == NotYet(at("2026-11-20 09:00"))
    assert rules.lateness_verdict(one, at("2026-11-20 09:00")) == Due()
    assert rules.lateness_verdict(one, at("2026-11-20 13:00")) == Due()
    assert rules.lateness_verdict(one, at("2026-11-20 13:01")) == TooLate(
        timedelta(hours=4, minutes=1)
    )


def test_every_kind_starts_with_a_limit_shorter_than_its_own_interval() -> None:
    assert set(DEFAULT_LATENESS) == set(ScheduleKind)
    for kind, limit in DEFAULT_LATENESS.items():
        assert timedelta() < limit < (timedelta(days=7) if kind in BY_WEEK else DAY)


@pytest.mark.parametrize(
    ("kind", "weekday", "code"),
    [
        (ScheduleKind.WEEKLY_DIGEST, None, "weekday_missing"),
        (ScheduleKind.WEEKLY_DIGEST, 7, "bad_weekday"),
        (ScheduleKind.SYNC, -1, "bad_weekday"),
    ],
)
def test_a_schedule_without_a_fitting_weekday_is_refused(
    kind: ScheduleKind, weekday: int | None, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        schedule(kind, weekday=weekday)
    assert caught.value.code == code
