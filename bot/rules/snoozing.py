"""Reminders put off: for an hour, until tomorrow, until one is back; and the groups of Today."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.budget import DeliveryClass
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
