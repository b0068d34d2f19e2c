"""Rates, spreads and differences, each with its n and its interval, or None where unknown.

Written with the standard library only: scipy would double the memory of the process. The tests
compare every formula with statsmodels and numpy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor, sqrt
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided confidence interval, in the unit of what it is about."""

    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Whether the value lies outside."""
        return value < self.low or value > self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share between 0 and 1 with its interval; all three are None when nothing was counted.

    `n` is how many were counted, `n_effective` how many equally drawn ones carry the same
    information (Kish).
    """

    rate: float | None
    low: float | None
    high: float | None
    n: int
    n_effective: float

    def to_json(self) -> dict[str, float | int | None]:
        """Return the share with its interval and n."""
        return {"rate": self.rate, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 90th percentile of n values, in the values' unit; None when n is 0."""

    median: float | None
    p90: float | None
    n: int

    def to_json(self) -> dict[str, float | int | None]:
        """Return all three."""
        return {"median": self.median, "p90": self.p90, "n": self.n}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change of a share, in points between -1 and 1, with its interval."""

    delta: float
    low: float
    high: float

    @property
    def evident(self) -> bool:
        """Whether the interval leaves out no change at all; without that nothing gets an arrow."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedSums:
    """What a weighted rate is made of, in sums, so that a database can form them.

    `n` counts; the others are sums over all counted of the weight, its square, and the weight of
    the successes.
    """

    n: int = 0
    weight: float = 0.0
    weight_squared: float = 0.0
    weight_successes: float = 0.0

    def __add__(self, other: "WeightedSums") -> "WeightedSums":
        return WeightedSums(
            n=self.n + other.n,
            weight=self.weight + other.weight,
            weight_squared=self.weight_squared + other.weight_squared,
            weight_successes=self.weight_successes + other.weight_successes,
        )


NOTHING_COUNTED: Final = Rate(rate=None, low=None, high=None, n=0, n_effective=0.0)


@lru_cache(maxsize=64)
def _z(confidence: float) -> float:
    """Return the two-sided normal quantile; confidence strictly between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Return Wilson's score interval of a share; both counts may be effective, thus fractional.

    Wilson (1927), J. Am. Stat. Assoc. 22, 209; recommended for small n by Brown, Cai and DasGupta
    (2001), Statistical Science 16, 101. Exactly 0 and 1 at the ends. Raises ValueError for n ≤ 0
    or successes outside 0..n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    z2 = _z(confidence) ** 2
    share = successes / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(low, high)


def kish_effective_n(weights: Iterable[float]) -> float:
    """Return how many equal weights carry as much information: (Σw)² / Σw²; 0 for none.

    Kish (1965), Survey Sampling, 11.7. Raises ValueError for a weight that is not positive.
    """
    return effective_n(_sums((True, weight) for weight in weights))


def effective_n(sums: WeightedSums) -> float:
    """Return Kish's effective n from sums; 0 when nothing was counted."""
    return sums.weight**2 / sums.weight_squared if sums.n else 0.0


def rate(successes: int, n: int, confidence: float = CONFIDENCE) -> Rate:
    """Return an unweighted share with Wilson's interval; unknown when n is 0."""
    if n == 0:
        return NOTHING_COUNTED
    interval = wilson(successes, n, confidence)
    return Rate(rate=successes / n, low=interval.low, high=interval.high, n=n, n_effective=float(n))


def weighted_rate(counted: Iterable[tuple[bool, float]], confidence: float = CONFIDENCE) -> Rate:
    """Return the weighted share of (success, weight) pairs with Wilson on Kish's effective n.

    The weight of an audit is one over the probability with which its submission was drawn.
    """
    return rate_of_sums(_sums(counted), confidence)


def rate_of_sums(sums: WeightedSums, confidence: float = CONFIDENCE) -> Rate:
    """Return `weighted_rate` from sums formed elsewhere."""
    if sums.n == 0:
        return NOTHING_COUNTED
    # Sums of floats may leave the range by a rounding error.
    share = min(1.0, max(0.0, sums.weight_successes / sums.weight))
    n_effective = effective_n(sums)
    interval = wilson(share * n_effective, n_effective, confidence)
    return Rate(rate=share, low=interval.low, high=interval.high, n=sums.n, n_effective=n_effective)


def at_confidence(of: Rate, confidence: float) -> Interval | None:
    """Return the interval of a rate at another confidence; None when the rate is unknown."""
    if of.rate is None:
        return None
    return wilson(of.rate * of.n_effective, of.n_effective, confidence)


def difference(now: Rate, before: Rate, confidence: float = CONFIDENCE) -> Difference | None:
    """Return now minus before of two independent shares; None if either is unknown.

    Newcombe's hybrid score interval: Newcombe (1998), Statistics in Medicine 17, 873, method 10,
    on the effective n of each. The two must not share an audit.
    """
    now_interval, before_interval = (
        at_confidence(now, confidence),
        at_confidence(before, confidence),
    )
    if now_interval is None or before_interval is None or now.rate is None or before.rate is None:
        return None
    delta = now.rate - before.rate
    down = sqrt((now.rate - now_interval.low) ** 2 + (before_interval.high - before.rate) ** 2)
    up = sqrt((now_interval.high - now.rate) ** 2 + (before.rate - before_interval.low) ** 2)
    return Difference(delta=delta, low=delta - down, high=delta + up)


def quantile(ordered: Sequence[float], share: float, scale: int = 1) -> float:
    """Return the quantile of ascending values, interpolating linearly between neighbours.

    Hyndman and Fan (1996) type 7, numpy's default: position share × (n - 1). The values are in
    parts of `scale` to the unit, the quantile in the unit. Raises ValueError when there are no
    values or the share is outside 0..1.
    """
    if not ordered or not 0 <= share <= 1:
        raise ValueError(f"no quantile {share} of {len(ordered)} values")
    position = share * (len(ordered) - 1)
    below = floor(position)
    lower, upper = ordered[below] / scale, ordered[min(below + 1, len(ordered) - 1)] / scale
    return lower + (upper - lower) * (position - below)


def spread(values: Iterable[float], scale: int = 1) -> Spread:
    """Return median and 90th percentile (`quantile`) of values in any order."""
    ordered = sorted(values)
    if not ordered:
        return Spread(None, None, 0)
    median, p90 = quantile(ordered, 0.5, scale), quantile(ordered, 0.9, scale)
    return Spread(median, p90, len(ordered))


def _sums(counted: Iterable[tuple[bool, float]]) -> WeightedSums:
    n, weight_sum, squared, successes = 0, 0.0, 0.0, 0.0
    for success, weight in counted:
        if weight <= 0:
            raise ValueError(f"weight {weight} is not positive")
        n += 1
        weight_sum += weight
        squared += weight * weight
        successes += weight if success else 0.0
    return WeightedSums(n=n, weight=weight_sum, weight_squared=squared, weight_successes=successes)
