"""Effects: the first to insert a key does the work, everybody else gets its result."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_once
from models import Effect

_CLAIM = insert_once(Effect, "workspace_id", "key")
_FINISH = (
    update(Effect)
    # A parameter called as a column would be one of the values.
    .where(Effect.workspace_id == bindparam("in_workspace"), Effect.key == bindparam("claimed"))
    .values(result=bindparam("result"))
)


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
    fresh = {"workspace_id": workspace_id, "key": key, "created_at": now}
    if (await tx.execute(_CLAIM[tx.dialect.name], fresh)).rowcount:
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
        _FINISH, {"in_workspace": workspace_id, "claimed": key, "result": dict(result)}
    )


async def release(tx: AsyncConnection, workspace_id: int, key: str) -> None:
    """Give up a claimed key whose work failed, so that it may be tried again."""
    await tx.execute(delete(Effect).where(Effect.workspace_id == workspace_id, Effect.key == key))


async def forget(tx: AsyncConnection, before: datetime) -> int:
    """Delete effects made before `before`; return how many."""
    return (await tx.execute(delete(Effect).where(Effect.created_at < before))).rowcount
