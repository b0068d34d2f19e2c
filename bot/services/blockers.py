"""Blockers: who cannot work says so, one manager is told, with a clock, and either ends it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import blockers as rules
from bot.rules import roles
from bot.rules.blockers import (
    Asking,
    Blocked,
    BlockerKind,
    Case,
    NewBlocker,
    Opened,
    Place,
    Stored,
)
from bot.rules.calendar import WorkCalendar
from bot.rules.home import home_intents
from bot.rules.people import PRESENT, Caller
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import blocking, lookup
from bot.services.unit import Service, Unit
from bot.store import blockers, people, recipients

SAME_COMMAND: Final = timedelta(seconds=30)
"""People press Enter again when Slack is slow; what they typed within this is one blocker."""


class Blockers(Service):
    """Opened by whoever is blocked, seen by them and their squad's managers, ended by either."""

    # Whoever cannot work.

    async def asking(self, caller: Caller, text: str, channel: str | None) -> Asking:
        """Return what was typed behind `blocked`, which squads it may be about, what holds now.

        By name, else by channel, else all squads of the caller. Raises NotFound("no_squad"),
        NotAllowed("not_allowed_report_blocker"), BadInput("text_too_long").
        """
        async with self.reading(caller) as unit:
            mine = [each for each in unit.actor.memberships if each.status in PRESENT]
            able = [
                each for each in mine if roles.may(unit.actor, Act.REPORT_BLOCKER, each.squad_id)
            ]
            if not mine:
                raise NotFound("no_squad")
            if not able:
                raise NotAllowed("not_allowed_report_blocker")
            places = [Place(each.squad_id, each.squad) for each in able]
            typed = rules.read(text, places)
            here = {each.squad_id for each in able if channel in each.channels}
            wanted = {typed.squad_id} if typed.squad_id is not None else here
            chosen = [place for place in places if place.squad_id in wanted] or places
            return Asking(
                places=tuple(chosen), kind=typed.kind, note=typed.note, mine=await _holding(unit)
            )

    async def mine(self, caller: Caller) -> tuple[Blocked, ...]:
        """Return what keeps the caller from working now, oldest first."""
        async with self.reading(caller) as unit:
            return await _holding(unit)

    async def open(
        self, caller: Caller, squad_id: int, kind: BlockerKind, note: str | None, key: str | None
    ) -> Opened:
        """Store that the caller cannot work, and tell one manager; said again it is the same one.

        Raises NotFound("squad_gone"), NotAllowed("not_allowed_report_blocker").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.find_squad(unit, Where(squad_id=squad_id))
            roles.require(unit.actor, Act.REPORT_BLOCKER, squad.id)
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                stored = await blockers.get(unit.tx, unit.workspace_id, int(prior["blocker_id"]))
                if stored is None:
                    raise NotFound("blocker_gone")
                return Opened(await _mine(unit, stored), already=True)
            me = unit.actor.person_id
            await blockers.lock_member(unit.tx, unit.workspace_id, squad.id, me)
            before = await _end_what_ran_out(unit, squad.id)
            stored = before or await _open(unit, squad, kind, note)
            await unit.finish(key, blocker_id=stored.blocker_id)
            blocker_id = stored.blocker_id
        return await self._opened(caller, blocker_id, already=before is not None)

    async def _opened(self, caller: Caller, blocker_id: int, *, already: bool) -> Opened:
        """Read anew what was stored, with the messages that were planned at the end of it."""
        async with self.reading(caller) as unit:
            stored = await blockers.get(unit.tx, unit.workspace_id, blocker_id)
            if stored is None:
                raise NotFound("blocker_gone")
            return Opened(await _mine(unit, stored), already=already)

    async def resume(self, caller: Caller, blocker_id: int) -> Blocked:
        """End a blocker of the caller, who can work again; once more changes nothing.

        Raises NotFound("blocker_gone"), NotAllowed("not_your_blocker").
        """
        async with self.writing(caller) as unit:
            found = await blockers.get(unit.tx, unit.workspace_id, blocker_id)
            if found is None:
                raise NotFound("blocker_gone")
            if found.person_id != unit.actor.person_id:
                raise NotAllowed("not_your_blocker")
            found = await _locked(unit, blocker_id)
            return await _mine(unit, found if found.settled else await _end(unit, found))

    # The managers of the squad.

    async def waiting(self, caller: Caller, squad_id: int) -> list[Case]:
        """Return a squad's blockers that nobody ended, oldest first. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.CLEAR_BLOCKER, squad_id)
            since = unit.now - rules.LISTED_FOR
            found = await blockers.unsettled_in(unit.tx, unit.workspace_id, squad_id, since)
            cases = [await blocking.case_of(unit.tx, each, unit.actor.zone) for each in found]
            return [each for each in cases if each is not None]

    async def read(self, caller: Caller, blocker_id: int) -> Case:
        """Return a blocker to a manager of its squad. Raises as `take` for who may not."""
        async with self.reading(caller) as unit:
            return await _case(unit, await _managed(unit, blocker_id))

    async def take(self, caller: Caller, blocker_id: int) -> Case:
        """Say that one looks after it; once more changes nothing.

        Raises NotFound("blocker_gone"), NotAllowed("not_allowed_clear_blocker"),
        Conflict("blocker_closed", "blocker_taken").
        """
        async with self.writing(caller) as unit:
            found = await _managed(unit, blocker_id, change=True)
            rules.require_unsettled(found)
            me = unit.actor.person_id
            if found.taken_by is None:
                taken = {"taken_by": me, "taken_at": unit.now}
                await blockers.change(unit.tx, unit.workspace_id, blocker_id, taken)
                found = replace(found, taken_by=me, taken_at=unit.now)
                await unit.log(
                    "blocker.taken",
                    squad_id=found.squad_id,
                    person_id=found.person_id,
                    blocker_id=blocker_id,
                )
                await blocking.refresh(unit, found)
            elif found.taken_by != me:
                named = await people.refs(unit.tx, [found.taken_by])
                raise Conflict("blocker_taken", name=named[found.taken_by].name)
            return await _case(unit, found)

    async def done(self, caller: Caller, blocker_id: int) -> Case:
        """End a blocker, whoever has it, and tell its person. Raises as `read` and `take` do."""
        async with self.writing(caller) as unit:
            found = await _managed(unit, blocker_id, change=True)
            rules.require_unsettled(found)
            ended = await _end(unit, found)
            if found.person_id != unit.actor.person_id:
                await blocking.say_fixed(unit, ended)
            return await _case(unit, ended)

    # For messages: what holds when their turn comes.

    async def as_mine(self, workspace_id: int, blocker_id: int, zone: str | None) -> Blocked | None:
        """Return a blocker as its person reads it; None if it is gone."""
        async with self._database.read() as connection:
            stored = await blockers.get(connection, workspace_id, blocker_id)
            if stored is None:
                return None
            return await blocking.mine_of(connection, stored, self._clock.now(), zone)

    async def case(self, workspace_id: int, blocker_id: int, zone: str | None) -> Case | None:
        """Return a blocker as managers read it; None if it is gone."""
        async with self._database.read() as connection:
            stored = await blockers.get(connection, workspace_id, blocker_id)
            return None if stored is None else await blocking.case_of(connection, stored, zone)

    async def was_told(self, workspace_id: int, blocker_id: int, person_id: int) -> bool:
        """Tell whether a manager had a message about it before it was over its time."""
        async with self._database.read() as connection:
            return await blocking.was_told(connection, workspace_id, blocker_id, person_id)


