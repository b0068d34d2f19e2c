"""Findings and disputes in SQL: what a contributor is told, what they answered, what waits."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import FindingState, NewFinding, Severity, Step, Verdict
from bot.rules.findings import CategoryRef, Feedback, StoredFinding, link_of
from bot.rules.outbox import Delivery
from bot.rules.reworks import Stored as Rework
from bot.store import reworks
from bot.store.outbox import COLUMNS, delivery_of
from models import Audit, Category, Finding, OutboxRow, Person, Project, Squad, Submission

_CATEGORIES = (
    select(Category.id, Category.name, Category.severity, Category.section)
    .where(
        Category.workspace_id == bindparam("workspace_id"),
        Category.project_id == bindparam("project_id"),
        Category.retired_at.is_(None),
    )
    .order_by(Category.position, Category.name)
)
_later = Audit.__table__.alias()
# It still is what its contributor should read: it scores, or a ruling on it does.
RULED_ON = exists().where(
    _later.c.chain_id == Audit.chain_id, _later.c.stands_on == Audit.id, _later.c.scoring
)
_BLAMING = (Severity.ERROR.value, Severity.WARNING.value)


async def categories(
    connection: AsyncConnection, workspace_id: int, project_id: int
) -> list[CategoryRef]:
    """Return the categories of a project that findings may be booked under, in their order."""
    keys = {"workspace_id": workspace_id, "project_id": project_id}
    return [
        CategoryRef(
            category_id=row.id,
            name=row.name,
            severity=Severity(row.severity),
            section=row.section,
        )
        for row in await connection.execute(_CATEGORIES, keys)
    ]


async def feedback(
    connection: AsyncConnection, workspace_id: int, audit_id: int
) -> Feedback | None:
    """Return one audit as its contributor reads it."""
    found = await _feedbacks(connection, workspace_id, Audit.id == audit_id, limit=1)
    return next(iter(found), None)


async def of_audits(
    connection: AsyncConnection, workspace_id: int, audit_ids: Collection[int]
) -> list[Feedback]:
    """Return audits as their contributors read them, oldest first."""
    if not audit_ids:
        return []
    return await _feedbacks(connection, workspace_id, Audit.id.in_(audit_ids), limit=len(audit_ids))


async def add(
    tx: AsyncConnection, workspace_id: int, audit_id: int, found: Sequence[NewFinding]
) -> None:
    """Add findings to an audit that was stored without."""
    if not found:
        return
    rows = [
        {
            "workspace_id": workspace_id,
            "audit_id": audit_id,
            "category_id": each.category_id,
            "severity": each.severity.value,
            "section": each.section,
            "note": each.note,
            "state": FindingState.OPEN.value,
        }
        for each in found
    ]
    await tx.execute(insert(Finding), rows)


async def open_feedback(
    connection: AsyncConnection, workspace_id: int, contributor_id: int, limit: int
) -> list[Feedback]:
    """Return a person's audits with findings that they have not acknowledged, oldest first.

    What was imported is history and asks nothing of anybody.
    """
    waits = exists().where(
        Finding.workspace_id == workspace_id,
        Finding.audit_id == Audit.id,
        Finding.state == FindingState.OPEN.value,
        Finding.severity.in_(_BLAMING),
    )
    mine = (Audit.contributor_id == contributor_id) & Audit.imported.is_(False) & waits
    return await _feedbacks(connection, workspace_id, mine, limit=limit)


async def _feedbacks(
    connection: AsyncConnection, workspace_id: int, which: ColumnElement[bool], *, limit: int
) -> list[Feedback]:
    statement = (
        select(
            Audit.id,
            Audit.squad_id,
            Audit.project_id,
            Audit.contributor_id,
            Audit.verdict,
            Audit.audited_at,
            Audit.step,
            (Audit.scoring | RULED_ON).label("scoring"),
            Submission.task,
            Submission.url,
            Project.name.label("project"),
            Project.link_template,
            func.coalesce(Person.zone, Squad.zone).label("zone"),
        )
        .join(Submission, Submission.id == Audit.submission_id)
        .join(Project, Project.id == Audit.project_id)
        .join(Squad, Squad.id == Audit.squad_id)
        .join(Person, Person.id == Audit.contributor_id)
        .where(Audit.workspace_id == workspace_id, which)
        .order_by(Audit.audited_at, Audit.id)
        .limit(limit)
    )
    rows = (await connection.execute(statement)).all()
    found = await _of_audits(connection, workspace_id, [row.id for row in rows])
    back = await reworks.after_audits(connection, workspace_id, [row.id for row in rows])
    return [_feedback(row, workspace_id, found[row.id], back.get(row.id)) for row in rows]


def _feedback(
    row: Row[*tuple[Any, ...]],
    workspace_id: int,
    findings: Sequence[StoredFinding],
    rework: Rework | None,
) -> Feedback:
    return Feedback(
        audit_id=row.id,
        workspace_id=workspace_id,
        squad_id=row.squad_id,
        project_id=row.project_id,
        contributor_id=row.contributor_id,
        zone=row.zone,
        task=row.task,
        project=row.project,
        link=link_of(row.link_template, row.url, row.task),
        verdict=Verdict(row.verdict),
        audited_at=row.audited_at,
        corrects=row.step == Step.CORRECTION.value,
        is_current=row.scoring or (rework is not None and rework.result_id is not None),
        findings=tuple(findings),
        rework=rework,
    )


async def _of_audits(
    connection: AsyncConnection, workspace_id: int, audit_ids: Collection[int]
) -> Mapping[int, list[StoredFinding]]:
    found: defaultdict[int, list[StoredFinding]] = defaultdict(list)
    if not audit_ids:
        return found
    statement = (
        select(
            Finding.id,
            Finding.audit_id,
            Finding.severity,
            Finding.state,
            Finding.section,
            Finding.note,
            Category.name.label("category"),
        )
        .join(Category, Category.id == Finding.category_id, isouter=True)
        .where(Finding.workspace_id == workspace_id, Finding.audit_id.in_(audit_ids))
        .order_by(Finding.id)
    )
    for row in await connection.execute(statement):
        found[row.audit_id].append(
            StoredFinding(
                finding_id=row.id,
                severity=Severity(row.severity),
                state=FindingState(row.state),
                category=row.category,
                section=row.section,
                note=row.note,
            )
        )
    return found


async def latest_on_task(
    connection: AsyncConnection, workspace_id: int, project_id: int, task: str
) -> StoredFinding | None:
    """Return the newest finding about a task."""
    statement = (
        select(Audit.id)
        .join(Submission, Submission.id == Audit.submission_id)
        .join(Finding, Finding.audit_id == Audit.id)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.project_id == project_id,
            Submission.task == task,
        )
        .order_by(Audit.audited_at.desc(), Finding.id.desc())
        .limit(1)
    )
    audit_id = await connection.scalar(statement)
    if audit_id is None:
        return None
    found = await _of_audits(connection, workspace_id, [audit_id])
    return found[audit_id][-1]


async def acknowledge(tx: AsyncConnection, workspace_id: int, audit_id: int, now: datetime) -> int:
    """Mark the open findings of an audit as acknowledged; return how many were open."""
    statement = (
        update(Finding)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.audit_id == audit_id,
            Finding.state == FindingState.OPEN.value,
        )
        .values(state=FindingState.ACKNOWLEDGED.value, settled_at=now)
    )
    return (await tx.execute(statement)).rowcount


async def unacknowledged(
    connection: AsyncConnection, workspace_id: int, squad_id: int
) -> list[tuple[int, int, datetime]]:
    """Return (contributor, audits, oldest audit) of a squad's findings that wait to be read."""
    statement = (
        select(
            Audit.contributor_id,
            func.count(Audit.id.distinct()),
            func.min(Audit.audited_at).label("oldest"),
        )
        .join(Finding, Finding.audit_id == Audit.id)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.state == FindingState.OPEN.value,
            Finding.severity.in_(_BLAMING),
            Audit.squad_id == squad_id,
            Audit.imported.is_(False),
        )
        .group_by(Audit.contributor_id)
        .order_by(func.min(Audit.audited_at))
    )
    return [(row[0], row[1], row.oldest) for row in await connection.execute(statement)]


async def delivery(
    connection: AsyncConnection, workspace_id: int, dedupe_key: str
) -> Delivery | None:
    """Return the delivery planned under a key."""
    statement = select(*COLUMNS).where(
        OutboxRow.workspace_id == workspace_id, OutboxRow.dedupe_key == dedupe_key
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else delivery_of(row)
