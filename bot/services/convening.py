"""Whom a session is for, its one message, its lines and reminders, planned in a transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules import sessions as rules
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent, Operation
from bot.rules.people import Actor, Role
from bot.rules.roles import Act, may
from bot.rules.sessions import Own, Rsvp, Session, Sheet
from bot.rules.squads import Squad, SquadMember
from bot.store import outbox, recipients, sessions, squads, today

AHEAD: Final = timedelta(hours=26)
"""A line of somebody's Today belongs to their own day, which may begin so long before."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session with its squad, whom it asks, and what they said."""

    session: Session
    squad: Squad
    asked: Mapping[int, SquadMember]
    said: Mapping[int, Rsvp | None]
    questions: int

    @property
    def sheet(self) -> Sheet:
        """The session as its messages show it."""
        counted = [self.said.get(each) for each in self.asked]
        return Sheet(
            session=self.session,
            squad=self.squad.name,
            zone=self.squad.zone,
            coming=counted.count(Rsvp.YES),
            not_coming=counted.count(Rsvp.NO),
            questions=self.questions,
        )

    def saying(self, *answers: Rsvp | None) -> list[int]:
        """Return those who are asked and gave one of these answers."""
        return sorted(each for each in self.asked if self.said.get(each) in answers)


async def read(connection: AsyncConnection, session: Session) -> Gathering | None:
    """Return a session with whom it asks now; None if its squad is gone."""
    squad = await squads.get(connection, session.workspace_id, session.squad_id)
    if squad is None:
        return None
    replies = await sessions.replies(connection, session.id)
    members = await squads.members(connection, session.workspace_id, session.squad_id)
    asked = {
        person_id: member
        for person_id, member in members.items()
        if member.present
        and member.active
        and rules.is_for(
            session.audience, member.roles, invited=replies.get(person_id, (False, None))[0]
        )
    }
    return Gathering(
        session=session,
        squad=squad,
        asked=asked,
        said={person_id: answer for person_id, (_, answer) in replies.items()},
        questions=await sessions.question_count(connection, session.id),
    )


async def own(
    connection: AsyncConnection, found: Gathering, person_id: int, actor: Actor | None = None
) -> Own:
    """Return a session as one person's messages show it."""
    taken = await sessions.answers(connection, found.session.id, person_id)
    return Own(
        sheet=found.sheet,
        invited=person_id in found.asked,
        answer=found.said.get(person_id),
        taken=bool(taken),
        manages=actor is not None and may(actor, Act.RUN_SESSION, found.session.squad_id),
    )


def day_at(session: Session) -> datetime:
    """Return from when on the lines of its day may be planned."""
    return session.starts_at - AHEAD


async def post(tx: AsyncConnection, session: Session, squad: Squad, now: datetime) -> None:
    """Queue the one message in the team channel, if there is one."""
    if squad.team_channel is None:
        return
    intent = Intent(
        kind=rules.POST,
        delivery_class=DeliveryClass.NOW,
        channel=squad.team_channel,
        squad_id=squad.id,
        ids={"session_id": session.id},
    )
    delivery_id = await outbox.add_one(tx, session.workspace_id, intent, now)
    await sessions.change(tx, session.id, delivery_id=delivery_id)


async def edits(
    connection: AsyncConnection, session: Session, at: datetime | None = None
) -> list[Intent]:
    """Return what changes the message: at once, or (`at`) with all that is changed by then."""
    sent = None
    if session.delivery_id is not None:
        sent = await outbox.get(connection, session.delivery_id)
    if sent is None or sent.channel is None:
        return []
    key = None if at is None else f"{rules.POST}:{session.delivery_id}:{at:%Y%m%d%H%M}"
    return [
        Intent(
            kind=rules.POST,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            channel=sent.channel,
            squad_id=sent.squad_id,
            ids={"session_id": session.id},
            target_id=session.delivery_id,
            not_before=at,
            dedupe_key=key,
        )
    ]


def key_of(kind: str, session: Session, person_id: int) -> str:
    """Return the dedupe key of what somebody is told about a session as it is now."""
    return f"{kind}:{session.id}:{session.revision}:{person_id}"


def _ids(session: Session) -> dict[str, object]:
    return {"session_id": session.id, "revision": session.revision}


