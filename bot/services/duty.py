"""Questions that a person answers, from the side of those who do: a squad's managers and auditors.

Whom a question was passed to may answer it as well. Two people at once cannot take the same one.
"""

from typing import Final

from bot.clock import Clock
from bot.errors import BadInput, Conflict, NotFound
from bot.rules import escalations as rules
from bot.rules import roles
from bot.rules.escalations import (
    ANSWER_FIELD,
    ANSWER_LIMIT,
    NOTE_FIELD,
    NOTE_LIMIT,
    SECTION_FIELD,
    SECTION_LIMIT,
    TO_FIELD,
    Answered,
    AnswerForm,
    AnsweringSheet,
    Case,
    EscalationState,
    OpenCase,
    PassingSheet,
    Stored,
)
from bot.rules.findings import checked_text
from bot.rules.people import Caller, Role
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import escalating, lookup
from bot.services.guidelines import Guidelines
from bot.services.unit import Service, Unit
from bot.store import escalations, people, questions
from bot.store.database import Database

LISTED: Final = 20
SECTIONS: Final = 20
"""Guideline sections that an answer can cite from a menu; the nearest ones to the question."""


class Duty(Service):
    """Lets those on duty claim, answer, pass on and bring together what is asked."""

    def __init__(self, database: Database, clock: Clock, library: Guidelines) -> None:
        super().__init__(database, clock)
        self._library = library

    async def waiting(self, caller: Caller, squad_id: int) -> list[OpenCase]:
        """Return a squad's questions that wait for a person, oldest first. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.ANSWER_QUESTION, squad_id)
            return await escalations.waiting(
                unit.tx, unit.workspace_id, [squad_id], unit.now, LISTED
            )

    async def read(self, caller: Caller, escalation_id: int) -> Case:
        """Return a question to whoever may answer it. Raises as `escalating.get`."""
        async with self.reading(caller) as unit:
            stored = await escalating.get(unit, escalation_id)
            return await _case(unit, stored)

    async def terms(self, caller: Caller, where: Where) -> tuple[Squad, int | None, str | None]:
        """Return a squad, its promise in working minutes (None: the default) and interim rule.

        For whoever arranges the squad. Raises as `lookup.managed_squad`.
        """
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            return squad, *await escalations.terms(unit.tx, unit.workspace_id, squad.id)

    async def set_terms(
        self, caller: Caller, where: Where, minutes: int | None, rule: str | None
    ) -> tuple[Squad, int]:
        """Change a squad's promise and rule; return the squad and the minutes that count now.

        Raises as `lookup.managed_squad`, and BadInput("text_too_long").
        """
        said = checked_text(rule, rules.RULE_LIMIT, "interim_rule")
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            await escalations.set_terms(
                unit.tx, unit.workspace_id, squad.id, answer_minutes=minutes, interim_rule=said
            )
            await unit.log("squad.changed", squad_id=squad.id, fields=["answer_time"])
            return squad, minutes or int(rules.ANSWER_WITHIN.total_seconds()) // 60

    async def claim(self, caller: Caller, escalation_id: int) -> None:
        """Say that one answers a question; the claim ends by itself after a while.

        Claimed again by the same person it begins anew. Raises as `escalating.get`, and Conflict
        ("answered_already", "escalation_closed", "claimed_by_other").
        """
        async with self.writing(caller) as unit:
            stored = await escalating.get(unit, escalation_id, change=True)
            await _mine_to_take(unit, stored)
            until = unit.now + rules.CLAIM_FOR
            await escalations.change(
                unit.tx,
                unit.workspace_id,
                escalation_id,
                {
                    "state": EscalationState.CLAIMED.value,
                    "claimed_by": unit.actor.person_id,
                    "claimed_at": unit.now,
                    "claimed_until": until,
                },
            )
            await unit.log(
                "question.claimed", squad_id=stored.squad_id, escalation_id=escalation_id
            )
            await escalating.refresh(unit, escalation_id, again_at=until)

    async def answering(self, caller: Caller, escalation_id: int) -> AnsweringSheet:
        """Return what the answer's form is made of. Raises as `claim`."""
        async with self.reading(caller) as unit:
            stored = await escalating.get(unit, escalation_id)
            await _mine_to_take(unit, stored)
            case = await _case(unit, stored)
        return AnsweringSheet(case=case, sections=await self._sections(case))

    async def sections(self, caller: Caller, escalation_id: int) -> tuple[str, ...]:
        """Return the guideline sections that an answer's form offers, in its order.

        Raises as `escalating.get`.
        """
        return await self._sections(await self.read(caller, escalation_id))

    async def _sections(self, case: Case) -> tuple[str, ...]:
        stored = case.stored
        if stored.project_id is None:
            return ()
        try:
            found = await self._library.answer(
                stored.workspace_id, stored.project_id, case.project, case.text, SECTIONS
            )
        except NotFound:
            return ()
        return tuple(dict.fromkeys(each.passage.section for each in found.passages))

    async def answer(self, caller: Caller, form: AnswerForm, key: str | None) -> Answered:
        """Answer a question: all who wait hear it where they asked; sent twice it is one answer.

        Raises as `claim`, and BadInput("empty_text", "text_too_long").
        """
        text = checked_text(form.text, ANSWER_LIMIT, ANSWER_FIELD)
        section = checked_text(form.section, SECTION_LIMIT, SECTION_FIELD)
        if text is None:
            raise BadInput("empty_text", field=ANSWER_FIELD)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is not None:
                return Answered(
                    askers=int(prior["askers"]), keep=bool(prior["keep"]), edge=bool(prior["edge"])
                )
            stored = await escalating.get(unit, form.escalation_id, change=True)
            await _mine_to_take(unit, stored)
            await escalations.change(
                unit.tx,
                unit.workspace_id,
                form.escalation_id,
                {
                    "state": EscalationState.ANSWERED.value,
                    "answer": text,
                    "answer_section": section,
                    "answered_by": unit.actor.person_id,
                    "answered_at": unit.now,
                },
            )
            asked = await questions.asked_of(unit.tx, unit.workspace_id, form.escalation_id)
            told = await escalating.tell_askers(unit, asked)
            keep, edge = await escalating.keep(unit, stored, asked[0], text, section, form)
            await escalating.done(unit, stored)
            await unit.log(
                "question.answered", squad_id=stored.squad_id, escalation_id=form.escalation_id
            )
            await unit.finish(key, askers=told, keep=keep, edge=edge)
            return Answered(askers=told, keep=keep, edge=edge)

    async def passing(self, caller: Caller, escalation_id: int) -> PassingSheet:
        """Return to whom a question can be passed.

        Raises as `claim`, Conflict("nobody_outside").
        """
        async with self.reading(caller) as unit:
            stored = await escalating.get(unit, escalation_id)
            await _mine_to_take(unit, stored)
            counts = {
                role: len(
                    await escalations.on_duty(unit.tx, unit.workspace_id, stored.squad_id, [role])
                )
                for role in rules.OUTSIDE
            }
            if not any(counts.values()):
                raise Conflict("nobody_outside")
            return PassingSheet(
                case=await _case(unit, stored),
                delivery=counts[Role.DELIVERY],
                client=counts[Role.CLIENT],
            )

    async def pass_on(
        self, caller: Caller, escalation_id: int, to: Role, note: str | None, key: str | None
    ) -> None:
        """Pass a question on to the delivery team or the client, with a clock of its own.

        Raises as `passing`, and BadInput("pass_to_whom", "text_too_long").
        """
        said = checked_text(note, NOTE_LIMIT, NOTE_FIELD)
        if to not in rules.OUTSIDE:
            raise BadInput("pass_to_whom", field=TO_FIELD)
        async with self.writing(caller) as unit:
            if await unit.begin(key) is not None:
                return
            stored = await escalating.get(unit, escalation_id, change=True)
            await _mine_to_take(unit, stored)
            found = await escalations.on_duty(unit.tx, unit.workspace_id, stored.squad_id, [to])
            reach = await escalating.calendars(unit.tx, unit.workspace_id, found, unit.now)
            if not reach:
                raise Conflict("nobody_outside")
            promised = rules.promise(reach, unit.now, rules.PASSED_WITHIN)
            await escalations.change(
                unit.tx,
                unit.workspace_id,
                escalation_id,
                {
                    "state": EscalationState.PASSED.value,
                    "passed_role": to.value,
                    "passed_by": unit.actor.person_id,
                    "passed_note": said,
                    "passed_at": unit.now,
                    "passed_due_at": promised.due_at,
                },
            )
            await escalating.pass_to(unit, stored, reach, promised.due_at)
            await unit.log("question.passed", squad_id=stored.squad_id, escalation_id=escalation_id)
            await unit.finish(key, escalation_id=escalation_id)
            await escalating.refresh(unit, escalation_id)

    async def others(self, caller: Caller, escalation_id: int) -> tuple[Case, list[OpenCase]]:
        """Return a question and those it may ask the same as. Raises as `claim`."""
        async with self.reading(caller) as unit:
            stored = await escalating.get(unit, escalation_id)
            rules.require_waiting(stored)
            found = await escalations.waiting(
                unit.tx, unit.workspace_id, [stored.squad_id], unit.now, LISTED + 1
            )
            others = [each for each in found if each.escalation_id != escalation_id]
            if not others:
                raise Conflict("no_other_question")
            return await _case(unit, stored), others

    async def merge(self, caller: Caller, escalation_id: int, into: int) -> None:
        """Say that a question asks the same as another, whose answer all then wait for.

        Raises as `claim`, NotFound("escalation_gone").
        """
        async with self.writing(caller) as unit:
            stored = await escalating.get(unit, escalation_id, change=True)
            target = await escalating.get(unit, into, change=True)
            if target.squad_id != stored.squad_id or escalation_id == into:
                raise NotFound("escalation_gone")
            rules.require_waiting(stored)
            rules.require_waiting(target)
            await escalations.move(unit.tx, unit.workspace_id, escalation_id, into)
            await escalating.close(unit, stored, EscalationState.MERGED)
            await unit.log(
                "question.merged",
                squad_id=stored.squad_id,
                escalation_id=escalation_id,
                into=into,
            )
            await escalating.refresh(unit, into)


async def _mine_to_take(unit: Unit, stored: Stored) -> None:
    """Raise Conflict if it waits no more, or somebody else is answering it now."""
    rules.require_waiting(stored)
    if stored.claimed_by_other(unit.actor.person_id):
        named = await people.refs(unit.tx, [stored.claimed_by or 0])
        name = next((each.name for each in named.values()), "")
        raise Conflict("claimed_by_other", name=name)


async def _case(unit: Unit, stored: Stored) -> Case:
    found = await escalating.case_of(unit.tx, stored, unit.actor.zone)
    if found is None:
        raise NotFound("escalation_gone")
    return found
