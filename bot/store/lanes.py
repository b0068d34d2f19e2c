"""The sending side of the outbox: whose turn it is, and every step a delivery takes to its end.

Each step is a conditional update that only holds while the delivery is as it was read, or still
ours by the fencing number of the lease; the answer tells whether it held. So a process that lost
its lease, or slept through it, cannot undo what its successor did.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import ENDS, TODAY, Delivery, DeliveryState, Operation, Setback
from bot.store.leases import DISPATCH
from bot.store.outbox import COLUMNS, delivery_of
from models import Lease, OutboxRow, Workspace

_UNSETTLED = (DeliveryState.UNKNOWN.value, DeliveryState.SENDING.value)
_DUE = (DeliveryState.WAITING.value, DeliveryState.UNKNOWN.value)

# A message of its own, not a line that some Today message will carry.
_OWN_MESSAGE = or_(
    OutboxRow.delivery_class != DeliveryClass.TODAY.value,
    OutboxRow.operation != Operation.POST.value,
    OutboxRow.kind == TODAY,
    OutboxRow.person_id.is_(None),
)

# Slack has (or may have) seen it: what comes later in its lane must not overtake it.
_IN_TROUBLE = or_(
    OutboxRow.state.in_(_UNSETTLED),
    OutboxRow.reason.in_([setback.value for setback in Setback]),
)

# What somebody waits for right now. A change of an earlier message keeps its place behind it.
_ANSWER = and_(
    OutboxRow.delivery_class == DeliveryClass.ANSWER.value,
    OutboxRow.operation != Operation.UPDATE.value,
)

_AS_READ: ColumnElement[bool] = and_(
    OutboxRow.id == bindparam("row"),
    OutboxRow.state == bindparam("as_state"),
    OutboxRow.attempts == bindparam("as_attempts"),
)
_CLAIMED: ColumnElement[bool] = and_(
    OutboxRow.id == bindparam("row"),
    OutboxRow.fence == bindparam("our_fence"),
    OutboxRow.state.in_(_UNSETTLED),
    OutboxRow.attempts == bindparam("our_attempt"),
)

_turn = func.row_number().over(
    partition_by=(OutboxRow.person_id, OutboxRow.channel),
    order_by=(
        case((_IN_TROUBLE, 0), else_=1),
        case((_ANSWER, 0), else_=1),
        OutboxRow.id,
    ),
)
_open_lanes = (
    select(OutboxRow.id, _turn.label("turn"))
    .where(
        OutboxRow.workspace_id == bindparam("workspace_id"),
        OutboxRow.state.in_((*_DUE, DeliveryState.SENDING.value)),
        or_(OutboxRow.due_at <= bindparam("now"), _IN_TROUBLE),
        _OWN_MESSAGE,
    )
    .subquery()
)
_HEADS = (
    select(*COLUMNS)
    .join(_open_lanes, _open_lanes.c.id == OutboxRow.id)
    .where(
        _open_lanes.c.turn == 1,
        OutboxRow.state.in_(_DUE),
        OutboxRow.due_at <= bindparam("now"),
        or_(
            OutboxRow.state == DeliveryState.UNKNOWN.value,
            OutboxRow.operation.not_in(bindparam("paused", expanding=True)),
        ),
    )
    .order_by(case((_ANSWER, 0), else_=1), OutboxRow.id)
    .limit(bindparam("most"))
)

# These two run for every message, and what is above for every look into the outbox. They are made
# once: that costs more than to run them.
_CLAIM = (
    update(OutboxRow)
    .where(
        _AS_READ,
        exists().where(
            Lease.workspace_id == bindparam("in_workspace"),
            Lease.name == DISPATCH,
            Lease.fence == bindparam("our_fence"),
            Lease.expires_at > bindparam("at"),
        ),
    )
    .values(
        state=DeliveryState.SENDING.value,
        claimed_at=bindparam("at"),
        fence=bindparam("our_fence"),
        attempts=OutboxRow.attempts + 1,
    )
)
_FINISH = (
    update(OutboxRow)
    .where(_CLAIMED)
    .values(
        {
            name: bindparam(name)
            for name in ("state", "settled_at", "reason", "sent_channel", "sent_ts")
        }
    )
)


async def heads(
    connection: AsyncConnection,
    workspace_id: int,
    now: datetime,
    limit: int,
    paused: Collection[Operation] = (),
) -> list[Delivery]:
    """Return whose turn it is: the first delivery of each lane, if it is due.

    Within a lane (one person, or one channel) a delivery in trouble comes first, then answers, then
    the rest, each in order of planning. Lanes with an answer come before lanes without, so that
    nobody's click waits behind ten thousand announcements. Operations that are `paused` are left
    out, and with them what comes later in their lanes.
    """
    asked = {
        "workspace_id": workspace_id,
        "now": now,
        "paused": [operation.value for operation in paused],
        "most": limit,
    }
    return [delivery_of(row) for row in await connection.execute(_HEADS, asked)]


async def busy_workspaces(connection: AsyncConnection, now: datetime) -> list[int]:
    """Return the workspaces that have anything due, lines of Today messages included.

    What an earlier process left in sending counts too: nobody else would look after it.
    """
    has_any = exists().where(
        OutboxRow.workspace_id == Workspace.id,
        or_(
            and_(OutboxRow.state.in_(_DUE), OutboxRow.due_at <= now),
            OutboxRow.state == DeliveryState.SENDING.value,
        ),
    )
    statement = select(Workspace.id).where(has_any).order_by(Workspace.id)
    return list((await connection.scalars(statement)).all())


async def claim(tx: AsyncConnection, delivery: Delivery, fence: int, now: datetime) -> bool:
    """Move a delivery to sending if it is still as read and our lease still holds."""
    keys = _read_keys(delivery) | {
        "in_workspace": delivery.workspace_id,
        "our_fence": fence,
        "at": now,
    }
    return bool((await tx.execute(_CLAIM, keys)).rowcount)


async def note_ticket(
    tx: AsyncConnection, delivery: Delivery, fence: int, ticket: dict[str, object]
) -> bool:
    """Write down that a file's bytes arrived, before the step that shows it."""
    statement = update(OutboxRow).where(_CLAIMED).values(ticket=ticket)
    return bool((await tx.execute(statement, _claim_keys(delivery, fence))).rowcount)


