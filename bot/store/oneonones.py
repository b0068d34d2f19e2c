"""One-on-ones in SQL: terms, pairs and meetings."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.oneonones import Home, MeetingState, OneOnOne, Pair, Takes, Terms, Why
from bot.store.database import insert_or_ignore
from bot.store.squads import days_from_text, days_to_text
from models import OneOnOne as MeetingRow
from models import OneOnOnePair as PairRow
from models import OneOnOneSetup as SetupRow

CHUNK: Final = 500
"""Rows in one statement."""

_PAIR_NAMES: Final = (
    "squad_id", "manager_id", "person_id", "every_weeks", "minutes", "zone", "link",
)  # fmt: skip
_PAIR: Final = [
    PairRow.id.label("pair_id"),
    *(getattr(PairRow, name) for name in _PAIR_NAMES),
    PairRow.home_week,
    PairRow.home_day,
    PairRow.home_time,
    PairRow.ended_at,
]
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


# Terms.


async def terms(
    connection: AsyncConnection,
    workspace_id: int,
    *,
    squad_id: int | None = None,
    manager_id: int | None = None,
) -> dict[tuple[int, int], Terms]:
    """Return the terms of managers by (squad, manager), of the whole workspace unless narrowed."""
    statement = select(SetupRow).where(SetupRow.workspace_id == workspace_id)
    if squad_id is not None:
        statement = statement.where(SetupRow.squad_id == squad_id)
    if manager_id is not None:
        statement = statement.where(SetupRow.manager_id == manager_id)
    rows = await connection.execute(select(*statement.subquery().c))
    return {
        (row.squad_id, row.manager_id): Terms(
            every_weeks=row.every_weeks,
            days=days_from_text(row.days),
            hours=(row.hours_start, row.hours_end),
            zone=row.zone,
            minutes=row.minutes,
            link=row.link,
            takes=Takes(row.takes),
        )
        for row in rows
    }


async def put_terms(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    manager_id: int,
    new: Terms,
    now: datetime,
) -> None:
    """Store a manager's terms in a squad, in place of those before."""
    values = {
        "every_weeks": new.every_weeks,
        "days": days_to_text(new.days),
        "hours_start": new.hours[0],
        "hours_end": new.hours[1],
        "zone": new.zone,
        "minutes": new.minutes,
        "link": new.link,
        "takes": new.takes.value,
        "changed_at": now,
    }
    keys = {"workspace_id": workspace_id, "squad_id": squad_id, "manager_id": manager_id}
    statement = insert_or_ignore(tx, SetupRow).values(**keys, **values, created_at=now)
    await tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))


# Pairs.


def _pair(row: Row[Any]) -> Pair:
    home = None
    if row.home_week is not None and row.home_day is not None and row.home_time is not None:
        home = Home(row.home_week, row.home_day, row.home_time)
    return Pair(
        pair_id=row.pair_id,
        home=home,
        ended=row.ended_at is not None,
        **{name: getattr(row, name) for name in _PAIR_NAMES},
    )


async def pairs(
    connection: AsyncConnection,
    workspace_id: int,
    *where: ColumnElement[bool],
    ended: bool = False,
) -> list[Pair]:
    """Return pairs in the order in which they began; those that ended only if asked for."""
    statement = select(*_PAIR).where(PairRow.workspace_id == workspace_id, *where)
    if not ended:
        statement = statement.where(PairRow.ended_at.is_(None))
    rows = await connection.execute(statement.order_by(PairRow.id))
    return [_pair(row) for row in rows]


def of_squad(squad_id: int) -> ColumnElement[bool]:
    """Narrow `pairs` to a squad."""
    return PairRow.squad_id == squad_id


def led_by(manager_id: int) -> ColumnElement[bool]:
    """Narrow `pairs` to those that a manager leads."""
    return PairRow.manager_id == manager_id


def with_person(person_id: int) -> ColumnElement[bool]:
    """Narrow `pairs` to those that somebody is one of."""
    return or_(PairRow.manager_id == person_id, PairRow.person_id == person_id)


async def pair(connection: AsyncConnection, workspace_id: int, pair_id: int) -> Pair | None:
    """Return one pair, ended or not."""
    found = await pairs(connection, workspace_id, PairRow.id == pair_id, ended=True)
    return found[0] if found else None


async def put_pairs(
    tx: AsyncConnection, workspace_id: int, new: Sequence[Pair], now: datetime
) -> None:
    """Store pairs that begin, or begin anew, or whose terms changed; their keys are not looked at.

    One statement each; a set-up has some dozens.
    """
    for each in new:
        home = each.home
        values = {
            "every_weeks": each.every_weeks,
            "minutes": each.minutes,
            "zone": each.zone,
            "link": each.link,
            "home_week": home.week if home else None,
            "home_day": home.day if home else None,
            "home_time": home.at if home else None,
            "ended_at": None,
        }
        keys = {
            "workspace_id": workspace_id,
            "squad_id": each.squad_id,
            "manager_id": each.manager_id,
            "person_id": each.person_id,
        }
        statement = insert_or_ignore(tx, PairRow).values(**keys, **values, created_at=now)
        await tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=values))


async def end_pairs(
    tx: AsyncConnection, workspace_id: int, pair_ids: Collection[int], now: datetime
) -> None:
    """End pairs; what they met for stays."""
    await tx.execute(
        update(PairRow)
        .where(PairRow.workspace_id == workspace_id, PairRow.id.in_(list(pair_ids)))
        .values(ended_at=now)
    )


# Meetings.


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
    """Return a pair's meetings that are over or without time, newest first, at most `limit`.

    Planned ones are left out, also those whose time has passed and of which nobody said anything.
    """
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.pair_id == pair_id,
        MeetingRow.state != MeetingState.PLANNED.value,
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
    connection: AsyncConnection, workspace_id: int, before: datetime
) -> list[OneOnOne]:
    """Return meetings that had no time and whose home lies before an instant."""
    return await _meetings(
        connection,
        workspace_id,
        MeetingRow.state == MeetingState.CANCELLED.value,
        MeetingRow.why == Why.NO_TIME.value,
        MeetingRow.starts_at < before,
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
