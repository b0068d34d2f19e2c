"""The tasks behind an error category, in the random audits of some days."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules.audits import SCORING_ORIGIN
from bot.rules.draws import DrawState, SkipReason
from bot.rules.figure_lists import Case, SkippedDraw
from bot.rules.findings import link_of
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from bot.store.why import counts, scored
from models import Audit, Category, Draw, Finding, Person, Project, Submission


async def category(
    connection: AsyncConnection, scope: Scope, category_id: int
) -> tuple[str, str | None] | None:
    """Return the name and section of a category of the project; None for another one's."""
    statement = select(Category.name, Category.section).where(
        Category.workspace_id == scope.workspace_id,
        Category.project_id == scope.project_id,
        Category.id == category_id,
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.name, row.section)


async def category_ids(connection: AsyncConnection, scope: Scope) -> dict[str, int]:
    """Return the key of each category of the project by its name."""
    statement = select(Category.name, Category.id).where(
        Category.workspace_id == scope.workspace_id, Category.project_id == scope.project_id
    )
    return {row.name: row.id for row in await connection.execute(statement)}


async def skipped(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime, limit: int
) -> list[SkippedDraw]:
    """Return random draws made in `[begin, end)` that were skipped, latest first, with notes."""
    statement = (
        select(
            Submission.task,
            Submission.url,
            Project.link_template,
            Draw.settled_at,
            Draw.skip_reason,
            Draw.skip_note,
        )
        .join(Submission, Submission.id == Draw.submission_id)
        .join(Project, Project.id == Draw.project_id)
        .where(
            Draw.workspace_id == scope.workspace_id,
            Draw.squad_id == scope.squad_id,
            Draw.project_id == scope.project_id,
            Draw.state == DrawState.SKIPPED.value,
            Draw.origin == SCORING_ORIGIN.value,
            Draw.rework_id.is_(None),
            Draw.drawn_at >= begin,
            Draw.drawn_at < end,
        )
        .order_by(Draw.settled_at.desc(), Draw.id.desc())
        .limit(limit)
    )
    return [
        SkippedDraw(
            task=row.task,
            url=link_of(row.link_template, row.url, row.task),
            day=clock.local_day(row.settled_at, scope.zone),
            reason=SkipReason(row.skip_reason),
            note=row.skip_note,
        )
        for row in await connection.execute(statement)
    ]


async def cases(
    connection: AsyncConnection,
    scope: Scope,
    category_id: int,
    begin: datetime,
    end: datetime,
) -> list[Case]:
    """Return the tasks with an error of a category in `[begin, end)`, latest audit first."""
    statement = (
        select(
            Submission.task,
            Submission.url,
            Finding.section,
            Audit.audited_at,
            Person.id.label("person_id"),
            Person.name,
        )
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .join(Submission, Submission.id == Audit.submission_id)
        .join(Person, Person.id == Submission.contributor_id)
        .where(scored(scope, begin, end), counts(), Finding.category_id == category_id)
        .order_by(Audit.audited_at.desc(), Audit.id.desc(), Finding.id)
    )
    found: dict[str, Case] = {}
    for row in await connection.execute(statement):
        case = Case(
            task=row.task,
            url=row.url,
            section=row.section,
            audited_at=row.audited_at,
            person_id=row.person_id,
            name=row.name,
        )
        found.setdefault(row.task, case)
    return list(found.values())
