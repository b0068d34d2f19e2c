"""When people are there for a one-on-one: at work, prepared, and in no other meeting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot import clock
from bot.rules.calendar import Window, WorkCalendar, window_of

PREPARED: Final = timedelta(minutes=15)
"""At work for so long before: reminders and packs come in working hours, and want to be read."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regular:
    """A meeting that somebody has besides: weekdays (0 is Monday), and a time on `zone`'s clock."""

    zone: str
    days: frozenset[int]
    at: time
    minutes: int


class Hours:
    """Who works when, for many questions about the same days.

    `regulars` are the meetings that people have besides their one-on-ones.
    """

    def __init__(
        self,
        calendars: Mapping[int, WorkCalendar],
        regulars: Mapping[int, Collection[Regular]] | None = None,
    ) -> None:
        self._calendars = calendars
        self._regulars = regulars or {}
        self._begins: dict[tuple[Regular, date], datetime] = {}
        self._windows: dict[tuple[int, date], Window | None] = {}
        self._days: dict[tuple[str, datetime], date] = {}

    def at_work(self, person_id: int, start: datetime, end: datetime) -> bool:
        """Tell whether somebody works all of `[start, end)`; whoever has no calendar never does."""
        calendar = self._calendars.get(person_id)
        if calendar is None:
            return False
        day = self._days.get((calendar.zone, start))
        if day is None:
            day = self._days[calendar.zone, start] = clock.local_day(start, calendar.zone)
        for each in (day, day - _DAY):  # hours over midnight belong to the day before
            window = self._window(person_id, calendar, each)
            if window is not None and window.start <= start and end <= window.end:
                return True
        return False

    def ready(self, person_id: int, start: datetime, end: datetime) -> bool:
        """Tell whether somebody can come to `[start, end)` prepared, and from no other meeting."""
        return self.at_work(person_id, start - PREPARED, end) and not self.meets(
            person_id, start, end
        )

    def meets(self, person_id: int, start: datetime, end: datetime) -> bool:
        """Tell whether somebody has a meeting besides that overlaps `[start, end)`."""
        for each in self._regulars.get(person_id, ()):
            length = timedelta(minutes=each.minutes)
            day = clock.local_day(start, each.zone)
            for on in (day - _DAY, day, day + _DAY):  # either may pass midnight
                if on.weekday() in each.days:
                    begin = self._begin(each, on)
                    if begin < end and start < begin + length:
                        return True
        return False

    def _begin(self, regular: Regular, day: date) -> datetime:
        key = (regular, day)
        if key not in self._begins:
            self._begins[key] = clock.to_utc(day, regular.at, regular.zone)
        return self._begins[key]

    def _window(self, person_id: int, calendar: WorkCalendar, day: date) -> Window | None:
        key = (person_id, day)
        if key not in self._windows:
            self._windows[key] = window_of(calendar, day)
        return self._windows[key]
