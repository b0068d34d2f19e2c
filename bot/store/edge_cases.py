"""The log of edge cases, in SQL."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.edge_cases import EdgeCase, NewEdgeCase
from models import EdgeCase as EdgeCaseRow
from models import Person, Project


async def add(tx: AsyncConnection, workspace_id: int, new: NewEdgeCase, now: datetime) -> int:
    """Log a case with its ruling and return its key."""
    statement = (
        insert(EdgeCaseRow)
        .values(workspace_id=workspace_id, ruled_at=now, **asdict(new))
        .returning(EdgeCaseRow.id)
    )
    return (await tx.execute(statement)).scalar_one()


_CASES = (
    select(
        EdgeCaseRow.id.label("edge_id"),
        EdgeCaseRow.project_id,
        Project.name.label("project"),
        EdgeCaseRow.title,
        EdgeCaseRow.ruling,
        EdgeCaseRow.section,
        EdgeCaseRow.version,
        EdgeCaseRow.examples,
        EdgeCaseRow.task,
        Person.name.label("by"),
        EdgeCaseRow.ruled_at,
    )
    .join(Project, Project.id == EdgeCaseRow.project_id)
    .join(Person, Person.id == EdgeCaseRow.ruled_by)
)


async def of_project(
    connection: AsyncConnection, workspace_id: int, project_id: int, limit: int
) -> list[EdgeCase]:
    """Return the cases of a project, the latest ruling first."""
    statement = (
        _CASES.where(EdgeCaseRow.workspace_id == workspace_id, EdgeCaseRow.project_id == project_id)
        .order_by(EdgeCaseRow.ruled_at.desc(), EdgeCaseRow.id.desc())
        .limit(limit)
    )
    return [_case(row) for row in await connection.execute(statement)]


async def count(connection: AsyncConnection, workspace_id: int, project_id: int) -> int:
    """Return how many cases of a project are logged."""
    statement = (
        select(func.count())
        .select_from(EdgeCaseRow)
        .where(EdgeCaseRow.workspace_id == workspace_id, EdgeCaseRow.project_id == project_id)
    )
    return await connection.scalar(statement) or 0


async def get(connection: AsyncConnection, workspace_id: int, edge_id: int) -> EdgeCase | None:
    """Return a case."""
    statement = _CASES.where(EdgeCaseRow.workspace_id == workspace_id, EdgeCaseRow.id == edge_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _case(row)


def _case(row: Row[*tuple[Any, ...]]) -> EdgeCase:
    return EdgeCase(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
