"""Submissions in SQL, as somebody who wants to audit one looks for it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.findings import Work, link_of
from models import Audit, Project, Squad, SquadProject, Submission

# Neighbours in the order of the task index that are compared with a task nobody knows.
NEIGHBOURS = 40

_WORK = (
    select(
        Submission.id,
        Submission.project_id,
        Project.name.label("project"),
        Project.link_template,
        Submission.squad_id,
        Squad.name.label("squad"),
        Squad.zone,
        Submission.contributor_id,
        Submission.task,
        Submission.submitted_at,
        Submission.label,
        Submission.url,
        Submission.revision,
    )
    .join(Project, Project.id == Submission.project_id)
    .join(Squad, Squad.id == Submission.squad_id)
)
_ONE = _WORK.where(
    Submission.workspace_id == bindparam("workspace_id"),
    Submission.id == bindparam("submission_id"),
)


def _work(row: Row[*tuple[Any, ...]]) -> Work:
    return Work(
        submission_id=row.id,
        project_id=row.project_id,
        project=row.project,
        squad_id=row.squad_id,
        squad=row.squad,
        zone=row.zone,
        contributor_id=row.contributor_id,
        task=row.task,
        submitted_at=row.submitted_at,
        label=row.label,
        link=link_of(row.link_template, row.url, row.task),
        revision=row.revision,
    )


async def _works(connection: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[Work]:
    return [_work(row) for row in await connection.execute(statement)]


async def get(connection: AsyncConnection, workspace_id: int, submission_id: int) -> Work | None:
    """Return one submission."""
    keys = {"workspace_id": workspace_id, "submission_id": submission_id}
    row = (await connection.execute(_ONE, keys)).one_or_none()
    return None if row is None else _work(row)


async def projects_of(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> list[int]:
    """Return the projects that squads work on."""
    statement = (
        select(SquadProject.project_id)
        .where(SquadProject.workspace_id == workspace_id, SquadProject.squad_id.in_(squad_ids))
        .distinct()
        .order_by(SquadProject.project_id)
    )
    return list((await connection.scalars(statement)).all())


async def of_task(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    task: str,
    *,
    contributor_id: int | None = None,
    limit: int,
) -> list[Work]:
    """Return the submissions of a task in the squads, newest first."""
    # The projects are named because the index on tasks begins with them.
    projects = await projects_of(connection, workspace_id, squad_ids)
    statement = _WORK.where(
        Submission.workspace_id == workspace_id,
        Submission.project_id.in_(projects),
        Submission.task == task,
        Submission.squad_id.in_(squad_ids),
    )
    if contributor_id is not None:
        statement = statement.where(Submission.contributor_id == contributor_id)
    ordered = statement.order_by(Submission.submitted_at.desc(), Submission.id.desc())
    return await _works(connection, ordered.limit(limit))


async def unaudited_of(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    contributor_id: int,
    limit: int,
) -> list[Work]:
    """Return a contributor's submissions in the squads that nobody has audited, newest first."""
    audited = exists().where(
        Audit.workspace_id == workspace_id, Audit.submission_id == Submission.id
    )
    statement = (
        _WORK.where(
            Submission.workspace_id == workspace_id,
            Submission.contributor_id == contributor_id,
            Submission.squad_id.in_(squad_ids),
            ~audited,
        )
        .order_by(Submission.submitted_at.desc(), Submission.id.desc())
        .limit(limit)
    )
    return await _works(connection, statement)


async def any_of(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    contributor_id: int,
) -> bool:
    """Tell whether a contributor handed in anything in the squads."""
    found = await connection.scalar(
        select(Submission.id)
        .where(
            Submission.workspace_id == workspace_id,
            Submission.contributor_id == contributor_id,
            Submission.squad_id.in_(squad_ids),
        )
        .limit(1)
    )
    return found is not None


async def tasks_near(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int], task: str
) -> list[str]:
    """Return tasks of the squads that stand beside `task` in the alphabet, each once.

    Only the index is read, from the place where the task would stand, as typed and in capitals.
    """
    found: dict[str, None] = {}
    for project_id in await projects_of(connection, workspace_id, squad_ids):
        mine = select(Submission.task).where(
            Submission.workspace_id == workspace_id, Submission.project_id == project_id
        )
        for spelling in dict.fromkeys((task, task.upper())):
            after = mine.where(Submission.task >= spelling).order_by(Submission.task)
            before = mine.where(Submission.task < spelling).order_by(Submission.task.desc())
            for side in (after, before):
                found.update(
                    dict.fromkeys(await connection.scalars(side.distinct().limit(NEIGHBOURS)))
                )
    return list(found)
