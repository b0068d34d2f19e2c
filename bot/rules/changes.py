"""What a change of a score is made of, as everybody passes it around.

Shares, effects and intervals are points of the score between -1 and 1; a negative effect is a part
that made the score fall.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import Final, NamedTuple

NAMED: Final = 3
"""How many parts are put into words: as many as a team can talk about in a sync."""
FIRST_MONTH_DAYS: Final = 30
FIRST_QUARTER_DAYS: Final = 90
"""Most joiners reach the pace and quality of the others within a quarter."""


class Dimension(StrEnum):
    """By what work or its errors are told apart."""

    VERSION = "version"  # of the guidelines
    BATCH = "batch"
    TENURE = "tenure"
    CATEGORY = "category"
    SECTION = "section"


OF_WORK: Final = (Dimension.VERSION, Dimension.BATCH, Dimension.TENURE)
"""Each piece of work has one level of these, so there is a mix of it."""
OF_ERRORS: Final = (Dimension.CATEGORY, Dimension.SECTION)
"""Only what is wrong has these, so they have rates and no mix."""


class Tenure(StrEnum):
    """How long a contributor has been at it."""

    FIRST_MONTH = "first_month"
    FIRST_QUARTER = "first_quarter"
    LATER = "later"


class Cause(StrEnum):
    """What a part says: other work was done, or some work was done better or worse."""

    MIX = "mix"
    RATE = "rate"


class Fault(NamedTuple):
    """A counting error of an audit; None where nothing was recorded."""

    category: str | None
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedWork:
    """A random audit: its verdict, its counting errors, and what kind of work it judged.

    `weight` is 1 / the probability with which it was drawn. A level of None is one of its own:
    not recorded.
    """

    rejected: bool
    weight: float = 1.0
    faults: tuple[Fault, ...] = ()
    version: str | None = None
    batch: str | None = None
    tenure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a change, with its interval.

    Of a rate: `now` and `before` are the shares of rejected work, at this level or for errors of
    this kind, out of `n` and `n_before` audits. Of the mix: they are this level's shares of the
    work, the level being the one that moved the score most, out of all audits. `evidence` is in
    standard deviations, signed as the effect. `evident` says whether the part may be claimed.
    """

    cause: Cause
    dimension: Dimension
    level: str | None
    effect: float
    low: float
    high: float
    now: float
    before: float
    n: int
    n_before: int
    evidence: float
    comparable: bool
    evident: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A change of the score taken apart; the effects of `parts` add up to `change`.

    `before` is the score that it is the change of: the share accepted then. `parts` begin with the
    likeliest cause. `compared` is how many were held beside each other; every interval is corrected
    for it.
    """

    change: float
    before: float
    n: int
    n_before: int
    parts: tuple[Part, ...]
    compared: int

    @property
    def named(self) -> tuple[Part, ...]:
        """What may be said: the evident parts, the largest first, three at most."""
        evident = (part for part in self.parts if part.evident)
        return tuple(sorted(evident, key=lambda part: -abs(part.effect))[:NAMED])

    @property
    def unexplained(self) -> float:
        """The change less the named parts."""
        return self.change - fsum(part.effect for part in self.named)


def tenure_band(days: int) -> Tenure:
    """Return the band of somebody whose first work lies so many days back."""
    if days < FIRST_MONTH_DAYS:
        return Tenure.FIRST_MONTH
    return Tenure.FIRST_QUARTER if days < FIRST_QUARTER_DAYS else Tenure.LATER
