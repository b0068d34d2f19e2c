"""Schedules: what is due, what came too late and who hears of it, and changes of the plan."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import NotFound
from bot.rules import occurrences as rules
from bot.rules import schedules as plans
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import WorkCalendar
from bot.rules.occurrences import (
    Backlog,
    Changed,
    DueOccurrence,
    Missed,
    Pending,
    Plan,
    SkipReason,
    squad_target,
)
from bot.rules.outbox import Intent
from bot.rules.people import Caller, Role
from bot.rules.schedule_input import ScheduleChange, name_of
from bot.rules.schedules import PlannedOccurrence, Schedule, ScheduleKind
from bot.rules.squads import Squad, Sync, Where
from bot.services import lookup, meeting_posts
from bot.services.unit import Service
from bot.store import downtimes, occurrences, outbox, schedules, squads, syncs

SKIPPED: Final = "schedules.skipped"
"""The kind of the line that says what was not posted."""

NOT_POSTED: Final = "schedules.not_posted"
"""The kind of the line in a team's channel that says that today's agenda does not come."""

BEAT: Final = timedelta(seconds=50)
"""Clocks of several processes may differ by some seconds; one beat a minute is enough of them."""


Calendars = Mapping[int | None, WorkCalendar]
"""By squad, None for the workspace's own; an archived squad has none."""


