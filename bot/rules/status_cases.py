"""Changes of a member's status that take a second person's word: who may decide, on what evidence.

Probation, a pause for quality and offboarding are proposed by one, confirmed by another, and
answered by the person; nothing of it happens by itself. Quality is a reason only where the figures
tell: whoever cannot be told from the target is not below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from bot.errors import BadInput
from bot.rules.people import PersonRef, Status
from bot.rules.quality import Standing

REASON_FIELD: Final = "case_reason"
KIND_FIELD: Final = "case_kind"
REMARK_FIELD: Final = "case_remark"
ANSWER_FIELD: Final = "case_answer"
REASON_LIMIT: Final = 1500
REMARK_LIMIT: Final = 500
ANSWER_LIMIT: Final = 2500

ANSWER_WITHIN: Final = timedelta(days=7)
"""From when the person can read of it, not from when it was decided."""

CONFIRM_WITHIN: Final = timedelta(days=14)
"""Older figures say little of today's work; whoever still means it proposes it anew."""

EVIDENCE: Final = timedelta(days=28)
"""The same days as the figures on the person's own Home tab, so that both read the same."""

CONFIRM: Final = "status_cases.confirm"
DECIDED: Final = "status_cases.decided"
TOLD: Final = "status_cases.told"
ANSWERED: Final = "status_cases.answered"
LIFTED: Final = "status_cases.lifted"
CHANGED: Final = "status_cases.changed"
"""Of an earlier message about a case: what holds by now."""


