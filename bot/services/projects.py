"""Projects: what a squad works on, arranged by its managers and the admins."""

from collections.abc import Sequence
from typing import Final

from bot.errors import BadInput, Conflict, NotFound
from bot.rules import roles
from bot.rules.home import home_intents
from bot.rules.people import Caller
from bot.rules.projects import (
    CATEGORIES_LIMIT,
    NAME_LIMIT,
    Field,
    NewCategory,
    Problem,
    Project,
    ProjectForm,
    ProjectSheet,
    SavedProject,
    UnreadableForm,
)
from bot.rules.roles import Act
from bot.rules.squads import Squad, Where
from bot.services import lookup
from bot.services.unit import Service, Unit
from bot.store import projects, workspaces

NAMES_SHOWN: Final = 10


class Projects(Service):
    """Managers of a squad arrange its projects; one that squads share, any of their managers."""

    async def sheet(self, caller: Caller, where: Where, name: str | None) -> ProjectSheet:
        """Return what the form shows: the named project, the squad's only one, or a new one.

        A name that is not taken is that of a new project. Raises NotAllowed, NotFound,
        BadInput("which_squad", "which_project", "text_too_long"), Conflict("project_elsewhere").
        """
        wanted = " ".join((name or "").split())
        if len(wanted) > NAME_LIMIT:
            raise BadInput("text_too_long", length=len(wanted), limit=NAME_LIMIT)
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            if wanted:
                project = await _named(unit, wanted)
            else:
                project = await _only(unit, squad)
            return await _sheet(unit, squad, project, wanted)

    async def reopen(self, caller: Caller, squad_id: int, project_id: int | None) -> ProjectSheet:
        """Return what the form shows, by keys. Raises as `sheet` does, NotFound("project_gone")."""
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, Where(squad_id=squad_id))
            if project_id is None:
                return await _sheet(unit, squad, await _only(unit, squad), "")
            return await _sheet(unit, squad, await _changeable(unit, project_id), "")

    async def setup(
        self,
        caller: Caller,
        squad_id: int,
        project_id: int | None,
        form: ProjectForm,
        key: str | None,
    ) -> SavedProject:
        """Make a project (`project_id` None) or change it, and let the squad work on it.

        Raises NotAllowed, NotFound("project_gone"), Conflict("project_exists"), UnreadableForm
        if the taxonomy would outgrow a menu.
        """
        async with self.writing(caller) as unit:
            squad = await lookup.managed_squad(unit, Where(squad_id=squad_id))
            prior = await unit.begin(key)
            if prior is not None:
                return await _saved(unit, squad, _known(prior.get("project_id")))
            await workspaces.lock(unit.tx, unit.workspace_id)
            await _free_name(unit, form.name, project_id)
            is_new = project_id is None
            if project_id is None:
                name = form.name or ""
                project_id = await projects.create(unit.tx, unit.workspace_id, name, unit.now)
            else:
                await _changeable(unit, project_id)
            await projects.change(unit.tx, unit.workspace_id, project_id, form)
            retired = await _store_taxonomy(unit, project_id, form)
            await _store_batches(unit, project_id, form)
            await projects.link_squad(unit.tx, unit.workspace_id, squad.id, project_id)
            action = "project.created" if is_new else "project.changed"
            await unit.log(action, squad_id=squad.id, project_id=project_id)
            await unit.send(*home_intents([unit.actor.person_id]))
            await unit.finish(key, project_id=project_id)
            return await _saved(unit, squad, project_id, is_new=is_new, retired=retired)

    async def of_squad(self, caller: Caller, where: Where) -> list[Project]:
        """Return the projects a squad works on, by name; for whoever arranges it."""
        async with self.reading(caller) as unit:
            squad = await lookup.managed_squad(unit, where)
            return await projects.of_squad(unit.tx, unit.workspace_id, squad.id)


async def _named(unit: Unit, name: str) -> Project | None:
    project = await projects.by_name(unit.tx, unit.workspace_id, name)
    if project is not None:
        await _changeable(unit, project.project_id)
    return project


