"""What only the Home tab asks of the store: whose it is, their lines, their recent feedback."""

from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import FindingState, Severity
from bot.rules.budget import DeliveryClass
from bot.rules.outbox import TODAY, Delivery, DeliveryState, Operation
from bot.rules.people import Caller
from bot.store import today
from bot.store.findings import RULED_ON
from bot.store.outbox import COLUMNS, delivery_of
from models import Audit, Finding, OutboxRow, SlackIdentity, Workspace

_LINES = (
    select(*COLUMNS)
    .where(
        OutboxRow.workspace_id == bindparam("workspace_id"),
        OutboxRow.person_id == bindparam("person_id"),
        OutboxRow.delivery_class == DeliveryClass.TODAY.value,
        OutboxRow.operation == Operation.POST.value,
        OutboxRow.kind != TODAY,
        or_(
            and_(
                OutboxRow.state == DeliveryState.WAITING.value,
                OutboxRow.due_at < bindparam("until"),
            ),
            and_(
                OutboxRow.carrier_id.is_not(None),
                OutboxRow.state.in_([DeliveryState.CARRIED.value, DeliveryState.SENT.value]),
                OutboxRow.created_at >= bindparam("since"),
            ),
        ),
    )
    .order_by(OutboxRow.id.desc())
    .limit(bindparam("most"))
)


async def caller_of(
    connection: AsyncConnection, workspace_id: int, person_id: int
) -> Caller | None:
    """Return a person as the one who looks at their own Home tab; None if not in Slack."""
    statement = (
        select(Workspace.team_id, SlackIdentity.user_id)
        .join(SlackIdentity, SlackIdentity.workspace_id == Workspace.id)
        .where(
            Workspace.id == workspace_id,
            Workspace.team_id.is_not(None),
            SlackIdentity.person_id == person_id,
        )
        .order_by(SlackIdentity.active.desc(), SlackIdentity.refreshed_at.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Caller(row.team_id, row.user_id)


async def lines(
    connection: AsyncConnection,
    workspace_id: int,
    person_id: int,
    span: tuple[datetime, datetime],
    limit: int,
) -> list[Delivery]:
    """Return the lines of a person's Today, `span` from then on and before: carried, or waiting.

    What was ticked off is left out, and what was put off, for it waits anew; whether the others
    still hold, their kinds know.
    """
    whose = {"workspace_id": workspace_id, "person_id": person_id}
    asked = {**whose, "since": span[0], "until": span[1], "most": limit}
    found = [delivery_of(row) for row in await connection.execute(_LINES, asked)]
    done: set[int] = set()
    for carrier_id in {row.carrier_id for row in found if row.carrier_id is not None}:
        done |= await today.ticked(connection, carrier_id)
    done |= (await today.come_back(connection, found)).keys()
    return [row for row in reversed(found) if row.id not in done]


async def recent_audits(
    connection: AsyncConnection, workspace_id: int, person_id: int, since: datetime, limit: int
) -> tuple[list[int], int]:
    """Return a person's audits with findings since then, newest first, and how many there are.

    Those with something to acknowledge are left out, for they are listed as such; so are corrected
    and taken-back ones, and imported ones, which are history that the figures tell.
    """
    waits = exists().where(
        Finding.workspace_id == workspace_id,
        Finding.audit_id == Audit.id,
        Finding.state == FindingState.OPEN.value,
        Finding.severity != Severity.PRAISE.value,
    )
    tells = exists().where(
        Finding.workspace_id == workspace_id,
        Finding.audit_id == Audit.id,
        Finding.state != FindingState.WITHDRAWN.value,
    )
    mine = and_(
        Audit.workspace_id == workspace_id,
        Audit.contributor_id == person_id,
        Audit.audited_at >= since,
        Audit.imported.is_(False),
        Audit.scoring | RULED_ON,
        tells,
        ~waits,
    )
    keys = await connection.scalars(
        select(Audit.id).where(mine).order_by(Audit.audited_at.desc(), Audit.id.desc()).limit(limit)
    )
    count = await connection.scalar(select(func.count()).select_from(Audit).where(mine))
    return list(keys.all()), int(count or 0)
