"""Agendas: posted before a meeting, read and added to by anybody in the squad."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.clock import Clock
from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import action_items as action_rules
from bot.rules import agenda as rules
from bot.rules import agenda_input, roles
from bot.rules.agenda import Added, Agenda, Cause, ClosedWhy, Listing, NewTopic, Topic
from bot.rules.occurrences import DueOccurrence
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.rules.schedules import meeting_start
from bot.rules.squads import Squad, SyncKind, Where
from bot.services import agenda_planning, agenda_reading, lookup, meeting_posts
from bot.services.citations import Citations
from bot.services.occurring import OccurringService
from bot.services.unit import Unit
from bot.store import action_items, agenda, meetings, outbox, schedules, squads, syncs
from bot.store.database import Database

SAME_COMMAND: Final = timedelta(seconds=30)
PAGE: Final = 10
SETTLED_AT_ONCE: Final = 500


class Planned(StrEnum):
    """What became of a meeting's agenda that the clock asked for."""

    QUEUED = "queued"
    OVER = "over"  # that day's was queued before
    MANAGERS = "managers"  # the squad has no channel for it: its managers are told
    GONE = "gone"  # the sync was removed, or the squad archived


class Agendas(OccurringService):
    """Plans agendas, tells dispatch what stands in them, and keeps their topics."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    # For the clock.

    async def plan(self, occurrence: DueOccurrence) -> Planned:
        """Keep that there is a meeting, close what is settled, and queue its post, once."""
        sync_id = int(occurrence.schedule.target.partition(":")[2])
        async with self.occurring(occurrence) as unit:
            if unit is None:
                return Planned.OVER
            key = (unit.tx, unit.workspace_id)
            sync = await syncs.get(*key, sync_id)
            squad = None if sync is None else await squads.get(*key, sync.squad_id)
            if sync is None or squad is None:
                return Planned.GONE
            await _settle(unit.tx, unit.workspace_id, squad.id, unit.now)
            planned = await agenda_planning.plan_all(*key, [occurrence], unit.now)
            if occurrence.schedule.id not in planned:
                return Planned.OVER
            await unit.send(*planned[occurrence.schedule.id])
            channel = meeting_posts.channel_of(squad, sync.kind)
            return Planned.QUEUED if channel else Planned.MANAGERS

    async def plan_all(self, workspace_id: int, due: Sequence[DueOccurrence]) -> int:
        """Do what `plan` does for many of a workspace at once; return how many it was for."""
        async with self.occurring_all(due) as (tx, ours, now):
            squad_ids = {each.squad_id for each in ours if each.squad_id is not None}
            for squad_id in await agenda.squads_with_cause(tx, workspace_id, squad_ids):
                await _settle(tx, workspace_id, squad_id, now)
            planned = await agenda_planning.plan_all(tx, workspace_id, ours, now)
            posts = [intent for intents in planned.values() for intent in intents]
            await outbox.add(tx, workspace_id, posts, now)
            return len(ours)

    # For dispatch.

    async def content(self, workspace_id: int, meeting_id: int) -> Agenda | None:
        """Return what a meeting's agenda says by now; None if its squad is archived or gone."""
        async with self.together(), self._database.read() as connection:
            meeting = await meetings.meeting(connection, workspace_id, meeting_id)
            if meeting is None:
                return None
            found = await agenda_reading.read(connection, meeting, self._clock.now())
            if found is None:
                return None
            return await agenda_reading.quoted(self._citations, *found)

    # For people.

    async def listing(
        self, caller: Caller, where: Where, kind: SyncKind = SyncKind.SYNC, offset: int = 0
    ) -> Listing:
        """Return a page of what is on a squad's next agenda, and its open actions.

        Raises NotAllowed("not_allowed_join_meeting"), NotFound, BadInput("which_squad").
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            roles.require(unit.actor, Act.JOIN_MEETING, squad.id)
            return await _listing(unit, squad, kind, offset)

    async def add(
        self,
        caller: Caller,
        where: Where,
        kind: SyncKind,
        text: str,
        key: str | None,
        *,
        said: tuple[str, str | None, str | None] | None = None,
    ) -> Added:
        """Put a topic on the squad's next agenda of a kind; the same within 30 s is one.

        `text` may end with `in SQUAD`. `said` is the message that it was taken from: channel,
        timestamp, thread. Raises as `listing`, BadInput("topic_empty", "topic_long"),
        Conflict("agenda_full").
        """
        async with self.writing(caller) as unit:
            if where.squad_id is None and where.named is None:
                mine = [one.squad for one in unit.actor.memberships]
                named, text = agenda_input.split_squad(text, mine)
                where = replace(where, named=named)
            squad = await lookup.find_squad(unit, where)
            roles.require(unit.actor, Act.JOIN_MEETING, squad.id)
            words = agenda_input.read_text(text)
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                topic = await _topic(unit, int(prior["topic_id"]))
                return await _added(unit, squad, topic)
            await _require_room(unit, squad.id, kind)
            new = NewTopic(
                squad_id=squad.id,
                kind=kind,
                text=words,
                source=agenda_input.permalink(said),
                cause=await _cause(unit, said),
            )
            topic_id = await agenda.add_topic(
                unit.tx, unit.workspace_id, new, unit.actor.person_id, unit.now
            )
            await unit.log("topic.added", squad_id=squad.id, topic_id=topic_id)
            await unit.finish(key, topic_id=topic_id)
            await meeting_posts.refresh(unit, squad.id, kind)
            return await _added(unit, squad, await _topic(unit, topic_id))

    async def close(self, caller: Caller, topic_id: int) -> Topic:
        """Close a topic: its author, whoever leads the meeting, a manager; once more is the same.

        Raises NotFound("topic_gone"), NotAllowed("not_allowed_topic").
        """
        async with self.writing(caller) as unit:
            topic = await _topic(unit, topic_id)
            leaders = await meeting_posts.leading(unit, topic.squad_id, topic.kind)
            if not rules.may_close(unit.actor, topic, leaders):
                raise NotAllowed("not_allowed_topic")
            closed = await agenda.close(
                unit.tx,
                unit.workspace_id,
                [topic_id],
                unit.now,
                ClosedWhy.PERSON,
                unit.actor.person_id,
            )
            if closed:
                await unit.log("topic.closed", squad_id=topic.squad_id, topic_id=topic_id)
                await meeting_posts.refresh(unit, topic.squad_id, topic.kind)
            return await _topic(unit, topic_id)


async def _settle(tx: AsyncConnection, workspace_id: int, squad_id: int, now: datetime) -> None:
    """Close the topics of a squad whose cause is settled."""
    found = await agenda.with_cause(tx, workspace_id, squad_id, SETTLED_AT_ONCE)
    if not found:
        return
    kept = {one.id for one in await agenda_reading.still_open(tx, workspace_id, found)}
    settled = [one.id for one in found if one.id not in kept]
    if settled:
        await agenda.close(tx, workspace_id, settled, now, ClosedWhy.SETTLED)


async def _require_room(unit: Unit, squad_id: int, kind: SyncKind) -> None:
    count = await agenda.count_open(unit.tx, unit.workspace_id, squad_id, kind)
    if count >= rules.MOST_TOPICS:
        raise Conflict("agenda_full", limit=rules.MOST_TOPICS)


async def _topic(unit: Unit, topic_id: int) -> Topic:
    found = await agenda.topic(unit.tx, unit.workspace_id, topic_id)
    if found is None:
        raise NotFound("topic_gone")
    return found


async def _cause(unit: Unit, said: tuple[str, str | None, str | None] | None) -> Cause | None:
    """Return what a message of ours, or the one that began its thread, is about."""
    if said is None:
        return None
    channel, *stamps = said
    known = [stamp for stamp in stamps if stamp is not None]
    if not known:
        return None
    found = await meetings.said_where(unit.tx, unit.workspace_id, channel, known)
    return next(
        (cause for one in found if (cause := agenda_input.cause_of(one.ids)) is not None), None
    )


async def _next_start(
    connection: AsyncConnection, workspace_id: int, squad: Squad, kind: SyncKind
) -> datetime | None:
    """Return when the squad's next meeting of a kind is planned."""
    known = await syncs.of_squad(connection, workspace_id, squad.id)
    mine = {sync.id: sync for sync in known if sync.kind is kind}
    slots = await meetings.next_slots(connection, workspace_id, mine)
    starts = [
        meeting_start(mine[key], date.fromisoformat(slot), squad.zone)
        for key, slot in slots.items()
    ]
    return min(starts, default=None)


