"""Answers of experts kept as knowledge, in SQL."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.verified import GOOD_FOR, NewVerified, Verified, VerifiedState
from models import VerifiedAnswer

_COLUMNS = (
    VerifiedAnswer.id.label("verified_id"),
    *(
        getattr(VerifiedAnswer, name)
        for name in Verified.__dataclass_fields__  # the record's own names
        if name != "verified_id"
    ),
)


def _verified(row: Row[Any]) -> Verified:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Verified(**values | {"state": VerifiedState(values["state"])})


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


async def get(connection: AsyncConnection, workspace_id: int, verified_id: int) -> Verified | None:
    """Return a kept answer."""
    statement = select(*_COLUMNS).where(
        VerifiedAnswer.workspace_id == workspace_id, VerifiedAnswer.id == verified_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _verified(row)


async def given(
    connection: AsyncConnection, workspace_id: int, project_id: int, now: datetime, limit: int
) -> list[Verified]:
    """Return the answers of a project that are given, the latest verified first."""
    statement = (
        select(*_COLUMNS)
        .where(
            VerifiedAnswer.workspace_id == workspace_id,
            VerifiedAnswer.project_id == project_id,
            VerifiedAnswer.state != VerifiedState.DROPPED.value,
            VerifiedAnswer.expires_at > now,
        )
        .order_by(VerifiedAnswer.verified_at.desc(), VerifiedAnswer.id.desc())
        .limit(limit)
    )
    return [_verified(row) for row in await connection.execute(statement)]


async def kept(connection: AsyncConnection, workspace_id: int, project_id: int) -> list[Verified]:
    """Return all answers of a project that are not dropped, expired ones too."""
    statement = select(*_COLUMNS).where(
        VerifiedAnswer.workspace_id == workspace_id,
        VerifiedAnswer.project_id == project_id,
        VerifiedAnswer.state != VerifiedState.DROPPED.value,
    )
    return [_verified(row) for row in await connection.execute(statement)]


async def renew(
    tx: AsyncConnection,
    workspace_id: int,
    verified_id: int,
    *,
    answer: str,
    version_id: int | None,
    verifier_id: int,
    now: datetime,
) -> datetime:
    """Keep an answer for another `GOOD_FOR`, with these words; return when it expires."""
    expires_at = now + GOOD_FOR
    await tx.execute(
        update(VerifiedAnswer)
        .where(VerifiedAnswer.workspace_id == workspace_id, VerifiedAnswer.id == verified_id)
        .values(
            answer=answer,
            version_id=version_id,
            verifier_id=verifier_id,
            state=VerifiedState.USED.value,
            verified_at=now,
            expires_at=expires_at,
        )
    )
    return expires_at


async def set_state(
    tx: AsyncConnection, workspace_id: int, verified_ids: Collection[int], state: VerifiedState
) -> None:
    """Change whether answers are given."""
    await tx.execute(
        update(VerifiedAnswer)
        .where(
            VerifiedAnswer.workspace_id == workspace_id,
            VerifiedAnswer.id.in_(list(verified_ids)),
        )
        .values(state=state.value)
    )
