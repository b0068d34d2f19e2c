"""Days outside the limits of a p-chart: which of a digest's days have to be said, each once."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.rules import control
from bot.rules.control import Chart, ChartPoint, DayCount, Side

DAYS: Final = 30
"""Working days on a chart, six weeks: what is usual is read from them."""

Key = tuple[int | None, date]
"""A category, None for all work, and a squad-local day."""


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


def working_day(days: Sequence[date], day: date) -> date | None:
    """Return the last of the working days up to a day: days off count with the one before."""
    return max((each for each in days if each <= day), default=None)


def outside(
    days: Sequence[date],
    audits: Sequence[tuple[date, bool]],
    hits: Sequence[tuple[date, int]],
    names: Mapping[int, str],
    *,
    reported: Collection[Key],
    since: date,
) -> tuple[Signal, ...]:
    """Return the days from `since` on that are outside of the limits and not `reported` yet.

    `audits` are the random ones with their day and whether they rejected, `hits` a category in an
    audit, once each; `names` are the categories.
    """
    place = {day: working_day(days, day) for day in {day for day, _ in (*audits, *hits)}}
    total: Counter[date | None] = Counter(place[day] for day, _ in audits)
    wrong: dict[int | None, Counter[date | None]] = {
        None: Counter(place[day] for day, rejected in audits if rejected)
    }
    for day, hit in hits:
        wrong.setdefault(hit, Counter())[place[day]] += 1
    found = []
    for category_id, counted in wrong.items():
        counts = [DayCount(day=day, audits=total[day], rejected=counted[day]) for day in days]
        drawn = control.chart(counts, charts=len(wrong))
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
