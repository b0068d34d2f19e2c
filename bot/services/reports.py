"""Reports of quality: one function for the same figure in the report, the digest and on Home."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.beside import Account, Beside, promises
from bot.rules.numbers import spread
from bot.rules.people import Actor, Caller, IndividualFigures
from bot.rules.quality import QualityReport, WorkTally, category_groups, quality_groups, total_group
from bot.rules.reports import Breakdown, PortfolioLine, Scope
from bot.rules.roles import Act
from bot.rules.standing import standings
from bot.services.audit_feedback import FEEDBACK
from bot.services.behind import named_scope
from bot.services.unit import Service, Unit
from bot.store import beside, dispute_figures, draws, ledger, reports, rework_figures, workspaces
from bot.store.reports import Tallies

SEEN = "figures.seen"
"""What the ledger calls a look at another person's figures."""


async def quality(
    connection: AsyncConnection, scope: Scope, first_day: date, last_day: date
) -> QualityReport:
    """Return the quality of squad-local days, `last_day` included, in one group with key None."""
    tallies = await reports.tally(connection, scope, *scope.period(first_day, last_day))
    group = total_group(tallies.audits, next(iter(tallies.work), None))
    return QualityReport(from_=first_day, to=last_day, project=scope.project, groups=(group,))


async def quality_by_category(
    connection: AsyncConnection, scope: Scope, first_day: date, last_day: date
) -> QualityReport:
    """Return the same by error category."""
    period = scope.period(first_day, last_day)
    tallies = await reports.tally(connection, scope, *period)
    found = await reports.tally_categories(connection, scope, *period)
    groups = category_groups(tallies.audits, found)
    return QualityReport(from_=first_day, to=last_day, project=scope.project, groups=groups)


async def around(
    connection: AsyncConnection, scope: Scope, first_day: date, last_day: date, now: datetime
) -> Beside:
    """Return what stands beside the score of squad-local days; nobody is named."""
    period = scope.period(first_day, last_day)
    told = await beside.feedback_waits(connection, scope, *period, f"{FEEDBACK}:")
    ruled = await dispute_figures.ruling_times(connection, scope, period)
    answered = await beside.answer_waits(connection, scope, *period)
    return Beside(
        coverage=await draws.coverage(connection, scope, *period),
        disputes=await beside.disputes(connection, scope, *period, now),
        promises=promises(told, spread(ruled), answered),
        rework=await rework_figures.rework_figures(connection, scope, *period),
    )


def _by_contributor(
    scope: Scope, first_day: date, last_day: date, tallies: Tallies
) -> QualityReport:
    groups = quality_groups(tallies.audits, tallies.work)
    return QualityReport(from_=first_day, to=last_day, project=scope.project, groups=groups)


