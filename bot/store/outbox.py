"""The outbox and its leases in SQL: conditional updates that hold on both databases."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Delivery, DeliveryState, Intent, Operation
from bot.store.database import insert_or_ignore
from bot.store.leases import DISPATCH
from models import Lease, OutboxRow

_COLUMNS = [
    getattr(OutboxRow, name)
    for name in Delivery.__dataclass_fields__  # the record's own names
]
_DUE = (DeliveryState.WAITING.value, DeliveryState.UNKNOWN.value)


def _delivery(row: Row[Any]) -> Delivery:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["operation"] = Operation(values["operation"])
    values["delivery_class"] = DeliveryClass(values["delivery_class"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


def _values(workspace_id: int, intent: Intent, now: datetime) -> dict[str, Any]:
    if (intent.person_id is None) == (intent.channel is None):
        raise ValueError(f"intent {intent.kind} must name a person or a channel, not both")
    return {
        "workspace_id": workspace_id,
        "squad_id": intent.squad_id,
        "person_id": intent.person_id,
        "channel": intent.channel,
        "thread_ts": intent.thread_ts,
        "operation": intent.operation.value,
        "kind": intent.kind,
        "kind_version": intent.kind_version,
        "ids": dict(intent.ids),
        "delivery_class": intent.delivery_class.value,
        "bundle_key": intent.bundle_key,
        "dedupe_key": intent.dedupe_key,
        "target_id": intent.target_id,
        "state": DeliveryState.WAITING.value,
        "due_at": intent.not_before or now,
        "not_after": intent.not_after,
        "created_at": now,
        "attempts": 0,
        "lookups": 0,
    }


async def add(
    tx: AsyncConnection, workspace_id: int, intents: Sequence[Intent], now: datetime
) -> None:
    """Queue intents; one whose dedupe key is there already is left as it is."""
    if not intents:
        return
    statement = insert_or_ignore(tx, OutboxRow).on_conflict_do_nothing(
        index_elements=["workspace_id", "dedupe_key"]
    )
    await tx.execute(statement, [_values(workspace_id, intent, now) for intent in intents])


async def add_one(tx: AsyncConnection, workspace_id: int, intent: Intent, now: datetime) -> int:
    """Queue one intent without a dedupe key and return its outbox id."""
    values = _values(workspace_id, intent, now)
    return (
        await tx.execute(insert(OutboxRow).values(**values).returning(OutboxRow.id))
    ).scalar_one()


async def get(connection: AsyncConnection, delivery_id: int) -> Delivery | None:
    """Return one delivery."""
    row = (
        await connection.execute(select(*_COLUMNS).where(OutboxRow.id == delivery_id))
    ).one_or_none()
    return None if row is None else _delivery(row)


async def due(
    connection: AsyncConnection, workspace_id: int, now: datetime, limit: int
) -> list[Delivery]:
    """Return deliveries that wait (or are unknown) and are due, oldest first.

    Lines of class today are not among them: a Today message carries those.
    """
    statement = (
        select(*_COLUMNS)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state.in_(_DUE),
            OutboxRow.due_at <= now,
            or_(OutboxRow.delivery_class != DeliveryClass.TODAY.value, OutboxRow.kind == "today"),
        )
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    return [_delivery(row) for row in await connection.execute(statement)]


async def busy_workspaces(connection: AsyncConnection, now: datetime) -> list[int]:
    """Return the workspaces that have anything due, today lines included."""
    statement = (
        select(OutboxRow.workspace_id)
        .where(OutboxRow.state.in_(_DUE), OutboxRow.due_at <= now)
        .distinct()
    )
    return list((await connection.scalars(statement)).all())


async def claim(tx: AsyncConnection, delivery: Delivery, fence: int, now: datetime) -> bool:
    """Move a delivery to sending if it is still as read and our lease still holds."""
    holds = exists().where(
        Lease.workspace_id == delivery.workspace_id,
        Lease.name == DISPATCH,
        Lease.fence == fence,
        Lease.expires_at > now,
    )
    statement = (
        update(OutboxRow)
        .where(OutboxRow.id == delivery.id, OutboxRow.state == delivery.state.value, holds)
        .values(
            state=DeliveryState.SENDING.value,
            claimed_at=now,
            fence=fence,
            attempts=OutboxRow.attempts + 1,
        )
    )
    return bool((await tx.execute(statement)).rowcount)


async def settle(
    tx: AsyncConnection, delivery_id: int, state: DeliveryState, now: datetime, **more: object
) -> None:
    """Write how a delivery ended (or that it is unknown); `more` are further columns."""
    values: dict[str, Any] = {"state": state.value, **more}
    if state in {
        DeliveryState.SENT,
        DeliveryState.DROPPED,
        DeliveryState.REFUSED,
        DeliveryState.PARKED,
    }:
        values["settled_at"] = now
    await tx.execute(update(OutboxRow).where(OutboxRow.id == delivery_id).values(**values))


async def postpone(
    tx: AsyncConnection,
    delivery_id: int,
    until: datetime,
    reason: str | None,
    state: DeliveryState = DeliveryState.WAITING,
) -> None:
    """Let a delivery wait (or stay unknown) until `until`."""
    await tx.execute(
        update(OutboxRow)
        .where(OutboxRow.id == delivery_id)
        .values(state=state.value, due_at=until, reason=reason)
    )


async def disown(tx: AsyncConnection, workspace_id: int, fence: int, settle_at: datetime) -> int:
    """Turn what an earlier holder of the lease left in sending into unknown; return how many."""
    statement = (
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state == DeliveryState.SENDING.value,
            OutboxRow.fence < fence,
        )
        .values(state=DeliveryState.UNKNOWN.value, due_at=settle_at, reason="found_sending")
    )
    return (await tx.execute(statement)).rowcount


async def unprompted_since(
    connection: AsyncConnection, person_id: int, since: datetime
) -> list[tuple[datetime, str]]:
    """Return (settled_at, kind) of the unprompted direct messages that reached a person."""
    statement = select(OutboxRow.settled_at, OutboxRow.kind).where(
        OutboxRow.person_id == person_id,
        OutboxRow.delivery_class != DeliveryClass.ANSWER.value,
        OutboxRow.operation == Operation.POST.value,
        OutboxRow.state == DeliveryState.SENT.value,
        OutboxRow.carrier_id.is_(None),
        OutboxRow.settled_at >= since,
    )
    return [(row.settled_at, row.kind) for row in await connection.execute(statement)]


async def today_lines(
    connection: AsyncConnection, workspace_id: int, now: datetime
) -> Mapping[int, list[Delivery]]:
    """Return the waiting lines of class today by person, oldest first."""
    statement = (
        select(*_COLUMNS)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state == DeliveryState.WAITING.value,
            OutboxRow.delivery_class == DeliveryClass.TODAY.value,
            OutboxRow.kind != "today",
            OutboxRow.due_at <= now,
        )
        .order_by(OutboxRow.id)
    )
    people: dict[int, list[Delivery]] = {}
    for row in await connection.execute(statement):
        delivery = _delivery(row)
        if delivery.person_id is not None:
            people.setdefault(delivery.person_id, []).append(delivery)
    return people


async def carry(tx: AsyncConnection, line_ids: Iterable[int], carrier_id: int) -> None:
    """Hand lines to the Today message that will carry them."""
    await tx.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(list(line_ids)))
        .values(state=DeliveryState.CARRIED.value, carrier_id=carrier_id)
    )


async def carried(connection: AsyncConnection, carrier_id: int) -> list[Delivery]:
    """Return the lines of one Today message, in order."""
    statement = select(*_COLUMNS).where(OutboxRow.carrier_id == carrier_id).order_by(OutboxRow.id)
    return [_delivery(row) for row in await connection.execute(statement)]


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


async def by_state(
    connection: AsyncConnection,
    workspace_id: int,
    states: Iterable[DeliveryState],
    limit: int,
    *,
    since: datetime | None = None,
    squad_id: int | None = None,
) -> list[Delivery]:
    """Return deliveries in the given states, newest first."""
    statement = select(*_COLUMNS).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.state.in_([state.value for state in states]),
    )
    if since is not None:
        statement = statement.where(OutboxRow.settled_at >= since)
    if squad_id is not None:
        statement = statement.where(OutboxRow.squad_id == squad_id)
    ordered = statement.order_by(OutboxRow.id.desc()).limit(limit)
    return [_delivery(row) for row in await connection.execute(ordered)]


async def counts(connection: AsyncConnection, workspace_id: int) -> Mapping[str, int]:
    """Return how many deliveries are in each state."""
    statement = (
        select(OutboxRow.state, func.count())
        .where(OutboxRow.workspace_id == workspace_id)
        .group_by(OutboxRow.state)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}
