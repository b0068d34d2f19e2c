"""Who has been welcomed, in SQL."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from models import Member


async def welcomed(
    connection: AsyncConnection, workspace_id: int, person_ids: Iterable[int]
) -> frozenset[int]:
    """Return who of these people had a welcome, in whichever squad."""
    statement = select(Member.person_id).where(
        Member.workspace_id == workspace_id,
        Member.person_id.in_(list(person_ids)),
        Member.welcomed_at.is_not(None),
    )
    return frozenset((await connection.scalars(statement)).all())


async def set_welcomed(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_ids: Iterable[int],
    now: datetime,
) -> None:
    """Remember whose welcome was queued."""
    await tx.execute(
        update(Member)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.person_id.in_(list(person_ids)),
        )
        .values(welcomed_at=now)
    )
