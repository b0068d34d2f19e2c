"""Kept notes in SQL: what an auditor writes again and again, under a short name."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.sittings import SNIPPETS
from bot.rules.sittings import Snippet as Kept
from bot.store.database import insert_or_ignore
from models import Snippet


async def of_person(
    connection: AsyncConnection, workspace_id: int, person_id: int, project_id: int
) -> list[Kept]:
    """Return the notes that a person keeps in a project, by name."""
    statement = (
        select(Snippet.id, Snippet.name, Snippet.note)
        .where(
            Snippet.workspace_id == workspace_id,
            Snippet.person_id == person_id,
            Snippet.project_id == project_id,
        )
        .order_by(Snippet.name)
    )
    return [
        Kept(snippet_id=row.id, name=row.name, note=row.note)
        for row in await connection.execute(statement)
    ]


async def keep(
    tx: AsyncConnection,
    workspace_id: int,
    person_id: int,
    project_id: int,
    *,
    name: str,
    note: str,
    now: datetime,
) -> None:
    """Keep a note under a name; one of the same name is replaced, and the oldest make room."""
    values = {
        "workspace_id": workspace_id,
        "person_id": person_id,
        "project_id": project_id,
        "name": name,
        "note": note,
        "created_at": now,
    }
    unique = ["workspace_id", "person_id", "project_id", "name"]
    await tx.execute(
        insert_or_ignore(tx, Snippet)
        .values(**values)
        .on_conflict_do_update(index_elements=unique, set_={"note": note, "created_at": now})
    )
    mine = (
        (Snippet.workspace_id == workspace_id)
        & (Snippet.person_id == person_id)
        & (Snippet.project_id == project_id)
    )
    newest = select(Snippet.id).where(mine).order_by(Snippet.created_at.desc(), Snippet.id.desc())
    keys = list((await tx.scalars(newest.limit(SNIPPETS))).all())
    await tx.execute(delete(Snippet).where(mine, Snippet.id.not_in(keys)))


async def forget(tx: AsyncConnection, workspace_id: int, person_id: int, snippet_id: int) -> bool:
    """Drop one of a person's notes; False if there is none."""
    statement = delete(Snippet).where(
        Snippet.workspace_id == workspace_id,
        Snippet.person_id == person_id,
        Snippet.id == snippet_id,
    )
    return bool((await tx.execute(statement)).rowcount)
