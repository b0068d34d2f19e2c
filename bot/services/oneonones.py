"""One-on-ones for the two who hold them: what comes, topics, moving one, what became of it."""

from datetime import datetime, timedelta
from typing import Final

from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import oneonones as rules
from bot.rules import roles
from bot.rules.home import home_intents
from bot.rules.oneonones import (
    Choices,
    MeetingState,
    Mine,
    OneOnOne,
    Pair,
    Seat,
    Told,
    Topic,
    Why,
)
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.services import lookup, oneonone_moves, oneonone_planning, oneonone_seats
from bot.services.unit import Service, Unit
from bot.store import oneonone_pairs, oneonone_topics, oneonones, recipients

SAME_COMMAND: Final = timedelta(seconds=30)
OFFERED: Final = 12
"""Free places that are offered to choose from: more than fit a look are no help."""


class OneOnOnes(Service):
    """Read and changed by the two of a pair alone; another manager of the squad sees nothing."""

    async def mine(self, caller: Caller) -> Mine:
        """Return all that the caller has: whom they meet, when, topics and actions."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            pairs = await _pairs(unit)
            seats = await oneonone_seats.seats(unit.tx, unit.workspace_id, me, pairs, unit.now)
            leads = tuple(
                (each.squad_id, each.squad)
                for each in unit.actor.memberships
                if roles.may(unit.actor, Act.HOLD_ONE_ON_ONES, each.squad_id)
            )
            calendars = await recipients.calendars(unit.tx, unit.workspace_id, [me], unit.now)
            return Mine(
                seats=tuple(seats),
                zone=calendars[me].zone,
                squads=leads,
                without=await oneonone_seats.without(unit, [key for key, _ in leads]),
                rarely=await oneonone_seats.rarely_met(unit, pairs),
            )

    async def zone(self, caller: Caller) -> str:
        """Return the zone of the caller's wall clock."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            found = await recipients.calendars(unit.tx, unit.workspace_id, [me], unit.now)
            return found[me].zone

    async def with_whom(self, caller: Caller, user_id: str) -> list[Seat]:
        """Return the caller's page of one person, one for each squad in which the two meet.

        Raises NotFound("unknown_person"), ("oneonone_nobody", name) if they do not meet.
        """
        async with self.reading(caller) as unit:
            (person,) = await lookup.find_people(unit, [user_id])
            me = unit.actor.person_id
            pairs = await _pairs(unit)
            theirs = [
                each for each in pairs if person.person_id in (each.manager_id, each.person_id)
            ]
            if person.person_id == me or not theirs:
                raise NotFound("oneonone_nobody", name=person.name)
            return await oneonone_seats.seats(
                unit.tx, unit.workspace_id, me, theirs, unit.now, full=True
            )

    async def page(self, caller: Caller, pair_id: int) -> Seat:
        """Return the caller's page of one pair. Raises NotFound("oneonone_gone")."""
        async with self.reading(caller) as unit:
            pair = await _own_pair(unit, pair_id)
            return await _seat(unit, pair)

    # Topics.

    async def add_topic(
        self, caller: Caller, text: str, user_id: str | None, key: str | None
    ) -> tuple[Seat, int]:
        """Store a topic that only its author reads so far; return the page and the topic's key.

        Without a person it is about the caller's only one-on-one. Raises NotFound
        ("oneonone_none", "oneonone_nobody"), BadInput("oneonone_which", "oneonone_topic_empty",
        "oneonone_topic_long"), Conflict("oneonone_topics_many").
        """
        found = rules.read_topic(text)
        async with self.writing(caller) as unit:
            return await _note(unit, await _meant(unit, user_id), found, key)

    async def note_topic(self, caller: Caller, pair_id: int, text: str, key: str | None) -> Seat:
        """Store a topic of a pair. Raises NotFound("oneonone_gone") or as `add_topic`."""
        found = rules.read_topic(text)
        async with self.writing(caller) as unit:
            seat, _ = await _note(unit, await _own_pair(unit, pair_id), found, key)
            return seat

    async def share(self, caller: Caller, topic_id: int) -> Seat:
        """Let the other one read a topic; for its author, once more changes nothing.

        Raises NotFound("oneonone_topic_gone") also for a topic of somebody else.
        """
        async with self.writing(caller) as unit:
            pair, topic = await _topic(unit, topic_id)
            if topic.author_id != unit.actor.person_id:
                raise NotFound("oneonone_topic_gone")
            await oneonone_topics.change(unit.tx, unit.workspace_id, topic_id, shared=True)
            return await _seat(unit, pair)

    async def close_topic(self, caller: Caller, topic_id: int) -> Seat:
        """Say that a topic was talked about; its author may, and the other once it is shared."""
        async with self.writing(caller) as unit:
            pair, topic = await _topic(unit, topic_id)
            if not rules.visible([topic], unit.actor.person_id):
                raise NotFound("oneonone_topic_gone")
            if topic.closed_at is None:
                await oneonone_topics.change(
                    unit.tx,
                    unit.workspace_id,
                    topic_id,
                    closed_at=unit.now,
                    closed_by=unit.actor.person_id,
                )
            return await _seat(unit, pair)

    # Moving.

    async def choices(self, caller: Caller, one_on_one_id: int) -> Choices:
        """Return where a meeting may be put: places that are free for both.

        Raises NotFound("oneonone_gone"), Conflict as `move` for one that cannot be moved.
        """
        async with self.reading(caller) as unit:
            meeting = await _own(unit, one_on_one_id)
            rules.require_movable(meeting, unit.now)
            pair = await _own_pair(unit, meeting.pair_id)
            places = await oneonone_moves.next_free(
                unit.tx, unit.workspace_id, pair, unit.now, limit=OFFERED
            )
            told = await oneonone_seats.told(
                unit.tx, unit.workspace_id, meeting, unit.actor.person_id
            )
            return Choices(told=told, places=tuple(places))

    async def move(
        self,
        caller: Caller,
        one_on_one_id: int,
        revision: int,
        start: datetime,
        key: str | None,
    ) -> Told:
        """Put a meeting elsewhere; the other one is told. For a missed one, plan another.

        Raises NotFound("oneonone_gone"), Conflict("oneonone_moved", "oneonone_over",
        "oneonone_off", "oneonone_busy", "oneonone_outside"), BadInput("oneonone_past",
        "oneonone_far").
        """
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            meeting = await _own(unit, one_on_one_id, change=True)
            if prior is None:
                rules.require_movable(meeting, unit.now)
                if meeting.revision != revision:
                    raise Conflict("oneonone_moved")
                pair = await _own_pair(unit, meeting.pair_id)
                rules.require_ahead(start, unit.now)
                end = start + timedelta(minutes=pair.minutes)
                await oneonone_moves.require_free(unit, pair, meeting, start, end)
                meeting = await oneonone_moves.put(unit, pair, meeting, start, end)
                prior = {"one_on_one_id": meeting.one_on_one_id}
                await unit.finish(key, **prior)
            meeting = await _own(unit, int(prior["one_on_one_id"]))
            return await oneonone_seats.told(
                unit.tx, unit.workspace_id, meeting, unit.actor.person_id
            )

    async def cancel(self, caller: Caller, one_on_one_id: int, revision: int) -> Told:
        """Leave one meeting out; the other one is told. Raises as `move` does."""
        async with self.writing(caller) as unit:
            meeting = await _own(unit, one_on_one_id, change=True)
            if meeting.why is not Why.UNDONE:
                rules.require_movable(meeting, unit.now)
                if meeting.revision != revision:
                    raise Conflict("oneonone_moved")
                me = unit.actor.person_id
                meeting = await oneonone_planning.cancel(
                    unit.tx, unit.workspace_id, meeting, Why.UNDONE, unit.now, me
                )
                await unit.log(
                    "oneonone.cancelled", squad_id=meeting.squad_id, one_on_one_id=one_on_one_id
                )
            return await oneonone_seats.told(
                unit.tx, unit.workspace_id, meeting, unit.actor.person_id
            )

    # What became of it.

    async def settle(self, caller: Caller, one_on_one_id: int, state: MeetingState) -> OneOnOne:
        """Say what became of a meeting; for its manager. Raises as the function `settle`."""
        async with self.writing(caller) as unit:
            return await settle(unit, one_on_one_id, state)

    # For messages: what holds when their turn comes.

    async def told(self, workspace_id: int, one_on_one_id: int, person_id: int) -> Told | None:
        """Return a meeting to one of its two; None if it is gone, or not theirs."""
        async with self._database.read() as connection:
            meeting = await oneonones.get(connection, workspace_id, one_on_one_id)
            if meeting is None or person_id not in (meeting.manager_id, meeting.person_id):
                return None
            return await oneonone_seats.told(connection, workspace_id, meeting, person_id)

    async def seat(self, workspace_id: int, pair_id: int, person_id: int) -> Seat | None:
        """Return a pair to one of its two; None if it is gone, or not theirs."""
        async with self._database.read() as connection:
            pair = await oneonone_pairs.pair(connection, workspace_id, pair_id)
            if pair is None or person_id not in (pair.manager_id, pair.person_id):
                return None
            now = self._clock.now()
            (found,) = await oneonone_seats.seats(
                connection, workspace_id, person_id, [pair], now, full=True
            )
            return found


