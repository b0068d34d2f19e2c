"""The Today message in SQL: the lines that wait for one, who carries them, and what was ticked."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import REST, TODAY, Delivery, DeliveryState, Intent, Operation
from bot.rules.snoozing import Waiting
from bot.store.database import insert_or_ignore
from bot.store.outbox import COLUMNS, add, delivery_of, values_of
from models import OutboxRow

_AGAIN = "again:"


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
    Where it was put off, what came back instead is ticked off as well.
    """
    carried_it = False
    key: str | None = dedupe_key
    while key is not None:
        line = await _by_key(tx, workspace_id, key)
        if line is not None and line.carrier_id is not None:
            await _tick(tx, line, now)
            carried_it = True
        key = None if line is None else again_key(line.id)
    return carried_it


async def move(
    tx: AsyncConnection, workspace_id: int, dedupe_keys: Iterable[str], until: datetime
) -> None:
    """Let lines that still wait under these keys come at another time."""
    await tx.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.dedupe_key.in_(list(dedupe_keys)),
            OutboxRow.state == DeliveryState.WAITING.value,
        )
        .values(due_at=until)
    )


async def plan_anew(tx: AsyncConnection, workspace_id: int, dedupe_keys: Iterable[str]) -> None:
    """Let lines be planned under these keys once more; those that still wait keep theirs."""
    await tx.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.dedupe_key.in_(list(dedupe_keys)),
            OutboxRow.state != DeliveryState.WAITING.value,
        )
        .values(dedupe_key=None)
    )


async def tick_line(tx: AsyncConnection, line: Delivery, now: datetime) -> None:
    """Plan a quiet change of the Today message in which a line is to be ticked off."""
    await _tick(tx, line, now)


async def put_off(
    tx: AsyncConnection,
    line: Delivery,
    until: datetime,
    delivery_class: DeliveryClass,
    now: datetime,
) -> bool:
    """Let a delivery that arrived come once more at `until`; False if it came back already.

    Put off again before it came back, it only comes at another time. The Today message that
    carried it is changed.
    """
    again = _again(line, until, delivery_class, now)
    statement = insert_or_ignore(tx, OutboxRow).values(**again)
    statement = statement.on_conflict_do_nothing(index_elements=["workspace_id", "dedupe_key"])
    fresh = (await tx.execute(statement.returning(OutboxRow.id))).scalar_one_or_none()
    if fresh is None:
        moved = await tx.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == line.workspace_id,
                OutboxRow.dedupe_key == again_key(line.id),
                OutboxRow.state == DeliveryState.WAITING.value,
            )
            .values(due_at=until, delivery_class=delivery_class.value, reason=None)
        )
        if not moved.rowcount:
            return False
    if line.carrier_id is not None:
        key = f"put_off:{line.id}:{int(until.timestamp())}"
        await _change(tx, line, key, now, {"put_off": [line.id]})
    return True


async def come_back(connection: AsyncConnection, lines: Sequence[Delivery]) -> dict[int, datetime]:
    """Return when each of these lines comes back, or came back, if it was put off."""
    if not lines:
        return {}
    keys = {again_key(line.id): line.id for line in lines}
    statement = select(OutboxRow.dedupe_key, OutboxRow.due_at).where(
        OutboxRow.workspace_id == lines[0].workspace_id, OutboxRow.dedupe_key.in_(keys)
    )
    return {keys[row.dedupe_key]: row.due_at for row in await connection.execute(statement)}


async def waiting_for(
    connection: AsyncConnection, workspace_id: int, person_id: int
) -> list[Waiting]:
    """Return every message and line that waits for a person, in the order of planning."""
    statement = (
        select(
            OutboxRow.kind,
            OutboxRow.delivery_class,
            OutboxRow.reason,
            OutboxRow.due_at,
            OutboxRow.dedupe_key,
        )
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.person_id == person_id,
            OutboxRow.delivery_class != DeliveryClass.ANSWER.value,
            OutboxRow.operation.in_([Operation.POST.value, Operation.UPLOAD.value]),
            OutboxRow.state == DeliveryState.WAITING.value,
            OutboxRow.kind != TODAY,
        )
        .order_by(OutboxRow.id)
    )
    return [
        Waiting(
            kind=row.kind,
            is_line=row.delivery_class == DeliveryClass.TODAY.value,
            reason=row.reason,
            due_at=row.due_at,
            again=(row.dedupe_key or "").startswith(_AGAIN),
        )
        for row in await connection.execute(statement)
    ]


