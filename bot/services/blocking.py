"""Who is told of a blocker and when, planned and read for `bot.services.blockers` and messages."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import blockers as rules
from bot.rules.arrival import Arrival, expect
from bot.rules.blockers import Blocked, Case, Stored, Told
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import next_reachable_instant
from bot.rules.gate import Recipient
from bot.rules.home import home_intents
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.people import Role
from bot.rules.squads import Squad
from bot.services.unit import Unit
from bot.store import escalations, findings, people, recipients, squads, today

UTC = "UTC"

_OUT = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})
_NOT_TOLD = frozenset({DeliveryState.DROPPED, DeliveryState.REFUSED})


@dataclass(frozen=True, slots=True)
class Acting:
    """A manager who can be told, and when they would read it."""

    recipient: Recipient
    arrival: Arrival


def key(kind: str, blocker_id: int, person_id: int | None = None) -> str:
    """Return the dedupe key of a message about a blocker; one of each kind, or of each person."""
    return f"{kind}:{blocker_id}" + ("" if person_id is None else f":{person_id}")


async def managers(connection: AsyncConnection, workspace_id: int, squad_id: int) -> frozenset[int]:
    """Return who may act on the blockers of a squad."""
    found = await escalations.on_duty(connection, workspace_id, squad_id, [Role.MANAGER])
    return frozenset(found)


async def acting(unit: Unit, squad: Squad, but_not: int) -> list[Acting]:
    """Return the managers of a squad whom Slack can reach, whoever reads it first before others."""
    found = {}
    for person_id in await managers(unit.tx, unit.workspace_id, squad.id) - {but_not}:
        known = await recipients.recipient(unit.tx, unit.workspace_id, person_id, unit.now)
        if known is not None and known.active and known.user_id is not None:
            found[person_id] = Acting(known, expect(known, squad.state, unit.now))
    turns = rules.in_turn({person_id: each.arrival for person_id, each in found.items()})
    return [found[person_id] for person_id in turns]


async def tell(unit: Unit, stored: Stored, those: list[Acting], half_at: datetime | None) -> None:
    """Plan all messages about a new blocker; what is sent later is looked at again by then."""
    ids = {"blocker_id": stored.blocker_id}
    await unit.send(
        Intent(
            kind=rules.MINE,
            delivery_class=DeliveryClass.ANSWER,
            person_id=stored.person_id,
            squad_id=stored.squad_id,
            ids=ids,
            dedupe_key=key(rules.MINE, stored.blocker_id),
        )
    )
    if not those:
        return
    first, *others = (each.recipient for each in those)
    await unit.send(
        Intent(
            kind=rules.TOLD,
            delivery_class=DeliveryClass.NOW,
            person_id=first.person_id,
            squad_id=stored.squad_id,
            ids=ids,
            dedupe_key=key(rules.TOLD, stored.blocker_id),
        )
    )
    await _remind(unit, stored, others, half_at)


async def _remind(
    unit: Unit, stored: Stored, others: list[Recipient], half_at: datetime | None
) -> None:
    """Plan what the other managers are told: one at half of the time, all when it is over."""
    ids = {"blocker_id": stored.blocker_id}
    following = None
    if half_at is not None:
        calendars = {each.person_id: each.calendar for each in others}
        following = rules.follower(calendars, half_at)
    if following is not None:
        await unit.send(
            Intent(
                kind=rules.NEXT,
                delivery_class=DeliveryClass.NOW,
                person_id=following,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=key(rules.NEXT, stored.blocker_id),
                not_before=half_at,
            )
        )
    for each in others if stored.due_at is not None else ():
        await unit.send(
            Intent(
                kind=rules.LATE,
                delivery_class=DeliveryClass.NOW,
                person_id=each.person_id,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=key(rules.LATE, stored.blocker_id, each.person_id),
                not_before=stored.due_at,
            )
        )


async def refresh(unit: Unit, stored: Stored) -> None:
    """Change what was sent about a blocker to what holds now, and the Home tabs that show it."""
    able = await managers(unit.tx, unit.workspace_id, stored.squad_id)
    ids = {"blocker_id": stored.blocker_id}
    mine = await findings.delivery(unit.tx, unit.workspace_id, key(rules.MINE, stored.blocker_id))
    if mine is not None and mine.state in _OUT:
        await unit.send(
            Intent(
                kind=rules.MINE,
                delivery_class=DeliveryClass.ANSWER,
                operation=Operation.UPDATE,
                person_id=mine.person_id,
                squad_id=stored.squad_id,
                ids=ids,
                target_id=mine.id,
            )
        )
    for name in _keys(stored.blocker_id, able):
        told = await findings.delivery(unit.tx, unit.workspace_id, name)
        if told is None:
            continue
        if stored.settled:
            await today.tick(unit.tx, unit.workspace_id, name, unit.now)
        if told.carrier_id is None and told.state in _OUT:
            await unit.send(
                Intent(
                    kind=rules.TOLD,
                    delivery_class=DeliveryClass.ANSWER,
                    operation=Operation.UPDATE,
                    person_id=told.person_id,
                    squad_id=stored.squad_id,
                    ids=ids,
                    target_id=told.id,
                )
            )
    await unit.send(*home_intents([stored.person_id, *sorted(able)]))


def _keys(blocker_id: int, able: frozenset[int]) -> list[str]:
    """Return the keys of all that managers may have been sent about a blocker."""
    late = (key(rules.LATE, blocker_id, person_id) for person_id in sorted(able))
    return [key(rules.TOLD, blocker_id), key(rules.NEXT, blocker_id), *late]


async def say_fixed(unit: Unit, stored: Stored) -> None:
    """Tell the person that it is done; they wait for it, so only the night is kept free of it."""
    known = await recipients.recipient(unit.tx, unit.workspace_id, stored.person_id, unit.now)
    if known is None:
        return
    await unit.send(
        Intent(
            kind=rules.FIXED,
            delivery_class=DeliveryClass.ANSWER,
            person_id=stored.person_id,
            squad_id=stored.squad_id,
            ids={"blocker_id": stored.blocker_id},
            dedupe_key=key(rules.FIXED, stored.blocker_id),
            not_before=next_reachable_instant(known.calendar, unit.now),
        )
    )


async def was_told(
    connection: AsyncConnection, workspace_id: int, blocker_id: int, person_id: int
) -> bool:
    """Tell whether a manager had a message about a blocker before it was over its time."""
    for kind in (rules.TOLD, rules.NEXT):
        told = await findings.delivery(connection, workspace_id, key(kind, blocker_id))
        if told is not None and told.person_id == person_id and told.state not in _NOT_TOLD:
            return True
    return False


async def mine_of(
    connection: AsyncConnection, stored: Stored, now: datetime, zone: str | None
) -> Blocked | None:
    """Return a blocker as its person reads it; None if the squad is archived or gone."""
    squad = await squads.get(connection, stored.workspace_id, stored.squad_id)
    if squad is None:
        return None
    named = await people.refs(
        connection, [each for each in (stored.taken_by, stored.closed_by) if each is not None]
    )
    return Blocked(
        stored=stored,
        squad=squad.name,
        told=await _told(connection, stored, squad, now),
        taken_by=named.get(stored.taken_by or 0),
        closed_by=named.get(stored.closed_by or 0),
        zone=zone or squad.zone,
    )


async def _told(
    connection: AsyncConnection, stored: Stored, squad: Squad, now: datetime
) -> Told | None:
    """Return who was, or will be, told first."""
    name = key(rules.TOLD, stored.blocker_id)
    told = await findings.delivery(connection, stored.workspace_id, name)
    if told is None or told.person_id is None:
        return None
    named = await people.refs(connection, [told.person_id])
    known = await recipients.recipient(connection, stored.workspace_id, told.person_id, now)
    arrival = expect(known, squad.state, now)
    return Told(
        person=named[told.person_id],
        at=told.settled_at if told.state is DeliveryState.SENT else None,
        reach=arrival.reach,
        when=arrival.when,
    )


async def case_of(
    connection: AsyncConnection, stored: Stored, zone: str | None = None
) -> Case | None:
    """Return a blocker as managers read it; None if the squad is archived or gone."""
    squad = await squads.get(connection, stored.workspace_id, stored.squad_id)
    if squad is None:
        return None
    keys = [stored.person_id, stored.taken_by, stored.closed_by]
    named = await people.refs(connection, [each for each in keys if each is not None])
    return Case(
        stored=stored,
        squad=squad.name,
        person=named[stored.person_id],
        taken_by=named.get(stored.taken_by or 0),
        closed_by=named.get(stored.closed_by or 0),
        managers=await managers(connection, stored.workspace_id, stored.squad_id),
        zone=zone or squad.zone,
    )


def closed(stored: Stored, by: int, at: datetime, lost_s: int) -> Stored:
    """Return a blocker as it is once somebody ended it."""
    return replace(stored, closed_by=by, closed_at=at, lost_s=lost_s)
