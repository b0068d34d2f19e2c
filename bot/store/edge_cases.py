"""The log of edge cases, in SQL."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.edge_cases import NewEdgeCase
from models import EdgeCase


async def add(tx: AsyncConnection, workspace_id: int, new: NewEdgeCase, now: datetime) -> int:
    """Log a case with its ruling and return its key."""
    statement = (
        insert(EdgeCase)
        .values(workspace_id=workspace_id, ruled_at=now, **asdict(new))
        .returning(EdgeCase.id)
    )
    return (await tx.execute(statement)).scalar_one()
