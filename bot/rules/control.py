"""The p-chart of a squad or category: which days lie outside of what chance does, each said once.

A p-chart holds each day's share against limits around the share of all days, wider where fewer
were audited (Shewhart (1931), Economic Control of Quality; Montgomery (2013), Introduction to
Statistical Quality Control, 7.3). The textbook's limits are normal ones, which at n = 20 and 10 %
lie below zero and are crossed too easily above; these are quantiles of the binomial itself. Every
audit counts alike: a day is compared with other days that were drawn in the same way, so weights
would add noise and correct nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from bot.rules.distributions import binomial_quantile

FALSE_ALARM: Final = 0.0027
"""Of how many quiet days one may be taken for a signal: what three standard deviations hold."""
MINIMUM_DAYS: Final = 10
"""Two working weeks; with fewer days the centre line is itself a matter of chance."""


class Side(StrEnum):
    """On which side of its limits a day lies."""

    WORSE = "worse"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A squad-local day: how many random audits, and how many of them rejected the work."""

    day: date
    audits: int
    rejected: int

    def __post_init__(self) -> None:
        """Refuse what cannot have been counted."""
        if not 0 <= self.rejected <= self.audits:
            raise ValueError(f"{self.rejected} of {self.audits} is not a share")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """A day on the chart; share and limits are between 0 and 1, a share on a limit is inside."""

    day: date
    audits: int
    share: float
    low: float
    high: float
    side: Side | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A p-chart of days that had audits, oldest first, around the share of all of them."""

    centre: float
    points: tuple[ChartPoint, ...]


def chart(
    days: Sequence[DayCount],
    *,
    charts: int = 1,
    false_alarm: float = FALSE_ALARM,
    since: date = date.min,
) -> Chart | None:
    """Draw the p-chart of some weeks; None with audits on fewer than ten days.

    `charts` is how many are looked at together (the squad's and one per category); Bonferroni's
    correction keeps the false alarms of all of them to those of one. Points are of the days from
    `since` on, for their limits are what takes long.
    """
    counted = sorted((one for one in days if one.audits), key=lambda one: one.day)
    if len(counted) < MINIMUM_DAYS:
        return None
    centre = sum(one.rejected for one in counted) / sum(one.audits for one in counted)
    tail = false_alarm / max(charts, 1) / 2
    points = tuple(_point(one, centre, tail) for one in counted if one.day >= since)
    return Chart(centre=centre, points=points)


def news(drawn: Chart, reported: Collection[date], since: date) -> tuple[ChartPoint, ...]:
    """Return the days outside their limits that have to be said, oldest first.

    A day that was `reported` is not said again, however its limits moved since; nor is one before
    `since` (the first day that the last report could not yet know), which a moving centre line left
    outside afterwards.
    """
    return tuple(
        point
        for point in drawn.points
        if point.side is not None and point.day >= since and point.day not in reported
    )


def _point(one: DayCount, centre: float, tail: float) -> ChartPoint:
    low, high = limits(one.audits, centre, tail)
    side = None
    if one.rejected > high:
        side = Side.WORSE
    elif one.rejected < low:
        side = Side.BETTER
    n = one.audits
    return ChartPoint(
        day=one.day, audits=n, share=one.rejected / n, low=low / n, high=high / n, side=side
    )


def limits(audits: int, centre: float, tail: float) -> tuple[int, int]:
    """Return the least and the most rejected audits that are still within the limits.

    The tail-quantiles of the binomial, so that fewer than the one and more than the other each have
    a probability of at most `tail`.
    """
    return binomial_quantile(tail, audits, centre), binomial_quantile(1 - tail, audits, centre)
