"""Meetings of squads in SQL: planned, skipped, noted, and who led them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Row,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.agenda import (
    POST,
    Meeting,
    MeetingState,
)
from bot.rules.occurrences import sync_target
from bot.rules.outbox import Delivery, DeliveryState
from bot.rules.people import PRESENT, IdentityKind, Role
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import SyncKind
from bot.store.database import insert_or_ignore
from bot.store.outbox import COLUMNS, delivery_of
from models import (
    Member,
    MemberRole,
    OutboxRow,
    Schedule,
    SlackIdentity,
    SyncMeeting,
)

_MEETING: Final = (
    "id", "workspace_id", "squad_id", "sync_id", "name", "slot", "starts_at", "planned_at",
    "facilitator_id", "decisions", "notes", "revision", "edited_by",
)  # fmt: skip
_LOST: Final = (DeliveryState.DROPPED, DeliveryState.REFUSED, DeliveryState.PARKED)
"""A post that ended so was read by nobody: what it said is news for the next one."""


def _meeting(row: Row[*tuple[Any, ...]]) -> Meeting:
    return Meeting(
        **{name: getattr(row, name) for name in _MEETING},
        kind=SyncKind(row.kind),
        state=MeetingState(row.state),
    )


_MEETINGS: Final = select(
    *(getattr(SyncMeeting, name) for name in _MEETING), SyncMeeting.kind, SyncMeeting.state
)


async def plan_meeting(tx: AsyncConnection, workspace_id: int, **values: object) -> int | None:
    """Store a meeting with its columns; return the key, None if there is one of its slot."""
    statement = (
        insert_or_ignore(tx, SyncMeeting)
        .values(workspace_id=workspace_id, state=MeetingState.PLANNED.value, revision=0, **values)
        .on_conflict_do_nothing(index_elements=["workspace_id", "sync_id", "slot"])
        .returning(SyncMeeting.id)
    )
    return (await tx.execute(statement)).scalar_one_or_none()


async def meeting(
    connection: AsyncConnection, workspace_id: int, meeting_id: int, *, lock: bool = False
) -> Meeting | None:
    """Return a meeting; with `lock` nobody else changes it until the transaction ends."""
    statement = _MEETINGS.where(
        SyncMeeting.workspace_id == workspace_id, SyncMeeting.id == meeting_id
    )
    if lock:
        statement = statement.with_for_update()  # SQLite has one writer and knows no such words
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _meeting(row)


async def latest(
    connection: AsyncConnection, workspace_id: int, squad_id: int, limit: int
) -> list[Meeting]:
    """Return a squad's meetings, newest first."""
    statement = (
        _MEETINGS.where(SyncMeeting.workspace_id == workspace_id, SyncMeeting.squad_id == squad_id)
        .order_by(SyncMeeting.starts_at.desc(), SyncMeeting.id.desc())
        .limit(limit)
    )
    return [_meeting(row) for row in await connection.execute(statement)]


async def change_meeting(
    tx: AsyncConnection, workspace_id: int, meeting_id: int, **values: object
) -> None:
    """Change columns of a meeting."""
    await tx.execute(
        update(SyncMeeting)
        .where(SyncMeeting.workspace_id == workspace_id, SyncMeeting.id == meeting_id)
        .values(**values)
    )


async def spoken_until(
    connection: AsyncConnection, before: Meeting
) -> tuple[datetime | None, datetime | None]:
    """Return up to when the sync's last agenda spoke that could be read, and when its first was.

    Both are instants of planning before a meeting; None if there was none.
    """
    key = literal(POST + ":").concat(cast(SyncMeeting.id, String))
    lost = exists().where(
        OutboxRow.workspace_id == SyncMeeting.workspace_id,
        OutboxRow.dedupe_key == key,
        OutboxRow.state.in_([state.value for state in _LOST]),
    )
    earlier = and_(
        SyncMeeting.workspace_id == before.workspace_id,
        SyncMeeting.sync_id == before.sync_id,
        SyncMeeting.slot < before.slot,
    )
    last = select(SyncMeeting.planned_at).where(earlier, ~lost)
    first = select(SyncMeeting.planned_at).where(earlier)
    row = (
        await connection.execute(
            select(
                last.order_by(SyncMeeting.slot.desc()).limit(1).scalar_subquery(),
                first.order_by(SyncMeeting.slot).limit(1).scalar_subquery(),
            )
        )
    ).one()
    return row[0], row[1]


async def next_slots(
    connection: AsyncConnection, workspace_id: int, sync_ids: Collection[int]
) -> dict[int, str]:
    """Return the slot that the schedule of each sync waits for; without one it is left out."""
    targets = {sync_target(sync_id): sync_id for sync_id in sync_ids}
    statement = select(Schedule.target, Schedule.next_slot).where(
        Schedule.workspace_id == workspace_id,
        Schedule.target.in_(list(targets)),
        Schedule.kind == ScheduleKind.SYNC.value,
        Schedule.enabled,
        Schedule.next_slot.is_not(None),
    )
    return {targets[row.target]: row.next_slot for row in await connection.execute(statement)}


async def said_where(
    connection: AsyncConnection, workspace_id: int, channel: str, timestamps: Collection[str]
) -> list[Delivery]:
    """Return our messages at some timestamps of a channel (or of direct messages)."""
    statement = select(*COLUMNS).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.sent_channel == channel,
        OutboxRow.sent_ts.in_(list(timestamps)),
    )
    return [delivery_of(row) for row in await connection.execute(statement)]


async def change_waits(connection: AsyncConnection, delivery_id: int) -> bool:
    """Tell whether a change of a message is on its way and will show what is true by then."""
    statement = select(OutboxRow.id).where(
        OutboxRow.target_id == delivery_id, OutboxRow.state == DeliveryState.WAITING.value
    )
    return await connection.scalar(statement.limit(1)) is not None


async def leaders(
    connection: AsyncConnection, workspace_id: int, squad_id: int, kind: SyncKind, limit: int
) -> list[int]:
    """Return who led a squad's meetings of a kind, newest first; skipped ones do not count."""
    statement = (
        select(SyncMeeting.facilitator_id)
        .where(
            SyncMeeting.workspace_id == workspace_id,
            SyncMeeting.squad_id == squad_id,
            SyncMeeting.kind == kind.value,
            SyncMeeting.facilitator_id.is_not(None),
            SyncMeeting.state != MeetingState.SKIPPED.value,
        )
        .order_by(SyncMeeting.starts_at.desc(), SyncMeeting.id.desc())
        .limit(limit)
    )
    return [key for key in (await connection.scalars(statement)).all() if key is not None]


async def able(
    connection: AsyncConnection, workspace_id: int, squad_id: int, roles: Collection[Role]
) -> dict[int, datetime]:
    """Return who of a squad holds one of the roles and is in Slack, with when they joined."""
    statement = (
        select(Member.person_id, func.min(Member.joined_at).label("joined_at"))
        .join(MemberRole, MemberRole.member_id == Member.id)
        .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.status.in_([each.value for each in PRESENT]),
            MemberRole.role.in_([each.value for each in roles]),
            SlackIdentity.active.is_(True),
            SlackIdentity.kind != IdentityKind.BOT.value,
        )
        .group_by(Member.person_id)
    )
    return {row.person_id: row.joined_at for row in await connection.execute(statement)}