class Schedules(Service):
    """The ticker asks what is due; a squad's managers see its plan and move its times."""

    # For the ticker.

    async def beat(self) -> None:
        """Store, about once a minute, that a clock ticks; where none did for a while, store that.

        A clock that was set back starts anew from what it shows now.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            seen = await downtimes.last_beat(connection)
        if seen is not None and abs(now - seen) < BEAT:
            return
        async with self._database.write() as tx:
            ours = await downtimes.beat(tx, seen, now)
            if ours and seen is not None and rules.is_down((now - seen) / self._clock.speed):
                await downtimes.add(tx, seen, now)

    async def due(self, limit: int, after: tuple[datetime, int] | None = None) -> list[Pending]:
        """Return the schedules whose time has come; `after` is the last (due_at, id) seen."""
        async with self._database.read() as connection:
            return await schedules.due(connection, self._clock.now(), limit, after)

    async def calendars(self, due: Iterable[Pending]) -> Calendars:
        """Return the days on which the squads of some schedules work; in one statement."""
        async with self._database.read() as connection:
            squad_ids = {pending.schedule.squad_id for pending in due}
            return await schedules.calendars(connection, squad_ids, self._clock.now())

    async def sort(
        self, pending: Pending, known: Calendars | None = None
    ) -> tuple[Backlog, DueOccurrence | None]:
        """Sort what a schedule waits for into missed and due; the second is what to carry out.

        `known` are calendars read a moment ago: a squad that was changed since has schedules of a
        newer revision, and nothing is done with the old one.
        A schedule that turns out to wait for nothing in the past (its squad is archived, its day
        has become a holiday) is put right and gives an empty backlog.
        """
        plan, now = pending.schedule, self._clock.now()
        nothing = Backlog((), None, None)
        if pending.slot is None or pending.due_at is None:
            return nothing, None
        days = (known or await self.calendars([pending])).get(plan.squad_id)
        if days is None:
            await self._expect(pending, pending.due_at, None)
            return nothing, None
        found = rules.backlog(plan, days, pending.slot, now)
        if found.due is None and not found.missed:
            await self._expect(pending, pending.due_at, found.following)
            return nothing, None
        return found, None if found.missed else _due(pending, found)

    def plain(self, pending: Pending, known: Calendars) -> DueOccurrence | None:
        """Return the occurrence of a schedule of which nothing is late, if it is due."""
        days = known.get(pending.schedule.squad_id)
        if days is None or pending.slot is None or pending.due_at is None:
            return None
        found = rules.backlog(pending.schedule, days, pending.slot, self._clock.now())
        return None if found.missed else _due(pending, found)

    async def _expect(
        self, pending: Pending, due_at: datetime, coming: PlannedOccurrence | None
    ) -> None:
        async with self._database.write() as tx:
            await occurrences.advance(tx, pending.schedule, due_at, coming)

    async def skip(self, pending: Pending, found: Backlog, reason: SkipReason) -> Pending | None:
        """Record what is too late as skipped and tell the squad's managers.

        Returns the schedule with what it then waits for, the first occurrence that is not too late;
        None if another process was faster, or the schedule was changed meanwhile.
        """
        plan, now = pending.schedule, self._clock.now()
        if pending.slot is None or pending.due_at is None:
            return None
        coming = found.due or found.following
        async with self._database.write() as tx:
            ours = await occurrences.advance(tx, plan, pending.due_at, coming)
            if not ours:
                return None
            skipped = await occurrences.skip(tx, plan, found.missed, now, reason)
            if skipped and plan.squad_id is not None and rules.is_missed(plan.kind):
                intents = await self._notices(tx, pending, plan.squad_id, skipped)
                await outbox.add(tx, plan.workspace_id, intents, now)
            return Pending(plan, coming.slot, coming.utc) if coming else Pending(plan, None, None)

    async def _notices(
        self,
        tx: AsyncConnection,
        pending: Pending,
        squad_id: int,
        skipped: list[PlannedOccurrence],
    ) -> list[Intent]:
        plan = pending.schedule
        squad = await squads.get(tx, plan.workspace_id, squad_id)
        if squad is None:
            return []
        sync_id = rules.sync_of(plan.target)
        sync = None if sync_id is None else await syncs.get(tx, plan.workspace_id, sync_id)
        channel = meeting_posts.channel_of(squad, sync.kind) if sync else squad.digest_channel
        if channel is None and sync is None:
            return []  # it has chosen silence: nothing would have been posted
        first, last = skipped[0].slot, skipped[-1].slot
        members = await squads.members(tx, plan.workspace_id, squad_id)
        ids = {"schedule_id": plan.id, "first": first, "last": last}
        told: list[Intent] = []
        if sync is not None and channel is not None:
            told = _to_the_team(plan, channel, skipped[-1], self._clock.now())
        return told + [
            Intent(
                kind=SKIPPED,
                delivery_class=DeliveryClass.TODAY,
                person_id=person_id,
                squad_id=squad_id,
                ids=ids,
                dedupe_key=f"{SKIPPED}:{plan.id}:{last}:{person_id}",
            )
            for person_id, member in members.items()
            if member.present and member.active and Role.MANAGER in member.roles
        ]

    async def missed(
        self, workspace_id: int, schedule_id: int, first: str, last: str
    ) -> Missed | None:
        """Return what was skipped from one slot to another. For dispatch."""
        async with self._database.read() as connection:
            found = await occurrences.missed(connection, workspace_id, schedule_id, first, last)
            if found is None:
                return None
            if found.reason is SkipReason.ASLEEP:
                down = await downtimes.between(connection, found.first, found.found_at)
                found = replace(found, down=down)
            sync_id = rules.sync_of(found.target)
            sync = None if sync_id is None else await syncs.get(connection, workspace_id, sync_id)
            return replace(found, sync=None if sync is None else sync.name)

    # For people.

    async def plan(self, caller: Caller, where: Where) -> Plan:
        """Return a squad's schedules and what each waits for; for its managers and admins.

        Raises NotAllowed, NotFound, BadInput("which_squad").
        """
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            entries = await schedules.of_squad(unit.tx, unit.workspace_id, squad.id)
            meetings = await syncs.of_squad(unit.tx, unit.workspace_id, squad.id)
            return Plan(
                squad=squad,
                entries=tuple(entries),
                syncs={rules.sync_target(one.id): one for one in meetings},
            )

    async def change_time(self, caller: Caller, where: Where, wanted: ScheduleChange) -> Changed:
        """Move a schedule to another time (and weekday, if given); for managers and admins.

        It counts from the current slot if that has not run and its new time is still to come, else
        from the next one. Sent twice it is one change. Raises NotAllowed, NotFound
        ("no_schedule"), BadInput("which_squad").
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            pending = await schedules.of_kind(
                unit.tx, unit.workspace_id, squad_target(squad.id), wanted.kind
            )
            days = await schedules.calendar(unit.tx, unit.workspace_id, squad.id, unit.now)
            if pending is None or days is None:
                raise NotFound("no_schedule", schedule=name_of(wanted.kind), squad=squad.name)
            if not _is_so(pending, wanted):
                pending = await self._change(unit.tx, pending, days, wanted, unit.now)
                await unit.log(
                    "schedule.changed", squad_id=squad.id, schedule_id=pending.schedule.id
                )
            ran = await occurrences.last_slot_run(unit.tx, unit.workspace_id, pending.schedule.id)
            return changed(squad, pending, days, ran, unit.now)

    async def _change(
        self,
        tx: AsyncConnection,
        pending: Pending,
        days: WorkCalendar,
        wanted: ScheduleChange,
        now: datetime,
    ) -> Pending:
        plan = pending.schedule
        changed, _ = plans.reschedule(
            plan,
            days,
            new_time=wanted.local_time,
            new_weekday=wanted.weekday,
            last_slot_run=await occurrences.last_slot_run(tx, plan.workspace_id, plan.id),
            now=now,
        )
        moved = Pending(changed, pending.slot, pending.due_at)
        coming = await schedules.put(tx, moved, days, now)
        return Pending(changed, coming.slot if coming else None, coming.utc if coming else None)

    # For the shell.

    async def planned(
        self, workspace_id: int, squad: str, first: date, last: date
    ) -> list[PlannedOccurrence]:
        """Return what a squad's schedules plan on local days, `last` included, by time.

        Raises NotFound("unknown_squad").
        """
        async with self._database.read() as connection:
            found = await self._squad(connection, workspace_id, squad)
            begin, end = clock.day_range(first, last, found.zone)
            days = await schedules.calendar(connection, workspace_id, found.id, begin, until=end)
            pending = await schedules.of_squad(connection, workspace_id, found.id)
        if days is None:
            return []
        listed = [
            occurrence
            for each in pending
            for occurrence in plans.occurrences(each.schedule, days, begin, end)
        ]
        return sorted(listed, key=lambda occurrence: (occurrence.utc, occurrence.schedule_id))

    async def by_hand(
        self, workspace_id: int, squad: str, kind: ScheduleKind, at: datetime
    ) -> DueOccurrence:
        """Return the occurrence of the slot in which an instant lies, to be carried out now.

        Raises NotFound("unknown_squad") or ("no_schedule").
        """
        async with self._database.read() as connection:
            found = await self._squad(connection, workspace_id, squad)
            pending = await schedules.of_squad(connection, workspace_id, found.id)
        for each in pending:
            if each.schedule.kind is kind:
                return rules.by_hand(each, at)
        raise NotFound("no_schedule", schedule=name_of(kind), squad=found.name)

    async def _squad(self, connection: AsyncConnection, workspace_id: int, name: str) -> Squad:
        found = await squads.by_name(connection, workspace_id, name)
        if found is None:
            refs = await squads.refs(connection, workspace_id)
            known = ", ".join(ref.name for ref in refs.values()) or "–"
            raise NotFound("unknown_squad", squad=name, known=known)
        return found


