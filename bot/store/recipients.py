"""Who a delivery is for: identity, working hours, budget and what they already got."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import half_days
from bot.rules.budget import CONTRIBUTOR_BUDGET, MANAGER_BUDGET, counted_since, tally
from bot.rules.calendar import (
    DateSpan,
    PersonalHours,
    WorkCalendar,
    make_calendar,
    make_hours,
    merge,
)
from bot.rules.gate import Recipient, SquadFacts
from bot.rules.people import PRESENT, Role, SquadState
from bot.store.calendars import calendar_like, holidays_of
from bot.store.keys import unindexed
from bot.store.memberships import ROLE_OF_MEMBER
from bot.store.outbox import unprompted_since
from models import Admin, Member, MemberRole, Person, SlackIdentity, Squad, TimeOff

# Who is in no squad yet is reached in ordinary office hours of their own zone.
NO_SQUAD_DAYS = (0, 1, 2, 3, 4)
NO_SQUAD_HOURS = (time(9), time(17))
NO_SQUAD_ZONE = "UTC"

_LOOK_BACK = timedelta(days=2)  # time off ends on a local day; hours may pass midnight
_PRESENT = [status.value for status in PRESENT]

_identity = (
    select(SlackIdentity.id)
    .where(SlackIdentity.person_id == Person.id)
    .order_by(SlackIdentity.active.desc(), SlackIdentity.refreshed_at.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
# The squad whose hours apply where the person set none: the first they are in.
_first_squad = (
    select(Member.squad_id)
    .join(Squad, Squad.id == Member.squad_id)
    .where(
        Member.person_id == Person.id,
        Member.status.in_(_PRESENT),
        Squad.archived_at.is_(None),
    )
    .order_by(Member.id)
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_leads = exists().where(
    Member.person_id == Person.id,
    Member.status.in_(_PRESENT),
    ROLE_OF_MEMBER,
    MemberRole.role == Role.MANAGER.value,
)
_administers = exists().where(
    Admin.workspace_id == Person.workspace_id, Admin.person_id == Person.id
)
_PEOPLE = (
    select(
        Person.id,
        Person.merged_into,
        Person.locale,
        Person.zone,
        Person.country,
        Person.subdivision,
        Person.working_days,
        Person.work_start,
        Person.work_end,
        Person.quiet_start,
        Person.quiet_end,
        Person.quiet_until,
        SlackIdentity.user_id,
        SlackIdentity.active,
        SlackIdentity.dm_channel,
        Squad.language.label("squad_language"),
        Squad.zone.label("squad_zone"),
        Squad.country.label("squad_country"),
        Squad.subdivision.label("squad_subdivision"),
        Squad.working_days.label("squad_working_days"),
        Squad.work_start.label("squad_work_start"),
        Squad.work_end.label("squad_work_end"),
        Squad.quiet_start.label("squad_quiet_start"),
        Squad.quiet_end.label("squad_quiet_end"),
        Squad.half_days.label("squad_half_days"),
        or_(_leads, _administers).label("decides"),
    )
    .join(SlackIdentity, SlackIdentity.id == _identity, isouter=True)
    .join(Squad, Squad.id == _first_squad, isouter=True)
    .where(unindexed(Person.workspace_id) == bindparam("workspace_id"))
)
_RECIPIENT = _PEOPLE.where(Person.id == bindparam("person_id"))
_SEVERAL = _PEOPLE.where(Person.id.in_(bindparam("person_ids", expanding=True)))
_TIME_OFF = select(TimeOff.first_day, TimeOff.last_day).where(
    TimeOff.workspace_id == bindparam("workspace_id"),
    TimeOff.person_id == bindparam("person_id"),
    TimeOff.last_day >= bindparam("since"),
    TimeOff.cancelled_at.is_(None),
)
_TIMES_OFF = select(TimeOff.person_id, TimeOff.first_day, TimeOff.last_day).where(
    TimeOff.workspace_id == bindparam("workspace_id"),
    TimeOff.person_id.in_(bindparam("person_ids", expanding=True)),
    TimeOff.last_day >= bindparam("since"),
    TimeOff.cancelled_at.is_(None),
)
_SQUAD = select(Squad.state, Squad.language).where(Squad.id == bindparam("squad_id"))


async def recipient(
    connection: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> Recipient | None:
    """Return a person as dispatch sees them; None if there is no such person in the workspace."""
    row = await _row(connection, workspace_id, person_id)
    if row is None:
        return None
    away = await _time_off(connection, workspace_id, row.id, now)
    calendar = merge(_squad_calendar(row, now), _personal(row, away, now))
    sent, today_waits = await unprompted_since(
        connection, workspace_id, row.id, counted_since(calendar, now)
    )
    return Recipient(
        person_id=row.id,
        user_id=row.user_id,
        active=bool(row.active),
        dm_channel=row.dm_channel,
        locale=row.locale or row.squad_language,
        calendar=calendar,
        quiet_until=row.quiet_until,
        budget=MANAGER_BUDGET if row.decides else CONTRIBUTOR_BUDGET,
        sent=tally(calendar, now, sent),
        today_waits=today_waits,
    )


async def calendars(
    connection: AsyncConnection, workspace_id: int, person_ids: Collection[int], since: datetime
) -> dict[int, WorkCalendar]:
    """Return when people work from `since` on, until the end of the year after it.

    In two statements for any number of people; a key that nobody has is left out.
    """
    keys = {"workspace_id": workspace_id, "person_ids": list(person_ids)}
    rows = (await connection.execute(_SEVERAL, keys)).all()
    away: dict[int, list[DateSpan]] = {}
    days = {"since": (since - _LOOK_BACK).date()}
    for row in await connection.execute(_TIMES_OFF, keys | days):
        away.setdefault(row.person_id, []).append(DateSpan(row.first_day, row.last_day))
    return {
        row.id: merge(_squad_calendar(row, since), _personal(row, away.get(row.id, ()), since))
        for row in rows
    }


async def squad_facts(connection: AsyncConnection, squad_id: int) -> SquadFacts | None:
    """Return a squad as dispatch sees it."""
    row = (await connection.execute(_SQUAD, {"squad_id": squad_id})).one_or_none()
    return None if row is None else SquadFacts(SquadState(row.state), row.language)


async def keep_dm(tx: AsyncConnection, workspace_id: int, user_id: str, channel: str) -> None:
    """Remember the channel of the direct messages with a user."""
    await tx.execute(
        update(SlackIdentity)
        .where(SlackIdentity.workspace_id == workspace_id, SlackIdentity.user_id == user_id)
        .values(dm_channel=channel)
    )


async def names(connection: AsyncConnection, person_ids: frozenset[int]) -> Mapping[int, str]:
    """Return what people are called."""
    statement = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {row.id: row.name for row in await connection.execute(statement)}


async def _row(
    connection: AsyncConnection, workspace_id: int, person_id: int
) -> Row[*tuple[Any, ...]] | None:
    """Return the row of a person, or of whom they were merged into since."""
    for _ in range(2):
        keys = {"workspace_id": workspace_id, "person_id": person_id}
        row = (await connection.execute(_RECIPIENT, keys)).one_or_none()
        if row is None or row.merged_into is None:
            return row
        person_id = row.merged_into
    return row


def _squad_calendar(row: Row[*tuple[Any, ...]], now: datetime) -> WorkCalendar:
    if row.squad_zone is None:
        return make_calendar(NO_SQUAD_ZONE, NO_SQUAD_DAYS, NO_SQUAD_HOURS)
    return calendar_like(
        row.squad_zone,
        row.squad_working_days,
        row.squad_work_start,
        row.squad_work_end,
        row.squad_country,
        row.squad_subdivision,
        _years(now),
        half_days.stored(row.squad_half_days),
    )


async def _time_off(
    connection: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> list[DateSpan]:
    since = (now - _LOOK_BACK).date()
    keys = {"workspace_id": workspace_id, "person_id": person_id, "since": since}
    rows = await connection.execute(_TIME_OFF, keys)
    return [DateSpan(row.first_day, row.last_day) for row in rows]


def _personal(row: Row[*tuple[Any, ...]], away: Sequence[DateSpan], now: datetime) -> PersonalHours:
    start = row.work_start or row.squad_work_start or NO_SQUAD_HOURS[0]
    end = row.work_end or row.squad_work_end or NO_SQUAD_HOURS[1]
    return make_hours(
        zone=row.zone,
        working_days=_weekdays(row.working_days) if row.working_days else None,
        hours=(start, end) if start != end else None,
        holidays=holidays_of(row.country, row.subdivision, _years(now)) if row.country else None,
        time_off=away,
        quiet=_quiet(row),
    )


def _years(now: datetime) -> range:
    return range(now.year, now.year + 2)


def _quiet(row: Row[*tuple[Any, ...]]) -> tuple[time, time] | None:
    """Return a person's quiet hours, else their squad's."""
    if row.quiet_start is not None and row.quiet_end is not None:
        return row.quiet_start, row.quiet_end
    if row.squad_quiet_start is not None and row.squad_quiet_end is not None:
        return row.squad_quiet_start, row.squad_quiet_end
    return None


def _weekdays(digits: str) -> list[int]:
    return [int(digit) for digit in digits]
