"""What the packs of auditors and of those who lead hold, counted in SQL."""

from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.rules.audits import Origin, Severity, Step
from bot.rules.disputes import Ruling
from bot.rules.numbers import spread
from bot.rules.oneonone_packs import AuditorPack, LeadPack
from models import Audit, Dispute, Escalation, Finding


async def auditor(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_id: int,
    begin: datetime,
    end: datetime,
) -> AuditorPack:
    """Return an auditor's figures of `[begin, end)`: rulings and feedback by when they came."""
    theirs = and_(
        Audit.workspace_id == workspace_id,
        Audit.squad_id == squad_id,
        Audit.auditor_id == person_id,
        Audit.imported.is_(False),
    )
    made = and_(theirs, Audit.audited_at >= begin, Audit.audited_at < end)
    opened = and_(made, Audit.step.in_([Step.DRAW.value, Step.REWORK.value]))
    audits = await connection.scalar(select(func.count()).select_from(Audit).where(opened))
    rulings = (
        select(Dispute.ruling, func.count())
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(theirs, Dispute.decided_at >= begin, Dispute.decided_at < end)
        .group_by(Dispute.ruling)
    )
    decided = {row[0]: row[1] for row in await connection.execute(rulings)}
    told = (
        select(Audit.id, Audit.audited_at, func.min(Finding.delivered_at).label("told"))
        .join(Finding, Finding.audit_id == Audit.id)
        .where(made, Finding.delivered_at.is_not(None), Finding.severity != Severity.PRAISE.value)
        .group_by(Audit.id, Audit.audited_at)
    )
    waits = [(row.told - row.audited_at).total_seconds() for row in await connection.execute(told)]
    doubled, alike = await _doubled(connection, workspace_id, squad_id, person_id, begin, end)
    return AuditorPack(
        audits=audits or 0,
        disputed=sum(decided.values()),
        overturned=decided.get(Ruling.OVERTURNED.value, 0) + decided.get(Ruling.SEVERITY.value, 0),
        doubled=doubled,
        alike=alike,
        feedback=spread(waits),
    )


async def _doubled(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_id: int,
    begin: datetime,
    end: datetime,
) -> tuple[int, int]:
    """Return how many tasks two auditors judged, this one among them, and how many alike."""
    mine, other = aliased(Audit), aliased(Audit)
    statement = (
        select(mine.verdict, other.verdict)
        .join(
            other,
            and_(
                other.workspace_id == mine.workspace_id,
                other.submission_id == mine.submission_id,
                other.auditor_id != mine.auditor_id,
                other.scoring,
                or_(mine.origin == Origin.DOUBLE.value, other.origin == Origin.DOUBLE.value),
            ),
        )
        .where(
            mine.workspace_id == workspace_id,
            mine.squad_id == squad_id,
            mine.auditor_id == person_id,
            mine.scoring,
            mine.audited_at >= begin,
            mine.audited_at < end,
        )
    )
    pairs = (await connection.execute(statement)).all()
    return len(pairs), sum(one == two for one, two in pairs)


async def lead(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    person_id: int,
    begin: datetime,
    end: datetime,
) -> LeadPack:
    """Return how long rulings and answers of somebody took that came in `[begin, end)`."""
    rulings = (
        select(Dispute.opened_at, Dispute.decided_at)
        .join(Finding, Finding.id == Dispute.finding_id)
        .join(Audit, Audit.id == Finding.audit_id)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.squad_id == squad_id,
            Dispute.decided_by == person_id,
            Dispute.decided_at >= begin,
            Dispute.decided_at < end,
        )
    )
    answers = select(Escalation.opened_at, Escalation.answered_at).where(
        Escalation.workspace_id == workspace_id,
        Escalation.squad_id == squad_id,
        Escalation.answered_by == person_id,
        Escalation.answered_at >= begin,
        Escalation.answered_at < end,
    )
    found = []
    for statement in (rulings, answers):
        rows = (await connection.execute(statement)).all()
        found.append(spread((row[1] - row[0]).total_seconds() for row in rows if row[1]))
    return LeadPack(rulings=found[0], answers=found[1])
