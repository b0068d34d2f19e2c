"""When reminders come back that were put off."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.budget import DeliveryClass
from bot.rules.calendar import DateSpan, is_reachable, make_calendar, work_day_of
from bot.rules.quiet import next_time
from bot.rules.snoozing import Snooze, Waiting, Why, class_of, comes_back, held_back

PLAIN = make_calendar("UTC", range(5), (time(9), time(17)))
NIGHTS = make_calendar("UTC", range(5), (time(22), time(6)))
AWAY = make_calendar(
    "UTC",
    range(5),
    (time(9), time(17)),
    time_off=[
        DateSpan(date(2026, 11, 26), date(2026, 11, 27)),
        DateSpan(date(2026, 11, 1), date(2026, 11, 3)),
    ],
    quiet=(time(9), time(10)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "calendar", "now", "back"),
    [
        (Snooze.HOUR, PLAIN, "2026-11-23 10:10", "2026-11-23 11:10"),
        (Snooze.HOUR, PLAIN, "2026-11-23 16:30", "2026-11-24 09:00"),
        (Snooze.HOUR, PLAIN, "2026-11-27 16:30", "2026-11-30 09:00"),
        (Snooze.TOMORROW, PLAIN, "2026-11-23 10:10", "2026-11-24 09:00"),
        (Snooze.TOMORROW, PLAIN, "2026-11-23 07:00", "2026-11-24 09:00"),
        (Snooze.TOMORROW, PLAIN, "2026-11-27 10:10", "2026-11-30 09:00"),
        (Snooze.TOMORROW, NIGHTS, "2026-11-24 03:00", "2026-11-24 22:00"),  # of the night before
        (Snooze.TOMORROW, AWAY, "2026-11-25 12:00", "2026-11-30 10:00"),
        (Snooze.BACK, AWAY, "2026-11-23 12:00", "2026-11-30 10:00"),
        (Snooze.BACK, AWAY, "2026-11-27 12:00", "2026-11-30 10:00"),
        (Snooze.BACK, AWAY, "2026-11-30 12:00", None),
        (Snooze.BACK, PLAIN, "2026-11-23 12:00", None),
    ],
)
def test_when_a_reminder_comes_back(
    choice: Snooze, calendar: object, now: str, back: str | None
) -> None:
    assert comes_back(choice, at(now), calendar) == (None if back is None else at(back))


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from([PLAIN, NIGHTS, AWAY]),
    st.sampled_from([Snooze.HOUR, Snooze.TOMORROW, Snooze.BACK]),
    st.datetimes(datetime(2026, 10, 20), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis wants naive bounds
)
def test_it_comes_back_later_and_in_hours(calendar: object, choice: Snooze, now: datetime) -> None:
    back = comes_back(choice, now, calendar)
    if back is None:
        assert choice is Snooze.BACK
        return
    assert back > now
    assert is_reachable(calendar, back)
    if choice is not Snooze.HOUR:
        assert work_day_of(calendar, back) > work_day_of(calendar, now)


def test_what_waits_is_sorted_by_when_and_why() -> None:
    now, soon, later = at("2026-11-23 10:00"), at("2026-11-23 12:00"), at("2026-11-24 09:00")

    def waits(kind: str, due: datetime, reason: str | None = None, **more: bool) -> Waiting:
        given = {"is_line": True, "again": False} | more
        return Waiting(kind=kind, reason=reason, due_at=due, **given)

    found = held_back(
        [
            waits("findings", now),
            waits("findings", now, "day_used"),
            waits("findings", now, "week_used"),
            waits("dispute", later, "outside_hours", is_line=False),
            waits("dispute", later, again=True),
            waits("dispute", later),  # only planned for later
            waits("note", now, is_line=False),
        ],
        now,
        soon,
    )
    assert [(each.why, each.when, each.kinds) for each in found] == [
        (Why.TURN, now, {"note": 1}),
        (Why.TODAY, soon, {"findings": 1}),
        (Why.BUDGET, soon, {"findings": 2}),
        (Why.HOURS, later, {"dispute": 1}),
        (Why.SNOOZED, later, {"dispute": 1}),
    ]
    assert held_back([waits("findings", now)], now, None)[0].when is None


def test_only_an_hour_is_a_message_of_its_own() -> None:
    assert [class_of(each) for each in (Snooze.HOUR, Snooze.TOMORROW, Snooze.BACK)] == [
        DeliveryClass.NOW,
        DeliveryClass.TODAY,
        DeliveryClass.TODAY,
    ]


@settings(max_examples=50, deadline=None)
@given(
    st.times().map(lambda face: face.replace(second=0, microsecond=0)),
    st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10), timezones=st.just(UTC)),  # noqa: DTZ001 - the same
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/New_York"]),
)
def test_quiet_until_is_within_the_next_day(face: time, now: datetime, zone: str) -> None:
    until = next_time(face, now, zone)
    assert now < until <= now + timedelta(hours=26)
