"""Stored indexes of guidelines in SQL, in parts, so that no transaction is long."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import GuidelineIndex, GuidelineIndexPart, GuidelineVersion


async def open_index(
    tx: AsyncConnection, workspace_id: int, edition_id: int, parts: int, now: datetime
) -> int:
    """Begin an index that nobody reads until `finish`; return its key."""
    statement = (
        insert(GuidelineIndex)
        .values(workspace_id=workspace_id, version_id=edition_id, parts=parts, created_at=now)
        .returning(GuidelineIndex.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def add_part(
    tx: AsyncConnection, workspace_id: int, index_id: int, number: int, body: bytes
) -> None:
    """Add one part."""
    await tx.execute(
        insert(GuidelineIndexPart).values(
            workspace_id=workspace_id, index_id=index_id, number=number, body=body
        )
    )


async def finish(
    tx: AsyncConnection, workspace_id: int, edition_id: int, index_id: int, format_: int
) -> bool:
    """Let an index be read; False if its version has one of this format already.

    Hold the workspace's lock: two processes may finish at once.
    """
    taken = await find(tx, workspace_id, edition_id, format_)
    if taken is None:
        await tx.execute(
            update(GuidelineIndex)
            .where(GuidelineIndex.workspace_id == workspace_id, GuidelineIndex.id == index_id)
            .values(format=format_)
        )
    return taken is None


async def find(
    connection: AsyncConnection, workspace_id: int, edition_id: int, format_: int
) -> tuple[int, int] | None:
    """Return key and number of parts of a version's index in this format."""
    statement = select(GuidelineIndex.id, GuidelineIndex.parts).where(
        GuidelineIndex.workspace_id == workspace_id,
        GuidelineIndex.version_id == edition_id,
        GuidelineIndex.format == format_,
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.id, row.parts)


async def part(
    connection: AsyncConnection, workspace_id: int, index_id: int, number: int
) -> bytes | None:
    """Return one part, None if it was removed meanwhile."""
    statement = select(GuidelineIndexPart.body).where(
        GuidelineIndexPart.workspace_id == workspace_id,
        GuidelineIndexPart.index_id == index_id,
        GuidelineIndexPart.number == number,
    )
    found: bytes | None = await connection.scalar(statement)
    return found


async def let_go(connection: AsyncConnection) -> None:
    """Free what SQLite keeps in its cache of an index, which is read once and never again."""
    if connection.dialect.name == "sqlite":
        await connection.execute(text("PRAGMA shrink_memory"))


async def obsolete(
    connection: AsyncConnection,
    workspace_id: int,
    project_id: int,
    format_: int,
    before: datetime,
) -> list[int]:
    """Return the indexes of all versions but the newest, of older formats, and what was left.

    What was begun before an instant and has no format yet was left by a process that died.
    """
    newest = (
        select(func.max(GuidelineVersion.number))
        .where(
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.project_id == project_id,
        )
        .scalar_subquery()
    )
    statement = (
        select(GuidelineIndex.id)
        .join(
            GuidelineVersion,
            and_(
                GuidelineVersion.id == GuidelineIndex.version_id,
                GuidelineVersion.workspace_id == workspace_id,
            ),
        )
        .where(
            GuidelineIndex.workspace_id == workspace_id,
            GuidelineVersion.project_id == project_id,
            or_(
                GuidelineVersion.number < newest,
                GuidelineIndex.format < format_,
                and_(GuidelineIndex.format.is_(None), GuidelineIndex.created_at < before),
            ),
        )
    )
    return list((await connection.scalars(statement)).all())


async def of_version(connection: AsyncConnection, workspace_id: int, edition_id: int) -> list[int]:
    """Return every index of a version, finished or not."""
    statement = select(GuidelineIndex.id).where(
        GuidelineIndex.workspace_id == workspace_id, GuidelineIndex.version_id == edition_id
    )
    return list((await connection.scalars(statement)).all())


async def close_index(tx: AsyncConnection, workspace_id: int, index_id: int) -> int:
    """Let nobody begin to read an index any more; return the number of its parts."""
    statement = (
        update(GuidelineIndex)
        .where(GuidelineIndex.workspace_id == workspace_id, GuidelineIndex.id == index_id)
        .values(format=None)
        .returning(GuidelineIndex.parts)
    )
    return (await tx.execute(statement)).scalar_one_or_none() or 0


async def remove_part(tx: AsyncConnection, workspace_id: int, index_id: int, number: int) -> None:
    """Remove one part."""
    await tx.execute(
        delete(GuidelineIndexPart).where(
            GuidelineIndexPart.workspace_id == workspace_id,
            GuidelineIndexPart.index_id == index_id,
            GuidelineIndexPart.number == number,
        )
    )


async def remove(tx: AsyncConnection, workspace_id: int, index_id: int) -> None:
    """Remove an index whose parts are gone."""
    await tx.execute(
        delete(GuidelineIndex).where(
            GuidelineIndex.workspace_id == workspace_id, GuidelineIndex.id == index_id
        )
    )


async def newest_numbers(
    connection: AsyncConnection, workspace_and_project: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Return (workspace, project) -> number of the newest version, in one look at an index."""
    among = [
        and_(GuidelineVersion.workspace_id == workspace, GuidelineVersion.project_id == project)
        for workspace, project in workspace_and_project
    ]
    statement = (
        select(
            GuidelineVersion.workspace_id,
            GuidelineVersion.project_id,
            func.max(GuidelineVersion.number).label("number"),
        )
        .where(GuidelineVersion.number.is_not(None), or_(*among))
        .group_by(GuidelineVersion.workspace_id, GuidelineVersion.project_id)
    )
    rows = await connection.execute(statement)
    return {(row.workspace_id, row.project_id): row.number for row in rows}
