"""Sessions as managers plan and count them and as people answer them; and the clock's side."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules import sessions as rules
from bot.rules.home import home_intents
from bot.rules.outbox import Intent
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.rules.sessions import Audience, Changeable, Draft, Own, Phase, Quiz, Rsvp, Session
from bot.rules.squads import Squad
from bot.services import convening, session_changes, session_plans
from bot.services.convening import Gathering
from bot.services.unit import Service, Unit
from bot.store import outbox, sessions, squads

AT_ONCE: Final = 50
SHOWN: Final = 5
AHEAD: Final = timedelta(days=7)
"""How far ahead coming sessions stand on Home."""

LOOK_AGAIN: Final = timedelta(hours=1)
"""How soon somebody who joined on the day is noticed."""


class Sessions(Service):
    """A squad's managers plan sessions; whoever one asks says whether they come."""

    async def squads_to_convene(self, caller: Caller) -> list[Squad]:
        """Return the squads for which the caller may plan sessions. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            known = await squads.all_squads(unit.tx, unit.workspace_id)
            found = [
                each for each in known.values() if roles.may(unit.actor, Act.RUN_SESSION, each.id)
            ]
            if not found:
                raise NotAllowed("not_allowed_run_session")
            return found

    async def create(
        self, caller: Caller, draft: Draft, project_id: int | None, key: str | None
    ) -> Own:
        """Store a session and queue its message; sent twice it is one.

        `project_id` is whose guidelines its quiz cites. Raises NotFound("squad_gone"), NotAllowed,
        BadInput at the field that it is about.
        """
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return await _own(unit, await session_plans.read(unit, int(prior["session_id"])))
            squad = await squads.get(unit.tx, unit.workspace_id, draft.squad_id)
            if squad is None:
                raise NotFound("squad_gone")
            roles.require(unit.actor, Act.RUN_SESSION, squad.id)
            made = await session_plans.store(unit, squad, draft, project_id)
            await convening.post(unit.tx, made, squad, unit.now)
            await unit.log("session.planned", squad_id=squad.id, session_id=made.id)
            await unit.finish(key, session_id=made.id)
            return await _own(unit, made)

    async def change(
        self,
        caller: Caller,
        session_id: int,
        draft: Draft,
        key: str | None,
        quiz: Quiz | None = None,
    ) -> Own:
        """Change what it is, when, for whom, and its quiz, if one is given. Raises as `create`.

        Also NotFound("session_gone"), Conflict("session_over", "session_cancelled",
        "quiz_answered").
        """
        async with self.writing(caller) as unit:
            found = await _changeable(unit, session_id)
            if await unit.begin(key) is None:
                await session_changes.change(unit, found, draft, quiz)
            return await _own(unit, await session_plans.read(unit, session_id))

    async def cancel(self, caller: Caller, session_id: int) -> Own:
        """Call a session off; once more changes nothing. Raises as `change`."""
        async with self.writing(caller) as unit:
            found = await _seen(unit, session_id)
            roles.require(unit.actor, Act.RUN_SESSION, found.session.squad_id)
            if found.session.phase(unit.now) is Phase.OVER:
                raise Conflict("session_over")
            if await sessions.cancel(unit.tx, session_id, unit.now):
                session = found.session
                await unit.send(*await convening.edits(unit.tx, session))
                await unit.send(*convening.cancelled(found, unit.now))
                kinds = (rules.DAY, rules.MOVED)
                await convening.tick(unit.tx, session, kinds, found.asked, unit.now)
                await unit.log(
                    "session.cancelled", squad_id=session.squad_id, session_id=session_id
                )
            return await _own(unit, await session_plans.read(unit, session_id))

    async def answer(self, caller: Caller, session_id: int, said: Rsvp) -> Own:
        """Keep whether the caller comes; said again it stays.

        Raises NotFound("session_gone"), NotAllowed("session_not_asked"), Conflict("session_over",
        "session_cancelled").
        """
        async with self.reading(caller) as unit:
            found = await _seen(unit, session_id)
            actor = unit.actor
            if actor.person_id not in found.asked:
                raise NotAllowed("session_not_asked")
        async with self.writing_as(actor) as unit:
            me, session = actor.person_id, await session_plans.read(unit, session_id)
            _still(session, unit.now)
            args = (unit.tx, unit.workspace_id, session_id, me, said, unit.now)
            if await sessions.answer(*args):
                slot = unit.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
                await unit.send(*await convening.edits(unit.tx, session, slot))
                await unit.send(*home_intents([me]))
                if said is Rsvp.NO:
                    kinds = (rules.DAY, rules.MOVED)
                    await convening.tick(unit.tx, session, kinds, [me], unit.now)
                await unit.log("session.answered", person_id=me, session_id=session_id)
        return await self.own(caller, session_id)

    async def attended(self, caller: Caller, session_id: int, count: int) -> Own:
        """Keep how many came; a later number takes its place. Raises as `change`."""
        async with self.writing(caller) as unit:
            found = await _seen(unit, session_id)
            roles.require(unit.actor, Act.RUN_SESSION, found.session.squad_id)
            if found.session.phase(unit.now) is not Phase.OVER:
                raise Conflict("session_not_over")
            await sessions.change(unit.tx, session_id, attended=count)
            managers = await convening.counts(unit.tx, found.session)
            await convening.tick(unit.tx, found.session, [rules.COUNT], managers, unit.now)
            await unit.log(
                "session.counted", squad_id=found.session.squad_id, session_id=session_id
            )
            return await _own(unit, await session_plans.read(unit, session_id))

    async def own(self, caller: Caller, session_id: int) -> Own:
        """Return a session to somebody in its squad. Raises NotFound("session_gone")."""
        async with self.reading(caller) as unit:
            return await _own(unit, (await _seen(unit, session_id)).session)

    async def changeable(self, caller: Caller, session_id: int) -> Changeable:
        """Return a session to change; once it is over, to change its quiz.

        Raises NotFound, NotAllowed, Conflict("session_over", "session_cancelled",
        "quiz_answered" where it is over and its quiz cannot be changed any more).
        """
        async with self.reading(caller) as unit:
            found = await _changeable(unit, session_id)
            session = found.session
            is_over = session.phase(unit.now) is Phase.OVER
            if is_over and await sessions.answers(unit.tx, session_id):
                raise Conflict("quiz_answered")
            chosen = found.asked.values() if session.audience is Audience.CHOSEN else ()
            return Changeable(
                own=await _own(unit, session),
                quiz=tuple(await sessions.questions(unit.tx, session_id)),
                chosen=tuple(each.person for each in chosen),
            )

    async def countable(self, caller: Caller, session_id: int) -> Own:
        """Return a session to count who came. Raises NotFound, NotAllowed."""
        async with self.reading(caller) as unit:
            session = (await _seen(unit, session_id)).session
            roles.require(unit.actor, Act.RUN_SESSION, session.squad_id)
            return await _own(unit, session)

    async def coming(self, caller: Caller) -> list[Own]:
        """Return what the caller is asked to: coming soon, or over with its quiz to be taken."""
        async with self.reading(caller) as unit:
            mine = [each.squad_id for each in unit.actor.memberships]
            here = [each for each in mine if unit.actor.roles_in(each)]
            since = unit.now - rules.QUIZ_OPEN
            found = []
            for each in await sessions.ending_after(unit.tx, unit.workspace_id, here, since):
                if each.starts_at > unit.now + AHEAD:
                    break
                own = await _own(unit, each)
                if own.invited and own.waits(unit.now):
                    found.append(own)
            return found[:SHOWN]

    # For dispatch and the clock.

    async def shown_to(
        self, workspace_id: int, session_id: int, person_id: int
    ) -> tuple[Own, bool] | None:
        """Return a session as one person's messages show it, and whether they manage its squad."""
        async with self._database.read() as connection:
            session = await sessions.get(connection, workspace_id, session_id)
            found = None if session is None else await convening.read(connection, session)
            if session is None or found is None:
                return None
            own = await convening.own(connection, found, person_id)
            return own, person_id in await convening.counts(connection, session)

    async def step(self) -> bool:
        """Plan what is due; True if any session was looked at."""
        now = self._clock.now()
        async with self._database.read() as connection:
            if not await sessions.anything_due(connection, now):
                return False
            due = await sessions.due(connection, now, AT_ONCE)
        for each in due:
            async with self._database.write() as tx:
                if await sessions.advance(tx, each, _next_look(each, now)):
                    found = await convening.read(tx, each)
                    if found is not None:
                        intents = await _due_now(tx, found, now)
                        await outbox.add(tx, each.workspace_id, intents, now)
        return bool(due)


