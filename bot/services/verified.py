"""Verified answers: looked at again before they expire, and when their section changed."""

from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.escalations import ANSWER_FIELD, ANSWER_LIMIT
from bot.rules.findings import checked_text
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.rules.verified import ReviewForm, Verified, VerifiedNote, VerifiedState
from bot.services import answering, escalating
from bot.services.unit import Service, Unit
from bot.store import guidelines, today, verified


class VerifiedAnswers(Service):
    """Whoever answers questions in the squad may confirm, change or drop an answer that is kept."""

    async def read(self, caller: Caller, verified_id: int) -> VerifiedNote:
        """Return a kept answer to whoever may change it. Raises as `_mine`."""
        async with self.reading(caller) as unit:
            found = await _mine(unit, verified_id)
            return await answering.note(unit.tx, found, unit.now)

    async def review(self, caller: Caller, form: ReviewForm, key: str | None) -> VerifiedNote:
        """Drop an answer, or keep it for another quarter with these words.

        Sent twice it is done once. Raises as `_mine`, BadInput("empty_text", "text_too_long"),
        Conflict("verified_dropped").
        """
        text = checked_text(form.text, ANSWER_LIMIT, ANSWER_FIELD)
        if text is None and not form.drop:
            raise BadInput("empty_text", field=ANSWER_FIELD)
        async with self.writing(caller) as unit:
            found = await _mine(unit, form.verified_id)
            if await unit.begin(key) is None:
                if found.state is VerifiedState.DROPPED:
                    raise Conflict("verified_dropped")
                await _decide(unit, found, text, drop=form.drop)
                await unit.finish(key, verified_id=form.verified_id)
            after = await _mine(unit, form.verified_id)
            return await answering.note(unit.tx, after, unit.now)

    async def note(self, workspace_id: int, verified_id: int) -> VerifiedNote | None:
        """Return a kept answer for a message whose turn has come; None if it is gone."""
        async with self._database.read() as connection:
            found = await verified.get(connection, workspace_id, verified_id)
            if found is None:
                return None
            return await answering.note(connection, found, self._clock.now())


async def _decide(unit: Unit, found: Verified, text: str | None, *, drop: bool) -> None:
    key = (unit.tx, unit.workspace_id)
    for line in escalating.lines_about(found):
        await today.tick(*key, line, unit.now)
    if drop:
        await verified.set_state(*key, [found.verified_id], VerifiedState.DROPPED)
        await unit.log("verified.dropped", squad_id=found.squad_id, verified_id=found.verified_id)
        return
    edition = await guidelines.newest(*key, found.project_id)
    expires_at = await verified.renew(
        *key,
        found.verified_id,
        answer=text or found.answer,
        version_id=edition.edition_id if edition else None,
        verifier_id=unit.actor.person_id,
        now=unit.now,
    )
    await unit.send(escalating.ask_again(found.verified_id, unit.actor.person_id, expires_at))
    await unit.log("verified.confirmed", squad_id=found.squad_id, verified_id=found.verified_id)


async def _mine(unit: Unit, verified_id: int) -> Verified:
    """Return an answer that the actor may change: its verifier's, or of a squad they answer in.

    Raises NotFound("verified_gone"), NotAllowed("not_allowed_answer_question").
    """
    found = await verified.get(unit.tx, unit.workspace_id, verified_id)
    if found is None:
        raise NotFound("verified_gone")
    able = found.verifier_id == unit.actor.person_id or roles.may(
        unit.actor, Act.ANSWER_QUESTION, found.squad_id
    )
    if not able:
        raise NotAllowed("not_allowed_answer_question")
    return found
