"""Where a pair could meet, and putting a meeting there, inside a service's transaction."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict
from bot.rules import oneonones as rules
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_plan import Planner, Taken
from bot.rules.oneonones import MeetingState, OneOnOne, Pair
from bot.services import oneonone_planning
from bot.services.unit import Unit
from bot.store import oneonones

LOOK_AHEAD: Final = timedelta(days=14)
"""Free places are offered so far ahead; what is further off waits for the next round."""


async def next_free(
    connection: AsyncConnection,
    workspace_id: int,
    pair: Pair,
    now: datetime,
    *,
    limit: int = 3,
) -> list[datetime]:
    """Return when a pair could meet next, in order: free for both, and nobody's home.

    Where one of them has just begun their day only if there is not enough else.
    """
    planner = await _planner(connection, workspace_id, pair, now)
    found: list[datetime] = []
    others: list[datetime] = []
    for start in planner.free_places(pair, now + rules.SOON, now + LOOK_AHEAD):
        (found if planner.both_ready(pair, start) else others).append(start)
        if len(found) == limit:
            break
    return sorted((found + others)[:limit])


async def _planner(
    connection: AsyncConnection, workspace_id: int, pair: Pair, now: datetime, but: int = 0
) -> Planner:
    base = await oneonone_planning.ground(
        connection, workspace_id, pair.manager_id, now, [pair.person_id]
    )
    those = (pair.manager_id, pair.person_id)
    busy = await oneonones.planned_with(connection, workspace_id, those, now - timedelta(hours=2))
    taken = Taken(each for each in busy if each.one_on_one_id != but)
    return Planner(base.pairs, base.terms, Hours(base.calendars, base.regulars), taken, now)


async def require_free(
    unit: Unit, pair: Pair, meeting: OneOnOne, start: datetime, end: datetime
) -> None:
    """Raise Conflict("oneonone_busy") or ("oneonone_outside"), which never says whose hours."""
    but = meeting.one_on_one_id if meeting.state is MeetingState.PLANNED else 0
    planner = await _planner(unit.tx, unit.workspace_id, pair, unit.now, but)
    if not planner.both_work(pair, start, end):
        raise Conflict("oneonone_outside")
    if not planner.both_free(pair, start, end):
        raise Conflict("oneonone_busy")


async def put(
    unit: Unit, pair: Pair, meeting: OneOnOne, start: datetime, end: datetime
) -> OneOnOne:
    """Move a meeting, or plan one that makes up for it."""
    me = unit.actor.person_id
    at = (unit.tx, unit.workspace_id)
    if not rules.is_missed(meeting):
        if meeting.starts_at == start and meeting.state is MeetingState.PLANNED:
            return meeting
        moved = await oneonone_planning.move(
            *at, meeting, (start, end), unit.now, by=me, by_hand=True
        )
        await unit.log(
            "oneonone.moved", squad_id=pair.squad_id, one_on_one_id=meeting.one_on_one_id
        )
        return moved
    slot = meeting.slot.partition(".")[0]
    there = await oneonones.of_slot(*at, pair.pair_id, slot)
    planned = next((each for each in there if each.instead_of == meeting.one_on_one_id), None)
    if planned is not None and planned.state is MeetingState.PLANNED:
        raise Conflict("oneonone_again", when=planned.starts_at)
    row = {
        "pair_id": pair.pair_id,
        "squad_id": pair.squad_id,
        "manager_id": pair.manager_id,
        "person_id": pair.person_id,
        "slot": f"{slot}.{len(there) + 1}",
        "starts_at": start,
        "ends_at": end,
        "state": MeetingState.PLANNED.value,
        "by_hand": True,
        "instead_of": meeting.one_on_one_id,
    }
    await oneonones.add(*at, [row], unit.now)
    made = (await oneonones.of_slot(*at, pair.pair_id, slot))[-1]
    await oneonone_planning.say_new(*at, meeting, made, unit.now, me)
    await unit.log("oneonone.again", squad_id=pair.squad_id, one_on_one_id=made.one_on_one_id)
    return made
