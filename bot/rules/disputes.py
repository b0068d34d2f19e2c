"""Disputes: who decides a contributor's appeal by when, and what a ruling changes.

A finding is appealed within seven working days of its contributor from when they were told. It is
decided by another auditor or a manager of the squad, within three working days of theirs; where
there is nobody else, by an admin. Meanwhile it is out of the score, and stays so if it is decided
too late, for nobody is to wait and then lose. An appeal never makes things worse: a severity is
only ever lowered. There is one second opinion, by somebody else again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.errors import Conflict
from bot.rules.audits import DisputeState, FindingState, Severity
from bot.rules.calendar import WorkCalendar, add_working_days
from bot.rules.findings import Feedback, StoredFinding
from bot.rules.people import PersonRef, Role
from bot.rules.roles import MAY, Act

ASKED: Final = "audits.disputed"
LATE: Final = "disputes.late"
MINE: Final = "disputes.mine"
RULED: Final = "disputes.ruled"
NOTED: Final = "disputes.noted"
REVIEW: Final = "disputes.review"
TAKEN_BACK: Final = "disputes.taken_back"
"""Kinds of messages: to those who may decide, and once it is over its time; the contributor's
receipt and what was decided; what the auditor learns of it; the findings to look at again, and to
the contributor of one that was withdrawn then."""

WINDOW_DAYS: Final = 7
"""Working days of the contributor, from when they were told of a finding, to appeal it."""

DECIDE_DAYS: Final = 3
"""Working days of whoever reads it first among those who may decide: time to look at the task and
to ask, and short enough that the contributor still knows what it was about."""

QUESTIONS_OFFERED: Final = 20
"""Own questions that the form of a dispute offers, the newest."""

QUESTION_FIELD: Final = "dispute_question"


class Ruling(StrEnum):
    """What was decided about a disputed finding."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    SEVERITY = "severity"  # it stands, and weighs less: a warning instead of an error


