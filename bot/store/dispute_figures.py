"""What reports say of disputes: what is open, how long a ruling took, how often one overturns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, DisputeState, FindingState, Severity
from bot.rules.disputes import Ruling
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from models import Audit, Dispute, Finding

Period = tuple[datetime, datetime]
"""Half-open, aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overturned:
    """Of an auditor's findings: how many disputes were decided, and how many of them overturned."""

    decided: int
    overturned: int


def _scoring(scope: Scope, period: Period) -> list[ColumnElement[bool]]:
    begin, end = period
    return [
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.audited_at >= begin,
        Audit.audited_at < end,
        Audit.scoring.is_(True),
        Audit.origin == SCORING_ORIGIN.value,
    ]


async def open_disputes(connection: AsyncConnection, scope: Scope, period: Period) -> int:
    """Return how many errors are out of the score of a period only until they are decided."""
    statement = (
        select(func.count())
        .select_from(Audit)
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .where(
            *_scoring(scope, period),
            Finding.severity == Severity.ERROR.value,
            Finding.state == FindingState.DISPUTED.value,
        )
    )
    return int(await connection.scalar(statement) or 0)


def _disputes(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(func.count())
        .select_from(Dispute)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Dispute.workspace_id == scope.workspace_id,
            Audit.project_id == scope.project_id,
            Audit.squad_id == scope.squad_id,
        )
    )


async def overdue(connection: AsyncConnection, scope: Scope, now: datetime) -> int:
    """Return how many disputes should have been decided by now: a count, for channels too."""
    late = (Dispute.state == DisputeState.OPEN.value) & (Dispute.due_at < now)
    return int(await connection.scalar(_disputes(scope).where(late)) or 0)


async def ruling_times(connection: AsyncConnection, scope: Scope, period: Period) -> list[int]:
    """Return the seconds, of their deciders' working time, that rulings of a period took."""
    begin, end = period
    statement = (
        _disputes(scope)
        .with_only_columns(Dispute.ruled_s)
        .where(
            Dispute.state == DisputeState.DECIDED.value,
            Dispute.decided_at >= begin,
            Dispute.decided_at < end,
            Dispute.ruled_s.is_not(None),
        )
        .order_by(Dispute.id)
    )
    return [each for each in await connection.scalars(statement) if each is not None]


_LATER: Final = Dispute.__table__.alias()


async def overturned_of(
    connection: AsyncConnection, scope: Scope, period: Period
) -> Mapping[int, Overturned]:
    """Return by auditor what became of the appeals of their findings decided in a period.

    A second opinion takes the place of the first.
    """
    begin, end = period
    replaced = (
        select(_LATER.c.id)
        .where(_LATER.c.second_of == Dispute.id, _LATER.c.state == DisputeState.DECIDED.value)
        .exists()
    )
    statement = (
        _disputes(scope)
        .with_only_columns(
            Audit.auditor_id,
            func.count().label("decided"),
            func.sum(case((Dispute.ruling == Ruling.OVERTURNED.value, 1), else_=0)).label("out"),
        )
        .where(
            and_(
                Dispute.state == DisputeState.DECIDED.value,
                Dispute.decided_at >= begin,
                Dispute.decided_at < end,
            ),
            ~replaced,
        )
        .group_by(Audit.auditor_id)
    )
    return {
        row.auditor_id: Overturned(decided=row.decided, overturned=int(row.out))
        for row in await connection.execute(statement)
    }
