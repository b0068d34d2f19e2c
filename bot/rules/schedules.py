"""Schedules: which occurrence is planned for which slot, and whether it is still worth its while.

A slot is what an occurrence is unique by: a local date (`2026-11-22`) or an ISO week (`2026-W47`).
The time of day is an attribute, so no change of the clocks or of the schedule makes a slot run
twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.calendar import SEARCH_DAYS, WorkCalendar, is_working_day
from bot.rules.half_days import at_work
from bot.rules.squads import Sync


class ScheduleKind(StrEnum):
    """What runs on a schedule."""

    DAILY_DIGEST = "daily_digest"
    WEEKLY_DIGEST = "weekly_digest"
    TODAY = "today"
    SYNC = "sync"
    REFUSALS_REPORT = "refusals_report"
    HOUSEKEEPING = "housekeeping"
    DRAWS = "draws"


BY_WEEK: Final = frozenset({ScheduleKind.WEEKLY_DIGEST})
"""These have one slot per ISO week; on a day off they move to the next working day."""

EVERY_DAY: Final = frozenset({ScheduleKind.HOUSEKEEPING, ScheduleKind.DRAWS})
"""These speak to nobody and also run on days off."""

DEFAULT_LATENESS: Final[Mapping[ScheduleKind, timedelta]] = MappingProxyType(
    {
        ScheduleKind.DAILY_DIGEST: timedelta(hours=4),  # after lunch, yesterday is old news
        ScheduleKind.WEEKLY_DIGEST: timedelta(hours=24),
        ScheduleKind.TODAY: timedelta(hours=4),  # the one after midday takes the lines over
        ScheduleKind.SYNC: timedelta(minutes=10),  # the sync is then under way
        ScheduleKind.REFUSALS_REPORT: timedelta(hours=12),
        ScheduleKind.HOUSEKEEPING: timedelta(hours=23),
        ScheduleKind.DRAWS: timedelta(hours=23),
    }
)
"""What a new schedule starts with; the limit that counts is the schedule's own."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_YEAR: Final = timedelta(days=366)
_BACK: Final = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120))
"""How far clocks are set back: Lord Howe, nearly everybody, Troll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A plan in local time of `zone`.

    `weekday` (0 = Monday) is needed by the kinds in `BY_WEEK`; others with None run on every
    working day. Slots before `effective_slot` are planned by `earlier_time` and `earlier_weekday`,
    and not at all if there is no earlier time. It runs `lead` before its time, though not before
    that day begins, and is too late `lateness` after its time. Raises `BadInput`:
    `weekday_missing`, `bad_weekday`.
    """

    id: int
    workspace_id: int
    squad_id: int | None
    kind: ScheduleKind
    target: str
    local_time: time
    zone: str
    lateness: timedelta
    lead: timedelta = timedelta()
    weekday: int | None = None
    revision: int = 1
    effective_slot: str | None = None
    earlier_time: time | None = None
    earlier_weekday: int | None = None

    def __post_init__(self) -> None:
        if self.weekday is None and self.kind in BY_WEEK:
            raise BadInput("weekday_missing", kind=self.kind)
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise BadInput("bad_weekday", weekdays=[self.weekday])


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOccurrence:
    """One run that is to happen: unique by (schedule_id, slot, target).

    `local` is what the wall clock shows at `utc`; `moment` is the schedule's own time on that day,
    which with a lead is later than `utc`; after `not_after` it is too late.
    """

    schedule_id: int
    kind: ScheduleKind
    slot: str
    target: str
    local: datetime
    utc: datetime
    not_after: datetime
    moment: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Run it."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Its time comes at `when`."""

    when: datetime


@dataclass(frozen=True, slots=True)
class TooLate:
    """Skip it, and say so."""

    late_by: timedelta
    reason: str = "too_late"


LatenessVerdict = Due | NotYet | TooLate


def slot_of(kind: ScheduleKind, day: date) -> str:
    """Return the slot of a kind that a local date lies in."""
    if kind in BY_WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return day.isoformat()


