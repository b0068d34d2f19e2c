"""What somebody said they would do: who may close it, and on which days it comes back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.calendar import WorkCalendar, window_of, windows
from bot.rules.people import Actor, PersonRef, Role

DUE: Final = "actions.due"
"""The kind of the line that reminds of one (bot/dispatch/kinds/action_items.py)."""

TEXT_LIMIT: Final = 500
"""Longer ones are notes, not actions; a line of Today shows 300 characters."""

AHEAD: Final = timedelta(hours=26)
"""Lines are planned so far ahead, by a nightly job: a day, and what the night may be late by."""

FARTHEST: Final = timedelta(days=366)
"""A due date later than that is a slip of the pen."""


class ActionSource(StrEnum):
    """In what kind of meeting it was said."""

    SYNC = "sync"
    ONE_ON_ONE = "oneonone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """One action item; `said_on` is the day of the last line about it, the owner's."""

    id: int
    workspace_id: int
    squad_id: int
    owner: PersonRef
    text: str
    source: ActionSource
    source_id: int
    private: bool
    created_by: int
    created_at: datetime
    due: date | None = None
    next_at: datetime | None = None
    said_on: date | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None


def line_key(action_id: int, day: date) -> str:
    """Return the key of the line about an action item on one day."""
    return f"{DUE}:{action_id}:{day.isoformat()}"


def may_read(actor: Actor, item: ActionItem) -> bool:
    """Tell whether somebody may read an action item: a private one is its two people's alone."""
    if actor.person_id in {item.owner.person_id, item.created_by}:
        return True
    return not item.private and bool(actor.roles_in(item.squad_id) - {Role.CLIENT})


def may_close(actor: Actor, item: ActionItem) -> bool:
    """Tell whether somebody may say that it is done: its owner, who wrote it down, a manager."""
    if actor.person_id in {item.owner.person_id, item.created_by}:
        return True
    return not item.private and Role.MANAGER in actor.roles_in(item.squad_id)


def first_line(calendar: WorkCalendar | None, due: date, now: datetime) -> datetime | None:
    """Return when it is first said: as the owner starts on its day, or the next one they work.

    None for whoever never works.
    """
    if calendar is None:
        return None
    window = window_of(calendar, due)
    if window is not None and window.end > now:
        return max(now, window.start)
    return next_line(calendar, due, now)


def next_line(calendar: WorkCalendar | None, after: date, now: datetime) -> datetime | None:
    """Return when it is said again: the owner's first start of work on a later day, not past."""
    if calendar is None:
        return None
    later = (
        max(now, window.start)
        for window in windows(calendar, now)
        if clock.local_day(window.start, calendar.zone) > after
    )
    return next(later, None)


def read_text(text: str, field: str | None = None) -> str:
    """Return what is to be done on one line; `field` is where it stands in a form, if in one.

    Raises BadInput("action_empty", "action_long").
    """
    line = " ".join(text.split())
    if not line:
        raise BadInput("action_empty", field=field)
    if len(line) > TEXT_LIMIT:
        raise BadInput("action_long", limit=TEXT_LIMIT, field=field)
    return line


def check_due(due: date | None, today: date, field: str | None = None) -> date | None:
    """Return a due date. Raises BadInput("action_past", "action_far")."""
    if due is not None and due < today:
        raise BadInput("action_past", day=due.isoformat(), field=field)
    if due is not None and due > today + FARTHEST:
        raise BadInput("action_far", day=due.isoformat(), field=field)
    return due
