"""Findings that cite the same rule as one that was overturned, in SQL: listed, kept, withdrawn."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import FindingState, Severity
from bot.rules.disputes import Review, ReviewState
from bot.rules.findings import link_of
from models import Audit, Category, Finding, FindingReview, Project, Submission

_STANDING: Final = (FindingState.OPEN.value, FindingState.ACKNOWLEDGED.value)


async def put_up(
    tx: AsyncConnection, workspace_id: int, dispute_id: int, finding_id: int
) -> dict[int, int]:
    """Put up every open finding of the project that cites the same rule; return squad -> how many.

    The same rule is the same section and category; a category that is not in use any more may be
    called otherwise since, so then the section decides. Imported history is left alone, and so is
    what is under review already.
    """
    about = (
        await tx.execute(
            select(Finding.category_id, Finding.section, Audit.project_id, Category.retired_at)
            .join(Audit, Audit.id == Finding.audit_id)
            .join(Category, Category.id == Finding.category_id, isouter=True)
            .where(Finding.workspace_id == workspace_id, Finding.id == finding_id)
        )
    ).one()
    listed = exists().where(
        FindingReview.finding_id == Finding.id,
        or_(FindingReview.state == ReviewState.OPEN.value, FindingReview.dispute_id == dispute_id),
    )
    found = (
        await tx.execute(
            select(Finding.id, Audit.squad_id)
            .join(Audit, Audit.id == Finding.audit_id)
            .join(Category, Category.id == Finding.category_id, isouter=True)
            .where(
                Finding.workspace_id == workspace_id,
                Finding.id != finding_id,
                Finding.state.in_(_STANDING),
                Finding.severity != Severity.PRAISE.value,
                Audit.project_id == about.project_id,
                Audit.imported.is_(False),
                _same_rule(about.category_id, about.section, retired=about.retired_at is not None),
                ~listed,
            )
            .order_by(Finding.id)
        )
    ).all()
    counts: dict[int, int] = {}
    for row in found:
        counts[row.squad_id] = counts.get(row.squad_id, 0) + 1
    rows = [
        {
            "workspace_id": workspace_id,
            "dispute_id": dispute_id,
            "finding_id": row.id,
            "state": ReviewState.OPEN.value,
        }
        for row in found
    ]
    if rows:
        await tx.execute(insert(FindingReview), rows)
    return counts


def _same_rule(
    category_id: int | None, section: str | None, *, retired: bool
) -> ColumnElement[bool]:
    same = Finding.category_id == category_id
    if category_id is None:
        same = Finding.category_id.is_(None)
    if section is None:
        return and_(same, Finding.section.is_(None))
    cites = func.lower(Finding.section) == section.lower()
    return cites if retired else and_(cites, or_(same, Category.retired_at.is_not(None)))


def _listed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            FindingReview.id.label("review_id"),
            FindingReview.dispute_id,
            FindingReview.finding_id,
            FindingReview.state,
            Finding.audit_id,
            Finding.section,
            Finding.note,
            Finding.state.label("finding_state"),
            Audit.squad_id,
            Audit.contributor_id,
            Submission.task,
            Submission.url,
            Project.link_template,
            Category.name.label("category"),
        )
        .join(Finding, Finding.id == FindingReview.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .join(Submission, Submission.id == Audit.submission_id)
        .join(Project, Project.id == Audit.project_id)
        .join(Category, Category.id == Finding.category_id, isouter=True)
        .order_by(FindingReview.id)
    )


def _review(row: Any) -> Review:  # noqa: ANN401 - a row of `_listed`
    return Review(
        review_id=row.review_id,
        dispute_id=row.dispute_id,
        finding_id=row.finding_id,
        audit_id=row.audit_id,
        squad_id=row.squad_id,
        contributor_id=row.contributor_id,
        task=row.task,
        link=link_of(row.link_template, row.url, row.task),
        category=row.category,
        section=row.section,
        note=row.note,
        state=ReviewState(row.state),
        finding_state=FindingState(row.finding_state),
    )


async def waiting(
    connection: AsyncConnection, workspace_id: int, dispute_id: int, squad_id: int
) -> list[Review]:
    """Return what is to be looked at after a ruling in a squad, and nobody has, oldest first.

    What was disputed, corrected or taken back since is left out: it is looked at otherwise.
    """
    statement = _listed().where(
        FindingReview.workspace_id == workspace_id,
        FindingReview.dispute_id == dispute_id,
        FindingReview.state == ReviewState.OPEN.value,
        Finding.state.in_(_STANDING),
        Audit.squad_id == squad_id,
    )
    return [_review(row) for row in await connection.execute(statement)]


async def after(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> list[tuple[int, int]]:
    """Return the (ruling, squad) pairs after which something is still to be looked at."""
    statement = (
        select(FindingReview.dispute_id, Audit.squad_id)
        .distinct()
        .join(Finding, Finding.id == FindingReview.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            FindingReview.workspace_id == workspace_id,
            FindingReview.state == ReviewState.OPEN.value,
            Finding.state.in_(_STANDING),
            Audit.squad_id.in_(squad_ids),
        )
        .order_by(FindingReview.dispute_id, Audit.squad_id)
    )
    return [(row.dispute_id, row.squad_id) for row in await connection.execute(statement)]


async def get(connection: AsyncConnection, workspace_id: int, review_id: int) -> Review | None:
    """Return one finding that is, or was, to be looked at."""
    statement = _listed().where(
        FindingReview.workspace_id == workspace_id, FindingReview.id == review_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _review(row)


async def settle(
    tx: AsyncConnection,
    workspace_id: int,
    review_id: int,
    state: ReviewState,
    *,
    by: int,
    now: datetime,
) -> bool:
    """Keep what became of one; False if somebody was first."""
    statement = (
        update(FindingReview)
        .where(
            FindingReview.workspace_id == workspace_id,
            FindingReview.id == review_id,
            FindingReview.state == ReviewState.OPEN.value,
        )
        .values(state=state.value, reviewed_by=by, reviewed_at=now)
    )
    return bool((await tx.execute(statement)).rowcount)
