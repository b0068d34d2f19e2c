"""Who answers a question and what must be sent for it, planned for the services of both sides."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed, NotFound
from bot.rules import escalations as rules
from bot.rules import roles
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar, next_reachable_instant
from bot.rules.edge_cases import NewEdgeCase
from bot.rules.escalations import AnswerForm, Case, EscalationState, Promise, Stored
from bot.rules.findings import link_of
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.people import Role
from bot.rules.questions import Asked
from bot.rules.roles import Act
from bot.rules.verified import EXPIRING, GOOD_FOR, NewVerified, Verified, asks_at
from bot.services import answering
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
    squads,
    today,
    verified,
)

ANSWERERS = (Role.MANAGER, Role.AUDITOR)

_OUT = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def post_key(escalation_id: int) -> str:
    """Return the dedupe key of the one post in the questions channel."""
    return f"{rules.POST}:{escalation_id}"


def _key(kind: str, escalation_id: int, person_id: int, again: int = 0) -> str:
    return f"{kind}:{escalation_id}:{person_id}" + (f":{again}" if again else "")


async def calendars(
    connection: AsyncConnection, workspace_id: int, person_ids: Iterable[int], now: datetime
) -> dict[int, WorkCalendar]:
    """Return the calendars of people whom Slack can reach."""
    found = {}
    for person_id in person_ids:
        known = await recipients.recipient(connection, workspace_id, person_id, now)
        if known is not None and known.active and known.user_id is not None:
            found[person_id] = known.calendar
    return found


async def duty(
    connection: AsyncConnection, workspace_id: int, squad_id: int, but_not: int, now: datetime
) -> dict[int, WorkCalendar]:
    """Return who may answer in a squad, without whoever asks."""
    found = await escalations.on_duty(connection, workspace_id, squad_id, ANSWERERS)
    able = [person_id for person_id in found if person_id != but_not]
    return await calendars(connection, workspace_id, able, now)


async def squad_promise(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    on_duty: dict[int, WorkCalendar],
    now: datetime,
) -> tuple[Promise, str | None]:
    """Return what a squad promises now, and its interim rule."""
    minutes, rule = await escalations.terms(connection, workspace_id, squad_id)
    amount = timedelta(minutes=minutes) if minutes else rules.ANSWER_WITHIN
    return rules.promise(on_duty, now, amount), rule


async def announce(
    unit: Unit, stored: Stored, on_duty: dict[int, WorkCalendar], promised: Promise
) -> None:
    """Post the question where it is answered, and plan what reminds of it.

    Without a questions channel it goes to whoever is there first.
    """
    squad = await squads.get(unit.tx, unit.workspace_id, stored.squad_id)
    ids = {"escalation_id": stored.escalation_id}
    channel = squad.questions_channel if squad else None
    if channel is not None:
        await unit.send(
            Intent(
                kind=rules.POST,
                # What somebody just asked for goes out in a rehearsal as well.
                delivery_class=DeliveryClass.ANSWER,
                channel=channel,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=post_key(stored.escalation_id),
            )
        )
    elif promised.reader_id is not None:
        await unit.send(
            Intent(
                kind=rules.ASKED,
                delivery_class=DeliveryClass.NOW,
                person_id=promised.reader_id,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=_key(rules.ASKED, stored.escalation_id, promised.reader_id),
            )
        )
    await _remind(unit, stored, on_duty, promised)


async def _remind(
    unit: Unit, stored: Stored, on_duty: dict[int, WorkCalendar], promised: Promise
) -> None:
    ids = {"escalation_id": stored.escalation_id}
    for person_id in on_duty:
        if promised.half_at is not None:
            await unit.send(
                Intent(
                    kind=rules.HALF,
                    delivery_class=DeliveryClass.TODAY,
                    person_id=person_id,
                    squad_id=stored.squad_id,
                    ids=ids,
                    dedupe_key=_key(rules.HALF, stored.escalation_id, person_id),
                    not_before=promised.half_at,
                )
            )
    managers = await escalations.on_duty(
        unit.tx, unit.workspace_id, stored.squad_id, [Role.MANAGER]
    )
    for person_id in managers:
        if promised.due_at is not None:
            await unit.send(
                Intent(
                    kind=rules.OVERDUE,
                    delivery_class=DeliveryClass.NOW,
                    person_id=person_id,
                    squad_id=stored.squad_id,
                    ids=ids,
                    dedupe_key=_key(rules.OVERDUE, stored.escalation_id, person_id),
                    not_before=promised.due_at,
                )
            )


async def pass_to(
    unit: Unit, stored: Stored, to: dict[int, WorkCalendar], due_at: datetime | None
) -> None:
    """Tell those it was passed to, and whoever passed it when they are late."""
    again = int(unit.now.timestamp())
    ids = {"escalation_id": stored.escalation_id}
    for person_id in to:
        await unit.send(
            Intent(
                kind=rules.PASSED,
                delivery_class=DeliveryClass.NOW,
                person_id=person_id,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=_key(rules.PASSED, stored.escalation_id, person_id, again),
            )
        )
    if due_at is not None:
        await unit.send(
            Intent(
                kind=rules.PASSED_OVERDUE,
                delivery_class=DeliveryClass.TODAY,
                person_id=unit.actor.person_id,
                squad_id=stored.squad_id,
                ids=ids,
                dedupe_key=_key(
                    rules.PASSED_OVERDUE, stored.escalation_id, unit.actor.person_id, again
                ),
                not_before=due_at,
            )
        )


async def refresh(unit: Unit, escalation_id: int, *, again_at: datetime | None = None) -> None:
    """Change the post to what holds now, and once more at `again_at` (a claim ends by itself)."""
    told = await findings.delivery(unit.tx, unit.workspace_id, post_key(escalation_id))
    if told is None or told.state not in _OUT:
        return  # what still waits will be said as things stand by then
    for when in (None, again_at):
        if when is None or when > unit.now:
            await unit.send(
                Intent(
                    kind=rules.POST,
                    delivery_class=DeliveryClass.ANSWER,
                    operation=Operation.UPDATE,
                    channel=told.channel,
                    squad_id=told.squad_id,
                    ids={"escalation_id": escalation_id},
                    target_id=told.id,
                    not_before=when,
                )
            )
        if again_at is None:
            return


async def tick_off(unit: Unit, escalation_id: int, person_ids: Iterable[int]) -> None:
    """Tick off the lines about a question that waits no longer."""
    for person_id in person_ids:
        for kind in (rules.HALF, rules.OVERDUE):
            key = _key(kind, escalation_id, person_id)
            await today.tick(unit.tx, unit.workspace_id, key, unit.now)


async def tell_askers(unit: Unit, asked: Iterable[Asked]) -> int:
    """Send an answer to all who wait for it, each where they asked; return how many."""
    told = 0
    for each in asked:
        in_thread = not each.private and each.channel is not None
        when = None
        if not in_thread:
            known = await recipients.recipient(unit.tx, unit.workspace_id, each.asker_id, unit.now)
            if known is None or known.user_id is None:
                continue
            when = next_reachable_instant(known.calendar, unit.now)
        await unit.send(
            Intent(
                kind=rules.ANSWER,
                # They asked for it; only the night is kept free of it.
                delivery_class=DeliveryClass.ANSWER,
                channel=each.channel if in_thread else None,
                person_id=None if in_thread else each.asker_id,
                squad_id=each.squad_id,
                thread_ts=each.thread_ts if in_thread else None,
                ids={"question_id": each.question_id},
                dedupe_key=f"{rules.ANSWER}:{each.question_id}",
                not_before=when,
            )
        )
        told += 1
    return told


async def get(unit: Unit, escalation_id: int, *, change: bool = False) -> Stored:
    """Return a question to whoever may answer it. Raises NotFound, NotAllowed.

    With `change` nobody else changes it meanwhile. Those it was passed to may answer too.
    """
    read = escalations.lock if change else escalations.get
    found = await read(unit.tx, unit.workspace_id, escalation_id, unit.now)
    if found is None:
        raise NotFound("escalation_gone")
    passed = found.passed_role in unit.actor.roles_in(found.squad_id)
    if not passed and not roles.may(unit.actor, Act.ANSWER_QUESTION, found.squad_id):
        raise NotAllowed("not_allowed_answer_question")
    return found


async def case_of(
    connection: AsyncConnection, stored: Stored, zone: str | None = None
) -> Case | None:
    """Return a question as those who answer read it; None if its askers are gone.

    One that was brought together with another has no words of its own any more.
    """
    workspace_id = stored.workspace_id
    asked = await questions.asked_of(connection, workspace_id, stored.escalation_id)
    squad = await squads.get(connection, workspace_id, stored.squad_id)
    if squad is None or not (asked or stored.state is EscalationState.MERGED):
        return None
    project = None
    if stored.project_id is not None:
        project = await projects.get(connection, workspace_id, stored.project_id)
    told = await answering.tell(connection, asked[0]) if asked else None
    keys = [stored.claimed_by, stored.passed_by, stored.answered_by]
    named = await people.refs(connection, [key for key in keys if key is not None])
    template = project.link_template if project else None
    return Case(
        stored=stored,
        squad=squad.name,
        project=project.name if project else "",
        text=told.text if told else "",
        asker=told.asker if told and stored.named else None,
        others=max(0, len(asked) - 1),
        link=link_of(template, None, stored.task) if stored.task else None,
        passages=told.passages if told else (),
        claimed_by=named.get(stored.claimed_by or 0),
        passed_by=named.get(stored.passed_by or 0),
        answered_by=named.get(stored.answered_by or 0),
        zone=zone or squad.zone,
    )


async def close(unit: Unit, stored: Stored, state: EscalationState) -> None:
    """End a question without an answer."""
    await escalations.change(
        unit.tx, unit.workspace_id, stored.escalation_id, {"state": state.value}
    )
    await done(unit, stored)


async def done(unit: Unit, stored: Stored) -> None:
    """Tick off what reminds of a question that waits no more, and change its post."""
    reminded = await escalations.on_duty(unit.tx, unit.workspace_id, stored.squad_id, ANSWERERS)
    await tick_off(unit, stored.escalation_id, reminded)
    await refresh(unit, stored.escalation_id)


async def get_any(unit: Unit, escalation_id: int) -> Stored:
    """Return a question for whom another look has let in. Raises NotFound("escalation_gone")."""
    found = await escalations.get(unit.tx, unit.workspace_id, escalation_id, unit.now)
    if found is None:
        raise NotFound("escalation_gone")
    return found


async def keep(
    unit: Unit, stored: Stored, asked: Asked, text: str, section: str | None, form: AnswerForm
) -> tuple[bool, bool]:
    """Put an answer into knowledge and into the log of edge cases, as the form says.

    Returns which of both was done: a question without a project has neither.
    """
    if stored.project_id is None:
        return False, False
    edition = await guidelines.newest(unit.tx, unit.workspace_id, stored.project_id)
    if form.keep:
        verified_id = await verified.add(
            unit.tx,
            unit.workspace_id,
            NewVerified(
                project_id=stored.project_id,
                squad_id=stored.squad_id,
                escalation_id=stored.escalation_id,
                question=asked.text,
                answer=text,
                section=section,
                version_id=edition.edition_id if edition else None,
                verifier_id=unit.actor.person_id,
            ),
            unit.now,
        )
        await unit.send(ask_again(verified_id, unit.actor.person_id, unit.now + GOOD_FOR))
    if form.edge:
        await edge_cases.add(
            unit.tx,
            unit.workspace_id,
            NewEdgeCase(
                project_id=stored.project_id,
                squad_id=stored.squad_id,
                escalation_id=stored.escalation_id,
                title=asked.text,
                ruling=text,
                section=section,
                version=edition.version if edition else None,
                task=stored.task,
                ruled_by=unit.actor.person_id,
            ),
            unit.now,
        )
    return form.keep, form.edge


def ask_again(verified_id: int, verifier_id: int, expires_at: datetime) -> Intent:
    """Return the line that asks a verifier, before an answer expires, whether it still holds."""
    return Intent(
        kind=EXPIRING,
        delivery_class=DeliveryClass.TODAY,
        person_id=verifier_id,
        ids={"verified_id": verified_id},
        dedupe_key=f"{EXPIRING}:{verified_id}:{expires_at:%Y%m%d}",
        not_before=asks_at(expires_at),
    )


def look_again(found: Verified) -> Intent:
    """Return the line that asks a verifier about an answer whose section changed."""
    return Intent(
        kind=EXPIRING,
        delivery_class=DeliveryClass.TODAY,
        person_id=found.verifier_id,
        ids={"verified_id": found.verified_id},
        dedupe_key=lines_about(found)[1],
    )


def lines_about(found: Verified) -> tuple[str, ...]:
    """Return the dedupe keys of the lines that ask about an answer as it stands."""
    key = f"{EXPIRING}:{found.verified_id}"
    return (f"{key}:{found.expires_at:%Y%m%d}", f"{key}:r{found.verified_at:%Y%m%d%H%M%S}")
