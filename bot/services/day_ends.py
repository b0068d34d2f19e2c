"""How a manager's day went, one-on-one by one-on-one, for the message at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.oneonone_packs import Ended
from bot.rules.oneonones import MeetingState, OneOnOne
from bot.rules.squads import SquadMember
from bot.services import oneonone_moves
from bot.store import oneonone_notes, oneonone_pairs, oneonones, squads


async def ended(
    connection: AsyncConnection, workspace_id: int, meetings: Sequence[OneOnOne], now: datetime
) -> list[Ended]:
    """Return meetings as they stand: what was said of them, and what comes of missed ones."""
    at = (connection, workspace_id)
    noted = await oneonone_notes.noted(*at, [each.one_on_one_id for each in meetings])
    members: dict[int, Mapping[int, SquadMember]] = {}
    names: dict[int, str] = {}
    found = []
    for meeting in meetings:
        if meeting.squad_id not in members:
            members[meeting.squad_id] = await squads.members(*at, meeting.squad_id)
            squad = await squads.get(*at, meeting.squad_id)
            names[meeting.squad_id] = squad.name if squad else ""
        who = members[meeting.squad_id].get(meeting.person_id)
        if who is None:
            continue
        one = Ended(
            meeting=meeting,
            person=who.person,
            squad=names[meeting.squad_id],
            noted=meeting.one_on_one_id in noted,
        )
        found.append(await _made_up(*at, one, now))
    return found


async def _made_up(
    connection: AsyncConnection, workspace_id: int, one: Ended, now: datetime
) -> Ended:
    """Return a missed meeting with when the two meet instead, or could."""
    if one.meeting.state is not MeetingState.MISSED:
        return one
    at = (connection, workspace_id)
    slot = one.meeting.slot.partition(".")[0]
    for other in await oneonones.of_slot(*at, one.meeting.pair_id, slot):
        if other.instead_of == one.meeting.one_on_one_id and other.state is MeetingState.PLANNED:
            return replace(one, again=other.starts_at)
    pair = await oneonone_pairs.pair(*at, one.meeting.pair_id)
    if pair is None or pair.ended:
        return one
    places = await oneonone_moves.next_free(*at, pair, now, limit=1)
    return replace(one, offered=places[0] if places else None)
