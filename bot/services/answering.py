"""What a question is about and what its answer shows: the reading behind `services.questions`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.knowledge.context import DEEP
from bot.knowledge.excerpt import excerpt
from bot.rules.budget import DeliveryClass
from bot.rules.composing import Composition
from bot.rules.escalations import Human
from bot.rules.guidelines import Cited, Edition, Passage, link
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.questions import (
    ANSWER,
    AT_ONCE,
    FOLLOWED_FOR,
    FOLLOWS_WITHIN,
    Ask,
    Asked,
    AskedVia,
    Excuse,
    NewQuestion,
    Outcome,
    Scope,
    Told,
    choose_scopes,
    conversation,
    scope_in,
)
from bot.rules.verified import Verified, VerifiedNote, VerifiedState, asks_at
from bot.services.unit import Unit
from bot.store import (
    edge_cases,
    escalations,
    findings,
    guidelines,
    people,
    projects,
    questions,
    recipients,
    verified,
)

# The message is there, or nobody knows yet: a change of it waits for what becomes of it.
_OUT = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def answer_key(question_id: int) -> str:
    """Return the dedupe key of the one message that answers a question."""
    return f"{ANSWER}:{question_id}"


async def earlier(unit: Unit, ask: Ask) -> Asked | None:
    """Return the question of the same conversation that this one may be about."""
    channel, _, thread_ts = ask.place
    me = unit.actor.person_id
    if ask.via is AskedVia.DIRECT:
        found: list[Asked] = []
        if thread_ts is not None:
            since = unit.now - FOLLOWED_FOR
            found = await questions.answered_at(unit.tx, unit.workspace_id, me, thread_ts, since)
        if not found:
            since = unit.now - FOLLOWS_WITHIN
            found = await questions.latest_directly(unit.tx, unit.workspace_id, me, since)
        return conversation(found, unit.now, threaded=bool(found) and thread_ts is not None)
    if channel is None or thread_ts is None or ask.via in AT_ONCE:
        return None
    found = await questions.in_thread(unit.tx, unit.workspace_id, channel, thread_ts)
    return conversation(found, unit.now, threaded=True)


async def scopes(unit: Unit, ask: Ask, before: Asked | None) -> tuple[Scope, ...]:
    """Return what the question may be about; a follow-up is about what the first one was."""
    known = await questions.scopes(unit.tx, unit.workspace_id)
    allowed = choose_scopes(unit.actor, known, ask.place.channel)
    if len(allowed) > 1 and before and before.squad_id and before.project_id:
        same = scope_in(allowed, before.squad_id, before.project_id)
        return (same,) if same else allowed
    return allowed


async def queue(unit: Unit, question_id: int, found: NewQuestion) -> None:
    """Queue the answer where the question was asked; the door gives the others at once."""
    if found.via in AT_ONCE or found.outcome is Outcome.WAITING:
        return
    in_channel = not found.private
    await unit.send(
        Intent(
            kind=ANSWER,
            delivery_class=DeliveryClass.ANSWER,
            channel=found.place.channel if in_channel else None,
            person_id=None if in_channel else found.asker_id,
            squad_id=found.squad_id,
            thread_ts=found.place.thread_ts,
            ids={"question_id": question_id},
            dedupe_key=answer_key(question_id),
        )
    )


async def tell(connection: AsyncConnection, asked: Asked) -> Told:
    """Return an answer as its asker reads it."""
    workspace_id = asked.workspace_id
    project = edition = None
    if asked.project_id is not None:
        project = await projects.get(connection, workspace_id, asked.project_id)
    if asked.version_id is not None:
        edition = await guidelines.get(connection, workspace_id, asked.version_id)
    named = await people.refs(connection, [asked.asker_id])
    vote = await questions.vote_of(connection, workspace_id, asked.question_id, asked.asker_id)
    return Told(
        question_id=asked.question_id,
        asker=named[asked.asker_id],
        text=asked.text,
        outcome=asked.outcome,
        private=asked.private,
        project=project.name if project else "",
        version=edition.version if edition else None,
        passages=await _cited(connection, asked, edition),
        composed=asked.composed or (),
        excuse=await _excuse(connection, asked),
        vote=vote,
        shareable=shareable(asked),
        human=await _human(connection, asked),
        verified=await _verified(connection, asked),
        edge=await edge_cases.get(connection, workspace_id, asked.edge_id)
        if asked.edge_id
        else None,
    )


async def _excuse(connection: AsyncConnection, asked: Asked) -> Excuse | None:
    """Return why a model that was asked gave no words."""
    if asked.composed is None or asked.composed:
        return None
    found = await questions.composition(connection, asked.workspace_id, asked.question_id)
    return Excuse.NOT_FOUND if found is Composition.NOT_FOUND else Excuse.FAILED


async def passages(connection: AsyncConnection, asked: Asked) -> list[Passage]:
    """Return the passages that answer a question, best first."""
    if asked.version_id is None:
        return []
    positions = [position for position, _ in asked.passages]
    found = await guidelines.passages_at(
        connection, asked.workspace_id, asked.version_id, positions
    )
    return [found[position] for position in positions if position in found]


async def context(connection: AsyncConnection, asked: Asked) -> list[str]:
    """Return the questions that this one follows, newest first, as many as are read of them."""
    found: list[str] = []
    latest = asked
    while latest.context_id is not None and len(found) < DEEP:
        before = await questions.get(connection, asked.workspace_id, latest.context_id)
        if before is None:
            break
        found.append(before.text)
        latest = before
    return found


async def changed(connection: AsyncConnection, asked: Asked) -> list[Intent]:
    """Return what changes an answer that was sent already; what waits is said as things stand."""
    told = await findings.delivery(connection, asked.workspace_id, answer_key(asked.question_id))
    if told is None or told.state not in _OUT:
        return []
    return [
        Intent(
            kind=ANSWER,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            channel=told.channel,
            person_id=told.person_id,
            squad_id=told.squad_id,
            ids={"question_id": asked.question_id},
            target_id=told.id,
        )
    ]


async def _verified(connection: AsyncConnection, asked: Asked) -> VerifiedNote | None:
    if asked.verified_id is None:
        return None
    found = await verified.get(connection, asked.workspace_id, asked.verified_id)
    return None if found is None else await note(connection, found, asked.asked_at)


async def note(connection: AsyncConnection, found: Verified, now: datetime) -> VerifiedNote:
    """Return a kept answer as people read it."""
    named = await people.refs(connection, [found.verifier_id])
    edition = None
    if found.version_id is not None:
        edition = await guidelines.get(connection, found.workspace_id, found.version_id)
    reader = await recipients.recipient(connection, found.workspace_id, found.verifier_id, now)
    return VerifiedNote(
        verified=found,
        verifier=named.get(found.verifier_id),
        version=edition.version if edition else None,
        zone=reader.calendar.zone if reader else "UTC",
        waits=found.state is VerifiedState.REVIEW or asks_at(found.expires_at) <= now,
    )


async def _human(connection: AsyncConnection, asked: Asked) -> Human | None:
    """Return what a person who was asked said, or until when they will."""
    if asked.escalation_id is None:
        return None
    # A claim that ran out reads the same to whoever waits.
    found = await escalations.get(
        connection, asked.workspace_id, asked.escalation_id, asked.asked_at
    )
    if found is None:
        return None
    named = await people.refs(connection, [found.answered_by] if found.answered_by else [])
    asker = await recipients.recipient(
        connection, asked.workspace_id, asked.asker_id, asked.asked_at
    )
    return Human(
        state=found.state,
        answer=found.answer,
        section=found.answer_section,
        by=named.get(found.answered_by or 0),
        at=found.answered_at,
        due_at=found.due_at,
        zone=asker.calendar.zone if asker else "UTC",
    )


async def nearest_section(connection: AsyncConnection, asked: Asked) -> str | None:
    """Return the heading path of the passage that came nearest to a question."""
    if asked.version_id is None or not asked.passages:
        return None
    position, _ = asked.passages[0]
    found = await guidelines.passages_at(
        connection, asked.workspace_id, asked.version_id, [position]
    )
    return found[position].section if position in found else None


async def _cited(
    connection: AsyncConnection, asked: Asked, edition: Edition | None
) -> tuple[Cited, ...]:
    if edition is None:
        return ()
    return tuple(
        _quoted(passage, asked.text, edition.base_url)
        for passage in await passages(connection, asked)
    )


def _quoted(passage: Passage, question: str, base_url: str | None) -> Cited:
    return Cited(
        section=passage.section,
        excerpt=excerpt(passage, question),
        url=link(base_url, passage),
    )


def shareable(asked: Asked) -> str | None:
    """Return the channel a private answer may be shown in: that of the command."""
    channel = asked.channel
    if not asked.private or channel is None or channel.startswith("D"):
        return None
    return channel
