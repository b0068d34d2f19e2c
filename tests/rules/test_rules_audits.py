"""Chains: what advances, what scores, and that the score reads the true error rate."""

import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import audits
from bot.rules.audits import Chain, ChainStep, FindingState, Origin, Severity, Step, Verdict

ACCEPTED = ChainStep(Step.DRAW, Verdict.ACCEPTED)
REJECTED = ChainStep(Step.DRAW, Verdict.REJECTED, 2)

later_steps = st.builds(
    ChainStep,
    st.sampled_from([step for step in Step if step is not Step.DRAW]),
    st.sampled_from(Verdict),
    st.integers(0, 5),
)
chains = st.builds(
    lambda origin, draw, later: Chain(origin, (draw, *later)),
    st.sampled_from(Origin),
    st.sampled_from([ACCEPTED, REJECTED]),
    st.lists(later_steps, max_size=5),
)


@pytest.mark.parametrize(
    ("step", "advances"),
    [
        (Step.DRAW, False),
        (Step.CORRECTION, True),
        (Step.RULING, True),
        (Step.REWORK, True),
        (Step.PROVISIONAL, True),
    ],
)
def test_only_corrections_rulings_and_rework_advance(step: Step, advances: bool) -> None:
    assert audits.may_advance(step) is advances


@given(chains, later_steps)
def test_the_last_step_scores_and_the_origin_stays(chain: Chain, step: ChainStep) -> None:
    longer = audits.advance(chain, step)
    assert audits.scoring(longer.steps) == step
    assert longer.origin is chain.origin
    assert longer.steps[:-1] == chain.steps


@given(chains)
def test_a_draw_never_continues_a_chain(chain: Chain) -> None:
    with pytest.raises(ValueError, match="chain of its own"):
        audits.advance(chain, ACCEPTED)


@pytest.mark.parametrize("steps", [(), (ChainStep(Step.RULING, Verdict.ACCEPTED),)])
def test_a_chain_begins_with_its_draw(steps: tuple[ChainStep, ...]) -> None:
    with pytest.raises(ValueError, match="opened by a draw"):
        Chain(Origin.RANDOM, steps)


def test_nothing_scores_in_an_empty_chain() -> None:
    with pytest.raises(ValueError, match="opened by a draw"):
        audits.scoring([])


def test_the_first_pass_ends_where_rework_begins() -> None:
    corrected = ChainStep(Step.CORRECTION, Verdict.REJECTED, 1)
    fixed = ChainStep(Step.REWORK, Verdict.ACCEPTED)
    assert audits.first_pass([REJECTED]) == REJECTED
    assert audits.first_pass([REJECTED, corrected, fixed]) == corrected
    assert audits.first_pass([REJECTED, fixed, corrected]) == REJECTED


def test_a_random_draw_of_an_unaudited_submission_needs_an_auditor() -> None:
    assert audits.drawn_at_random([]) is None


def test_a_random_draw_adopts_what_the_first_chain_last_said() -> None:
    ruled = ChainStep(Step.RULING, Verdict.ACCEPTED)
    risk = Chain(Origin.RISK, (REJECTED, ruled))
    double = Chain(Origin.DOUBLE, (REJECTED,))
    assert audits.drawn_at_random([risk, double]) == Chain(Origin.RANDOM, (ACCEPTED,))


def test_a_random_draw_of_the_sample_changes_nothing() -> None:
    sampled = Chain(Origin.RANDOM, (ACCEPTED,))
    risk = Chain(Origin.RISK, (REJECTED,))
    assert audits.drawn_at_random([risk, sampled]) == sampled


@pytest.mark.parametrize("state", FindingState)
@pytest.mark.parametrize("severity", Severity)
def test_what_counts_as_an_error(severity: Severity, state: FindingState) -> None:
    expected = (severity.value, state.value) in {
        ("error", "open"),
        ("error", "acknowledged"),
        ("error", "upheld"),
    }
    assert audits.counts(severity, state) is expected
    assert audits.errors_of([(severity, state)] * 3) == 3 * expected


def test_a_disputed_error_is_provisional() -> None:
    findings = [
        (Severity.ERROR, FindingState.DISPUTED),
        (Severity.WARNING, FindingState.DISPUTED),
        (Severity.ERROR, FindingState.OPEN),
        (Severity.ERROR, FindingState.OVERTURNED),
    ]
    assert audits.provisional(findings) == 1
    assert audits.errors_of(findings) == 1


@dataclass
class Item:
    wrong: bool
    chains: list[Chain] = field(default_factory=list)

    def audit(self, origin: Origin) -> None:
        self.chains.append(Chain(origin, (REJECTED if self.wrong else ACCEPTED,)))


