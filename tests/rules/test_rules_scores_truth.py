"""Simulated squads with known error rates: the score is unbiased, covered, and fair to people."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import exp, log, sqrt

import numpy as np
import pytest

from bot.rules import audits, sampling
from bot.rules.audits import Chain, ChainStep, Origin, Step, Verdict
from bot.rules.numbers import NOTHING_COUNTED, Rate, rate
from bot.rules.quality import Standing, total_group
from bot.rules.sampling import Frame, Gathering, Group, IsoWeek
from bot.rules.standing import individual_interval, individual_standing, standings

CUT = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
STEP = {
    True: ChainStep(Step.DRAW, Verdict.REJECTED, 1),
    False: ChainStep(Step.DRAW, Verdict.ACCEPTED),
}
BATCHES = [Group("B1", "v2"), Group("B2", "v2"), Group("B3", "v3")]
HARDER = [0.8, 0.9, 1.3]
RISK_AUDITS = 20


@dataclass
class Week:
    """A squad's week: what is true, and what the score and a careless one say."""

    known: float  # the share of accepted work that people's rates make
    handed_in: float  # the share in what was really handed in
    score: Rate
    careless: float  # the same, had risk audits been counted as random ones


class Member:
    """A contributor of unequal volume and skill, with as many draws as their squad gives them."""

    def __init__(self, rng: random.Random, squad_rate: float) -> None:
        self.volume = round(exp(rng.uniform(log(20), log(800))))
        self.draws = min(rng.randint(5, 30), self.volume)
        self.rate = rng.betavariate(squad_rate * 25, (1 - squad_rate) * 25)
        self.skips = rng.uniform(0, 0.3)


def squad(rng: random.Random) -> list[Member]:
    error_rate = rng.uniform(0.03, 0.2)
    return [Member(rng, error_rate) for _ in range(rng.randint(3, 20))]


def week(members: list[Member], rng: np.random.Generator, *, skipping: bool) -> Week:
    known = handed_in = 0.0
    frames, careless = [], []
    hunted = 0
    for member in members:
        of_batch = rng.multinomial(member.volume, [0.4, 0.35, 0.25])
        rates = np.repeat(np.minimum(member.rate * np.array(HARDER), 1), of_batch)
        wrong = rng.random(member.volume) < rates
        known += member.volume - rates.sum()
        handed_in += member.volume - wrong.sum()
        hot = np.arange(member.volume - of_batch[2], member.volume)
        # Whoever hunts for errors finds more of them than chance would.
        lucky = hot[rng.random(len(hot)) < np.where(wrong[hot], 0.3, 0.1)]
        risky = {int(at) for at in lucky[: max(0, RISK_AUDITS - hunted)]}
        hunted += len(risky)
        judged = [
            _judged(at, wrong, risky)
            for at in _drawn(member, of_batch, rng)
            if not (skipping and rng.random() < member.skips)
        ]
        frames.append((member.volume, len(judged), judged.count(Verdict.ACCEPTED)))
        careless.append(
            (
                member.volume,
                len(judged) + len(risky),
                frames[-1][2] + sum(not wrong[at] for at in risky),
            )
        )
    volume = sum(member.volume for member in members)
    mixed = sampling.score((max(size, n), n, good) for size, n, good in careless)
    return Week(known / volume, handed_in / volume, sampling.score(frames), mixed.rate or 0.0)


def _drawn(member: Member, of_batch: np.ndarray, rng: np.random.Generator) -> list[int]:
    groups = dict(zip(BATCHES, of_batch.tolist(), strict=True))
    of = Frame(
        contributor_id=1,
        week=IsoWeek(2026, 10),
        cut=CUT,
        seed=rng.bytes(16).hex(),
        groups=groups,
    )
    gathering = Gathering(of.seed, member.draws)
    first = 0
    for group, count in groups.items():
        gathering.offer(group, range(first, first := first + count))
    return [one.submission_id for one in gathering.draws(of, member.draws)]


def _judged(at: int, wrong: np.ndarray, risky: set[int]) -> Verdict:
    """Judge a random draw, adopting the audit of a risk draw that was there before."""
    chains = [Chain(Origin.RISK, (STEP[bool(wrong[at])],))] if at in risky else []
    adopted = audits.drawn_at_random(chains)
    return audits.scoring(adopted.steps if adopted else (STEP[bool(wrong[at])],)).verdict


def weeks(squads: int, each: int, *, skipping: bool) -> Iterator[Week]:
    for number in range(squads):
        members = squad(random.Random(number))
        rng = np.random.default_rng([number, skipping])
        for _ in range(each):
            yield week(members, rng, skipping=skipping)


def covered(score: Rate, truth: float) -> bool:
    return score.low is not None and score.high is not None and score.low <= truth <= score.high


