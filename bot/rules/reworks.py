"""Rework: a rejected task on its way back through its contributor, with its clock.

One rework of a submission is under way at a time: what another audit of it finds meanwhile is
mended with it. Its clock runs in the working time of the contributor, stands still while a finding
of the audit behind it is disputed, and ends when the contributor says that it is fixed, or hands it
in anew. A fix made while a dispute is open counts from then, and is looked at once it is decided,
for the ruling may say that there was nothing to mend. A rework whose contributor paused or left
stays as it is and goes to nobody else; managers see it so, and may cancel it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.calendar import (
    WorkCalendar,
    add_working_days,
    add_working_time,
    window_of,
    work_day_of,
    working_seconds_between,
)
from bot.rules.numbers import Rate, Spread
from bot.rules.people import PersonRef

DUE: Final = "reworks.due"
OVERDUE: Final = "reworks.overdue"
LATE: Final = "reworks.late"
"""Kinds of messages: what is due today, what is over its time, and the same for managers."""

DUE_DAYS: Final = 1
"""Working days of the contributor after the day of the message: to mend a task takes less than to
make it, and an auditor has to look at it again before the batch can leave."""

NOTE_LIMIT: Final = 500
"""Characters of a note to the auditor: what was changed, not a second dispute."""

NOTE_FIELD: Final = "rework_note"

_MOMENT: Final = timedelta(microseconds=1)


class ReworkState(StrEnum):
    """Where a rework stands; a dispute stops its clock without being a state of it."""

    OPEN = "open"  # with its contributor
    FIXED = "fixed"  # waits for an auditor
    ACCEPTED = "accepted"
    RETURNED = "returned"  # the fix was rejected, and another round was opened
    CANCELLED = "cancelled"  # the finding was overturned, or nobody can mend it any more


UNDER_WAY: Final = frozenset({ReworkState.OPEN, ReworkState.FIXED})
"""States in which something is still to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row. `stopped_at` is since when a dispute stops it, `stopped_s` what earlier stops took.

    In state fixed `stopped_at` says that the fix is kept back from the auditors, and takes no time.
    `took_s` is the contributor's working time until the fix, stops left out.
    """

    rework_id: int
    workspace_id: int
    project_id: int
    squad_id: int
    contributor_id: int
    submission_id: int
    chain_id: int
    audit_id: int
    round: int
    state: ReworkState
    due_at: datetime | None
    opened_at: datetime
    stopped_at: datetime | None
    stopped_s: int
    fixed_at: datetime | None
    took_s: int | None
    note: str | None
    settled_at: datetime | None
    result_id: int | None

    @property
    def under_way(self) -> bool:
        """Whether something is still to be done."""
        return self.state in UNDER_WAY

    @property
    def waits(self) -> bool:
        """Whether its contributor has to do something: it is open, and its clock runs."""
        return self.state is ReworkState.OPEN and self.stopped_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether its contributor is late with it."""
        return self.waits and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRework:
    """What is stored of a new one."""

    project_id: int
    squad_id: int
    contributor_id: int
    submission_id: int
    chain_id: int
    audit_id: int
    round: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A rework as people read it, on the wall clock of `zone`."""

    stored: Stored
    task: str
    link: str | None
    project: str
    squad: str
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A rework as a manager reads it; `person` is None where names are not shown.

    `here` says whether its contributor is still at work in the squad.
    """

    task: Task
    person: PersonRef | None
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadReworks:
    """A squad's tasks that are with their contributors: how many, and those that may be listed.

    `orphaned` have nobody who could mend them.
    """

    squad_id: int
    squad: str
    open: int
    overdue: int
    orphaned: int
    listed: tuple[Managed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReworkFigures:
    """What became of the reworks of a squad's project in a period.

    `opened` counts first rounds opened in it. `second_try` is the share of first fixes judged in
    it that were accepted, `to_fix` the working seconds of the fixes made in it, stops left out.
    `first_pass` is the share of work, drawn at random and first judged in it, that was accepted
    before any rework; weighted, unless a weight of it is not known.
    """

    opened: int
    fixed: int
    second_try: Rate
    to_fix: Spread
    first_pass: Rate


def due(calendar: WorkCalendar | None, told_at: datetime) -> datetime | None:
    """Return by when a task should be mended, by the calendar of who was told at `told_at`."""
    return None if calendar is None else add_working_days(calendar, told_at, DUE_DAYS)


def remind_at(calendar: WorkCalendar, due_at: datetime) -> datetime:
    """Return when the working hours begin in which a rework is due."""
    window = window_of(calendar, work_day_of(calendar, due_at - _MOMENT))
    return due_at if window is None else min(window.start, due_at)


def due_day(calendar: WorkCalendar, due_at: datetime) -> str:
    """Return the person's own working day of a deadline, which is the end of hours, as ISO date."""
    return work_day_of(calendar, due_at - _MOMENT).isoformat()


def due_today(rework: Stored, calendar: WorkCalendar, now: datetime) -> bool:
    """Tell whether a rework has to be mended on the person's working day of `now`."""
    if not rework.waits or rework.due_at is None or rework.due_at < now:
        return False
    return work_day_of(calendar, rework.due_at - _MOMENT) <= work_day_of(calendar, now)


def elapsed(calendar: WorkCalendar | None, start: datetime, end: datetime) -> float:
    """Return the seconds of working time between two instants; of all time without a calendar."""
    if end <= start:
        return 0.0
    if calendar is None:
        return (end - start).total_seconds()
    return working_seconds_between(calendar, start, end)


def stop(rework: Stored, now: datetime) -> Stored:
    """Return a rework whose clock stands still from now on; one that does already is unchanged."""
    if not rework.under_way or rework.stopped_at is not None:
        return rework
    return replace(rework, stopped_at=now)


def go_on(rework: Stored, calendar: WorkCalendar | None, now: datetime) -> Stored:
    """Return a rework whose clock runs again, its deadline later by what the stop took.

    For one that was fixed meanwhile no time is at stake any more.
    """
    if rework.stopped_at is None:
        return rework
    going = replace(rework, stopped_at=None)
    if rework.state is not ReworkState.OPEN:
        return going
    lost = elapsed(calendar, rework.stopped_at, now)
    later = rework.due_at
    if later is not None and calendar is not None:
        later = add_working_time(calendar, later, timedelta(seconds=lost)) or later
    return replace(going, stopped_s=rework.stopped_s + round(lost), due_at=later)


def fix(
    rework: Stored, calendar: WorkCalendar | None, at: datetime, note: str | None = None
) -> Stored:
    """Return a rework that was mended at `at`; its clock ends, whether it ran or stood still."""
    stopped_s = rework.stopped_s
    if rework.stopped_at is not None:
        stopped_s += round(elapsed(calendar, rework.stopped_at, at))
    took_s = max(0, round(elapsed(calendar, rework.opened_at, at)) - stopped_s)
    return replace(
        rework,
        state=ReworkState.FIXED,
        fixed_at=at,
        stopped_s=stopped_s,
        took_s=took_s,
        note=note,
    )


def handed_in(rework: Stored, submitted_at: datetime, now: datetime) -> datetime:
    """Return when work was mended that a file brings anew: as it says, if that can be."""
    return submitted_at if rework.opened_at < submitted_at <= now else now
