"""Opens what stands behind a digest's numbers, to whoever may see it."""

from dataclasses import replace

from bot.clock import Clock
from bot.errors import NotFound
from bot.rules import roles
from bot.rules.calendar import DateSpan
from bot.rules.figure_lists import (
    SHOWN,
    CaseList,
    CategoryLine,
    CategoryList,
    DrawList,
    for_others,
)
from bot.rules.people import Caller
from bot.rules.quality import top_categories, total_group
from bot.rules.roles import About, Act
from bot.services.behind import figures_of
from bot.services.citations import Citations
from bot.services.unit import Service
from bot.store import digests, draws, figure_lists, reports
from bot.store.database import Database

SEEN = "cases.seen"
"""What the ledger calls a look at the findings of somebody else's work."""


class FigureLists(Service):
    """Lists behind numbers."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def by_category(
        self, caller: Caller, squad_id: int, project_id: int, span: DateSpan
    ) -> CategoryList:
        """Return the errors of squad-local days by category.

        Raises NotAllowed("not_allowed_see_squad_figures"), NotFound("project_gone").
        """
        async with self.reading(caller) as unit:
            scope = await figures_of(unit, squad_id, project_id)
            period = scope.period(span.first, span.last)
            tallies = await reports.tally(unit.tx, scope, *period)
            found = await reports.tally_categories(unit.tx, scope, *period)
            sections = await digests.sections(unit.tx, scope)
            keys = await figure_lists.category_ids(unit.tx, scope)
        return CategoryList(
            squad_id=squad_id,
            project_id=project_id,
            project=scope.project,
            span=span,
            quality=total_group(tallies.audits, next(iter(tallies.work), None)),
            lines=tuple(
                CategoryLine(
                    category_id=keys.get(one.category),
                    errors=one,
                    section=sections.get(one.category),
                )
                for one in top_categories(tallies.audits, found, SHOWN)
            ),
        )

    async def cases(
        self, caller: Caller, squad_id: int, project_id: int, category_id: int, span: DateSpan
    ) -> CaseList:
        """Return the tasks with an error of a category.

        With names for whoever may see people's cases, each look in the ledger; for others without,
        and only what several people did, else the guidelines' own example. Raises as `by_category`.
        """
        found = await self._cases(caller, squad_id, project_id, category_id, span)
        if not found.withheld or found.section is None:
            return found
        async with self.reading(caller) as unit:
            workspace_id = unit.workspace_id
        example = await self._citations.example(workspace_id, project_id, found.section)
        return replace(found, example=example)

    async def _cases(
        self, caller: Caller, squad_id: int, project_id: int, category_id: int, span: DateSpan
    ) -> CaseList:
        async with self.writing(caller) as unit:
            scope = await figures_of(unit, squad_id, project_id)
            about = await figure_lists.category(unit.tx, scope, category_id)
            if about is None:
                raise NotFound("project_gone")
            period = scope.period(span.first, span.last)
            found = await figure_lists.cases(unit.tx, scope, category_id, *period)
            named = all(
                roles.may_see_person(
                    unit.actor,
                    case.person_id or 0,
                    squad_id=squad_id,
                    setting=scope.individual_figures,
                    about=About.CASES,
                )
                for case in found
            )
            shown, withheld = (tuple(found), False) if named else for_others(found)
            shown = shown[:SHOWN]
            for person_id in sorted({case.person_id for case in shown if case.person_id}):
                if person_id != unit.actor.person_id:
                    await unit.log(
                        SEEN, squad_id=squad_id, person_id=person_id, category_id=category_id
                    )
            return CaseList(
                category=about[0],
                section=about[1],
                span=span,
                cases=shown,
                withheld=withheld,
            )

    async def draws(
        self, caller: Caller, squad_id: int, project_id: int, span: DateSpan
    ) -> DrawList:
        """Return what became of the random draws made on squad-local days.

        What an auditor wrote about a skipped one is for those who audit. Raises as `by_category`.
        """
        async with self.reading(caller) as unit:
            scope = await figures_of(unit, squad_id, project_id)
            period = scope.period(span.first, span.last)
            found = await figure_lists.skipped(unit.tx, scope, *period, SHOWN)
            audits = roles.may(unit.actor, Act.RECORD_AUDIT, squad_id)
            return DrawList(
                project=scope.project,
                span=span,
                coverage=await draws.coverage(unit.tx, scope, *period),
                skipped=tuple(each if audits else replace(each, note=None) for each in found),
            )
