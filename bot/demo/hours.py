"""The demo's clock: a moment at which the whole sample squad is at work, never before the last one.

Muster writes to people in their working hours only. Somebody who tries the demo on a Sunday is to
see messages arrive all the same, so the demo's clock may be ahead of the real one.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from bot.demo import workspace
from bot.rules import calendar
from bot.rules.calendar import WorkCalendar
from bot.rules.squads import DEFAULT_DAYS, DEFAULT_HOURS

AT_LEAST: Final = timedelta(minutes=45)
"""How long everybody is to be still at work, so that there is time to look around."""

_SEARCH: Final = timedelta(days=60)


def clock_offset(real_now: datetime, before: int = 0) -> int:
    """Return by how many seconds the demo's clock is to be ahead; never less than `before`."""
    now = real_now + timedelta(seconds=before)
    return before + math.ceil((_everybody_at_work(now) - now).total_seconds())


def _everybody_at_work(now: datetime) -> datetime:
    """Return the first moment from `now` on when all have `AT_LEAST` of the day before them.

    Time off is left aside: the sample always has somebody who is away.
    """
    calendars = _calendars(now)
    moment = now
    while moment < now + _SEARCH:
        later = max(_at_work(each, moment) for each in calendars)
        if later == moment:
            return moment
        moment = later
    return now


def _calendars(now: datetime) -> list[WorkCalendar]:
    places = {(person.zone, person.country) for person in workspace.PEOPLE}
    places.add((workspace.SQUAD_ZONE, workspace.HOLIDAY_COUNTRY))
    years = (now.year, now.year + 1)
    return [
        calendar.make_calendar(
            zone,
            DEFAULT_DAYS,
            DEFAULT_HOURS,
            holidays=calendar.public_holidays(country, None, years),
        )
        for zone, country in sorted(places)
    ]


def _at_work(hours: WorkCalendar, moment: datetime) -> datetime:
    """Return the first moment from `moment` on with `AT_LEAST` left of that day's work."""
    start = calendar.next_working_instant(hours, moment)
    if start is None:
        return moment
    end = calendar.end_of_window(hours, start)
    if end is None or end - start >= AT_LEAST:
        return start
    return calendar.next_working_instant(hours, end) or start
