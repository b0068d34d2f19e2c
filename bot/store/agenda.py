"""Topics of meetings, and the meetings, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy import insert as sql_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.agenda import (
    Cause,
    CauseKind,
    ClosedWhy,
    NewTopic,
    Topic,
)
from bot.rules.audits import DisputeState, FindingState
from bot.rules.escalations import WAITING
from bot.rules.people import PersonRef
from bot.rules.squads import SyncKind
from models import (
    AgendaTopic,
    Dispute,
    Escalation,
    Finding,
    Person,
    SlackIdentity,
)

USER: Final = (
    select(SlackIdentity.user_id)
    .where(SlackIdentity.person_id == Person.id)
    .order_by(SlackIdentity.active.desc(), SlackIdentity.id)
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)
_TOPICS: Final = select(
    AgendaTopic.id,
    AgendaTopic.squad_id,
    AgendaTopic.kind,
    AgendaTopic.text,
    AgendaTopic.source,
    AgendaTopic.cause_kind,
    AgendaTopic.cause_id,
    AgendaTopic.created_at,
    AgendaTopic.closed_at,
    AgendaTopic.author_id,
    Person.name,
    USER.label("user_id"),
    func.count().over().label("open"),
).join(Person, Person.id == AgendaTopic.author_id)


def _topic(row: Row[*tuple[Any, ...]]) -> Topic:
    cause = None if row.cause_kind is None else Cause(CauseKind(row.cause_kind), row.cause_id)
    return Topic(
        id=row.id,
        squad_id=row.squad_id,
        kind=SyncKind(row.kind),
        author=PersonRef(person_id=row.author_id, name=row.name, user_id=row.user_id),
        text=row.text,
        created_at=row.created_at,
        source=row.source,
        cause=cause,
        closed_at=row.closed_at,
    )


async def add_topic(
    tx: AsyncConnection, workspace_id: int, new: NewTopic, author_id: int, now: datetime
) -> int:
    """Store a topic; return the key."""
    statement = sql_insert(AgendaTopic).values(
        workspace_id=workspace_id,
        squad_id=new.squad_id,
        kind=new.kind.value,
        author_id=author_id,
        text=new.text,
        source=new.source,
        cause_kind=new.cause.kind.value if new.cause else None,
        cause_id=new.cause.id if new.cause else None,
        created_at=now,
    )
    return int((await tx.execute(statement.returning(AgendaTopic.id))).scalar_one())


async def topic(connection: AsyncConnection, workspace_id: int, topic_id: int) -> Topic | None:
    """Return a topic."""
    where = (AgendaTopic.workspace_id == workspace_id) & (AgendaTopic.id == topic_id)
    row = (await connection.execute(_TOPICS.where(where))).one_or_none()
    return None if row is None else _topic(row)


def _open(workspace_id: int, squad_id: int, kind: SyncKind) -> ColumnElement[bool]:
    return and_(
        AgendaTopic.workspace_id == workspace_id,
        AgendaTopic.squad_id == squad_id,
        AgendaTopic.kind == kind.value,
        AgendaTopic.closed_at.is_(None),
    )


async def open_topics(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    kind: SyncKind,
    limit: int,
    offset: int = 0,
) -> tuple[list[Topic], int]:
    """Return open topics of a kind of meeting, oldest first, and how many there are in all."""
    statement = (
        _TOPICS.where(_open(workspace_id, squad_id, kind))
        .order_by(AgendaTopic.created_at, AgendaTopic.id)
        .limit(limit)
        .offset(offset)
    )
    rows = (await connection.execute(statement)).all()
    return [_topic(row) for row in rows], rows[0].open if rows else 0


async def with_cause(
    connection: AsyncConnection, workspace_id: int, squad_id: int, limit: int
) -> list[Topic]:
    """Return a squad's open topics that can close by themselves, of every kind of meeting."""
    statement = (
        _TOPICS.where(
            AgendaTopic.workspace_id == workspace_id,
            AgendaTopic.squad_id == squad_id,
            AgendaTopic.closed_at.is_(None),
            AgendaTopic.cause_kind.is_not(None),
        )
        .order_by(AgendaTopic.id)
        .limit(limit)
    )
    return [_topic(row) for row in await connection.execute(statement)]


async def squads_with_cause(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> list[int]:
    """Return which of some squads have open topics that can close by themselves."""
    statement = (
        select(AgendaTopic.squad_id)
        .where(
            AgendaTopic.workspace_id == workspace_id,
            AgendaTopic.squad_id.in_(list(squad_ids)),
            AgendaTopic.closed_at.is_(None),
            AgendaTopic.cause_kind.is_not(None),
        )
        .distinct()
    )
    return list((await connection.scalars(statement)).all())


async def count_open(
    connection: AsyncConnection, workspace_id: int, squad_id: int, kind: SyncKind
) -> int:
    """Return how many topics are open."""
    statement = select(func.count()).where(_open(workspace_id, squad_id, kind))
    return int(await connection.scalar(statement) or 0)


async def close(
    tx: AsyncConnection,
    workspace_id: int,
    topic_ids: Collection[int],
    now: datetime,
    why: ClosedWhy,
    by: int | None = None,
) -> int:
    """Close those that are open; return how many."""
    statement = (
        update(AgendaTopic)
        .where(
            AgendaTopic.workspace_id == workspace_id,
            AgendaTopic.id.in_(list(topic_ids)),
            AgendaTopic.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by=by, closed_why=why.value)
    )
    return (await tx.execute(statement)).rowcount


async def unsettled(
    connection: AsyncConnection, workspace_id: int, causes: Collection[Cause]
) -> frozenset[Cause]:
    """Return which of these still wait for somebody, in one statement."""
    parts = [
        part
        for kind in CauseKind
        if (part := _waiting(workspace_id, kind, [one.id for one in causes if one.kind is kind]))
        is not None
    ]
    if not parts:
        return frozenset()
    rows = await connection.execute(union_all(*parts))
    return frozenset(Cause(CauseKind(row.kind), row.id) for row in rows)


def _waiting(
    workspace_id: int, kind: CauseKind, keys: Sequence[int]
) -> Select[*tuple[Any, ...]] | None:
    if not keys:
        return None
    name = literal(kind.value).label("kind")
    if kind is CauseKind.DISPUTE:
        return select(name, Dispute.id.label("id")).where(
            Dispute.workspace_id == workspace_id,
            Dispute.id.in_(keys),
            Dispute.state == DisputeState.OPEN.value,
        )
    if kind is CauseKind.QUESTION:
        return select(name, Escalation.id.label("id")).where(
            Escalation.workspace_id == workspace_id,
            Escalation.id.in_(keys),
            Escalation.state.in_([each.value for each in WAITING]),
        )
    return (
        select(name, Finding.audit_id.label("id"))
        .where(
            Finding.workspace_id == workspace_id,
            Finding.audit_id.in_(keys),
            Finding.state.in_([FindingState.OPEN.value, FindingState.DISPUTED.value]),
        )
        .distinct()
    )
