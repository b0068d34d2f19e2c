"""What an import of audits looks up and adds in SQL: the work, earlier audits, the weights."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import FindingState, NewFinding, Origin, Severity, Verdict
from bot.rules.imports import Draw, Place
from bot.store.keys import having
from models import Audit, AuditChain, Finding, Submission
from models import Draw as DrawRow

# SQLite and PostgreSQL take at least 32,766 bound values in a statement; stay far below.
AT_ONCE: Final = 500


class Piece(NamedTuple):
    """A submission that an audit of a file may be about."""

    submission_id: int
    contributor_id: int
    submitted_at: datetime


class Before(NamedTuple):
    """A stored audit, as a re-import compares it; `findings` counts equal ones."""

    audit_id: int
    chain_id: int
    auditor_id: int
    audited_at: datetime
    origin: Origin
    verdict: Verdict
    findings: Counter[NewFinding]


async def work(
    connection: AsyncConnection, place: Place, pairs: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], list[Piece]]:
    """Return a squad's submissions by (task, contributor), for any number of pairs."""
    found: defaultdict[tuple[str, int], list[Piece]] = defaultdict(list)
    ordered = sorted(set(pairs))
    for start in range(0, len(ordered), AT_ONCE):
        wanted = having(
            connection,
            [Submission.task, Submission.contributor_id],
            ordered[start : start + AT_ONCE],
            Submission.workspace_id == place.workspace_id,
            Submission.project_id == place.project_id,
            Submission.squad_id == place.squad_id,
        )
        statement = (
            select(
                Submission.id,
                Submission.task,
                Submission.contributor_id,
                Submission.submitted_at,
            )
            .select_from(wanted)
            .order_by(Submission.id)
        )
        for row in await connection.execute(statement):
            if row.id is not None:
                piece = Piece(row.id, row.contributor_id, row.submitted_at)
                found[row.task, row.contributor_id].append(piece)
    return found


async def before(
    connection: AsyncConnection, place: Place, submission_ids: Iterable[int]
) -> dict[int, list[Before]]:
    """Return the stored audits of any number of submissions, by submission, oldest first."""
    ordered = sorted(set(submission_ids))
    found: defaultdict[int, list[Before]] = defaultdict(list)
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        statement = (
            select(
                Audit.id,
                Audit.submission_id,
                Audit.chain_id,
                Audit.auditor_id,
                Audit.audited_at,
                Audit.origin,
                Audit.verdict,
            )
            .where(Audit.workspace_id == place.workspace_id, Audit.submission_id.in_(some))
            .order_by(Audit.audited_at, Audit.id)
        )
        rows = (await connection.execute(statement)).all()
        findings = await _findings(connection, place, [row.id for row in rows])
        for row in rows:
            stored = Before(
                audit_id=row.id,
                chain_id=row.chain_id,
                auditor_id=row.auditor_id,
                audited_at=row.audited_at,
                origin=Origin(row.origin),
                verdict=Verdict(row.verdict),
                findings=findings.get(row.id, Counter()),
            )
            found[row.submission_id].append(stored)
    return found


async def _findings(
    connection: AsyncConnection, place: Place, audit_ids: Sequence[int]
) -> Mapping[int, Counter[NewFinding]]:
    found: defaultdict[int, Counter[NewFinding]] = defaultdict(Counter)
    for start in range(0, len(audit_ids), AT_ONCE):
        statement = select(
            Finding.audit_id,
            Finding.category_id,
            Finding.severity,
            Finding.section,
            Finding.note,
        ).where(
            Finding.workspace_id == place.workspace_id,
            Finding.audit_id.in_(audit_ids[start : start + AT_ONCE]),
        )
        for row in await connection.execute(statement):
            finding = NewFinding(
                severity=Severity(row.severity),
                category_id=row.category_id,
                section=row.section,
                note=row.note,
            )
            found[row.audit_id][finding] += 1
    return found


async def add_findings(
    tx: AsyncConnection, place: Place, additions: Iterable[tuple[int, NewFinding]]
) -> None:
    """Add findings to audits that are stored; their errors are counted anew by the caller."""
    rows = [
        {
            "workspace_id": place.workspace_id,
            "audit_id": audit_id,
            "category_id": finding.category_id,
            "severity": finding.severity.value,
            "section": finding.section,
            "note": finding.note,
            "state": FindingState.OPEN.value,
        }
        for audit_id, finding in additions
    ]
    if rows:
        await tx.execute(insert(Finding), rows)


async def draws(
    connection: AsyncConnection, place: Place, begin: datetime, end: datetime
) -> list[Draw]:
    """Return the imported random draws of work handed in within `[begin, end)`."""
    imported = exists().where(Audit.chain_id == AuditChain.id, Audit.imported)
    # What a frame of Muster's own adopted weighs what that frame says.
    ours = exists().where(Audit.chain_id == AuditChain.id, DrawRow.audit_id == Audit.id)
    statement = (
        select(
            AuditChain.id.label("chain_id"),
            AuditChain.submission_id,
            Submission.contributor_id,
            AuditChain.weight,
        )
        .join(Submission, Submission.id == AuditChain.submission_id)
        .where(
            *_handed_in(place, begin, end),
            AuditChain.workspace_id == place.workspace_id,
            AuditChain.origin == Origin.RANDOM.value,
            imported,
            ~ours,
        )
    )
    return [Draw(*row) for row in await connection.execute(statement)]


async def frame(
    connection: AsyncConnection, place: Place, begin: datetime, end: datetime
) -> dict[int, int]:
    """Return contributor -> submissions handed in within `[begin, end)`."""
    statement = (
        select(Submission.contributor_id, func.count())
        .where(*_handed_in(place, begin, end))
        .group_by(Submission.contributor_id)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}


def _handed_in(place: Place, begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.workspace_id == place.workspace_id,
        Submission.project_id == place.project_id,
        Submission.squad_id == place.squad_id,
        Submission.submitted_at >= begin,
        Submission.submitted_at < end,
    )


async def set_weights(
    tx: AsyncConnection, place: Place, weights: Sequence[tuple[Draw, float]]
) -> None:
    """Set the weights of draws; their audits are described anew by the caller."""
    statement = (
        update(AuditChain)
        .where(
            AuditChain.workspace_id == place.workspace_id, AuditChain.id == bindparam("chain_id")
        )
        .values(weight=bindparam("new_weight"))
    )
    rows = [{"chain_id": draw.chain_id, "new_weight": weight} for draw, weight in weights]
    await tx.execute(statement, rows)
