"""Meetings of squads in SQL: planned, skipped, noted, and who led them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

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
from bot.store.memberships import ROLE_OF_MEMBER
from bot.store.outbox import COLUMNS, delivery_of
from models import (
    Member,
    MemberRole,
    OutboxRow,
    Schedule,
    SlackIdentity,
    Sync,
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


async def plan_meetings(
    tx: AsyncConnection, workspace_id: int, rows: Sequence[Mapping[str, object]]
) -> dict[int, int]:
    """Store meetings with their columns; return the keys of those that are new, by their sync."""
    if not rows:
        return {}
    fixed = {"workspace_id": workspace_id, "state": MeetingState.PLANNED.value, "revision": 0}
    statement = (
        insert_or_ignore(tx, SyncMeeting)
        .on_conflict_do_nothing(index_elements=["workspace_id", "sync_id", "slot"])
        .returning(SyncMeeting.sync_id, SyncMeeting.id)
    )
    made = await tx.execute(statement, [fixed | dict(row) for row in rows])
    return {row.sync_id: row.id for row in made}


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


async def leaders_in(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int], limit: int
) -> dict[tuple[int, SyncKind], list[int]]:
    """Return who led the last meetings of squads by kind, newest first; skipped ones count not."""
    place = func.row_number().over(
        partition_by=(SyncMeeting.squad_id, SyncMeeting.kind),
        order_by=(SyncMeeting.starts_at.desc(), SyncMeeting.id.desc()),
    )
    ranked = (
        select(
            SyncMeeting.squad_id,
            SyncMeeting.kind,
            SyncMeeting.facilitator_id,
            place.label("place"),
        )
        .where(
            SyncMeeting.workspace_id == workspace_id,
            SyncMeeting.squad_id.in_(list(squad_ids)),
            SyncMeeting.facilitator_id.is_not(None),
            SyncMeeting.state != MeetingState.SKIPPED.value,
        )
        .subquery()
    )
    statement = select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.place)
    found: dict[tuple[int, SyncKind], list[int]] = {}
    for row in await connection.execute(statement):
        found.setdefault((row.squad_id, SyncKind(row.kind)), []).append(row.facilitator_id)
    return found


async def led_by(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    begin: datetime,
    end: datetime,
) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return when people of squads lead meetings of any squad that start in `[begin, end)`.

    Each from its start to its end, by person; skipped ones count not.
    """
    people = select(Member.person_id).where(
        Member.workspace_id == workspace_id, Member.squad_id.in_(list(squad_ids))
    )
    statement = (
        select(SyncMeeting.facilitator_id, SyncMeeting.starts_at, Sync.minutes)
        .join(Sync, Sync.id == SyncMeeting.sync_id)
        .where(
            SyncMeeting.workspace_id == workspace_id,
            SyncMeeting.facilitator_id.in_(people),
            SyncMeeting.starts_at >= begin,
            SyncMeeting.starts_at < end,
            SyncMeeting.state != MeetingState.SKIPPED.value,
        )
    )
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for row in await connection.execute(statement):
        ends = row.starts_at + timedelta(minutes=row.minutes)
        found.setdefault(row.facilitator_id, []).append((row.starts_at, ends))
    return found


class Able(NamedTuple):
    """Somebody in Slack who could lead, when they joined the squad, and as what."""

    person_id: int
    joined_at: datetime
    roles: frozenset[Role]


async def able_in(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> dict[int, list[Able]]:
    """Return the people of squads who are in Slack, with their roles, by squad."""
    statement = (
        select(Member.squad_id, Member.person_id, Member.joined_at, MemberRole.role)
        # From the outside, for else SQLite begins with all roles of the workspace.
        .join(MemberRole, ROLE_OF_MEMBER, isouter=True)
        .join(SlackIdentity, SlackIdentity.person_id == Member.person_id)
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id.in_(list(squad_ids)),
            Member.status.in_([each.value for each in PRESENT]),
            SlackIdentity.active.is_(True),
            SlackIdentity.kind != IdentityKind.BOT.value,
        )
    )
    roles: dict[tuple[int, int, datetime], set[Role]] = {}
    for row in await connection.execute(statement):
        if row.role is not None:
            key = (row.squad_id, row.person_id, row.joined_at)
            roles.setdefault(key, set()).add(Role(row.role))
    found: dict[int, list[Able]] = {}
    for (squad_id, person_id, joined_at), held in roles.items():
        found.setdefault(squad_id, []).append(Able(person_id, joined_at, frozenset(held)))
    return found
