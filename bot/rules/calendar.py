"""Working days and hours: when somebody works, when a bot may reach them, when a clock runs out.

A working day is named by the local date on which its hours begin, so hours over midnight
(22:00-06:00) belong to the evening's date, which is also the one that a holiday or time off takes
away. Every search gives up after `SEARCH_DAYS` days without work and then returns None.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.half_days import HalfDay, Moment, cut

SEARCH_DAYS: Final = 400
"""Longer than a year of leave; whoever has no working day in sight by then needs a person."""

_DAY: Final = timedelta(days=1)
_LOOK_BACK: Final = 2 * _DAY  # one for hours over midnight, one for a date that a zone left out
_NOTHING: Final = timedelta()


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Local days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time `[start, end)`, aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """When a squad or a person works, on the wall clock of `zone`. Build it by `make_calendar`.

    Weekdays count from 0 = Monday. `end` at or before `start` means the next day. `quiet` hours
    do not shorten work, half days do.
    """

    zone: str
    working_days: frozenset[int]
    start: time
    end: time
    holidays: frozenset[date] = frozenset()
    time_off: tuple[DateSpan, ...] = ()
    quiet: tuple[time, time] | None = None
    half_days: tuple[HalfDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalHours:
    """What a person set for themselves; None stands for "as the squad". See `make_hours`."""

    zone: str | None = None
    working_days: frozenset[int] | None = None
    hours: tuple[time, time] | None = None
    holidays: frozenset[date] | None = None
    time_off: tuple[DateSpan, ...] = ()
    quiet: tuple[time, time] | None = None


def make_calendar(
    zone: str,
    working_days: Iterable[int],
    hours: tuple[time, time],
    *,
    holidays: Iterable[date] = (),
    time_off: Iterable[DateSpan] = (),
    quiet: tuple[time, time] | None = None,
    half_days: Iterable[HalfDay] = (),
) -> WorkCalendar:
    """Check and build a calendar.

    Raises `BadInput`: `unknown_zone`, `no_working_days`, `bad_weekday`, `working_hours_empty`,
    `quiet_hours_empty`, or `quiet_hours_cover_work` (start, end) if no hour would be left.
    """
    calendar = WorkCalendar(
        zone=clock.zone(zone),
        working_days=_checked_days(working_days),
        start=hours[0],
        end=hours[1],
        holidays=frozenset(holidays),
        time_off=tuple(time_off),
        quiet=quiet,
        half_days=tuple(half_days),
    )
    _check_hours(hours, "working_hours_empty")
    if quiet is not None:
        _check_hours(quiet, "quiet_hours_empty")
        if quiet_covers_work(calendar):
            raise BadInput("quiet_hours_cover_work", start=hours[0], end=hours[1])
    return calendar


def make_hours(
    *,
    zone: str | None = None,
    working_days: Iterable[int] | None = None,
    hours: tuple[time, time] | None = None,
    holidays: Iterable[date] | None = None,
    time_off: Iterable[DateSpan] = (),
    quiet: tuple[time, time] | None = None,
) -> PersonalHours:
    """Check and build what a person set. Raises as `make_calendar`; quiet is not held to work."""
    if hours is not None:
        _check_hours(hours, "working_hours_empty")
    if quiet is not None:
        _check_hours(quiet, "quiet_hours_empty")
    return PersonalHours(
        zone=None if zone is None else clock.zone(zone),
        working_days=None if working_days is None else _checked_days(working_days),
        hours=hours,
        holidays=None if holidays is None else frozenset(holidays),
        time_off=tuple(time_off),
        quiet=quiet,
    )


def _checked_days(working_days: Iterable[int]) -> frozenset[int]:
    days = frozenset(working_days)
    if not days:
        raise BadInput("no_working_days")
    if not days <= frozenset(range(7)):
        raise BadInput("bad_weekday", weekdays=sorted(days))
    return days


def _check_hours(hours: tuple[time, time], code: str) -> None:
    if hours[0] == hours[1]:
        raise BadInput(code, start=hours[0], end=hours[1])


def merge(squad: WorkCalendar, person: PersonalHours) -> WorkCalendar:
    """Read the squad's calendar as one person lives it: their zone, and their settings over it.

    Time off adds up; everything else that the person set replaces the squad's. Never raises: quiet
    hours may then cover all of the work, which `quiet_covers_work` tells.
    """
    start, end = person.hours or (squad.start, squad.end)
    return WorkCalendar(
        zone=person.zone or squad.zone,
        working_days=person.working_days or squad.working_days,
        start=start,
        end=end,
        holidays=squad.holidays if person.holidays is None else person.holidays,
        time_off=squad.time_off + person.time_off,
        quiet=person.quiet or squad.quiet,
        half_days=squad.half_days,
    )


def quiet_covers_work(cal: WorkCalendar) -> bool:
    """Tell whether quiet hours leave no minute of an ordinary working day."""
    if cal.quiet is None:
        return False
    day = date(2001, 1, 1)  # any day: clocks that never change need no zone
    work = _on_a_plain_clock(day, cal.start, cal.end)
    quiets = (_on_a_plain_clock(day + n * _DAY, *cal.quiet) for n in (-1, 0, 1))
    return not list(_cut(work, quiets))


def _on_a_plain_clock(day: date, start: time, end: time) -> Window:
    last = day if start < end else day + _DAY
    return Window(clock.to_utc(day, start, "UTC"), clock.to_utc(last, end, "UTC"))


def is_working_day(cal: WorkCalendar, day: date) -> bool:
    """Tell whether work begins on a local date: a working weekday, no holiday, no time off."""
    return (
        day.weekday() in cal.working_days
        and day not in cal.holidays
        and not any(day in span for span in cal.time_off)
        and hours_on(cal, day) is not None
    )


def hours_on(cal: WorkCalendar, day: date) -> tuple[Moment, Moment] | None:
    """Return the hours of a date if it is worked at all; None where a half day leaves nothing."""
    for half in cal.half_days:
        if half.day == day:
            return cut(half, cal.start, cal.end)
    return (0, cal.start), (0 if cal.start < cal.end else 1, cal.end)


def work_day_of(cal: WorkCalendar, now: datetime) -> date:
    """Return the local date that an instant counts to, for budgets and "today".

    With hours over midnight the day lasts from one start to the next: the small hours count to the
    evening before.
    """
    local = clock.to_local(now, cal.zone)
    if cal.start < cal.end or local.time() >= cal.start:
        return local.date()
    evening = local.date() - _DAY
    return evening if clock.day_exists(evening, cal.zone) else evening - _DAY


def work_day_range(cal: WorkCalendar, first: date, last: date) -> tuple[datetime, datetime]:
    """Turn days as `work_day_of` counts them, `last` included, into half-open UTC."""
    begin = time() if cal.start < cal.end else cal.start
    return clock.to_utc(first, begin, cal.zone), clock.to_utc(last + _DAY, begin, cal.zone)


def window_of(cal: WorkCalendar, day: date) -> Window | None:
    """Return the working hours that begin on a local date, or None if there are none."""
    hours = hours_on(cal, day)
    if hours is None or not (is_working_day(cal, day) and clock.day_exists(day, cal.zone)):
        return None
    first, last = (clock.to_utc(day + after * _DAY, at, cal.zone) for after, at in hours)
    return Window(first, last) if first < last else None  # hours that the clocks skipped


def windows(cal: WorkCalendar, since: datetime) -> Iterator[Window]:
    """Yield working hours that end after `since`, in order; ends after `SEARCH_DAYS` idle days."""
    day = clock.local_day(since, cal.zone) - _LOOK_BACK
    idle = 0
    while idle < SEARCH_DAYS:
        window = window_of(cal, day)
        if window is None:
            idle += 1
        elif window.end > since:
            idle = 0
            yield window
        day += _DAY


def _window_at(cal: WorkCalendar, now: datetime) -> Window | None:
    today = clock.local_day(now, cal.zone)
    for back in (0, 1, 2):
        window = window_of(cal, today - back * _DAY)
        if window is not None and window.start <= now < window.end:
            return window
    return None


def is_working_time(cal: WorkCalendar, now: datetime) -> bool:
    """Tell whether an instant lies in working hours."""
    return _window_at(cal, now) is not None


def next_working_instant(cal: WorkCalendar, now: datetime) -> datetime | None:
    """Return `now` if it is working time, else the start of the next working hours."""
    window = next(windows(cal, now), None)
    return None if window is None else max(now, window.start)


def end_of_window(cal: WorkCalendar, now: datetime) -> datetime | None:
    """Return when the current (else the next) working hours end."""
    window = next(windows(cal, now), None)
    return None if window is None else window.end


def add_working_days(cal: WorkCalendar, now: datetime, n: int) -> datetime | None:
    """Return the end of the n-th working day after the day of `now` (a deadline), n ≥ 1.

    The day of `now` itself never counts, whether it is worked or not. Raises ValueError for n < 1.
    """
    if n < 1:
        raise ValueError(f"the {n}-th working day after is no later day")
    _, tomorrow = work_day_range(cal, work_day_of(cal, now), work_day_of(cal, now))
    for window in windows(cal, tomorrow):
        if window.start >= tomorrow:
            n -= 1
        if n == 0:
            return window.end
    return None


def working_seconds_between(cal: WorkCalendar, start: datetime, end: datetime) -> float:
    """Return how many seconds of working time lie in `[start, end)`; 0 when it is empty."""
    total = _NOTHING
    cursor = start
    day, last = (clock.local_day(moment, cal.zone) for moment in (start, end))
    day -= _LOOK_BACK
    while day <= last:
        window = window_of(cal, day)
        day += _DAY
        # The cursor keeps apart hours that a change of the clocks pushed into each other.
        if window is not None and max(cursor, window.start) < min(end, window.end):
            total += min(end, window.end) - max(cursor, window.start)
            cursor = window.end
    return total.total_seconds()


def add_working_time(cal: WorkCalendar, start: datetime, amount: timedelta) -> datetime | None:
    """Return when `amount` of working time has passed since `start`.

    Used up exactly at closing time it is that closing time. Raises ValueError if negative.
    """
    if amount < _NOTHING:
        raise ValueError("working time cannot be taken back")
    left = amount
    cursor = start
    for window in windows(cal, start):
        cursor = max(cursor, window.start)
        if window.end - cursor >= left:
            return cursor + left
        left -= max(window.end - cursor, _NOTHING)
        cursor = max(cursor, window.end)
    return None


def _quiet_around(cal: WorkCalendar, day: date) -> Iterator[Window]:
    if cal.quiet is None:
        return
    start, end = cal.quiet
    # Two days back, for the night before may belong to a day that the calendar left out since.
    for first in (day - 2 * _DAY, day - _DAY, day, day + _DAY):
        if not clock.day_exists(first, cal.zone):
            continue
        last = first if start < end else first + _DAY
        yield Window(clock.to_utc(first, start, cal.zone), clock.to_utc(last, end, cal.zone))


def _cut(window: Window, holes: Iterable[Window]) -> Iterator[Window]:
    """Yield what is left of a window without the holes, which come in order."""
    cursor = window.start
    for hole in holes:
        if cursor < min(hole.start, window.end):
            yield Window(cursor, min(hole.start, window.end))
        cursor = max(cursor, hole.end)
    if cursor < window.end:
        yield Window(cursor, window.end)


def is_reachable(cal: WorkCalendar, now: datetime) -> bool:
    """Tell whether a bot may speak unprompted: working hours that are not quiet hours."""
    return next_reachable_instant(cal, now) == now


def next_reachable_instant(cal: WorkCalendar, now: datetime) -> datetime | None:
    """Return the first instant from `now` on that is in working hours and not in quiet hours."""
    limit = now + SEARCH_DAYS * _DAY
    for window in windows(cal, now):
        if window.start > limit:
            break
        for piece in _cut(window, _quiet_around(cal, clock.local_day(window.start, cal.zone))):
            if piece.end > now:
                return max(now, piece.start)
    return None


@lru_cache(maxsize=1024)
def check_country(country: str, subdivision: str | None = None) -> tuple[str, str | None]:
    """Return the codes of a country (ISO 3166-1) and its subdivision in their proper spelling.

    Also by name ("Bayern"). Raises `BadInput`: `unknown_country` (country,
    choices), `unknown_subdivision` (country, subdivision, choices).
    """
    import holidays  # noqa: PLC0415 - 0.1 s and some memory that few processes need

    known = holidays.list_supported_countries(include_aliases=False)
    code = country.strip().upper()
    if code not in known:
        raise BadInput("unknown_country", country=country[:40], choices=tuple(sorted(known)))
    if subdivision is None or not subdivision.strip():
        return code, None
    aliases: dict[str, str] = holidays.country_holidays(code).subdivisions_aliases
    spoken = {name.casefold(): part for name, part in aliases.items()}
    spoken.update({part.casefold(): part for part in known[code]})
    part = spoken.get(subdivision.strip().casefold())
    if part is None:
        raise BadInput(
            "unknown_subdivision",
            country=code,
            subdivision=subdivision[:40],
            choices=tuple(sorted(known[code])),
        )
    return code, part


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of some years, observed ones included.

    Days worked instead of a bridge day (China's Sundays) stay days off. Raises as `check_country`.
    """
    code, part = check_country(country, subdivision)
    return _public_holidays(code, part, tuple(sorted(set(years))))


@lru_cache(maxsize=256)
def _public_holidays(
    country: str, subdivision: str | None, years: tuple[int, ...]
) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - 0.1 s and some memory that few processes need

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=years))
