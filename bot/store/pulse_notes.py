"""Notes without an author in SQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.pulse_notes import Note, NoteTo
from bot.store.database import insert_or_ignore
from models import PulseContact, PulseNote, Squad, Workspace


def _note(row: Row[Any]) -> Note:
    return Note(
        mark=row.mark,
        squad_id=row.squad_id,
        recipient=NoteTo(row.recipient),
        text=row.text,
        reply=row.reply,
    )


async def workspace_of(connection: AsyncConnection, team_id: str, squad_id: int) -> int | None:
    """Return the workspace of a squad, if it is this team's."""
    statement = (
        select(Workspace.id)
        .join(Squad, Squad.workspace_id == Workspace.id)
        .where(Workspace.team_id == team_id, Squad.id == squad_id)
    )
    return (await connection.execute(statement)).scalar_one_or_none()


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    note: Note,
    arrives_at: datetime,
) -> None:
    """Keep a note; sent twice it is one."""
    statement = insert_or_ignore(tx, PulseNote).values(
        mark=note.mark,
        workspace_id=workspace_id,
        squad_id=note.squad_id,
        recipient=note.recipient.value,
        text=note.text,
        arrives_at=arrives_at,
        arrived=False,
    )
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["mark"]))


async def get(connection: AsyncConnection, team_id: str, mark: bytes) -> Note | None:
    """Return the note that a token fetches."""
    table = PulseNote.__table__
    statement = (
        select(table)
        .join(Workspace, Workspace.id == table.c.workspace_id)
        .where(Workspace.team_id == team_id, table.c.mark == mark)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _note(row)


async def arrived(
    connection: AsyncConnection, workspace_id: int, squad_ids: Iterable[int], to: NoteTo
) -> list[Note]:
    """Return the notes that arrived, by their marks, which are random."""
    table = PulseNote.__table__
    statement = (
        select(table)
        .where(
            table.c.workspace_id == workspace_id,
            table.c.squad_id.in_(list(squad_ids)),
            table.c.recipient == to.value,
            table.c.arrived.is_(True),
        )
        .order_by(table.c.mark)
    )
    return [_note(row) for row in await connection.execute(statement)]


async def due(
    connection: AsyncConnection, now: datetime
) -> list[tuple[int, int, NoteTo, datetime]]:
    """Return (workspace, squad, to whom, when) of what is to arrive by now."""
    statement = (
        select(
            PulseNote.workspace_id, PulseNote.squad_id, PulseNote.recipient, PulseNote.arrives_at
        )
        .where(PulseNote.arrived.is_(False), PulseNote.arrives_at <= now)
        .distinct()
    )
    return [(row[0], row[1], NoteTo(row[2]), row[3]) for row in await connection.execute(statement)]


async def let_in(tx: AsyncConnection, squad_id: int, to: NoteTo, arrives_at: datetime) -> bool:
    """Let notes arrive; False if somebody was faster."""
    statement = (
        update(PulseNote)
        .where(
            PulseNote.squad_id == squad_id,
            PulseNote.recipient == to.value,
            PulseNote.arrives_at == arrives_at,
            PulseNote.arrived.is_(False),
        )
        .values(arrived=True)
    )
    return bool((await tx.execute(statement)).rowcount)


async def reply(tx: AsyncConnection, mark: bytes, text: str, person_id: int) -> None:
    """Keep the reply to a note, in place of an earlier one."""
    await tx.execute(
        update(PulseNote).where(PulseNote.mark == mark).values(reply=text, replied_by=person_id)
    )


async def forget(tx: AsyncConnection, before: datetime) -> int:
    """Delete the notes that arrived before then."""
    return (await tx.execute(delete(PulseNote).where(PulseNote.arrives_at < before))).rowcount


async def contact(connection: AsyncConnection, workspace_id: int) -> int | None:
    """Return the contact person whom the operator named."""
    statement = select(PulseContact.person_id).where(PulseContact.workspace_id == workspace_id)
    return (await connection.execute(statement)).scalar_one_or_none()


async def name_contact(tx: AsyncConnection, workspace_id: int, person_id: int | None) -> None:
    """Name the contact person, or nobody."""
    await tx.execute(delete(PulseContact).where(PulseContact.workspace_id == workspace_id))
    if person_id is not None:
        await tx.execute(
            insert(PulseContact).values(workspace_id=workspace_id, person_id=person_id)
        )
