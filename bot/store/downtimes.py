"""When the clock of any process last ticked, and when none did, in SQL."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.calendar import Window
from bot.store.database import insert_or_ignore
from models import Downtime, Heartbeat

KEPT: Final = timedelta(days=90)
"""A line that tells of a downtime waits for a person's next working day, not for a season."""

_ONLY: Final = 1  # the key of the one row: Muster is up as soon as any of its processes is


async def last_beat(connection: AsyncConnection) -> datetime | None:
    """Return when a clock last ticked; None if none ever did."""
    moment: datetime | None = await connection.scalar(
        select(Heartbeat.beat_at).where(Heartbeat.id == _ONLY)
    )
    return moment


async def beat(tx: AsyncConnection, seen: datetime | None, now: datetime) -> bool:
    """Store that a clock ticks now; False if another one did since `seen`."""
    if seen is None:
        fresh = insert_or_ignore(tx, Heartbeat).values(id=_ONLY, beat_at=now)
        statement = fresh.on_conflict_do_nothing(index_elements=["id"])
        return bool((await tx.execute(statement)).rowcount)
    moved = update(Heartbeat).where(Heartbeat.id == _ONLY, Heartbeat.beat_at == seen)
    return bool((await tx.execute(moved.values(beat_at=now))).rowcount)


async def add(tx: AsyncConnection, began_at: datetime, ended_at: datetime) -> None:
    """Keep a stretch in which no clock ticked, and forget those that nobody asks for any more."""
    await tx.execute(insert(Downtime).values(began_at=began_at, ended_at=ended_at))
    await tx.execute(delete(Downtime).where(Downtime.ended_at < ended_at - KEPT))


async def between(connection: AsyncConnection, first: datetime, last: datetime) -> Window | None:
    """Return from when to when nothing ran around these instants; None if that is not known."""
    statement = select(func.min(Downtime.began_at), func.max(Downtime.ended_at)).where(
        Downtime.began_at <= last, Downtime.ended_at >= first
    )
    row = (await connection.execute(statement)).one()
    times: list[datetime | None] = list(row)
    began, ended = times
    return None if began is None or ended is None else Window(began, ended)
