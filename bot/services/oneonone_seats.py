"""One-on-ones as one of the two reads them, for the services of `bot.services.oneonones`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import oneonones as rules
from bot.rules.action_items import ActionSource
from bot.rules.oneonones import Action, OneOnOne, Pair, Seat, Told
from bot.rules.people import PersonRef
from bot.services.unit import Unit
from bot.store import (
    action_items,
    oneonone_pairs,
    oneonone_topics,
    oneonones,
    people,
    recipients,
    squads,
)

PAST = 6
"""Past meetings that a page lists; two in a row are noticed, a quarter is seen."""


async def seats(
    connection: AsyncConnection,
    workspace_id: int,
    me: int,
    pairs: Sequence[Pair],
    now: datetime,
    *,
    full: bool = False,
) -> list[Seat]:
    """Return pairs as one of them reads them: those with managers first, then by what comes next.

    With `full` what is past is read too, one statement a pair.
    """
    if not pairs:
        return []
    keys = [each.pair_id for each in pairs]
    names = await people.refs(
        connection, {key for each in pairs for key in (each.manager_id, each.person_id)}
    )
    known = await squads.all_squads(connection, workspace_id)
    upcoming: dict[int, list[OneOnOne]] = {}
    for meeting in await oneonones.planned_of(connection, workspace_id, keys, now):
        upcoming.setdefault(meeting.pair_id, []).append(meeting)
    unplaced: dict[int, list[OneOnOne]] = {}
    for meeting in await oneonones.without_time(connection, workspace_id, keys):
        unplaced.setdefault(meeting.pair_id, []).append(meeting)
    topics = await oneonone_topics.of_pairs(connection, workspace_id, keys)
    actions = await _actions(connection, workspace_id, keys)
    found = []
    for pair in pairs:
        past = await oneonones.history(connection, workspace_id, pair.pair_id, PAST) if full else []
        other = pair.person_id if pair.manager_id == me else pair.manager_id
        squad = known.get(pair.squad_id)
        also = [
            known[each.squad_id].name
            for each in pairs
            if each.squad_id != pair.squad_id
            and {each.manager_id, each.person_id} == {pair.manager_id, pair.person_id}
            and each.squad_id in known
        ]
        found.append(
            Seat(
                pair=pair,
                squad=squad.name if squad else "",
                other=names[other],
                manages=pair.manager_id == me,
                upcoming=tuple(upcoming.get(pair.pair_id, ())),
                unplaced=tuple(unplaced.get(pair.pair_id, ())),
                past=tuple(past),
                topics=rules.visible(topics.get(pair.pair_id, ()), me),
                actions=tuple(actions.get(pair.pair_id, ())),
                missed_in_a_row=rules.missed_in_a_row(past),
                also_in=tuple(also),
            )
        )
    return sorted(found, key=_order)


def _order(seat: Seat) -> tuple[bool, float, str]:
    far = seat.upcoming[0].starts_at.timestamp() if seat.upcoming else float("inf")
    return seat.manages, far, seat.other.name


async def _actions(
    connection: AsyncConnection, workspace_id: int, pair_ids: Sequence[int]
) -> dict[int, list[Action]]:
    """Return what was agreed in the meetings of pairs and is not done yet."""
    meetings = await oneonones.pair_of(connection, workspace_id, pair_ids)
    if not meetings:
        return {}
    found: dict[int, list[Action]] = {}
    for each in await action_items.open_of_source(
        connection, workspace_id, ActionSource.ONE_ON_ONE, list(meetings)
    ):
        found.setdefault(meetings[each.source_id], []).append(
            Action(action_id=each.id, owner=each.owner, text=each.text, due=each.due)
        )
    return found


async def told(
    connection: AsyncConnection, workspace_id: int, meeting: OneOnOne, person_id: int
) -> Told:
    """Return a meeting as one of its two is told of it."""
    other = meeting.other(person_id)
    names = await people.refs(connection, [other])
    squad = await squads.get(connection, workspace_id, meeting.squad_id)
    members = await squads.members(
        connection, workspace_id, meeting.squad_id, [meeting.manager_id, meeting.person_id]
    )
    calendars = await recipients.calendars(connection, workspace_id, [person_id], meeting.starts_at)
    calendar = calendars.get(person_id)
    return Told(
        meeting=meeting,
        other=names[other],
        squad=squad.name if squad else "",
        manages=person_id == meeting.manager_id,
        zone=calendar.zone if calendar else "UTC",
        both_present=rules.leads(members.get(meeting.manager_id))
        and rules.entitled(members.get(meeting.person_id), named=True),
    )


async def without(unit: Unit, squad_ids: Sequence[int]) -> tuple[PersonRef, ...]:
    """Return who in squads with one-on-ones has nobody to meet, or no hour in common, by name."""
    found: dict[int, PersonRef] = {}
    for squad_id in squad_ids:
        if not await oneonone_pairs.terms(unit.tx, unit.workspace_id, squad_id=squad_id):
            continue
        pairs = await oneonone_pairs.pairs(
            unit.tx, unit.workspace_id, oneonone_pairs.of_squad(squad_id)
        )
        placed = {each.person_id for each in pairs if each.home is not None}
        for key, member in (await squads.members(unit.tx, unit.workspace_id, squad_id)).items():
            if key not in placed and rules.entitled(member):
                found[key] = member.person
    return tuple(sorted(found.values(), key=lambda each: each.name))


async def rarely_met(unit: Unit, pairs: Sequence[Pair]) -> tuple[PersonRef, ...]:
    """Return whom the actor, who manages them, has missed twice in a row or more, by name."""
    mine = {each.pair_id: each for each in pairs if each.manager_id == unit.actor.person_id}
    keys = await too_often_missed(unit.tx, unit.workspace_id, list(mine), unit.now)
    named = await people.refs(unit.tx, [mine[each].person_id for each in keys]) if keys else {}
    return tuple(sorted(named.values(), key=lambda each: each.name))


async def too_often_missed(
    connection: AsyncConnection, workspace_id: int, pair_ids: Sequence[int], now: datetime
) -> list[int]:
    """Return the pairs that missed their last two rounds or more."""
    if not pair_ids:
        return []
    latest = await oneonones.latest(connection, workspace_id, pair_ids, now)
    return [
        pair_id
        for pair_id, meetings in latest.items()
        if rules.missed_in_a_row(meetings) >= rules.TOO_MANY_MISSED
    ]


async def rarely_met_in(
    connection: AsyncConnection, workspace_id: int, squad_id: int, now: datetime
) -> int:
    """Return how many pairs of a squad missed their last two rounds or more, for its digest."""
    here = oneonone_pairs.of_squad(squad_id)
    pairs = await oneonone_pairs.pairs(connection, workspace_id, here)
    keys = [each.pair_id for each in pairs]
    return len(await too_often_missed(connection, workspace_id, keys, now))
