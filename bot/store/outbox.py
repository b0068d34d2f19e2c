"""The outbox in SQL: queueing intents, the lines of Today messages, and the lists of people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Delivery, DeliveryState, Intent, Operation
from bot.store.database import insert_once
from models import OutboxRow

COLUMNS = [
    getattr(OutboxRow, name)
    for name in Delivery.__dataclass_fields__  # the record's own names
]

_QUEUE = insert_once(OutboxRow, "workspace_id", "dedupe_key")
_UNPROMPTED = select(OutboxRow.settled_at, OutboxRow.kind).where(
    OutboxRow.workspace_id == bindparam("workspace_id"),
    OutboxRow.person_id == bindparam("person_id"),
    OutboxRow.delivery_class != DeliveryClass.ANSWER.value,
    OutboxRow.operation.in_([Operation.POST.value, Operation.UPLOAD.value]),
    OutboxRow.state == DeliveryState.SENT.value,
    OutboxRow.carrier_id.is_(None),
    OutboxRow.settled_at >= bindparam("since"),
)


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the record of a row of `COLUMNS`."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["operation"] = Operation(values["operation"])
    values["delivery_class"] = DeliveryClass(values["delivery_class"])
    values["state"] = DeliveryState(values["state"])
    return Delivery(**values)


def values_of(workspace_id: int, intent: Intent, now: datetime) -> dict[str, Any]:
    """Return the columns of a new row. Raises ValueError unless it names one recipient."""
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
    rows = [values_of(workspace_id, intent, now) for intent in intents]
    await tx.execute(_QUEUE[tx.dialect.name], rows)


async def add_one(tx: AsyncConnection, workspace_id: int, intent: Intent, now: datetime) -> int:
    """Queue one intent without a dedupe key and return its outbox id."""
    values = values_of(workspace_id, intent, now)
    return (
        await tx.execute(insert(OutboxRow).values(**values).returning(OutboxRow.id))
    ).scalar_one()


async def get(connection: AsyncConnection, delivery_id: int) -> Delivery | None:
    """Return one delivery."""
    row = (
        await connection.execute(select(*COLUMNS).where(OutboxRow.id == delivery_id))
    ).one_or_none()
    return None if row is None else delivery_of(row)


async def unprompted_since(
    connection: AsyncConnection, workspace_id: int, person_id: int, since: datetime
) -> list[tuple[datetime, str]]:
    """Return (settled_at, kind) of the unprompted direct messages that reached a person."""
    keys = {"workspace_id": workspace_id, "person_id": person_id, "since": since}
    return [(row.settled_at, row.kind) for row in await connection.execute(_UNPROMPTED, keys)]


async def by_state(
    connection: AsyncConnection,
    workspace_id: int,
    states: Iterable[DeliveryState],
    limit: int,
    *,
    since: datetime | None = None,
    squad_id: int | None = None,
    reason: str | None = None,
) -> list[Delivery]:
    """Return deliveries in the given states, newest first; `since` asks when they ended."""
    statement = select(*COLUMNS).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.state.in_([state.value for state in states]),
    )
    if since is not None:
        statement = statement.where(OutboxRow.settled_at >= since)
    if squad_id is not None:
        statement = statement.where(OutboxRow.squad_id == squad_id)
    if reason is not None:
        statement = statement.where(OutboxRow.reason == reason)
    ordered = statement.order_by(OutboxRow.id.desc()).limit(limit)
    return [delivery_of(row) for row in await connection.execute(ordered)]


async def counts(connection: AsyncConnection, workspace_id: int) -> Mapping[str, int]:
    """Return how many deliveries are in each state."""
    statement = (
        select(OutboxRow.state, func.count())
        .where(OutboxRow.workspace_id == workspace_id)
        .group_by(OutboxRow.state)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}