async def _added(unit: Unit, squad: Squad, topic: Topic) -> Added:
    starts_at = await _next_start(unit.tx, unit.workspace_id, squad, topic.kind)
    return Added(topic=topic, squad=squad, starts_at=starts_at)


async def _listing(unit: Unit, squad: Squad, kind: SyncKind, offset: int) -> Listing:
    key = (unit.tx, unit.workspace_id)
    topics, total = await agenda.open_topics(*key, squad.id, kind, PAGE, offset)
    if not topics and offset:  # they were closed meanwhile
        return await _listing(unit, squad, kind, 0)
    kept = await agenda_reading.still_open(*key, topics)
    calendar = await schedules.calendar(*key, squad.id, unit.now, until=unit.now)
    leaders = await meeting_posts.leading(unit, squad.id, kind)
    actions = await action_items.open_in(*key, squad.id) if kind is SyncKind.SYNC else []
    today = clock.local_day(unit.now, squad.zone)
    return Listing(
        squad=squad,
        kind=kind,
        topics=tuple(kept),
        total=total - (len(topics) - len(kept)),
        offset=offset,
        ages={} if calendar is None else agenda_reading.ages(calendar, kept, today),
        closable=frozenset(one.id for one in kept if rules.may_close(unit.actor, one, leaders)),
        actions=tuple(actions),
        doable=frozenset(item.id for item in actions if action_rules.may_close(unit.actor, item)),
        starts_at=await _next_start(*key, squad, kind),
    )
