"""What an audit is made of, and which audit of a submission scores.

A submission may be looked at many times: drawn at random, hunted as a risk, chosen by somebody,
audited twice, corrected, ruled on, reworked. Were "the latest audit" to score, a risk audit would
take wrong items out of the random sample, and an error rate of 12.5 % would read as 9.4 % (the
tests play it). So audits stand in chains: a draw opens a chain, only corrections, rulings and
rework advance it, the last step of a chain scores, and a chain keeps the origin it was opened with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """An auditor's judgement of a submission as a whole."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Origin(StrEnum):
    """Why a submission was audited; origins are never mixed in one figure."""

    RANDOM = "random"  # every submission had a known probability; the only one that scores
    RISK = "risk"  # hunted where errors were expected
    CHOSEN = "chosen"  # somebody picked it
    FOLLOWUP = "followup"  # whether coaching helped; drawn at random from one person's work
    DOUBLE = "double"  # a second auditor, for agreement
    GOLD = "gold"  # a task with a known answer
    UNKNOWN = "unknown"  # imported without a word on how it was drawn


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    PRAISE = "praise"


class FindingState(StrEnum):
    """Where a finding stands between auditor and contributor."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DISPUTED = "disputed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    LATE = "late"  # upheld after the deadline
    WITHDRAWN = "withdrawn"


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  # its contributor took it back
    SUPERSEDED = "superseded"  # the auditor corrected the audit that it was about


class Step(StrEnum):
    """What a step does to its chain."""

    DRAW = "draw"  # opens the chain
    CORRECTION = "correction"  # the auditor mends their own record
    RULING = "ruling"  # a dispute was decided
    REWORK = "rework"  # the contributor's fix was judged
    PROVISIONAL = "provisional"  # what holds while findings are disputed; nobody decided it


SCORING_ORIGIN = Origin.RANDOM
"""The one origin whose inclusion probabilities are known."""

OUT_OF_SCORE = frozenset(
    {
        FindingState.DISPUTED,
        FindingState.OVERTURNED,
        FindingState.LATE,
        FindingState.WITHDRAWN,
    }
)
"""States in which a finding does not count; a disputed one is out until it is decided in time."""


UNSETTLED = frozenset({FindingState.OPEN, FindingState.ACKNOWLEDGED, FindingState.DISPUTED})
"""States that a correction of the audit ends: what the new audit says holds instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFinding:
    """A finding about to be stored."""

    severity: Severity
    category_id: int | None = None
    section: str | None = None
    note: str | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it is an error in the score; nobody has disputed it yet."""
        return counts(self.severity, FindingState.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAudit:
    """An audit about to be stored; which chain it belongs to is decided by `corrected`.

    `weight` is 1 / the inclusion probability of the draw, None where it is unknown; it matters
    only if the audit opens a chain, and so does `origin`.
    """

    submission_id: int
    project_id: int
    squad_id: int
    contributor_id: int
    auditor_id: int
    verdict: Verdict
    audited_at: datetime
    origin: Origin
    weight: float | None = None
    imported: bool = False
    findings: tuple[NewFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStep:
    """A stored audit as a step of its chain."""

    audit_id: int
    chain_id: int
    origin: Origin
    auditor_id: int
    audited_at: datetime
    step: Step = Step.DRAW


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an audit was stored; `is_new` is False if it was there already.

    `corrects` is the audit that it took the place of, None if it opened a chain.
    """

    audit_id: int
    chain_id: int
    is_new: bool = True
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One audit as its chain sees it: what was decided, with how many counting errors."""

    step: Step
    verdict: Verdict
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Chain:
    """All steps that followed from one draw, oldest first; `steps[0]` is the draw."""

    origin: Origin
    steps: tuple[ChainStep, ...]

    def __post_init__(self) -> None:
        """Refuse a chain that does not begin with its draw, or holds a second one."""
        if not self.steps or self.steps[0].step is not Step.DRAW:
            raise ValueError("a chain is opened by a draw")
        if not all(may_advance(later.step) for later in self.steps[1:]):
            raise ValueError("a draw opens a chain of its own")


def may_advance(step: Step) -> bool:
    """Whether the step continues an existing chain; a draw never does."""
    return step is not Step.DRAW


def advance(chain: Chain, step: ChainStep) -> Chain:
    """Return the chain with one more step; raises ValueError for a draw."""
    return replace(chain, steps=(*chain.steps, step))


def corrected(steps: Iterable[StoredStep], auditor_id: int) -> StoredStep | None:
    """Return the step that one more audit by this auditor corrects, None if it opens a chain.

    `steps` are a submission's stored audits. Auditors mend their own record, so the audit has to
    be theirs and the last of its chain; what another decided since is not theirs to overwrite, and
    a ruling is nobody's to mend by one more audit.
    """
    last: dict[int, StoredStep] = {}
    for step in sorted(steps, key=lambda one: (one.audited_at, one.audit_id)):
        if step.step is not Step.PROVISIONAL:
            last[step.chain_id] = step
    own = [
        step
        for step in last.values()
        if step.auditor_id == auditor_id and step.step is not Step.RULING
    ]
    return max(own, key=lambda one: (one.audited_at, one.audit_id), default=None)


def scoring(steps: Sequence[ChainStep]) -> ChainStep:
    """Return the step of a chain that scores: the last one."""
    if not steps:
        raise ValueError("a chain is opened by a draw")
    return steps[-1]


def first_pass(steps: Sequence[ChainStep]) -> ChainStep:
    """Return the last step before any rework: the judgement of the work as first handed in."""
    before = []
    for step in steps:
        if step.step is Step.REWORK:
            break
        before.append(step)
    return scoring(before)


def adopted(chains: Sequence[Chain]) -> Chain | None:
    """Return the chain that a random draw of this submission takes over, or None to audit anew.

    `chains` are the submission's chains in the order they were opened. A random one is already in
    the sample. Otherwise the earliest is adopted, because the order of opening does not depend on
    what any later audit found; choosing by result would bend the score.
    """
    randoms = [chain for chain in chains if chain.origin is SCORING_ORIGIN]
    return next(iter(randoms or chains), None)


def drawn_at_random(chains: Sequence[Chain]) -> Chain | None:
    """Return the random chain that a draw gives the submission without a new audit, or None.

    None means that nobody has audited it yet, and an auditor has to. The adopted audit keeps its
    own chain and origin as well; the random chain starts from what it last said.
    """
    taken = adopted(chains)
    if taken is None or taken.origin is SCORING_ORIGIN:
        return taken
    return Chain(SCORING_ORIGIN, (replace(scoring(taken.steps), step=Step.DRAW),))


def counts(severity: Severity, state: FindingState) -> bool:
    """Whether a finding is an error in the score."""
    return severity is Severity.ERROR and state not in OUT_OF_SCORE


def errors_of(findings: Iterable[tuple[Severity, FindingState]]) -> int:
    """Return how many findings of an audit count as errors."""
    return sum(counts(severity, state) for severity, state in findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A finding as it stands, with the severity that it was booked with."""

    was: Severity
    severity: Severity
    state: FindingState

    @property
    def stands(self) -> bool:
        """Whether it still weighs what it weighed when the work was judged."""
        return self.state not in OUT_OF_SCORE and (
            self.severity is self.was or self.severity is Severity.ERROR
        )


def held(said: Verdict, findings: Iterable[Held]) -> Verdict:
    """Return the verdict that holds after findings were disputed or decided.

    Work was rejected for its errors, or for its warnings if there were no errors. Once none of
    those stands it is accepted; a rejection that named no reason keeps.
    """
    blamed = [each for each in findings if each.was is not Severity.PRAISE]
    reasons = [each for each in blamed if each.was is Severity.ERROR] or blamed
    if said is Verdict.ACCEPTED or not reasons or any(each.stands for each in reasons):
        return said
    return Verdict.ACCEPTED


def provisional(findings: Iterable[tuple[Severity, FindingState]]) -> int:
    """Return how many errors are out of the score only until their dispute is decided."""
    return sum(
        severity is Severity.ERROR and state is FindingState.DISPUTED
        for severity, state in findings
    )
