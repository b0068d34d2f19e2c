"""Disputes in SQL: opened, decided, withdrawn; what waits for whom; what reports say of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import DisputeState, FindingState, Severity
from bot.rules.disputes import Effect, NewDispute, Ruling, Stored
from bot.rules.outbox import DeliveryState
from bot.rules.people import PRESENT, Role
from bot.rules.rulings import NewRuling
from bot.store.memberships import ROLE_OF_MEMBER
from models import (
    Audit,
    Dispute,
    Escalation,
    Finding,
    Member,
    MemberRole,
    OutboxRow,
    Question,
    SlackIdentity,
)

_COLUMNS: Final = (
    Dispute.id.label("dispute_id"),
    Dispute.workspace_id,
    Dispute.case_key,
    Dispute.finding_id,
    Finding.audit_id,
    Audit.squad_id,
    Audit.project_id,
    Audit.contributor_id,
    Audit.auditor_id,
    Dispute.opened_by,
    Dispute.reason,
    Dispute.state,
    Dispute.opened_at,
    Dispute.due_at,
    Dispute.second_of,
    Dispute.question_id,
    Dispute.decided_by,
    Dispute.decided_at,
    Dispute.ruling,
    Dispute.severity,
    Dispute.before,
    Dispute.ruling_reason,
    Dispute.ruling_section,
)
_OPEN: Final = Dispute.state == DisputeState.OPEN.value


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .order_by(Dispute.id)
    )


def _stored(row: Row[*tuple[Any, ...]]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["state"] = DisputeState(row.state)
    for name, kind in (("ruling", Ruling), ("severity", Severity), ("before", Severity)):
        values[name] = None if values[name] is None else kind(values[name])
    return Stored(**values)


async def _found(
    connection: AsyncConnection, workspace_id: int, *which: ColumnElement[bool]
) -> list[Stored]:
    statement = _rows().where(Dispute.workspace_id == workspace_id, *which)
    return [_stored(row) for row in await connection.execute(statement)]


async def case(connection: AsyncConnection, workspace_id: int, dispute_id: int) -> list[Stored]:
    """Return the disputes that were opened together with one, itself included; none if unknown."""
    found = await _found(connection, workspace_id, Dispute.id == dispute_id)
    if not found or found[0].case_key is None:
        return found
    return await _found(connection, workspace_id, Dispute.case_key == found[0].case_key)


async def lock(tx: AsyncConnection, workspace_id: int, dispute_id: int) -> list[Stored]:
    """Return the same while nobody else decides or withdraws any of them."""
    keys = [each.dispute_id for each in await case(tx, workspace_id, dispute_id)]
    await tx.execute(
        select(Dispute.id).where(Dispute.id.in_(keys)).order_by(Dispute.id).with_for_update()
    )
    return await _found(tx, workspace_id, Dispute.id.in_(keys))


async def of_findings(
    connection: AsyncConnection, workspace_id: int, finding_ids: Collection[int]
) -> list[Stored]:
    """Return every dispute of some findings, oldest first."""
    return await _found(connection, workspace_id, Dispute.finding_id.in_(finding_ids))


async def get(
    connection: AsyncConnection, workspace_id: int, dispute_ids: Collection[int]
) -> list[Stored]:
    """Return disputes by their keys, oldest first."""
    return await _found(connection, workspace_id, Dispute.id.in_(dispute_ids))


async def opened_by(connection: AsyncConnection, workspace_id: int, person_id: int) -> list[Stored]:
    """Return what a person appealed and nobody decided yet, oldest first."""
    return await _found(connection, workspace_id, _OPEN, Dispute.opened_by == person_id)


async def waiting(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int] | None
) -> list[Stored]:
    """Return what waits to be decided in some squads (None: in all), oldest first."""
    there = [] if squad_ids is None else [Audit.squad_id.in_(squad_ids)]
    return await _found(connection, workspace_id, _OPEN, *there)


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    finding_ids: Sequence[int],
    new: NewDispute,
    now: datetime,
) -> list[int]:
    """Open a dispute of each finding; return the disputes' keys, in the findings' order."""
    await set_states(tx, workspace_id, finding_ids, FindingState.DISPUTED, None)
    rows = [
        {
            "workspace_id": workspace_id,
            "finding_id": finding_id,
            "opened_by": new.opened_by,
            "reason": new.reason,
            "state": DisputeState.OPEN.value,
            "opened_at": now,
            "case_key": new.case_key,
            "due_at": new.due_at,
            "question_id": new.question_id,
            "second_of": new.second_of.get(finding_id),
        }
        for finding_id in finding_ids
    ]
    statement = insert(Dispute).returning(Dispute.id, sort_by_parameter_order=True)
    return list((await tx.scalars(statement, rows)).all())


async def set_states(
    tx: AsyncConnection,
    workspace_id: int,
    finding_ids: Collection[int],
    state: FindingState,
    at: datetime | None,
) -> None:
    """Put findings into a state; `at` is when they were settled."""
    await tx.execute(
        update(Finding)
        .where(Finding.workspace_id == workspace_id, Finding.id.in_(finding_ids))
        .values(state=state.value, settled_at=at)
    )


async def decide(
    tx: AsyncConnection,
    dispute: Stored,
    ruling: NewRuling,
    effect: Effect,
    now: datetime,
) -> None:
    """Keep a ruling, and let its finding be and weigh what it says."""
    await tx.execute(
        update(Dispute)
        .where(Dispute.workspace_id == dispute.workspace_id, Dispute.id == dispute.dispute_id)
        .values(
            state=DisputeState.DECIDED.value,
            ruling=ruling.ruling.value,
            ruling_reason=ruling.reason,
            ruling_section=ruling.section,
            severity=effect.after.value if ruling.ruling is Ruling.SEVERITY else None,
            before=effect.before.value,
            decided_by=effect.decided_by,
            decided_at=now,
            ruled_s=effect.ruled_s,
        )
    )
    await tx.execute(
        update(Finding)
        .where(Finding.workspace_id == dispute.workspace_id, Finding.id == dispute.finding_id)
        .values(state=effect.state.value, severity=effect.after.value, settled_at=now)
    )


async def superseded(connection: AsyncConnection, workspace_id: int, audit_id: int) -> list[Stored]:
    """Return the disputes that ended because their audit was corrected, oldest first."""
    about = select(Finding.id).where(
        Finding.workspace_id == workspace_id, Finding.audit_id == audit_id
    )
    ended = Dispute.state == DisputeState.SUPERSEDED.value
    return await _found(connection, workspace_id, ended, Dispute.finding_id.in_(about))


async def withdraw(tx: AsyncConnection, workspace_id: int, dispute_ids: Collection[int]) -> None:
    """Take back disputes that nobody decided."""
    await tx.execute(
        update(Dispute)
        .where(Dispute.workspace_id == workspace_id, Dispute.id.in_(dispute_ids), _OPEN)
        .values(state=DisputeState.WITHDRAWN.value)
    )


# Who decides, and since when its contributor knew.


async def members(
    connection: AsyncConnection, workspace_id: int, squad_id: int
) -> dict[int, frozenset[Role]]:
    """Return who is present in a squad, and in Slack, with their roles there."""
    statement = (
        select(Member.person_id, MemberRole.role)
        .join(MemberRole, ROLE_OF_MEMBER)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.status.in_([each.value for each in PRESENT]),
            _in_slack(Member.person_id),
        )
    )
    found: dict[int, set[Role]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.person_id, set()).add(Role(row.role))
    return {key: frozenset(roles) for key, roles in found.items()}


async def reachable(
    connection: AsyncConnection, workspace_id: int, person_ids: Collection[int]
) -> list[int]:
    """Return those people who are in Slack."""
    statement = select(SlackIdentity.person_id).where(
        SlackIdentity.workspace_id == workspace_id,
        SlackIdentity.person_id.in_(person_ids),
        SlackIdentity.active.is_(True),
    )
    found = set((await connection.scalars(statement)).all())
    return [key for key in person_ids if key in found]


def _in_slack(person_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return (
        select(SlackIdentity.id)
        .where(SlackIdentity.person_id == person_id, SlackIdentity.active.is_(True))
        .exists()
    )


async def told_at(
    connection: AsyncConnection, workspace_id: int, audit_id: int, message_key: str
) -> datetime | None:
    """Return when a contributor was told of an audit's findings; None if they were not yet.

    `message_key` is the dedupe key of the message about it; what came in one message for several
    audits is kept with the findings.
    """
    kept = await connection.scalar(
        select(func.min(Finding.delivered_at)).where(
            Finding.workspace_id == workspace_id, Finding.audit_id == audit_id
        )
    )
    if isinstance(kept, datetime):
        return kept
    return await connection.scalar(
        select(OutboxRow.settled_at).where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.dedupe_key == message_key,
            OutboxRow.state == DeliveryState.SENT.value,
        )
    )


async def answer_of(
    connection: AsyncConnection, workspace_id: int, question_id: int
) -> tuple[str | None, datetime | None]:
    """Return what a person answered to a question, and when."""
    row = (
        await connection.execute(
            select(Escalation.answer, Escalation.answered_at)
            .join(Question, Question.escalation_id == Escalation.id)
            .where(Question.workspace_id == workspace_id, Question.id == question_id)
        )
    ).one_or_none()
    return (None, None) if row is None else (row.answer, row.answered_at)
