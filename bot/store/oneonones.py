"""One-on-ones in SQL: the meetings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.oneonones import MeetingState, OneOnOne, Why
from models import OneOnOne as MeetingRow
from models import OneOnOnePair as PairRow

CHUNK: Final = 500
"""Rows in one statement."""

_MEETING_NAMES: Final = (
    "pair_id", "squad_id", "manager_id", "person_id", "slot", "starts_at", "ends_at", "revision",
    "by_hand", "instead_of", "reminded",
)  # fmt: skip
_MEETING: Final = [
    MeetingRow.id.label("one_on_one_id"),
    *(getattr(MeetingRow, name) for name in _MEETING_NAMES),
    MeetingRow.state,
    MeetingRow.why,
    PairRow.link,
]


def _meeting(row: Row[Any]) -> OneOnOne:
    return OneOnOne(
        one_on_one_id=row.one_on_one_id,
        state=MeetingState(row.state),
        why=None if row.why is None else Why(row.why),
        link=row.link,
        **{name: getattr(row, name) for name in _MEETING_NAMES},
    )


async def _meetings(
    connection: AsyncConnection,
    workspace_id: int,
    *where: ColumnElement[bool],
    order: Sequence[Any] = (MeetingRow.starts_at, MeetingRow.id),
    limit: int | None = None,
) -> list[OneOnOne]:
    statement = (
        select(*_MEETING)
        .join(PairRow, PairRow.id == MeetingRow.pair_id)
        .where(MeetingRow.workspace_id == workspace_id, *where)
        .order_by(*order)
        .limit(limit)
    )
    return [_meeting(row) for row in await connection.execute(statement)]


async def get(
    connection: AsyncConnection, workspace_id: int, one_on_one_id: int
) -> OneOnOne | None:
    """Return one meeting."""
    found = await _meetings(connection, workspace_id, MeetingRow.id == one_on_one_id)
    return found[0] if found else None


async def lock(tx: AsyncConnection, workspace_id: int, one_on_one_id: int) -> OneOnOne | None:
    """Return one meeting for a change: nobody else changes it until this transaction ends."""
    await tx.execute(
        select(MeetingRow.id)
        .where(MeetingRow.workspace_id == workspace_id, MeetingRow.id == one_on_one_id)
        .with_for_update()  # SQLite has one writer and knows no such words
    )
    return await get(tx, workspace_id, one_on_one_id)


async def of_day(
    connection: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    start: datetime,
    end: datetime,
) -> list[OneOnOne]:
    """Return a manager's meetings that begin in `[start, end)` and were not cancelled, in order."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.manager_id == manager_id,
        MeetingRow.starts_at >= start,
        MeetingRow.starts_at < end,
        MeetingRow.state != MeetingState.CANCELLED.value,
    )


async def of_person(
    connection: AsyncConnection, workspace_id: int, person_id: int, start: datetime, end: datetime
) -> list[OneOnOne]:
    """Return all meetings of somebody that begin in `[start, end)` and were not cancelled."""
    return await _meetings(
        connection,
        workspace_id,
        or_(MeetingRow.manager_id == person_id, MeetingRow.person_id == person_id),
        MeetingRow.starts_at >= start,
        MeetingRow.starts_at < end,
        MeetingRow.state != MeetingState.CANCELLED.value,
    )


async def history(
    connection: AsyncConnection, workspace_id: int, pair_id: int, limit: int
) -> list[OneOnOne]:
    """Return what became of a pair's meetings, newest first, at most `limit`.

    Planned ones are left out, also those whose time has passed and of which nobody said anything,
    and those that have no time yet in a round that is not over.
    """
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id == pair_id,
        MeetingRow.state != MeetingState.PLANNED.value,
        or_(
            MeetingRow.state != MeetingState.CANCELLED.value,
            MeetingRow.why != Why.NO_TIME.value,
        ),
        order=(MeetingRow.starts_at.desc(), MeetingRow.id.desc()),
        limit=limit,
    )


