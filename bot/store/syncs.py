"""A squad's syncs in SQL, and the schedule that each of them has."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, String, cast, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.calendar import WorkCalendar
from bot.rules.occurrences import Pending, sync_target
from bot.rules.oneonone_hours import Regular
from bot.rules.people import PRESENT, Role
from bot.rules.schedules import DEFAULT_LATENESS, Schedule, ScheduleKind, reschedule
from bot.rules.squads import Sync, SyncKind
from bot.store import occurrences, schedules
from bot.store.keys import unindexed
from bot.store.memberships import ROLE_OF_MEMBER
from models import Member, MemberRole, Squad
from models import Schedule as ScheduleRow
from models import Sync as SyncRow

EVERYBODY: Final = "squad"

_COLUMNS: Final[list[Any]] = [
    SyncRow.id,
    SyncRow.squad_id,
    SyncRow.name,
    SyncRow.local_time,
    SyncRow.link,
    SyncRow.kind,
    SyncRow.weekday,
    SyncRow.minutes,
    SyncRow.lead_minutes,
    SyncRow.audience,
    ScheduleRow.effective_slot,
    ScheduleRow.earlier_time,
]
_LISTED: Final = select(*_COLUMNS).join(
    ScheduleRow,
    (ScheduleRow.workspace_id == SyncRow.workspace_id)
    & (ScheduleRow.target == literal(sync_target("")) + cast(SyncRow.id, String))
    & (ScheduleRow.kind == ScheduleKind.SYNC.value),
    isouter=True,
)


def audience_to_text(roles: Iterable[Role]) -> str:
    """Write an audience as the column keeps it; none is everybody in the squad."""
    return ",".join(sorted(role.value for role in roles)) or EVERYBODY


def audience_from_text(text: str) -> frozenset[Role]:
    """Read an audience as the column keeps it."""
    return frozenset() if text == EVERYBODY else frozenset(map(Role, text.split(",")))


def _sync(row: Row[Any]) -> Sync:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    slot = values.pop("effective_slot")
    values["effective_day"] = None if slot is None else date.fromisoformat(slot)
    values["kind"] = SyncKind(values["kind"])
    values["audience"] = audience_from_text(values["audience"])
    return Sync(**values)


async def get(connection: AsyncConnection, workspace_id: int, sync_id: int) -> Sync | None:
    """Return one sync; None if there is none, or it was removed."""
    return await _one(connection, SyncRow.workspace_id == workspace_id, SyncRow.id == sync_id)


async def several(
    connection: AsyncConnection, workspace_id: int, sync_ids: Collection[int]
) -> dict[int, Sync]:
    """Return syncs by key; removed ones are left out."""
    statement = _LISTED.where(
        unindexed(SyncRow.workspace_id) == workspace_id,
        SyncRow.id.in_(list(sync_ids)),
        SyncRow.removed_at.is_(None),
    )
    return {row.id: _sync(row) for row in await connection.execute(statement)}


async def by_name(
    connection: AsyncConnection, workspace_id: int, squad_id: int, name: str
) -> Sync | None:
    """Return a squad's sync of exactly that name."""
    return await _one(
        connection,
        SyncRow.workspace_id == workspace_id,
        SyncRow.squad_id == squad_id,
        SyncRow.name == name,
    )


async def _one(connection: AsyncConnection, *which: ColumnElement[bool]) -> Sync | None:
    row = (await connection.execute(_LISTED.where(*which, SyncRow.removed_at.is_(None)))).first()
    return None if row is None else _sync(row)


async def of_squad(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Sync]:
    """Return a squad's syncs by time."""
    statement = _LISTED.where(
        SyncRow.workspace_id == workspace_id,
        SyncRow.squad_id == squad_id,
        SyncRow.removed_at.is_(None),
    ).order_by(SyncRow.local_time, SyncRow.name)
    return [_sync(row) for row in await connection.execute(statement)]


