"""Removal of what is no longer needed, in pieces small enough to be in nobody's way."""

from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.rules.draws import HELD_FOR, LAPSES_AFTER, DrawState
from bot.rules.outbox import ENDS
from models import Draw, Effect, Frame, OutboxRow


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


async def lapse_draws(tx: AsyncConnection, workspace_id: int, now: datetime, limit: int) -> int:
    """Give up at most `limit` open draws whose time is over; return how many.

    Those made `LAPSES_AFTER` ago or earlier, of a week that ended so long ago, and in nobody's
    hands. What came back from rework never lapses, for somebody waits for it.
    """
    year, week, _ = (now - LAPSES_AFTER).isocalendar()
    long_over = or_(Frame.iso_year < year, and_(Frame.iso_year == year, Frame.iso_week < week))
    over = (
        select(Draw.id)
        .outerjoin(Frame, Frame.id == Draw.frame_id)
        .where(
            Draw.workspace_id == workspace_id,
            Draw.state == DrawState.OPEN.value,
            Draw.rework_id.is_(None),
            Draw.drawn_at <= now - LAPSES_AFTER,
            or_(Draw.held_at.is_(None), Draw.held_at <= now - HELD_FOR),
            or_(Frame.id.is_(None), long_over),
        )
        .limit(limit)
    )
    keys = list((await tx.scalars(over)).all())
    if not keys:
        return 0
    result = await tx.execute(
        update(Draw)
        .where(Draw.id.in_(keys), Draw.state == DrawState.OPEN.value)
        .values(
            state=DrawState.EXPIRED.value,
            settled_at=now,
            held_by=None,
            held_at=None,
            sitting_id=None,
        )
    )
    return result.rowcount
