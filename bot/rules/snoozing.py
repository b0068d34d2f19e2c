"""Reminders put off: for an hour, until tomorrow, until one is back; and the groups of Today."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.budget import DeliveryClass, SendReason
from bot.rules.calendar import WorkCalendar, next_reachable_instant, work_day_of, work_day_range

HOUR: Final = timedelta(hours=1)


class Snooze(StrEnum):
    """What a person may do with a reminder that they will not deal with now."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    BACK = "back"  # from time off
    DONE = "done"  # ticked off by hand, where nothing else settles it


class Topic(StrEnum):
    """The groups of a Today message, in the order in which they are shown."""

    DUE = "due"  # theirs to do today, or late
    WAITING = "waiting"  # somebody waits for them
    MEETINGS = "meetings"
    READ = "read"
    OTHER = "also"


@dataclass(frozen=True, slots=True)
class PutOff:
    """A reminder that comes back at `until` (aware UTC); `zone` is its person's."""

    until: datetime
    zone: str


class Why(StrEnum):
    """Why something waits for a person."""

    TODAY = "today"  # it can wait for the next Today message
    BUDGET = "budget"  # they had as many messages as a day or a week holds
    HOURS = "hours"  # they do not work now
    QUIET = "quiet"
    SNOOZED = "snoozed"
    TURN = "turn"


_WHY: Final[Mapping[str, Why]] = {
    SendReason.CLASS_TODAY: Why.TODAY,
    SendReason.DAY_USED: Why.BUDGET,
    SendReason.WEEK_USED: Why.BUDGET,
    SendReason.OUTSIDE_HOURS: Why.HOURS,
    SendReason.DAY_OFF: Why.HOURS,
    SendReason.NO_WORK_IN_SIGHT: Why.HOURS,
    SendReason.QUIET_HOURS: Why.QUIET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that waits: `reason` is the outbox's, `again` tells what was put off."""

    kind: str
    is_line: bool
    reason: str | None
    due_at: datetime
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """What waits for a person for one reason: how many of each kind, and until when.

    `when` is None where that cannot be said.
    """

    why: Why
    when: datetime | None
    kinds: Mapping[str, int]


def held_back(
    waiting: Iterable[Waiting], now: datetime, next_today: datetime | None
) -> tuple[HeldBack, ...]:
    """Sort what waits by when it comes and why; what is only planned for later is not held back."""
    groups: dict[tuple[datetime | None, Why], Counter[str]] = {}
    for each in waiting:
        why = Why.SNOOZED if each.again else _WHY.get(each.reason or "")
        if each.due_at > now and why is None:
            continue
        if why is None:
            why = Why.TODAY if each.is_line else Why.TURN
        when = next_today if each.is_line and each.due_at <= now else max(each.due_at, now)
        groups.setdefault((when, why), Counter())[each.kind] += 1
    return tuple(
        HeldBack(why=why, when=when, kinds=dict(groups[when, why]))
        for when, why in sorted(groups, key=lambda group: (group[0] is None, group[0] or now))
    )


def comes_back(choice: Snooze, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """Return when a reminder comes back; None if that cannot be said.

    Never outside the person's hours. `BACK` is after the time off that they are on, else after
    the next one that they noted; without any it cannot be said.
    """
    if choice is Snooze.HOUR:
        return next_reachable_instant(calendar, now + HOUR)
    today = work_day_of(calendar, now)
    if choice is Snooze.TOMORROW:
        return next_reachable_instant(calendar, work_day_range(calendar, today, today)[1])
    spans = sorted(span.last for span in calendar.time_off if span.last >= today)
    if choice is Snooze.DONE or not spans:
        return None
    return next_reachable_instant(calendar, work_day_range(calendar, spans[0], spans[0])[1])


def class_of(choice: Snooze) -> DeliveryClass:
    """Return how it comes back: an hour is meant as an hour, the others are lines of a Today.

    It counts like any other message, so that over the budget it is a line all the same.
    """
    return DeliveryClass.NOW if choice is Snooze.HOUR else DeliveryClass.TODAY
