"""Says of every occurrence of a squad's schedules why it is planned, moved or skipped."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules import explaining as rules
from bot.rules.calendar import WorkCalendar
from bot.rules.explaining import Explained, Outcome, Why
from bot.rules.occurrences import Pending, sync_target
from bot.rules.squads import Squad, Sync
from bot.services.unit import Service
from bot.store import downtimes, occurrences, schedules, squads, syncs

AHEAD: Final = timedelta(days=6)
"""Without days it is a week, today included."""

LONGEST: Final = timedelta(days=400)


class Explaining(Service):
    """For the shell: it belongs to whoever runs Muster, and says nothing about people."""

    async def explain(
        self,
        workspace_id: int,
        named: str | None = None,
        days: tuple[date, date] | None = None,
    ) -> list[tuple[str, list[Explained]]]:
        """Return each squad's name with its slots of some local days, by day and time.

        One squad if it is named, also an archived one. Raises NotFound("unknown_squad"),
        BadInput("explain_too_long", days).
        """
        if days is not None and days[1] - days[0] > LONGEST:
            raise BadInput("explain_too_long", days=LONGEST.days)
        async with self._database.read() as connection:
            known = await squads.with_archived(connection, workspace_id)
            wanted = [
                (squad, archived)
                for squad, archived in known
                if (not archived if named is None else squad.name.casefold() == named.casefold())
            ]
            if named is not None and not wanted:
                listed = ", ".join(squad.name for squad, _ in known) or "–"
                raise NotFound("unknown_squad", squad=named, known=listed)
            return [
                (squad.name, await self._squad(connection, squad, archived, days))
                for squad, archived in wanted
            ]

    async def _squad(
        self,
        connection: AsyncConnection,
        squad: Squad,
        archived: bool,  # noqa: FBT001 - of a pair
        days: tuple[date, date] | None,
    ) -> list[Explained]:
        today = clock.local_day(self._clock.now(), squad.zone)
        first, last = days or (today, today + AHEAD)
        begin, end = clock.day_range(first, last, squad.zone)
        calendar = schedules.calendar_of(squad, begin, end)
        meetings = {
            sync_target(one.id): one
            for one in await syncs.of_squad(connection, squad.workspace_id, squad.id)
        }
        found: list[Explained] = []
        for pending in await schedules.of_squad(connection, squad.workspace_id, squad.id):
            sync = meetings.get(pending.schedule.target)
            found += await self._schedule(
                connection, squad, pending, calendar, sync, (first, last), archived=archived
            )
        return sorted(found, key=lambda each: (each.day, _at(each), each.schedule.id))

    async def _schedule(
        self,
        connection: AsyncConnection,
        squad: Squad,
        pending: Pending,
        calendar: WorkCalendar,
        sync: Sync | None,
        days: tuple[date, date],
        *,
        archived: bool,
    ) -> list[Explained]:
        plan = pending.schedule
        names = rules.holiday_names(squad.country, squad.subdivision, *days)
        slots = [
            rules.named(each, sync.name if sync else None)
            for each in rules.explain(plan, calendar, names, *days)
        ]
        over = await occurrences.happened(
            connection, squad.workspace_id, plan.id, [each.slot for each in slots]
        )
        silent = rules.needs_digest_channel(plan.kind) and squad.digest_channel is None
        told: list[Explained] = []
        for each in slots:
            happened = over.get(each.slot)
            if happened is not None:
                down = await downtimes.between(connection, happened.due_at, happened.at)
                told.append(rules.overlaid(each, happened, down))
            elif archived or silent:
                told.append(rules.refused(each, Why.ARCHIVED if archived else Why.NO_CHANNEL))
            else:
                told.append(each)
        return told


def _at(explained: Explained) -> datetime:
    if explained.occurrence is not None and explained.outcome is not Outcome.SKIPPED:
        return explained.occurrence.utc
    plan = explained.schedule
    return clock.to_utc(explained.day, plan.local_time, plan.zone)
