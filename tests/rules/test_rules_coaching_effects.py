"""A coaching effect claims nothing where there is none, and sees a halving where there is one."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator

from bot.rules.coaching_effects import (
    LED,
    Effect,
    Tally,
    Taught,
    Verdict,
    effect,
    reads_from,
)

WEEK = timedelta(weeks=1)
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
BEFORE, AFTER = 16, 12
PEOPLE, CATEGORIES, A_WEEK, FOLLOWUPS = 140, 6, 5, 3


class Run(NamedTuple):
    """What a squad's twelve weeks gave: the verdict, and whether a before/after would claim one."""

    found: Effect
    naive: bool


def tally(person_id: int, week: int, audits: int, wrong: int) -> Tally:
    at = BEGIN + week * WEEK + timedelta(days=3)
    return Tally(
        person_id=person_id,
        handed_in=at,
        audited_at=at + timedelta(hours=1),
        audits=int(audits),
        wrong=int(wrong),
    )


def play(dice: Generator, factor: float, *, again: bool) -> Run:
    """Play one squad: everybody is coached on what went worst in the last four weeks.

    Each person has a rate of their own in each of six categories, 10 % on average; coaching
    multiplies it. Five random audits a week, three follow-ups beside them once coached; a
    one-on-one every two weeks, with `again` in all twelve weeks, else only the first.
    """
    rates = dice.beta(3, 27, size=(PEOPLE, CATEGORIES))
    wrong = np.zeros((PEOPLE, CATEGORIES, BEFORE + AFTER), int)
    audits = np.full(wrong.shape, A_WEEK)
    since = np.full(rates.shape, 10**6)
    taught: list[Taught] = []
    for week in range(BEFORE + AFTER):
        if week >= BEFORE and (again or week < BEFORE + 2):
            lately = wrong[:, :, week - 4 : week].sum(2) + dice.random(rates.shape) / 100
            for person in range(week % 2, PEOPLE, 2):
                worst = int(lately[person].argmax())
                since[person, worst] = min(since[person, worst], week)
                if worst == 0:
                    at = BEGIN + week * WEEK
                    taught.append(Taught(person, at - LED, at))
        audits[:, :, week] += np.where(since <= week, FOLLOWUPS, 0)
        now = np.where(since <= week, rates * factor, rates)
        wrong[:, :, week] = dice.binomial(audits[:, :, week], now)
    tallies = [
        tally(person, week, audits[person, 0, week], wrong[person, 0, week])
        for person in range(PEOPLE)
        for week in range(BEFORE + AFTER)
    ]
    found = effect(tallies, taught, BEGIN + (BEFORE + AFTER) * WEEK)
    return Run(found, _before_after(wrong[:, 0], audits[:, 0], since[:, 0]))


def _before_after(wrong: np.ndarray, audits: np.ndarray, since: np.ndarray) -> bool:
    """Compare the four weeks that led to the coaching with all after it, as one is tempted to."""
    sums = np.zeros(4)
    for person, week in enumerate(since):
        if week < BEFORE + AFTER:
            sums += (
                wrong[person, week - 4 : week].sum(),
                audits[person, week - 4 : week].sum(),
                wrong[person, week:].sum(),
                audits[person, week:].sum(),
            )
    bad, n, still, m = sums
    both = (bad + still) / (n + m)
    return bool((bad / n - still / m) / np.sqrt(both * (1 - both) * (1 / n + 1 / m)) > 1.96)


def runs(seed: int, times: int, factor: float, *, again: bool = False) -> list[Run]:
    dice = np.random.default_rng(seed)
    return [play(dice, factor, again=again) for _ in range(times)]


def claims(played: list[Run]) -> float:
    return float(np.mean([one.found.pooled.verdict is not Verdict.CANNOT_TELL for one in played]))


def seen(played: list[Run]) -> float:
    return float(np.mean([one.found.pooled.verdict is Verdict.BETTER for one in played]))


def test_chance_is_no_effect_and_a_halving_is_one() -> None:
    none, half = runs(1, 12, 1.0), runs(2, 12, 0.5)
    assert claims(none) <= 1 / 12
    assert np.mean([one.naive for one in none]) >= 0.75, "where before/after is fooled"
    assert seen(half) >= 0.75


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("again", [False, True], ids=["one round", "every two weeks"])
def test_with_no_effect_at_most_one_run_in_twenty_claims_one(again: bool) -> None:
    played = runs(3, 300, 1.0, again=again)
    assert claims(played) <= 0.05
    assert np.mean([one.naive for one in played]) >= 0.95, "where before/after is fooled"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("again", [False, True], ids=["one round", "every two weeks"])
def test_a_halving_is_seen_with_twenty_coached_people(again: bool) -> None:
    played = runs(4, 120, 0.5, again=again)
    if not again:
        assert 18 <= np.mean([one.found.coached for one in played]) <= 22
    assert seen(played) >= 0.8


NOW = BEGIN + 28 * WEEK
AT = BEGIN + 16 * WEEK


