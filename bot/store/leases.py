"""The lease on sending for one workspace: a heartbeat, an end, a number that only grows."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import insert_or_ignore
from models import Lease

DISPATCH = "dispatch"


async def acquire(
    tx: AsyncConnection, workspace_id: int, holder: str, now: datetime, expires_at: datetime
) -> int | None:
    """Take the dispatch lease if it is free or expired; return its new fencing number."""
    fresh = (
        insert_or_ignore(tx, Lease)
        .values(
            workspace_id=workspace_id,
            name=DISPATCH,
            holder=holder,
            fence=1,
            expires_at=expires_at,
        )
        .on_conflict_do_nothing(index_elements=["workspace_id", "name"])
    )
    if (await tx.execute(fresh)).rowcount:
        return 1
    taken = (
        update(Lease)
        .where(
            Lease.workspace_id == workspace_id,
            Lease.name == DISPATCH,
            Lease.expires_at <= now,
        )
        .values(holder=holder, fence=Lease.fence + 1, expires_at=expires_at)
        .returning(Lease.fence)
    )
    return (await tx.execute(taken)).scalar_one_or_none()


async def renew(
    tx: AsyncConnection, workspace_id: int, fence: int, now: datetime, expires_at: datetime
) -> bool:
    """Move our lease's end; False if somebody else has it or it ran out."""
    statement = (
        update(Lease)
        .where(
            Lease.workspace_id == workspace_id,
            Lease.name == DISPATCH,
            Lease.fence == fence,
            Lease.expires_at > now,
        )
        .values(expires_at=expires_at)
    )
    return bool((await tx.execute(statement)).rowcount)


async def release(tx: AsyncConnection, workspace_id: int, fence: int, now: datetime) -> None:
    """Give the lease back at a clean stop, so that the next process need not wait."""
    await tx.execute(
        update(Lease)
        .where(Lease.workspace_id == workspace_id, Lease.name == DISPATCH, Lease.fence == fence)
        .values(expires_at=now)
    )
