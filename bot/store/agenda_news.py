"""What changed in a squad since an instant, in SQL: bounded by that, whatever there was before."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.agenda import ERRORS_AT_LEAST, News, Praised, Waiting
from bot.rules.audits import OUT_OF_SCORE, DisputeState, FindingState, Severity
from bot.rules.coaching import CoachingKind
from bot.rules.escalations import WAITING, EscalationState
from bot.rules.people import PersonRef
from bot.rules.verified import VerifiedState
from bot.store.agenda import USER
from bot.store.chain_steps import FINDINGS_OF
from models import (
    Audit,
    Category,
    Coaching,
    Dispute,
    EdgeCase,
    Escalation,
    Finding,
    Person,
    Project,
    SquadProject,
    Submission,
    VerifiedAnswer,
)

UNREAD_AFTER: Final = timedelta(days=3)
"""Feedback that nobody acknowledged for so long is overdue."""

UNREAD_UNTIL: Final = timedelta(days=60)
"""What is older was left, and no squad will talk about it any more."""

ANSWER_TAKES: Final = timedelta(days=21)
"""Answers to questions asked longer ago are not looked for: the bound keeps reading cheap."""

_BLAMING: Final = (Severity.ERROR.value, Severity.WARNING.value)


def _errors(
    workspace_id: int,
    squad_id: int,
    project_ids: Collection[int],
    begin: datetime,
    end: datetime,
) -> ColumnElement[bool]:
    return and_(
        Audit.workspace_id == workspace_id,
        Audit.project_id.in_(list(project_ids)),
        Audit.squad_id == squad_id,
        Audit.audited_at >= begin,
        Audit.audited_at < end,
        Audit.scoring,
        Audit.imported.is_(False),
        Finding.severity == Severity.ERROR.value,
        Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
    )


async def top_error(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    project_ids: Collection[int],
    begin: datetime,
    end: datetime,
) -> tuple[int, int, str, str | None, int, int] | None:
    """Return the commonest error category in `[begin, end)`, None if there is none.

    As (key, project's key, name, guideline section, errors, people who made it).
    """
    errors = func.count(Finding.id)
    statement = (
        select(
            Category.id,
            Category.project_id,
            Category.name,
            Category.section,
            errors.label("errors"),
            func.count(Audit.contributor_id.distinct()).label("people"),
        )
        .select_from(Audit)
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .join(Category, Category.id == Finding.category_id)
        .where(_errors(workspace_id, squad_id, project_ids, begin, end))
        .group_by(Category.id, Category.project_id, Category.name, Category.section)
        .having(errors >= ERRORS_AT_LEAST)
        .order_by(errors.desc(), Category.id)
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3], row[4], row[5])


async def common_label(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    project_id: int,
    category_id: int,
    begin: datetime,
    end: datetime,
) -> tuple[str, int] | None:
    """Return what most people handed in where they made an error of a category, and how many."""
    people = func.count(Audit.contributor_id.distinct())
    statement = (
        select(Submission.label, people.label("people"))
        .select_from(Audit)
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .join(Submission, Submission.id == Audit.submission_id)
        .where(
            _errors(workspace_id, squad_id, [project_id], begin, end),
            Finding.category_id == category_id,
            Submission.label.is_not(None),
        )
        .group_by(Submission.label)
        .order_by(people.desc(), Submission.label)
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (str(row[0]), row[1])


async def news(
    connection: AsyncConnection,
    workspace_id: int,
    project_ids: Collection[int],
    begin: datetime,
    end: datetime,
    limit: int,
) -> tuple[list[News], list[News]]:
    """Return rulings and kept answers about projects in `[begin, end)`, latest first."""
    rulings = (
        select(
            literal("ruling").label("what"),
            EdgeCase.title.label("title"),
            EdgeCase.ruling.label("text"),
            Project.name.label("project"),
            EdgeCase.ruled_at.label("at"),
        )
        .join(Project, Project.id == EdgeCase.project_id)
        .where(
            EdgeCase.workspace_id == workspace_id,
            EdgeCase.project_id.in_(list(project_ids)),
            EdgeCase.ruled_at >= begin,
            EdgeCase.ruled_at < end,
        )
    )
    answers = (
        select(
            literal("answer"),
            VerifiedAnswer.question,
            VerifiedAnswer.answer,
            Project.name,
            VerifiedAnswer.verified_at,
        )
        .join(Project, Project.id == VerifiedAnswer.project_id)
        .where(
            VerifiedAnswer.workspace_id == workspace_id,
            VerifiedAnswer.project_id.in_(list(project_ids)),
            VerifiedAnswer.state == VerifiedState.USED.value,
            VerifiedAnswer.verified_at >= begin,
            VerifiedAnswer.verified_at < end,
        )
    )
    both = union_all(rulings, answers).subquery()
    statement = select(both).order_by(both.c.at.desc()).limit(limit)
    found: dict[str, list[News]] = {"ruling": [], "answer": []}
    for row in await connection.execute(statement):
        found[row.what].append(News(row.title, row.text, row.project))
    return found["ruling"], found["answer"]


async def counts(
    connection: AsyncConnection, workspace_id: int, squad_id: int, begin: datetime, now: datetime
) -> tuple[Waiting, int]:
    """Return what is overdue in a squad, and how many questions were answered since `begin`."""
    row = (
        await connection.execute(
            select(
                _unread(workspace_id, squad_id, now),
                _late_questions(workspace_id, squad_id, now),
                _late_disputes(workspace_id, squad_id, now),
                _answered(workspace_id, squad_id, begin, now),
            )
        )
    ).one()
    return Waiting(feedback=row[0], questions=row[1], disputes=row[2]), row[3]


def _unread(workspace_id: int, squad_id: int, now: datetime) -> Any:  # noqa: ANN401 - a subquery
    return (
        select(func.count(Audit.id.distinct()))
        .select_from(Finding)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.state == FindingState.OPEN.value,
            Finding.severity.in_(_BLAMING),
            Finding.delivered_at < now - UNREAD_AFTER,
            Finding.delivered_at >= now - UNREAD_UNTIL,
            Audit.squad_id == squad_id,
            Audit.imported.is_(False),
        )
        .scalar_subquery()
    )


def _late_questions(workspace_id: int, squad_id: int, now: datetime) -> Any:  # noqa: ANN401 - as above
    return (
        select(func.count())
        .select_from(Escalation)
        .where(
            Escalation.workspace_id == workspace_id,
            Escalation.squad_id == squad_id,
            Escalation.state.in_([each.value for each in WAITING]),
            Escalation.due_at < now,
        )
        .scalar_subquery()
    )


def _late_disputes(workspace_id: int, squad_id: int, now: datetime) -> Any:  # noqa: ANN401 - as above
    return (
        select(func.count())
        .select_from(Dispute)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Dispute.workspace_id == workspace_id,
            Dispute.state == DisputeState.OPEN.value,
            Dispute.due_at < now,
            Audit.squad_id == squad_id,
        )
        .scalar_subquery()
    )


def _answered(workspace_id: int, squad_id: int, begin: datetime, now: datetime) -> Any:  # noqa: ANN401 - as above
    return (
        select(func.count())
        .select_from(Escalation)
        .where(
            Escalation.workspace_id == workspace_id,
            Escalation.squad_id == squad_id,
            Escalation.state == EscalationState.ANSWERED.value,
            Escalation.opened_at >= begin - ANSWER_TAKES,
            Escalation.answered_at >= begin,
            Escalation.answered_at < now,
        )
        .scalar_subquery()
    )


async def handed_in(
    connection: AsyncConnection,
    workspace_id: int,
    project_ids: Sequence[int],
    begin: datetime,
    end: datetime,
) -> dict[int, int]:
    """Return how many submissions all squads of projects handed in, in `[begin, end)`.

    Of all of them, for a project's plan is of all of them.
    """
    works_on = select(SquadProject.squad_id).where(
        SquadProject.workspace_id == workspace_id,
        SquadProject.project_id.in_(list(project_ids)),
    )
    statement = (
        select(Submission.project_id, func.count())
        .where(
            Submission.workspace_id == workspace_id,
            Submission.project_id.in_(list(project_ids)),
            # Named, so that the index which has the squad before the instant is of use.
            Submission.squad_id.in_(works_on),
            Submission.submitted_at >= begin,
            Submission.submitted_at < end,
        )
        .group_by(Submission.project_id)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}


async def praise(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    begin: datetime,
    end: datetime,
    limit: int,
) -> list[Praised]:
    """Return praise that its readers agreed to show in `[begin, end)`, oldest first."""
    statement = (
        select(Coaching.person_id, Coaching.body, Person.name, USER.label("user_id"))
        .join(Person, Person.id == Coaching.person_id)
        .where(
            Coaching.workspace_id == workspace_id,
            Coaching.squad_id == squad_id,
            Coaching.kind == CoachingKind.PRAISE.value,
            Coaching.shared_at >= begin,
            Coaching.shared_at < end,
            Coaching.body != "",
        )
        .order_by(Coaching.shared_at, Coaching.id)
        .limit(limit)
    )
    return [
        Praised(PersonRef(person_id=row.person_id, name=row.name, user_id=row.user_id), row.body)
        for row in await connection.execute(statement)
    ]
