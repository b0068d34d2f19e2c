"""Action items in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.action_items import ActionItem as Record
from bot.rules.action_items import ActionSource
from bot.rules.people import PRESENT, PersonRef
from bot.store.agenda import USER
from models import ActionItem, Member, Person

_NAMES: Final = (
    "id", "workspace_id", "squad_id", "text", "source_id", "private", "created_by", "created_at",
    "due", "next_at", "said_on", "done_at",
)  # fmt: skip
_COLUMNS: Final = [
    *(getattr(ActionItem, name) for name in _NAMES),
    ActionItem.owner_id,
    ActionItem.source,
    Person.name,
    USER.label("user_id"),
]
MOST: Final = 200
"""So many are read at once; no list shows more."""


async def add(tx: AsyncConnection, workspace_id: int, now: datetime, **values: object) -> int:
    """Store an action item with its columns; return the key."""
    statement = insert(ActionItem).values(workspace_id=workspace_id, created_at=now, **values)
    return int((await tx.execute(statement.returning(ActionItem.id))).scalar_one())


async def get(
    connection: AsyncConnection, workspace_id: int, action_id: int, *, lock: bool = False
) -> Record | None:
    """Return one; with `lock` nobody else changes it until the transaction ends."""
    where = (ActionItem.workspace_id == workspace_id) & (ActionItem.id == action_id)
    found = await _found(connection, where, lock=lock)
    return found[0] if found else None


async def change(tx: AsyncConnection, workspace_id: int, action_id: int, **values: object) -> None:
    """Change columns of one."""
    await tx.execute(
        update(ActionItem)
        .where(ActionItem.workspace_id == workspace_id, ActionItem.id == action_id)
        .values(**values)
    )


async def open_of(connection: AsyncConnection, workspace_id: int, person_id: int) -> list[Record]:
    """Return what a person has still to do, due first; what has no date last."""
    return await _found(
        connection,
        (ActionItem.workspace_id == workspace_id)
        & (ActionItem.owner_id == person_id)
        & ActionItem.done_at.is_(None),
    )


async def open_of_source(
    connection: AsyncConnection,
    workspace_id: int,
    source: ActionSource,
    source_ids: Collection[int],
) -> list[Record]:
    """Return what is still to be done of some meetings, due first."""
    return await _found(
        connection,
        (ActionItem.workspace_id == workspace_id)
        & (ActionItem.source == source.value)
        & ActionItem.source_id.in_(list(source_ids))
        & ActionItem.done_at.is_(None),
    )


async def open_in(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Record]:
    """Return what is still to be done in a squad and may be read by all of it, due first."""
    return await _found(
        connection,
        (ActionItem.workspace_id == workspace_id)
        & (ActionItem.squad_id == squad_id)
        & ActionItem.private.is_(False)
        & ActionItem.done_at.is_(None),
    )


async def of_source(
    connection: AsyncConnection, workspace_id: int, source: ActionSource, source_id: int
) -> list[Record]:
    """Return all action items of one meeting, done or not."""
    return await _found(
        connection,
        (ActionItem.workspace_id == workspace_id)
        & (ActionItem.source == source.value)
        & (ActionItem.source_id == source_id),
    )


async def to_say(
    tx: AsyncConnection, workspace_id: int, until: datetime, limit: int
) -> list[Record]:
    """Return those whose next line is due before `until`, and keep others from taking them."""
    where = (
        (ActionItem.workspace_id == workspace_id)
        & (ActionItem.next_at <= until)
        & ActionItem.done_at.is_(None)
    )
    return await _found(tx, where, lock=True, limit=limit)


async def is_there(connection: AsyncConnection, item: Record) -> bool:
    """Tell whether the owner still takes part in the everyday life of the item's squad."""
    statement = select(Member.id).where(
        Member.workspace_id == item.workspace_id,
        Member.squad_id == item.squad_id,
        Member.person_id == item.owner.person_id,
        Member.status.in_([status.value for status in PRESENT]),
    )
    return await connection.scalar(statement.limit(1)) is not None


async def _found(
    connection: AsyncConnection,
    where: ColumnElement[bool],
    *,
    lock: bool = False,
    limit: int = MOST,
) -> list[Record]:
    statement = (
        select(*_COLUMNS)
        .join(Person, Person.id == ActionItem.owner_id)
        .where(where)
        .order_by(ActionItem.due.is_(None), ActionItem.due, ActionItem.id)
        .limit(limit)
    )
    if lock:
        # SQLite has one writer and knows no such words.
        statement = statement.with_for_update(of=ActionItem)
    return _records((await connection.execute(statement)).all())


def _records(rows: Sequence[Any]) -> list[Record]:
    return [
        Record(
            **{name: getattr(row, name) for name in _NAMES},
            owner=PersonRef(person_id=row.owner_id, name=row.name, user_id=row.user_id),
            source=ActionSource(row.source),
        )
        for row in rows
    ]
