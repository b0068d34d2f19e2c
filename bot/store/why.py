"""Random audits one by one, with what is needed to tell why their score moved."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import OUT_OF_SCORE, SCORING_ORIGIN, Severity, Verdict
from bot.rules.changes import Fault
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from models import Audit, Batch, Category, Finding, Person, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomAudit:
    """A random audit that scores, and the work it judged; None for what was not recorded."""

    audited_at: datetime
    rejected: bool
    weight: float | None
    contributor_id: int
    version: str | None
    batch: str | None
    faults: tuple[Fault, ...]


def scored(scope: Scope, begin: datetime, end: datetime) -> ColumnElement[bool]:
    """Return the condition for the random audits that score, in `[begin, end)`."""
    return and_(
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.audited_at >= begin,
        Audit.audited_at < end,
        Audit.scoring,
        Audit.origin == SCORING_ORIGIN.value,
    )


def counts() -> ColumnElement[bool]:
    """Return the condition for findings that count as errors."""
    return and_(
        Finding.severity == Severity.ERROR.value,
        Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
    )


async def random_audits(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> list[RandomAudit]:
    """Return the random audits that score, in `[begin, end)`."""
    rejected = Audit.verdict != Verdict.ACCEPTED.value
    statement = (
        select(
            Audit.id,
            Audit.audited_at,
            rejected.label("rejected"),
            Audit.weight,
            Audit.contributor_id,
            Submission.guideline_version,
            Batch.name,
        )
        .join(Submission, Submission.id == Audit.submission_id)
        .join(Batch, Batch.id == Submission.batch_id, isouter=True)
        .where(scored(scope, begin, end))
    )
    faults = await _faults(connection, and_(scored(scope, begin, end), rejected))
    return [
        RandomAudit(
            audited_at=at,
            rejected=bool(wrong),
            weight=weight,
            contributor_id=contributor_id,
            version=version,
            batch=batch,
            faults=tuple(faults.get(key, ())),
        )
        for key, at, wrong, weight, contributor_id, version, batch in await connection.execute(
            statement
        )
    ]


async def _faults(
    connection: AsyncConnection, audits: ColumnElement[bool]
) -> Mapping[int, list[Fault]]:
    statement = (
        select(Audit.id, Category.name, func.coalesce(Finding.section, Category.section))
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .join(Category, Category.id == Finding.category_id, isouter=True)
        .where(audits, counts())
        .order_by(Finding.id)
    )
    found: defaultdict[int, list[Fault]] = defaultdict(list)
    for key, category, section in await connection.execute(statement):
        found[key].append(Fault(category, section))
    return found


async def first_audits(
    connection: AsyncConnection, workspace_id: int, person_ids: Collection[int]
) -> dict[int, datetime]:
    """Return when work of each person was audited for the first time, by one seek for each."""
    mine = (Audit.workspace_id == workspace_id, Audit.contributor_id == Person.id)
    statement = select(Person.id, _first(*mine)).where(
        Person.workspace_id == workspace_id, Person.id.in_(list(person_ids))
    )
    return {key: at for key, at in await connection.execute(statement) if at is not None}


async def first_audit(connection: AsyncConnection, scope: Scope) -> datetime | None:
    """Return when work of the squad on the project was audited for the first time."""
    statement = select(
        _first(
            Audit.workspace_id == scope.workspace_id,
            Audit.project_id == scope.project_id,
            Audit.squad_id == scope.squad_id,
        )
    )
    found: datetime | None = (await connection.execute(statement)).scalar_one()
    return found


def _first(*conditions: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a subquery's own type
    return (
        select(Audit.audited_at)
        .where(*conditions)
        .order_by(Audit.audited_at)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
