"""Few messages (D8): what is sent at once, what waits, what becomes a line of the Today message.

No unprompted message reaches anybody outside their working hours, beyond their budget, or after it
stopped being useful; and none is lost for want of budget, for it becomes a line of the next Today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.rules.calendar import (
    WorkCalendar,
    is_working_day,
    is_working_time,
    next_reachable_instant,
    window_of,
    work_day_of,
    work_day_range,
)


class DeliveryClass(StrEnum):
    """How pressing a delivery is."""

    ANSWER = "answer"  # to what this person just did: at once, never counted
    NOW = "now"  # useless later: a 1:1 in ten minutes, rework due today
    TODAY = "today"  # a line of the Today message


class SendReason(StrEnum):
    """Why a delivery was not sent at once."""

    PAST_NOT_AFTER = "past_not_after"
    EXPIRES_WAITING = "expires_waiting"  # useless before the person works again
    PERSON_INACTIVE = "person_inactive"
    OUTSIDE_HOURS = "outside_hours"
    DAY_OFF = "day_off"
    QUIET_HOURS = "quiet_hours"
    NO_WORK_IN_SIGHT = "no_work_in_sight"
    DAY_USED = "day_used"
    WEEK_USED = "week_used"
    CLASS_TODAY = "class_today"


@dataclass(frozen=True, slots=True)
class Budget:
    """The most unprompted direct messages, Today included, per working day and ISO week."""

    per_day: int
    per_week: int


CONTRIBUTOR_BUDGET: Final = Budget(per_day=3, per_week=12)
"""A Today, one after midday and one that could not wait; a week of that is already too much."""

MANAGER_BUDGET: Final = Budget(per_day=5, per_week=25)
"""Managers are asked for decisions that others wait for; five a day on every working day."""

TODAY_PER_DAY: Final = 2  # at the start of working hours, and at most one more after midday
LOOK_AGAIN: Final = timedelta(days=1)  # for whom there is no known moment to wait for
_MIDDAY: Final = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a person already got unprompted: of it `today_messages` were Today messages today."""

    today: int = 0
    week: int = 0
    today_messages: int = 0


@dataclass(frozen=True, slots=True)
class SendNow:
    """Send it."""


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """Decide again at `when`."""

    when: datetime
    reason: SendReason


@dataclass(frozen=True, slots=True)
class FoldIntoToday:
    """Make it a line of the person's next Today message."""

    reason: SendReason


@dataclass(frozen=True, slots=True)
class Drop:
    """It can no longer be useful; forget it and say so."""

    reason: SendReason


Verdict = SendNow | HoldUntil | FoldIntoToday | Drop


def counted_since(calendar: WorkCalendar, now: datetime) -> datetime:
    """Return when the person's ISO week began: what `tally` needs to be given from then on."""
    day = work_day_of(calendar, now)
    monday = day - timedelta(days=day.weekday())
    return work_day_range(calendar, monday, monday)[0]


def tally(calendar: WorkCalendar, now: datetime, sent: Iterable[tuple[datetime, bool]]) -> Sent:
    """Count what a person got in their day and week.

    `sent` are the unprompted messages since `counted_since` or longer: when (aware), and whether
    it was a Today message. Days are the person's own, by `work_day_of`.
    """
    week_start = counted_since(calendar, now)
    day = work_day_of(calendar, now)
    day_start, day_end = work_day_range(calendar, day, day)
    week = [(at, is_today) for at, is_today in sent if week_start <= at]
    today = [is_today for at, is_today in week if day_start <= at < day_end]
    return Sent(today=len(today), week=len(week), today_messages=sum(today))


