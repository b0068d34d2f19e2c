"""Questions that a person answers, from the side of those who ask: asked, joined, withdrawn.

Whoever asks may stay unnamed; `services.duty` is the side of those who answer.
"""

import asyncio
from typing import Final

from bot.clock import Clock
from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import escalations as rules
from bot.rules.escalations import (
    TASK_FIELD,
    TASK_LIMIT,
    AskingSheet,
    Case,
    Escalated,
    EscalationForm,
    EscalationState,
)
from bot.rules.findings import checked_text
from bot.rules.people import Caller
from bot.rules.questions import Asked
from bot.services import answering, escalating
from bot.services.kept import MOST, Likeness
from bot.services.unit import Service, Unit
from bot.store import escalations, people, projects, questions
from bot.store.database import Database

SIMILAR: Final = 3
"""Open questions that an asker is offered to join."""


class Escalations(Service):
    """Takes people's questions to those who answer."""

    def __init__(self, database: Database, clock: Clock, likeness: Likeness) -> None:
        super().__init__(database, clock)
        self._likeness = likeness

    async def asking(self, caller: Caller, question_id: int) -> AskingSheet:
        """Return what the form is made of in which the asker takes a question to a person.

        Raises NotFound("question_gone"), NotAllowed("not_your_question"), Conflict
        ("asked_already", "nobody_to_ask").
        """
        async with self.reading(caller) as unit:
            asked = await _to_ask(unit, question_id)
            project = await projects.get(unit.tx, unit.workspace_id, asked.project_id or 0)
            waiting = await escalations.waiting(
                unit.tx, unit.workspace_id, [asked.squad_id or 0], unit.now, MOST
            )
        texts = [each.text for each in waiting]
        alike = await asyncio.to_thread(self._likeness.alike, texts, asked.text, SIMILAR)
        return AskingSheet(
            question_id=question_id,
            text=asked.text,
            project=project.name if project else "",
            private=asked.private,
            similar=tuple(waiting[position] for position in alike),
        )

    async def ask(self, caller: Caller, form: EscalationForm, key: str | None) -> Escalated:
        """Take a question to those who answer in its squad; sent twice it is taken once.

        Raises as `asking`, and BadInput("text_too_long").
        """
        task = checked_text(form.task, TASK_LIMIT, TASK_FIELD)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return await self._receipt(unit, int(prior["escalation_id"]))
            asked = await _to_ask(unit, form.question_id)
            squad_id = asked.squad_id or 0
            me = unit.actor.person_id
            on_duty = await escalating.duty(unit.tx, unit.workspace_id, squad_id, me, unit.now)
            promised, _ = await escalating.squad_promise(
                unit.tx, unit.workspace_id, squad_id, on_duty, unit.now
            )
            escalation_id = await escalations.open_case(
                unit.tx,
                asked,
                promised,
                squad_id=squad_id,
                named=form.named,
                task=task,
                section=await answering.nearest_section(unit.tx, asked),
                now=unit.now,
            )
            stored = await escalating.get_any(unit, escalation_id)
            await escalating.announce(unit, stored, on_duty, promised)
            await unit.log("question.escalated", squad_id=squad_id, escalation_id=escalation_id)
            await unit.finish(key, escalation_id=escalation_id)
            return await self._receipt(unit, escalation_id)

    async def join(self, caller: Caller, question_id: int, escalation_id: int) -> Escalated:
        """Let the asker of a question wait for the answer to an open one that asks the same.

        Raises as `asking`, and Conflict("answered_already", "escalation_closed").
        """
        async with self.writing(caller) as unit:
            asked = await _own(unit, question_id)
            if asked.escalation_id == escalation_id:
                return await self._receipt(unit, escalation_id, joined=True)
            asked = await _to_ask(unit, question_id)
            stored = await escalations.lock(unit.tx, unit.workspace_id, escalation_id, unit.now)
            if stored is None or stored.squad_id != asked.squad_id:
                raise NotFound("escalation_gone")
            rules.require_waiting(stored)
            await escalations.wait_for(unit.tx, unit.workspace_id, question_id, escalation_id)
            await unit.log("question.joined", squad_id=stored.squad_id, escalation_id=escalation_id)
            await escalating.refresh(unit, escalation_id)
            return await self._receipt(unit, escalation_id, joined=True)

    async def withdraw(self, caller: Caller, question_id: int) -> None:
        """Let an asker wait no longer; alone with it, the question is closed.

        Raises NotFound("question_gone"), NotAllowed("not_your_question"), Conflict
        ("answered_already", "escalation_closed").
        """
        async with self.writing(caller) as unit:
            asked = await _own(unit, question_id)
            if asked.escalation_id is None:
                raise Conflict("escalation_closed")
            stored = await escalations.lock(
                unit.tx, unit.workspace_id, asked.escalation_id, unit.now
            )
            if stored is None:
                raise NotFound("escalation_gone")
            rules.require_waiting(stored)
            waiting = await questions.asked_of(unit.tx, unit.workspace_id, stored.escalation_id)
            if len(waiting) == 1:
                await escalating.close(unit, stored, EscalationState.WITHDRAWN)
            else:
                await escalations.wait_for(unit.tx, unit.workspace_id, question_id, None)
                await escalating.refresh(unit, stored.escalation_id)
            await unit.log(
                "question.withdrawn",
                squad_id=stored.squad_id,
                escalation_id=stored.escalation_id,
            )

    async def _receipt(self, unit: Unit, escalation_id: int, *, joined: bool = False) -> Escalated:
        """Return what the asker is told of a question that waits for a person."""
        stored = await escalating.get_any(unit, escalation_id)
        me = unit.actor.person_id
        on_duty = await escalating.duty(unit.tx, unit.workspace_id, stored.squad_id, me, unit.now)
        promised, rule = await escalating.squad_promise(
            unit.tx, unit.workspace_id, stored.squad_id, on_duty, unit.now
        )
        reader = promised.reader_id
        named = await people.refs(unit.tx, [] if reader is None else [reader])
        mine = await escalating.calendars(unit.tx, unit.workspace_id, [me], unit.now)
        return Escalated(
            escalation_id=escalation_id,
            reader=named.get(reader or 0),
            read_at=promised.read_at,
            due_at=stored.due_at,
            zone=mine[me].zone if me in mine else unit.actor.zone or "UTC",
            interim_rule=rule,
            task=stored.task,
            joined=joined,
        )

    # For messages: what holds when their turn comes.

    async def case(self, workspace_id: int, escalation_id: int) -> Case | None:
        """Return a question as those who answer read it; None if it is gone."""
        now = self._clock.now()
        async with self._database.read() as connection:
            stored = await escalations.get(connection, workspace_id, escalation_id, now)
            return None if stored is None else await escalating.case_of(connection, stored)


async def _own(unit: Unit, question_id: int) -> Asked:
    asked = await questions.get(unit.tx, unit.workspace_id, question_id)
    if asked is None:
        raise NotFound("question_gone")
    if asked.asker_id != unit.actor.person_id:
        raise NotAllowed("not_your_question")
    return asked


async def _to_ask(unit: Unit, question_id: int) -> Asked:
    """Return one's own question that no person was asked yet."""
    asked = await _own(unit, question_id)
    if asked.escalation_id is not None:
        raise Conflict("asked_already")
    if asked.squad_id is None or asked.project_id is None:
        raise NotFound("question_gone")
    able = await escalations.on_duty(
        unit.tx, unit.workspace_id, asked.squad_id, escalating.ANSWERERS
    )
    if not set(able) - {unit.actor.person_id}:
        raise Conflict("nobody_to_ask")
    return asked
