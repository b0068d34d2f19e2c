"""What coaching did, counted in SQL: audits by person and day, and the work to follow up.

Whoever was merged counts as whom they became.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import OUT_OF_SCORE, SCORING_ORIGIN, Origin, Severity
from bot.rules.coaching_effects import Tally
from bot.rules.draws import DrawState, turn_of
from bot.rules.reports import Scope
from bot.store.chain_steps import FINDINGS_OF
from bot.store.database import insert_or_ignore
from bot.store.keys import having, unindexed
from models import Audit, AuditChain, Category, Coached, Draw, Finding, Person, Submission


async def tallies(
    connection: AsyncConnection, scope: Scope, category_ids: Collection[int], since: datetime
) -> dict[int, list[Tally]]:
    """Return by category every random and follow-up audit from `since` on, and those wrong in it.

    The audits are the same objects in each, for they are many.
    """
    audited = and_(
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.audited_at >= since,
        Audit.scoring,
        Audit.origin.in_([SCORING_ORIGIN.value, Origin.FOLLOWUP.value]),
    )
    person = func.coalesce(Person.merged_into, Audit.contributor_id)
    audits = (
        select(
            person, Submission.submitted_at, Audit.audited_at, Audit.errors, FINDINGS_OF.label("at")
        )
        .join(Submission, Submission.id == Audit.submission_id)
        # By the report's index, and not person by person: what is read lies together.
        .join(Person, Person.id == unindexed(Audit.contributor_id))
        .where(audited)
    )
    every: list[Tally] = []
    blamed: dict[int, Tally] = {}  # by where the findings are; a chain scores with one audit
    for who, handed_in, audited_at, errors, at in await connection.execute(audits):
        every.append(Tally(who, handed_in, audited_at, audits=1, wrong=0))
        if errors:
            blamed[at] = every[-1]._replace(audits=0, wrong=1)
    found = {category_id: list(every) for category_id in category_ids}
    for at, category_id in await _errors_in(connection, list(blamed), category_ids):
        found[category_id].append(blamed[at])
    return found


async def _errors_in(
    connection: AsyncConnection, audit_ids: Sequence[int], category_ids: Collection[int]
) -> list[tuple[int, int]]:
    """Return which of these audits found errors that count, each with the category.

    Asked for by their keys: joined to the audits, SQLite would read all that there are.
    """
    if not audit_ids:
        return []
    listed = having(
        connection,
        [Finding.audit_id],
        [(key,) for key in audit_ids],
        Finding.category_id.in_(list(category_ids)),
        Finding.severity == Severity.ERROR.value,
        Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
    )
    statement = (
        select(Finding.audit_id, Finding.category_id)
        .select_from(listed)
        .where(Finding.id.is_not(None))
        .distinct()
    )
    return [(row.audit_id, row.category_id) for row in await connection.execute(statement)]


async def most_coached(
    connection: AsyncConnection, scope: Scope, since: datetime, least: int
) -> tuple[int, str, int] | None:
    """Return the category on which most people were coached from `since` on: key, name, how many.

    None if they were fewer than `least` in each.
    """
    people = func.count(Coached.person_id.distinct()).label("people")
    statement = (
        select(Coached.category_id, Category.name, people)
        .join(Category, Category.id == Coached.category_id)
        .where(
            Coached.workspace_id == scope.workspace_id,
            Coached.squad_id == scope.squad_id,
            Coached.project_id == scope.project_id,
            Coached.coached_at >= since,
        )
        .group_by(Coached.category_id, Category.name)
        .having(people >= least)
        .order_by(people.desc(), Category.name)
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.category_id, row.name, row.people)


async def followed(
    connection: AsyncConnection, scope: Scope, since: datetime
) -> dict[int, datetime]:
    """Return who was coached on this project from `since` on, and when last."""
    statement = (
        select(Coached.person_id, func.max(Coached.coached_at).label("at"))
        .where(
            Coached.workspace_id == scope.workspace_id,
            Coached.squad_id == scope.squad_id,
            Coached.project_id == scope.project_id,
            Coached.coached_at >= since,
        )
        .group_by(Coached.person_id)
    )
    # An aggregate of a column that converts itself keeps its type.
    return {row.person_id: row.at for row in await connection.execute(statement)}


async def drawn_since(
    connection: AsyncConnection, scope: Scope, person_ids: Collection[int], since: datetime
) -> dict[int, tuple[int, datetime]]:
    """Return person -> how many follow-ups of theirs were drawn since, and when the last was."""
    statement = (
        select(
            Submission.contributor_id, func.count().label("n"), func.max(Draw.drawn_at).label("at")
        )
        .join(Submission, Submission.id == Draw.submission_id)
        .where(
            Draw.workspace_id == scope.workspace_id,
            Draw.squad_id == scope.squad_id,
            Draw.project_id == scope.project_id,
            Draw.origin == Origin.FOLLOWUP.value,
            Draw.rework_id.is_(None),
            Draw.drawn_at >= since,
            Submission.contributor_id.in_(list(person_ids)),
        )
        .group_by(Submission.contributor_id)
    )
    return {row.contributor_id: (row.n, row.at) for row in await connection.execute(statement)}


async def work_since(
    connection: AsyncConnection, scope: Scope, person_id: int, since: datetime, through: int
) -> list[int]:
    """Return what somebody handed in since that nobody audits or has to audit, by key."""
    statement = (
        select(Submission.id)
        .where(
            Submission.workspace_id == scope.workspace_id,
            Submission.project_id == scope.project_id,
            Submission.squad_id == scope.squad_id,
            Submission.contributor_id == person_id,
            Submission.submitted_at >= since,
            Submission.id <= through,
            ~exists().where(Draw.submission_id == Submission.id),
            ~exists().where(
                and_(
                    AuditChain.workspace_id == scope.workspace_id,
                    AuditChain.submission_id == Submission.id,
                )
            ),
        )
        .order_by(Submission.id)
    )
    return list((await connection.scalars(statement)).all())


async def add(
    tx: AsyncConnection, scope: Scope, submission_ids: Sequence[int], now: datetime
) -> int:
    """Put follow-up draws in the queue; return how many were given."""
    rows = [
        {
            "workspace_id": scope.workspace_id,
            "project_id": scope.project_id,
            "squad_id": scope.squad_id,
            "submission_id": key,
            "origin": Origin.FOLLOWUP.value,
            "turn": turn_of(Origin.FOLLOWUP),
            "state": DrawState.OPEN.value,
            "drawn_at": now,
        }
        for key in submission_ids
    ]
    if rows:
        await tx.execute(insert_or_ignore(tx, Draw).on_conflict_do_nothing(), rows)
    return len(rows)
