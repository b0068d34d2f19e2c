"""A week is drawn from as it goes on: its share by now, at least so many by its end, none twice."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import frames
from bot.rules.calendar import make_calendar
from bot.rules.frames import Reach, due_by, levelled, reach, week_of, week_range, weeks_until
from bot.rules.sampling import IsoWeek

WEEK = IsoWeek(2026, 11)  # from Monday, 9 March
MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
LONDON = make_calendar("Europe/London", [0, 1, 2, 3, 4], (time(9), time(17)))

sizes = st.tuples(st.integers(1, 400), st.integers(1, 400)).map(lambda two: (max(two), min(two)))


@pytest.mark.parametrize(
    ("days", "hours", "due"),
    [
        (-1, 0, 0),  # before it began
        (0, 8, 0),
        (0, 9, 1),
        (1, 0, 1),  # the night after Monday
        (3, 12, 4),
        (5, 0, 5),
        (30, 0, 5),
    ],
)
def test_a_weeks_draws_fall_due_with_its_working_days(days: int, hours: int, due: int) -> None:
    assert due_by(LONDON, WEEK, MONDAY + timedelta(days=days, hours=hours), 5) == due


def test_holidays_do_not_delay_and_a_week_off_is_due_at_once() -> None:
    holidays = frozenset(date(2026, 3, 9) + timedelta(days=n) for n in range(3))
    short = make_calendar("UTC", [0, 1, 2, 3, 4], (time(9), time(17)), holidays=holidays)
    assert due_by(short, WEEK, MONDAY + timedelta(days=3, hours=10), 5) == 3
    off = make_calendar("UTC", [6], (time(9), time(17)), holidays=frozenset({date(2026, 3, 15)}))
    assert due_by(off, WEEK, MONDAY, 5) == 5


def test_weeks_are_the_squads_own() -> None:
    sunday_night = datetime(2026, 3, 8, 23, tzinfo=UTC)  # Monday in Manila
    assert weeks_until(sunday_night, "Asia/Manila")[-1] == WEEK
    assert weeks_until(sunday_night, "UTC")[-1] == IsoWeek(2026, 10)
    assert len(weeks_until(sunday_night, "UTC")) == frames.WEEKS_BACK + 1
    begin, end = week_range(WEEK, "Asia/Manila")
    assert (begin, end - begin) == (datetime(2026, 3, 8, 16, tzinfo=UTC), timedelta(days=7))
    assert week_of(date(2027, 1, 1)) == IsoWeek(2026, 53)


def test_a_new_frame_waits_until_one_more_is_due() -> None:
    assert reach([], 40, 1, closing=False) == Reach((), 1)
    assert reach([(40, 1)], 30, 1, closing=False) == Reach((1,), 0)
    assert reach([(40, 1)], 30, 2, closing=False) == Reach((1,), 1)
    assert reach([(40, 1)], 30, 1, closing=True) == Reach((1,), 1), "all work can be drawn"
    assert reach([], 0, 5, closing=True) == Reach((), 0)


def test_where_too_few_were_drawn_the_least_drawn_frame_goes_on() -> None:
    assert reach([(40, 1), (10, 1)], 0, 5, closing=True) == Reach((4, 1), 0)
    assert reach([(3, 1)], 0, 5, closing=True) == Reach((3,), 0)


@given(st.lists(sizes, max_size=6), st.integers(0, 500), st.integers(0, 40), st.booleans())
def test_a_reach_draws_what_is_due_and_never_goes_back(
    stored: list[tuple[int, int]], new: int, due: int, closing: bool
) -> None:
    before = sum(prefix for _, prefix in stored)
    found = reach(stored, new, due, closing=closing)
    pairs = list(zip(stored, found.prefixes, strict=True))
    assert all(prefix <= after <= size for (size, prefix), after in pairs)
    assert found.fresh <= new
    assert not closing or not new or found.fresh >= 1
    total = sum(found.prefixes) + found.fresh
    room = sum(size for size, _ in stored) + (new if found.fresh else 0)
    assert total == max(min(due, room), before + bool(found.fresh))


@given(st.lists(sizes, min_size=1, max_size=6), st.integers(0, 2_000))
def test_levelling_gives_to_the_smallest_share(stored: list[tuple[int, int]], total: int) -> None:
    after = levelled(stored, total)
    gained = [
        (then - 1) / size for (size, now), then in zip(stored, after, strict=True) if then > now
    ]
    left = [then / size for (size, _), then in zip(stored, after, strict=True) if then < size]
    assert not gained or not left or max(gained) <= min(left) + 1e-9
