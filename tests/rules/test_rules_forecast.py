"""Finish dates: worked by hand, beside a plain matrix calculation, and on simulated plans."""

from datetime import date, timedelta
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bot.rules import forecast as rules
from bot.rules.forecast import DayAhead, Forecast, Outlook, Plan, Unknown, WorkedDay, forecast

TODAY = date(2026, 3, 2)  # a Monday
STEADY = [WorkedDay(done=done) for done in (90, 110, 100, 95, 105, 100, 90, 110, 105, 95)]


def weekdays(n: int, capacity: float = 1.0, start: date = TODAY) -> list[DayAhead]:
    days = (start + timedelta(days=at) for at in range(2 * n + 7))
    working = [day for day in days if day.weekday() < 5]
    return [DayAhead(day=day, capacity=capacity) for day in working[:n]]


def plan(left: int, due: date | None = None) -> Plan:
    return Plan(size=10_000, done=10_000 - left, due=due)


AHEAD = weekdays(60)


def test_a_steady_pace_finishes_when_it_is_done() -> None:
    told = forecast(plan(1000, AHEAD[20].day), STEADY, AHEAD, TODAY)
    assert told.pace == pytest.approx(100)
    assert told.finish == AHEAD[9].day
    assert told.early is not None
    assert told.late is not None
    assert told.early <= told.finish <= told.late <= AHEAD[11].day
    assert told.needed == pytest.approx(1000 / 21)
    assert (told.outlook, told.unknown, told.left) == (Outlook.HOLDS, None, 1000)


@pytest.mark.parametrize(
    ("due", "outlook"),
    [(30, Outlook.HOLDS), (9, Outlook.CANNOT_TELL), (3, Outlook.AT_RISK)],
)
def test_a_date_holds_or_not_only_if_the_whole_range_says_so(due: int, outlook: Outlook) -> None:
    uneven = [WorkedDay(done=done) for done in (40, 160, 100, 60, 140, 100, 50, 150, 130, 70)]
    assert forecast(plan(1000, AHEAD[due].day), uneven, AHEAD, TODAY).outlook is outlook


def test_the_last_day_of_the_range_is_still_in_time() -> None:
    late = forecast(plan(1000), STEADY, AHEAD, TODAY).late
    assert late is not None
    assert forecast(plan(1000, late), STEADY, AHEAD, TODAY).outlook is Outlook.HOLDS
    before = forecast(plan(1000, late - timedelta(days=1)), STEADY, AHEAD, TODAY)
    assert before.outlook is Outlook.CANNOT_TELL


def test_time_off_moves_the_finish() -> None:
    away = [DayAhead(day=day.day, capacity=0.5 if at < 10 else 1) for at, day in enumerate(AHEAD)]
    told = forecast(plan(1000, AHEAD[30].day), STEADY, away, TODAY)
    assert told.finish == AHEAD[14].day
    assert told.needed == pytest.approx(1000 / 26)


def test_the_pace_is_that_of_full_days() -> None:
    halves = [WorkedDay(done=50, capacity=0.5)] * 5 + [WorkedDay(done=100)] * 5
    told = forecast(plan(800), halves, AHEAD, TODAY)
    assert told.pace == pytest.approx(100)
    assert (told.early, told.finish, told.late) == (AHEAD[7].day,) * 3


def test_only_the_last_ten_days_make_the_pace() -> None:
    told = forecast(plan(800), [WorkedDay(done=500)] * 30 + STEADY, AHEAD, TODAY)
    assert told.pace == pytest.approx(100)
    empty = [WorkedDay(done=0, capacity=0.0)] * 4
    assert forecast(plan(800), STEADY + empty, AHEAD, TODAY).pace == pytest.approx(100)


