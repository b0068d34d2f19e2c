"""The open door: notes that are kept without their author, and replies that are fetched.

The promise is the database alone: Slack knows who opened the form. What is written comes through
the door that brings no person; the token in the author's confirmation is kept only as its hash.
"""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, Conflict, NotFound
from bot.rules import pulse_notes as rules
from bot.rules import roles
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.people import Caller, PersonRef, Role
from bot.rules.pulse_notes import Note, NoteTo
from bot.rules.pulse_seals import mark
from bot.rules.roles import Act
from bot.rules.squads import Where
from bot.services import lookup
from bot.services.privacy import meant
from bot.services.unit import Service, Unit
from bot.store import ledger, outbox, people, pulse_notes, schedules, squads, workspaces


class Notes(Service):
    """Anybody in a squad writes; its managers, or the contact person, read and reply."""

    async def open_form(self, caller: Caller, where: Where) -> tuple[int, str, str, bool]:
        """Return (squad, its name, a new token, whether there is a contact person).

        Raises NotFound("no_squad", "unknown_squad"), BadInput("which_squad"), NotAllowed.
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            lookup.require_inside(unit.actor, squad)
            contact = await pulse_notes.contact(unit.tx, unit.workspace_id)
            return squad.id, squad.name, secrets.token_hex(20), contact is not None

    async def write(
        self, team_id: str, squad_id: int, token: str, to: NoteTo, text: str
    ) -> datetime:
        """Keep a note and return when it arrives; no person is part of it.

        Raises BadInput("empty_text", "pulse_long_note"), NotFound("squad_gone", "no_contact").
        """
        body, now = _checked(text, rules.TEXT_FIELD, rules.NOTE_LIMIT), self._clock.now()
        async with self._database.read() as connection:
            workspace_id = await pulse_notes.workspace_of(connection, team_id, squad_id)
            if workspace_id is None:
                raise NotFound("squad_gone")
            if to is NoteTo.CONTACT and not await pulse_notes.contact(connection, workspace_id):
                raise NotFound("no_contact")
            days = await schedules.calendar(connection, workspace_id, squad_id, now)
        if days is None:
            raise NotFound("squad_gone")
        arrives_at = rules.arrival(days, now)
        note = Note(mark=mark(token), squad_id=squad_id, recipient=to, text=body, reply=None)
        async with self._database.write() as tx:
            await pulse_notes.add(tx, workspace_id, note, arrives_at)
        return arrives_at

    async def replies(self, team_id: str, token: str) -> Note:
        """Return a note with its reply to whoever has its token. Raises NotFound("no_note")."""
        async with self._database.read() as connection:
            found = await pulse_notes.get(connection, team_id, mark(token))
        if found is None:
            raise NotFound("no_note")
        return found

    async def inbox(self, caller: Caller) -> list[Note]:
        """Return the notes that the caller may read. Raises NotFound("no_notes")."""
        async with self.reading(caller) as unit:
            found = await _readable(unit)
            if not found:
                raise NotFound("no_notes")
            return found

    async def answer(self, caller: Caller, marked: bytes, text: str) -> None:
        """Keep a reply for the author to fetch. Raises NotFound("no_note"), BadInput."""
        body = _checked(text, rules.REPLY_FIELD, rules.REPLY_LIMIT)
        async with self.writing(caller) as unit:
            if marked not in {each.mark for each in await _readable(unit)}:
                raise NotFound("no_note")
            await pulse_notes.reply(unit.tx, marked, body, unit.actor.person_id)

    async def step(self) -> bool:
        """Let notes arrive whose hour has come, and forget old ones. For the clock."""
        now = self._clock.now()
        async with self._database.read() as connection:
            due = await pulse_notes.due(connection, now)
        for workspace_id, squad_id, to, arrives_at in due:
            async with self._database.write() as tx:
                if not await pulse_notes.let_in(tx, squad_id, to, arrives_at):
                    continue
                members = await squads.members(tx, workspace_id, squad_id)
                contact = await pulse_notes.contact(tx, workspace_id)
                managers = [
                    key
                    for key, each in members.items()
                    if each.present and each.active and Role.MANAGER in each.roles
                ]
                readers = managers if to is NoteTo.MANAGERS else [contact] if contact else []
                intents = [
                    Intent(
                        kind=rules.ARRIVED,
                        delivery_class=DeliveryClass.TODAY,
                        person_id=reader,
                        squad_id=squad_id,
                        ids={"squad_id": squad_id},
                        dedupe_key=f"{rules.ARRIVED}:{squad_id}:{arrives_at.date()}:{reader}",
                    )
                    for reader in readers
                ]
                await outbox.add(tx, workspace_id, intents, now)
        return bool(due)

    async def forget(self) -> int:
        """Delete notes that are past their time."""
        async with self._database.write() as tx:
            return await pulse_notes.forget(tx, self._clock.now() - rules.KEPT)

    async def name_contact(self, caller: Caller, user_id: str | None) -> None:
        """Name the contact person, or nobody; for admins. Raises NotAllowed, NotFound."""
        async with self.writing(caller) as unit:
            await lookup.require_admin(unit)
            key = None
            if user_id is not None:
                (person,) = await lookup.find_people(unit, [user_id])
                key = person.person_id
            await pulse_notes.name_contact(unit.tx, unit.workspace_id, key)
            await unit.log("pulse.contact", person_id=key)

    # The operator's door.

    async def operator_contact(self) -> PersonRef | None:
        """Return who reads the notes that managers never see."""
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            return await _ref(tx, await pulse_notes.contact(tx, workspace_id))

    async def operator_name(self, who: str | None) -> PersonRef | None:
        """Name the contact person by name, address or Slack id, or nobody.

        Raises NotFound("person_unknown"), Conflict("person_several", "contact_not_in_slack").
        """
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            key = None if who is None else await meant(tx, workspace_id, who)
            found = await _ref(tx, key)
            if found is not None and found.user_id is None:
                raise Conflict("contact_not_in_slack", name=found.name)
            await pulse_notes.name_contact(tx, workspace_id, key)
            await ledger.write(tx, workspace_id, now, "pulse.contact", actor_id=None, person_id=key)
            return found


async def _ref(connection: AsyncConnection, person_id: int | None) -> PersonRef | None:
    if person_id is None:
        return None
    return (await people.refs(connection, [person_id])).get(person_id)


async def _readable(unit: Unit) -> list[Note]:
    mine = [
        each.squad_id
        for each in unit.actor.memberships
        if roles.may(unit.actor, Act.RUN_PULSE, each.squad_id)
    ]
    found = await pulse_notes.arrived(unit.tx, unit.workspace_id, mine, NoteTo.MANAGERS)
    if await pulse_notes.contact(unit.tx, unit.workspace_id) == unit.actor.person_id:
        every = await squads.all_squads(unit.tx, unit.workspace_id)
        found += await pulse_notes.arrived(unit.tx, unit.workspace_id, every, NoteTo.CONTACT)
    return found


def _checked(text: str, field: str, limit: int) -> str:
    body = text.strip()
    if not body:
        raise BadInput("empty_text", field=field)
    if len(body) > limit:
        raise BadInput("pulse_long_note", limit=limit, field=field)
    return body
