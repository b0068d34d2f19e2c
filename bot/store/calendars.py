"""Work calendars as columns have them: squads that work alike share one."""

from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache

from bot.errors import BadInput
from bot.rules.calendar import WorkCalendar, make_calendar, public_holidays
from bot.rules.half_days import HalfDay


@lru_cache(maxsize=1024)
def calendar_like(
    zone: str,
    working_days: str,
    start: time,
    end: time,
    country: str | None,
    subdivision: str | None,
    years: range,
    halves: tuple[HalfDay, ...],
) -> WorkCalendar:
    """Return the calendar of a squad's columns, with the holidays of some years."""
    return make_calendar(
        zone,
        [int(digit) for digit in working_days],
        (start, end),
        holidays=holidays_of(country, subdivision, years),
        half_days=halves,
    )


def holidays_of(
    country: str | None, subdivision: str | None, years: Iterable[int]
) -> frozenset[date]:
    """Return the holidays of some years; none for a country no longer known."""
    if country is None:
        return frozenset()
    try:
        return public_holidays(country, subdivision, years)
    except BadInput:
        return frozenset()
