"""Notes without an author: to whom they go, and when they arrive."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.rules.calendar import WorkCalendar, add_working_days

ARRIVED: Final = "pulse.notes"
NOTE_LIMIT: Final = 2000
REPLY_LIMIT: Final = 2000
ARRIVES: Final = time(10)
"""Everything that is due arrives at this hour, in random order: nobody was just seen typing."""

WORKING_DAYS: Final = 2
KEPT: Final = timedelta(days=90)

TO_FIELD: Final = "pulse_note_to"
TEXT_FIELD: Final = "pulse_note_text"
REPLY_FIELD: Final = "pulse_note_reply"


class NoteTo(StrEnum):
    """Who reads a note."""

    MANAGERS = "managers"
    CONTACT = "contact"  # the person whom the operator named; managers never see it


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as its reader sees it; `mark` names it and leads to nobody."""

    mark: bytes
    squad_id: int
    recipient: NoteTo
    text: str
    reply: str | None


def arrival(calendar: WorkCalendar, now: datetime) -> datetime:
    """Return when a note arrives: at the fixed hour of the second working day after today."""
    moment = add_working_days(calendar, now, WORKING_DAYS) or now + timedelta(days=WORKING_DAYS)
    day = clock.local_day(moment, calendar.zone)
    return clock.to_utc(day, ARRIVES, calendar.zone)
