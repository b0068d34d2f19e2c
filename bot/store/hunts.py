"""What risk draws follow, in SQL: the work and its errors lately, never who asked or disputed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import OUT_OF_SCORE, SCORING_ORIGIN, Origin, Severity
from bot.rules.draws import DrawState, turn_of
from bot.rules.escalations import WAITING
from bot.rules.reports import Scope
from bot.rules.risk import FIRST_TASKS, HandedIn, RiskDraw, Risks, hot
from bot.store.database import insert_or_ignore
from models import Audit, AuditChain, Draw, Escalation, Finding, Submission

LATELY: Final = timedelta(days=28)
"""Whose errors say where the next ones are."""

FRESH: Final = timedelta(days=7)
"""Work that is hunted in; share and version are of these days too."""

MOST: Final = 5_000
"""Submissions that are looked at, the latest first."""


def _work(scope: Scope, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.workspace_id == scope.workspace_id,
        Submission.project_id == scope.project_id,
        Submission.squad_id == scope.squad_id,
        Submission.submitted_at >= since,
    )


def _audits(scope: Scope, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Audit.workspace_id == scope.workspace_id,
        Audit.project_id == scope.project_id,
        Audit.squad_id == scope.squad_id,
        Audit.audited_at >= since,
        Audit.scoring.is_(True),
        Audit.origin == SCORING_ORIGIN.value,
    )


async def risks(connection: AsyncConnection, scope: Scope, now: datetime) -> Risks:
    """Return where errors are expected in a squad's work on a project."""
    since = now - LATELY
    labels, versions, batches = [
        hot(await _errors_by(connection, scope, since, column))
        for column in (Submission.label, Submission.guideline_version, Submission.batch_id)
    ]
    sections = hot(await _errors_by_section(connection, scope, since))
    return Risks(
        categories=labels,
        sections=sections,
        asked=await _asked(connection, scope),
        versions=versions | await _new_versions(connection, scope, now),
        batches=batches,
        first_tasks=FIRST_TASKS,
    )


async def _errors_by(
    connection: AsyncConnection,
    scope: Scope,
    since: datetime,
    column: Any,  # noqa: ANN401
) -> dict[str, tuple[int, int]]:
    wrong = func.count().filter(Audit.errors > 0)
    statement = (
        select(column, func.count(), wrong)
        .join(Audit, Audit.submission_id == Submission.id)
        .where(*_audits(scope, since), column.is_not(None))
        .group_by(column)
    )
    return {str(row[0]): (row[1], row[2]) for row in await connection.execute(statement)}