async def settle(unit: Unit, one_on_one_id: int, state: MeetingState) -> OneOnOne:
    """Keep what became of a meeting that has begun, in the words of its manager.

    Said again it changes nothing, said otherwise the last word counts. Raises
    NotFound("oneonone_gone"), NotAllowed("not_your_oneonone") for anybody but its manager,
    Conflict("oneonone_not_yet", "oneonone_off").
    """
    meeting = await _own(unit, one_on_one_id, change=True)
    if unit.actor.person_id != meeting.manager_id:
        raise NotAllowed("not_your_oneonone")
    if state not in rules.SETTLED:
        raise ValueError(f"nothing becomes {state}")
    if not rules.may_settle(meeting.state):
        raise Conflict("oneonone_off")
    if meeting.starts_at > unit.now:
        raise Conflict("oneonone_not_yet")
    if meeting.state is state:
        return meeting
    values = {"state": state.value, "settled_at": unit.now, "settled_by": unit.actor.person_id}
    await oneonones.change(unit.tx, unit.workspace_id, [one_on_one_id], values)
    await unit.log(
        "oneonone.settled",
        squad_id=meeting.squad_id,
        person_id=meeting.person_id,
        one_on_one_id=one_on_one_id,
        state=state.value,
    )
    await unit.send(*home_intents([meeting.manager_id]))
    found = await oneonones.get(unit.tx, unit.workspace_id, one_on_one_id)
    if found is None:
        raise NotFound("oneonone_gone")
    return found


