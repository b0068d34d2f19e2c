"""What one person's own figures need beside a report: their categories, and what is open of them.

Whoever was merged into the person counts as the person.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import OUT_OF_SCORE, SCORING_ORIGIN, DisputeState, FindingState, Severity
from bot.rules.disputes import Ruling
from bot.rules.reports import Scope
from bot.rules.reworks import ReworkState
from bot.rules.standing import OwnCases, OwnCategory
from bot.store.audits import FINDINGS_OF
from models import Audit, Category, Dispute, Finding, Person, Rework


def _theirs(person_id: int) -> Select[int]:
    return select(Person.id).where(or_(Person.id == person_id, Person.merged_into == person_id))


def _audited(scope: Scope, person_id: int) -> ColumnElement[bool]:
    return and_(
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.contributor_id.in_(_theirs(person_id)),
    )


async def own_categories(
    connection: AsyncConnection,
    scope: Scope,
    person_id: int,
    begin: datetime,
    end: datetime,
    limit: int,
) -> list[OwnCategory]:
    """Return the categories of a person's errors in random audits of `[begin, end)`, most first."""
    errors = func.count().label("errors")
    statement = (
        select(Category.name, Category.section, errors)
        .select_from(Audit)
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .join(Category, Category.id == Finding.category_id)
        .where(
            _audited(scope, person_id),
            Audit.audited_at >= begin,
            Audit.audited_at < end,
            Audit.scoring,
            Audit.origin == SCORING_ORIGIN.value,
            Finding.severity == Severity.ERROR.value,
            Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
        )
        .group_by(Category.id, Category.name, Category.section)
        .order_by(errors.desc(), Category.name)
        .limit(limit)
    )
    return [
        OwnCategory(category=row.name, errors=row.errors, section=row.section)
        for row in await connection.execute(statement)
    ]


async def own_cases(
    connection: AsyncConnection, scope: Scope, person_id: int, begin: datetime, end: datetime
) -> OwnCases:
    """Return what is open of a person's work, and which disputes were decided in `[begin, end)`."""
    cases = await _disputes(connection, scope, person_id, begin, end)
    unread = await connection.scalar(_unread(scope, person_id))
    reworks, due = (await connection.execute(_reworks(scope, person_id))).one()
    return replace(cases, unread=unread or 0, reworks=reworks, rework_due=due)


def _unread(scope: Scope, person_id: int) -> Select[int]:
    return (
        select(func.count(Audit.id.distinct()))
        .join(Finding, Finding.audit_id == Audit.id)
        .where(
            _audited(scope, person_id),
            Audit.imported.is_(False),
            Finding.state == FindingState.OPEN.value,
            Finding.severity != Severity.PRAISE.value,
        )
    )


def _reworks(scope: Scope, person_id: int) -> Select[*tuple[Any, ...]]:
    return select(func.count(), func.min(Rework.due_at)).where(
        Rework.workspace_id == scope.workspace_id,
        Rework.squad_id == scope.squad_id,
        Rework.project_id == scope.project_id,
        Rework.contributor_id.in_(_theirs(person_id)),
        Rework.state == ReworkState.OPEN.value,
    )


async def _disputes(
    connection: AsyncConnection, scope: Scope, person_id: int, begin: datetime, end: datetime
) -> OwnCases:
    decided = and_(
        Dispute.ruling.is_not(None), Dispute.decided_at >= begin, Dispute.decided_at < end
    )
    statement = (
        select(Dispute.state, Dispute.ruling, func.count())
        .select_from(Audit)
        .join(Finding, Finding.audit_id == Audit.id)
        .join(Dispute, Dispute.finding_id == Finding.id)
        .where(_audited(scope, person_id), or_(Dispute.state == DisputeState.OPEN.value, decided))
        .group_by(Dispute.state, Dispute.ruling)
    )
    counts: dict[str | None, int] = {}
    for state, ruling, n in await connection.execute(statement):
        name = None if state == DisputeState.OPEN.value else ruling
        counts[name] = counts.get(name, 0) + n
    return OwnCases(
        disputed=counts.get(None, 0),
        upheld=counts.get(Ruling.UPHELD.value, 0),
        overturned=counts.get(Ruling.OVERTURNED.value, 0),
        changed=counts.get(Ruling.SEVERITY.value, 0),
    )
