"""When people are reminded of an announcement, and what may be announced."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock
from bot.errors import BadInput
from bot.rules.announcements import (
    LINES,
    TEXT_LIMIT,
    Said,
    count_slot,
    first_line_at,
    morning,
    next_line,
    read_reply,
    read_text,
)
from bot.rules.calendar import DateSpan, make_calendar, make_hours, merge, work_day_of
from bot.rules.outbox import DeliveryState

LONDON = make_calendar("Europe/London", (0, 1, 2, 3, 4), (time(9), time(17)))
FRIDAY = datetime(2026, 3, 13, 11, tzinfo=UTC)
SENT = DeliveryState.SENT


def away(first: date, last: date) -> object:
    hours = make_hours(
        zone=None,
        working_days=None,
        hours=None,
        holidays=frozenset(),
        time_off=[DateSpan(first, last)],
        quiet=None,
    )
    return merge(LONDON, hours)


def test_the_first_line_comes_the_working_day_after_the_post() -> None:
    assert first_line_at(LONDON, FRIDAY, posted=True) == datetime(2026, 3, 16, 9, tzinfo=UTC)


def test_without_a_post_it_comes_at_once() -> None:
    assert first_line_at(LONDON, FRIDAY, posted=False) == FRIDAY


def test_it_waits_for_the_end_of_time_off() -> None:
    calendar = away(date(2026, 3, 16), date(2026, 3, 20))
    assert first_line_at(calendar, FRIDAY, posted=True) == datetime(2026, 3, 23, 9, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "reply_by", "now", "number"),
    [
        (None, None, FRIDAY, 1),
        (Said(1, DeliveryState.WAITING, None), None, FRIDAY + timedelta(days=9), None),
        (Said(1, DeliveryState.DROPPED, FRIDAY), None, FRIDAY + timedelta(days=9), None),
        (Said(1, SENT, FRIDAY), None, FRIDAY + timedelta(hours=3), None),
        (Said(1, SENT, FRIDAY), None, FRIDAY + timedelta(days=3), None),
        (Said(1, SENT, FRIDAY), None, FRIDAY + timedelta(days=4), 2),
        (Said(2, SENT, FRIDAY), None, FRIDAY + timedelta(days=9), None),
        # By which a reply is due, and not before.
        (Said(1, SENT, FRIDAY), FRIDAY + timedelta(days=6), FRIDAY + timedelta(days=5), None),
        (Said(1, SENT, FRIDAY), FRIDAY + timedelta(days=6), FRIDAY + timedelta(days=6), 2),
        (Said(1, SENT, FRIDAY), FRIDAY, FRIDAY + timedelta(hours=2), None),
    ],
)
def test_which_line_is_next(
    said: Said | None, reply_by: datetime | None, now: datetime, number: int | None
) -> None:
    assert next_line(said, LONDON, reply_by, now) == number


@settings(max_examples=50, deadline=None)
@given(
    zone=st.sampled_from(["Asia/Kolkata", "Pacific/Auckland", "America/New_York", "Europe/Lisbon"]),
    days=st.sets(st.integers(0, 6), min_size=1),
    at=st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),  # noqa: DTZ001 - made aware below
    reply=st.none() | st.integers(0, 20),
)
def test_nobody_is_reminded_more_than_twice_nor_twice_a_day(
    zone: str, days: set[int], at: datetime, reply: int | None
) -> None:
    """Whatever the hours, looked at every hour for five weeks."""
    calendar = make_calendar(zone, sorted(days), (time(9), time(17)))
    start = at.replace(tzinfo=UTC)
    due = None if reply is None else start + timedelta(days=reply)
    said: Said | None = None
    read: list[datetime] = []
    for hour in range(24 * 35):
        now = start + timedelta(hours=hour)
        if next_line(said, calendar, due, now) is None:
            continue
        number = 1 if said is None else said.number + 1
        when = first_line_at(calendar, now, posted=True) if number == 1 else now
        assert when is not None
        said = Said(number, SENT, when)
        read.append(when)
    assert 1 <= len(read) <= LINES
    assert len({work_day_of(calendar, each) for each in read}) == len(read)
    begins = morning(calendar, start, 1)
    assert begins is not None
    assert clock.to_local(begins, zone).hour == 9


def test_what_may_be_announced() -> None:
    assert read_text("  Use &lt;b&gt; from <https://a.example|now> on ") == (
        "Use <b> from https://a.example on"
    )
    for text, code in (
        ("  ", "empty_text"),
        ("x" * (TEXT_LIMIT + 1), "text_too_long"),
        ("&" * TEXT_LIMIT, "text_too_long"),
    ):
        with pytest.raises(BadInput, match=code):
            read_text(text)
    with pytest.raises(BadInput, match="empty_text"):
        read_reply("")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_count_is_written_once_a_minute_and_after_the_click(at: datetime) -> None:
    now = at.replace(tzinfo=UTC)
    slot = count_slot(now)
    assert timedelta() < slot - now <= timedelta(minutes=1)
    assert slot.second == slot.microsecond == 0
