"""What stands behind a figure is looked up here: whose figures they are, and who may see them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.rules import roles
from bot.rules.calendar import WorkCalendar
from bot.rules.reports import Scope
from bot.rules.roles import Act
from bot.services.unit import Unit
from bot.store import projects, reports, schedules, squads


async def figures_of(unit: Unit, squad_id: int, project_id: int) -> Scope:
    """Return a squad's work on a project, if the actor may see its figures.

    Raises NotAllowed("not_allowed_see_squad_figures"), NotFound("project_gone").
    """
    roles.require(unit.actor, Act.SEE_SQUAD_FIGURES, squad_id)
    scope = await reports.scope(unit.tx, unit.workspace_id, squad_id, project_id)
    if scope is None:
        raise NotFound("project_gone")
    return scope


async def calendar_of(connection: AsyncConnection, scope: Scope, at: datetime) -> WorkCalendar:
    """Return the days on which the squad works. Raises NotFound("squad_gone") if it is archived."""
    found = await schedules.calendar(connection, scope.workspace_id, scope.squad_id, at, until=at)
    if found is None:
        raise NotFound("squad_gone")
    return found


async def named_scope(
    connection: AsyncConnection, workspace_id: int, squad: str, project: str
) -> Scope:
    """Find a squad and a project by name, whatever their capitals.

    Raises NotFound("unknown_squad") or ("unknown_project") with those that are known.
    """
    found = await squads.by_name(connection, workspace_id, squad)
    if found is None:
        others = (await squads.all_squads(connection, workspace_id)).values()
        raise NotFound("unknown_squad", squad=squad, known=_names(one.name for one in others))
    work = await projects.by_name(connection, workspace_id, project)
    scope = None
    if work is not None:
        scope = await reports.scope(connection, workspace_id, found.id, work.project_id)
    if scope is None:
        theirs = await reports.scopes(connection, workspace_id, found.id)
        known = _names(one.project for one in theirs)
        raise NotFound("unknown_project", project=project, known=known)
    return scope


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "–"
