"""On what terms managers hold one-on-ones, and with whom, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.oneonone_terms import Takes, Terms
from bot.rules.oneonones import Home, Pair
from bot.store.database import insert_or_ignore
from bot.store.squads import days_from_text, days_to_text
from models import OneOnOnePair as PairRow
from models import OneOnOneSetup as SetupRow

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


def with_any(person_ids: Collection[int]) -> ColumnElement[bool]:
    """Narrow `pairs` to those in which any of some people meets a manager."""
    return PairRow.person_id.in_(list(person_ids))


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
