"""Occurrences in SQL: the claim that lets each happen once, and what became of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.explaining import Happened
from bot.rules.occurrences import DueOccurrence, Missed, OccurrenceState, SkipReason
from bot.rules.schedules import PlannedOccurrence, Schedule, ScheduleKind
from bot.store.database import insert_or_ignore
from models import Occurrence, Squad
from models import Schedule as ScheduleRow

_ADVANCED: Final = (
    update(ScheduleRow)
    .where(ScheduleRow.id == bindparam("schedule"))
    .values(next_slot=bindparam("slot"), next_due_at=bindparam("due_at"))
)


async def last_slot_run(
    connection: AsyncConnection, workspace_id: int, schedule_id: int
) -> str | None:
    """Return the latest slot of a schedule that is over, run or skipped."""
    slot: str | None = await connection.scalar(
        select(func.max(Occurrence.slot)).where(
            Occurrence.workspace_id == workspace_id, Occurrence.schedule_id == schedule_id
        )
    )
    return slot


async def last_done_at(
    connection: AsyncConnection, workspace_id: int, schedule_id: int, before: datetime
) -> datetime | None:
    """Return when a schedule last ran, before an instant."""
    moment: datetime | None = await connection.scalar(
        select(Occurrence.happened_at)
        .where(
            Occurrence.workspace_id == workspace_id,
            Occurrence.schedule_id == schedule_id,
            Occurrence.state == OccurrenceState.DONE.value,
            Occurrence.happened_at < before,
        )
        .order_by(Occurrence.happened_at.desc())
        .limit(1)
    )
    return moment


async def happened(
    connection: AsyncConnection, workspace_id: int, schedule_id: int, slots: Sequence[str]
) -> dict[str, Happened]:
    """Return what became of those slots of a schedule that are over."""
    if not slots:
        return {}
    statement = select(
        Occurrence.slot,
        Occurrence.state,
        Occurrence.reason,
        Occurrence.happened_at,
        Occurrence.due_at,
    ).where(
        Occurrence.workspace_id == workspace_id,
        Occurrence.schedule_id == schedule_id,
        Occurrence.slot >= min(slots),
        Occurrence.slot <= max(slots),
    )
    return {
        row.slot: Happened(
            OccurrenceState(row.state),
            None if row.reason is None else SkipReason(row.reason),
            row.happened_at,
            row.due_at,
        )
        for row in await connection.execute(statement)
    }


async def missed(
    connection: AsyncConnection, workspace_id: int, schedule_id: int, first: str, last: str
) -> Missed | None:
    """Return what of a squad's schedule was skipped from one slot to another."""
    statement = (
        select(
            Squad.name,
            ScheduleRow.kind,
            ScheduleRow.zone,
            ScheduleRow.target,
            ScheduleRow.next_due_at,
            func.count().label("number"),
            func.min(Occurrence.due_at).label("first"),
            func.max(Occurrence.due_at).label("last"),
            func.max(Occurrence.happened_at).label("found_at"),
            func.max(Occurrence.reason).label("reason"),
        )
        .join(ScheduleRow, ScheduleRow.id == Occurrence.schedule_id)
        .join(Squad, Squad.id == ScheduleRow.squad_id)
        .where(
            Occurrence.workspace_id == workspace_id,
            Occurrence.schedule_id == schedule_id,
            Occurrence.slot >= first,
            Occurrence.slot <= last,
            Occurrence.state == OccurrenceState.SKIPPED.value,
        )
        .group_by(
            Squad.name,
            ScheduleRow.kind,
            ScheduleRow.zone,
            ScheduleRow.target,
            ScheduleRow.next_due_at,
        )
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return Missed(
        squad=row.name,
        kind=ScheduleKind(row.kind),
        zone=row.zone,
        count=row.number,
        first=row.first,
        last=row.last,
        found_at=row.found_at,
        reason=SkipReason(row.reason),
        upcoming=row.next_due_at,
        target=row.target,
    )


async def advance(
    tx: AsyncConnection,
    schedule: Schedule,
    awaited: datetime,
    following: PlannedOccurrence | None,
) -> bool:
    """Let a schedule wait for what follows; False if it was changed, or advanced, since read.

    On PostgreSQL the second of two processes waits here for the first one's transaction to end.
    """
    statement = (
        update(ScheduleRow)
        .where(
            ScheduleRow.workspace_id == schedule.workspace_id,
            ScheduleRow.id == schedule.id,
            ScheduleRow.enabled.is_(True),
            ScheduleRow.revision == schedule.revision,
            ScheduleRow.next_due_at == awaited,
        )
        .values(
            next_slot=following.slot if following else None,
            next_due_at=following.utc if following else None,
        )
    )
    return bool((await tx.execute(statement)).rowcount)


async def claim(
    tx: AsyncConnection,
    occurrence: DueOccurrence,
    now: datetime,
    state: OccurrenceState,
    reason: SkipReason | None = None,
) -> bool:
    """Write down that an occurrence is over; False if it was already."""
    statement = (
        insert_or_ignore(tx, Occurrence)
        .values(_values(occurrence.schedule, occurrence.planned, now, state, reason))
        .on_conflict_do_nothing(index_elements=["schedule_id", "slot", "target"])
    )
    return bool((await tx.execute(statement)).rowcount)


async def take(
    tx: AsyncConnection, due: Sequence[DueOccurrence], now: datetime
) -> list[DueOccurrence]:
    """Advance the schedules of several occurrences and claim these; return those that are ours.

    As `advance` and `claim` do for one: what was changed, advanced or claimed since it was read is
    left out, and what was asked for by hand.
    """
    keys = [each.schedule.id for each in due]
    held = await tx.execute(
        select(ScheduleRow.id, ScheduleRow.revision, ScheduleRow.next_due_at, ScheduleRow.enabled)
        .where(ScheduleRow.id.in_(keys))
        .order_by(ScheduleRow.id)
        .with_for_update()
    )
    # Asked for those that are enabled, SQLite would read all of them.
    waits = {row.id: (row.revision, row.next_due_at) for row in held if row.enabled}
    ours = [
        each
        for each in due
        if waits.get(each.schedule.id) == (each.schedule.revision, each.awaited)
    ]
    if not ours:
        return []
    await tx.execute(
        _ADVANCED,
        [
            {
                "schedule": each.schedule.id,
                "slot": each.following.slot if each.following else None,
                "due_at": each.following.utc if each.following else None,
            }
            for each in ours
        ],
    )
    rows = [_values(each.schedule, each.planned, now, OccurrenceState.DONE, None) for each in ours]
    claimed = await tx.execute(
        insert_or_ignore(tx, Occurrence)
        .on_conflict_do_nothing(index_elements=["schedule_id", "slot", "target"])
        .returning(Occurrence.schedule_id),
        rows,
    )
    mine = {row.schedule_id for row in claimed}
    return [each for each in ours if each.schedule.id in mine]


async def skip(
    tx: AsyncConnection,
    schedule: Schedule,
    missed: Iterable[PlannedOccurrence],
    now: datetime,
    reason: SkipReason,
) -> list[PlannedOccurrence]:
    """Write down that occurrences were skipped; return those that were not over already."""
    skipped = []
    for planned in missed:
        statement = (
            insert_or_ignore(tx, Occurrence)
            .values(_values(schedule, planned, now, OccurrenceState.SKIPPED, reason))
            .on_conflict_do_nothing(index_elements=["schedule_id", "slot", "target"])
        )
        if (await tx.execute(statement)).rowcount:
            skipped.append(planned)
    return skipped


def _values(
    schedule: Schedule,
    planned: PlannedOccurrence,
    now: datetime,
    state: OccurrenceState,
    reason: SkipReason | None,
) -> dict[str, Any]:
    return {
        "workspace_id": schedule.workspace_id,
        "schedule_id": schedule.id,
        "slot": planned.slot,
        "target": planned.target,
        "due_at": planned.utc,
        "happened_at": now,
        "state": state.value,
        "reason": None if reason is None else reason.value,
    }
