"""A squad's regular meetings: arranged by its managers, each with a schedule for its agenda."""

from dataclasses import replace

from bot.errors import BadInput, NotFound
from bot.rules.occurrences import Changed
from bot.rules.people import Caller
from bot.rules.squads import SYNCS_LIMIT, Squad, Sync, Where
from bot.services import lookup
from bot.services.schedules import changed
from bot.services.unit import Service, Unit
from bot.store import occurrences, schedules, syncs


class Syncs(Service):
    """Whoever manages a squad, and the admins, add, change and remove its syncs."""

    async def of_squad(self, caller: Caller, where: Where) -> tuple[Squad, tuple[Sync, ...]]:
        """Return the squad that is meant and its syncs by time; for its managers and admins."""
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            return squad, tuple(await syncs.of_squad(unit.tx, unit.workspace_id, squad.id))

    async def put(self, caller: Caller, where: Where, sync: Sync) -> Changed:
        """Add a sync or, by its id or else its name, change one; its plan changes at once.

        The same twice is one change. Raises NotAllowed, NotFound("sync_gone"),
        BadInput("many_syncs", "sync_exists", "which_squad").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            known = await syncs.of_squad(unit.tx, unit.workspace_id, squad.id)
            wanted = await self._named(unit, squad, sync, known)
            if not any(_same(one, wanted) for one in known):
                wanted = replace(wanted, id=await syncs.put(unit.tx, unit.workspace_id, wanted))
                await unit.log("sync.changed", squad_id=squad.id, sync_id=wanted.id)
            return await self._planned(unit, squad, wanted.id)

    async def _named(self, unit: Unit, squad: Squad, sync: Sync, known: list[Sync]) -> Sync:
        """Return a sync as it is to be stored: which one it is, and how it is spelt.

        As the squad spelt it before, so that "daily" changes "Daily" and makes no second.
        """
        same = next((one for one in known if one.name.casefold() == sync.name.casefold()), None)
        if sync.id:
            if all(one.id != sync.id for one in known):
                raise NotFound("sync_gone")
            if same is not None and same.id != sync.id:
                raise BadInput("sync_exists", sync=same.name)
            return replace(sync, squad_id=squad.id)
        if same is not None:
            return replace(sync, id=same.id, squad_id=squad.id, name=same.name)
        if len(known) >= SYNCS_LIMIT:
            raise BadInput("many_syncs", limit=SYNCS_LIMIT)
        once = await syncs.removed_names(unit.tx, unit.workspace_id, squad.id)
        before = next((name for name in once if name.casefold() == sync.name.casefold()), None)
        return replace(sync, id=once[before] if before else 0, squad_id=squad.id)

    async def _planned(self, unit: Unit, squad: Squad, sync_id: int) -> Changed:
        days = await schedules.calendar(unit.tx, unit.workspace_id, squad.id, unit.now)
        sync = await syncs.get(unit.tx, unit.workspace_id, sync_id)
        if days is None or sync is None:
            raise NotFound("sync_gone")
        pending = await syncs.plan(unit.tx, unit.workspace_id, sync, days, unit.now)
        ran = await occurrences.last_slot_run(unit.tx, unit.workspace_id, pending.schedule.id)
        return changed(squad, pending, days, ran, unit.now, sync)

    async def remove(
        self, caller: Caller, where: Where, *, name: str = "", sync_id: int = 0
    ) -> tuple[Squad, tuple[Sync, ...]]:
        """Remove a sync by name or id; return the squad and its other syncs.

        Raises NotAllowed, NotFound("no_sync").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            known = await syncs.of_squad(unit.tx, unit.workspace_id, squad.id)
            wanted = name.casefold()
            found = next(
                (one for one in known if one.id == sync_id or one.name.casefold() == wanted), None
            )
            if found is None:
                listed = ", ".join(one.name for one in known) or "–"
                raise NotFound("no_sync", sync=name or "–", known=listed)
            await syncs.remove(unit.tx, unit.workspace_id, found.id, unit.now)
            await unit.log("sync.removed", squad_id=squad.id, sync_id=found.id)
            return squad, tuple(one for one in known if one.id != found.id)


def _same(one: Sync, other: Sync) -> bool:
    """Tell whether two syncs differ in nothing that a person can set."""
    other = replace(other, effective_day=one.effective_day, earlier_time=one.earlier_time)
    return one == other
