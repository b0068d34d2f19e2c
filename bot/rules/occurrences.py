"""Occurrences: what of a schedule is due, what came too late, and what its next slot becomes.

A schedule waits for one slot. Whatever lies between that slot and the present is its backlog: after
a week asleep that is several slots, of which most are too late to be of use.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.rules.calendar import SEARCH_DAYS, Window, WorkCalendar
from bot.rules.schedules import (
    ClockChange,
    NotYet,
    PlannedOccurrence,
    Schedule,
    ScheduleKind,
    TooLate,
    lateness_verdict,
    next_slot,
    planned,
    slot_of,
)
from bot.rules.squads import Squad, Sync

WORKSPACE_TARGET: Final = "workspace"

MADE_UP_FOR: Final = frozenset(
    {ScheduleKind.REFUSALS_REPORT, ScheduleKind.HOUSEKEEPING, ScheduleKind.DRAWS}
)
"""The next run of these takes up everything since the last one, so a skipped one is no loss."""

DOWN_AFTER: Final = timedelta(minutes=5)
"""A clock ticks once a minute at the least, and may be busy; what is shorter makes nothing late."""

_SEARCH: Final = timedelta(days=SEARCH_DAYS)


class OccurrenceState(StrEnum):
    """How an occurrence ended; either way it does not happen again."""

    DONE = "done"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why an occurrence was skipped."""

    ASLEEP = "asleep"  # nothing ran at its time
    FAILED = "failed"  # it was tried until it was too late


@dataclass(frozen=True, slots=True)
class Pending:
    """A schedule and what it waits for, as stored; both are None if nothing is planned."""

    schedule: Schedule
    slot: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOccurrence:
    """One occurrence to be carried out, as the ticker hands it to its job.

    `awaited` is the stored moment that its schedule waited for; None for an occurrence that was
    asked for by hand. `following` is what the schedule waits for next.
    """

    schedule: Schedule
    planned: PlannedOccurrence
    awaited: datetime | None
    following: PlannedOccurrence | None

    @property
    def workspace_id(self) -> int:
        """The workspace it belongs to."""
        return self.schedule.workspace_id

    @property
    def squad_id(self) -> int | None:
        """The squad it belongs to, None for the workspace's own."""
        return self.schedule.squad_id

    @property
    def slot(self) -> str:
        """The local date or ISO week that it is unique by."""
        return self.planned.slot


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is too late, and the first occurrence that is due or still to come."""

    missed: tuple[PlannedOccurrence, ...]
    due: PlannedOccurrence | None
    following: PlannedOccurrence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Occurrences of a squad's schedule that were skipped: how many, and when they were due.

    `found_at` is when they were found to be too late; all instants are aware UTC. `down` is when
    nothing ran, if that is why and it is known; of a sync, `sync` is its name.
    """

    squad: str
    kind: ScheduleKind
    zone: str
    count: int
    first: datetime
    last: datetime
    found_at: datetime
    reason: SkipReason
    upcoming: datetime | None
    target: str = ""
    sync: str | None = None
    down: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A squad's schedules, each with what it waits for, and its syncs by their target."""

    squad: Squad
    entries: tuple[Pending, ...]
    syncs: Mapping[str, Sync] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a change of a schedule.

    `today` tells whether the change counts for the current slot already; else that slot is over,
    or, if `upcoming` comes before `first`, it still runs at the earlier time. `ran` tells whether
    the current slot has run.
    """

    squad: str
    schedule: Schedule
    today: bool
    ran: bool
    first: PlannedOccurrence | None
    upcoming: PlannedOccurrence | None
    sync: Sync | None = None
    odd: ClockChange | None = None


def is_missed(kind: ScheduleKind) -> bool:
    """Tell whether a skipped occurrence of this kind leaves a gap that somebody must hear of."""
    return kind not in MADE_UP_FOR


def squad_target(squad_id: int) -> str:
    """Return the target of a squad's schedules."""
    return f"squad:{squad_id}"


def sync_target(sync_id: int | str) -> str:
    """Return the target of a sync's schedule."""
    return f"sync:{sync_id}"


def sync_of(target: str) -> int | None:
    """Return the key of the sync that a schedule is of; None if it is of something else."""
    name, _, key = target.partition(":")
    return int(key) if name == "sync" else None


def is_down(since: timedelta) -> bool:
    """Tell whether so long without a tick means that nothing ran."""
    return since >= DOWN_AFTER


def from_slot(
    schedule: Schedule, calendar: WorkCalendar, slot: str, until: datetime
) -> Iterator[PlannedOccurrence]:
    """Yield what is planned from a slot on, slot by slot, for as long as one search may take."""
    last = slot_of(schedule.kind, clock.local_day(until + _SEARCH, schedule.zone))
    while slot <= last:
        occurrence = planned(schedule, calendar, slot)
        if occurrence is not None:
            yield occurrence
        slot = next_slot(schedule.kind, slot)


def backlog(schedule: Schedule, calendar: WorkCalendar, slot: str, now: datetime) -> Backlog:
    """Sort what is planned from the awaited slot on into too late, due, and to come."""
    missed: list[PlannedOccurrence] = []
    coming = from_slot(schedule, calendar, slot, now)
    for occurrence in coming:
        verdict = lateness_verdict(occurrence, now)
        if isinstance(verdict, TooLate):
            missed.append(occurrence)
        elif isinstance(verdict, NotYet):
            return Backlog(tuple(missed), None, occurrence)
        else:
            return Backlog(tuple(missed), occurrence, next(coming, None))
    return Backlog(tuple(missed), None, None)


def upcoming(
    pending: Pending, calendar: WorkCalendar, last_slot_run: str | None, now: datetime
) -> PlannedOccurrence | None:
    """Return what a schedule waits for after it, or its calendar, was changed.

    The slot it waited for is never passed over, even if the change puts it into the past: then it
    is late, and lateness decides. An earlier slot comes into question only if still to come.
    """
    schedule = pending.schedule
    current = slot_of(schedule.kind, clock.local_day(now, schedule.zone))
    start = min(current, pending.slot or current)
    for occurrence in from_slot(schedule, calendar, start, now):
        if last_slot_run is not None and occurrence.slot <= last_slot_run:
            continue
        awaited = pending.slot is not None and occurrence.slot >= pending.slot
        if awaited or occurrence.moment > now:
            return occurrence
    return None


def by_hand(pending: Pending, at: datetime) -> DueOccurrence:
    """Return the occurrence of the slot in which an instant lies, to be carried out at once.

    Somebody asks for it, so it needs neither a working day nor its time of day.
    """
    schedule = pending.schedule
    local = clock.to_local(at, schedule.zone)
    asked = PlannedOccurrence(
        schedule_id=schedule.id,
        kind=schedule.kind,
        slot=slot_of(schedule.kind, local.date()),
        target=schedule.target,
        local=local,
        utc=at,
        not_after=at + schedule.lateness,
        moment=at,
    )
    return DueOccurrence(schedule=schedule, planned=asked, awaited=None, following=None)


def realigned(schedule: Schedule, zone: str) -> Schedule:
    """Return a schedule whose squad's zone or days changed; what was read of it before is void."""
    return replace(schedule, zone=zone, revision=schedule.revision + 1)
