"""Workspaces: set up by a Slack admin, administered by the admins, and what each person is told."""

import re
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.rules import squads as squad_rules
from bot.rules.people import PRESENT, Caller, IdentityKind, PersonRef, Profile, Role
from bot.rules.roles import Act, may
from bot.rules.squads import Squad
from bot.rules.workspaces import AdminsChanged, Overview, SetUp, SquadStanding
from bot.services import lookup
from bot.services.unit import Service, Unit
from bot.store import ledger, people, squad_facts, squads, workspaces

_USER_ID: Final = re.compile(r"[UW][A-Z0-9]{5,}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NAME_LIMIT: Final = 200


class Workspaces(Service):
    """The first admin comes from Slack's own admins, the others from the admins or the shell."""

    async def setup(self, caller: Caller) -> SetUp:
        """Make a Slack admin or owner the first admin; while there is one, tell who it is.

        An admin whom Slack has deactivated counts as gone. Raises
        NotAllowed("setup_needs_slack_admin").
        """
        async with self.writing(caller) as unit:
            await workspaces.lock(unit.tx, unit.workspace_id)
            known = await self._admins(unit.tx, unit.workspace_id)
            if known:
                return SetUp(admins=known, fresh=False)
            if not unit.actor.slack_admin or unit.actor.kind is not IdentityKind.MEMBER:
                raise NotAllowed("setup_needs_slack_admin")
            person_id = unit.actor.person_id
            await workspaces.add_admin(unit.tx, unit.workspace_id, person_id, unit.now)
            await unit.log("workspace.set_up", person_id=person_id)
            return SetUp(admins=await self._admins(unit.tx, unit.workspace_id), fresh=True)

    async def admins(self, caller: Caller) -> tuple[PersonRef, ...]:
        """Return who administers the workspace and can act in Slack; anybody may ask."""
        async with self.reading(caller) as unit:
            return await self._admins(unit.tx, unit.workspace_id)

    async def add_admin(self, caller: Caller, profile: Profile) -> AdminsChanged:
        """Make a Slack user admin; for admins.

        Raises NotAllowed, BadInput("never_admin") for a guest, Slack Connect user, bot or
        deactivated user.
        """
        async with self.writing(caller) as unit:
            await lookup.require_admin(unit)
            if profile.kind is not IdentityKind.MEMBER or not profile.active:
                raise BadInput("never_admin", name=profile.name)
            person_id = await people.learn(unit.tx, unit.workspace_id, profile, unit.now)
            changed = await workspaces.add_admin(unit.tx, unit.workspace_id, person_id, unit.now)
            if changed:
                await unit.log("admin.added", person_id=person_id)
            return await self._changed(unit.tx, unit.workspace_id, person_id, changed=changed)

    async def remove_admin(self, caller: Caller, user_id: str) -> AdminsChanged:
        """Take the admin's right away; for admins.

        Raises NotAllowed, NotFound("unknown_person"), Conflict("last_admin").
        """
        async with self.writing(caller) as unit:
            await lookup.require_admin(unit)
            await workspaces.lock(unit.tx, unit.workspace_id)
            (person,) = await lookup.find_people(unit, [user_id])
            changed = await self._remove(unit.tx, unit.workspace_id, person)
            if changed:
                await unit.log("admin.removed", person_id=person.person_id)
            return await self._changed(
                unit.tx, unit.workspace_id, person.person_id, changed=changed
            )

    async def overview(self, caller: Caller) -> Overview:
        """Return what a person is told of the workspace and of their squads; anybody may ask."""
        async with self.reading(caller) as unit:
            known = await squads.all_squads(unit.tx, unit.workspace_id)
            mine = [
                membership.squad_id
                for membership in unit.actor.memberships
                if membership.status in PRESENT and membership.squad_id in known
            ]
            return Overview(
                actor=unit.actor,
                admins=await self._admins(unit.tx, unit.workspace_id),
                squads=tuple([await self._standing(unit, known[key]) for key in mine]),
                waiting=await workspaces.waiting(unit.tx, unit.workspace_id, unit.actor.person_id),
            )

    async def _standing(self, unit: Unit, squad: Squad) -> SquadStanding:
        found = await squads.members(unit.tx, unit.workspace_id, squad.id)
        todo = None
        if may(unit.actor, Act.MANAGE_SQUAD, squad.id):
            facts = await squad_facts.facts(unit.tx, unit.workspace_id, squad.id)
            todo = squad_rules.checklist(squad, facts)
        return SquadStanding(
            squad=squad,
            managers=tuple(
                member.person
                for member in found.values()
                if Role.MANAGER in member.roles and member.present
            ),
            checklist=todo,
        )

    # The operator's door: the shell, on the local or the only workspace.

    async def operator_admins(self) -> tuple[PersonRef, ...]:
        """Return every admin, those included who have not appeared in Slack yet."""
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            return await self._refs(tx, await workspaces.every_admin(tx, workspace_id))

    async def operator_add(self, who: str) -> AdminsChanged:
        """Make somebody admin by Slack user id or e-mail address.

        Whoever is not known by their address yet becomes admin when Slack first shows them.
        Raises NotFound("unknown_user_id"), BadInput("not_a_user").
        """
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            person_id = await self._named(tx, workspace_id, who)
            if person_id is None:
                if not _EMAIL.fullmatch(who):
                    raise NotFound("unknown_user_id", user=who)
                person_id = await people.add(
                    tx, workspace_id, who[:_NAME_LIMIT], self._clock.now(), email=who
                )
            now = self._clock.now()
            changed = await workspaces.add_admin(tx, workspace_id, person_id, now)
            if changed:
                await ledger.write(
                    tx, workspace_id, now, "admin.added", actor_id=None, person_id=person_id
                )
            return await self._changed(tx, workspace_id, person_id, changed=changed)

    async def operator_remove(self, who: str) -> AdminsChanged:
        """Take the admin's right away by Slack user id or e-mail address.

        Raises NotFound("unknown_user_id"), BadInput("not_a_user"), Conflict("last_admin").
        """
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            await workspaces.lock(tx, workspace_id)
            person_id = await self._named(tx, workspace_id, who)
            if person_id is None:
                raise NotFound("unknown_user_id", user=who)
            (person,) = await self._refs(tx, [person_id])
            changed = await self._remove(tx, workspace_id, person)
            if changed:
                await ledger.write(
                    tx, workspace_id, now, "admin.removed", actor_id=None, person_id=person_id
                )
            return await self._changed(tx, workspace_id, person_id, changed=changed)

    async def _named(self, tx: AsyncConnection, workspace_id: int, who: str) -> int | None:
        if not (_USER_ID.fullmatch(who) or _EMAIL.fullmatch(who)):
            raise BadInput("not_a_user", user=who)
        found = await people.match(tx, workspace_id, list({who, who.lower()}), "")
        return next(iter(found.values()), None)

    async def _remove(self, tx: AsyncConnection, workspace_id: int, person: PersonRef) -> bool:
        """Remove an admin unless nobody would be left. Raises Conflict("last_admin")."""
        everybody = await workspaces.every_admin(tx, workspace_id)
        if person.person_id not in everybody:
            return False
        able = frozenset(await workspaces.admins(tx, workspace_id)) - {person.person_id}
        if not able:
            raise Conflict("last_admin", name=person.name)
        return await workspaces.remove_admin(tx, workspace_id, person.person_id)

    async def _changed(
        self, tx: AsyncConnection, workspace_id: int, person_id: int, *, changed: bool
    ) -> AdminsChanged:
        (person,) = await self._refs(tx, [person_id])
        return AdminsChanged(
            admins=await self._refs(tx, await workspaces.every_admin(tx, workspace_id)),
            person=person,
            changed=changed,
        )

    async def _admins(
        self, connection: AsyncConnection, workspace_id: int
    ) -> tuple[PersonRef, ...]:
        return await self._refs(connection, await workspaces.admins(connection, workspace_id))

    async def _refs(
        self, connection: AsyncConnection, person_ids: list[int]
    ) -> tuple[PersonRef, ...]:
        known = await people.refs(connection, person_ids)
        return tuple(known[person_id] for person_id in person_ids if person_id in known)
