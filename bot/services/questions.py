"""Questions: asked anywhere, answered from passages at once, voted on, and shared if wished.

A private question stays its asker's: what is stored of it is shown with a name to nobody else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.errors import BadInput, NotAllowed, NotFound
from bot.knowledge.context import with_context
from bot.rules.budget import DeliveryClass
from bot.rules.composing import Composer
from bot.rules.findings import checked_text
from bot.rules.guidelines import Answer
from bot.rules.outbox import Intent
from bot.rules.people import Actor, Caller
from bot.rules.questions import (
    ANSWER,
    COMPOSED,
    FOLLOWED_FOR,
    MISSING_FIELD,
    MISSING_LIMIT,
    SHOWN,
    Ask,
    Asked,
    AskedVia,
    NewQuestion,
    Outcome,
    Place,
    Scope,
    Told,
    WhichProject,
    choose_scopes,
    question_text,
    scope_in,
)
from bot.services import answering
from bot.services.guidelines import Guidelines
from bot.services.kept import MOST, Likeness
from bot.services.unit import Service, Unit
from bot.store import edge_cases, outbox, questions, verified
from bot.store.database import Database

SAME_COMMAND: Final = timedelta(seconds=30)
"""People press Enter again when Slack is slow; what they typed within this is one question."""


class Questions(Service):
    """Everybody may ask about the projects of their squads, and sees their own questions."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        library: Guidelines,
        likeness: Likeness,
        composer: Composer | None = None,
    ) -> None:
        super().__init__(database, clock)
        self._library = library
        self._likeness = likeness
        self._composer = composer

    async def ask(self, caller: Caller, ask: Ask, key: str | None) -> Told | WhichProject:
        """Store a question and what was found for it; queue the answer unless the door gives it.

        Raises as `question_text` and `choose_scopes`.
        """
        text = question_text(ask.text)
        async with self.reading(caller) as unit:
            before = await answering.earlier(unit, ask)
            chosen = await answering.scopes(unit, ask, before)
            actor = unit.actor
        found = _new(actor, text, ask.via, ask.place, before.question_id if before else None)
        if len(chosen) == 1:
            earlier = [before.text] if before else []
            found = await self._found(actor, found, chosen[0], earlier)
        window = SAME_COMMAND if ask.via is AskedVia.COMMAND else None
        async with self.writing_as(actor) as unit:
            prior = await unit.begin(key, window)
            if prior is None:
                question_id = await questions.add(unit.tx, unit.workspace_id, found, unit.now)
                await answering.queue(unit, question_id, found)
                await unit.finish(key, question_id=question_id)
            else:
                question_id = int(prior["question_id"])
        if len(chosen) > 1:
            return WhichProject(question_id=question_id, scopes=chosen)
        return await self._told(actor, question_id)

    async def about(self, caller: Caller, question_id: int, squad_id: int, project_id: int) -> Told:
        """Answer a question whose asker says only now which project it is about.

        Said twice it is answered once. Raises NotFound("question_gone", "project_gone"),
        NotAllowed("not_your_question").
        """
        async with self.reading(caller) as unit:
            asked = await _own(unit, question_id)
            open_to = choose_scopes(
                unit.actor, await questions.scopes(unit.tx, unit.workspace_id), None
            )
            scope = scope_in(open_to, squad_id, project_id)
            before = await answering.context(unit.tx, asked)
            actor = unit.actor
        if scope is None:
            raise NotFound("project_gone")
        if asked.outcome is Outcome.WAITING:
            new = _new(actor, asked.text, asked.via, asked.place, asked.context_id)
            found = await self._found(actor, new, scope, before)
            async with self.writing_as(actor) as unit:
                placed = await questions.place(unit.tx, unit.workspace_id, question_id, found)
                if placed and not found.private:  # a private one is answered where it was asked
                    await answering.queue(unit, question_id, found)
        return await self._told(actor, question_id)

    async def _found(
        self, actor: Actor, new: NewQuestion, scope: Scope, before: Sequence[str]
    ) -> NewQuestion:
        """Look the question up: among what experts said before, then in the guidelines."""
        placed = replace(new, squad_id=scope.squad_id, project_id=scope.project_id)
        asked = with_context(new.text, before)
        placed = await self._said_before(placed, actor.workspace_id, asked)
        try:
            answer = await self._library.answer(
                actor.workspace_id, scope.project_id, scope.project, asked, SHOWN
            )
        except NotFound:
            known = placed.outcome is not Outcome.WAITING
            return placed if known else replace(placed, outcome=Outcome.UNLOADED)
        return replace(
            placed,
            version_id=answer.edition_id,
            outcome=_outcome(answer) if placed.outcome is Outcome.WAITING else placed.outcome,
            confidence=answer.confidence,
            passages=tuple((each.position, each.score) for each in answer.passages),
        )

    async def _said_before(self, new: NewQuestion, workspace_id: int, text: str) -> NewQuestion:
        """Add the kept answer, or else the logged case, that the question asks for again."""
        if new.project_id is None:
            return new
        async with self._database.read() as connection:
            given = await verified.given(
                connection, workspace_id, new.project_id, self._clock.now(), MOST
            )
            cases = await edge_cases.of_project(connection, workspace_id, new.project_id, MOST)
        asked = [each.question for each in given]
        best = await asyncio.to_thread(self._likeness.nearest, asked, text)
        if best is not None:
            kept = given[best].verified_id
            return replace(new, outcome=Outcome.VERIFIED, verified_id=kept)
        titles = [each.title for each in cases]
        best = await asyncio.to_thread(self._likeness.nearest, titles, text)
        if best is not None:
            return replace(new, outcome=Outcome.EDGE, edge_id=cases[best].edge_id)
        return new

    async def compose(self, caller: Caller, question_id: int) -> Told | None:
        """Let a model put an answer into words; None where there is no model or nothing to say.

        The passages stand meanwhile, and stay if nothing usable comes. What was sent is changed.
        Raises as `own`.
        """
        if self._composer is None:
            return None
        async with self.reading(caller) as unit:
            asked = await _own(unit, question_id)
            workspace_id = unit.workspace_id
            if asked.outcome not in COMPOSED or asked.composed is not None:
                return None
            passages = await answering.passages(unit.tx, asked)
            before = await answering.context(unit.tx, asked)
        composed = await self._composer.compose(with_context(asked.text, before), passages)
        async with self._database.write() as tx:
            now = self._clock.now()
            await questions.keep_composed(tx, workspace_id, question_id, composed, now)
            changed = await answering.changed(tx, asked)
            await outbox.add(tx, workspace_id, changed, now)
        return await self.answer(workspace_id, question_id)

    async def own(self, caller: Caller, question_id: int) -> Told:
        """Return an answer to its asker once more.

        Raises NotFound("question_gone"), NotAllowed("not_your_question").
        """
        async with self.reading(caller) as unit:
            await _own(unit, question_id)
        return await self._told(unit.actor, question_id)

    async def vote(
        self, caller: Caller, question_id: int, *, helpful: bool, missing: str | None = None
    ) -> Told:
        """Keep whether an answer helped; anybody who could read it may say so.

        Raises NotFound("question_gone"), NotAllowed("not_your_question"),
        BadInput("text_too_long").
        """
        said = checked_text(missing, MISSING_LIMIT, MISSING_FIELD)
        async with self.writing(caller) as unit:
            asked = await _seen(unit, question_id)
            await questions.vote(
                unit.tx,
                unit.workspace_id,
                asked.question_id,
                unit.actor.person_id,
                helpful=helpful,
                missing=said,
                now=unit.now,
            )
            actor = unit.actor
        return await self._told(actor, question_id)

    async def share(self, caller: Caller, question_id: int, key: str | None) -> str:
        """Show a private answer, with who asked, in the channel it was asked in; return that.

        Shared twice it is shown once. Raises as `own`, and BadInput("not_shareable").
        """
        async with self.writing(caller) as unit:
            asked = await _own(unit, question_id)
            channel = answering.shareable(asked)
            if channel is None:
                raise BadInput("not_shareable")
            if await unit.begin(key) is None:
                await unit.send(
                    Intent(
                        kind=ANSWER,
                        delivery_class=DeliveryClass.ANSWER,
                        channel=channel,
                        squad_id=asked.squad_id,
                        ids={"question_id": question_id, "shared": True},
                        dedupe_key=f"{answering.answer_key(question_id)}:shared",
                    )
                )
                await unit.finish(key, question_id=question_id)
            return channel

    async def follows(self, caller: Caller, channel: str, thread_ts: str) -> bool:
        """Tell whether the caller asked something in this thread lately; stores nothing."""
        since = self._clock.now() - FOLLOWED_FOR
        async with self._database.read() as connection:
            return await questions.began_thread(connection, caller, channel, thread_ts, since)

    # For messages: what holds when their turn comes.

    async def answer(self, workspace_id: int, question_id: int) -> Told | None:
        """Return an answer as its asker reads it; None if the question is gone."""
        async with self._database.read() as connection:
            asked = await questions.get(connection, workspace_id, question_id)
            return None if asked is None else await answering.tell(connection, asked)

    async def _told(self, actor: Actor, question_id: int) -> Told:
        found = await self.answer(actor.workspace_id, question_id)
        if found is None:
            raise NotFound("question_gone")
        return found