class ReviewState(StrEnum):
    """What became of a finding that cites the same rule as one that was overturned."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


class By(StrEnum):
    """In which role a dispute is decided."""

    PEERS = "peers"  # another auditor or a manager of the squad
    ADMIN = "admin"  # nobody else is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A dispute of one finding, as it is stored, with whose work and whose finding it is."""

    dispute_id: int
    workspace_id: int
    case_key: str | None
    finding_id: int
    audit_id: int
    squad_id: int
    project_id: int
    contributor_id: int
    auditor_id: int
    opened_by: int
    reason: str
    state: DisputeState
    opened_at: datetime
    due_at: datetime | None
    second_of: int | None
    question_id: int | None
    decided_by: int | None
    decided_at: datetime | None
    ruling: Ruling | None
    severity: Severity | None
    before: Severity | None
    ruling_reason: str | None
    ruling_section: str | None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be decided."""
        return self.state is DisputeState.OPEN

    @property
    def was_late(self) -> bool:
        """Whether it was decided after its time."""
        return (
            self.decided_at is not None
            and self.due_at is not None
            and self.decided_at > self.due_at
        )

    def is_over(self, now: datetime) -> bool:
        """Tell whether it still waits although its time is over."""
        return self.is_open and self.due_at is not None and now > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Who may decide; `managers` are those of them who lead the squad, or all if admins decide."""

    by: By
    deciders: tuple[int, ...]
    managers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A question of their own that the contributor attached, and what a person answered."""

    text: str
    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Disputes that were opened together, of findings of one audit; times are read in `zone`.

    `named` is whether the reader is told whose work and whose finding it is: managers are, whoever
    else decides judges the work alone. `earlier` are the rulings that a second opinion is about,
    and `deciders` name whoever decided anything of it.
    """

    feedback: Feedback
    disputes: tuple[Stored, ...]
    contributor: PersonRef
    auditor: PersonRef
    by: By
    zone: str
    named: bool = False
    may_decide: bool = False
    earlier: tuple[Stored, ...] = ()
    question: Attached | None = None
    deciders: Mapping[int, PersonRef]
    can_appeal: tuple[int, ...] = ()

    @property
    def first(self) -> Stored:
        """The dispute that stands for all of them."""
        return self.disputes[0]

    @property
    def waiting(self) -> tuple[Stored, ...]:
        """What is not decided yet."""
        return tuple(each for each in self.disputes if each.is_open)

    @property
    def decided(self) -> tuple[Stored, ...]:
        """What is decided."""
        return tuple(each for each in self.disputes if each.state is DisputeState.DECIDED)

    @property
    def is_second(self) -> bool:
        """Whether it is a second opinion."""
        return self.first.second_of is not None

    def finding(self, dispute: Stored) -> StoredFinding:
        """Return what a dispute is about."""
        return next(
            each for each in self.feedback.findings if each.finding_id == dispute.finding_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the form of a dispute offers; `questions` are the contributor's own, newest first."""

    feedback: Feedback
    choices: tuple[StoredFinding, ...]
    questions: tuple[tuple[int, str], ...]
    second_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal as it was filled in: which findings of one audit, why, and a question attached."""

    audit_id: int
    finding_ids: tuple[int, ...]
    reason: str
    question_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDispute:
    """An appeal about to be stored; `second_of` says by finding what is looked at again."""

    opened_by: int
    reason: str
    case_key: str | None = None
    due_at: datetime | None = None
    question_id: int | None = None
    second_of: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a ruling makes of its finding, and how long it took in the decider's working time."""

    before: Severity
    after: Severity
    state: FindingState
    decided_by: int
    ruled_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A finding that cites the same rule as one that was overturned."""

    review_id: int
    dispute_id: int
    finding_id: int
    audit_id: int
    squad_id: int
    contributor_id: int
    task: str
    link: str | None
    category: str | None
    section: str | None
    note: str | None
    state: ReviewState
    finding_state: FindingState

    @property
    def waits(self) -> bool:
        """Whether it is still to be looked at, and not disputed or corrected since."""
        return self.state is ReviewState.OPEN and self.finding_state in {
            FindingState.OPEN,
            FindingState.ACKNOWLEDGED,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What a manager looks at again after one ruling, in one squad, and the ruling itself."""

    dispute: Stored
    squad_id: int
    category: str | None
    section: str | None
    items: tuple[Review, ...]
    more: int = 0

    @property
    def waiting(self) -> int:
        """How many nobody has looked at, those not listed included."""
        return self.more + sum(each.state is ReviewState.OPEN for each in self.items)


def panel(
    members: Mapping[int, frozenset[Role]], admins: Sequence[int], barred: Collection[int]
) -> Panel:
    """Return who may decide. Raises Conflict("nobody_to_decide").

    `members` are those present in the squad whom Slack can reach. `barred` are the auditor of the
    finding, its contributor, and for a second opinion whoever decided before.
    """
    able = {
        key: roles
        for key, roles in members.items()
        if key not in barred and roles & MAY[Act.DECIDE_DISPUTE]
    }
    if able:
        managers = tuple(sorted(key for key, roles in able.items() if Role.MANAGER in roles))
        return Panel(by=By.PEERS, deciders=tuple(sorted(able)), managers=managers)
    left = tuple(key for key in admins if key not in barred)
    if not left:
        raise Conflict("nobody_to_decide")
    return Panel(by=By.ADMIN, deciders=left, managers=left)


def asked(who: Panel, in_turn: Sequence[int]) -> tuple[int, ...]:
    """Return who is told of a dispute: the managers, and the one auditor who reads it first.

    Everybody else who may decide finds it on Home; a squad of many auditors is not told ten times.
    """
    others = [key for key in in_turn if key not in who.managers]
    return (*who.managers, *others[:1])


def closes(calendar: WorkCalendar | None, told_at: datetime | None) -> datetime | None:
    """Return until when a finding may be appealed; None while its contributor was not told."""
    if calendar is None or told_at is None:
        return None
    return add_working_days(calendar, told_at, WINDOW_DAYS)


def due(calendar: WorkCalendar | None, now: datetime) -> datetime | None:
    """Return by when it is to be decided, None for somebody without working days in sight."""
    return None if calendar is None else add_working_days(calendar, now, DECIDE_DAYS)


def outcome(ruling: Ruling, *, late: bool) -> FindingState:
    """Return the state of a finding that was decided about."""
    if ruling is Ruling.OVERTURNED:
        return FindingState.OVERTURNED
    return FindingState.LATE if late else FindingState.UPHELD


def lowered(ruling: Ruling, severity: Severity) -> Severity:
    """Return how a finding weighs after it was decided about."""
    return Severity.WARNING if ruling is Ruling.SEVERITY else severity


def may_lower(severity: Severity) -> bool:
    """Tell whether a finding can weigh less and still stand."""
    return severity is Severity.ERROR


def before_appeal(earlier: Stored | None) -> FindingState:
    """Return the state that a finding has again once its appeal is withdrawn."""
    if earlier is None or earlier.ruling is None:
        return FindingState.ACKNOWLEDGED  # whoever appealed it has read it
    return outcome(earlier.ruling, late=earlier.was_late)


def may_ask_again(dispute: Stored, later: Collection[int | None]) -> bool:
    """Tell whether a second opinion may be asked for; `later` are those that were looked at again.

    One is for what was not overturned, and there is no third.
    """
    return (
        dispute.state is DisputeState.DECIDED
        and dispute.ruling is not Ruling.OVERTURNED
        and dispute.second_of is None
        and dispute.dispute_id not in later
    )
