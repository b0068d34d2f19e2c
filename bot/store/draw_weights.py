"""What a frame's audits stand for, in SQL: whenever one more draw is settled, N / audited changes.

A part of `bot.store.draws`.
"""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.rules.audits import SCORING_ORIGIN, Origin
from bot.rules.draws import DrawState
from bot.rules.sampling import weight_of
from bot.store import audits
from models import Audit, AuditChain, Draw, Frame


async def adopt(tx: AsyncConnection, workspace_id: int, draw_id: int, now: datetime) -> int | None:
    """Let a random draw take over the audit that its submission has; None if it has none.

    The chain that `rules.audits.adopted` names goes on as a random one: a copy of it would have to
    repeat every correction, ruling and rework that the one or the other gets, and would count the
    same findings twice. `draws.adopted` keeps the origin that it had. Returns the first audit.
    """
    scoring = aliased(Audit)
    found = (
        await tx.execute(
            select(Audit.id, AuditChain.id.label("chain_id"))
            .join(Draw, Draw.submission_id == AuditChain.submission_id)
            .join(Audit, Audit.chain_id == AuditChain.id)
            .where(
                AuditChain.workspace_id == workspace_id,
                Draw.id == draw_id,
                # Not of a chain whose only audit was undone.
                exists().where(scoring.chain_id == AuditChain.id, scoring.scoring.is_(True)),
            )
            .order_by(
                AuditChain.origin != SCORING_ORIGIN.value,
                AuditChain.opened_at,
                AuditChain.id,
                Audit.id,
            )
            .limit(1)
        )
    ).one_or_none()
    if found is None:
        return None
    await settle(tx, workspace_id, draw_id, found.id, found.chain_id, None, now)
    return int(found.id)


async def settle(
    tx: AsyncConnection,
    workspace_id: int,
    draw_id: int,
    audit_id: int,
    chain_id: int,
    seconds: int | None,
    now: datetime,
) -> bool:
    """Mark an open draw as audited and weigh its frame anew; False if it was not open."""
    mine = (Draw.workspace_id == workspace_id, Draw.id == draw_id)
    settled = (
        await tx.execute(
            update(Draw)
            .where(*mine, Draw.state == DrawState.OPEN.value)
            .values(
                state=DrawState.AUDITED.value,
                audit_id=audit_id,
                settled_at=now,
                seconds=seconds,
            )
            .returning(Draw.frame_id)
        )
    ).one_or_none()
    if settled is None:
        return False
    frame_id = settled.frame_id
    if frame_id is not None:
        was = await tx.scalar(select(AuditChain.origin).where(AuditChain.id == chain_id))
        if was != SCORING_ORIGIN.value:
            await tx.execute(update(Draw).where(*mine).values(adopted=was))
            await _name(tx, workspace_id, chain_id, SCORING_ORIGIN)
        await reweigh(tx, workspace_id, frame_id)
    return True


async def unsettle(tx: AsyncConnection, workspace_id: int, draw_id: int) -> None:
    """Take an audit out of its frame: what is undone scores no more, unless it is settled again.

    Its chain gets back the origin that it was adopted from, or counts as chosen. The draw itself is
    opened by `draws.reopen`.
    """
    row = (
        await tx.execute(
            select(Draw.frame_id, Draw.adopted, Audit.chain_id, Audit.submission_id)
            .outerjoin(Audit, Audit.id == Draw.audit_id)
            .where(Draw.workspace_id == workspace_id, Draw.id == draw_id)
        )
    ).one_or_none()
    if row is None or row.frame_id is None:
        return
    await tx.execute(update(Draw).where(Draw.id == draw_id).values(audit_id=None, adopted=None))
    if row.chain_id is not None:
        await _name(tx, workspace_id, row.chain_id, Origin(row.adopted or Origin.CHOSEN))
        await audits.describe(tx, workspace_id, [row.submission_id])
    await reweigh(tx, workspace_id, row.frame_id)


async def _name(tx: AsyncConnection, workspace_id: int, chain_id: int, origin: Origin) -> None:
    """Give a chain and its audits another origin, without a weight so far."""
    mine = AuditChain.workspace_id == workspace_id
    await tx.execute(
        update(AuditChain)
        .where(mine, AuditChain.id == chain_id)
        .values(origin=origin.value, weight=None)
    )
    await tx.execute(
        update(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.chain_id == chain_id)
        .values(origin=origin.value)
    )


async def reweigh(tx: AsyncConnection, workspace_id: int, frame_id: int) -> None:
    """Write N / audited onto every audited chain of a frame, and onto their audits."""
    # Of two who settle draws of one frame at once, the second must count the first one's.
    size = await tx.scalar(select(Frame.size).where(Frame.id == frame_id).with_for_update())
    rows = (
        await tx.execute(
            select(Audit.chain_id, Audit.submission_id)
            .join(Draw, Draw.audit_id == Audit.id)
            .where(
                Draw.workspace_id == workspace_id,
                Draw.frame_id == frame_id,
                Draw.state == DrawState.AUDITED.value,
            )
        )
    ).all()
    if not rows or size is None:
        return
    weight = weight_of(size, len(rows))
    for start in range(0, len(rows), audits.AT_ONCE):
        some = rows[start : start + audits.AT_ONCE]
        await tx.execute(
            update(AuditChain)
            .where(
                AuditChain.workspace_id == workspace_id,
                AuditChain.id.in_([row.chain_id for row in some]),
            )
            .values(weight=weight)
        )
        await audits.describe(tx, workspace_id, {row.submission_id for row in some})
