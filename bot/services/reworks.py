"""Reworks: contributors see what came back to them and say that it is fixed; managers cancel."""

from datetime import datetime
from typing import Final

from bot.errors import Conflict, NotAllowed, NotFound
from bot.rules import reworks as rules
from bot.rules import roles
from bot.rules.calendar import WorkCalendar
from bot.rules.findings import checked_text
from bot.rules.people import Caller
from bot.rules.reworks import (
    NOTE_FIELD,
    NOTE_LIMIT,
    Managed,
    ReworkState,
    SquadReworks,
    Stored,
    Task,
)
from bot.rules.roles import About, Act
from bot.services import blocking, reworking
from bot.services.unit import Service, Unit
from bot.store import bundles, people, reworks, squads

LISTED: Final = 20
"""Reworks of a squad that are listed for its managers; the most pressing ones."""


class Reworks(Service):
    """A rework is its contributor's to fix; the managers of the squad see it and may cancel it."""

    async def mine(self, caller: Caller) -> tuple[Task, ...]:
        """Return what came back to the caller and is not settled, what is due first on top."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            found = await reworks.of_person(unit.tx, unit.workspace_id, me)
            unsaid = await bundles.unsaid(unit.tx, unit.workspace_id, me, unit.now)
            return tuple(each for each in found if each.stored.audit_id not in unsaid)

    async def fixable(self, caller: Caller, rework_id: int) -> Task:
        """Return a rework that the caller may say is fixed.

        Raises NotFound("rework_gone"), NotAllowed("not_your_rework"), Conflict("rework_fixed",
        "rework_settled").
        """
        async with self.reading(caller) as unit:
            found = await reworks.get(unit.tx, unit.workspace_id, rework_id)
            _require_open(_require_own(unit, found))
            return await _task(unit, rework_id)

    async def fixed(
        self, caller: Caller, rework_id: int, note: str | None, key: str | None
    ) -> Task:
        """Keep that the caller mended a task; once more changes nothing.

        Raises as `fixable`, and BadInput("text_too_long").
        """
        note = checked_text(note, NOTE_LIMIT, NOTE_FIELD)
        async with self.writing(caller) as unit:
            prior = await unit.begin(key)
            if prior is None:
                found = await reworks.lock(unit.tx, unit.workspace_id, rework_id)
                await reworking.fixed(unit, _require_open(_require_own(unit, found)), note)
                await unit.finish(key, rework_id=rework_id)
            return await _task(unit, rework_id)

    # The managers of the squad.

    async def managed(self, caller: Caller, squad_id: int) -> SquadReworks:
        """Return what is with a squad's contributors: counts, and a list as the squad shows names.

        Raises NotAllowed("not_allowed_cancel_rework").
        """
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.CANCEL_REWORK, squad_id)
            return await _managed(unit, squad_id)

    async def cancel(self, caller: Caller, rework_id: int) -> SquadReworks:
        """Cancel a rework: nothing is to be mended, or not here; once more changes nothing.

        Raises NotFound("rework_gone"), NotAllowed("not_allowed_cancel_rework", "own_rework").
        """
        async with self.writing(caller) as unit:
            found = await reworks.lock(unit.tx, unit.workspace_id, rework_id)
            if found is None:
                raise NotFound("rework_gone")
            roles.require(unit.actor, Act.CANCEL_REWORK, found.squad_id)
            if found.contributor_id == unit.actor.person_id:
                raise NotAllowed("own_rework")
            if found.under_way:
                await reworking.end(unit, found)
            return await _managed(unit, found.squad_id)

    # For messages: what holds when their turn comes.

    async def due_today(
        self, workspace_id: int, person_id: int, calendar: WorkCalendar, now: datetime
    ) -> list[Task]:
        """Return what a person has to mend on the working day of `now`."""
        async with self._database.read() as connection:
            found = await reworks.of_person(connection, workspace_id, person_id)
        return [each for each in found if rules.due_today(each.stored, calendar, now)]

    async def overdue(self, workspace_id: int, person_id: int, now: datetime) -> list[Task]:
        """Return what a person is late with."""
        async with self._database.read() as connection:
            found = await reworks.of_person(connection, workspace_id, person_id)
        return [each for each in found if each.stored.is_overdue(now)]

    async def late_in(
        self, workspace_id: int, squad_id: int, person_id: int, now: datetime
    ) -> tuple[str, int] | None:
        """Return a squad's name and how much is overdue in it, to somebody who manages it still."""
        async with self._database.read() as connection:
            if person_id not in await blocking.managers(connection, workspace_id, squad_id):
                return None
            squad = await squads.get(connection, workspace_id, squad_id)
            counts = await reworks.overdue_counts(connection, workspace_id, [squad_id], now)
        return None if squad is None else (squad.name, counts.get(squad_id, 0))


def _require_own(unit: Unit, found: Stored | None) -> Stored:
    if found is None:
        raise NotFound("rework_gone")
    if found.contributor_id != unit.actor.person_id:
        raise NotAllowed("not_your_rework")
    return found


def _require_open(found: Stored) -> Stored:
    if found.state is ReworkState.FIXED:
        raise Conflict("rework_fixed")
    if found.state is not ReworkState.OPEN:
        raise Conflict("rework_settled")
    return found


async def _task(unit: Unit, rework_id: int) -> Task:
    task = await reworks.task_of(unit.tx, unit.workspace_id, rework_id)
    if task is None:
        raise NotFound("rework_gone")
    return task


async def _managed(unit: Unit, squad_id: int) -> SquadReworks:
    """Return a squad's reworks to a manager.

    A task tells whose it is, so it is listed as names are; what nobody is there to mend is listed
    in any case, without a name, for somebody has to see to it.
    """
    membership = next(one for one in unit.actor.memberships if one.squad_id == squad_id)
    found = await reworks.of_squad(unit.tx, unit.workspace_id, squad_id)
    seen = {
        task.stored.contributor_id
        for task, _ in found
        if roles.may_see_person(
            unit.actor,
            task.stored.contributor_id,
            squad_id=squad_id,
            setting=membership.individual_figures,
            about=About.CASES,
        )
    }
    named = await people.refs(unit.tx, seen)
    listed = [
        Managed(task=task, person=named.get(task.stored.contributor_id), here=here)
        for task, here in found
        if task.stored.contributor_id in seen or not here
    ]
    return SquadReworks(
        squad_id=squad_id,
        squad=membership.squad,
        open=len(found),
        overdue=sum(task.stored.is_overdue(unit.now) for task, _ in found),
        orphaned=sum(not here for _, here in found),
        listed=tuple(listed[:LISTED]),
    )