async def _calendar(unit: Unit, person_id: int, at: datetime) -> WorkCalendar:
    """Return a person's calendar with the holidays and the time off around an instant."""
    known = await recipients.recipient(unit.tx, unit.workspace_id, person_id, at)
    if known is None:
        raise NotFound("unknown_person", name=str(person_id))
    return known.calendar


async def _end_what_ran_out(unit: Unit, squad_id: int) -> Stored | None:
    """Return the actor's blocker that holds in a squad; end those that ran out unnoticed.

    Whoever says it anew has said that the one of yesterday is no other.
    """
    holds = None
    theirs = await blockers.unsettled_of(unit.tx, unit.workspace_id, unit.actor.person_id)
    for each in theirs:
        if each.squad_id != squad_id:
            continue
        if each.holds(unit.now):
            holds = each
        else:
            await _end(unit, each)
    return holds


async def _open(unit: Unit, squad: Squad, kind: BlockerKind, note: str | None) -> Stored:
    me = unit.actor.person_id
    calendar = await _calendar(unit, me, unit.now)
    ends = rules.ends_by_itself(calendar, unit.now)
    those = await blocking.acting(unit, squad, me)
    half_at, due_at = None, None
    if those:
        half_at, due_at = rules.deadlines(those[0].recipient.calendar, kind, unit.now)
    new = NewBlocker(
        squad_id=squad.id,
        person_id=me,
        kind=kind,
        note=note,
        due_at=due_at,
        closed_at=ends,
        lost_s=rules.lost_seconds(calendar, unit.now, ends),
    )
    blocker_id = await blockers.add(unit.tx, unit.workspace_id, new, unit.now)
    stored = await blockers.get(unit.tx, unit.workspace_id, blocker_id)
    if stored is None:
        raise NotFound("blocker_gone")
    await blocking.tell(unit, stored, those, half_at)
    able = await blocking.managers(unit.tx, unit.workspace_id, squad.id)
    await unit.send(*home_intents([me, *sorted(able)]))
    await unit.log("blocker.opened", squad_id=squad.id, person_id=me, blocker_id=blocker_id)
    return stored


