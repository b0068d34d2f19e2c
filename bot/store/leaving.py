"""What somebody who leaves a squad held there goes back to the others."""

from datetime import datetime
from typing import Final

from sqlalchemy import and_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.draws import DrawState
from bot.rules.sittings import SittingState
from models import Blocker, Draw, Sitting

_FREE: Final = {"held_by": None, "held_at": None, "sitting_id": None}


async def let_go(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int, now: datetime
) -> None:
    """Free the draws that somebody holds in a squad, and end their sittings and blockers there."""
    mine = (Draw.workspace_id == workspace_id) & (Draw.squad_id == squad_id)
    await tx.execute(
        update(Draw)
        .where(mine, Draw.held_by == person_id, Draw.state == DrawState.OPEN.value)
        .values(**_FREE)
    )
    sittings = and_(
        Sitting.workspace_id == workspace_id,
        Sitting.squad_id == squad_id,
        Sitting.auditor_id == person_id,
        Sitting.state == SittingState.OPEN.value,
    )
    await tx.execute(
        update(Sitting).where(sittings).values(state=SittingState.ENDED.value, ended_at=now)
    )
    blockers = and_(
        Blocker.workspace_id == workspace_id,
        Blocker.squad_id == squad_id,
        Blocker.person_id == person_id,
        Blocker.closed_by.is_(None),
    )
    await tx.execute(update(Blocker).where(blockers, Blocker.closed_at > now).values(closed_at=now))
    await tx.execute(update(Blocker).where(blockers).values(closed_by=person_id))
