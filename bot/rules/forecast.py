"""When a batch will be finished: the pace of the last ten working days, and how sure it is.

A day's work is taken as (pace + noise) × capacity share, the noise of one day resembling that of
the day before by a correlation φ. The pace is read from the last ten days. What it misses the sum
of the next h days by has, in units of the noise's variance, the variance

    Var(Σ c_i e_i) + C² Var(pace) - 2 C Cov,    C = Σ c_i the capacity of those days,

whose terms are sums of φ^|i-j| (Box, Jenkins and Reinsel (2008), Time Series Analysis, 3.2).
Student's t takes the place of the normal, as the noise is estimated too. The spread and φ are read
from up to a hundred days: ten cannot tell a run of good days from a better pace. Even then φ is
unsure, and to take the best guess for the truth makes ranges too narrow, so the distribution is
averaged over φ by how likely the days make each (restricted likelihood, Harville (1974), Biometrika
61, 383; Bayesian model averaging, Hoeting et al. (1999), Stat. Sci. 14, 382).

The finish is the first day on which the sum reaches what is left, so its distribution is that of
the sums. The range leaves out a tenth on each side, as nearly as whole days allow. With two weeks
of history it still holds where days do not resemble each other, and is too narrow where they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import exp, fsum, log, sqrt
from typing import Final, NamedTuple

from bot.rules.distributions import student_cdf

PACE_DAYS: Final = 10
SPREAD_DAYS: Final = 100
"""Five months of working days; fewer say too little about runs of good and bad days."""
MINIMUM_DAYS: Final = 5
"""A working week; from fewer days no spread can be told."""
MINIMUM_CAPACITY: Final = 0.1
"""A day on which hardly anybody was there says nothing about the pace of the others."""
TAIL: Final = 0.1
"""What the 80 % range leaves out on each side."""
CORRELATIONS: Final = tuple((step / 10, 0.7**step) for step in range(9))
"""Correlations from day to day, and how they are weighed beforehand: the weaker, the more usual."""


class Outlook(StrEnum):
    """Whether a due date holds; holds and at risk need the whole range on one side of it."""

    FINISHED = "finished"
    HOLDS = "holds"
    AT_RISK = "at_risk"
    CANNOT_TELL = "cannot_tell"


class Unknown(StrEnum):
    """Why there is no date, no range, or nothing to hold it against."""

    NO_SIZE = "no_size"  # the plan does not say how many
    FEW_DAYS = "few_days"  # not yet five days of work to read a pace from
    NO_PACE = "no_pace"  # nothing was done in them
    NO_DUE = "no_due"
    BEYOND = "beyond"  # the days that were given do not suffice to finish


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedDay:
    """A working day that is over: pieces done, and the share of full capacity that was there."""

    done: int
    capacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """A working day to come, with the share of full capacity: 0.5 if half of the squad is away."""

    day: date
    capacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A batch: how many pieces in all (None or 0 if unknown), how many done, and its last day."""

    size: int | None
    done: int
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A finish with its range, in squad-local days; None where unknown.

    `pace` and `needed` are pieces a day of full capacity, so that they compare. `finish` is the day
    at this pace; `late` is None if the pace is too unsure to bound it. `overdue` says that the due
    date is past and work is left.
    """

    outlook: Outlook
    unknown: Unknown | None = None
    left: int | None = None
    pace: float | None = None
    needed: float | None = None
    finish: date | None = None
    early: date | None = None
    late: date | None = None
    overdue: bool = False


class _Pace(NamedTuple):
    """A pace, and the noise around it: its sample variance over n days, and how likely each φ is.

    `weights` are what each of the last days counts for in the pace, the latest first.
    """

    mean: float
    weights: tuple[float, ...]
    variance: float
    n: int
    odds: tuple[tuple[float, float], ...]


def forecast(
    plan: Plan, worked: Sequence[WorkedDay], ahead: Sequence[DayAhead], today: date
) -> Forecast:
    """Return when a batch will be finished and whether its date holds.

    `worked` are working days in their order, the latest last: ten for the pace and up to a hundred
    for the spread. `ahead` are the working days whose work is not in `done` yet, in their order, to
    the due date at least and as far beyond as one cares to look. A due date counts up to its end.
    """
    if not plan.size or plan.size < 0:
        return Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.NO_SIZE)
    left = max(0, plan.size - plan.done)
    if not left:
        return Forecast(outlook=Outlook.FINISHED, left=0)
    overdue = plan.due is not None and plan.due < today
    known = Forecast(
        outlook=Outlook.AT_RISK if overdue else Outlook.CANNOT_TELL,
        left=left,
        needed=_needed(left, plan.due, ahead),
        overdue=overdue,
    )
    days = [day for day in worked if day.capacity >= MINIMUM_CAPACITY][-SPREAD_DAYS:]
    if len(days) < MINIMUM_DAYS:
        return replace(known, unknown=Unknown.FEW_DAYS)
    pace = _pace(days)
    known = replace(known, pace=pace.mean)
    if not pace.mean:
        return replace(known, unknown=Unknown.NO_PACE)
    return _dated(known, pace, plan.due, ahead)


def _dated(known: Forecast, pace: _Pace, due: date | None, ahead: Sequence[DayAhead]) -> Forecast:
    """Put the dates to a forecast, and judge the due date by them."""
    chances = _chances(pace, known.left or 0, ahead)
    early, late = _first(chances, TAIL, before=True), _first(chances, 1 - TAIL, before=False)
    finish, done = None, 0.0
    for day in ahead:
        done += pace.mean * day.capacity
        if done >= (known.left or 0):
            finish = day.day
            break
    dated = replace(
        known,
        finish=finish,
        early=None if early is None else ahead[early].day,
        late=None if late is None else ahead[late].day,
    )
    if finish is None:
        dated = replace(dated, unknown=Unknown.BEYOND)
    if due is None:
        return replace(dated, unknown=dated.unknown or Unknown.NO_DUE)
    return replace(dated, outlook=_outlook(dated, due, ahead))


def _outlook(dated: Forecast, due: date, ahead: Sequence[DayAhead]) -> Outlook:
    if dated.late is not None and dated.late <= due:
        return Outlook.HOLDS
    # Without an early day, the days looked at do not suffice even with luck.
    soonest = dated.early or (ahead[-1].day if ahead else None)
    if dated.overdue or (soonest is not None and soonest > due):
        return Outlook.AT_RISK
    return Outlook.CANNOT_TELL


def _needed(left: int, due: date | None, ahead: Sequence[DayAhead]) -> float | None:
    """Return the pieces a day of full capacity that would hold the date; None if none would."""
    if due is None:
        return None
    capacity = fsum(day.capacity for day in ahead if day.day <= due)
    return left / capacity if capacity > 0 else None


def _pace(days: Sequence[WorkedDay]) -> _Pace:
    """Read pace and noise from days with capacity, the latest last."""
    recent = days[: -PACE_DAYS - 1 : -1]
    capacity = fsum(day.capacity for day in recent)
    each = [day.done / day.capacity for day in days]
    centre = fsum(each) / len(each)
    return _Pace(
        mean=fsum(day.done for day in recent) / capacity,
        weights=tuple(day.capacity / capacity for day in recent),
        variance=fsum((one - centre) ** 2 for one in each) / (len(each) - 1),
        n=len(each),
        odds=_odds(each),
    )


def _odds(each: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Return each correlation with its probability given the days, which adds up to 1.

    The inverse of the correlation matrix φ^|i-j| is tridiagonal, so products by it are sums over
    x_t - φ x_(t-1).
    """
    n = len(each)
    logs = []
    for phi, prior in CORRELATIONS:
        rest = 1 - phi * phi
        ones = 1 + (n - 1) * (1 - phi) ** 2 / rest
        steps = [now - phi * last for last, now in pairwise(each)]
        total = each[0] + (1 - phi) * fsum(steps) / rest
        squares = each[0] ** 2 + fsum(step * step for step in steps) / rest
        misfit = max(squares - total * total / ones, 1e-12 * (1 + squares))
        determinant = (n - 1) * log(rest)
        logs.append(log(prior) - (determinant + log(ones) + (n - 1) * log(misfit)) / 2)
    likely = [exp(one - max(logs)) for one in logs]
    return tuple(
        (phi, one / sum(likely)) for (phi, _), one in zip(CORRELATIONS, likely, strict=True)
    )