async def for_plan(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int], since: datetime
) -> list[OneOnOne]:
    """Return what stands in the rounds from `since` on, cancelled ones included."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id.in_(list(pair_ids)),
        MeetingRow.starts_at >= since,
    )


async def planned_with(
    connection: AsyncConnection, workspace_id: int, person_ids: Collection[int], since: datetime
) -> list[OneOnOne]:
    """Return the planned meetings from `since` on of which any of these people is one."""
    keys = list(person_ids)
    return await _meetings(
        connection,
        workspace_id,
        or_(MeetingRow.manager_id.in_(keys), MeetingRow.person_id.in_(keys)),
        MeetingRow.state == MeetingState.PLANNED.value,
        MeetingRow.starts_at >= since,
    )


async def planned_of(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int], since: datetime
) -> list[OneOnOne]:
    """Return the planned meetings of pairs from `since` on."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id.in_(list(pair_ids)),
        MeetingRow.state == MeetingState.PLANNED.value,
        MeetingRow.starts_at >= since,
    )


async def to_remind(
    connection: AsyncConnection, workspace_id: int, now: datetime, until: datetime
) -> list[OneOnOne]:
    """Return planned meetings before `until` of whose present revision no reminder is planned."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.state == MeetingState.PLANNED.value,
        MeetingRow.starts_at > now,
        MeetingRow.starts_at <= until,
        MeetingRow.reminded != MeetingRow.revision,
    )


async def without_time(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int]
) -> list[OneOnOne]:
    """Return the meetings of pairs that have no time in a round that is not over."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id.in_(list(pair_ids)),
        MeetingRow.state == MeetingState.CANCELLED.value,
        MeetingRow.why == Why.NO_TIME.value,
    )


async def add(
    tx: AsyncConnection, workspace_id: int, new: Sequence[Mapping[str, object]], now: datetime
) -> None:
    """Store meetings by their columns, many at once."""
    rows = [
        {
            "workspace_id": workspace_id,
            "revision": 0,
            "reminded": -1,
            "by_hand": False,
            "instead_of": None,
            "why": None,
            "created_at": now,
            **each,
        }
        for each in new
    ]
    for first in range(0, len(rows), CHUNK):
        await tx.execute(insert(MeetingRow), rows[first : first + CHUNK])


async def change(
    tx: AsyncConnection,
    workspace_id: int,
    one_on_one_ids: Collection[int],
    values: Mapping[str, object],
) -> None:
    """Change columns of meetings, the same for each."""
    keys = list(one_on_one_ids)
    for first in range(0, len(keys), CHUNK):
        some = keys[first : first + CHUNK]
        await tx.execute(
            update(MeetingRow)
            .where(and_(MeetingRow.workspace_id == workspace_id, MeetingRow.id.in_(some)))
            .values(**values)
        )


async def pair_of(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int]
) -> dict[int, int]:
    """Return meeting -> pair of all meetings of pairs that were not cancelled."""
    statement = select(MeetingRow.id, MeetingRow.pair_id).where(
        MeetingRow.workspace_id == workspace_id,
        MeetingRow.pair_id.in_(list(pair_ids)),
        MeetingRow.state != MeetingState.CANCELLED.value,
    )
    return {row.id: row.pair_id for row in await connection.execute(statement)}


async def latest(
    connection: AsyncConnection,
    workspace_id: int,
    pair_ids: Collection[int],
    now: datetime,
    since: timedelta = timedelta(weeks=26),
) -> dict[int, list[OneOnOne]]:
    """Return what has become of the meetings of pairs in the last half year, newest first."""
    found: dict[int, list[OneOnOne]] = {}
    for each in await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id.in_(list(pair_ids)),
        MeetingRow.starts_at >= now - since,
        MeetingRow.starts_at < now,
        MeetingRow.state != MeetingState.PLANNED.value,
        order=(MeetingRow.starts_at.desc(), MeetingRow.id.desc()),
    ):
        found.setdefault(each.pair_id, []).append(each)
    return found


async def count_unknown(
    tx: AsyncConnection, workspace_id: int, before: datetime, now: datetime
) -> None:
    """Count meetings that ended before an instant and of which nobody said anything as unknown."""
    await tx.execute(
        update(MeetingRow)
        .where(
            MeetingRow.workspace_id == workspace_id,
            MeetingRow.state == MeetingState.PLANNED.value,
            MeetingRow.starts_at < before,
            MeetingRow.ends_at < before,
        )
        .values(state=MeetingState.UNKNOWN.value, settled_at=now)
    )


async def of_slot(
    connection: AsyncConnection, workspace_id: int, pair_id: int, slot: str
) -> list[OneOnOne]:
    """Return a pair's meetings of one round: its own, then those that make up for it."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id == pair_id,
        or_(MeetingRow.slot == slot, MeetingRow.slot.startswith(f"{slot}.", autoescape=True)),
        order=(MeetingRow.id,),
    )