async def regulars(
    connection: AsyncConnection, workspace_id: int, people: Collection[int]
) -> dict[int, frozenset[Regular]]:
    """Return when people are in syncs of their squads, by person; who is in none is left out."""
    memberships = (
        select(
            Member.person_id,
            Member.squad_id,
            Squad.zone,
            Squad.working_days,
            MemberRole.role,
        )
        .join(Squad, Squad.id == Member.squad_id)
        .join(MemberRole, ROLE_OF_MEMBER, isouter=True)
        .where(
            unindexed(Member.workspace_id) == workspace_id,
            Member.person_id.in_(list(people)),
            Member.status.in_([each.value for each in PRESENT]),
            Squad.archived_at.is_(None),
        )
    )
    rows = (await connection.execute(memberships)).all()
    meetings = select(
        SyncRow.squad_id, SyncRow.local_time, SyncRow.weekday, SyncRow.minutes, SyncRow.audience
    ).where(
        SyncRow.workspace_id == workspace_id,
        SyncRow.squad_id.in_({row.squad_id for row in rows}),
        SyncRow.removed_at.is_(None),
    )
    held: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for sync in await connection.execute(meetings):
        held.setdefault(sync.squad_id, []).append(sync)
    found: dict[int, set[Regular]] = {}
    for row in rows:
        for each in held.get(row.squad_id, ()):
            audience = audience_from_text(each.audience)
            if audience and (row.role is None or Role(row.role) not in audience):
                continue
            days = row.working_days if each.weekday is None else [each.weekday]
            regular = Regular(
                zone=row.zone,
                days=frozenset(map(int, days)),
                at=each.local_time,
                minutes=each.minutes,
            )
            found.setdefault(row.person_id, set()).add(regular)
    return {person_id: frozenset(those) for person_id, those in found.items()}


async def removed_names(
    connection: AsyncConnection, workspace_id: int, squad_id: int
) -> dict[str, int]:
    """Return the syncs that a squad once had, by name."""
    statement = select(SyncRow.name, SyncRow.id).where(
        SyncRow.workspace_id == workspace_id,
        SyncRow.squad_id == squad_id,
        SyncRow.removed_at.is_not(None),
    )
    return {row.name: row.id for row in await connection.execute(statement)}


async def put(tx: AsyncConnection, workspace_id: int, sync: Sync) -> int:
    """Add a sync (its id is 0), or change the one of that id, removed or not; return its key."""
    values = {
        "name": sync.name,
        "local_time": sync.local_time,
        "link": sync.link,
        "kind": sync.kind.value,
        "weekday": sync.weekday,
        "minutes": sync.minutes,
        "lead_minutes": sync.lead_minutes,
        "audience": audience_to_text(sync.audience),
        "removed_at": None,
    }
    if sync.id:
        changed = update(SyncRow).where(SyncRow.workspace_id == workspace_id, SyncRow.id == sync.id)
        await tx.execute(changed.values(values))
        return sync.id
    added = insert(SyncRow).values(**values, workspace_id=workspace_id, squad_id=sync.squad_id)
    return (await tx.execute(added.returning(SyncRow.id))).scalar_one()


async def remove(tx: AsyncConnection, workspace_id: int, sync_id: int, now: datetime) -> None:
    """Remove a sync; its schedule waits for nothing any more."""
    await tx.execute(
        update(SyncRow)
        .where(SyncRow.workspace_id == workspace_id, SyncRow.id == sync_id)
        .values(removed_at=now)
    )
    await tx.execute(
        update(ScheduleRow)
        .where(
            ScheduleRow.workspace_id == workspace_id,
            ScheduleRow.target == sync_target(sync_id),
            ScheduleRow.kind == ScheduleKind.SYNC.value,
        )
        .values(enabled=False, next_slot=None, next_due_at=None, revision=ScheduleRow.revision + 1)
    )


async def plan(
    tx: AsyncConnection, workspace_id: int, sync: Sync, days: WorkCalendar, now: datetime
) -> Pending:
    """Bring the schedule of a sync in line with it, and return it with what it waits for."""
    lead = timedelta(minutes=sync.lead_minutes)
    target = sync_target(sync.id)
    found = await schedules.of_kind(tx, workspace_id, target, ScheduleKind.SYNC, enabled=None)
    if found is None:
        fresh = Schedule(
            id=0,
            workspace_id=workspace_id,
            squad_id=sync.squad_id,
            kind=ScheduleKind.SYNC,
            target=target,
            local_time=sync.local_time,
            zone=days.zone,
            lateness=DEFAULT_LATENESS[ScheduleKind.SYNC],
            lead=lead,
            weekday=sync.weekday,
        )
        return await schedules.add(tx, fresh, days, now)
    plan = replace(found.schedule, lead=lead)
    if (plan.local_time, plan.weekday) != (sync.local_time, sync.weekday):
        plan, _ = reschedule(
            plan,
            days,
            new_time=sync.local_time,
            new_weekday=sync.weekday,
            last_slot_run=await occurrences.last_slot_run(tx, workspace_id, plan.id),
            now=now,
        )
    elif plan != found.schedule or found.slot is None:
        plan = replace(plan, revision=plan.revision + 1)
    else:
        return found
    coming = await schedules.put(tx, replace(found, schedule=plan), days, now)
    return Pending(plan, coming.slot if coming else None, coming.utc if coming else None)
