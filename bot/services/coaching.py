"""Coaching: telling a member something, which they may thank for and, if praised, share."""

from datetime import timedelta
from typing import Final

from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.arrival import Reach
from bot.rules.budget import DeliveryClass
from bot.rules.coaching import (
    BODY_FIELD,
    BODY_LIMIT,
    PERSON_FIELD,
    CoachChoice,
    Coached,
    CoachForm,
    CoachingKind,
    CoachingNote,
)
from bot.rules.findings import checked_text
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.services.arrival import foresee
from bot.services.unit import Service, Unit
from bot.store import coaching, findings, people, today

MESSAGE: Final = "coaching.message"
SHARED: Final = "coaching.shared"

LISTED: Final = 100
"""Members that a menu can offer; whoever is not among them is named by mention."""


class Coaching(Service):
    """Keeps what members are told; it is private unless the praised person shares it."""

    async def choices(
        self, caller: Caller, *, user_id: str | None = None, channel: str | None = None
    ) -> list[CoachChoice]:
        """Return whom a manager or auditor may coach, once for each squad.

        With `user_id` that person only, in the squad of the `channel` if they share it. Raises
        NotAllowed("not_allowed_coach", "own_coaching") and NotFound("not_a_member", "nobody_here").
        """
        async with self.reading(caller) as unit:
            where = [
                membership.squad_id
                for membership in unit.actor.memberships
                if roles.may(unit.actor, Act.COACH, membership.squad_id)
            ]
            if not where:
                raise NotAllowed("not_allowed_coach")
            person_id = None if user_id is None else await _member(unit, user_id)
            found = await coaching.choices(
                unit.tx,
                unit.workspace_id,
                where,
                but_not=unit.actor.person_id,
                person_id=person_id,
                limit=LISTED,
            )
            if not found:
                raise NotFound("nobody_here" if user_id is None else "not_a_member")
            here = {
                membership.squad_id
                for membership in unit.actor.memberships
                if channel in membership.channels
            }
            of_channel = [choice for choice in found if choice.squad_id in here]
            return of_channel if user_id and of_channel else found

    async def give(
        self, caller: Caller, form: CoachForm, key: str | None, window: timedelta | None = None
    ) -> Coached:
        """Keep what a manager or auditor says to a member of their squad, and tell the member.

        Raises NotAllowed("not_allowed_coach", "own_coaching"), NotFound("not_a_member"),
        BadInput("empty_text", "text_too_long").
        """
        async with self.writing(caller) as unit:
            prior = await unit.begin(key, window)
            if prior is not None:
                return await _coached(unit, int(prior["coaching_id"]))
            roles.require(unit.actor, Act.COACH, form.squad_id)
            if form.person_id == unit.actor.person_id:
                raise NotAllowed("own_coaching", field=PERSON_FIELD)
            checked = await _checked(unit, form)
            coaching_id = await coaching.add(
                unit.tx, unit.workspace_id, checked, unit.actor.person_id, unit.now
            )
            await unit.send(
                Intent(
                    kind=MESSAGE,
                    delivery_class=DeliveryClass.NOW,
                    person_id=form.person_id,
                    squad_id=form.squad_id,
                    ids={"coaching_id": coaching_id},
                    dedupe_key=message_key(coaching_id),
                )
            )
            await unit.log(
                "coaching.given",
                squad_id=form.squad_id,
                person_id=form.person_id,
                coaching_id=coaching_id,
            )
            await unit.finish(key, coaching_id=coaching_id)
            return await _coached(unit, coaching_id)

    async def thank(self, caller: Caller, coaching_id: int, *, in_place: bool) -> CoachingNote:
        """Write that its reader read it; once more changes nothing.

        With `in_place` the door changes the message that was clicked. Raises
        NotFound("no_coaching"), NotAllowed("not_your_coaching").
        """
        async with self.writing(caller) as unit:
            await _own(unit, coaching_id)
            if await coaching.acknowledge(unit.tx, unit.workspace_id, coaching_id, unit.now):
                await unit.log("coaching.acknowledged", coaching_id=coaching_id)
                await _refresh(unit, coaching_id, lines_only=in_place)
            return await _own(unit, coaching_id)

    async def share(self, caller: Caller, coaching_id: int, *, in_place: bool) -> CoachingNote:
        """Show praise in the team channel, because the praised person said so; once only.

        Raises as `thank` does, and Conflict("only_praise_is_shared", "no_team_channel").
        """
        async with self.writing(caller) as unit:
            note = await _own(unit, coaching_id)
            if note.kind is not CoachingKind.PRAISE:
                raise Conflict("only_praise_is_shared")
            if note.team_channel is None:
                raise Conflict("no_team_channel")
            if await coaching.share(unit.tx, unit.workspace_id, coaching_id, unit.now):
                await unit.send(
                    Intent(
                        kind=SHARED,
                        delivery_class=DeliveryClass.ANSWER,
                        channel=note.team_channel,
                        squad_id=note.squad_id,
                        ids={"coaching_id": coaching_id},
                        dedupe_key=f"{SHARED}:{coaching_id}",
                    )
                )
                await unit.log("coaching.shared", squad_id=note.squad_id, coaching_id=coaching_id)
                await _refresh(unit, coaching_id, lines_only=in_place)
            return await _own(unit, coaching_id)

    async def own_note(self, caller: Caller, coaching_id: int) -> CoachingNote:
        """Return what was said to the caller. Raises as `thank` does."""
        async with self.reading(caller) as unit:
            return await _own(unit, coaching_id)

    async def note(self, workspace_id: int, coaching_id: int) -> CoachingNote | None:
        """Return what was said, for whoever renders a message."""
        async with self._database.read() as connection:
            return await coaching.get(connection, workspace_id, coaching_id)