@pytest.mark.parametrize(
    ("given_plan", "worked", "expected"),
    [
        (
            Plan(size=None, done=5, due=TODAY),
            STEADY,
            Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.NO_SIZE),
        ),
        (
            Plan(size=0, done=0, due=TODAY),
            STEADY,
            Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.NO_SIZE),
        ),
        (plan(0, TODAY), [], Forecast(outlook=Outlook.FINISHED, left=0)),
        (Plan(size=10, done=12, due=None), STEADY, Forecast(outlook=Outlook.FINISHED, left=0)),
        (
            plan(100),
            STEADY[:4],
            Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.FEW_DAYS, left=100),
        ),
        (
            plan(100),
            [WorkedDay(done=0)] * 10,
            Forecast(outlook=Outlook.CANNOT_TELL, unknown=Unknown.NO_PACE, left=100, pace=0),
        ),
    ],
)
def test_what_cannot_be_told_says_why(
    given_plan: Plan, worked: list[WorkedDay], expected: Forecast
) -> None:
    assert forecast(given_plan, worked, AHEAD, TODAY) == expected


def test_without_a_due_date_there_is_a_finish_and_nothing_to_hold() -> None:
    told = forecast(plan(1000), STEADY, AHEAD, TODAY)
    assert (told.outlook, told.unknown, told.needed) == (Outlook.CANNOT_TELL, Unknown.NO_DUE, None)
    assert told.finish == AHEAD[9].day


@pytest.mark.parametrize("worked", [STEADY, STEADY[:2], [WorkedDay(done=0)] * 10])
def test_a_date_in_the_past_is_at_risk_whatever_the_pace(worked: list[WorkedDay]) -> None:
    told = forecast(plan(1000, TODAY - timedelta(days=1)), worked, AHEAD, TODAY)
    assert (told.outlook, told.overdue, told.needed) == (Outlook.AT_RISK, True, None)


def test_due_today_is_not_overdue() -> None:
    told = forecast(plan(100, TODAY), STEADY, AHEAD, TODAY)
    assert not told.overdue
    assert told.needed == pytest.approx(100)


def test_days_that_do_not_suffice_leave_the_finish_open() -> None:
    told = forecast(plan(5000, AHEAD[2].day), STEADY, AHEAD[:20], TODAY)
    assert (told.finish, told.early, told.late) == (None, None, None)
    assert (told.outlook, told.unknown) == (Outlook.AT_RISK, Unknown.BEYOND)
    assert forecast(plan(500, AHEAD[2].day), STEADY, [], TODAY).unknown is Unknown.BEYOND


def test_a_wild_pace_leaves_the_late_end_open() -> None:
    wild = [WorkedDay(done=done) for done in (0, 0, 900, 0, 0, 0, 0, 1200, 0, 0)]
    told = forecast(plan(9000, AHEAD[50].day), wild, AHEAD, TODAY)
    assert told.finish is not None
    assert told.late is None
    assert told.outlook is Outlook.CANNOT_TELL


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 300), min_size=5, max_size=25),
    st.lists(st.sampled_from([0.25, 0.5, 0.9, 1.0]), min_size=5, max_size=30),
    st.integers(100, 4000),
)
def test_chances_agree_with_plain_matrices(done: list[int], shares: list[float], left: int) -> None:
    worked = [WorkedDay(done=one, capacity=shares[at % 5]) for at, one in enumerate(done)]
    ahead = [
        DayAhead(day=day.day, capacity=share) for day, share in zip(AHEAD, shares, strict=False)
    ]
    if len(set(done)) < 3:
        return
    ours = rules._chances(rules._pace(worked), left, ahead)
    assert ours == pytest.approx(_by_matrices(worked, left, shares)[: len(ours)], abs=1e-6)