async def _pairs(unit: Unit) -> list[Pair]:
    mine = oneonone_pairs.with_person(unit.actor.person_id)
    return await oneonone_pairs.pairs(unit.tx, unit.workspace_id, mine)


async def _own(unit: Unit, one_on_one_id: int, *, change: bool = False) -> OneOnOne:
    """Return a meeting to one of its two; to others it does not exist."""
    read = oneonones.lock if change else oneonones.get
    found = await read(unit.tx, unit.workspace_id, one_on_one_id)
    if found is None or unit.actor.person_id not in (found.manager_id, found.person_id):
        raise NotFound("oneonone_gone")
    return found


async def _own_pair(unit: Unit, pair_id: int) -> Pair:
    found = await oneonone_pairs.pair(unit.tx, unit.workspace_id, pair_id)
    if found is None or unit.actor.person_id not in (found.manager_id, found.person_id):
        raise NotFound("oneonone_gone")
    return found


async def _note(unit: Unit, pair: Pair, text: str, key: str | None) -> tuple[Seat, int]:
    """Store a topic that only its author reads so far."""
    prior = await unit.begin(key, SAME_COMMAND)
    if prior is not None:
        return await _seat(unit, pair), int(prior["topic_id"])
    me = unit.actor.person_id
    if await oneonone_topics.count(unit.tx, pair.pair_id, me) >= rules.TOPICS_LIMIT:
        raise Conflict("oneonone_topics_many", limit=rules.TOPICS_LIMIT)
    topic_id = await oneonone_topics.add(
        unit.tx, unit.workspace_id, pair.pair_id, me, text, unit.now
    )
    await unit.log("oneonone.topic", squad_id=pair.squad_id, topic_id=topic_id)
    await unit.finish(key, topic_id=topic_id)
    return await _seat(unit, pair), topic_id


async def _topic(unit: Unit, topic_id: int) -> tuple[Pair, Topic]:
    topic = await oneonone_topics.get(unit.tx, unit.workspace_id, topic_id)
    if topic is None:
        raise NotFound("oneonone_topic_gone")
    return await _own_pair(unit, topic.pair_id), topic


async def _seat(unit: Unit, pair: Pair) -> Seat:
    (found,) = await oneonone_seats.seats(
        unit.tx, unit.workspace_id, unit.actor.person_id, [pair], unit.now, full=True
    )
    return found


async def _meant(unit: Unit, user_id: str | None) -> Pair:
    """Return the caller's pair with somebody, or the only one."""
    me = unit.actor.person_id
    mine = await _pairs(unit)
    if not mine:
        raise NotFound("oneonone_none")
    if user_id is not None:
        (person,) = await lookup.find_people(unit, [user_id])
        mine = [each for each in mine if person.person_id in (each.manager_id, each.person_id)]
        if person.person_id == me or not mine:
            raise NotFound("oneonone_nobody", name=person.name)
        return mine[0]
    if len(mine) > 1:
        raise BadInput("oneonone_which")
    return mine[0]