def next_slot(kind: ScheduleKind, slot: str) -> str:
    """Return the slot after a slot, planned for or not. Raises ValueError if it is no slot."""
    return slot_of(kind, _first_day(slot) + (_WEEK if kind in BY_WEEK else _DAY))


def _first_day(slot: str) -> date:
    return date.fromisoformat(slot)  # reads an ISO week too, as its Monday


def planned(schedule: Schedule, calendar: WorkCalendar, slot: str) -> PlannedOccurrence | None:
    """Return what a schedule plans in a slot, None if nothing.

    `calendar` says which days are worked; only days are taken from it, the time is the
    schedule's own. Nothing is planned on a day off, or on a date that the zone left out, and no
    meeting outside of the hours of a half day.
    """
    at, weekday = schedule.local_time, schedule.weekday
    if schedule.effective_slot is not None and slot < schedule.effective_slot:
        if schedule.earlier_time is None:
            return None
        at, weekday = schedule.earlier_time, schedule.earlier_weekday
    if schedule.kind in BY_WEEK:
        day = _day_of_week(schedule, calendar, slot, weekday)
    else:
        day = _first_day(slot)
        if weekday not in {None, day.weekday()} or not _runs_on(schedule, calendar, day):
            day = None
    if day is None or (schedule.kind is ScheduleKind.SYNC and not _meets(calendar, day, at)):
        return None
    moment = clock.to_utc(day, at, schedule.zone)
    utc = moment
    if schedule.lead:
        utc = max(moment - schedule.lead, clock.to_utc(day, time(), schedule.zone))
    return PlannedOccurrence(
        schedule_id=schedule.id,
        kind=schedule.kind,
        slot=slot,
        target=schedule.target,
        local=clock.to_local(utc, schedule.zone),
        utc=utc,
        not_after=moment + schedule.lateness,
        moment=moment,
    )


def _meets(calendar: WorkCalendar, day: date, at: time) -> bool:
    """Tell whether people are at work for a meeting, on what may be a half day."""
    return all(at_work(half, at) for half in calendar.half_days if half.day == day)


def meeting_start(sync: Sync, day: date, zone: str) -> datetime:
    """Return when a sync starts on a local day of its squad's zone, as aware UTC.

    A change that came too late for a day leaves that day's meeting where it was.
    """
    changed = sync.effective_day is None or day >= sync.effective_day
    at = sync.local_time if changed or sync.earlier_time is None else sync.earlier_time
    return clock.to_utc(day, at, zone)


def _runs_on(schedule: Schedule, calendar: WorkCalendar, day: date) -> bool:
    if not clock.day_exists(day, schedule.zone):
        return False
    return schedule.kind in EVERY_DAY or is_working_day(calendar, day)


def _day_of_week(
    schedule: Schedule, calendar: WorkCalendar, slot: str, weekday: int | None
) -> date | None:
    """Return the weekday of an ISO week, or the next working day within seven days from it.

    A longer stretch of days off is left to the next slot, or two would fall on the same day.
    """
    chosen = schedule.weekday if weekday is None else weekday
    wanted = _first_day(slot) + (chosen or 0) * _DAY
    days = (wanted + n * _DAY for n in range(7))
    return next((day for day in days if _runs_on(schedule, calendar, day)), None)


def occurrences(
    schedule: Schedule, calendar: WorkCalendar, start_utc: datetime, end_utc: datetime
) -> Iterator[PlannedOccurrence]:
    """Yield what is planned in `[start_utc, end_utc)`, one per slot, in the order of the slots.

    A person's own schedule is this one with their calendar, zone and target.
    """
    step = _WEEK if schedule.kind in BY_WEEK else _DAY
    # A week's run may move by six days, and a skipped local time past midnight: look wider.
    day = clock.local_day(start_utc, schedule.zone) - 2 * step
    last = clock.local_day(end_utc, schedule.zone) + step
    while day <= last:
        occurrence = planned(schedule, calendar, slot_of(schedule.kind, day))
        if occurrence is not None and start_utc <= occurrence.utc < end_utc:
            yield occurrence
        day += step


