"""Where an import's rows go: found by key or name, or made, and whether this door may."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.errors import BadInput, NotFound
from bot.rules import roles
from bot.rules.imports import Choice, Destination, Door, ImportRequest, Operator
from bot.rules.intake import FileKind
from bot.rules.people import Actor
from bot.rules.projects import NAME_LIMIT, Project
from bot.rules.roles import Act
from bot.rules.squad_input import plain_text, squad_name
from bot.rules.squads import Squad, SquadDraft
from bot.services.unit import StrangerError, Unit
from bot.store import ledger, people, projects, squads, workspaces

DEFAULT_ZONE: Final = "UTC"
"""Of a squad that the import makes, unless one is given."""


async def choices(unit: Unit) -> list[Choice]:
    """Return the squads and projects that the actor may import into.

    Raises NotAllowed("not_allowed_import") if there are none.
    """
    known = await squads.all_squads(unit.tx, unit.workspace_id)
    mine = [each for each in known.values() if roles.may(unit.actor, Act.IMPORT, each.id)]
    if not mine:
        roles.require(unit.actor, Act.IMPORT, None)
    found = []
    for squad in mine:
        work = await projects.of_squad(unit.tx, unit.workspace_id, squad.id)
        found += [
            Choice(
                squad_id=squad.id,
                squad=squad.name,
                project_id=project.project_id,
                project=project.name,
            )
            for project in work
        ] or [Choice(squad_id=squad.id, squad=squad.name)]
    return found


async def find(connection: AsyncConnection, door: Door, request: ImportRequest) -> Destination:
    """Return where rows go, without making anything.

    Raises StrangerError, NotAllowed("not_allowed_import"), NotFound("import_unknown_squad",
    "import_unknown_project", "no_project", "squad_gone") and BadInput("which_project",
    "unknown_zone").
    """
    actor: Actor | None = None
    if isinstance(door, Operator):
        workspace_id = door.workspace_id
    else:
        actor = await people.actor(connection, door)
        if actor is None:
            raise StrangerError(door)
        workspace_id = actor.workspace_id
    known = await squads.all_squads(connection, workspace_id)
    squad = _squad(known.values(), request)
    if actor is not None:
        roles.require(actor, Act.IMPORT, None if squad is None else squad.id)
    work = await projects.of_squad(connection, workspace_id, squad.id) if squad else []
    project = _project(work, request)
    named = request.project if isinstance(request.project, str) else None
    new_zone = clock.zone(request.zone or DEFAULT_ZONE)
    return Destination(
        workspace_id=workspace_id,
        actor_id=None if actor is None else actor.person_id,
        squad_id=None if squad is None else squad.id,
        squad=squad_name(str(request.squad)) if squad is None else squad.name,
        zone=new_zone if squad is None else squad.zone,
        project_id=None if project is None else project.project_id,
        project=_new_name(named) if project is None else project.name,
        makes_managers=actor is None or actor.is_admin,
    )


def _squad(known: Iterable[Squad], request: ImportRequest) -> Squad | None:
    """Return the squad that is meant, None if it is to be made. Raises NotFound."""
    wanted = request.squad
    for squad in known:
        if wanted == squad.id if isinstance(wanted, int) else _same(wanted, squad.name):
            return squad
    if isinstance(wanted, int):
        raise NotFound("squad_gone")
    if request.create:
        return None
    names = sorted(squad.name for squad in known)
    raise NotFound("import_unknown_squad", squad=wanted, known=names)


def _project(work: Sequence[Project], request: ImportRequest) -> Project | None:
    """Return the squad's project that is meant, None if it is to be made, or a roster's."""
    wanted = request.project
    if wanted is None and request.kind is FileKind.ROSTER:
        return None
    names = sorted(each.name for each in work)
    if wanted is None:
        if len(work) == 1:
            return work[0]
        if work:
            raise BadInput("which_project", projects=names, example=f"--project {names[0]}")
        raise NotFound("no_project")
    for project in work:
        if wanted == project.project_id if isinstance(wanted, int) else _same(wanted, project.name):
            return project
    if request.create and isinstance(wanted, str):
        return None
    raise NotFound("import_unknown_project", project=str(wanted), known=names)


def _same(typed: str, name: str) -> bool:
    return typed.strip().casefold() == name.casefold()


def _new_name(named: str | None) -> str | None:
    if named is None:
        return None
    return plain_text(named, limit=NAME_LIMIT, missing="empty_text")


async def make(tx: AsyncConnection, there: Destination, now: datetime) -> Destination:
    """Make the squad and the project that are missing, join them, and return the place."""
    key = there.workspace_id
    await workspaces.lock(tx, key)
    squad_id = there.squad_id
    if squad_id is None:
        squad = await squads.by_name(tx, key, there.squad)
        draft = SquadDraft(name=there.squad, zone=there.zone)
        squad_id = squad.id if squad else await squads.create(tx, key, draft, now)
        await log(tx, there, now, "squad.created", squad_id)
    if there.project is None or there.project_id is not None:
        return replace(there, squad_id=squad_id)
    found = await projects.by_name(tx, key, there.project)
    if found is None:
        project_id = await projects.create(tx, key, there.project, now)
    else:
        project_id = found.project_id
    if await projects.link_squad(tx, key, squad_id, project_id):
        await log(tx, there, now, "project.linked", squad_id, project_id=project_id)
    return replace(there, squad_id=squad_id, project_id=project_id)


async def log(
    tx: AsyncConnection,
    there: Destination,
    now: datetime,
    action: str,
    squad_id: int | None,
    **ids: object,
) -> None:
    """Write a line of the ledger about an import; the operator is nobody in it."""
    await ledger.write(
        tx,
        there.workspace_id,
        now,
        action,
        actor_id=there.actor_id,
        squad_id=squad_id,
        ids=ids,
    )
