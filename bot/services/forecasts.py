"""When batches will be finished: one function for the digest, the list behind it and the shell."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules.calendar import WorkCalendar
from bot.rules.digests import WINDOW
from bot.rules.forecast import DayAhead
from bot.rules.forecasts import (
    OVERDUE,
    BatchForecast,
    Dates,
    capacities,
    days_ahead,
    in_order,
    next_due,
    of_batch,
    past_days,
)
from bot.rules.people import Caller, Role
from bot.rules.reports import Scope
from bot.services.behind import calendar_of, figures_of, named_scope
from bot.services.unit import Service
from bot.store import digests, escalations, forecasts, recipients, workspaces


async def of_project(
    connection: AsyncConnection,
    scope: Scope,
    calendar: WorkCalendar,
    today: date,
    *,
    everything: bool = False,
    most: int | None = None,
) -> tuple[BatchForecast, ...]:
    """Return the project's batches with their forecasts, by work done before `today`.

    Without `everything` those are left out whose date is long past and which nobody works on.
    With `most` only so many of those that are not finished, for each one takes milliseconds.
    """
    past = past_days(calendar, today)
    bounds = [clock.day_range(day, day, scope.zone)[0] for day in (*past, today)]
    found = await forecasts.batches(
        connection,
        scope,
        due_since=None if everything else today - OVERDUE,
        worked_since=None if everything else bounds[-1 - min(WINDOW, len(past))],
    )
    if not found:
        return ()
    work = await forecasts.work(connection, [one.batch_id for one in found], bounds)
    if most is not None:
        found = next_due(found, work, most)
    people: set[int] = set()
    for squad_id in await digests.squad_ids(connection, scope):
        able = [Role.CONTRIBUTOR]
        people.update(await escalations.on_duty(connection, scope.workspace_id, squad_id, able))
    calendars = await recipients.calendars(connection, scope.workspace_id, people, bounds[0])
    coming = days_ahead(calendar, today, [one.due for one in found])
    shares = capacities(calendars.values(), [*past, *coming])
    ahead = [
        DayAhead(day=day, capacity=share)
        for day, share in zip(coming, shares[len(past) :], strict=True)
    ]
    return in_order(
        of_batch(one, work[one.batch_id], shares[: len(past)], ahead, today) for one in found
    )


class Forecasts(Service):
    """Dates for people in Slack, by their roles, and for the operator at the shell."""

    async def dates(self, caller: Caller, squad_id: int, project_id: int) -> Dates:
        """Return all batches of a project by now.

        Raises NotAllowed("not_allowed_see_squad_figures"), NotFound("project_gone").
        """
        async with self.reading(caller) as unit:
            scope = await figures_of(unit, squad_id, project_id)
            return await self._dates(unit.tx, scope)

    async def at_shell(self, squad: str, project: str) -> Dates:
        """Return the same for the operator, by names.

        Raises NotFound("unknown_squad") or ("unknown_project").
        """
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            scope = await named_scope(tx, workspace_id, squad, project)
            return await self._dates(tx, scope)

    async def _dates(self, connection: AsyncConnection, scope: Scope) -> Dates:
        now = self._clock.now()
        today = clock.local_day(now, scope.zone)
        calendar = await calendar_of(connection, scope, now)
        found = await of_project(connection, scope, calendar, today, everything=True)
        return Dates(squad=scope.squad, project=scope.project, day=today, batches=found)