async def finish(
    tx: AsyncConnection,
    delivery: Delivery,
    fence: int,
    state: DeliveryState,
    now: datetime,
    *,
    reason: str | None = None,
    sent_channel: str | None = None,
    sent_ts: str | None = None,
) -> bool:
    """End a delivery that we claimed; also when a successor has since called it unknown."""
    values = _end(state, now, reason) | {"sent_channel": sent_channel, "sent_ts": sent_ts}
    return bool((await tx.execute(_FINISH, _claim_keys(delivery, fence) | values)).rowcount)


async def put_back(
    tx: AsyncConnection,
    delivery: Delivery,
    fence: int,
    state: DeliveryState,
    due_at: datetime,
    reason: Setback,
) -> bool:
    """Let a delivery that we claimed wait (or be unknown) until `due_at`."""
    statement = (
        update(OutboxRow)
        .where(_CLAIMED)
        .values(state=state.value, due_at=due_at, reason=reason.value)
    )
    return bool((await tx.execute(statement, _claim_keys(delivery, fence))).rowcount)


async def conclude(
    tx: AsyncConnection,
    delivery: Delivery,
    state: DeliveryState,
    now: datetime,
    *,
    reason: str | None = None,
    sent_channel: str | None = None,
    sent_ts: str | None = None,
) -> bool:
    """End a delivery that was not claimed, if it is still as read."""
    values = _end(state, now, reason)
    if state is DeliveryState.SENT:
        values |= {"sent_channel": sent_channel, "sent_ts": sent_ts}
    statement = update(OutboxRow).where(_AS_READ).values(**values)
    return bool((await tx.execute(statement, _read_keys(delivery))).rowcount)


async def hold(
    tx: AsyncConnection,
    delivery: Delivery,
    due_at: datetime,
    reason: str,
    *,
    state: DeliveryState | None = None,
    lookups: int | None = None,
    ticket: dict[str, object] | None = None,
) -> bool:
    """Look at a delivery that was not claimed again at `due_at`, if it is still as read."""
    values: dict[str, object] = {"due_at": due_at, "reason": reason}
    if state is not None:
        values |= {"state": state.value, "ticket": ticket}
    if lookups is not None:
        values["lookups"] = lookups
    statement = update(OutboxRow).where(_AS_READ).values(**values)
    return bool((await tx.execute(statement, _read_keys(delivery))).rowcount)


async def fold(tx: AsyncConnection, delivery: Delivery, reason: str) -> bool:
    """Make a message a line of the person's next Today."""
    statement = (
        update(OutboxRow)
        .where(_AS_READ)
        .values(delivery_class=DeliveryClass.TODAY.value, reason=reason)
    )
    return bool((await tx.execute(statement, _read_keys(delivery))).rowcount)


async def disown(
    tx: AsyncConnection, workspace_id: int, fence: int, now: datetime, settle: timedelta
) -> int:
    """Turn what earlier holders of the lease left in sending into unknown; return how many.

    Their requests may still be under way, so each is looked at `settle` after its claim.
    """
    left = await tx.execute(
        select(OutboxRow.id, OutboxRow.claimed_at, OutboxRow.fence).where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.state == DeliveryState.SENDING.value,
            OutboxRow.fence < fence,
        )
    )
    found = left.all()
    for row in found:
        await tx.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row.id, OutboxRow.fence == row.fence)
            .values(
                state=DeliveryState.UNKNOWN.value,
                due_at=(row.claimed_at or now) + settle,
                reason=Setback.FOUND_SENDING.value,
            )
        )
    return len(found)


def _read_keys(delivery: Delivery) -> dict[str, object]:
    return {
        "row": delivery.id,
        "as_state": delivery.state.value,
        "as_attempts": delivery.attempts,
    }


def _claim_keys(delivery: Delivery, fence: int) -> dict[str, object]:
    return {"row": delivery.id, "our_fence": fence, "our_attempt": delivery.attempts + 1}


def _end(state: DeliveryState, now: datetime, reason: str | None) -> dict[str, object]:
    if state not in ENDS:
        raise ValueError(f"{state} is no end")
    return {"state": state.value, "settled_at": now, "reason": reason}
