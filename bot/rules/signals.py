"""Days outside the limits of a p-chart: which of a digest's days have to be said, each once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bot.rules import control
from bot.rules.control import Chart, ChartPoint, DayCount, Side

DAYS: Final = 30
"""Working days on a chart, six weeks: what is usual is read from them."""

Key = tuple[int | None, date]
"""A category, None for all work, and a squad-local day."""

Pair = tuple[int, int]
"""A squad and a project that it works on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A day outside its limits, of all work (`category_id` None) or of one category's errors.

    `wrong` of `n` random audits; the other figures are shares. `side` says where the day lies.
    """

    category_id: int | None
    category: str | None
    day: date
    n: int
    wrong: int
    rate: float
    center: float
    low: float
    high: float

    @property
    def side(self) -> Side:
        """Whether the day was worse or better than chance does."""
        return Side.WORSE if self.rate > self.high else Side.BETTER

    @property
    def figures(self) -> dict[str, Any]:
        """Return what is stored of it."""
        return {
            "n": self.n,
            "wrong": self.wrong,
            "rate": self.rate,
            "center": self.center,
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True, slots=True)
class Counts:
    """What random audits said, by working day: how many, how many rejected, and by category.

    `hits` are the audits with an error of each category. Without audits a day is missing.
    """

    audits: Mapping[date, int]
    rejected: Mapping[date, int]
    hits: Mapping[int, Mapping[date, int]]


def edges(days: Sequence[date], last: date) -> list[date]:
    """Return where each of the working days begins, and the day after `last`, when all are over.

    A day lasts until the next working day begins: days off count with the one before.
    """
    return [*days, last + timedelta(days=1)]


def outside(
    days: Sequence[date],
    counts: Counts,
    names: Mapping[int, str],
    *,
    reported: Collection[Key],
    since: date,
) -> tuple[Signal, ...]:
    """Return the days from `since` on that are outside of the limits and not `reported` yet.

    `days` are the working days that were counted, `names` the categories.
    """
    wrong: list[tuple[int | None, Mapping[date, int]]]
    wrong = [(None, counts.rejected), *counts.hits.items()]
    found = []
    for category_id, counted in wrong:
        each_day = [
            DayCount(day=day, audits=counts.audits.get(day, 0), rejected=counted.get(day, 0))
            for day in days
        ]
        drawn = control.chart(each_day, charts=len(wrong), since=since)
        if drawn is None:
            continue
        said = {day for key, day in reported if key == category_id}
        found += [
            _signal(drawn, point, category_id, names) for point in control.news(drawn, said, since)
        ]
    return tuple(sorted(found, key=lambda one: (one.day, one.category or "")))


def _signal(
    drawn: Chart, point: ChartPoint, category_id: int | None, names: Mapping[int, str]
) -> Signal:
    return Signal(
        category_id=category_id,
        category=None if category_id is None else names.get(category_id),
        day=point.day,
        n=point.audits,
        wrong=round(point.share * point.audits),
        rate=point.share,
        center=drawn.centre,
        low=point.low,
        high=point.high,
    )
