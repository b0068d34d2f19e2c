"""The tasks behind an error category, in the random audits of some days."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.figure_lists import Case
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from bot.store.why import counts, scored
from models import Audit, Category, Finding, Person, Submission


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