def squad_week(
    rng: random.Random, size: int, *, risk_first: bool, share: float, hits: float = 0.4
) -> list[Item]:
    """Play perfect auditors on work with 12.5 % wrong; risk finds errors in `hits` of 10 %."""
    items = [Item(wrong=number < size // 8) for number in range(size)]
    rng.shuffle(items)
    hunted = round(size * 0.1)
    caught = round(hunted * hits)
    wrong = [item for item in items if item.wrong][:caught]
    right = [item for item in items if not item.wrong][: hunted - caught]
    drawn = rng.sample(items, round(size * share))

    def risk() -> None:
        for item in (*wrong, *right):
            item.audit(Origin.RISK)

    def draw() -> None:
        for item in drawn:
            if audits.adopted(item.chains) is None:
                item.audit(Origin.RANDOM)
            else:
                adopted = audits.drawn_at_random(item.chains)
                assert adopted is not None
                item.chains.append(adopted)

    for play in (risk, draw) if risk_first else (draw, risk):
        play()
    return items


def by_chains(items: list[Item]) -> float:
    """Read the error rate by the rule: the random chain of each submission."""
    scored = [
        audits.scoring(chain.steps).verdict
        for item in items
        for chain in item.chains
        if chain.origin is audits.SCORING_ORIGIN
    ]
    return scored.count(Verdict.REJECTED) / len(scored)


def by_latest(items: list[Item]) -> float:
    """Read it naively: each submission's latest audit scores if that one was random."""
    latest = [item.chains[-1] for item in items if item.chains]
    scored = [chain.steps[-1].verdict for chain in latest if chain.origin is audits.SCORING_ORIGIN]
    return scored.count(Verdict.REJECTED) / len(scored)


def test_the_latest_audit_reads_9_4_percent_where_12_5_are_wrong() -> None:
    items = squad_week(random.Random(7), 40_000, risk_first=False, share=1.0)
    assert by_chains(items) == 0.125
    # 5,000 of 40,000 are wrong; the hunt takes 1,600 of them and 2,400 others out of the sample.
    assert by_latest(items) == pytest.approx(3_400 / 36_000)
    assert f"{by_latest(items):.1%}" == "9.4%"


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.booleans(), st.floats(0.15, 1.0))
def test_the_score_is_unbiased_however_risk_is_hunted(
    seed: int, risk_first: bool, share: float
) -> None:
    size = 4_000
    items = squad_week(random.Random(seed), size, risk_first=risk_first, share=share)
    # Five standard errors of a draw without replacement: one false alarm in two million.
    drawn = round(size * share)
    error = (0.125 * 0.875 / drawn * (size - drawn) / (size - 1)) ** 0.5
    assert abs(by_chains(items) - 0.125) <= 5 * error + 1e-12


E, W, P = Severity.ERROR, Severity.WARNING, Severity.PRAISE
OPEN, OUT = FindingState.OPEN, FindingState.OVERTURNED


@pytest.mark.parametrize(
    ("findings", "holds"),
    [
        ([], True),  # a rejection without a reason keeps
        ([(P, P, OPEN)], True),
        ([(E, E, OPEN)], True),
        ([(E, E, FindingState.UPHELD)], True),
        ([(E, E, FindingState.DISPUTED)], False),
        ([(E, E, FindingState.LATE)], False),
        ([(E, E, OUT), (E, E, OPEN)], True),
        ([(E, E, OUT), (W, W, OPEN)], False),  # it was rejected for its error
        ([(E, W, FindingState.UPHELD)], False),  # which is none any more
        ([(W, W, OPEN)], True),  # errors kept as warnings, for the rule was being asked about
        ([(W, W, OUT), (P, P, OPEN)], False),
    ],
)
def test_a_rejection_holds_while_a_reason_of_it_stands(
    findings: list[tuple[Severity, Severity, FindingState]], holds: bool
) -> None:
    found = [audits.Held(was=was, severity=now, state=state) for was, now, state in findings]
    verdict = audits.held(Verdict.REJECTED, found)
    assert verdict is (Verdict.REJECTED if holds else Verdict.ACCEPTED)
    assert audits.held(Verdict.ACCEPTED, found) is Verdict.ACCEPTED


@given(st.lists(st.tuples(st.sampled_from(Severity), st.sampled_from(FindingState)), min_size=1))
def test_a_ruling_never_makes_a_verdict_harsher(
    findings: list[tuple[Severity, FindingState]],
) -> None:
    """Taking one more finding out of the score can accept work, and never reject it."""
    found = [audits.Held(was=each, severity=each, state=state) for each, state in findings]
    less = [audits.Held(was=found[0].was, severity=found[0].was, state=OUT), *found[1:]]
    if audits.held(Verdict.REJECTED, found) is Verdict.ACCEPTED:
        assert audits.held(Verdict.REJECTED, less) is Verdict.ACCEPTED
