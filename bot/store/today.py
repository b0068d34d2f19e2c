"""The Today message in SQL: the lines that wait for one, who carries them, and what was ticked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import TODAY, Delivery, DeliveryState, Intent, Operation
from bot.store.database import insert_or_ignore
from bot.store.outbox import COLUMNS, delivery_of, values_of
from models import OutboxRow


async def waiting_lines(
    connection: AsyncConnection, workspace_id: int, now: datetime, per_person: int
) -> Mapping[int, list[Delivery]]:
    """Return the lines that wait for a Today message, by person, oldest first.

    Of each person at most `per_person` are returned; the rest keep their place.
    """
    statement = (
        select(*COLUMNS)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state == DeliveryState.WAITING.value,
            OutboxRow.delivery_class == DeliveryClass.TODAY.value,
            OutboxRow.operation == Operation.POST.value,
            OutboxRow.kind != TODAY,
            OutboxRow.person_id.is_not(None),
            OutboxRow.due_at <= now,
        )
        .order_by(OutboxRow.id)
    )
    people: dict[int, list[Delivery]] = {}
    for row in await connection.execute(statement):
        lines = people.setdefault(row.person_id, [])
        if len(lines) < per_person:
            lines.append(delivery_of(row))
    return people


async def open_message(
    tx: AsyncConnection, workspace_id: int, person_id: int, dedupe_key: str, now: datetime
) -> int | None:
    """Queue a Today message; return its outbox id, None if there is one of this key already."""
    intent = Intent(
        kind=TODAY,
        delivery_class=DeliveryClass.TODAY,
        person_id=person_id,
        dedupe_key=dedupe_key,
    )
    statement = (
        insert_or_ignore(tx, OutboxRow)
        .values(**values_of(workspace_id, intent, now))
        .on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_key"])
        .returning(OutboxRow.id)
    )
    return (await tx.execute(statement)).scalar_one_or_none()


async def carry(tx: AsyncConnection, line_ids: Iterable[int], carrier_id: int) -> int:
    """Hand lines that still wait to the Today message that will carry them; return how many."""
    statement = (
        update(OutboxRow)
        .where(OutboxRow.id.in_(list(line_ids)), OutboxRow.state == DeliveryState.WAITING.value)
        .values(state=DeliveryState.CARRIED.value, carrier_id=carrier_id)
    )
    return (await tx.execute(statement)).rowcount


async def carried(connection: AsyncConnection, carrier_id: int) -> list[Delivery]:
    """Return the lines of one Today message, in order."""
    statement = select(*COLUMNS).where(OutboxRow.carrier_id == carrier_id).order_by(OutboxRow.id)
    return [delivery_of(row) for row in await connection.execute(statement)]


async def settle_carried(
    tx: AsyncConnection, carrier_id: int, state: DeliveryState, now: datetime, reason: str | None
) -> None:
    """End the lines of a Today message as the message itself ended."""
    await tx.execute(
        update(OutboxRow)
        .where(
            OutboxRow.carrier_id == carrier_id,
            OutboxRow.state == DeliveryState.CARRIED.value,
        )
        .values(state=state.value, settled_at=now, reason=reason)
    )


async def end_line(
    tx: AsyncConnection, line_id: int, state: DeliveryState, now: datetime, reason: str
) -> None:
    """End one carried line by itself: what it was about no longer holds."""
    await tx.execute(
        update(OutboxRow)
        .where(OutboxRow.id == line_id, OutboxRow.state == DeliveryState.CARRIED.value)
        .values(state=state.value, settled_at=now, reason=reason)
    )


async def free_key(tx: AsyncConnection, carrier_id: int) -> None:
    """Let another Today message take the place of one that had nothing left to say."""
    await tx.execute(update(OutboxRow).where(OutboxRow.id == carrier_id).values(dedupe_key=None))


async def tick(tx: AsyncConnection, workspace_id: int, dedupe_key: str, now: datetime) -> bool:
    """Plan a quiet change of the Today message that carried the line planned under `dedupe_key`.

    To be called by whatever settles what the line was about, in the same transaction. Returns
    False if no Today message carried it (yet): a line that is done is then left out by itself.
    """
    line = (
        await tx.execute(
            select(OutboxRow.id, OutboxRow.carrier_id, OutboxRow.person_id).where(
                OutboxRow.workspace_id == workspace_id, OutboxRow.dedupe_key == dedupe_key
            )
        )
    ).one_or_none()
    if line is None or line.carrier_id is None:
        return False
    intent = Intent(
        kind=TODAY,
        delivery_class=DeliveryClass.ANSWER,
        operation=Operation.UPDATE,
        person_id=line.person_id,
        target_id=line.carrier_id,
        ids={"done": [line.id]},
        dedupe_key=f"tick:{line.id}",
    )
    statement = (
        insert_or_ignore(tx, OutboxRow)
        .values(**values_of(workspace_id, intent, now))
        .on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_key"])
    )
    await tx.execute(statement)
    return True


async def ticked(connection: AsyncConnection, carrier_id: int) -> frozenset[int]:
    """Return the lines of a Today message that were ticked off, by outbox id."""
    statement = select(OutboxRow.ids).where(
        OutboxRow.target_id == carrier_id, OutboxRow.kind == TODAY
    )
    found: set[int] = set()
    for ids in (await connection.scalars(statement)).all():
        found.update(int(line) for line in ids.get("done", ()))
    return frozenset(found)