def message_key(coaching_id: int) -> str:
    """Return the dedupe key of the one message about it."""
    return f"{MESSAGE}:{coaching_id}"


async def _member(unit: Unit, user_id: str) -> int:
    known = await people.by_user_ids(unit.tx, unit.workspace_id, [user_id])
    if user_id not in known:
        raise NotFound("not_a_member")
    if known[user_id].person_id == unit.actor.person_id:
        raise NotAllowed("own_coaching")
    return known[user_id].person_id


async def _checked(unit: Unit, form: CoachForm) -> CoachForm:
    body = checked_text(form.body, BODY_LIMIT, BODY_FIELD)
    if body is None:
        raise BadInput("empty_text", field=BODY_FIELD)
    there = await coaching.choices(
        unit.tx,
        unit.workspace_id,
        [form.squad_id],
        but_not=unit.actor.person_id,
        person_id=form.person_id,
        limit=1,
    )
    if not there:
        raise NotFound("not_a_member", field=PERSON_FIELD)
    return CoachForm(squad_id=form.squad_id, person_id=form.person_id, kind=form.kind, body=body)


async def _own(unit: Unit, coaching_id: int) -> CoachingNote:
    note = await coaching.get(unit.tx, unit.workspace_id, coaching_id)
    if note is None:
        raise NotFound("no_coaching")
    if note.person.person_id != unit.actor.person_id:
        raise NotAllowed("not_your_coaching")
    return note


async def _refresh(unit: Unit, coaching_id: int, *, lines_only: bool) -> None:
    """Change the message that told the person, or tick off its line in Today."""
    key = message_key(coaching_id)
    if await today.tick(unit.tx, unit.workspace_id, key, unit.now) or lines_only:
        return
    told = await findings.delivery(unit.tx, unit.workspace_id, key)
    if told is None or told.state is not DeliveryState.SENT:
        return
    await unit.send(
        Intent(
            kind=MESSAGE,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=unit.actor.person_id,
            squad_id=told.squad_id,
            ids={"coaching_id": coaching_id},
            target_id=told.id,
        )
    )


async def _coached(unit: Unit, coaching_id: int) -> Coached:
    note = await coaching.get(unit.tx, unit.workspace_id, coaching_id)
    if note is None:
        raise RuntimeError(f"coaching {coaching_id} is not where it was stored")
    arrival, _ = await foresee(unit, note.person.person_id, note.squad_id)
    if arrival.reach is Reach.NOT_IN_SLACK:
        raise NotFound("not_a_member")
    return Coached(coaching_id=coaching_id, kind=note.kind, person=note.person, arrival=arrival)
