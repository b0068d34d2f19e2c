"""The log of edge cases: ruled by those who answer questions, read by everybody in the squad."""

from collections.abc import Sequence
from typing import Final

from bot.errors import BadInput, NotAllowed, NotFound
from bot.rules import roles
from bot.rules.edge_cases import (
    EXAMPLES_FIELD,
    EXAMPLES_LIMIT,
    RULING_FIELD,
    RULING_LIMIT,
    SECTION_FIELD,
    SECTION_LIMIT,
    TASK_FIELD,
    TASK_LIMIT,
    TITLE_FIELD,
    TITLE_LIMIT,
    EdgeCase,
    EdgeForm,
    EdgeSheet,
    NewEdgeCase,
)
from bot.rules.findings import checked_text
from bot.rules.people import Caller
from bot.rules.questions import Scope, choose_scopes, scope_in
from bot.rules.roles import Act
from bot.services.unit import Service, Unit
from bot.store import edge_cases, findings, guidelines, ledger, projects, questions, workspaces

LISTED: Final = 10
EXPORTED: Final = 100_000


class EdgeCases(Service):
    """Logs cases and their rulings."""

    async def sheet(
        self, caller: Caller, channel: str | None, project: str | None, task: str | None
    ) -> EdgeSheet | tuple[Scope, ...]:
        """Return what the form begins with, or the projects to choose from.

        A task brings along what its latest finding says. Raises as `choose_scopes`,
        NotFound("unknown_project"), NotAllowed("not_allowed_answer_question").
        """
        async with self.reading(caller) as unit:
            scopes = await _ruled(unit, channel, project)
            if len(scopes) > 1:
                return scopes
            scope = scopes[0]
            found = None
            if task:
                found = await findings.latest_on_task(
                    unit.tx, unit.workspace_id, scope.project_id, task
                )
            return EdgeSheet(
                squad_id=scope.squad_id,
                project_id=scope.project_id,
                project=scope.project,
                title=found.note or "" if found else "",
                section=found.section if found else None,
                task=task,
                finding_id=found.finding_id if found else None,
            )

    async def log(self, caller: Caller, form: EdgeForm, key: str | None) -> EdgeCase:
        """Log a case with its ruling; sent twice it is logged once.

        Raises NotAllowed("not_allowed_answer_question"), NotFound("project_gone"),
        BadInput("empty_text", "text_too_long").
        """
        title = checked_text(form.title, TITLE_LIMIT, TITLE_FIELD)
        ruling = checked_text(form.ruling, RULING_LIMIT, RULING_FIELD)
        for given, field in ((title, TITLE_FIELD), (ruling, RULING_FIELD)):
            if given is None:
                raise BadInput("empty_text", field=field)
        async with self.writing(caller) as unit:
            roles.require(unit.actor, Act.ANSWER_QUESTION, form.squad_id)
            scopes = await questions.scopes(unit.tx, unit.workspace_id)
            if scope_in(scopes, form.squad_id, form.project_id) is None:
                raise NotFound("project_gone")
            prior = await unit.begin(key)
            if prior is not None:
                return await self._get(unit, int(prior["edge_id"]))
            edition = await guidelines.newest(unit.tx, unit.workspace_id, form.project_id)
            edge_id = await edge_cases.add(
                unit.tx,
                unit.workspace_id,
                NewEdgeCase(
                    project_id=form.project_id,
                    squad_id=form.squad_id,
                    title=title or "",
                    ruling=ruling or "",
                    section=checked_text(form.section, SECTION_LIMIT, SECTION_FIELD),
                    version=edition.version if edition else None,
                    ruled_by=unit.actor.person_id,
                    examples=checked_text(form.examples, EXAMPLES_LIMIT, EXAMPLES_FIELD),
                    task=checked_text(form.task, TASK_LIMIT, TASK_FIELD),
                    finding_id=form.finding_id,
                ),
                unit.now,
            )
            await unit.log("edge_case.logged", squad_id=form.squad_id, edge_id=edge_id)
            await unit.finish(key, edge_id=edge_id)
            return await self._get(unit, edge_id)

    async def listed(
        self, caller: Caller, channel: str | None, project: str | None
    ) -> Sequence[EdgeCase]:
        """Return the latest cases of the projects of one's squads, newest first.

        Raises as `choose_scopes`, NotFound("unknown_project").
        """
        async with self.reading(caller) as unit:
            scopes = _named(
                choose_scopes(
                    unit.actor, await questions.scopes(unit.tx, unit.workspace_id), channel
                ),
                project,
            )
            found: list[EdgeCase] = []
            for project_id in dict.fromkeys(each.project_id for each in scopes):
                found += await edge_cases.of_project(unit.tx, unit.workspace_id, project_id, LISTED)
            return sorted(found, key=lambda each: each.ruled_at, reverse=True)[:LISTED]

    async def export(self, project: str) -> Sequence[EdgeCase]:
        """Return all cases of a project, for the operator.

        Raises NotFound("guidelines_project").
        """
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            known = await projects.by_name(tx, workspace_id, project)
            if known is None:
                raise NotFound("guidelines_project", project=project)
            await ledger.write(
                tx,
                workspace_id,
                self._clock.now(),
                "edge_case.exported",
                actor_id=None,
                ids={"project_id": known.project_id},
            )
        async with self._database.read() as connection:
            return await edge_cases.of_project(connection, workspace_id, known.project_id, EXPORTED)

    async def _get(self, unit: Unit, edge_id: int) -> EdgeCase:
        found = await edge_cases.get(unit.tx, unit.workspace_id, edge_id)
        if found is None:
            raise NotFound("project_gone")
        return found


async def _ruled(unit: Unit, channel: str | None, project: str | None) -> tuple[Scope, ...]:
    """Return where the actor may rule: by channel and project, or all there is to choose from."""
    known = await questions.scopes(unit.tx, unit.workspace_id)
    scopes = _named(choose_scopes(unit.actor, known, channel), project)
    able = tuple(
        each for each in scopes if roles.may(unit.actor, Act.ANSWER_QUESTION, each.squad_id)
    )
    if not able:
        raise NotAllowed("not_allowed_answer_question")
    return able


def _named(scopes: tuple[Scope, ...], project: str | None) -> tuple[Scope, ...]:
    if project is None:
        return scopes
    found = tuple(each for each in scopes if each.project.casefold() == project.casefold())
    if not found:
        known = ", ".join(dict.fromkeys(each.project for each in scopes))
        raise NotFound("unknown_project", project=project, known=known)
    return found
