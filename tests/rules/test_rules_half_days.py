"""Half days: how they are written and read, and what they leave of a day's work."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import calendar, half_days
from bot.rules.half_days import HalfDay
from bot.rules.schedules import ScheduleKind
from bot.rules.schedules import planned as plan
from tests.rules.plans import schedule, working

EVE = date(2026, 12, 24)
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("2026-12-24 until 13:00", HalfDay(EVE, None, time(13))),
        ("2026-12-24  FROM 9:30", HalfDay(EVE, time(9, 30))),
        ("2026-12-24 10:00-13:00", HalfDay(EVE, time(10), time(13))),
        ("2026-12-24 from 10:00 to 13:00", HalfDay(EVE, time(10), time(13))),
    ],
)
def test_a_half_day_is_read_as_it_is_typed(typed: str, wanted: HalfDay) -> None:
    assert half_days.read_one(typed) == wanted
    assert half_days.read_one(half_days.written(wanted)) == wanted


def test_several_stand_on_lines_or_between_commas_and_the_last_of_a_date_counts() -> None:
    found = half_days.read("2026-12-31 until 12:00\n2026-12-24 until 13:00, 2026-12-31 from 10:00;")
    assert [half_days.written(half) for half in found] == [
        "2026-12-24 until 13:00",
        "2026-12-31 from 10:00",
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Christmas Eve", "bad_half_day"),
        ("2026-12-24", "bad_half_day"),
        ("2026-12-24 until 24:00", "time_is_24"),
        ("2026-12-24 until 25:00", "bad_time"),
        ("2026-02-30 until 13:00", "bad_date"),
        ("2026-12-24 13:00-13:00", "half_day_empty"),
        ("\n".join(f"20{n // 9 + 27}-01-{n % 9 + 10} until 12:00" for n in range(70)),
         "many_half_days"),
    ],
)  # fmt: skip
def test_what_is_no_half_day_is_said(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        half_days.read(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("hours", "half", "begin", "end"),
    [
        ((9, 17), HalfDay(EVE, None, time(13)), "2026-12-24 09:00", "2026-12-24 13:00"),
        ((9, 17), HalfDay(EVE, time(13)), "2026-12-24 13:00", "2026-12-24 17:00"),
        ((9, 17), HalfDay(EVE, time(6), time(20)), "2026-12-24 09:00", "2026-12-24 17:00"),
        ((22, 6), HalfDay(EVE, None, time(2)), "2026-12-24 22:00", "2026-12-25 02:00"),
        ((22, 6), HalfDay(EVE, time(2)), "2026-12-25 02:00", "2026-12-25 06:00"),
        ((22, 6), HalfDay(EVE, time(23)), "2026-12-24 23:00", "2026-12-25 06:00"),
    ],
)
def test_a_half_day_shortens_the_hours(
    hours: tuple[int, int], half: HalfDay, begin: str, end: str
) -> None:
    cal = calendar.make_calendar(
        "UTC", range(7), (time(hours[0]), time(hours[1])), half_days=[half]
    )
    window = calendar.window_of(cal, EVE)
    assert window == calendar.Window(instant(begin), instant(end))
    assert calendar.is_working_day(cal, EVE)
    whole = calendar.window_of(cal, EVE + timedelta(days=1))
    assert whole is not None
    assert whole.end - whole.start == timedelta(hours=8)


def test_a_half_day_that_leaves_nothing_is_a_day_off() -> None:
    for hours, half in (
        ((time(14), time(22)), HalfDay(EVE, None, time(13))),
        ((time(22), time(6)), HalfDay(EVE, None, time(13))),
        ((time(6), time(12)), HalfDay(EVE, time(13))),
    ):
        cal = calendar.make_calendar("UTC", range(7), hours, half_days=[half])
        assert not calendar.is_working_day(cal, EVE)
        assert calendar.window_of(cal, EVE) is None


@settings(max_examples=50, deadline=None)
@given(start=MINUTES, end=MINUTES, first=st.none() | MINUTES, last=st.none() | MINUTES)
def test_it_never_lengthens_work_and_agrees_with_whether_the_day_is_worked(
    start: time, end: time, first: time | None, last: time | None
) -> None:
    if start == end:
        return
    plain = calendar.make_calendar("UTC", range(7), (start, end))
    halved = calendar.make_calendar(
        "UTC", range(7), (start, end), half_days=[HalfDay(EVE, first, last)]
    )
    whole, left = calendar.window_of(plain, EVE), calendar.window_of(halved, EVE)
    assert whole is not None
    assert (left is not None) == calendar.is_working_day(halved, EVE)
    if left is not None:
        assert whole.start <= left.start < left.end <= whole.end
    elsewhere = EVE + timedelta(days=1)
    assert calendar.window_of(plain, elsewhere) == calendar.window_of(halved, elsewhere)


def test_people_of_the_squad_have_its_half_days_and_a_person_is_not_reached_after() -> None:
    squad = working("UTC", half_days=[HalfDay(EVE, None, time(13))])
    person = calendar.merge(squad, calendar.make_hours(hours=(time(10), time(18))))
    assert calendar.end_of_window(person, instant("2026-12-24 11:00")) == instant(
        "2026-12-24 13:00"
    )
    assert not calendar.is_reachable(person, instant("2026-12-24 13:00"))


def test_a_meeting_outside_of_a_half_day_does_not_take_place_and_a_digest_does() -> None:
    cal = working(half_days=[HalfDay(EVE, None, time(13))])
    for at, kind, happens in (
        (time(12, 59), ScheduleKind.SYNC, True),
        (time(13), ScheduleKind.SYNC, False),
        (time(16), ScheduleKind.DAILY_DIGEST, True),
    ):
        found = plan(schedule(kind, local_time=at), cal, "2026-12-24")
        assert (found is not None) is happens
