"""Packs for one-on-ones: to the manager all of a day's, to each of the two that of one meeting.

A manager reads figures of a person under the squad's setting, and each look is in the ledger.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotFound
from bot.rules import oneonone_packs as rules
from bot.rules.calendar import WorkCalendar, work_day_of, work_day_range
from bot.rules.oneonone_packs import Day, DayEnd, Pack, ProjectPack
from bot.rules.oneonones import MeetingState, OneOnOne
from bot.rules.people import Caller
from bot.services import day_ends, packing
from bot.services.citations import Citations
from bot.services.reports import SEEN
from bot.services.unit import Service
from bot.store import effects, ledger, oneonones, recipients
from bot.store.database import Database


class Packs(Service):
    """Read by the two of a meeting alone."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def open(self, caller: Caller, one_on_one_id: int) -> Pack:
        """Return the caller's pack of one meeting, with all that is in it.

        Raises NotFound("oneonone_gone") to anybody but the two, who also have to be in the squad.
        """
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            meeting = await oneonones.get(unit.tx, unit.workspace_id, one_on_one_id)
            if meeting is None or me not in (meeting.manager_id, meeting.person_id):
                raise NotFound("oneonone_gone")
            calendars = await recipients.calendars(unit.tx, unit.workspace_id, [me], unit.now)
            zone = calendars[me].zone
            found = await packing.of_meetings(
                unit.tx, unit.workspace_id, me, [meeting], zone, unit.now
            )
            if not found:
                raise NotFound("oneonone_gone")
            pack = await packing.with_changes(unit.tx, unit.workspace_id, found[0], unit.now)
        (pack,) = await self._linked(unit.workspace_id, [pack])
        await self._note(unit.workspace_id, me, [pack], None)
        return pack

    async def of_caller(self, caller: Caller, day: date) -> Day:
        """Return the packs of one of the caller's own days. Raises NotFound("no_packs")."""
        async with self.reading(caller) as unit:
            me, workspace_id = unit.actor.person_id, unit.workspace_id
        found = await self.day(workspace_id, me, day)
        if found is None:
            raise NotFound("no_packs")
        return found

    async def day(
        self, workspace_id: int, manager_id: int, day: date, key: str | None = None
    ) -> Day | None:
        """Return the packs of a manager's day; None if there are no meetings.

        Rendered twice for one delivery (`key`), its looks are in the ledger once.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            calendar = await _calendar(connection, workspace_id, manager_id, now)
            meetings = await _of_day(connection, workspace_id, manager_id, calendar, day)
            held = [each for each in meetings if each.state is MeetingState.PLANNED]
            zone = calendar.zone if calendar else ""
            packs = await packing.of_meetings(connection, workspace_id, manager_id, held, zone, now)
        if not packs:
            return None
        packs = await self._linked(workspace_id, packs)
        await self._note(workspace_id, manager_id, packs, key)
        return Day(day=day, zone=zone, packs=tuple(packs))

    async def day_end(
        self, workspace_id: int, manager_id: int, day: date
    ) -> tuple[DayEnd, datetime | None] | None:
        """Return what a manager's day was, and from when on it is worth asking; None if empty."""
        now = self._clock.now()
        async with self._database.read() as connection:
            calendar = await _calendar(connection, workspace_id, manager_id, now)
            meetings = await _of_day(connection, workspace_id, manager_id, calendar, day)
            if calendar is None or not meetings:
                return None
            found = await day_ends.ended(connection, workspace_id, meetings, now)
        end = DayEnd(day=day, zone=calendar.zone, meetings=tuple(found))
        return end, rules.asks_at(meetings, calendar, day)

    async def day_end_of(self, caller: Caller, day: date) -> DayEnd:
        """Return one of the caller's own days when it ends. Raises NotFound("no_packs")."""
        async with self.reading(caller) as unit:
            me, workspace_id = unit.actor.person_id, unit.workspace_id
        found = await self.day_end(workspace_id, me, day)
        if found is None:
            raise NotFound("no_packs")
        return found[0]

    async def day_end_with(self, caller: Caller, one_on_one_id: int) -> DayEnd:
        """Return the day of one of the caller's meetings. Raises as `day_end_of`."""
        async with self.reading(caller) as unit:
            me = unit.actor.person_id
            meeting = await oneonones.get(unit.tx, unit.workspace_id, one_on_one_id)
            calendar = await _calendar(unit.tx, unit.workspace_id, me, unit.now)
        if meeting is None or meeting.manager_id != me or calendar is None:
            raise NotFound("oneonone_gone")
        return await self.day_end_of(caller, work_day_of(calendar, meeting.starts_at))

    async def _linked(self, workspace_id: int, packs: Sequence[Pack]) -> list[Pack]:
        """Return packs with the places of the sections that their categories are about."""
        cited: defaultdict[int, set[str]] = defaultdict(set)
        for project in (one for pack in packs for one in pack.projects):
            cited[project.project_id] |= {one.own.section for one in project.top if one.own.section}
        links: dict[tuple[int, str], str | None] = {}
        for project_id, sections in cited.items():
            quoted = await self._citations.quoted(workspace_id, project_id, sections)
            links |= {(project_id, name): one.url for name, one in quoted.items()}
        return [
            replace(pack, projects=tuple(_with_links(one, links) for one in pack.projects))
            for pack in packs
        ]

    async def _note(
        self, workspace_id: int, reader: int, packs: Sequence[Pack], key: str | None
    ) -> None:
        """Write each look at somebody else's figures into the ledger."""
        looked = [
            (pack, one.project_id)
            for pack in packs
            if pack.manages
            for one in pack.projects
            if one.score is not None
        ]
        if not looked:
            return
        now = self._clock.now()
        async with self._database.write() as tx:
            if key is not None and await effects.begin(tx, workspace_id, key, now, None):
                return
            for squad_id in {pack.meeting.squad_id for pack, _ in looked}:
                await ledger.write_all(
                    tx,
                    workspace_id,
                    now,
                    SEEN,
                    actor_id=reader,
                    squad_id=squad_id,
                    about=[
                        (pack.person.person_id, {"project_id": project_id})
                        for pack, project_id in looked
                        if pack.meeting.squad_id == squad_id
                    ],
                )
            if key is not None:
                await effects.finish(tx, workspace_id, key, {"packs": len(packs)})


def _with_links(project: ProjectPack, links: Mapping[tuple[int, str], str | None]) -> ProjectPack:
    top = tuple(
        replace(one, url=links.get((project.project_id, one.own.section or "")))
        for one in project.top
    )
    return replace(project, top=top)


async def _calendar(
    connection: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> WorkCalendar | None:
    return (await recipients.calendars(connection, workspace_id, [person_id], now)).get(person_id)


async def _of_day(
    connection: AsyncConnection,
    workspace_id: int,
    manager_id: int,
    calendar: WorkCalendar | None,
    day: date,
) -> list[OneOnOne]:
    if calendar is None:
        return []
    span = work_day_range(calendar, day, day)
    return await oneonones.of_day(connection, workspace_id, manager_id, *span)