def _next_look(session: Session, now: datetime) -> datetime | None:
    later = rules.next_look(session, convening.day_at(session), now)
    if later is not None and convening.day_at(session) <= now < session.starts_at:
        return min(later, now + LOOK_AGAIN)
    return later


async def _due_now(tx: AsyncConnection, found: Gathering, now: datetime) -> list[Intent]:
    """Return what is to be sent now; what was sent before is known by its key."""
    session = found.session
    if now >= session.ends_at:
        changed = await convening.edits(tx, session)
        managers = await convening.counts(tx, session)
        return [*changed, *convening.ended(found), *convening.to_count(session, managers)]
    if now >= session.starts_at:
        return []
    intents = await convening.of_the_day(tx, found, now)
    if now >= session.starts_at - rules.SOON_BEFORE:
        intents += convening.soon(found)
    return intents


def _still(session: Session, now: datetime) -> None:
    """Raise Conflict("session_over", "session_cancelled") unless it is still to come or running."""
    if session.cancelled_at is not None:
        raise Conflict("session_cancelled")
    if session.phase(now) is Phase.OVER:
        raise Conflict("session_over")


async def _seen(unit: Unit, session_id: int) -> Gathering:
    """Return a session of a squad that the actor is in. Raises NotFound("session_gone")."""
    session = await session_plans.read(unit, session_id)
    found = await convening.read(unit.tx, session)
    if found is None or not unit.actor.roles_in(session.squad_id):
        raise NotFound("session_gone")
    return found


async def _changeable(unit: Unit, session_id: int) -> Gathering:
    """Return a session to who may change it; once it is over, while its quiz could be taken."""
    found = await _seen(unit, session_id)
    roles.require(unit.actor, Act.RUN_SESSION, found.session.squad_id)
    if not found.session.quiz_open(unit.now):
        _still(found.session, unit.now)
    return found


async def _own(unit: Unit, session: Session) -> Own:
    found = await convening.read(unit.tx, session)
    if found is None:
        raise NotFound("session_gone")
    return await convening.own(unit.tx, found, unit.actor.person_id, unit.actor)