def _chances(pace: _Pace, left: int, ahead: Sequence[DayAhead]) -> list[float]:
    """Return for each day ahead how likely all is done by its end; ends where that is near sure."""
    sums = [_Sums(pace, phi) for phi, _ in pace.odds]
    chances: list[float] = []
    capacity = 0.0
    for day in ahead:
        capacity += day.capacity
        chance = 0.0
        for (_, odds), one in zip(pace.odds, sums, strict=True):
            error = sqrt(one.variance(day.capacity, capacity))
            beyond = pace.mean * capacity - left
            if error > 0:
                chance += odds * student_cdf(beyond / error, pace.n - 1)
            else:
                chance += odds * (beyond >= 0)
        chances.append(max(chance, chances[-1] if chances else 0.0))
        if chances[-1] >= 1 - TAIL:
            break
    return chances


class _Sums:
    """The variance of what a pace misses sums of days by, for one φ, day after day."""

    def __init__(self, pace: _Pace, phi: float) -> None:
        self._phi = phi
        lags = range(len(pace.weights))
        self._past = fsum(
            pace.weights[i] * pace.weights[j] * phi ** abs(i - j) for i in lags for j in lags
        )
        self._carried = fsum(pace.weights[lag] * phi**lag for lag in lags)
        n = pace.n
        alike = (n + 2 * fsum((n - lag) * phi**lag for lag in range(1, n))) / (n * n)
        # The sample variance of days that resemble each other is too small by this.
        self._noise = pace.variance * (n - 1) / (n * (1 - alike))
        self._future = self._last = self._shared = 0.0
        self._decay = 1.0

    def variance(self, share: float, capacity: float) -> float:
        """Return it with one more day of that share, `capacity` being that of all days so far."""
        self._future += share * share + 2 * share * self._phi * self._last
        self._last = share + self._phi * self._last
        self._decay *= self._phi
        self._shared += share * self._decay
        past, both = capacity**2 * self._past, 2 * capacity * self._shared * self._carried
        return max(0.0, self._noise * (self._future + past - both))


def _first(chances: Sequence[float], level: float, *, before: bool) -> int | None:
    """Return the day by which (before which) the chance to be done is nearest to a level.

    None if the chances do not reach it.
    """
    reached = next((at for at, chance in enumerate(chances) if chance >= level), None)
    if reached is None:
        return None
    below = chances[reached - 1] if reached else 0.0
    nearer_below = level - below < chances[reached] - level
    if before:
        return reached if nearer_below or reached + 1 >= len(chances) else reached + 1
    return reached - 1 if nearer_below and reached else reached
