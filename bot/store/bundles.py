"""What a sitting found, in SQL, as its contributors are told of it: by half hour, together."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import sittings as rules
from bot.rules.outbox import DeliveryState
from bot.rules.sittings import Bundle
from bot.store import findings
from models import Audit, Draw, OutboxRow, Sitting


class BundlePlace(NamedTuple):
    """Which half hour of which sitting, and whose work."""

    sitting_id: int
    window: int
    contributor_id: int


async def place_of(
    connection: AsyncConnection, workspace_id: int, audit_id: int
) -> BundlePlace | None:
    """Return which message gathers an audit; None if it has one of its own."""
    statement = (
        select(Sitting.id, Sitting.started_at, Draw.settled_at, Audit.contributor_id)
        .join(Draw, Draw.sitting_id == Sitting.id)
        .join(Audit, Audit.id == Draw.audit_id)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.id == audit_id,
            Draw.submission_id == Audit.submission_id,
            Sitting.wanted > 1,
        )
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return BundlePlace(row.id, rules.window(row.started_at, row.settled_at), row.contributor_id)


async def get(connection: AsyncConnection, workspace_id: int, place: BundlePlace) -> Bundle:
    """Return a contributor's findings of a half hour of a sitting; maybe none are left."""
    sitting = (
        await connection.execute(
            select(Sitting.squad_id, Sitting.started_at).where(
                Sitting.workspace_id == workspace_id, Sitting.id == place.sitting_id
            )
        )
    ).one_or_none()
    keys: list[int] = []
    if sitting is not None:
        begin, end = rules.window_range(sitting.started_at, place.window)
        statement = (
            select(Audit.id)
            .join(Draw, Draw.audit_id == Audit.id)
            .where(
                Draw.workspace_id == workspace_id,
                Draw.sitting_id == place.sitting_id,
                Draw.settled_at >= begin,
                Draw.settled_at < end,
                Audit.contributor_id == place.contributor_id,
            )
        )
        keys = list((await connection.scalars(statement)).all())
    found = await findings.of_audits(connection, workspace_id, keys)
    return Bundle(
        sitting_id=place.sitting_id,
        window=place.window,
        contributor_id=place.contributor_id,
        squad_id=0 if sitting is None else sitting.squad_id,
        feedbacks=tuple(each for each in found if each.findings),
    )


async def unsaid(
    connection: AsyncConnection, workspace_id: int, contributor_id: int, now: datetime
) -> frozenset[int]:
    """Return the audits of a contributor's work whose findings are still being gathered."""
    statement = (
        select(Audit.id, Sitting.started_at, Draw.settled_at)
        .join(Draw, Draw.audit_id == Audit.id)
        .join(Sitting, Sitting.id == Draw.sitting_id)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.contributor_id == contributor_id,
            Audit.audited_at > now - rules.FINDINGS_WAIT,
            Sitting.state == rules.SittingState.OPEN.value,
            Sitting.wanted > 1,
        )
    )
    return frozenset(
        row.id
        for row in await connection.execute(statement)
        if rules.window(row.started_at, row.settled_at) == rules.window(row.started_at, now)
    )


async def pull_forward(
    tx: AsyncConnection, workspace_id: int, bundle_key: str, now: datetime
) -> int:
    """Let what waits under a bundle key be due now; return how many deliveries."""
    statement = (
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.bundle_key == bundle_key,
            OutboxRow.state == DeliveryState.WAITING.value,
            OutboxRow.due_at > now,
        )
        .values(due_at=now)
    )
    return (await tx.execute(statement)).rowcount