async def of_the_day(connection: AsyncConnection, found: Gathering, now: datetime) -> list[Intent]:
    """Return the lines of the day, for all who did not say that they cannot come."""
    session = found.session
    people = found.saying(Rsvp.YES, None)
    calendars = await recipients.calendars(connection, session.workspace_id, people, now)
    intents = []
    for person_id in people:
        zone = calendars[person_id].zone if person_id in calendars else found.squad.zone
        day = clock.local_day(session.starts_at, zone)
        begins, _ = clock.day_range(day, day, zone)
        intents.append(
            Intent(
                kind=rules.DAY,
                delivery_class=DeliveryClass.TODAY,
                person_id=person_id,
                squad_id=session.squad_id,
                ids=_ids(session),
                dedupe_key=key_of(rules.DAY, session, person_id),
                not_before=max(begins, now),
                not_after=session.starts_at,
            )
        )
    return intents


def soon(found: Gathering) -> list[Intent]:
    """Return the messages ten minutes before, to who said that they come."""
    session = found.session
    return [
        Intent(
            kind=rules.SOON,
            delivery_class=DeliveryClass.NOW,
            person_id=person_id,
            squad_id=session.squad_id,
            ids=_ids(session),
            dedupe_key=key_of(rules.SOON, session, person_id),
            not_after=session.starts_at,
        )
        for person_id in found.saying(Rsvp.YES)
    ]


def _class(session: Session, now: datetime) -> DeliveryClass:
    """Return the class of news: a Today that comes after the session would be no use."""
    near = session.starts_at - now <= rules.CLOSE
    return DeliveryClass.NOW if near else DeliveryClass.TODAY


def moved(found: Gathering, now: datetime) -> list[Intent]:
    """Return what tells those who said that they come of its new time."""
    session = found.session
    return [
        Intent(
            kind=rules.MOVED,
            delivery_class=_class(session, now),
            person_id=person_id,
            squad_id=session.squad_id,
            ids=_ids(session),
            dedupe_key=key_of(rules.MOVED, session, person_id),
            not_after=session.starts_at,
        )
        for person_id in found.saying(Rsvp.YES)
    ]


def cancelled(found: Gathering, now: datetime) -> list[Intent]:
    """Return what tells those who said that they come that it is off."""
    session = found.session
    return [
        Intent(
            kind=rules.CANCELLED,
            delivery_class=_class(session, now),
            person_id=person_id,
            squad_id=session.squad_id,
            ids=_ids(session),
            dedupe_key=key_of(rules.CANCELLED, session, person_id),
            not_after=session.ends_at,
        )
        for person_id in found.saying(Rsvp.YES)
    ]


def ended(found: Gathering) -> list[Intent]:
    """Return what follows its end: the quiz for who came, and the count for who made it."""
    session = found.session
    intents = []
    if found.questions:
        intents += [
            Intent(
                kind=rules.QUIZ,
                delivery_class=DeliveryClass.TODAY,
                person_id=person_id,
                squad_id=session.squad_id,
                ids=_ids(session),
                dedupe_key=key_of(rules.QUIZ, session, person_id),
                not_after=session.ends_at + rules.QUIZ_OPEN,
            )
            for person_id in found.saying(Rsvp.YES)
        ]
    return intents


def to_count(session: Session, managers: Iterable[int]) -> list[Intent]:
    """Return what asks how many came."""
    return [
        Intent(
            kind=rules.COUNT,
            delivery_class=DeliveryClass.TODAY,
            person_id=person_id,
            squad_id=session.squad_id,
            ids=_ids(session),
            dedupe_key=key_of(rules.COUNT, session, person_id),
        )
        for person_id in managers
    ]


async def counts(connection: AsyncConnection, session: Session) -> list[int]:
    """Return who is asked how many came: who made it, else the squad's managers."""
    members = await squads.members(connection, session.workspace_id, session.squad_id)
    managers = [
        person_id
        for person_id, each in members.items()
        if each.present and each.active and Role.MANAGER in each.roles
    ]
    return [session.created_by] if session.created_by in managers else managers


async def tick(
    tx: AsyncConnection, session: Session, kinds: Iterable[str], people: Iterable[int], at: datetime
) -> None:
    """Tick lines of people off, wherever a Today message carries them."""
    told = list(people)
    for kind in kinds:
        for person_id in told:
            await today.tick(tx, session.workspace_id, key_of(kind, session, person_id), at)