async def _end(unit: Unit, found: Stored) -> Stored:
    """End a blocker by the actor, now or when it ended by itself, and change what tells of it."""
    at = min(unit.now, found.closed_at)
    calendar = await _calendar(unit, found.person_id, found.opened_at)
    lost_s = rules.lost_seconds(calendar, found.opened_at, at)
    ended = blocking.closed(found, unit.actor.person_id, at, lost_s)
    values = {"closed_by": ended.closed_by, "closed_at": at, "lost_s": lost_s}
    await blockers.change(unit.tx, unit.workspace_id, found.blocker_id, values)
    await unit.log(
        "blocker.closed",
        squad_id=found.squad_id,
        person_id=found.person_id,
        blocker_id=found.blocker_id,
    )
    await blocking.refresh(unit, ended)
    return ended


async def _holding(unit: Unit) -> tuple[Blocked, ...]:
    found = await blockers.unsettled_of(unit.tx, unit.workspace_id, unit.actor.person_id)
    mine = [
        await blocking.mine_of(unit.tx, each, unit.now, unit.actor.zone)
        for each in found
        if each.holds(unit.now)
    ]
    return tuple(each for each in mine if each is not None)


async def _mine(unit: Unit, stored: Stored) -> Blocked:
    found = await blocking.mine_of(unit.tx, stored, unit.now, unit.actor.zone)
    if found is None:
        raise NotFound("squad_gone")
    return found


async def _locked(unit: Unit, blocker_id: int) -> Stored:
    found = await blockers.lock(unit.tx, unit.workspace_id, blocker_id)
    if found is None:
        raise NotFound("blocker_gone")
    return found


async def _managed(unit: Unit, blocker_id: int, *, change: bool = False) -> Stored:
    """Return a blocker to a manager of its squad; with `change` nobody else changes it."""
    read = blockers.lock if change else blockers.get
    found = await read(unit.tx, unit.workspace_id, blocker_id)
    if found is None:
        raise NotFound("blocker_gone")
    roles.require(unit.actor, Act.CLEAR_BLOCKER, found.squad_id)
    return found


async def _case(unit: Unit, stored: Stored) -> Case:
    found = await blocking.case_of(unit.tx, stored, unit.actor.zone)
    if found is None:
        raise NotFound("squad_gone")
    return found
