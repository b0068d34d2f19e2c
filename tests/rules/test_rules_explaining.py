"""Why an occurrence is planned, moved or skipped; and what a change of the clocks does to it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import explaining as rules
from bot.rules import schedule_input, schedules
from bot.rules.calendar import DateSpan, public_holidays
from bot.rules.explaining import Explained, Happened, Outcome, Why
from bot.rules.half_days import HalfDay
from bot.rules.occurrences import OccurrenceState, SkipReason
from bot.rules.schedules import BY_WEEK, Schedule, ScheduleKind, meeting_start
from bot.rules.squads import Sync
from tests.rules.plans import TRICKY, schedule, working

WEEKLY = ScheduleKind.WEEKLY_DIGEST
EASTER = {date(2026, 4, 3): "Good Friday", date(2026, 4, 6): "Easter Monday"}


def told(
    plan: Schedule, first: str, last: str | None = None, **calendar: object
) -> list[Explained]:
    cal = working(plan.zone, **({"holidays": EASTER} | calendar))
    days = date.fromisoformat(first), date.fromisoformat(last or first)
    return list(rules.explain(plan, cal, EASTER, *days))


def one(plan: Schedule, day: str, **calendar: object) -> Explained:
    (found,) = told(plan, day, **calendar)
    return found


def test_a_daily_schedule_says_for_each_day_what_becomes_of_it() -> None:
    half = HalfDay(date(2026, 4, 8), None, time(8))
    found = told(
        schedule(), "2026-04-02", "2026-04-09",
        half_days=[half], time_off=[DateSpan(date(2026, 4, 9), date(2026, 4, 9))],
    )  # fmt: skip
    assert [(each.outcome, each.why, each.detail) for each in found] == [
        (Outcome.PLANNED, Why.AS_SET, ""),
        (Outcome.SKIPPED, Why.HOLIDAY, "Good Friday"),
        (Outcome.SKIPPED, Why.DAY_OFF, ""),
        (Outcome.SKIPPED, Why.DAY_OFF, ""),
        (Outcome.SKIPPED, Why.HOLIDAY, "Easter Monday"),
        (Outcome.PLANNED, Why.AS_SET, ""),
        (Outcome.SKIPPED, Why.HALF_DAY, "2026-04-08 until 08:00"),
        (Outcome.SKIPPED, Why.TIME_OFF, ""),
    ]


def test_a_weekly_one_moves_from_a_holiday_and_says_so() -> None:
    monday = one(schedule(WEEKLY, weekday=0), "2026-04-06")
    assert (monday.outcome, monday.why, monday.cause) == (
        Outcome.MOVED,
        Why.MOVED_DAY,
        Why.HOLIDAY,
    )
    assert monday.occurrence is not None
    assert monday.occurrence.local.date() == date(2026, 4, 7)
    week_off = [DateSpan(date(2026, 4, 6), date(2026, 4, 12))]
    gone = one(schedule(WEEKLY, weekday=0), "2026-04-06", time_off=week_off, holidays=[])
    assert (gone.outcome, gone.why) == (Outcome.SKIPPED, Why.TIME_OFF)


def test_a_weekly_sync_has_one_slot_a_week_and_is_not_moved() -> None:
    plan = schedule(ScheduleKind.SYNC, weekday=0, lead=timedelta(minutes=30))
    found = told(plan, "2026-03-30", "2026-04-12")
    assert [(each.slot, each.why) for each in found] == [
        ("2026-03-30", Why.AS_SET),
        ("2026-04-06", Why.HOLIDAY),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "at", "outcome", "why"),
    [
        ("Europe/Berlin", "2026-03-29", time(2, 30), Outcome.MOVED, Why.MOVED_CLOCK),
        ("Europe/Berlin", "2026-10-25", time(2, 30), Outcome.PLANNED, Why.TWICE),
        ("Europe/Berlin", "2026-10-25", time(3), Outcome.PLANNED, Why.AS_SET),
        ("Australia/Lord_Howe", "2026-04-05", time(1, 45), Outcome.PLANNED, Why.TWICE),
        ("Antarctica/Troll", "2026-10-25", time(1, 30), Outcome.PLANNED, Why.TWICE),
        ("Pacific/Apia", "2011-12-30", time(9), Outcome.SKIPPED, Why.NO_DATE),
    ],
)
def test_the_clocks_move_it_forward_show_it_twice_or_leave_its_date_out(
    zone: str, day: str, at: time, outcome: Outcome, why: Why
) -> None:
    found = one(schedule(zone=zone, local_time=at), day, days=range(7))
    assert (found.outcome, found.why) == (outcome, why)


def test_before_a_change_counts_it_is_as_it_was_or_not_yet() -> None:
    plan = schedule(effective_slot="2026-04-02", earlier_time=time(7))
    before, after = told(plan, "2026-04-01", "2026-04-02")
    assert (before.why, after.why) == (Why.EARLIER, Why.AS_SET)
    assert before.occurrence is not None
    assert before.occurrence.local.time() == time(7)
    new = one(schedule(effective_slot="2026-04-02"), "2026-04-01")
    assert (new.outcome, new.why) == (Outcome.SKIPPED, Why.NOT_YET)


def test_what_is_over_is_told_as_it_went_and_what_has_nowhere_to_go_is_refused() -> None:
    planned = one(schedule(), "2026-04-02")
    at = datetime(2026, 4, 2, 9, tzinfo=UTC)
    for state, reason, why in (
        (OccurrenceState.DONE, None, Why.RAN),
        (OccurrenceState.SKIPPED, SkipReason.ASLEEP, Why.TOO_LATE),
        (OccurrenceState.SKIPPED, SkipReason.FAILED, Why.FAILED),
    ):
        over = rules.overlaid(planned, Happened(state, reason, at, at), None)
        assert (over.why, over.happened_at) == (why, at)
        assert rules.refused(over, Why.ARCHIVED) == over or state is OccurrenceState.SKIPPED
    assert rules.refused(planned, Why.NO_CHANNEL).outcome is Outcome.SKIPPED
    holiday = one(schedule(), "2026-04-03")
    assert rules.refused(holiday, Why.NO_CHANNEL) == holiday


@given(
    st.integers(0, 6),
    st.dates(date(2026, 3, 1), date(2026, 12, 31)),
    st.sets(st.integers(1, 40), max_size=30),
)
def test_the_meetings_that_are_left_out_end_where_the_next_one_is(
    weekday: int, after: date, off: set[int]
) -> None:
    holidays = frozenset(after + timedelta(days=each) for each in off)
    plan, cal = schedule(ScheduleKind.SYNC, weekday=weekday), working(holidays=holidays)
    skipped, resumes = rules.left_out(plan, cal, {}, after)
    coming = [after + timedelta(days=n) for n in range(1, 57)]
    meant = [day for day in coming if day.weekday() == weekday]
    held = [day for day in meant if weekday in cal.working_days and day not in holidays]
    assert resumes == next(iter(held), None)
    assert [each.day for each in skipped] == [
        day for day in meant if resumes is None or day < resumes
    ]
    assert {each.outcome for each in skipped} <= {Outcome.SKIPPED}


def test_holidays_have_their_names() -> None:
    first, last = date(2026, 4, 1), date(2026, 4, 30)
    assert rules.holiday_names("DE", "BY", first, last) == EASTER
    assert rules.holiday_names(None, None, first, last) == {}
    days = public_holidays("PH", None, [2026])
    named = rules.holiday_names("PH", None, date(2026, 1, 1), date(2026, 12, 31))
    assert set(named) == {day for day in days if day.year == 2026}


@settings(max_examples=50, deadline=None)
@given(
    zone=st.sampled_from(TRICKY),
    kind=st.sampled_from(list(ScheduleKind)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 6),
    lead=st.integers(0, 600),
    start=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    days=st.sets(st.integers(0, 6), min_size=1),
)
def test_what_it_says_runs_is_exactly_what_is_planned(
    zone: str, kind: ScheduleKind, at: time, weekday: int, lead: int, start: date, days: set[int]
) -> None:
    weekly = kind in BY_WEEK or (kind is ScheduleKind.SYNC and weekday % 2 == 0)
    plan = schedule(
        kind, zone=zone, local_time=at, weekday=weekday if weekly else None,
        lead=timedelta(minutes=lead if kind is ScheduleKind.SYNC else 0),
    )  # fmt: skip
    cal = working(zone, days, holidays=[start + timedelta(days=3)])
    last = start + timedelta(days=20)
    runs = [
        each
        for each in rules.explain(plan, cal, {}, start, last)
        if each.outcome is not Outcome.SKIPPED
    ]
    wanted = [schedules.planned(plan, cal, each.slot) for each in runs]
    assert [each.occurrence for each in runs] == wanted
    begin = datetime.combine(start, time(), UTC) + timedelta(days=8)
    found = list(schedules.occurrences(plan, cal, begin, begin + timedelta(days=5)))
    listed = {each.occurrence for each in runs}
    assert all(each in listed for each in found)
    for each in found:
        midnight = datetime.combine(each.local.date(), time(), each.local.tzinfo)
        assert each.moment - plan.lead <= each.utc <= each.moment <= each.not_after
        assert each.utc == each.moment - plan.lead or each.local.time() < time(3), midnight


def test_the_next_change_of_the_clocks_that_touches_a_time_is_found() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    cal = working(days=range(7))
    spring = schedules.next_clock_change(schedule(local_time=time(2, 30)), cal, now)
    assert spring == schedules.ClockChange(date(2026, 3, 29), time(3, 30), twice=False)
    later = datetime(2026, 4, 1, tzinfo=UTC)
    autumn = schedules.next_clock_change(schedule(local_time=time(2, 30)), cal, later)
    assert autumn == schedules.ClockChange(date(2026, 10, 25), time(2, 30), twice=True)
    assert schedules.next_clock_change(schedule(local_time=time(9)), cal, now) is None
    weekdays = working()
    assert schedules.next_clock_change(schedule(local_time=time(2, 30)), weekdays, now) is None


def test_an_agenda_never_comes_on_the_day_before_its_meeting() -> None:
    plan = schedule(ScheduleKind.SYNC, local_time=time(0, 10), lead=timedelta(minutes=30))
    found = schedules.planned(plan, working(), "2026-04-02")
    assert found is not None
    assert found.local.time() == time(0)
    assert found.not_after == found.moment + plan.lateness
    sync = Sync(
        id=1, name="x", local_time=time(10), effective_day=date(2026, 4, 2), earlier_time=time(8)
    )
    starts = [meeting_start(sync, date(2026, 4, day), "UTC").hour for day in (1, 2)]
    assert starts == [8, 10]
    assert meeting_start(replace(sync, effective_day=None), date(2026, 4, 1), "UTC").hour == 10


def test_zones_are_searched_by_city_first_and_minutes_are_read() -> None:
    assert schedule_input.zones_like("berl") == ["Europe/Berlin"]
    assert schedule_input.zones_like("new york") == ["America/New_York"]
    assert schedule_input.zones_like("san")[0].rpartition("/")[2].startswith("San")
    assert len(schedule_input.zones_like("")) == 100
    assert schedule_input.zones_like("Atlantis") == []
    assert [schedule_input.minutes(text, 60) for text in ("45", " 5 min ", "0")] == [45, 5, 0]
    for text in ("", "-1", "61", "1.5", "٣", "x" * 3000):
        with pytest.raises(BadInput):
            schedule_input.minutes(text, 60)
