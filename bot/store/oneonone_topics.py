"""Topics of one-on-ones in SQL; who reads which is decided by `rules.oneonones.visible`."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.oneonones import Topic
from models import OneOnOneTopic as Row

_NAMES: Final = ("pair_id", "author_id", "text", "shared", "created_at", "closed_at")
_COLUMNS: Final = [Row.id.label("topic_id"), *(getattr(Row, name) for name in _NAMES)]


async def add(
    tx: AsyncConnection, workspace_id: int, pair_id: int, author_id: int, text: str, now: datetime
) -> int:
    """Store a topic that only its author reads; return the key."""
    statement = insert(Row).values(
        workspace_id=workspace_id,
        pair_id=pair_id,
        author_id=author_id,
        text=text,
        shared=False,
        created_at=now,
    )
    return int((await tx.execute(statement.returning(Row.id))).scalar_one())


async def get(connection: AsyncConnection, workspace_id: int, topic_id: int) -> Topic | None:
    """Return one."""
    statement = select(*_COLUMNS).where(Row.workspace_id == workspace_id, Row.id == topic_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Topic(**row._mapping)  # noqa: SLF001 - its public name


async def of_pairs(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int]
) -> dict[int, list[Topic]]:
    """Return the open topics of pairs, oldest first, whoever may read them."""
    statement = (
        select(*_COLUMNS)
        .where(
            Row.workspace_id == workspace_id,
            Row.pair_id.in_(list(pair_ids)),
            Row.closed_at.is_(None),
        )
        .order_by(Row.id)
    )
    found: dict[int, list[Topic]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.pair_id, []).append(
            Topic(**row._mapping)  # noqa: SLF001 - its public name
        )
    return found


async def count(connection: AsyncConnection, pair_id: int, author_id: int) -> int:
    """Return how many open topics somebody has with somebody."""
    statement = select(func.count()).where(
        Row.pair_id == pair_id, Row.author_id == author_id, Row.closed_at.is_(None)
    )
    return int(await connection.scalar(statement) or 0)


async def change(tx: AsyncConnection, workspace_id: int, topic_id: int, **values: object) -> None:
    """Change columns of one."""
    await tx.execute(
        update(Row).where(Row.workspace_id == workspace_id, Row.id == topic_id).values(**values)
    )


async def move(tx: AsyncConnection, workspace_id: int, old: int, new: int, author_id: int) -> None:
    """Take somebody's open topics along to the pair with their new manager.

    What was shared was shared with somebody else, so it is private again.
    """
    await tx.execute(
        update(Row)
        .where(
            Row.workspace_id == workspace_id,
            Row.pair_id == old,
            Row.author_id == author_id,
            Row.closed_at.is_(None),
        )
        .values(pair_id=new, shared=False)
    )