async def _errors_by_section(
    connection: AsyncConnection, scope: Scope, since: datetime
) -> dict[str, tuple[int, int]]:
    """Return section -> (audits, audits with an error in it): of all audits, not only its own."""
    total = select(func.count()).select_from(Audit).where(*_audits(scope, since))
    audits = (await connection.execute(total)).scalar_one()
    rows = (await connection.execute(_cited(scope, since, Finding.section))).all()
    # Against an even spread over the sections that errors cite.
    return {row.section: (max(1, audits // max(1, len(rows))), row.n) for row in rows}


def _cited(scope: Scope, since: datetime, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401
    return (
        select(*columns, func.count(Audit.id.distinct()).label("n"))
        .join(Audit, Audit.id == Finding.audit_id)
        .join(Submission, Submission.id == Audit.submission_id)
        .where(
            *_audits(scope, since),
            Finding.severity == Severity.ERROR.value,
            Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
            Finding.section.is_not(None),
        )
        .group_by(*columns)
    )


async def _asked(connection: AsyncConnection, scope: Scope) -> frozenset[str]:
    """Return sections that questions of the squad are open about, whoever asked them."""
    statement = select(Escalation.section).where(
        Escalation.workspace_id == scope.workspace_id,
        Escalation.squad_id == scope.squad_id,
        Escalation.project_id == scope.project_id,
        Escalation.state.in_([state.value for state in WAITING]),
        Escalation.section.is_not(None),
    )
    return frozenset(filter(None, (await connection.scalars(statement)).all()))


async def _new_versions(connection: AsyncConnection, scope: Scope, now: datetime) -> frozenset[str]:
    """Return guideline versions that came up lately, where there was another one before."""
    statement = (
        select(Submission.guideline_version, func.min(Submission.submitted_at).label("first"))
        .where(*_work(scope, now - LATELY), Submission.guideline_version.is_not(None))
        .group_by(Submission.guideline_version)
    )
    rows = (await connection.execute(statement)).all()
    fresh = frozenset(str(row[0]) for row in rows if row.first >= now - FRESH)
    return fresh if len(fresh) < len(rows) else frozenset()


async def handed_in(
    connection: AsyncConnection, scope: Scope, began: datetime, through: int, now: datetime
) -> list[HandedIn]:
    """Return recent work that nobody audits or has to audit yet, the latest first.

    The sections of a piece are those that errors in work of the same label cited lately.
    """
    of_label: defaultdict[str, set[str]] = defaultdict(set)
    cited = _cited(scope, now - LATELY, Submission.label, Finding.section)
    for row in await connection.execute(cited):
        if row.label is not None:
            of_label[row.label].add(row.section)
    places = await _places(connection, scope, now)
    statement = (
        select(
            Submission.id,
            Submission.contributor_id,
            Submission.batch_id,
            Submission.guideline_version,
            Submission.label,
        )
        .where(
            *_work(scope, max(began, now - FRESH)),
            Submission.id <= through,
            ~exists().where(Draw.submission_id == Submission.id),
            ~exists().where(
                AuditChain.workspace_id == scope.workspace_id,
                AuditChain.submission_id == Submission.id,
            ),
        )
        .order_by(Submission.submitted_at.desc(), Submission.id.desc())
        .limit(MOST)
    )
    return [
        HandedIn(
            submission_id=row.id,
            nth=places.get(row.id, FIRST_TASKS + 1),
            batch=None if row.batch_id is None else str(row.batch_id),
            version=row.guideline_version,
            categories=frozenset() if row.label is None else frozenset({row.label}),
            sections=frozenset(of_label.get(row.label or "", ())),
        )
        for row in await connection.execute(statement)
    ]


async def _places(connection: AsyncConnection, scope: Scope, now: datetime) -> dict[int, int]:
    """Return submission -> which of its contributor's in the project, among the first of joiners.

    Joiners handed in their first piece lately, and others of the project did before.
    """
    mine = (
        Submission.workspace_id == scope.workspace_id,
        Submission.project_id == scope.project_id,
    )
    first = (
        select(
            Submission.contributor_id,
            func.min(Submission.submitted_at).label("first"),
        )
        .where(*mine)
        .group_by(Submission.contributor_id)
    )
    rows = (await connection.execute(first)).all()
    joined = [row.contributor_id for row in rows if row.first >= now - LATELY]
    if not joined or len(joined) == len(rows):
        return {}
    nth = (
        func.row_number()
        .over(
            partition_by=Submission.contributor_id,
            order_by=(Submission.submitted_at, Submission.id),
        )
        .label("nth")
    )
    ranked = select(Submission.id, nth).where(*mine, Submission.contributor_id.in_(joined))
    inner = ranked.subquery()
    found = select(inner.c.id, inner.c.nth).where(inner.c.nth <= FIRST_TASKS)
    return {row[0]: row[1] for row in await connection.execute(found)}


async def drawn_lately(connection: AsyncConnection, scope: Scope, now: datetime) -> tuple[int, int]:
    """Return how many random and risk draws were made in the last days."""
    statement = (
        select(Draw.origin, func.count())
        .where(
            Draw.workspace_id == scope.workspace_id,
            Draw.squad_id == scope.squad_id,
            Draw.project_id == scope.project_id,
            Draw.rework_id.is_(None),
            Draw.drawn_at > now - FRESH,
        )
        .group_by(Draw.origin)
    )
    counts = {row[0]: row[1] for row in await connection.execute(statement)}
    return counts.get(SCORING_ORIGIN.value, 0), counts.get(Origin.RISK.value, 0)


async def add(tx: AsyncConnection, scope: Scope, found: Sequence[RiskDraw], now: datetime) -> int:
    """Put risk draws behind the random ones; return how many were given."""
    rows = [
        {
            "workspace_id": scope.workspace_id,
            "project_id": scope.project_id,
            "squad_id": scope.squad_id,
            "submission_id": each.submission_id,
            "origin": Origin.RISK.value,
            "reasons": [[reason.kind.value, reason.about] for reason in each.reasons],
            "turn": turn_of(Origin.RISK),
            "state": DrawState.OPEN.value,
            "drawn_at": now,
        }
        for each in found
    ]
    if rows:
        await tx.execute(insert_or_ignore(tx, Draw).on_conflict_do_nothing(), rows)
    return len(rows)
