"""Looks for days outside of the limits, before the digests that say them are planned."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.digests import working_days
from bot.rules.signals import DAYS, Pair, Signal, edges, outside
from bot.store import signals

Found = dict[Pair, tuple[Signal, ...]]


@dataclass(frozen=True, slots=True)
class Looked:
    """A squad's calendar, and the days that its digest has news of."""

    calendar: WorkCalendar
    news: DateSpan


async def look(
    connection: AsyncConnection, workspace_id: int, squads: Mapping[int, Looked]
) -> Found:
    """Return what is outside on the days that the squads' digests have news of, by project.

    Read before anything is locked: six weeks of audits take a while. Only of squads with an audit
    on these days, for others have nothing to say.
    """
    fresh = await _fresh(connection, workspace_id, squads)
    if not fresh:
        return {}
    said = await signals.reported(
        connection,
        workspace_id,
        {squad for squad, _ in fresh},
        min(squads[squad].news.first for squad, _ in fresh),
    )
    names = await signals.categories(connection, workspace_id, {project for _, project in fresh})
    found: Found = {}
    alike: defaultdict[tuple[WorkCalendar, date], list[int]] = defaultdict(list)
    for squad_id in sorted({squad for squad, _ in fresh}):
        alike[squads[squad_id].calendar, squads[squad_id].news.last].append(squad_id)
    for (calendar, last), squad_ids in alike.items():
        days = working_days(calendar, last, DAYS)
        begins = [_midnight(day, calendar.zone) for day in edges(days, last)]
        counted = await signals.count(connection, workspace_id, squad_ids, days, begins)
        found |= {
            pair: outside(
                days,
                counts,
                names,
                reported=said.get(pair, ()),
                since=squads[pair[0]].news.first,
            )
            for pair, counts in counted.items()
            if pair in fresh
        }
    return found


async def _fresh(
    connection: AsyncConnection, workspace_id: int, squads: Mapping[int, Looked]
) -> set[Pair]:
    """Return where there are audits on the days of news; squads of one zone are asked together."""
    spans: defaultdict[tuple[datetime, datetime], list[int]] = defaultdict(list)
    for squad_id, each in squads.items():
        spans[clock.day_range(each.news.first, each.news.last, each.calendar.zone)].append(squad_id)
    found: set[Pair] = set()
    for span, squad_ids in spans.items():
        found |= await signals.audited(connection, workspace_id, squad_ids, *span)
    return found


def _midnight(day: date, zone: str) -> datetime:
    begin, _ = clock.day_range(day, day, zone)
    return begin


async def keep(
    tx: AsyncConnection, workspace_id: int, found: Found, pairs: Sequence[Pair], now: datetime
) -> dict[int, list[int]]:
    """Store what was found of some; return the keys of what nobody said before, by squad.

    In the order of `pairs`, which are projects of squads.
    """
    wanted = [(pair, one) for pair in pairs for one in found.get(pair, ())]
    made = await signals.add(tx, workspace_id, wanted, now)
    said: dict[int, list[int]] = {}
    for pair, one in wanted:
        key = made.get((pair, (one.category_id, one.day)))
        if key is not None:
            said.setdefault(pair[0], []).append(key)
    return said