def truth(squads: int, each: int, *, skipping: bool) -> tuple[float, float, float, float]:
    """Return bias and its standard error, coverage, and the bias of the careless score."""
    seen = list(weeks(squads, each, skipping=skipping))
    misses = np.array([(one.score.rate or 0) - one.handed_in for one in seen])
    careless = np.mean([one.careless - one.handed_in for one in seen])
    held = np.mean([covered(one.score, one.known) for one in seen])
    return misses.mean(), misses.std() / sqrt(len(misses)), float(held), float(careless)


@pytest.mark.parametrize("skipping", [False, True])
def test_the_score_of_a_few_squads(skipping: bool) -> None:
    bias, error, held, careless = truth(60, 2, skipping=skipping)
    assert abs(bias) < 4 * error
    assert held > 0.88
    assert careless < bias - 0.005


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("skipping", [False, True])
def test_the_score_of_500_squads_is_true(skipping: bool) -> None:
    bias, error, held, careless = truth(500, 20, skipping=skipping)
    assert error < 0.0005, "fine enough to see a tenth of a point"
    assert abs(bias) < 0.001
    assert 0.94 <= held <= 0.96
    assert careless < -0.01, "risk audits in the score would bend it by more than a point"


def scores_of_equals(
    rng: np.random.Generator, people: int, target: float, frames: int
) -> list[Rate]:
    """Return the scores of people who are all exactly on target, over some weeks."""
    scores = []
    for _ in range(people):
        sizes = np.exp(rng.uniform(log(20), log(800), frames)).astype(int)
        drawn = np.minimum(rng.integers(5, 31, frames), sizes)
        good = rng.binomial(drawn, target)
        scores.append(
            sampling.score(zip(sizes.tolist(), drawn.tolist(), good.tolist(), strict=True))
        )
    return scores


def wrongly_told(squads: int, target: float, frames: int) -> tuple[float, float]:
    """Return the shares of squads in which anybody on target is called below, or anything."""
    rng = np.random.default_rng([round(target * 100), frames])
    below = told = 0
    for _ in range(squads):
        people = int(rng.integers(3, 21))
        nobody = total_group([])
        groups = [
            replace(nobody, key=str(key), score=score)
            for key, score in enumerate(scores_of_equals(rng, people, target, frames))
        ]
        found = standings(groups, target).values()
        below += Standing.BELOW in found
        told += any(one is not Standing.CANNOT_TELL for one in found)
    return below / squads, told / squads


@pytest.mark.parametrize("frames", [1, 4])
def test_of_equals_hardly_anybody_is_told_to_be_below(frames: int) -> None:
    assert wrongly_told(40, 0.92, frames)[0] <= 0.075


@pytest.mark.slow
@pytest.mark.parametrize("target", [0.8, 0.9, 0.92, 0.95])
@pytest.mark.parametrize("frames", [1, 4])
def test_of_equals_fewer_than_1_squad_in_20_has_somebody_told_wrongly(
    target: float, frames: int
) -> None:
    below, told = wrongly_told(500, target, frames)
    assert below < 0.05
    assert told < 0.05


@pytest.mark.parametrize(
    ("accepted", "n", "people", "standing"),
    [
        (60, 100, 15, Standing.BELOW),
        (200, 200, 15, Standing.ABOVE),
        (27, 30, 15, Standing.CANNOT_TELL),
        (84, 100, 1, Standing.BELOW),  # evident alone, and not among fifteen
        (84, 100, 15, Standing.CANNOT_TELL),
    ],
)
def test_standings(accepted: int, n: int, people: int, standing: Standing) -> None:
    assert individual_standing(rate(accepted, n), 0.92, people) is standing


def test_all_with_a_score_are_compared_whoever_is_shown() -> None:
    nobody = total_group([])
    scores = {"Ada": rate(84, 100), "Bo": NOTHING_COUNTED, **dict.fromkeys("CDEF", rate(27, 30))}
    groups = [replace(nobody, key=key, score=score) for key, score in scores.items()]
    found = standings([*groups, nobody], 0.92)
    assert found == {key: individual_standing(of, 0.92, 5) for key, of in scores.items()}
    assert found["Bo"] is Standing.CANNOT_TELL


def test_what_is_unknown_cannot_be_told() -> None:
    assert individual_standing(NOTHING_COUNTED, 0.9, 5) is Standing.CANNOT_TELL
    assert individual_standing(rate(1, 100), None, 5) is Standing.CANNOT_TELL
    assert individual_interval(NOTHING_COUNTED, 5) is None


def test_more_people_make_it_wider_by_sidak() -> None:
    alone, among = (individual_interval(rate(18, 20), people) for people in (1, 12))
    assert alone is not None
    assert among is not None
    assert among.low < alone.low
    assert among.high > alone.high
    # The published Clopper-Pearson interval of 18 of 20: Fleiss, Levin and Paik (2003), 2.4.
    assert (alone.low, alone.high) == pytest.approx((0.683, 0.988), abs=1e-3)
    joint = individual_interval(rate(18, 20), 1, confidence=0.95 ** (1 / 12))
    assert joint == among
