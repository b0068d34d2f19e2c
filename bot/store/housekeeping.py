"""Removal of what is no longer needed, in pieces small enough to be in nobody's way."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.rules.outbox import ENDS
from models import Effect, OutboxRow


async def forget_effects(
    tx: AsyncConnection, workspace_id: int, before: datetime, limit: int
) -> int:
    """Delete at most `limit` effects made before an instant; return how many."""
    old = (
        select(Effect.id)
        .where(Effect.workspace_id == workspace_id, Effect.created_at < before)
        .limit(limit)
    )
    return (await tx.execute(delete(Effect).where(Effect.id.in_(old)))).rowcount


async def forget_deliveries(
    tx: AsyncConnection, workspace_id: int, before: datetime, limit: int
) -> int:
    """Delete at most `limit` deliveries that ended before an instant; return how many.

    A message that later ones still change, or whose lines are kept, is kept with them.
    """
    other = aliased(OutboxRow)
    old = (
        select(OutboxRow.id)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state.in_([state.value for state in ENDS]),
            OutboxRow.settled_at < before,
            ~exists().where(other.carrier_id == OutboxRow.id),
            ~exists().where(other.target_id == OutboxRow.id),
        )
        .limit(limit)
    )
    return (await tx.execute(delete(OutboxRow).where(OutboxRow.id.in_(old)))).rowcount
