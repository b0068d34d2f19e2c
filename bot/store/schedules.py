"""Schedules in SQL: what each waits for, the calendar it goes by, and changes of both."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import half_days
from bot.rules.calendar import SEARCH_DAYS, WorkCalendar, make_calendar
from bot.rules.occurrences import (
    WORKSPACE_TARGET,
    Pending,
    realigned,
    squad_target,
    upcoming,
)
from bot.rules.schedules import (
    DEFAULT_LATENESS,
    PlannedOccurrence,
    Schedule,
    ScheduleKind,
    next_occurrence,
)
from bot.rules.squads import Squad
from bot.store import occurrences, squads
from bot.store.calendars import calendar_like
from bot.store.database import insert_or_ignore
from models import Schedule as ScheduleRow
from models import Squad as SquadRow

WORKSPACE_ZONE: Final = "UTC"
WEEKDAYS: Final = (0, 1, 2, 3, 4)
_ALL_DAY: Final = (time(0), time(23, 59))


@dataclass(frozen=True, slots=True)
class Default:
    """What a schedule starts with; `weekday` 0 is Monday."""

    kind: ScheduleKind
    local_time: time
    weekday: int | None = None


SQUAD_DEFAULTS: Final = (
    Default(ScheduleKind.DAILY_DIGEST, time(9)),  # yesterday's work, as people start
    Default(ScheduleKind.WEEKLY_DIGEST, time(9, 30), weekday=0),  # after Monday's daily one
)
WORKSPACE_DEFAULTS: Final = (
    Default(ScheduleKind.REFUSALS_REPORT, time(6)),  # to be a line of the admins' first Today
    Default(ScheduleKind.HOUSEKEEPING, time(2)),
    # Before work starts from Manila to Lisbon, and after its end in America.
    Default(ScheduleKind.DRAWS, time(0, 30)),
)

_NAMES: Final = (
    "id", "workspace_id", "squad_id", "target", "local_time", "zone", "weekday", "revision",
    "effective_slot", "earlier_time", "earlier_weekday",
)  # fmt: skip
_COLUMNS: Final = [
    *(getattr(ScheduleRow, name) for name in (*_NAMES, "kind", "lateness_s", "lead_s")),
    ScheduleRow.next_slot,
    ScheduleRow.next_due_at,
]


_DAYS: Final = select(
    SquadRow.id,
    SquadRow.zone,
    SquadRow.working_days,
    SquadRow.work_start,
    SquadRow.work_end,
    SquadRow.country,
    SquadRow.subdivision,
    SquadRow.half_days,
).where(SquadRow.id.in_(bindparam("squads", expanding=True)), SquadRow.archived_at.is_(None))


def _pending(row: Row[Any]) -> Pending:
    values = {name: getattr(row, name) for name in _NAMES}
    schedule = Schedule(
        **values,
        kind=ScheduleKind(row.kind),
        lateness=timedelta(seconds=row.lateness_s),
        lead=timedelta(seconds=row.lead_s),
    )
    return Pending(schedule, row.next_slot, row.next_due_at)


# Reading.


async def due(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> list[Pending]:
    """Return the schedules of all workspaces whose time has come, longest waiting first.

    One look into an index when nothing is due. `after` is the (due_at, id) to go on from.
    """
    statement = select(*_COLUMNS).where(
        ScheduleRow.enabled.is_(True), ScheduleRow.next_due_at <= now
    )
    if after is not None:
        statement = statement.where(
            or_(
                ScheduleRow.next_due_at > after[0],
                and_(ScheduleRow.next_due_at == after[0], ScheduleRow.id > after[1]),
            )
        )
    ordered = statement.order_by(ScheduleRow.next_due_at, ScheduleRow.id).limit(limit)
    return [_pending(row) for row in await connection.execute(ordered)]


async def of_squad(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Pending]:
    """Return a squad's enabled schedules."""
    statement = (
        select(*_COLUMNS)
        .where(
            ScheduleRow.workspace_id == workspace_id,
            ScheduleRow.squad_id == squad_id,
            ScheduleRow.enabled.is_(True),
        )
        .order_by(ScheduleRow.id)
    )
    return [_pending(row) for row in await connection.execute(statement)]


