"""Coaching in SQL: who may be coached, what was said, and what its reader did with it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.coaching import CoachChoice, CoachForm, CoachingKind, CoachingNote
from bot.rules.people import PRESENT, IdentityKind, PersonRef
from models import Coaching, Member, Person, SlackIdentity, Squad

_person, _by = Person.__table__.alias(), Person.__table__.alias()
_person_in_slack, _by_in_slack = SlackIdentity.__table__.alias(), SlackIdentity.__table__.alias()
# Made once: dispatch reads a note for each message, and making this costs ten times as much as
# running it.
_NOTE = (
    select(
        *Coaching.__table__.columns,
        Squad.team_channel,
        _person.c.name.label("person_name"),
        _by.c.name.label("by_name"),
        _person_in_slack.c.user_id.label("person_user"),
        _by_in_slack.c.user_id.label("by_user"),
    )
    .join(Squad, Squad.id == Coaching.squad_id)
    .join(_person, _person.c.id == Coaching.person_id)
    .join(_by, _by.c.id == Coaching.by_id)
    .join(_person_in_slack, _person_in_slack.c.person_id == _person.c.id, isouter=True)
    .join(_by_in_slack, _by_in_slack.c.person_id == _by.c.id, isouter=True)
    .where(
        Coaching.workspace_id == bindparam("workspace"),
        Coaching.id == bindparam("coaching"),
    )
    .limit(1)
)


async def choices(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    *,
    but_not: int,
    person_id: int | None = None,
    limit: int,
) -> list[CoachChoice]:
    """Return the present members of squads whom Slack knows, by name; without one person."""
    statement = (
        select(
            Member.squad_id,
            Squad.name.label("squad"),
            Person.id,
            Person.name,
            SlackIdentity.user_id,
        )
        .join(Squad, and_(Squad.id == Member.squad_id, Squad.archived_at.is_(None)))
        .join(Person, Person.id == Member.person_id)
        .join(
            SlackIdentity,
            and_(
                SlackIdentity.person_id == Person.id,
                SlackIdentity.active.is_(True),
                SlackIdentity.kind != IdentityKind.BOT.value,
            ),
        )
        .where(
            Member.workspace_id == workspace_id,
            Member.squad_id.in_(squad_ids),
            Member.status.in_([status.value for status in PRESENT]),
            Member.person_id != but_not,
        )
        .order_by(Person.name, Person.id, Squad.name)
        .limit(limit)
    )
    if person_id is not None:
        statement = statement.where(Member.person_id == person_id)
    return [
        CoachChoice(
            squad_id=row.squad_id,
            squad=row.squad,
            person=PersonRef(person_id=row.id, name=row.name, user_id=row.user_id),
        )
        for row in await connection.execute(statement)
    ]


async def add(
    tx: AsyncConnection, workspace_id: int, form: CoachForm, by_id: int, now: datetime
) -> int:
    """Keep what was said; return its key."""
    statement = (
        insert(Coaching)
        .values(
            workspace_id=workspace_id,
            squad_id=form.squad_id,
            person_id=form.person_id,
            by_id=by_id,
            kind=form.kind.value,
            body=form.body,
            created_at=now,
        )
        .returning(Coaching.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def get(
    connection: AsyncConnection, workspace_id: int, coaching_id: int
) -> CoachingNote | None:
    """Return what was said, to whom and by whom."""
    keys = {"workspace": workspace_id, "coaching": coaching_id}
    row = (await connection.execute(_NOTE, keys)).one_or_none()
    if row is None:
        return None
    return CoachingNote(
        coaching_id=row.id,
        workspace_id=workspace_id,
        squad_id=row.squad_id,
        person=PersonRef(person_id=row.person_id, name=row.person_name, user_id=row.person_user),
        by=PersonRef(person_id=row.by_id, name=row.by_name, user_id=row.by_user),
        kind=CoachingKind(row.kind),
        body=row.body,
        team_channel=row.team_channel,
        acknowledged_at=row.acknowledged_at,
        shared_at=row.shared_at,
    )


async def acknowledge(
    tx: AsyncConnection, workspace_id: int, coaching_id: int, now: datetime
) -> bool:
    """Write that its reader said thanks; False if they had before."""
    return await _once(tx, workspace_id, coaching_id, "acknowledged_at", now)


async def share(tx: AsyncConnection, workspace_id: int, coaching_id: int, now: datetime) -> bool:
    """Write that its reader agreed to show it to the team; False if they had before."""
    return await _once(tx, workspace_id, coaching_id, "shared_at", now)


async def _once(
    tx: AsyncConnection, workspace_id: int, coaching_id: int, column: str, now: datetime
) -> bool:
    statement = (
        update(Coaching)
        .where(
            Coaching.workspace_id == workspace_id,
            Coaching.id == coaching_id,
            getattr(Coaching, column).is_(None),
        )
        .values({column: now})
    )
    return bool((await tx.execute(statement)).rowcount)
