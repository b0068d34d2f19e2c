"""Looks for days outside of the limits, before the digest that says them is planned."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.digests import working_days
from bot.rules.reports import Scope
from bot.rules.signals import DAYS, Signal, outside
from bot.store import signals

Found = list[tuple[Scope, tuple[Signal, ...]]]


async def look(
    connection: AsyncConnection,
    scopes: Sequence[Scope],
    calendar: WorkCalendar,
    news: DateSpan,
) -> Found:
    """Return what is outside on the days that a digest has news of, by project.

    Read before anything is locked: six weeks of audits take a while.
    """
    found: Found = []
    days = working_days(calendar, news.last, DAYS)
    for scope in scopes:
        span = scope.period(days[0], news.last)

        audits = await signals.verdicts(connection, scope, *span)
        if not audits:
            continue
        hits = await signals.hits(connection, scope, *span)
        found.append(
            (
                scope,
                outside(
                    days,
                    [(clock.local_day(at, scope.zone), wrong) for at, wrong in audits],
                    [(clock.local_day(at, scope.zone), category) for at, category in hits],
                    await signals.categories(connection, scope),
                    reported=await signals.reported(connection, scope, days[0]),
                    since=news.first,
                ),
            )
        )
    return found


async def keep(tx: AsyncConnection, found: Found, now: datetime) -> list[int]:
    """Store what was found; return the keys of what nobody said before."""
    return [key for scope, each in found for key in await signals.add(tx, scope, each, now)]
