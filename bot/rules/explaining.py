"""Why an occurrence is planned, moved or skipped, slot by slot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.rules.calendar import Window, WorkCalendar
from bot.rules.half_days import written
from bot.rules.occurrences import OccurrenceState, SkipReason
from bot.rules.schedules import (
    BY_WEEK,
    EVERY_DAY,
    PlannedOccurrence,
    Schedule,
    ScheduleKind,
    next_slot,
    planned,
    shown_twice,
    slot_of,
)

_DAY: Final = timedelta(days=1)

LOOKED_AHEAD: Final = timedelta(weeks=8)
"""Longer than any stretch of holidays on one weekday; whoever meets no more in it knows."""


class Outcome(StrEnum):
    """What becomes, or became, of a slot."""

    PLANNED = "planned"
    MOVED = "moved"
    SKIPPED = "skipped"
    DONE = "done"


class Why(StrEnum):
    """Why."""

    AS_SET = "as_set"
    EARLIER = "earlier"  # a change counts from a later slot on
    MOVED_DAY = "moved_day"  # a week's run, to the next working day
    MOVED_CLOCK = "moved_clock"  # the clocks skip its time
    TWICE = "twice"  # the clocks show its time twice
    DAY_OFF = "day_off"
    TIME_OFF = "time_off"
    HOLIDAY = "holiday"
    HALF_DAY = "half_day"
    NO_DATE = "no_date"  # the zone left that date out
    NOT_YET = "not_yet"  # the schedule begins later
    TOO_LATE = "too_late"
    FAILED = "failed"
    RAN = "ran"
    NO_CHANNEL = "no_channel"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One slot of a schedule: `day` is the local date that it is meant for.

    `cause` says why that day is not worked where another reason follows from it; `detail` names a
    holiday, or the hours of a half day. `down` is when nothing ran.
    """

    schedule: Schedule
    slot: str
    day: date
    outcome: Outcome
    why: Why
    occurrence: PlannedOccurrence | None = None
    cause: Why | None = None
    detail: str = ""
    sync: str | None = None
    happened_at: datetime | None = None
    down: Window | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What the store knows of a slot that is over."""

    state: OccurrenceState
    reason: SkipReason | None
    at: datetime
    due_at: datetime


def explain(
    schedule: Schedule,
    calendar: WorkCalendar,
    holidays: Mapping[date, str],
    first: date,
    last: date,
) -> Iterator[Explained]:
    """Yield the slots meant for local days from `first` to `last`, both included, in order."""
    slot = slot_of(schedule.kind, first)
    while True:
        day = _meant_for(schedule, slot)
        if day > last:
            return
        if day >= first and _has_slot(schedule, slot, day):
            yield _explained(schedule, calendar, holidays, slot, day)
        slot = next_slot(schedule.kind, slot)


def left_out(
    schedule: Schedule, calendar: WorkCalendar, holidays: Mapping[date, str], after: date
) -> tuple[tuple[Explained, ...], date | None]:
    """Return the slots after a day that are left out, up to the next that is not, and its day.

    None stands for a day farther off than `LOOKED_AHEAD`.
    """
    skipped: list[Explained] = []
    for each in explain(schedule, calendar, holidays, after + _DAY, after + LOOKED_AHEAD):
        if each.outcome is not Outcome.SKIPPED:
            return tuple(skipped), each.day
        skipped.append(each)
    return tuple(skipped), None


def _times(schedule: Schedule, slot: str) -> tuple[time, int | None]:
    """Return the time and weekday that hold for a slot."""
    if _awaits(schedule, slot) and schedule.earlier_time is not None:
        return schedule.earlier_time, schedule.earlier_weekday
    return schedule.local_time, schedule.weekday


def _awaits(schedule: Schedule, slot: str) -> bool:
    return schedule.effective_slot is not None and slot < schedule.effective_slot


def _meant_for(schedule: Schedule, slot: str) -> date:
    day = date.fromisoformat(slot)
    if schedule.kind not in BY_WEEK:
        return day
    _, weekday = _times(schedule, slot)
    return day + (weekday or 0) * _DAY


def _has_slot(schedule: Schedule, slot: str, day: date) -> bool:
    _, weekday = _times(schedule, slot)
    return schedule.kind in BY_WEEK or weekday in {None, day.weekday()}


def _explained(
    schedule: Schedule, calendar: WorkCalendar, holidays: Mapping[date, str], slot: str, day: date
) -> Explained:
    found = planned(schedule, calendar, slot)
    cause, detail = _day_off(schedule, calendar, holidays, day)
    plain = Explained(
        schedule=schedule,
        slot=slot,
        day=day,
        outcome=Outcome.PLANNED,
        why=Why.EARLIER if _awaits(schedule, slot) else Why.AS_SET,
        occurrence=found,
        detail=detail,
    )
    if found is None:
        unborn = _awaits(schedule, slot) and schedule.earlier_time is None
        why = Why.NOT_YET if unborn else cause or Why.HALF_DAY
        return replace(plain, outcome=Outcome.SKIPPED, why=why)
    local = clock.to_local(found.moment, schedule.zone)
    if cause is not None and schedule.kind in BY_WEEK:
        return replace(plain, outcome=Outcome.MOVED, why=Why.MOVED_DAY, cause=cause)
    if local.time() != _times(schedule, slot)[0]:
        return replace(plain, outcome=Outcome.MOVED, why=Why.MOVED_CLOCK)
    return replace(plain, why=Why.TWICE) if shown_twice(found.moment, schedule.zone) else plain


def _day_off(
    schedule: Schedule, calendar: WorkCalendar, holidays: Mapping[date, str], day: date
) -> tuple[Why | None, str]:
    """Return why a day is not worked, None if it is, and what that reason is called."""
    half = next((half for half in calendar.half_days if half.day == day), None)
    if not clock.day_exists(day, schedule.zone):
        return Why.NO_DATE, ""
    if schedule.kind in EVERY_DAY:
        return None, ""
    if day.weekday() not in calendar.working_days:
        return Why.DAY_OFF, ""
    if day in calendar.holidays:
        return Why.HOLIDAY, holidays.get(day, "")
    if any(day in span for span in calendar.time_off):
        return Why.TIME_OFF, ""
    return None, "" if half is None else written(half)


def named(explained: Explained, sync: str | None) -> Explained:
    """Return a slot with the name of its sync, if it is of one."""
    return replace(explained, sync=sync)


def overlaid(explained: Explained, happened: Happened, down: Window | None) -> Explained:
    """Return a slot that is over as it went."""
    if happened.state is OccurrenceState.DONE:
        return replace(
            explained, outcome=Outcome.DONE, why=Why.RAN, happened_at=happened.at, cause=None
        )
    why = Why.FAILED if happened.reason is SkipReason.FAILED else Why.TOO_LATE
    return replace(
        explained,
        outcome=Outcome.SKIPPED,
        why=why,
        happened_at=happened.at,
        cause=None,
        down=None if why is Why.FAILED else down,
    )


def refused(explained: Explained, why: Why) -> Explained:
    """Return a slot that would run, if the squad were not archived or had a channel."""
    if explained.outcome in {Outcome.SKIPPED, Outcome.DONE}:
        return explained
    return replace(explained, outcome=Outcome.SKIPPED, why=why, cause=None)


def holiday_names(
    country: str | None, subdivision: str | None, first: date, last: date
) -> dict[date, str]:
    """Return the public holidays of some days with their names, in English where they have one."""
    if country is None:
        return {}
    import holidays  # noqa: PLC0415 - 0.1 s and some memory that few processes need

    years = range(first.year, last.year + 1)
    languages = getattr(holidays.country_holidays(country), "supported_languages", ())
    english = "en_US" if "en_US" in languages else None
    try:
        found = holidays.country_holidays(
            country, subdiv=subdivision, years=years, language=english
        )
    except NotImplementedError:
        return {}
    return {day: name for day, name in found.items() if first <= day <= last}


def needs_digest_channel(kind: ScheduleKind) -> bool:
    """Tell whether a kind is posted nowhere without that channel; agendas go to managers then."""
    return kind in {ScheduleKind.DAILY_DIGEST, ScheduleKind.WEEKLY_DIGEST}