async def _only(unit: Unit, squad: Squad) -> Project | None:
    known = await projects.of_squad(unit.tx, unit.workspace_id, squad.id)
    if len(known) > 1:
        names = [project.name for project in known]
        shown = ", ".join(names[:NAMES_SHOWN])
        raise BadInput(
            "which_project",
            projects=f"{shown}, …" if len(names) > NAMES_SHOWN else shown,
            example=f"/squad project {names[0]}",
        )
    return known[0] if known else None


async def _changeable(unit: Unit, project_id: int) -> Project:
    """Return a project that the actor may change: as an admin, or by a squad that works on it."""
    project = await projects.get(unit.tx, unit.workspace_id, project_id)
    if project is None:
        raise NotFound("project_gone")
    squads = await projects.squads_of(unit.tx, unit.workspace_id, project_id)
    if not unit.actor.is_admin and not any(
        roles.may(unit.actor, Act.MANAGE_SQUAD, squad_id) for squad_id in squads
    ):
        raise Conflict("project_elsewhere", project=project.name)
    return project


async def _free_name(unit: Unit, name: str | None, project_id: int | None) -> None:
    """Raise Conflict("project_exists") if another project has the name."""
    if name is None:
        return
    taken = await projects.by_name(unit.tx, unit.workspace_id, name)
    if taken is not None and taken.project_id != project_id:
        raise Conflict("project_exists", project=taken.name, field=Field.NAME.value)


async def _store_taxonomy(unit: Unit, project_id: int, form: ProjectForm) -> int:
    """Store the form's categories; return how many were retired.

    Without lines the present categories stay, and ready-made ones are added behind them.
    """
    known = await projects.categories(unit.tx, unit.workspace_id, project_id)
    if form.categories is None and not form.ready_made:
        return 0
    lines: Sequence[NewCategory] = (
        form.categories
        if form.categories is not None
        else [NewCategory(name=one.name, severity=one.severity) for one in known]
    )
    named = {one.name.casefold() for one in lines}
    added = [one for one in form.ready_made if one.name.casefold() not in named]
    wanted = [*lines, *added]
    kept = {one.name.casefold() for one in wanted}
    gone = [
        one.category_id
        for one in known
        if one.category_id in form.shown_categories and one.name.casefold() not in kept
    ]
    left = len(kept | {one.name.casefold() for one in known if one.category_id not in gone})
    if left > CATEGORIES_LIMIT:
        values = {"n": left, "limit": CATEGORIES_LIMIT}
        raise UnreadableForm([Problem(Field.CATEGORIES, "too_many", None, values)])
    await projects.set_categories(unit.tx, unit.workspace_id, project_id, wanted)
    if form.categories is None:
        return 0
    return await projects.retire_categories(unit.tx, unit.workspace_id, gone, unit.now)


async def _store_batches(unit: Unit, project_id: int, form: ProjectForm) -> None:
    if form.batches is None:
        return
    known = await projects.batches(unit.tx, unit.workspace_id, project_id)
    named = {batch.name for batch in form.batches}
    gone = [
        batch.batch_id
        for batch in known
        if batch.batch_id in form.shown_batches and batch.name not in named
    ]
    await projects.ensure_batches(unit.tx, unit.workspace_id, project_id, form.batches, unit.now)
    await projects.retire_batches(unit.tx, unit.workspace_id, gone, unit.now)


async def _sheet(unit: Unit, squad: Squad, project: Project | None, name: str) -> ProjectSheet:
    if project is None:
        return ProjectSheet(squad_id=squad.id, squad=squad.name, name=name)
    key = (unit.tx, unit.workspace_id, project.project_id)
    return ProjectSheet(
        squad_id=squad.id,
        squad=squad.name,
        name=project.name,
        project=project,
        categories=tuple(await projects.categories(*key)),
        batches=tuple(await projects.batches(*key)),
    )


async def _saved(
    unit: Unit, squad: Squad, project_id: int, *, is_new: bool = False, retired: int = 0
) -> SavedProject:
    key = (unit.tx, unit.workspace_id, project_id)
    project = await projects.get(*key)
    if project is None:
        raise NotFound("project_gone")
    return SavedProject(
        project=project,
        squad_id=squad.id,
        squad=squad.name,
        is_new=is_new,
        categories=len(await projects.categories(*key)),
        batches=len(await projects.batches(*key)),
        retired=retired,
    )


def _known(key: object) -> int:
    if not isinstance(key, int):
        raise NotFound("project_gone")
    return key
