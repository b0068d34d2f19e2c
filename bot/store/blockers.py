"""What keeps people from working, in SQL."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.blockers import BlockerKind, NewBlocker, Stored
from models import Blocker, Member

_COLUMNS = (
    Blocker.id.label("blocker_id"),
    *(
        getattr(Blocker, name)
        for name in Stored.__dataclass_fields__  # the record's own names
        if name != "blocker_id"
    ),
)


def _stored(row: Row[Any]) -> Stored:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Stored(**values | {"kind": BlockerKind(values["kind"])})


async def lock_member(
    tx: AsyncConnection, workspace_id: int, squad_id: int, person_id: int
) -> None:
    """Let nobody else open or end a blocker of this member until the transaction ends."""
    await tx.execute(
        select(Member.id)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.person_id == person_id,
        )
        .with_for_update()  # SQLite has one writer and knows no such words
    )


async def add(tx: AsyncConnection, workspace_id: int, new: NewBlocker, now: datetime) -> int:
    """Store that somebody cannot work from now on; return the key."""
    statement = (
        insert(Blocker)
        .values(
            workspace_id=workspace_id,
            squad_id=new.squad_id,
            person_id=new.person_id,
            kind=new.kind.value,
            note=new.note,
            opened_at=now,
            due_at=new.due_at,
            closed_at=new.closed_at,
            lost_s=new.lost_s,
        )
        .returning(Blocker.id)
    )
    return int((await tx.execute(statement)).scalar_one())


def _one(workspace_id: int, blocker_id: int) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(Blocker.workspace_id == workspace_id, Blocker.id == blocker_id)


async def get(connection: AsyncConnection, workspace_id: int, blocker_id: int) -> Stored | None:
    """Return one."""
    row = (await connection.execute(_one(workspace_id, blocker_id))).one_or_none()
    return None if row is None else _stored(row)


async def lock(tx: AsyncConnection, workspace_id: int, blocker_id: int) -> Stored | None:
    """Return one for a change: nobody else changes it until this transaction ends."""
    statement = _one(workspace_id, blocker_id).with_for_update()
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def change(
    tx: AsyncConnection, workspace_id: int, blocker_id: int, values: Mapping[str, object]
) -> None:
    """Change some columns of one."""
    await tx.execute(
        update(Blocker)
        .where(Blocker.workspace_id == workspace_id, Blocker.id == blocker_id)
        .values(**values)
    )


async def unsettled_of(
    connection: AsyncConnection, workspace_id: int, person_id: int
) -> list[Stored]:
    """Return a person's blockers that nobody ended, also those that ran out, oldest first."""
    statement = (
        select(*_COLUMNS)
        .where(
            Blocker.workspace_id == workspace_id,
            Blocker.person_id == person_id,
            Blocker.closed_by.is_(None),
        )
        .order_by(Blocker.opened_at, Blocker.id)
    )
    return [_stored(row) for row in await connection.execute(statement)]


async def unsettled_in(
    connection: AsyncConnection, workspace_id: int, squad_id: int, since: datetime
) -> list[Stored]:
    """Return a squad's blockers that nobody ended and that held until `since` or later."""
    statement = (
        select(*_COLUMNS)
        .where(
            Blocker.workspace_id == workspace_id,
            Blocker.squad_id == squad_id,
            Blocker.closed_by.is_(None),
            Blocker.closed_at > since,
        )
        .order_by(Blocker.opened_at, Blocker.id)
    )
    return [_stored(row) for row in await connection.execute(statement)]


async def within(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    begin: datetime,
    end: datetime,
) -> list[Stored]:
    """Return the blockers of squads that held at any instant of `[begin, end)`, oldest first."""
    statement = (
        select(*_COLUMNS)
        .where(
            Blocker.workspace_id == workspace_id,
            Blocker.squad_id.in_(list(squad_ids)),
            Blocker.opened_at < end,
            Blocker.closed_at > begin,
        )
        .order_by(Blocker.opened_at, Blocker.id)
    )
    return [_stored(row) for row in await connection.execute(statement)]
