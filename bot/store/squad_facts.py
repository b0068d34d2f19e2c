"""What a squad's data says of how far it has come, and of who has left traces in it, in SQL."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.people import Role
from bot.rules.squads import SquadFacts
from bot.store.squads import members
from models import Audit, Coaching, GuidelineVersion, Schedule, SquadProject, Submission


async def facts(connection: AsyncConnection, workspace_id: int, squad_id: int) -> SquadFacts:
    """Return what the checklist is read from."""
    people = (await members(connection, workspace_id, squad_id)).values()
    statement = select(
        select(func.count())
        .select_from(SquadProject)
        .where(SquadProject.workspace_id == workspace_id, SquadProject.squad_id == squad_id)
        .scalar_subquery()
        .label("projects"),
        select(func.count())
        .select_from(Schedule)
        .where(
            Schedule.workspace_id == workspace_id,
            Schedule.squad_id == squad_id,
            Schedule.enabled.is_(True),
        )
        .scalar_subquery()
        .label("schedules"),
        exists()
        .where(
            SquadProject.workspace_id == workspace_id,
            SquadProject.squad_id == squad_id,
            GuidelineVersion.workspace_id == workspace_id,
            GuidelineVersion.project_id == SquadProject.project_id,
            GuidelineVersion.number.is_not(None),
        )
        .label("guidelines"),
        exists()
        .where(Submission.workspace_id == workspace_id, Submission.squad_id == squad_id)
        .label("submissions"),
        exists()
        .where(Audit.workspace_id == workspace_id, Audit.squad_id == squad_id)
        .label("audits"),
    )
    row = (await connection.execute(statement)).one()
    return SquadFacts(
        managers=sum(Role.MANAGER in member.roles for member in people if member.present),
        contributors=sum(Role.CONTRIBUTOR in member.roles for member in people if member.present),
        projects=row.projects,
        guidelines=bool(row.guidelines),
        submissions=bool(row.submissions),
        audits=bool(row.audits),
        schedules=row.schedules,
    )


async def has_work(
    connection: AsyncConnection, workspace_id: int, squad_id: int, person_id: int
) -> bool:
    """Tell whether a person's work, audits or feedback in a squad would lose its member."""
    traces = (
        exists().where(
            Submission.workspace_id == workspace_id,
            Submission.squad_id == squad_id,
            Submission.contributor_id == person_id,
        ),
        exists().where(
            Audit.workspace_id == workspace_id,
            Audit.squad_id == squad_id,
            or_(Audit.contributor_id == person_id, Audit.auditor_id == person_id),
        ),
        exists().where(
            Coaching.workspace_id == workspace_id,
            Coaching.squad_id == squad_id,
            or_(Coaching.person_id == person_id, Coaching.by_id == person_id),
        ),
    )
    return bool(await connection.scalar(select(or_(*traces))))
