"""Time off in SQL; cancelled rows stay, for what was sent meanwhile is explained by them."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.people import PRESENT, PersonRef
from bot.rules.timeoff import Absence, Plan
from models import Member, Person, SlackIdentity, TimeOff


async def coming(
    connection: AsyncConnection, workspace_id: int, person_id: int, today: date
) -> list[Absence]:
    """Return a person's time off that is not over on `today`, first day first."""
    statement = (
        select(TimeOff.id, TimeOff.first_day, TimeOff.last_day, TimeOff.reason)
        .where(
            TimeOff.workspace_id == workspace_id,
            TimeOff.person_id == person_id,
            TimeOff.last_day >= today,
            TimeOff.cancelled_at.is_(None),
        )
        .order_by(TimeOff.first_day, TimeOff.id)
    )
    return [
        Absence(
            absence_id=row.id,
            person_id=person_id,
            first=row.first_day,
            last=row.last_day,
            reason=row.reason,
        )
        for row in await connection.execute(statement)
    ]


async def of_squad(
    connection: AsyncConnection, workspace_id: int, squad_id: int, first: date, last: date
) -> list[tuple[PersonRef, Absence]]:
    """Return who of a squad is away between two days (inclusive): days only, never the reason."""
    user = (
        select(SlackIdentity.user_id)
        .where(SlackIdentity.person_id == Person.id)
        .order_by(SlackIdentity.active.desc(), SlackIdentity.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    statement = (
        select(
            TimeOff.id,
            TimeOff.person_id,
            TimeOff.first_day,
            TimeOff.last_day,
            Person.name,
            user.label("user_id"),
        )
        .join(Person, Person.id == TimeOff.person_id)
        .join(Member, Member.person_id == TimeOff.person_id)
        .where(
            TimeOff.workspace_id == workspace_id,
            Member.workspace_id == workspace_id,
            Member.squad_id == squad_id,
            Member.status.in_([status.value for status in PRESENT]),
            TimeOff.last_day >= first,
            TimeOff.first_day <= last,
            TimeOff.cancelled_at.is_(None),
        )
        .order_by(TimeOff.first_day, Person.name)
    )
    return [
        (
            PersonRef(person_id=row.person_id, name=row.name, user_id=row.user_id),
            Absence(
                absence_id=row.id,
                person_id=row.person_id,
                first=row.first_day,
                last=row.last_day,
            ),
        )
        for row in await connection.execute(statement)
    ]


async def add(
    tx: AsyncConnection, workspace_id: int, person_id: int, plan: Plan, now: datetime
) -> Absence:
    """Store time off."""
    statement = (
        insert(TimeOff)
        .values(
            workspace_id=workspace_id,
            person_id=person_id,
            first_day=plan.first,
            last_day=plan.last,
            reason=plan.reason,
            created_at=now,
        )
        .returning(TimeOff.id)
    )
    key = (await tx.execute(statement)).scalar_one()
    return Absence(
        absence_id=key,
        person_id=person_id,
        first=plan.first,
        last=plan.last,
        reason=plan.reason,
    )


async def cancel(
    tx: AsyncConnection,
    workspace_id: int,
    person_id: int,
    absence_ids: Iterable[int],
    now: datetime,
) -> int:
    """Cancel a person's own time off; return how many were not cancelled before."""
    statement = (
        update(TimeOff)
        .where(
            TimeOff.workspace_id == workspace_id,
            TimeOff.person_id == person_id,
            TimeOff.id.in_(list(absence_ids)),
            TimeOff.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )
    return (await tx.execute(statement)).rowcount


async def get(
    connection: AsyncConnection, workspace_id: int, person_id: int, absence_id: int
) -> Absence | None:
    """Return one of a person's own absences, cancelled or not."""
    statement = select(TimeOff.first_day, TimeOff.last_day, TimeOff.reason).where(
        TimeOff.workspace_id == workspace_id,
        TimeOff.person_id == person_id,
        TimeOff.id == absence_id,
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return Absence(
        absence_id=absence_id,
        person_id=person_id,
        first=row.first_day,
        last=row.last_day,
        reason=row.reason,
    )
