"""Who a delivery is for: identity, working hours, budget and what they already got."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadInput
from bot.rules.budget import CONTRIBUTOR_BUDGET, MANAGER_BUDGET, Budget, counted_since, tally
from bot.rules.calendar import (
    DateSpan,
    PersonalHours,
    WorkCalendar,
    make_calendar,
    make_hours,
    merge,
    public_holidays,
)
from bot.rules.gate import Recipient, SquadFacts
from bot.rules.outbox import TODAY
from bot.rules.people import PRESENT, Role, SquadState
from bot.store.outbox import unprompted_since
from models import Admin, Member, MemberRole, Person, SlackIdentity, Squad, TimeOff

# Who is in no squad yet is reached in ordinary office hours of their own zone.
NO_SQUAD_DAYS = (0, 1, 2, 3, 4)
NO_SQUAD_HOURS = (time(9), time(17))
NO_SQUAD_ZONE = "UTC"

_LOOK_BACK = timedelta(days=2)  # time off ends on a local day; hours may pass midnight


async def recipient(
    connection: AsyncConnection, workspace_id: int, person_id: int, now: datetime
) -> Recipient | None:
    """Return a person as dispatch sees them; None if there is no such person in the workspace."""
    person = await _person(connection, workspace_id, person_id)
    if person is None:
        return None
    identity = await _identity(connection, person.id)
    squad = await _first_squad(connection, person.id)
    calendar = merge(_squad_calendar(squad, now), await _personal(connection, person, squad, now))
    sent = await unprompted_since(connection, workspace_id, person.id, counted_since(calendar, now))
    return Recipient(
        person_id=person.id,
        user_id=identity.user_id if identity else None,
        active=bool(identity and identity.active),
        dm_channel=identity.dm_channel if identity else None,
        locale=person.locale or (squad.language if squad else None),
        calendar=calendar,
        budget=await _budget(connection, workspace_id, person.id),
        sent=tally(calendar, now, [(at, kind == TODAY) for at, kind in sent]),
    )


async def squad_facts(connection: AsyncConnection, squad_id: int) -> SquadFacts | None:
    """Return a squad as dispatch sees it."""
    row = (
        await connection.execute(select(Squad.state, Squad.language).where(Squad.id == squad_id))
    ).one_or_none()
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


async def _person(
    connection: AsyncConnection, workspace_id: int, person_id: int
) -> Row[tuple[Person]] | None:
    """Return the person's columns, or those of whom they were merged into since."""
    for _ in range(2):
        row = (
            await connection.execute(
                select(*Person.__table__.columns).where(
                    Person.workspace_id == workspace_id, Person.id == person_id
                )
            )
        ).one_or_none()
        if row is None or row.merged_into is None:
            return row
        person_id = row.merged_into
    return row


async def _identity(
    connection: AsyncConnection, person_id: int
) -> Row[str, bool, str | None] | None:
    statement = (
        select(SlackIdentity.user_id, SlackIdentity.active, SlackIdentity.dm_channel)
        .where(SlackIdentity.person_id == person_id)
        .order_by(SlackIdentity.active.desc(), SlackIdentity.refreshed_at.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).one_or_none()


async def _first_squad(connection: AsyncConnection, person_id: int) -> Row[tuple[Squad]] | None:
    """Return the squad whose hours apply where the person set none: the first they are in."""
    statement = (
        select(*Squad.__table__.columns)
        .join(Member, Member.squad_id == Squad.id)
        .where(
            Member.person_id == person_id,
            Member.status.in_([status.value for status in PRESENT]),
            Squad.archived_at.is_(None),
        )
        .order_by(Member.id)
        .limit(1)
    )
    return (await connection.execute(statement)).one_or_none()


async def _budget(connection: AsyncConnection, workspace_id: int, person_id: int) -> Budget:
    leads = (
        select(Member.id)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .where(
            Member.person_id == person_id,
            MemberRole.role == Role.MANAGER.value,
            Member.status.in_([status.value for status in PRESENT]),
        )
    )
    administers = select(Admin.id).where(
        Admin.workspace_id == workspace_id, Admin.person_id == person_id
    )
    decides = await connection.scalar(leads.union_all(administers).limit(1))
    return CONTRIBUTOR_BUDGET if decides is None else MANAGER_BUDGET


def _squad_calendar(squad: Row[tuple[Squad]] | None, now: datetime) -> WorkCalendar:
    if squad is None:
        return make_calendar(NO_SQUAD_ZONE, NO_SQUAD_DAYS, NO_SQUAD_HOURS)
    return make_calendar(
        squad.zone,
        _weekdays(squad.working_days),
        (squad.work_start, squad.work_end),
        holidays=_holidays(squad.country, squad.subdivision, now),
    )


async def _personal(
    connection: AsyncConnection,
    person: Row[tuple[Person]],
    squad: Row[tuple[Squad]] | None,
    now: datetime,
) -> PersonalHours:
    away = await connection.execute(
        select(TimeOff.first_day, TimeOff.last_day).where(
            TimeOff.workspace_id == person.workspace_id,
            TimeOff.person_id == person.id,
            TimeOff.last_day >= (now - _LOOK_BACK).date(),
            TimeOff.cancelled_at.is_(None),
        )
    )
    start = person.work_start or (squad.work_start if squad else NO_SQUAD_HOURS[0])
    end = person.work_end or (squad.work_end if squad else NO_SQUAD_HOURS[1])
    return make_hours(
        zone=person.zone,
        working_days=_weekdays(person.working_days) if person.working_days else None,
        hours=(start, end) if start != end else None,
        holidays=_holidays(person.country, person.subdivision, now) if person.country else None,
        time_off=[DateSpan(row.first_day, row.last_day) for row in away],
    )


def _weekdays(digits: str) -> list[int]:
    return [int(digit) for digit in digits]


def _holidays(country: str | None, subdivision: str | None, now: datetime) -> frozenset[date]:
    """Return the holidays of this year and the next; none for a country no longer known."""
    if country is None:
        return frozenset()
    try:
        return public_holidays(country, subdivision, (now.year, now.year + 1))
    except BadInput:
        return frozenset()