def next_occurrence(
    schedule: Schedule, calendar: WorkCalendar, after_utc: datetime
) -> PlannedOccurrence | None:
    """Return the first occurrence later than `after_utc`; None if `SEARCH_DAYS` bring none."""
    first = after_utc + timedelta.resolution
    for begin, end in ((0, 8), (8, SEARCH_DAYS)):  # a week nearly always suffices
        stretch = (first + begin * _DAY, first + end * _DAY)
        occurrence = next(occurrences(schedule, calendar, *stretch), None)
        if occurrence is not None:
            return occurrence
    return None


def lateness_verdict(occurrence: PlannedOccurrence, now: datetime) -> LatenessVerdict:
    """Decide whether an occurrence runs now; at exactly its limit it still does."""
    if now < occurrence.utc:
        return NotYet(occurrence.utc)
    if now > occurrence.not_after:
        return TooLate(now - occurrence.utc)
    return Due()


def reschedule(
    schedule: Schedule,
    calendar: WorkCalendar,
    *,
    new_time: time,
    last_slot_run: str | None,
    now: datetime,
    new_weekday: int | None = None,
) -> tuple[Schedule, str]:
    """Change a schedule's time (and weekday, if given); return it and the first slot it counts for.

    That is the current slot if it has not run and its new moment is still ahead; else the next
    slot, and what is left of the current one stays as it was planned. For a sync no weekday means
    every working day.
    """
    current = slot_of(schedule.kind, clock.local_day(now, schedule.zone))
    ran = last_slot_run is not None and last_slot_run >= current
    effective = next_slot(schedule.kind, max(current, last_slot_run or "")) if ran else current
    changed = _changed(schedule, new_time, new_weekday, current, effective)
    if not ran:
        moment = planned(changed, calendar, current)
        if moment is not None and moment.moment <= now:
            effective = next_slot(schedule.kind, current)
            changed = _changed(schedule, new_time, new_weekday, current, effective)
    return changed, effective


def _changed(
    schedule: Schedule, new_time: time, new_weekday: int | None, current: str, effective: str
) -> Schedule:
    """Lay a change over what holds for the current slot (which may itself await a change)."""
    awaits = schedule.effective_slot is not None and current < schedule.effective_slot
    keeps_day = new_weekday is None and schedule.kind is not ScheduleKind.SYNC
    return replace(
        schedule,
        local_time=new_time,
        weekday=schedule.weekday if keeps_day else new_weekday,
        revision=schedule.revision + 1,
        effective_slot=effective,
        earlier_time=schedule.earlier_time if awaits else schedule.local_time,
        earlier_weekday=schedule.earlier_weekday if awaits else schedule.weekday,
    )


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A day on which the clocks skip a schedule's time, which then is at `at`, or show it twice."""

    day: date
    at: time
    twice: bool


def shown_twice(moment: datetime, zone: str) -> bool:
    """Tell whether a wall clock shows the time of an instant once more, later."""
    face = clock.to_local(moment, zone).replace(tzinfo=None)
    return any(clock.to_local(moment + by, zone).replace(tzinfo=None) == face for by in _BACK)


def next_clock_change(
    schedule: Schedule, calendar: WorkCalendar, now: datetime
) -> ClockChange | None:
    """Return the next day within a year on which the clocks touch a schedule's own time."""
    day = clock.local_day(now, schedule.zone)
    last = day + _YEAR
    while day <= last:
        if clock.changes_on(day, schedule.zone):
            found = planned(schedule, calendar, slot_of(schedule.kind, day))
            if found is not None and found.moment > now:
                local = clock.to_local(found.moment, schedule.zone)
                twice = shown_twice(found.moment, schedule.zone)
                if twice or local.time() != schedule.local_time:
                    return ClockChange(local.date(), local.time(), twice)
        day += _DAY
    return None
