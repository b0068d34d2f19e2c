"""When a batch will be finished: the pace of the last ten working days, and how sure it is.

Work per day is taken as pace × capacity share + noise × capacity share, the noise of one day
resembling that of the day before by a correlation φ. The pace is the mean of the last days. What a
sum over h days to come misses by is then normal, with a variance known up to that of the noise:

    σ² [ Var(future sum) + C² Var(past mean) - 2 C Cov ],   C the capacity of the h days,

each term a sum of φ^|i-j| (Box, Jenkins and Reinsel (2008), Time Series Analysis, 3.2). Both pace
and noise are estimates from few days, so Student's t with one degree of freedom less than days
takes the place of the normal. Ten days say little about φ, and to take the best guess for the truth
makes ranges too narrow; so the distribution is averaged over φ by how likely the days make each of
them (Bayesian model averaging, Hoeting et al. (1999), Statistical Science 14, 382), beforehand as
good as any other between 0 and 0.8. The finish is the first day on which the sum reaches what is
left, so its distribution is that of the sums. The range goes from the day before which it is
unlikely (10 %) to the day after which it is unlikely.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp, fsum, log, sqrt
from typing import Final, NamedTuple

from bot.rules.distributions import student_cdf

PACE_DAYS: Final = 10
MINIMUM_DAYS: Final = 5
"""A working week; from fewer days no spread can be told."""
COVERAGE: Final = 0.8
CORRELATIONS: Final = tuple(step / 10 for step in range(9))


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
    OVERDUE = "overdue"  # the due date is past and work is left
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
    at this pace; `late` is None if the pace is too unsure to bound it.
    """

    outlook: Outlook
    unknown: Unknown | None = None
    left: int | None = None
    pace: float | None = None
    needed: float | None = None
    finish: date | None = None
    early: date | None = None
    late: date | None = None


class _Pace(NamedTuple):
    """The mean pace of n days, its sample variance, and how likely each correlation is."""

    mean: float
    variance: float
    n: int
    likelihood: tuple[float, ...]


def forecast(
    plan: Plan, worked: Sequence[WorkedDay], ahead: Sequence[DayAhead], today: date
) -> Forecast:
    """Return when a batch will be finished and whether its date holds.

    `worked` are working days in their order, the last one the latest, of which ten are used; days
    without capacity are passed over. `ahead` are the working days whose work is not in `done` yet,
    in their order, as far as one cares to look; a due date counts up to its end.
    """
    if not plan.size:
        return Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.NO_SIZE)
    left = max(0, plan.size - plan.done)
    if not left:
        return Forecast(outlook=Outlook.FINISHED, left=0)
    needed = _needed(left, plan.due, ahead)
    days = [day for day in worked if day.capacity > 0][-PACE_DAYS:]
    pace = fsum(day.done for day in days) / fsum(day.capacity for day in days) if days else None
    overdue = plan.due is not None and plan.due < today
    outlook = Outlook.AT_RISK if overdue else Outlook.CANNOT_TELL
    known = Forecast(outlook=outlook, left=left, pace=pace, needed=needed)
