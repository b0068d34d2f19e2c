"""Whether the dates of a project's batches hold: the days that a forecast stands on, and its lines.

A day is one on which the squad works; what was handed in on days off counts with the working day
before. How much of its capacity a day had is the share of today's contributors who worked on it by
their own calendars. That somebody joined or left shows in the pace within its ten days.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from bot.rules.calendar import SEARCH_DAYS, WorkCalendar, is_working_day
from bot.rules.forecast import SPREAD_DAYS, DayAhead, Forecast, Outlook, Plan, WorkedDay, forecast
from bot.rules.projects import Batch

AHEAD: Final = timedelta(days=366)
"""How far ahead one looks for a finish: a year says as much as "not in sight"."""
FARTHEST: Final = timedelta(days=3 * 366)
"""How far to a due date; holidays are not known so far ahead."""
OVERDUE: Final = timedelta(days=28)
"""So long a digest speaks of a batch whose date is past and which nobody works on."""
SHOWN: Final = 5
"""Batches of a project in a digest, those that are due first; the rest stand behind the button."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWork:
    """What was handed in of a batch: in all, and day by day since it was begun, latest last."""

    done: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchForecast:
    """A batch with its forecast, as of the beginning of a squad-local day."""

    batch: Batch
    done: int
    forecast: Forecast

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `muster report forecast`."""
        found = self.forecast
        return {
            "batch": self.batch.name,
            "size": self.batch.size,
            "done": self.done,
            "left": found.left,
            "due": _iso(self.batch.due),
            "outlook": found.outlook.value,
            "unknown": found.unknown.value if found.unknown else None,
            "pace": found.pace,
            "needed": found.needed,
            "finish": _iso(found.finish),
            "early": _iso(found.early),
            "late": _iso(found.late),
            "overdue": found.overdue,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The batches of a project as of the beginning of a squad-local day."""

    squad: str
    project: str
    day: date
    batches: tuple[BatchForecast, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `muster report forecast`."""
        return {
            "squad": self.squad,
            "project": self.project,
            "as_of": self.day.isoformat(),
            "batches": [one.to_json() for one in self.batches],
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def past_days(calendar: WorkCalendar, today: date) -> list[date]:
    """Return the working days before a day that pace and spread are read from, in order."""
    days = (today - n * _DAY for n in range(1, SEARCH_DAYS))
    return list(islice((day for day in days if is_working_day(calendar, day)), SPREAD_DAYS))[::-1]


def days_ahead(calendar: WorkCalendar, today: date, dues: Iterable[date | None]) -> list[date]:
    """Return the working days from `today` on, as far as one looks and any date lies."""
    last = max([today + AHEAD, *(min(due, today + FARTHEST) for due in dues if due is not None)])
    days = (today + n * _DAY for n in range((last - today).days + 1))
    return [day for day in days if is_working_day(calendar, day)]


def capacities(people: Iterable[WorkCalendar], days: Sequence[date]) -> list[float]:
    """Return which share of people works on each day; all of nobody, where nobody is known."""
    alike = Counter((one.working_days, one.holidays, one.time_off) for one in people)
    total = sum(alike.values())
    if not total:
        return [1.0] * len(days)
    shares = []
    for day in days:
        there = sum(
            n
            for (weekdays, holidays, off), n in alike.items()
            if day.weekday() in weekdays
            and day not in holidays
            and not any(day in span for span in off)
        )
        shares.append(there / total)
    return shares


def of_batch(
    batch: Batch,
    work: BatchWork,
    past: Sequence[float],
    ahead: Sequence[DayAhead],
    today: date,
) -> BatchForecast:
    """Return the forecast of one batch; `past` are the capacities of the days up to `today`."""
    known = past[len(past) - len(work.days) :]
    worked = [WorkedDay(done=n, capacity=share) for n, share in zip(work.days, known, strict=True)]
    plan = Plan(size=batch.size, done=work.done, due=batch.due)
    reach = max(batch.due or today, today + AHEAD)
    days = [day for day in ahead if day.day <= reach]
    return BatchForecast(batch=batch, done=work.done, forecast=forecast(plan, worked, days, today))


def in_order(found: Iterable[BatchForecast]) -> tuple[BatchForecast, ...]:
    """Return batches by what has to be done first: due day, priority, name."""
    return tuple(sorted(found, key=lambda one: _first(one.batch)))


def _first(one: Batch) -> tuple[bool, date, bool, int, str]:
    due, priority = one.due, one.priority
    return due is None, due or date.max, priority is None, priority or 0, one.name


def next_due(found: Iterable[Batch], work: Mapping[int, BatchWork], n: int) -> list[Batch]:
    """Return the `n` batches that have to be done first, of those with something left to do."""
    left = [one for one in found if not one.size or work[one.batch_id].done < one.size]
    return sorted(left, key=_first)[:n]


def is_open(one: BatchForecast) -> bool:
    """Tell whether there is still something to do, or to be said, about a batch."""
    return one.forecast.outlook is not Outlook.FINISHED
