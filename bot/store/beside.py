"""Disputes and waits of a squad's work on a project in SQL, each in a statement of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import DisputeState, FindingState, Severity, Step
from bot.rules.beside import Disputes
from bot.rules.disputes import Ruling
from bot.rules.outbox import DeliveryState
from bot.rules.reports import Scope
from bot.store import dispute_figures
from models import Audit, Dispute, Escalation, Finding, OutboxRow

_SAID = (Step.DRAW.value, Step.CORRECTION.value, Step.REWORK.value)
"""Steps in which an auditor says something; the others rest on findings of before."""


async def disputes(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime, now: datetime
) -> Disputes:
    """Return the course of disputes in `[begin, end)`."""
    rows = (await connection.execute(_course(scope, begin, end))).all()
    return Disputes(
        opened=sum(row.opened for row in rows),
        withdrawn=_counted(rows, "state", DisputeState.WITHDRAWN.value),
        rulings={ruling: _counted(rows, "ruling", ruling.value) for ruling in Ruling},
        late=sum(row.late for row in rows),
        provisional=await dispute_figures.open_disputes(connection, scope, (begin, end)),
        overdue=await dispute_figures.overdue(connection, scope, now),
    )


def _counted(rows: Sequence[Row[*tuple[Any, ...]]], column: str, value: str) -> int:
    return sum(row.ended for row in rows if getattr(row, column) == value)


def _course(scope: Scope, begin: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    opened = and_(Dispute.opened_at >= begin, Dispute.opened_at < end)
    decided = and_(Dispute.decided_at >= begin, Dispute.decided_at < end)
    # When one was taken back is not kept; it counts with the day it was opened.
    ended = or_(decided, and_(opened, Dispute.state == DisputeState.WITHDRAWN.value))
    late = and_(decided, Dispute.ruling.is_not(None), Dispute.decided_at > Dispute.due_at)
    return (
        select(
            Dispute.state,
            Dispute.ruling,
            func.sum(case((opened, 1), else_=0)).label("opened"),
            func.sum(case((ended, 1), else_=0)).label("ended"),
            func.sum(case((late, 1), else_=0)).label("late"),
        )
        .select_from(Dispute)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Dispute.workspace_id == scope.workspace_id,
            Audit.project_id == scope.project_id,
            Audit.squad_id == scope.squad_id,
            or_(opened, decided),
        )
        .group_by(Dispute.state, Dispute.ruling)
    )


async def feedback_waits(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime, message: str
) -> list[float | None]:
    """Return the seconds from each audit of `[begin, end)` with findings to the message about it.

    None where none was sent. `message` begins the dedupe key of such a message, before the audit's
    key; what came in one message for several audits is kept with the findings.
    """
    told = func.coalesce(func.min(Finding.delivered_at), func.min(OutboxRow.settled_at))
    statement = (
        select(Audit.audited_at, told.label("told"))
        .join(Finding, Finding.audit_id == Audit.id)
        .join(
            OutboxRow,
            and_(
                OutboxRow.workspace_id == Audit.workspace_id,
                OutboxRow.dedupe_key == literal(message) + cast(Audit.id, String),
                OutboxRow.state == DeliveryState.SENT.value,
            ),
            isouter=True,
        )
        .where(
            Audit.workspace_id == scope.workspace_id,
            Audit.project_id == scope.project_id,
            Audit.squad_id == scope.squad_id,
            Audit.audited_at >= begin,
            Audit.audited_at < end,
            Audit.imported.is_(False),
            Audit.step.in_(_SAID),
            Finding.severity != Severity.PRAISE.value,
            Finding.state != FindingState.WITHDRAWN.value,
        )
        .group_by(Audit.id, Audit.audited_at)
        .order_by(Audit.id)
    )
    return [
        None if row.told is None else (row.told - row.audited_at).total_seconds()
        for row in await connection.execute(statement)
    ]


async def answer_waits(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> list[tuple[float, bool]]:
    """Return the seconds that people's answers of `[begin, end)` took, and whether each was late.

    A question without a project counts with every project of its squad.
    """
    statement = (
        select(Escalation.opened_at, Escalation.answered_at, Escalation.due_at)
        .where(
            Escalation.workspace_id == scope.workspace_id,
            Escalation.squad_id == scope.squad_id,
            or_(Escalation.project_id == scope.project_id, Escalation.project_id.is_(None)),
            Escalation.answered_at >= begin,
            Escalation.answered_at < end,
        )
        .order_by(Escalation.id)
    )
    return [
        (
            (row.answered_at - row.opened_at).total_seconds(),
            row.due_at is not None and row.answered_at > row.due_at,
        )
        for row in await connection.execute(statement)
    ]