def course(person_id: int, start: int, before: int, after: int, n: int = 40) -> list[Tally]:
    """Audits of one person: what led to the coaching, before, after; so many wrong of n."""
    return [
        tally(person_id, 5, n, before),
        tally(person_id, 14, n, start),
        tally(person_id, 20, n, after),
    ]


def squad(coached: int = 10, others: int = 10) -> tuple[list[Tally], list[Taught]]:
    tallies = [
        each
        for person in range(coached + others)
        for each in course(person, 10, 8 + person % 2, (2 if person < coached else 8) + person % 2)
    ]
    return tallies, [Taught(person, AT - LED, AT) for person in range(coached)]


def test_what_led_to_the_coaching_is_on_neither_side() -> None:
    tallies, taught = squad()
    found = effect(tallies, taught, NOW)
    assert found.pooled.verdict is Verdict.BETTER
    assert (found.coached, found.others) == (10, 10)
    assert found.pooled.value == pytest.approx(-6 / 40)
    # All errors of the four weeks before: another level, the same change.
    worse = [one._replace(wrong=40) if one.wrong == 10 else one for one in tallies]
    assert effect(worse, taught, NOW).pooled == found.pooled


def test_nobody_to_compare_with_is_no_verdict() -> None:
    tallies, taught = squad()
    # The others started at another level: none of them had the coached ones' luck.
    apart = [one._replace(wrong=0) if one.person_id >= 10 and one.wrong == 10 else one
             for one in tallies]  # fmt: skip
    found = effect(apart, taught, NOW)
    assert (found.pooled.verdict, found.coached) == (Verdict.CANNOT_TELL, 0)
    assert found.pooled.value is None
    assert found.people[0].verdict is Verdict.CANNOT_TELL
    few = effect(*squad(coached=7), NOW)
    assert (few.pooled.verdict, few.coached) == (Verdict.CANNOT_TELL, 7)
    assert effect([], [], NOW).pooled.verdict is Verdict.CANNOT_TELL


def test_work_handed_in_before_the_coaching_is_not_after_it() -> None:
    tallies, taught = squad()
    old = [
        one._replace(handed_in=AT - timedelta(hours=1)) if one.audited_at > AT else one
        for one in tallies
    ]
    assert effect(old, taught, NOW).people == {}


def test_whoever_is_coached_later_is_among_the_others_until_then() -> None:
    tallies, taught = squad()
    later = BEGIN + 22 * WEEK
    found = effect(tallies, [*taught, Taught(15, later - LED, later)], NOW)
    assert found.others == 10, "they are not left out for what came after"
    sooner = BEGIN + 18 * WEEK
    found = effect(tallies, [*taught, Taught(15, sooner - LED, sooner)], NOW)
    assert found.others == 9, "nothing of theirs was audited before"


def test_a_second_coaching_does_not_begin_anew() -> None:
    tallies, taught = squad()
    again = [Taught(one.person_id, one.led_from + WEEK, AT + 5 * WEEK) for one in taught]
    assert effect(tallies, taught + again, NOW) == effect(tallies, taught, NOW)


def test_one_person_alone_needs_many_audits() -> None:
    tallies, taught = squad(others=30)
    assert effect(tallies, taught, NOW).people[0].verdict is Verdict.CANNOT_TELL
    clear = [*tallies[3:], *course(0, 75, 75, 3, n=300)]
    assert effect(clear, taught, NOW).people[0].verdict is Verdict.BETTER
    few = [*tallies[3:], *course(0, 7, 25, 0, n=28)]
    assert effect(few, taught, NOW).people[0].verdict is Verdict.CANNOT_TELL


@given(
    st.lists(
        st.tuples(st.integers(0, 24), st.integers(0, 27), st.integers(1, 30), st.integers(0, 30)),
        max_size=80,
    ),
    st.lists(st.tuples(st.integers(0, 24), st.integers(0, 27)), max_size=20),
)
@settings(max_examples=50, deadline=None)
def test_whatever_was_audited_the_figures_hold_together(
    audits: list[tuple[int, int, int, int]], coached: list[tuple[int, int]]
) -> None:
    tallies = [tally(person, week, n, min(n, wrong)) for person, week, n, wrong in audits]
    taught = [Taught(p, BEGIN + w * WEEK - LED, BEGIN + w * WEEK) for p, w in coached]
    found = effect(tallies, taught, NOW)
    for one in (found.pooled, *found.people.values()):
        assert 0 <= one.after.wrong <= one.after.audits
        if one.value is None or one.low is None or one.high is None:
            assert one.verdict is Verdict.CANNOT_TELL
        else:
            assert one.low <= one.value <= one.high
            assert (one.verdict is Verdict.BETTER) <= (one.high < 0)
    assert found.coached <= len({one.person_id for one in taught})
    assert effect(reversed(tallies), reversed(taught), NOW).coached <= len(taught)
    # What was audited before its earliest baseline is not looked at, so it need not be read.
    begin = reads_from(taught, NOW)
    assert effect([one for one in tallies if one.audited_at >= begin], taught, NOW) == found