class Reports(Service):
    """Figures for people in Slack, by their roles, and for the operator at the shell."""

    async def quality(
        self,
        caller: Caller,
        squad_id: int,
        project_id: int,
        first_day: date,
        last_day: date,
        by: Breakdown | None = None,
    ) -> QualityReport:
        """Return a squad's quality on a project over squad-local days, `last_day` included.

        By contributor it holds whom the caller may see: a manager everybody, anybody themselves,
        as far as the squad's setting goes; each look at somebody else goes to the ledger. Raises
        NotAllowed("not_allowed_see_squad_figures") or ("not_allowed_see_person"),
        NotFound("unknown_project"), BadInput("range_ends_before_start").
        """
        _check(first_day, last_day)
        if by is Breakdown.CONTRIBUTOR:
            return await self._contributors(caller, squad_id, project_id, first_day, last_day)
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.SEE_SQUAD_FIGURES, squad_id)
            scope = await _keyed(unit, squad_id, project_id)
            return await _nameless(unit.tx, scope, first_day, last_day, by)

    async def _contributors(
        self, caller: Caller, squad_id: int, project_id: int, first_day: date, last_day: date
    ) -> QualityReport:
        async with self.writing(caller) as unit:
            scope = await _keyed(unit, squad_id, project_id)
            period = scope.period(first_day, last_day)
            tallies = await reports.tally_people(unit.tx, scope, *period)
            seen = _visible(unit.actor, scope, tallies)
            for person_id in seen.values():
                if person_id != unit.actor.person_id:
                    await unit.log(
                        SEEN, squad_id=squad_id, person_id=person_id, project_id=project_id
                    )
            report = _by_contributor(scope, first_day, last_day, tallies)
            shown = tuple(group for group in report.groups if group.key in seen)
            return replace(report, groups=shown)

    async def portfolio(self, first_day: date, last_day: date) -> list[PortfolioLine]:
        """Return one line per project over all its squads, for the operator; nobody is named.

        The days are each squad's own. Raises BadInput("range_ends_before_start").
        """
        _check(first_day, last_day)
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
        async with self._database.read() as connection:
            scopes = await reports.all_scopes(connection, workspace_id)
            counted = [
                (scope, await reports.tally(connection, scope, *scope.period(first_day, last_day)))
                for scope in scopes
            ]
        return [_line(list(of)) for _, of in groupby(counted, key=lambda each: each[0].project_id)]

    async def at_shell(
        self,
        squad: str,
        project: str,
        first_day: date,
        last_day: date,
        by: Breakdown | None = None,
    ) -> Account:
        """Return the same for the operator, by names, in the workspace that the shell works on.

        Not split, it says as well what stands beside the score. By contributor it needs the
        squad's leave and leaves a line in the ledger for each person.
        Raises NotFound("unknown_squad") or ("unknown_project"), NotAllowed(
        "individual_figures_off"), BadInput("range_ends_before_start").
        """
        _check(first_day, last_day)
        async with self._database.write() as tx:
            now = self._clock.now()
            workspace_id = await workspaces.local(tx, now)
            scope = await named_scope(tx, workspace_id, squad, project)
            if by is not Breakdown.CONTRIBUTOR:
                report = await _nameless(tx, scope, first_day, last_day, by)
                whole = by is None
                beside = await around(tx, scope, first_day, last_day, now) if whole else None
                return Account(report=report, target=scope.target, beside=beside)
            if scope.individual_figures is IndividualFigures.OFF:
                raise NotAllowed("individual_figures_off", squad=scope.squad)
            tallies = await reports.tally_people(tx, scope, *scope.period(first_day, last_day))
            await ledger.write_all(
                tx,
                workspace_id,
                now,
                SEEN,
                actor_id=None,
                squad_id=scope.squad_id,
                about=[(key, {"project_id": scope.project_id}) for key in tallies.people.values()],
            )
            report = _by_contributor(scope, first_day, last_day, tallies)
            return Account(
                report=report,
                target=scope.target,
                standings=standings(report.groups, scope.target),
            )


def _line(counted: Sequence[tuple[Scope, Tallies]]) -> PortfolioLine:
    """Sum up a project's squads: a weight says how much work its audit stands for, in any squad."""
    scope = counted[0][0]
    audits = [tally for _, found in counted for tally in found.audits]
    handed_in = sum(work.submissions or 0 for _, found in counted for work in found.work)
    return PortfolioLine(
        project=scope.project,
        squads=len(counted),
        planned=scope.planned_volume,
        group=total_group(audits, WorkTally(submissions=handed_in)),
    )


async def _nameless(
    connection: AsyncConnection,
    scope: Scope,
    first_day: date,
    last_day: date,
    by: Breakdown | None,
) -> QualityReport:
    if by is Breakdown.CATEGORY:
        return await quality_by_category(connection, scope, first_day, last_day)
    return await quality(connection, scope, first_day, last_day)


def _check(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise BadInput("range_ends_before_start", first=first_day, last=last_day)


def _visible(actor: Actor, scope: Scope, tallies: Tallies) -> dict[str, int]:
    """Return whose figures the actor may see. Raises NotAllowed if their roles show nobody's."""
    seen = {
        key: person_id
        for key, person_id in tallies.people.items()
        if roles.may_see_person(
            actor, person_id, squad_id=scope.squad_id, setting=scope.individual_figures
        )
    }
    if tallies.people and not seen:
        raise NotAllowed("not_allowed_see_person")
    return seen


async def _keyed(unit: Unit, squad_id: int, project_id: int) -> Scope:
    scope = await reports.scope(unit.tx, unit.workspace_id, squad_id, project_id)
    if scope is None:
        raise NotFound("unknown_project", project=str(project_id), known="–")
    return scope
