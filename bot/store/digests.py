"""What a digest needs beside a report: the plan, and audits one by one with their instants."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, case, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, Origin, Verdict
from bot.rules.digests import QuestionCounts
from bot.rules.escalations import WAITING, EscalationState
from bot.rules.people import PRESENT, Role
from bot.rules.quality import AuditTally, Weights
from bot.rules.questions import ANSWERED, Outcome
from bot.rules.reports import Scope
from bot.store.memberships import ROLE_OF_MEMBER
from models import (
    Audit,
    Category,
    Escalation,
    Member,
    MemberRole,
    Project,
    Question,
    SquadProject,
    Submission,
)


async def projects_of(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> dict[int, list[int]]:
    """Return the projects of squads, in the order of their names; without one it is left out."""
    statement = (
        select(SquadProject.squad_id, SquadProject.project_id)
        .join(Project, Project.id == SquadProject.project_id)
        .where(
            SquadProject.workspace_id == workspace_id, SquadProject.squad_id.in_(list(squad_ids))
        )
        .order_by(SquadProject.squad_id, Project.name)
    )
    found: dict[int, list[int]] = {}
    for squad_id, project_id in await connection.execute(statement):
        found.setdefault(squad_id, []).append(project_id)
    return found


async def handed_in(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> int:
    """Return how many submissions all squads of the project handed in, in `[begin, end)`."""
    statement = (
        select(func.count())
        .select_from(Submission)
        .where(
            Submission.workspace_id == scope.workspace_id,
            Submission.project_id == scope.project_id,
            Submission.submitted_at >= begin,
            Submission.submitted_at < end,
            # Named, so that the index which has the squad before the instant is of use.
            Submission.squad_id.in_(_squads(scope)),
        )
    )
    return (await connection.execute(statement)).scalar_one()


async def squads(connection: AsyncConnection, scope: Scope) -> int:
    """Return how many squads work on the project."""
    statement = select(func.count()).select_from(_squads(scope).subquery())
    return (await connection.execute(statement)).scalar_one()


async def squad_ids(connection: AsyncConnection, scope: Scope) -> list[int]:
    """Return the squads that work on the project."""
    return list((await connection.scalars(_squads(scope))).all())


def _squads(scope: Scope) -> Select[int]:
    return select(SquadProject.squad_id).where(
        SquadProject.workspace_id == scope.workspace_id,
        SquadProject.project_id == scope.project_id,
    )


async def contributors(connection: AsyncConnection, scope: Scope) -> int:
    """Return how many contributors the squad has who are not paused or gone."""
    statement = (
        select(func.count())
        .select_from(Member)
        .join(MemberRole, ROLE_OF_MEMBER)
        .where(
            Member.workspace_id == scope.workspace_id,
            Member.squad_id == scope.squad_id,
            Member.status.in_([status.value for status in PRESENT]),
            MemberRole.role == Role.CONTRIBUTOR.value,
        )
    )
    return (await connection.execute(statement)).scalar_one()


async def sections(connection: AsyncConnection, scope: Scope) -> dict[str, str | None]:
    """Return the guideline section of each error category of the project, retired ones too."""
    statement = select(Category.name, Category.section).where(
        Category.workspace_id == scope.workspace_id, Category.project_id == scope.project_id
    )
    return {row.name: row.section for row in await connection.execute(statement)}


async def questions(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> QuestionCounts:
    """Return what became of the squad's questions about the project asked in `[begin, end)`.

    One that its asker took back is only asked; without a promised instant no answer is late.
    """
    answered = Escalation.state == EscalationState.ANSWERED.value
    late = func.coalesce(Escalation.answered_at > Escalation.due_at, false())
    by_machine = Question.outcome.in_([each.value for each in ANSWERED])
    waiting = Escalation.state.in_([each.value for each in WAITING])
    statement = (
        select(
            func.count(),
            func.count(case((by_machine & Question.escalation_id.is_(None), 1))),
            func.count(case((answered & ~late, 1))),
            func.count(case((answered & late, 1))),
            func.count(case((waiting, 1))),
        )
        .select_from(Question)
        .join(Escalation, Escalation.id == Question.escalation_id, isouter=True)
        .where(
            Question.workspace_id == scope.workspace_id,
            Question.project_id == scope.project_id,
            Question.squad_id == scope.squad_id,
            Question.asked_at >= begin,
            Question.asked_at < end,
            Question.outcome != Outcome.WAITING.value,
        )
    )
    asked, alone, punctual, overdue, still = (await connection.execute(statement)).one()
    return QuestionCounts(asked=asked, alone=alone, in_time=punctual, late=overdue, waiting=still)


async def random_audits(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> list[tuple[datetime, AuditTally]]:
    """Return the random audits that score, one by one with their instants, in `[begin, end)`."""
    statement = select(Audit.audited_at, Audit.verdict, Audit.errors, Audit.weight).where(
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.audited_at >= begin,
        Audit.audited_at < end,
        Audit.scoring,
        Audit.origin == SCORING_ORIGIN.value,
    )
    return [
        (row.audited_at, _one(row.verdict, row.errors, row.weight))
        for row in await connection.execute(statement)
    ]


def _one(verdict: str, errors: int, weight: float | None) -> AuditTally:
    weights = (
        None
        if weight is None
        else Weights(weight=weight, squared=weight * weight, errors=weight * errors)
    )
    return AuditTally(
        origin=Origin.RANDOM, verdict=Verdict(verdict), count=1, errors=errors, weights=weights
    )