async def _own(unit: Unit, question_id: int) -> Asked:
    asked = await questions.get(unit.tx, unit.workspace_id, question_id)
    if asked is None:
        raise NotFound("question_gone")
    if asked.asker_id != unit.actor.person_id:
        raise NotAllowed("not_your_question")
    return asked


async def _seen(unit: Unit, question_id: int) -> Asked:
    """Return a question that the actor could read: their own, or one asked in a channel."""
    asked = await questions.get(unit.tx, unit.workspace_id, question_id)
    if asked is None:
        raise NotFound("question_gone")
    if asked.private and asked.asker_id != unit.actor.person_id:
        raise NotAllowed("not_your_question")
    return asked


def _outcome(answer: Answer) -> Outcome:
    if not answer.answerable or not answer.passages:
        return Outcome.NONE
    return Outcome.SURE if answer.sure else Outcome.UNSURE


def _new(
    actor: Actor, text: str, via: AskedVia, place: Place, context_id: int | None
) -> NewQuestion:
    """Return a question of which nothing is known yet."""
    return NewQuestion(
        squad_id=None,
        project_id=None,
        asker_id=actor.person_id,
        text=text,
        via=via,
        place=place,
        context_id=context_id,
        version_id=None,
        outcome=Outcome.WAITING,
        confidence=None,
        passages=(),
    )
