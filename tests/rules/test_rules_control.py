"""The p-chart: limits beside scipy's, false alarms counted exactly, each signal said once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from bot.rules import control
from bot.rules.control import FALSE_ALARM, DayCount, Side

MONDAY = date(2026, 3, 2)
shares = st.floats(0.001, 0.999)


def days(*counts: tuple[int, int]) -> list[DayCount]:
    return [
        DayCount(day=MONDAY + timedelta(days=at), audits=audits, rejected=rejected)
        for at, (rejected, audits) in enumerate(counts)
    ]


def month(*last: tuple[int, int]) -> list[DayCount]:
    return days(*[(3, 30)] * 19, *last)


@given(st.integers(1, 400), shares, st.sampled_from([0.00135, 0.0001, 0.025]))
def test_limits_are_the_quantiles_of_the_binomial(n: int, centre: float, tail: float) -> None:
    low, high = control.limits(n, centre, tail)
    assert (low, high) == (binom.ppf(tail, n, centre), binom.ppf(1 - tail, n, centre))
    assert binom.cdf(low - 1, n, centre) <= tail
    assert binom.sf(high, n, centre) <= tail + 1e-15


@pytest.mark.parametrize("n", [5, 8, 15, 30, 60, 200])
@pytest.mark.parametrize("rate", [0.02, 0.08, 0.12, 0.3])
def test_a_quiet_day_is_no_signal_but_for_27_in_10000(n: int, rate: float) -> None:
    low, high = control.limits(n, rate, FALSE_ALARM / 2)
    assert binom.cdf(low - 1, n, rate) + binom.sf(high, n, rate) <= FALSE_ALARM


def test_the_limits_follow_each_days_n() -> None:
    drawn = control.chart(month((1, 5), (20, 200)))
    assert drawn is not None
    assert drawn.centre == pytest.approx((57 + 21) / (570 + 205))
    few, many = drawn.points[-2:]
    assert (few.low, few.high) == (0, binom.ppf(1 - 0.00135, 5, drawn.centre) / 5)
    assert many.low == binom.ppf(0.00135, 200, drawn.centre) / 200
    assert many.high - many.low < few.high - few.low
    assert [point.side for point in drawn.points] == [None] * 21


@pytest.mark.parametrize(
    ("last", "side"),
    [((13, 30), Side.WORSE), ((6, 30), None), ((0, 30), None), ((0, 200), Side.BETTER)],
)
def test_a_day_outside_is_a_signal(last: tuple[int, int], side: Side | None) -> None:
    drawn = control.chart(month(last))
    assert drawn is not None
    assert drawn.points[-1].side is side


def test_a_day_on_its_limit_is_inside() -> None:
    for rejected in range(31):
        drawn = control.chart(month((rejected, 30)))
        assert drawn is not None
        last = drawn.points[-1]
        assert (last.side is None) == (last.low <= last.share <= last.high)


def test_each_signal_is_said_once() -> None:
    drawn = control.chart(month((15, 30), (3, 30), (16, 30)))
    assert drawn is not None
    one, other = MONDAY + timedelta(days=19), MONDAY + timedelta(days=21)
    assert [point.day for point in control.news(drawn, (), MONDAY)] == [one, other]
    assert [point.day for point in control.news(drawn, {one}, MONDAY)] == [other]
    assert control.news(drawn, {one, other}, MONDAY) == ()


def test_an_old_day_is_not_news() -> None:
    drawn = control.chart(month((15, 30), (3, 30)))
    assert drawn is not None
    assert control.news(drawn, (), since=MONDAY + timedelta(days=20)) == ()


def test_many_charts_have_the_false_alarms_of_one() -> None:
    alone, among = control.chart(month((10, 30))), control.chart(month((10, 30)), charts=20)
    assert alone is not None
    assert among is not None
    assert alone.points[-1].side is Side.WORSE
    assert among.points[-1].side is None


def test_days_without_audits_are_left_out_and_the_order_is_that_of_the_days() -> None:
    drawn = control.chart([*reversed(month()), *days((0, 0))])
    assert drawn is not None
    assert [point.day for point in drawn.points] == [one.day for one in month()]


def test_asked_of_the_last_days_the_chart_is_the_same_from_there_on() -> None:
    last = month((15, 30), (3, 30), (0, 0), (16, 30))
    whole, end = control.chart(last), control.chart(last, since=last[-3].day)
    assert whole is not None
    assert end is not None
    assert (end.centre, end.points) == (whole.centre, whole.points[-2:])


def test_too_few_days_make_no_chart() -> None:
    assert control.chart(days(*[(1, 20)] * 9, (0, 0))) is None
    assert control.chart(days(*[(1, 20)] * 10)) is not None


@pytest.mark.parametrize("rejected", [0, 20])
def test_a_squad_without_any_variation_has_no_signal(rejected: int) -> None:
    drawn = control.chart(days(*[(rejected, 20)] * 12))
    assert drawn is not None
    assert {point.side for point in drawn.points} == {None}
    assert {(point.low, point.high) for point in drawn.points} == {(rejected / 20, rejected / 20)}


@pytest.mark.parametrize(("rejected", "audits"), [(-1, 4), (5, 4), (1, 0)])
def test_what_cannot_be_counted_is_refused(rejected: int, audits: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        DayCount(day=MONDAY, audits=audits, rejected=rejected)