def again_key(delivery_id: int) -> str:
    """Return the key of what comes instead of a delivery that was put off."""
    return f"{_AGAIN}{delivery_id}"


def rest_key(carrier_id: int) -> str:
    """Return the key of the message with the lines that a Today message does not show."""
    return f"rest:{carrier_id}"


def _again(
    line: Delivery, until: datetime, delivery_class: DeliveryClass, now: datetime
) -> dict[str, object]:
    """Return the columns of what comes instead of a delivery."""
    return {
        "workspace_id": line.workspace_id,
        "squad_id": line.squad_id,
        "person_id": line.person_id,
        "operation": Operation.POST.value,
        "kind": line.kind,
        "kind_version": line.kind_version,
        "ids": dict(line.ids),
        "delivery_class": delivery_class.value,
        "dedupe_key": again_key(line.id),
        "state": DeliveryState.WAITING.value,
        "due_at": until,
        "not_after": line.not_after,
        "created_at": now,
        "attempts": 0,
        "lookups": 0,
    }


async def _by_key(
    tx: AsyncConnection, workspace_id: int, dedupe_key: str
) -> Row[int, int, int | None, int | None] | None:
    statement = select(
        OutboxRow.id, OutboxRow.workspace_id, OutboxRow.carrier_id, OutboxRow.person_id
    ).where(OutboxRow.workspace_id == workspace_id, OutboxRow.dedupe_key == dedupe_key)
    return (await tx.execute(statement)).one_or_none()


class _Carried(Protocol):
    """As much of a line as a change of its Today message needs."""

    @property
    def id(self) -> int: ...
    @property
    def workspace_id(self) -> int: ...
    @property
    def carrier_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...


async def _tick(tx: AsyncConnection, line: _Carried, now: datetime) -> None:
    await _change(tx, line, f"tick:{line.id}", now, {"done": [line.id]})


async def _change(
    tx: AsyncConnection, line: _Carried, key: str, now: datetime, ids: Mapping[str, object]
) -> None:
    """Plan a change of the Today message of a line, and of the rest of it if that was asked for."""
    changes = [
        Intent(
            kind=TODAY,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=line.person_id,
            target_id=line.carrier_id,
            ids=ids,
            dedupe_key=key,
        )
    ]
    rest = await _by_key(tx, line.workspace_id, rest_key(line.carrier_id or 0))
    if rest is not None:
        changes.append(
            Intent(
                kind=REST,
                delivery_class=DeliveryClass.ANSWER,
                operation=Operation.UPDATE,
                person_id=line.person_id,
                target_id=rest.id,
                ids={"carrier_id": line.carrier_id},
                dedupe_key=f"{key}:rest",
            )
        )
    await add(tx, line.workspace_id, changes, now)


async def refreshing(
    connection: AsyncConnection,
    workspace_id: int,
    person_id: int,
    kinds: Sequence[str],
    since: datetime,
) -> list[Intent]:
    """Return what writes anew the Today messages since then that carried lines of these kinds.

    For lines that gather several things: they are written from what still holds.
    """
    statement = (
        select(OutboxRow.carrier_id)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.person_id == person_id,
            OutboxRow.delivery_class == DeliveryClass.TODAY.value,
            OutboxRow.settled_at >= since,
            OutboxRow.state == DeliveryState.SENT.value,
            OutboxRow.kind.in_(kinds),
            OutboxRow.carrier_id.is_not(None),
        )
        .distinct()
    )
    return [
        Intent(
            kind=TODAY,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=person_id,
            target_id=carrier_id,
        )
        for carrier_id in (await connection.scalars(statement)).all()
    ]


async def ticked(connection: AsyncConnection, carrier_id: int) -> frozenset[int]:
    """Return the lines of a Today message that were ticked off, by outbox id."""
    statement = select(OutboxRow.ids).where(
        OutboxRow.target_id == carrier_id, OutboxRow.kind == TODAY
    )
    found: set[int] = set()
    for ids in (await connection.scalars(statement)).all():
        found.update(int(line) for line in ids.get("done", ()))
    return frozenset(found)