async def of_kind(
    tx: AsyncConnection,
    workspace_id: int,
    target: str,
    kind: ScheduleKind,
    *,
    enabled: bool | None = True,
) -> Pending | None:
    """Return one schedule, held against other changes until the transaction ends.

    `enabled` None takes one that is switched off as well.
    """
    statement = (
        select(*_COLUMNS)
        .where(
            ScheduleRow.workspace_id == workspace_id,
            ScheduleRow.target == target,
            ScheduleRow.kind == kind.value,
        )
        .with_for_update()
    )
    if enabled is not None:
        statement = statement.where(ScheduleRow.enabled.is_(enabled))
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _pending(row)


async def get(connection: AsyncConnection, workspace_id: int, schedule_id: int) -> Pending | None:
    """Return one schedule by its key."""
    statement = select(*_COLUMNS).where(
        ScheduleRow.workspace_id == workspace_id, ScheduleRow.id == schedule_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _pending(row)


async def calendar(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int | None,
    now: datetime,
    *,
    until: datetime | None = None,
) -> WorkCalendar | None:
    """Return the days on which a squad works; None if it is archived or gone.

    Holidays are known from the year before `now` to that of `until` (without it as far as a search
    goes). Of a calendar schedules use the days alone, so quiet hours are left out. The workspace
    itself (squad None) works from Monday to Friday.
    """
    if squad_id is None:
        return make_calendar(WORKSPACE_ZONE, WEEKDAYS, _ALL_DAY)
    squad = await squads.get(connection, workspace_id, squad_id)
    if squad is None:
        return None
    return calendar_of(squad, now, until or now + timedelta(days=SEARCH_DAYS))


async def calendars(
    connection: AsyncConnection,
    squad_ids: Iterable[int | None],
    since: datetime,
    *,
    until: datetime | None = None,
) -> dict[int | None, WorkCalendar]:
    """Return `calendar` of several squads in one statement; an archived one is left out."""
    years = _years(since, until or since + timedelta(days=SEARCH_DAYS))
    keys = {"squads": [key for key in squad_ids if key is not None]}
    found: dict[int | None, WorkCalendar] = {
        key: calendar_like(*days, country, subdivision, years, half_days.stored(halves))
        for key, *days, country, subdivision, halves in await connection.execute(_DAYS, keys)
    }
    return found | {None: make_calendar(WORKSPACE_ZONE, WEEKDAYS, _ALL_DAY)}


def calendar_of(squad: Squad, since: datetime, until: datetime) -> WorkCalendar:
    """Return the days on which a squad works, holidays from the year before `since` on."""
    return calendar_like(
        squad.zone,
        squads.days_to_text(squad.working_days),
        squad.work_start,
        squad.work_end,
        squad.country,
        squad.subdivision,
        _years(since, until),
        squad.half_days,
    )


def _years(since: datetime, until: datetime) -> range:
    return range(since.year - 1, until.year + 2)  # the local year may be the next one already


# Making and changing.


async def ensure_defaults(
    tx: AsyncConnection, workspace_id: int, squad_id: int, zone: str, now: datetime
) -> None:
    """Give a squad the schedules it starts with; those that it has stay as they are."""
    days = await calendar(tx, workspace_id, squad_id, now)
    if days is not None:
        for default in SQUAD_DEFAULTS:
            await _ensure(tx, workspace_id, squad_id, zone, default, days, now)


async def ensure_workspace_defaults(tx: AsyncConnection, workspace_id: int, now: datetime) -> None:
    """Give a workspace its own schedules, in UTC; those that it has stay as they are."""
    days = await calendar(tx, workspace_id, None, now)
    if days is not None:
        for default in WORKSPACE_DEFAULTS:
            await _ensure(tx, workspace_id, None, WORKSPACE_ZONE, default, days, now)


async def _ensure(
    tx: AsyncConnection,
    workspace_id: int,
    squad_id: int | None,
    zone: str,
    default: Default,
    days: WorkCalendar,
    now: datetime,
) -> None:
    target = WORKSPACE_TARGET if squad_id is None else squad_target(squad_id)
    lateness = DEFAULT_LATENESS[default.kind]
    plan = Schedule(
        id=0,
        workspace_id=workspace_id,
        squad_id=squad_id,
        kind=default.kind,
        target=target,
        local_time=default.local_time,
        zone=zone,
        lateness=lateness,
        weekday=default.weekday,
    )
    first = next_occurrence(plan, days, now)
    statement = insert_or_ignore(tx, ScheduleRow).values(**_values(plan, first))
    await tx.execute(
        statement.on_conflict_do_nothing(index_elements=["workspace_id", "target", "kind"])
    )


def _values(plan: Schedule, coming: PlannedOccurrence | None) -> dict[str, Any]:
    """Return a schedule's columns, but its key."""
    return {
        **{name: getattr(plan, name) for name in _NAMES if name != "id"},
        "kind": plan.kind.value,
        "lateness_s": int(plan.lateness.total_seconds()),
        "lead_s": int(plan.lead.total_seconds()),
        "enabled": True,
        "next_slot": coming.slot if coming else None,
        "next_due_at": coming.utc if coming else None,
    }


async def add(tx: AsyncConnection, plan: Schedule, days: WorkCalendar, now: datetime) -> Pending:
    """Add a schedule that waits for what is still to come; return it with its key."""
    first = upcoming(Pending(plan, None, None), days, None, now)
    statement = insert(ScheduleRow).values(**_values(plan, first)).returning(ScheduleRow.id)
    key = (await tx.execute(statement)).scalar_one()
    due_at = first.utc if first else None
    return Pending(replace(plan, id=key), first.slot if first else None, due_at)


async def replan(tx: AsyncConnection, workspace_id: int, squad_id: int, now: datetime) -> None:
    """Bring a squad's schedules in line after its zone, working days or holidays changed.

    The schedules of an archived squad wait for nothing any more.
    """
    days = await calendar(tx, workspace_id, squad_id, now)
    statement = (
        select(*_COLUMNS)
        .where(
            ScheduleRow.workspace_id == workspace_id,
            ScheduleRow.squad_id == squad_id,
            ScheduleRow.enabled.is_(True),
        )
        .order_by(ScheduleRow.id)
        .with_for_update()
    )
    for row in (await tx.execute(statement)).all():
        pending = _pending(row)
        if days is None:
            await expect(tx, pending.schedule, None)
            continue
        moved = Pending(realigned(pending.schedule, days.zone), pending.slot, pending.due_at)
        await put(tx, moved, days, now)


async def put(
    tx: AsyncConnection, pending: Pending, days: WorkCalendar, now: datetime
) -> PlannedOccurrence | None:
    """Store a changed schedule and what it now waits for, which is returned."""
    plan = pending.schedule
    ran = await occurrences.last_slot_run(tx, plan.workspace_id, plan.id)
    coming = upcoming(pending, days, ran, now)
    await tx.execute(
        update(ScheduleRow)
        .where(ScheduleRow.workspace_id == plan.workspace_id, ScheduleRow.id == plan.id)
        .values(
            enabled=True,
            local_time=plan.local_time,
            lead_s=int(plan.lead.total_seconds()),
            weekday=plan.weekday,
            zone=plan.zone,
            revision=plan.revision,
            effective_slot=plan.effective_slot,
            earlier_time=plan.earlier_time,
            earlier_weekday=plan.earlier_weekday,
        )
    )
    await expect(tx, plan, coming)
    return coming


async def expect(tx: AsyncConnection, schedule: Schedule, coming: PlannedOccurrence | None) -> None:
    """Store what a schedule waits for, None for nothing."""
    await tx.execute(
        update(ScheduleRow)
        .where(ScheduleRow.workspace_id == schedule.workspace_id, ScheduleRow.id == schedule.id)
        .values(
            next_slot=coming.slot if coming else None,
            next_due_at=coming.utc if coming else None,
        )
    )
