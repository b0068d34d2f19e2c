"""Every formula beside an independent implementation: statsmodels and numpy."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from bot.rules import numbers
from bot.rules.numbers import Interval, Spread, WeightedSums

CLOSE = 1e-9

counts = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
weights = st.floats(0.05, 500, allow_nan=False)
values = st.lists(st.floats(0, 1e7, allow_nan=False), min_size=1, max_size=60)


@given(counts, st.sampled_from([0.8, 0.95, 0.99, 0.999]))
def test_wilson_agrees_with_statsmodels(counted: tuple[int, int], confidence: float) -> None:
    successes, n = counted
    low, high = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    ours = numbers.wilson(successes, n, confidence)
    assert ours.low == pytest.approx(low, abs=CLOSE)
    assert ours.high == pytest.approx(high, abs=CLOSE)


@given(st.floats(0.5, 1e5), st.floats(0, 1))
def test_wilson_takes_fractional_counts_and_stays_a_share(n: float, share: float) -> None:
    interval = numbers.wilson(share * n, n)
    assert 0 <= interval.low <= share + CLOSE
    assert share - CLOSE <= interval.high <= 1


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Published or worked by hand: with z² = 3.8414588, 0 of 10 gives z²/(n + z²).
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        # Newcombe (1998), Statistics in Medicine 17, 857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_known_values(successes: int, n: int, low: float, high: float) -> None:
    interval = numbers.wilson(successes, n)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize("n", [1, 7, 10.5, 3_000_000])
def test_wilson_ends_are_exact(n: float) -> None:
    assert numbers.wilson(0, n).low == 0
    assert numbers.wilson(n, n).high == 1


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5), (0, -3)])
def test_wilson_refuses_what_is_no_share(successes: float, n: float) -> None:
    with pytest.raises(ValueError, match="not a share"):
        numbers.wilson(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -0.2])
def test_confidence_must_be_between_0_and_1(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        numbers.wilson(1, 2, confidence)


@given(st.lists(weights, min_size=1, max_size=50))
def test_kish_effective_n(drawn: list[float]) -> None:
    array = np.array(drawn)
    ours = numbers.kish_effective_n(drawn)
    assert ours == pytest.approx(array.sum() ** 2 / (array**2).sum())
    assert 1 - CLOSE <= ours <= len(drawn) + CLOSE


def test_kish_effective_n_at_its_ends() -> None:
    assert numbers.kish_effective_n([]) == 0
    assert numbers.kish_effective_n([3, 3, 3, 3]) == pytest.approx(4)
    assert numbers.kish_effective_n([1e9, 1, 1]) == pytest.approx(1)


@pytest.mark.parametrize("weight", [0, -1])
def test_a_weight_is_positive(weight: float) -> None:
    with pytest.raises(ValueError, match="not positive"):
        numbers.weighted_rate([(True, weight)])


def test_nothing_counted_is_unknown() -> None:
    for unknown in (numbers.rate(0, 0), numbers.weighted_rate([])):
        assert (unknown.rate, unknown.low, unknown.high) == (None, None, None)
        assert (unknown.n, unknown.n_effective) == (0, 0)


@given(st.lists(st.tuples(st.booleans(), weights), min_size=1, max_size=50))
def test_weighted_rate(counted: list[tuple[bool, float]]) -> None:
    ours = numbers.weighted_rate(counted)
    drawn = [weight for _, weight in counted]
    share = np.average([success for success, _ in counted], weights=drawn)
    n_effective = numbers.kish_effective_n(drawn)
    low, high = proportion_confint(share * n_effective, n_effective, method="wilson")
    assert ours.n == len(counted)
    assert ours.n_effective == pytest.approx(n_effective)
    assert ours.rate == pytest.approx(share)
    assert ours.low == pytest.approx(low, abs=1e-7)
    assert ours.high == pytest.approx(high, abs=1e-7)


@given(counts, weights)
def test_equal_weights_change_nothing(counted: tuple[int, int], weight: float) -> None:
    successes, n = counted
    plain = numbers.rate(successes, n)
    weighted = numbers.rate_of_sums(
        WeightedSums(
            n=n,
            weight=n * weight,
            weight_squared=n * weight**2,
            weight_successes=successes * weight,
        )
    )
    assert weighted.rate == pytest.approx(plain.rate)
    assert weighted.n_effective == pytest.approx(n)
    assert weighted.low == pytest.approx(plain.low, abs=1e-7)
    assert weighted.high == pytest.approx(plain.high, abs=1e-7)


def test_weights_undo_an_unequal_draw() -> None:
    # 1,000 submissions at 50 % drawn at 1 in 10, and 100 at 90 % all looked at.
    counted = [(True, 10.0)] * 50 + [(False, 10.0)] * 50 + [(True, 1.0)] * 90 + [(False, 1.0)] * 10
    assert numbers.weighted_rate(counted).rate == pytest.approx(590 / 1100)


def test_sums_add_up() -> None:
    one = WeightedSums(n=2, weight=3, weight_squared=5, weight_successes=1)
    assert one + WeightedSums() == one
    assert one + one == WeightedSums(n=4, weight=6, weight_squared=10, weight_successes=2)


@given(counts, counts)
def test_difference_agrees_with_statsmodels(now: tuple[int, int], before: tuple[int, int]) -> None:
    low, high = confint_proportions_2indep(*now, *before, compare="diff", method="newcomb")
    ours = numbers.difference(numbers.rate(*now), numbers.rate(*before))
    assert ours is not None
    assert ours.delta == pytest.approx(now[0] / now[1] - before[0] / before[1])
    assert ours.low == pytest.approx(low, abs=1e-7)
    assert ours.high == pytest.approx(high, abs=1e-7)


def test_difference_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873, table II, method 10: 56/70 and 48/80.
    ours = numbers.difference(numbers.rate(56, 70), numbers.rate(48, 80))
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert ours.evident


def test_difference_of_the_unknown_is_unknown() -> None:
    assert numbers.difference(numbers.NOTHING_COUNTED, numbers.rate(1, 2)) is None
    assert numbers.difference(numbers.rate(1, 2), numbers.NOTHING_COUNTED) is None
    assert numbers.at_confidence(numbers.NOTHING_COUNTED, 0.9) is None


@pytest.mark.parametrize(
    ("now", "before", "evident"),
    [
        ((9, 10), (7, 10), False),
        ((900, 1000), (700, 1000), True),
        ((700, 1000), (900, 1000), True),
        ((5, 5), (5, 5), False),
    ],
)
def test_no_arrow_without_evidence(
    now: tuple[int, int], before: tuple[int, int], evident: bool
) -> None:
    ours = numbers.difference(numbers.rate(*now), numbers.rate(*before))
    assert ours is not None
    assert ours.evident is evident


@given(values, st.floats(0, 1))
def test_quantile_agrees_with_numpy(given_values: list[float], share: float) -> None:
    ours = numbers.quantile(sorted(given_values), share)
    assert ours == pytest.approx(float(np.quantile(given_values, share)), rel=1e-9, abs=1e-6)


@given(values)
def test_spread_agrees_with_numpy_and_statistics(given_values: list[float]) -> None:
    ours = numbers.spread(given_values)
    assert ours.n == len(given_values)
    assert ours.median == pytest.approx(statistics.median(given_values))
    assert ours.p90 == pytest.approx(float(np.quantile(given_values, 0.9)), rel=1e-9, abs=1e-6)


def test_spread_of_nothing_is_unknown() -> None:
    assert numbers.spread([]) == Spread(None, None, 0)
    assert numbers.spread([], 1_000_000) == Spread(None, None, 0)


@given(st.lists(st.integers(0, 10**14), min_size=1))
def test_spread_of_parts_is_that_of_the_unit_to_the_last_bit(parts: list[int]) -> None:
    in_units = [float(f"{part}e-6") for part in parts]
    assert numbers.spread(parts, 1_000_000) == numbers.spread(in_units)


@pytest.mark.parametrize(("ordered", "share"), [([], 0.5), ([1.0], -0.1), ([1.0], 1.1)])
def test_quantile_refuses_nonsense(ordered: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        numbers.quantile(ordered, share)


@pytest.mark.parametrize(
    ("value", "outside"), [(0.4, True), (0.5, False), (0.6, False), (0.7, False), (0.71, True)]
)
def test_interval_excludes(value: float, outside: bool) -> None:
    assert Interval(0.5, 0.7).excludes(value) is outside