def decide(
    delivery_class: DeliveryClass,
    *,
    now: datetime,
    calendar: WorkCalendar,
    sent: Sent,
    budget: Budget,
    active: bool,
    not_after: datetime | None,
) -> Verdict:
    """Decide what becomes of one direct message to one person.

    In this order: what is past `not_after` is dropped; nothing goes to a deactivated person; an
    answer goes at once; class today becomes a line; class now waits for working hours (dropped if
    it would then be useless) and becomes a line once the budget is used. Messages of class now
    leave room for the first Today of this day and of each working day left in the week, so that
    what they become a line of is sure to come.
    """
    if not_after is not None and now > not_after:
        return Drop(SendReason.PAST_NOT_AFTER)
    if not active:
        return HoldUntil(now + LOOK_AGAIN, SendReason.PERSON_INACTIVE)
    if delivery_class is DeliveryClass.ANSWER:
        return SendNow()
    if delivery_class is DeliveryClass.TODAY:
        return FoldIntoToday(SendReason.CLASS_TODAY)
    when = next_reachable_instant(calendar, now)
    if when == now:
        return _ration(now, calendar, sent, budget)
    return _wait(when, now, calendar, not_after)


def _ration(now: datetime, calendar: WorkCalendar, sent: Sent, budget: Budget) -> Verdict:
    kept_today = 0 if sent.today_messages else 1
    if sent.today + kept_today >= budget.per_day:
        return FoldIntoToday(SendReason.DAY_USED)
    if sent.week + kept_today + _working_days_left(calendar, now) >= budget.per_week:
        return FoldIntoToday(SendReason.WEEK_USED)
    return SendNow()


def _wait(
    when: datetime | None, now: datetime, calendar: WorkCalendar, not_after: datetime | None
) -> Verdict:
    if when is None:
        return HoldUntil(now + LOOK_AGAIN, SendReason.NO_WORK_IN_SIGHT)
    if not_after is not None and when > not_after:
        return Drop(SendReason.EXPIRES_WAITING)
    if is_working_time(calendar, now):
        return HoldUntil(when, SendReason.QUIET_HOURS)
    if is_working_day(calendar, work_day_of(calendar, now)):
        return HoldUntil(when, SendReason.OUTSIDE_HOURS)
    return HoldUntil(when, SendReason.DAY_OFF)


def _working_days_left(calendar: WorkCalendar, now: datetime) -> int:
    """Count the working days after today in the person's ISO week."""
    today = work_day_of(calendar, now)
    ahead = (today + timedelta(days=n) for n in range(1, 7 - today.weekday()))
    return sum(is_working_day(calendar, day) for day in ahead)


def today_due(
    *,
    now: datetime,
    calendar: WorkCalendar,
    sent: Sent,
    budget: Budget,
    active: bool,
    has_lines: bool,
) -> datetime | None:
    """Return when the person's next Today message is due (`now`: at once), None if not at all.

    `has_lines` says that lines wait which no Today message carried yet. The first goes at the
    start of the working hours, at most one more from midday on; none beyond the budget, and no
    second one that would take the week's room from the first ones of the working days ahead.
    """
    if not (active and has_lines):
        return None
    day = work_day_of(calendar, now)
    if sent.week >= budget.per_week:
        sunday = day + timedelta(days=6 - day.weekday())
        earliest = work_day_range(calendar, day, sunday)[1]
    elif sent.today >= budget.per_day or sent.today_messages >= TODAY_PER_DAY:
        earliest = work_day_range(calendar, day, day)[1]
    elif sent.today_messages and sent.week + _working_days_left(calendar, now) >= budget.per_week:
        earliest = work_day_range(calendar, day, day)[1]  # the first Todays to come go before
    elif sent.today_messages:
        earliest = _second_round(calendar, now)
    else:
        earliest = now
    return next_reachable_instant(calendar, max(now, earliest))


def _second_round(calendar: WorkCalendar, now: datetime) -> datetime:
    """Return local midday, or the middle of hours that do not hold midday (shifts)."""
    day = work_day_of(calendar, now)
    window = window_of(calendar, day)
    midday = clock.to_utc(day, _MIDDAY, calendar.zone)
    if window is None or window.start < midday < window.end:
        return midday
    return window.start + (window.end - window.start) / 2