def _by_matrices(worked: list[WorkedDay], left: int, shares: list[float]) -> list[float]:
    n, h = len(worked), len(shares)
    capacity = np.array([day.capacity for day in worked])
    each = np.array([day.done for day in worked]) / capacity
    weights = np.where(np.arange(n) >= n - rules.PACE_DAYS, capacity, 0)
    weights = weights / weights.sum()
    odds, chances = [], []
    for phi, prior in rules.CORRELATIONS:
        alike = phi ** np.abs(np.subtract.outer(np.arange(n + h), np.arange(n + h)))
        past, inverse = alike[:n, :n], np.linalg.inv(alike[:n, :n])
        ones = np.ones(n)
        misfit = each - (ones @ inverse @ each) / (ones @ inverse @ ones)
        likelihood = np.linalg.det(past) * (ones @ inverse @ ones)
        likelihood *= (misfit @ inverse @ misfit) ** (n - 1)
        odds.append(np.log(prior) - np.log(likelihood) / 2)
        centred = np.eye(n) - 1 / n
        noise = each @ centred @ each / np.trace(centred @ past)
        row = []
        for upto in range(1, h + 1):
            ahead = np.array(shares[:upto])
            miss = np.concatenate([-ahead.sum() * weights, ahead])
            error = sqrt(noise * miss @ alike[: n + upto, : n + upto] @ miss)
            mean = ahead.sum() * weights @ each
            row.append(stats.t.cdf((mean - left) / error, n - 1))
        chances.append(row)
    likely = np.exp(np.array(odds) - max(odds))
    return list(np.maximum.accumulate(likely / likely.sum() @ np.array(chances)))


KINDS = ["even", "people", "over-dispersed", "bursts", "runs", "long runs"]


def throughput(kind: str, rng: np.random.Generator, capacity: np.ndarray) -> np.ndarray:
    """Simulate the pieces of each day, about 200 at full capacity."""
    n = len(capacity)
    if kind == "people":  # eight of unequal pace, each away on one day of seven
        paces = rng.uniform(0.3, 2, 8)
        there = rng.random((n, 8)) < 0.85
        share = (there * paces).sum(1) / paces.sum() / 0.85
        return rng.poisson(200 * capacity * share * rng.gamma(25, 1 / 25, n))
    if kind in ("over-dispersed", "bursts"):
        shape = 4 if kind == "over-dispersed" else 1.5
        return rng.poisson(200 * capacity * rng.gamma(shape, 1 / shape, n))
    phi = {"even": 0.0, "runs": 0.3, "long runs": 0.6}[kind]
    noise = rng.normal(0, 0.3, n)
    for at in range(1, n):
        noise[at] = phi * noise[at - 1] + sqrt(1 - phi**2) * noise[at]
    return np.maximum(0, np.round(200 * capacity * (1 + noise))).astype(int)


def coverage(kind: str, plans: int, history: int, seed: int = 0) -> float:
    """Return in which share of simulated plans the finish lies within the range."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    ahead_days = weekdays(250)
    held = 0
    for _ in range(plans):
        capacity = rng.choice([1, 0.9, 0.75, 0.5], p=[0.5, 0.25, 0.15, 0.1], size=history + 250)
        done = throughput(kind, rng, capacity)
        left = int(200 * 0.85 * rng.uniform(8, 60))
        pairs = list(zip(done.tolist(), capacity.tolist(), strict=True))
        worked = [WorkedDay(done=one, capacity=share) for one, share in pairs[:history]]
        ahead = [
            DayAhead(day=day.day, capacity=share)
            for day, (_, share) in zip(ahead_days, pairs[history:], strict=True)
        ]
        told = forecast(plan(left), worked, ahead, TODAY)
        finish = ahead_days[int(np.argmax(np.cumsum(done[history:]) >= left))].day
        early, late = told.early or date.max, told.late or date.max
        held += early <= finish <= late
    return held / plans


def test_the_range_covers_about_four_of_five() -> None:
    shares = [coverage(kind, 25, history=100) for kind in KINDS]
    assert 0.72 <= sum(shares) / len(shares) <= 0.88


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_80_percent_range_covers_75_to_85(kind: str) -> None:
    assert 0.75 <= coverage(kind, 1200, history=100) <= 0.85


@pytest.mark.slow
@pytest.mark.parametrize("history", [10, 20, 60])
def test_with_little_history_it_does_over_all_kinds_of_plans(history: int) -> None:
    shares = [coverage(kind, 400, history) for kind in KINDS]
    assert 0.75 <= sum(shares) / len(shares) <= 0.85
