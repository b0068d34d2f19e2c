"""Answers of experts kept as knowledge, in SQL."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.verified import GOOD_FOR, NewVerified, VerifiedState
from models import VerifiedAnswer


async def add(tx: AsyncConnection, workspace_id: int, new: NewVerified, now: datetime) -> int:
    """Keep an answer and return its key; it is good for `GOOD_FOR`."""
    statement = (
        insert(VerifiedAnswer)
        .values(
            workspace_id=workspace_id,
            state=VerifiedState.USED.value,
            verified_at=now,
            expires_at=now + GOOD_FOR,
            created_at=now,
            **asdict(new),
        )
        .returning(VerifiedAnswer.id)
    )
    return (await tx.execute(statement)).scalar_one()
