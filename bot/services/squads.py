"""Squads: made by an admin, arranged by their managers, rehearsed, and taken live."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.errors import BadInput, Conflict, NotFound
from bot.rules import squads as rules
from bot.rules.announcements import Announcement
from bot.rules.calendar import is_working_day, make_calendar
from bot.rules.people import PRESENT, Caller, PersonRef, Profile, Role, SquadState, Status
from bot.rules.roles import Act, may, may_hold
from bot.rules.squads import (
    Checklist,
    Roster,
    Squad,
    SquadChanges,
    SquadDraft,
    Standing,
    Welcome,
    WentLive,
    Where,
)
from bot.services import announcement_rehearsals, lookup
from bot.services.unit import Service, Unit
from bot.services.welcomes import welcome
from bot.store import people, recipients, schedules, squad_facts, squads, syncs, workspaces

SAME_COMMAND: Final = timedelta(seconds=30)
"""People press Enter again when Slack is slow; what they typed within this is one command."""

_CLEARABLE: Final = frozenset(
    {
        "country",
        "subdivision",
        "quality_target",
        "team_channel",
        "questions_channel",
        "digest_channel",
        "quiet_start",
        "quiet_end",
    }
)
_SETTABLE: Final = _CLEARABLE | {
    "zone",
    "working_days",
    "work_start",
    "work_end",
    "half_days",
    "individual_figures",
}


class Squads(Service):
    """An admin makes a squad; its managers and the admins change it; its members may look."""

    async def create(
        self, caller: Caller, draft: SquadDraft, manager: Profile | None, key: str | None
    ) -> Squad:
        """Make a squad in rehearsal, with its first manager if given; for admins.

        Raises NotAllowed, NotFound("not_set_up"), Conflict("squad_exists"), or
        BadInput("never_manager") for a guest, Slack Connect user, bot or deactivated user.
        """
        async with self.writing(caller) as unit:
            await lookup.require_admin(unit)
            prior = await unit.begin(key, SAME_COMMAND)
            if prior is not None:
                return await self._prior(unit, prior.get("squad_id"))
            await workspaces.lock(unit.tx, unit.workspace_id)
            if await squads.by_name(unit.tx, unit.workspace_id, draft.name) is not None:
                raise Conflict("squad_exists", squad=draft.name)
            squad_id = await squads.create(unit.tx, unit.workspace_id, draft, unit.now)
            await schedules.ensure_defaults(
                unit.tx, unit.workspace_id, squad_id, draft.zone, unit.now
            )
            await unit.log("squad.created", squad_id=squad_id)
            if manager is not None:
                await self._first_manager(unit, squad_id, manager)
            await unit.finish(key, squad_id=squad_id)
            return await self._get(unit, squad_id)

    async def _first_manager(self, unit: Unit, squad_id: int, manager: Profile) -> None:
        if not may_hold(manager.kind, Role.MANAGER) or not manager.active:
            raise BadInput("never_manager", name=manager.name)
        person_id = await people.learn(unit.tx, unit.workspace_id, manager, unit.now)
        key = (unit.tx, unit.workspace_id, squad_id, person_id)
        await squads.add_member(*key, Status.ACTIVE, unit.now)
        await squads.add_roles(*key, [Role.MANAGER])
        await unit.log("member.granted", squad_id=squad_id, person_id=person_id, role="manager")

    async def _get(self, unit: Unit, squad_id: int) -> Squad:
        squad = await squads.get(unit.tx, unit.workspace_id, squad_id)
        if squad is None:
            raise NotFound("squad_gone")
        return squad

    async def _prior(self, unit: Unit, squad_id: object) -> Squad:
        if not isinstance(squad_id, int):
            raise NotFound("squad_gone")
        return await self._get(unit, squad_id)

    async def may_create(self, caller: Caller) -> list[PersonRef]:
        """Return whom a new squad may be given to: the workspace's active members, by name.

        For admins. Raises NotAllowed, NotFound("not_set_up").
        """
        async with self.reading(caller) as unit:
            await lookup.require_admin(unit)
            return await squads.possible_managers(unit.tx, unit.workspace_id)

    async def managed(self, caller: Caller, where: Where) -> Squad:
        """Return the squad that is meant, for whoever may change it. Raises NotAllowed."""
        async with self.reading(caller) as unit:
            return await lookup.managed_squad(unit, where)

    async def change(self, caller: Caller, where: Where, changes: SquadChanges) -> Squad:
        """Change settings of a squad; for its managers and admins. Returns it as it is now.

        Raises NotAllowed, NotFound, BadInput("which_squad", "half_day_off") and what
        `calendar.make_calendar` raises.
        """
        unknown = changes.fields.keys() - _SETTABLE
        empty = {name for name, value in changes.fields.items() if value is None} - _CLEARABLE
        if unknown or empty:
            raise ValueError(f"not to be set so: {sorted(unknown | empty)}")
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            new = {
                name: value
                for name, value in changes.fields.items()
                if getattr(squad, name) != value
            }
            if not new:
                return squad
            await squads.change(unit.tx, unit.workspace_id, squad.id, new)
            await self._check_times(unit, squad.id, new)
            if SquadChanges(fields=new).moves_schedules:
                await schedules.replan(unit.tx, unit.workspace_id, squad.id, unit.now)
            await unit.log("squad.changed", squad_id=squad.id, fields=sorted(new))
            return await self._get(unit, squad.id)

    async def _check_times(self, unit: Unit, squad_id: int, new: Mapping[str, object]) -> None:
        """Look at the times together, as they are stored now: some do not go with each other."""
        squad = await self._get(unit, squad_id)
        hours = (squad.work_start, squad.work_end)
        make_calendar(squad.zone, squad.working_days, hours, quiet=squad.quiet)
        days = await schedules.calendar(unit.tx, unit.workspace_id, squad_id, unit.now)
        if days is None or "half_days" not in new:
            return
        for half in squad.half_days:
            if half.day >= unit.now.date() and not is_working_day(days, half.day):
                raise BadInput("half_day_off", day=half.day)

    async def roster(self, caller: Caller, where: Where) -> Roster:
        """Return a squad's people and syncs; for its present members and admins.

        Somebody's status is theirs and the managers' to know, for probation is nobody else's.
        Raises NotAllowed("not_allowed_roster").
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            lookup.require_inside(unit.actor, squad)
            return await self._roster(unit, squad)

    async def _roster(self, unit: Unit, squad: Squad) -> Roster:
        found = await squads.members(unit.tx, unit.workspace_id, squad.id)
        meetings = await syncs.of_squad(unit.tx, unit.workspace_id, squad.id)
        return Roster(
            squad=squad,
            members=tuple(found.values()),
            syncs=tuple(meetings),
            statuses_of=frozenset(
                key
                for key in found
                if key == unit.actor.person_id or may(unit.actor, Act.MANAGE_SQUAD, squad.id)
            ),
        )

    async def go_live(self, caller: Caller, where: Where) -> WentLive:
        """Take a squad live and queue each member's welcome; for its managers and admins.

        On a live squad it queues the welcomes that could not be sent before; twice it is harmless.
        Raises NotAllowed, Conflict("nobody_to_welcome") for a squad without members.
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            found = (await squads.members(unit.tx, unit.workspace_id, squad.id)).values()
            if not any(member.present for member in found):
                raise Conflict("nobody_to_welcome", squad=squad.name)
            fresh = await squads.go_live(unit.tx, unit.workspace_id, squad.id, unit.now)
            held: tuple[Announcement, ...] = ()
            if fresh:
                await unit.log("squad.live", squad_id=squad.id)
                held = await announcement_rehearsals.offer(unit, squad.id)
            welcomed, unreachable = await welcome(unit, squad, found)
            return WentLive(
                squad=await self._get(unit, squad.id),
                welcomed=welcomed,
                unreachable=unreachable,
                already=not fresh,
                held=held,
            )

    async def checklist(self, caller: Caller, squad_id: int) -> Checklist:
        """Return what is done and left to do until a squad is live; for its managers and admins.

        Raises NotAllowed, NotFound("squad_gone").
        """
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, Where(squad_id=squad_id))
            return await self._checklist(unit, squad)

    async def checklists(self, caller: Caller) -> list[Checklist]:
        """Return the checklist of each rehearsed squad that the caller manages (admins: all)."""
        async with self.reading(caller) as unit:
            known = await squads.all_squads(unit.tx, unit.workspace_id)
            return [
                await self._checklist(unit, squad)
                for squad in known.values()
                if squad.state is SquadState.REHEARSAL
                and may(unit.actor, Act.MANAGE_SQUAD, squad.id)
            ]

    async def _checklist(self, unit: Unit, squad: Squad) -> Checklist:
        facts = await squad_facts.facts(unit.tx, unit.workspace_id, squad.id)
        return rules.checklist(squad, facts)

    # For dispatch, which asks again at send time what a message is to say.

    async def welcome_for(self, workspace_id: int, squad_id: int, person_id: int) -> Welcome | None:
        """Return what a person's welcome says; None if they are no longer in the squad."""
        standing = await self.standing(workspace_id, squad_id, person_id)
        if standing is None or standing.status not in PRESENT:
            return None
        async with self._database.read() as connection:
            now = self._clock.now()
            reached = await recipients.recipient(connection, workspace_id, person_id, now)
        if reached is None:
            return None
        return Welcome(
            squad=standing.squad,
            managers=standing.managers,
            hours=(reached.calendar.start, reached.calendar.end),
            zone=reached.calendar.zone,
        )

    async def standing(self, workspace_id: int, squad_id: int, person_id: int) -> Standing | None:
        """Return where a member stands now; None if they are no longer in the squad."""
        async with self._database.read() as connection:
            squad = await squads.get(connection, workspace_id, squad_id)
            found = await squads.members(connection, workspace_id, squad_id)
        member = found.get(person_id)
        if squad is None or member is None:
            return None
        managers = tuple(
            each.person for each in found.values() if Role.MANAGER in each.roles and each.present
        )
        return Standing(squad=squad, status=member.status, managers=managers)
