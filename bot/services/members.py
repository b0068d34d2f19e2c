"""The people of a squad: added and removed, their roles, statuses and tags.

Only an admin makes or unmakes a manager. A membership is deleted only while nothing would be lost
with it; whoever has worked in the squad is paused instead, for offboarding takes a second person's
confirmation.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.rules import squads as rules
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Intent
from bot.rules.people import Caller, PersonRef, Profile, Role, SquadState, Status
from bot.rules.roles import Act, may_hold, require
from bot.rules.squads import (
    PeopleChanged,
    RosterChange,
    Skip,
    Skipped,
    Squad,
    SquadMember,
    Where,
)
from bot.services import lookup, oneonone_roster, status_steps
from bot.services.squads import SAME_COMMAND
from bot.services.unit import Service, Unit
from bot.services.welcomes import welcome
from bot.store import people, squad_facts, squads

PAUSED: Final = "squads.paused"
_DEFAULT_ROLES: Final = frozenset({Role.CONTRIBUTOR})

# What became of one member: changed, as it was already, or left alone for a reason.
_Outcome = bool | Skip


class Members(Service):
    """For the managers of the squad and for admins; what is refused for one is said for each."""

    async def add(
        self,
        caller: Caller,
        where: Where,
        profiles: Sequence[Profile],
        roles: frozenset[Role],
        key: str | None,
    ) -> PeopleChanged:
        """Add Slack users with roles, or give members these roles.

        Without roles the new ones are contributors, and members stay as they are.

        Bots and deactivated users are skipped, guests and Slack Connect users as managers too. In
        a live squad the new ones are welcomed. Raises NotAllowed, also for `manager` among the
        roles unless an admin asks.
        """
        wanted = roles or _DEFAULT_ROLES
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            if Role.MANAGER in wanted:
                require(unit.actor, Act.ADMINISTER, None)
            prior = await unit.begin(key, SAME_COMMAND)
            before = frozenset(prior.get("added", ())) if prior is not None else frozenset()
            changed: list[PersonRef] = []
            unchanged: list[PersonRef] = []
            skipped: list[Skipped] = []
            for profile in profiles:
                why = _unfit(profile, wanted)
                if why is not None:
                    skipped.append(Skipped(profile.name, profile.user_id, why))
                    continue
                person, new = await self._add_one(unit, squad, profile, roles)
                (changed if new or person.person_id in before else unchanged).append(person)
            if prior is None:
                added = [person.person_id for person in changed]
                await self._welcome(unit, squad, added)
                await oneonone_roster.reconcile(unit.tx, unit.workspace_id, squad.id, unit.now)
                await unit.finish(key, added=added)
            return _people(squad, changed, unchanged, skipped)

    async def _add_one(
        self, unit: Unit, squad: Squad, profile: Profile, roles: frozenset[Role]
    ) -> tuple[PersonRef, bool]:
        person_id = await people.learn(unit.tx, unit.workspace_id, profile, unit.now)
        status = rules.first_status(squad.state, roles or _DEFAULT_ROLES)
        new = await squads.add_member(
            unit.tx, unit.workspace_id, squad.id, person_id, status, unit.now
        )
        wanted = roles or (_DEFAULT_ROLES if new else roles)
        given = await squads.add_roles(unit.tx, unit.workspace_id, squad.id, person_id, wanted)
        if new or given:
            await unit.log(
                "member.added" if new else "member.roles",
                squad_id=squad.id,
                person_id=person_id,
                roles=sorted(wanted),
            )
        person = PersonRef(person_id=person_id, name=profile.name, user_id=profile.user_id)
        return person, bool(new or given)

    async def _welcome(self, unit: Unit, squad: Squad, person_ids: Sequence[int]) -> None:
        if squad.state is SquadState.LIVE and person_ids:
            found = await squads.members(unit.tx, unit.workspace_id, squad.id, person_ids)
            await welcome(unit, squad, found.values())

    async def change(
        self, caller: Caller, where: Where, user_ids: Sequence[str], change: RosterChange
    ) -> PeopleChanged:
        """Change the roles, the status or the tags of members.

        Setting roles leaves `manager` as it is; a manager's status is changed by admins alone.
        Raises NotAllowed, NotFound("unknown_person").
        """

        async def apply(unit: Unit, squad: Squad, member: SquadMember) -> _Outcome:
            if change.roles is not None:
                return await self._set_roles(unit, squad, member, change.roles)
            if change.status is not None:
                return await self._set_status(unit, squad, member, change)
            return await self._set_tags(unit, squad, member, change)

        return await self._each(caller, where, user_ids, apply, roles=change.roles)

    async def remove(self, caller: Caller, where: Where, user_ids: Sequence[str]) -> PeopleChanged:
        """Take members out who have left no trace in the squad: added by mistake, or never begun.

        Whoever has work, audits or feedback there is skipped. Raises as `change`.
        """
        return await self._each(caller, where, user_ids, self._remove)

    async def revoke_manager(
        self, caller: Caller, where: Where, user_ids: Sequence[str]
    ) -> PeopleChanged:
        """Take the role of manager away; for admins. Raises NotAllowed, NotFound."""

        async def revoke(unit: Unit, squad: Squad, member: SquadMember) -> _Outcome:
            if Role.MANAGER not in member.roles:
                return False
            rest = member.roles - {Role.MANAGER}
            await self._write_roles(unit, squad, member, rest)
            return True

        return await self._each(caller, where, user_ids, revoke, roles=frozenset({Role.MANAGER}))

    async def _each(
        self,
        caller: Caller,
        where: Where,
        user_ids: Sequence[str],
        act: Callable[[Unit, Squad, SquadMember], Awaitable[_Outcome]],
        *,
        roles: frozenset[Role] | None = None,
    ) -> PeopleChanged:
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            if roles is not None and Role.MANAGER in roles:
                require(unit.actor, Act.ADMINISTER, None)
            named = await lookup.find_people(unit, user_ids)
            found = await squads.members(
                unit.tx, unit.workspace_id, squad.id, [person.person_id for person in named]
            )
            changed: list[PersonRef] = []
            unchanged: list[PersonRef] = []
            skipped: list[Skipped] = []
            for person in named:
                member = found.get(person.person_id)
                outcome = Skip.NOT_MEMBER if member is None else await act(unit, squad, member)
                if isinstance(outcome, Skip):
                    skipped.append(Skipped(person.name, person.user_id, outcome))
                else:
                    (changed if outcome else unchanged).append(person)
            if changed:
                await oneonone_roster.reconcile(unit.tx, unit.workspace_id, squad.id, unit.now)
            return _people(squad, changed, unchanged, skipped)

    async def _set_roles(
        self, unit: Unit, squad: Squad, member: SquadMember, roles: frozenset[Role]
    ) -> _Outcome:
        wanted = roles | (member.roles & {Role.MANAGER})
        if wanted == member.roles:
            return False
        if Role.MANAGER in roles and not (
            member.kind is not None and may_hold(member.kind, Role.MANAGER)
        ):
            return Skip.NEVER_MANAGER
        await self._write_roles(unit, squad, member, wanted)
        return True

    async def _write_roles(
        self, unit: Unit, squad: Squad, member: SquadMember, roles: frozenset[Role]
    ) -> None:
        person_id = member.person.person_id
        await squads.set_roles(unit.tx, unit.workspace_id, squad.id, person_id, roles)
        await unit.log("member.roles", squad_id=squad.id, person_id=person_id, roles=sorted(roles))

    async def _set_status(
        self, unit: Unit, squad: Squad, member: SquadMember, change: RosterChange
    ) -> _Outcome:
        wanted = change.status
        if wanted is None or wanted is member.status:
            return False
        if not rules.may_change_status(member.status, wanted):
            return Skip.NEEDS_SECOND
        if Role.MANAGER in member.roles and not unit.actor.is_admin:
            return Skip.MANAGER
        person_id = member.person.person_id
        if person_id == unit.actor.person_id and await status_steps.held(unit, squad.id, person_id):
            return Skip.NEEDS_SECOND
        await squads.set_status(unit.tx, unit.workspace_id, squad.id, person_id, wanted)
        await unit.log(
            "member.status",
            squad_id=squad.id,
            person_id=person_id,
            status=wanted,
            **({"reason": change.reason} if change.reason else {}),
        )
        await status_steps.close_held(unit, squad.id, person_id)
        if wanted is Status.PAUSED and change.reason is not None:
            await unit.send(_paused(squad, person_id, change.reason))
        return True

    async def _set_tags(
        self, unit: Unit, squad: Squad, member: SquadMember, change: RosterChange
    ) -> _Outcome:
        kept = frozenset(member.tags) - frozenset(change.remove_tags)
        if len(kept | frozenset(change.add_tags)) > rules.TAGS_PER_MEMBER:
            return Skip.MANY_TAGS
        key = (unit.tx, unit.workspace_id, squad.id, member.person.person_id)
        changes = await squads.add_tags(*key, change.add_tags)
        changes += await squads.remove_tags(*key, change.remove_tags)
        if changes:
            await unit.log("member.tags", squad_id=squad.id, person_id=member.person.person_id)
        return bool(changes)

    async def _remove(self, unit: Unit, squad: Squad, member: SquadMember) -> _Outcome:
        if Role.MANAGER in member.roles and not unit.actor.is_admin:
            return Skip.MANAGER
        if member.status in {Status.PROBATION, Status.OFFBOARDED}:
            return Skip.NEEDS_SECOND
        key = (unit.tx, unit.workspace_id, squad.id, member.person.person_id)
        if await squad_facts.has_work(*key):
            return Skip.HAS_WORK
        await squads.remove_member(*key)
        await unit.log("member.removed", squad_id=squad.id, person_id=member.person.person_id)
        return True


def _unfit(profile: Profile, roles: frozenset[Role]) -> Skip | None:
    """Tell why a Slack user cannot be added with these roles."""
    if not profile.active:
        return Skip.INACTIVE
    if not may_hold(profile.kind, Role.CONTRIBUTOR):
        return Skip.BOT
    if not all(may_hold(profile.kind, role) for role in roles):
        return Skip.NEVER_MANAGER
    return None


def _paused(squad: Squad, person_id: int, reason: rules.PauseReason) -> Intent:
    return Intent(
        kind=PAUSED,
        delivery_class=DeliveryClass.TODAY,
        person_id=person_id,
        squad_id=squad.id,
        ids={"squad_id": squad.id, "reason": reason.value},
    )


def _people(
    squad: Squad,
    changed: Sequence[PersonRef],
    unchanged: Sequence[PersonRef],
    skipped: Sequence[Skipped],
) -> PeopleChanged:
    return PeopleChanged(
        squad=squad, changed=tuple(changed), unchanged=tuple(unchanged), skipped=tuple(skipped)
    )
