"""A squad's syncs in SQL."""

from datetime import time

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.squads import Sync
from models import Sync as SyncRow


async def put(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    name: str,
    local_time: time,
    link: str | None,
) -> int:
    """Add a sync, or change the one of that name; return its key."""
    mine = (
        (SyncRow.workspace_id == workspace_id)
        & (SyncRow.squad_id == squad_id)
        & (SyncRow.name == name)
    )
    key: int | None = await tx.scalar(select(SyncRow.id).where(mine))
    if key is not None:
        await tx.execute(
            update(SyncRow).where(SyncRow.id == key).values(local_time=local_time, link=link)
        )
        return key
    statement = (
        insert(SyncRow)
        .values(
            workspace_id=workspace_id,
            squad_id=squad_id,
            name=name,
            local_time=local_time,
            link=link,
            audience="squad",
        )
        .returning(SyncRow.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def remove(tx: AsyncConnection, workspace_id: int, squad_id: int, name: str) -> bool:
    """Delete a sync; False if there is none of that name."""
    statement = delete(SyncRow).where(
        SyncRow.workspace_id == workspace_id, SyncRow.squad_id == squad_id, SyncRow.name == name
    )
    return bool((await tx.execute(statement)).rowcount)


async def of_squad(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Sync]:
    """Return a squad's syncs by time."""
    statement = (
        select(SyncRow.id, SyncRow.name, SyncRow.local_time, SyncRow.link)
        .where(SyncRow.workspace_id == workspace_id, SyncRow.squad_id == squad_id)
        .order_by(SyncRow.local_time, SyncRow.name)
    )
    return [
        Sync(id=row.id, name=row.name, local_time=row.local_time, link=row.link)
        for row in await connection.execute(statement)
    ]
