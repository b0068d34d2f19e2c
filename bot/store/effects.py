"""Effects: the first to insert a key does the work, everybody else gets its result."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from models import Effect


async def begin(
    tx: AsyncConnection,
    workspace_id: int,
    key: str,
    now: datetime,
    window: timedelta | None = None,
) -> Mapping[str, Any] | None:
    """Claim `key`; return None if it is ours, else the earlier effect's result (maybe empty).

    With `window`, an effect older than that counts as forgotten: the same command typed again
    tomorrow is a new command, pressed twice now it is one.
    """
    fresh = (
        insert_or_ignore(tx, Effect)
        .values(workspace_id=workspace_id, key=key, created_at=now)
        .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
    )
    if (await tx.execute(fresh)).rowcount:
        return None
    mine = (Effect.workspace_id == workspace_id) & (Effect.key == key)
    if window is not None:
        renewed = update(Effect).where(mine, Effect.created_at <= now - window)
        if (await tx.execute(renewed.values(created_at=now, result=None))).rowcount:
            return None
    prior: Mapping[str, Any] | None = await tx.scalar(select(Effect.result).where(mine))
    return prior or {}


async def finish(
    tx: AsyncConnection, workspace_id: int, key: str, result: Mapping[str, Any]
) -> None:
    """Store a reference to the result (ids, no text) under a key claimed by `begin`."""
    await tx.execute(
        update(Effect)
        .where(Effect.workspace_id == workspace_id, Effect.key == key)
        .values(result=dict(result))
    )


async def forget(tx: AsyncConnection, before: datetime) -> int:
    """Delete effects made before `before`; return how many."""
    return (await tx.execute(delete(Effect).where(Effect.created_at < before))).rowcount
