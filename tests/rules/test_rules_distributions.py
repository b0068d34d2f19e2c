"""Every distribution function beside scipy's."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from bot.rules import distributions

shapes = st.floats(0.05, 3_000)
shares = st.floats(0.0005, 0.9995)


@given(st.floats(0, 1), shapes, shapes)
def test_beta_cdf_agrees_with_scipy(x: float, a: float, b: float) -> None:
    assert distributions.beta_cdf(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-10)


@given(shares, st.floats(0.5, 2_000), st.floats(0.5, 2_000))
def test_beta_quantile_agrees_with_scipy(share: float, a: float, b: float) -> None:
    # By scipy's way back: its own quantile of a symmetric beta misses the middle by 1e-8.
    ours = distributions.beta_quantile(share, a, b)
    assert stats.beta.cdf(ours, a, b) == pytest.approx(share, abs=1e-7)
    assert ours == pytest.approx(stats.beta.ppf(share, a, b), abs=1e-7)


@given(st.integers(0, 3_000), st.floats(-0.1, 1.1), st.floats(0, 1))
def test_binomial_cdf_agrees_with_scipy(n: int, part: float, share: float) -> None:
    successes = round(n * part)
    ours = distributions.binomial_cdf(successes, n, share)
    assert ours == pytest.approx(stats.binom.cdf(successes, n, share), abs=1e-10)


@given(st.integers(0, 2_000), shares, st.sampled_from([0.00135, 0.025, 0.3, 0.975, 0.99865]))
def test_binomial_quantile_agrees_with_scipy(n: int, share: float, probability: float) -> None:
    ours = distributions.binomial_quantile(probability, n, share)
    assert ours == stats.binom.ppf(probability, n, share)


@given(st.floats(-60, 60) | st.floats(-1e-6, 1e-6), st.floats(0.5, 400))
def test_student_cdf_agrees_with_scipy(t: float, freedom: float) -> None:
    ours = distributions.student_cdf(t, freedom)
    assert ours == pytest.approx(stats.t.cdf(t, freedom), abs=1e-10)


@given(st.sampled_from([0.8, 0.95, 0.985, 0.999]), st.integers(2, 400))
def test_student_reach_agrees_with_scipy(confidence: float, freedom: int) -> None:
    ours = distributions.student_reach(confidence, freedom)
    assert ours == pytest.approx(stats.t.ppf((1 + confidence) / 2, freedom))


@given(st.integers(1, 2_000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.9975]))
def test_clopper_pearson_agrees_with_statsmodels(n: int, share: float, confidence: float) -> None:
    successes = round(n * share)
    low, high = proportion_confint(successes, n, alpha=1 - confidence, method="beta")
    ours = distributions.clopper_pearson(successes, n, confidence)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


@given(st.floats(0.5, 900), st.floats(0, 1))
def test_clopper_pearson_takes_effective_counts(n: float, share: float) -> None:
    ours = distributions.clopper_pearson(share * n, n)
    assert 0 <= ours.low <= share + 1e-9
    assert share - 1e-9 <= ours.high <= 1


counted = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counted, counted)
def test_deviance_root_agrees_with_scipy(now: tuple[int, int], before: tuple[int, int]) -> None:
    ours = distributions.deviance_root(now, before)
    rejected, accepted = (now[0], before[0]), (now[1] - now[0], before[1] - before[0])
    if not (any(rejected) and any(accepted)):
        assert ours == 0
        return
    g = stats.chi2_contingency([rejected, accepted], correction=False, lambda_="log-likelihood")
    assert abs(ours) == pytest.approx(sqrt(max(0.0, g.statistic)), abs=1e-6)
    assert (ours > 0) == (now[0] * before[1] > before[0] * now[1] and ours != 0)


@pytest.mark.parametrize("off", [-3e-16, 0.0, 3e-16])
def test_a_rounding_error_at_the_ends_does_no_harm(off: float) -> None:
    assert distributions.deviance_root((1 + off, 1.0), (1.25, 1.25)) == pytest.approx(0, abs=1e-6)
    assert distributions.deviance_root((off, 1.0), (0.0, 1.25)) == pytest.approx(0, abs=1e-6)
    assert distributions.deviance_root((8 + off, 8.0), (4, 8.0)) > 2


def test_nothing_beside_something_is_no_distance() -> None:
    assert distributions.deviance_root((0, 0), (3, 9)) == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: distributions.beta_cdf(1.1, 1, 1),
        lambda: distributions.beta_cdf(0.5, 0, 1),
        lambda: distributions.beta_quantile(1.5, 1, 1),
        lambda: distributions.binomial_cdf(1, -1, 0.5),
        lambda: distributions.binomial_quantile(1, 5, 0.5),
        lambda: distributions.student_cdf(1, 0),
        lambda: distributions.clopper_pearson(3, 2),
        lambda: distributions.clopper_pearson(0, 0),
    ],
)
def test_what_is_outside_the_domain_is_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=r"no |not a share"):
        call()
