"""The distribution functions that the standard library lacks: beta, binomial and Student's t.

Written without scipy, which would double the memory of the process; the tests hold every function
beside scipy's.
"""

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from typing import Final

from bot.rules.numbers import CONFIDENCE, Interval

_TINY: Final = 1e-300
_PRECISION: Final = 1e-15
_STEPS: Final = 10_000
"""More than any share of a million audits needs: the fraction takes about √max(a, b) steps."""
_HALVINGS: Final = 60
"""Halving [0, 1] so often reaches the last bit of a float near 1."""


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1 and a, b > 0.

    Continued fraction DLMF 8.17.22, evaluated by Lentz's method as modified by Thompson and
    Barnett (1986), J. Comput. Phys. 64, 490; on the side of the mean where it converges fast.
    Raises ValueError outside the domain.
    """
    if not (0 <= x <= 1 and a > 0 and b > 0):
        raise ValueError(f"no beta({a}, {b}) at {x}")
    if x in (0, 1):
        return float(x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1 - front * _fraction(1 - x, b, a) / b)


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        for term in (even, odd):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            return value
    raise ArithmeticError(f"the beta function of {x}, {a}, {b} did not converge")


def _away(value: float) -> float:
    """Keep a denominator away from zero."""
    return value if abs(value) > _TINY else _TINY


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the x with I_x(a, b) = share, by halving; share between 0 and 1."""
    if not 0 <= share <= 1:
        raise ValueError(f"no quantile {share}")
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def binomial_cdf(successes: int, n: int, share: float) -> float:
    """Return P(X ≤ successes) for X binomial with n trials; I_{1-p}(n - k, k + 1), DLMF 8.17.5."""
    if n < 0 or not 0 <= share <= 1:
        raise ValueError(f"no binomial of {n} trials at {share}")
    if successes < 0:
        return 0.0
    if successes >= n:
        return 1.0
    return beta_cdf(1 - share, n - successes, successes + 1)


def binomial_quantile(probability: float, n: int, share: float) -> int:
    """Return the smallest k with P(X ≤ k) ≥ probability; probability between 0 and 1."""
    if not 0 < probability < 1:
        raise ValueError(f"no quantile {probability}")
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if binomial_cdf(middle, n, share) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def student_cdf(t: float, freedom: float) -> float:
    """Return P(T ≤ t) of Student's t; Abramowitz and Stegun (1964) 26.7.1 by the beta function."""
    if freedom <= 0:
        raise ValueError(f"no Student's t with {freedom} degrees of freedom")
    square = t * t
    if square < freedom:
        # From the middle: near zero, the argument of the tail's function would round to 1.
        middle = beta_cdf(square / (freedom + square), 0.5, freedom / 2) / 2
        return 0.5 + middle if t > 0 else 0.5 - middle
    tail = beta_cdf(freedom / (freedom + square), freedom / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


@lru_cache(maxsize=256)
def student_reach(confidence: float, freedom: int) -> float:
    """Return how many standard errors an interval by Student's t reaches, by halving."""
    low, high = 0.0, 1000.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if student_cdf(middle, freedom) < (1 + confidence) / 2:
            low = middle
        else:
            high = middle
    return high


@lru_cache(maxsize=4096)
def clopper_pearson(successes: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the exact interval of a share: each tail holds at most half of 1 - confidence.

    Clopper and Pearson (1934), Biometrika 26, 404. Both counts may be effective, thus fractional,
    as Korn and Graubard (1998), Survey Methodology 24, 193, use it under unequal weights. Raises
    ValueError for n ≤ 0 or successes outside 0..n.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    tail = (1 - confidence) / 2
    low = beta_quantile(tail, successes, n - successes + 1) if successes > 0 else 0.0
    high = beta_quantile(1 - tail, successes + 1, n - successes) if successes < n else 1.0
    return Interval(low, high)


def deviance_root(now: tuple[float, float], before: tuple[float, float]) -> float:
    """Return how far two shares lie apart, in standard deviations, positive if it is more now.

    Each share is (successes, n), fractional if effective. The signed root of the likelihood ratio
    of two binomials against one, Wilks (1938), Ann. Math. Stat. 9, 60; roughly normal also where
    the difference over its standard error is not.
    """
    (first, n), (second, m) = now, before
    if n <= 0 or m <= 0:
        return 0.0
    pooled = (first + second) / (n + m)
    gain = sum(
        _log_likelihood(count, size, count / size) - _log_likelihood(count, size, pooled)
        for count, size in (now, before)
    )
    root = sqrt(max(0.0, 2 * gain))
    return root if first / n > second / m else -root


def _log_likelihood(count: float, size: float, share: float) -> float:
    """Return it with 0 log 0 = 0; effective counts may miss their ends by a rounding error."""
    hits = count * log(share) if share > 0 else 0.0
    return hits + ((size - count) * log1p(-share) if share < 1 else 0.0)