def _is_so(pending: Pending, wanted: ScheduleChange) -> bool:
    plan = pending.schedule
    return (plan.local_time, plan.weekday) == (
        wanted.local_time,
        plan.weekday if wanted.weekday is None else wanted.weekday,
    )


def _due(pending: Pending, found: Backlog) -> DueOccurrence | None:
    if found.due is None:
        return None
    return DueOccurrence(
        schedule=pending.schedule,
        planned=found.due,
        awaited=pending.due_at,
        following=found.following,
    )


def _to_the_team(
    plan: Schedule, channel: str, skipped: PlannedOccurrence, now: datetime
) -> list[Intent]:
    """Return the line for whoever waits for today's agenda; yesterday's nobody does."""
    day = clock.local_day(now, plan.zone)
    if skipped.slot != day.isoformat():
        return []
    _, tonight = clock.day_range(day, day, plan.zone)
    return [
        Intent(
            kind=NOT_POSTED,
            delivery_class=DeliveryClass.NOW,
            channel=channel,
            squad_id=plan.squad_id,
            ids={"schedule_id": plan.id, "first": skipped.slot, "last": skipped.slot},
            dedupe_key=f"{NOT_POSTED}:{plan.id}:{skipped.slot}",
            not_after=tonight,
        )
    ]


def changed(
    squad: Squad,
    pending: Pending,
    days: WorkCalendar,
    last_slot_run: str | None,
    now: datetime,
    sync: Sync | None = None,
) -> Changed:
    """Tell from a schedule as it is stored what its last change means from now on."""
    plan = pending.schedule
    current = plans.slot_of(plan.kind, clock.local_day(now, plan.zone))
    waits_for = None if pending.slot is None else plans.planned(plan, days, pending.slot)
    start = max(pending.slot or current, plan.effective_slot or current)
    first = next(rules.from_slot(plan, days, start, now), None)
    return Changed(
        squad=squad.name,
        schedule=plan,
        today=plan.effective_slot is None or plan.effective_slot <= current,
        ran=last_slot_run is not None and last_slot_run >= current,
        first=first,
        upcoming=waits_for,
        sync=sync,
        odd=plans.next_clock_change(plan, days, now),
    )