class CaseState(StrEnum):
    """Where a proposed change of status stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    DECLINED = "declined"  # the second person did not confirm it
    WITHDRAWN = "withdrawn"  # whoever proposed it took it back, or could no longer propose it
    LIFTED = "lifted"  # it was in force, and the person is reinstated


KNOWN_TO_PERSON: Final = frozenset({CaseState.IN_FORCE, CaseState.LIFTED})
"""Whom it is about reads what holds or held, not what somebody only thought of."""


class CaseKind(StrEnum):
    """What a change of status is for."""

    QUALITY = "quality"  # the figures tell that the work is below the target
    CONDUCT = "conduct"  # something outside of figures
    CONTRACT = "contract"  # it ends, for everybody or for this person
    WISH = "wish"  # the person asked for it


KINDS: Final[Mapping[Status, tuple[CaseKind, ...]]] = {
    Status.PROBATION: (CaseKind.QUALITY, CaseKind.CONDUCT),
    # Other pauses are one manager's, by a coded reason (bot.rules.squads.PauseReason).
    Status.PAUSED: (CaseKind.QUALITY,),
    Status.OFFBOARDED: tuple(CaseKind),
}
"""The statuses that take a second person, and what each may be for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A person's acceptance on one project; the interval is the one that judges (rules.standing).

    Shares between 0 and 1; `rate`, `low` and `high` are None where nothing was audited, `target`
    where the squad has none.
    """

    project_id: int
    project: str
    n: int
    rate: float | None
    low: float | None
    high: float | None
    target: float | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What random audits say of a person in a squad, on the squad-local days `first` to `last`."""

    first: date
    last: date
    figures: tuple[Figures, ...]

    @property
    def below(self) -> bool:
        """Whether the figures of any project exclude its target from below."""
        return any(each.standing is Standing.BELOW for each in self.figures)

    @property
    def n(self) -> int:
        """How many audits it rests on."""
        return sum(each.n for each in self.figures)

    def to_json(self) -> dict[str, Any]:
        """Return it as the column keeps it."""
        names = ("project_id", "project", "n", "rate", "low", "high", "target")
        return {
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "projects": [
                {name: getattr(each, name) for name in names} | {"standing": each.standing.value}
                for each in self.figures
            ],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Evidence":
        """Read what `to_json` wrote."""
        return cls(
            first=date.fromisoformat(kept["from"]),
            last=date.fromisoformat(kept["to"]),
            figures=tuple(
                Figures(**{**each, "standing": Standing(each["standing"])})
                for each in kept["projects"]
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody proposes, as the form says it."""

    squad_id: int
    person_id: int
    status: Status
    kind: CaseKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A case as it is stored; an erased one has lost its texts and its evidence."""

    case_id: int
    workspace_id: int
    squad_id: int
    person_id: int
    status: Status
    before: Status
    kind: CaseKind
    reason: str
    evidence: Evidence | None
    state: CaseState
    proposed_by: int
    proposed_at: datetime
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None
    answer_due: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    answered_to: int | None = None
    closed_by: int | None = None
    closed_at: datetime | None = None
    remark: str | None = None

    def with_state(self, state: CaseState, **changes: Any) -> "Stored":  # noqa: ANN401 - any column
        """Return it as it is after a step."""
        return replace(self, state=state, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Who could decide in a squad now: its present managers and the admins, active in Slack.

    `standing` is the person's own status in the squad, None for whoever is no longer in it.
    """

    managers: frozenset[int]
    admins: frozenset[int]
    standing: Status | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as `reader_id` reads it; `zone` is theirs, or the squad's.

    `deciders` may confirm it now, `open` tells that one of them still can. `hears` is who reads
    the person's answer.
    """

    stored: Stored
    squad: str
    person: PersonRef
    proposer: PersonRef
    confirmer: PersonRef | None
    closer: PersonRef | None
    hears: PersonRef | None
    deciders: frozenset[int]
    managers: frozenset[int]
    open: bool
    reader_id: int
    zone: str

    @property
    def to_decide(self) -> bool:
        """Whether the reader can confirm or decline it now."""
        return self.open and self.reader_id in self.deciders


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a form of a proposal is filled from; `evidence` is None where nobody may see figures."""

    squad_id: int
    squad: str
    person: PersonRef
    status: Status
    kinds: tuple[CaseKind, ...]
    evidence: Evidence | None


def deciders(able: Able, person_id: int, proposed_by: int) -> frozenset[int]:
    """Return who may confirm: another manager of the squad, else an admin.

    Never the person, and never whoever proposed it.
    """
    those = frozenset({person_id, proposed_by})
    return (able.managers - those) or (able.admins - those)


def hears(able: Able, case: Stored) -> int | None:
    """Return who reads the person's answer; None if nobody is left but themselves.

    A manager who neither proposed nor confirmed, else an admin who did not; where there is no such
    person an admin, and last another manager. Of several the one with the lowest key.
    """
    took_part = frozenset({case.proposed_by, case.confirmed_by or 0})
    managers, admins = (those - {case.person_id} for those in (able.managers, able.admins))
    for those in (managers - took_part, admins - took_part, admins, managers):
        if those:
            return min(those)
    return None


def obstacle(case: Stored, able: Able, now: datetime) -> str | None:
    """Return why a proposal can no longer be confirmed, as an error's code; None if it can."""
    if case.state is not CaseState.PROPOSED:
        return "case_decided"
    if now > case.proposed_at + CONFIRM_WITHIN:
        return "case_too_old"
    if able.standing is not case.before:
        return "case_moved_on"
    if case.proposed_by not in able.managers | able.admins:
        return "case_proposer_gone"
    return None


def check_kind(status: Status, kind: CaseKind, evidence: Evidence | None) -> None:
    """Raise BadInput unless a change of status may be for this.

    Codes: "case_kind" for one that this status is never for; of quality "case_figures_hidden",
    "case_no_target", "case_on_target" and "case_cannot_tell" (n).
    """
    if kind not in KINDS[status]:
        raise BadInput("case_kind", field=KIND_FIELD)
    if kind is not CaseKind.QUALITY:
        return
    if evidence is None:
        raise BadInput("case_figures_hidden", field=KIND_FIELD)
    if evidence.below:
        return
    if evidence.figures and all(each.target is None for each in evidence.figures):
        raise BadInput("case_no_target", field=KIND_FIELD)
    if any(each.standing is Standing.ABOVE for each in evidence.figures):
        raise BadInput("case_on_target", field=KIND_FIELD)
    raise BadInput("case_cannot_tell", field=KIND_FIELD, n=evidence.n)


def check_text(text: str, field: str, limit: int) -> str:
    """Return what was written, trimmed. Raises BadInput: "empty_text" or "text_too_long"."""
    meant = text.strip()
    if not meant:
        raise BadInput("empty_text", field=field)
    if len(meant) > limit:
        raise BadInput("text_too_long", field=field, length=len(meant), limit=limit)
    return meant


def may_read(case: Case) -> bool:
    """Tell whether its reader may read a case: the person once it held, and whoever decides on it.

    Managers of the squad, whoever may confirm it or did, and whom the answer went to.
    """
    stored = case.stored
    if case.reader_id == stored.person_id:
        return stored.state in KNOWN_TO_PERSON
    took_part = {stored.proposed_by, stored.confirmed_by, stored.answered_to}
    return case.reader_id in took_part | case.deciders | case.managers


def may_answer(stored: Stored, now: datetime) -> str | None:
    """Return why the person cannot answer any more, as an error's code; None if they can."""
    if stored.state is not CaseState.IN_FORCE:
        return "case_over"
    if stored.answered_at is not None:
        return "case_answered"
    if stored.answer_due is not None and now > stored.answer_due:
        return "case_answer_late"
    return None


def waiting(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the proposals that their reader can confirm, or take back because they made them."""
    return tuple(
        each
        for each in cases
        if each.open and (each.to_decide or each.reader_id == each.stored.proposed_by)
    )
