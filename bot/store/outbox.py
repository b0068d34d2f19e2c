"""The outbox in SQL: queueing intents, the lines of Today messages, and the lists of people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import TODAY, Delivery, DeliveryState, Intent, Operation
from bot.store.database import insert_once
from models import OutboxRow

COLUMNS = [
    getattr(OutboxRow, name)
    for name in Delivery.__dataclass_fields__  # the record's own names
]

_QUEUE = insert_once(OutboxRow, "workspace_id", "dedupe_key")
_UNPROMPTED = select(
    func.coalesce(OutboxRow.settled_at, OutboxRow.claimed_at, OutboxRow.due_at).label("at"),
    OutboxRow.kind,
    OutboxRow.state,
).where(
    OutboxRow.workspace_id == bindparam("workspace_id"),
    OutboxRow.person_id == bindparam("person_id"),
    OutboxRow.delivery_class.in_([DeliveryClass.NOW.value, DeliveryClass.TODAY.value]),
    OutboxRow.operation.in_([Operation.POST.value, Operation.UPLOAD.value]),
    OutboxRow.carrier_id.is_(None),
    or_(
        and_(
            OutboxRow.state == DeliveryState.SENT.value,
            OutboxRow.settled_at >= bindparam("since"),
        ),
        and_(
            OutboxRow.settled_at.is_(None),
            or_(
                OutboxRow.state.in_([DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value]),
                and_(
                    OutboxRow.kind == TODAY,
                    OutboxRow.state == DeliveryState.WAITING.value,
                ),
            ),
        ),
    ),
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
) -> tuple[list[tuple[datetime, bool]], bool]:
    """Return the unprompted direct messages that reached a person, or may have: (when, is_today).

    The second value tells whether a Today message is planned for them and waits for its turn.
    """
    keys = {"workspace_id": workspace_id, "person_id": person_id, "since": since}
    rows = (await connection.execute(_UNPROMPTED, keys)).all()
    waits = DeliveryState.WAITING.value
    return (
        [(_aware(row.at), row.kind == TODAY) for row in rows if row.state != waits],
        any(row.state == waits for row in rows),
    )


def _aware(at: datetime) -> datetime:
    """Return an instant that came through a function of SQL, which on SQLite forgets its zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def by_state(
    connection: AsyncConnection,
    workspace_id: int,
    states: Iterable[DeliveryState],
    limit: int,
    *,
    since: datetime | None = None,
    squad_id: int | None = None,
    reason: str | None = None,
    in_channels: bool = False,
) -> list[Delivery]:
    """Return deliveries in the given states, newest first; `since` asks when they ended.

    `in_channels` leaves out what was for one person.
    """
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
    if in_channels:
        statement = statement.where(OutboxRow.channel.is_not(None), OutboxRow.person_id.is_(None))
    ordered = statement.order_by(OutboxRow.id.desc()).limit(limit)
    return [delivery_of(row) for row in await connection.execute(ordered)]


async def squads_lost(
    connection: AsyncConnection, workspace_id: int, states: Iterable[DeliveryState], since: datetime
) -> list[int]:
    """Return the squads of which something for a channel ended in these states since then."""
    statement = select(OutboxRow.squad_id).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.state.in_([state.value for state in states]),
        OutboxRow.settled_at >= since,
        OutboxRow.squad_id.is_not(None),
        OutboxRow.channel.is_not(None),
        OutboxRow.person_id.is_(None),
    )
    return sorted({row.squad_id for row in await connection.execute(statement.distinct())})


async def counts(connection: AsyncConnection, workspace_id: int) -> Mapping[str, int]:
    """Return how many deliveries are in each state."""
    statement = (
        select(OutboxRow.state, func.count())
        .where(OutboxRow.workspace_id == workspace_id)
        .group_by(OutboxRow.state)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}
