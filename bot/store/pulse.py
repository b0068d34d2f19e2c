"""Polls and their series in SQL: everything but the ballots."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.rules.outbox import DeliveryState
from bot.rules.pulse import (
    POLL,
    Asked,
    Poll,
    PollState,
    Question,
    QuestionKind,
    Repeat,
    Series,
    Viewer,
)
from bot.rules.pulse_results import Settled
from bot.rules.pulse_seals import Secret
from models import (
    OutboxRow,
    PollComment,
    PollCount,
    PollQuestion,
    PollSecret,
    PollSeries,
    PulseNote,
)
from models import Poll as PollRow


def _poll(row: Row[Any]) -> Poll:
    return Poll(
        id=row.id,
        workspace_id=row.workspace_id,
        series_id=row.series_id,
        state=PollState(row.state),
        squad_ids=tuple(row.squad_ids),
        viewers=frozenset(map(Viewer, row.viewers)),
        k=row.k,
        created_by=row.created_by,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        replied=row.replied,
        asked=row.asked,
        to_model=row.to_model,
    )


def _question(row: Row[Any]) -> Question:
    return Question(
        id=row.id,
        poll_id=row.poll_id,
        kind=QuestionKind(row.kind),
        key=row.key,
        text=row.text,
        n=row.n,
        low=row.low,
        high=row.high,
    )


async def add(
    tx: AsyncConnection,
    poll: Mapping[str, Any],
    questions: Sequence[Asked],
    secret: Secret,
) -> int:
    """Store a poll that is planned, with its questions and its secret; return its key."""
    statement = insert(PollRow).values(**poll, state=PollState.PLANNED.value).returning(PollRow.id)
    poll_id = int((await tx.execute(statement)).scalar_one())
    await tx.execute(
        insert(PollQuestion),
        [
            {
                "workspace_id": poll["workspace_id"],
                "poll_id": poll_id,
                "position": position,
                "kind": asked.kind.value,
                "key": asked.key,
                "text": asked.text,
            }
            for position, asked in enumerate(questions)
        ],
    )
    await tx.execute(
        insert(PollSecret).values(poll_id=poll_id, salt=secret.salt, key_check=secret.key_check)
    )
    return poll_id


async def get(connection: AsyncConnection, workspace_id: int, poll_id: int) -> Poll | None:
    """Return one poll."""
    table = PollRow.__table__
    statement = select(table).where(table.c.workspace_id == workspace_id, table.c.id == poll_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _poll(row)


async def listing(
    connection: AsyncConnection, workspace_id: int, states: Iterable[PollState] = PollState
) -> list[Poll]:
    """Return the polls of a workspace in these states, newest first."""
    table = PollRow.__table__
    statement = (
        select(table)
        .where(
            table.c.workspace_id == workspace_id,
            table.c.state.in_([state.value for state in states]),
        )
        .order_by(table.c.opens_at.desc(), table.c.id.desc())
    )
    return [_poll(row) for row in await connection.execute(statement)]


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Tell, in one look into three indexes, whether polls or notes wait for the clock."""
    statement = select(
        or_(
            exists().where(PollSeries.next_at <= now),
            exists().where(PollRow.next_at <= now),
            exists().where(PulseNote.arrived.is_(False), PulseNote.arrives_at <= now),
        )
    )
    return bool((await connection.execute(statement)).scalar_one())


async def due(connection: AsyncConnection, now: datetime) -> list[Poll]:
    """Return the polls that the clock must open, look at or close, of all workspaces."""
    table = PollRow.__table__
    statement = (
        select(table)
        .where(table.c.next_at <= now, table.c.state != PollState.CLOSED.value)
        .order_by(table.c.next_at, table.c.id)
    )
    return [_poll(row) for row in await connection.execute(statement)]


async def move(
    tx: AsyncConnection,
    poll: Poll,
    to: PollState,
    next_at: datetime | None,
    **values: object,
) -> bool:
    """Take a poll from the state in which it was read to another; False if somebody was faster."""
    statement = (
        update(PollRow)
        .where(PollRow.id == poll.id, PollRow.state == poll.state.value)
        .values(state=to.value, next_at=next_at, **values)
    )
    return bool((await tx.execute(statement)).rowcount)


async def questions(connection: AsyncConnection, poll_id: int) -> list[Question]:
    """Return a poll's questions in their order."""
    table = PollQuestion.__table__
    statement = select(table).where(table.c.poll_id == poll_id).order_by(table.c.position)
    return [_question(row) for row in await connection.execute(statement)]


async def secret(connection: AsyncConnection, poll_id: int) -> Secret | None:
    """Return the secret of a poll that is not closed."""
    statement = select(PollSecret.salt, PollSecret.key_check).where(PollSecret.poll_id == poll_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Secret(row.salt, row.key_check)


async def secrets(connection: AsyncConnection) -> list[Secret]:
    """Return the secrets of all polls that are not closed; for the doctor."""
    statement = select(PollSecret.salt, PollSecret.key_check)
    return [Secret(row.salt, row.key_check) for row in await connection.execute(statement)]


async def publish(
    tx: AsyncConnection,
    workspace_id: int,
    settled: Mapping[int, Settled],
    keys: Iterable[bytes],
) -> None:
    """Store what of each question may be shown; `keys` are random, one for each comment."""
    fresh = iter(keys)
    for question_id, kept in settled.items():
        if kept.n is None:
            continue
        await tx.execute(
            update(PollQuestion)
            .where(PollQuestion.id == question_id)
            .values(n=kept.n, low=kept.low, high=kept.high)
        )
        common = {"workspace_id": workspace_id, "question_id": question_id}
        counts = [{**common, "value": value, "n": n} for value, n in kept.counts.items()]
        if counts:
            await tx.execute(insert(PollCount), counts)
        comments = [{**common, "key": next(fresh), "text": text} for text in kept.comments]
        if comments:
            await tx.execute(insert(PollComment), comments)


async def counts(
    connection: AsyncConnection, question_ids: Iterable[int]
) -> Mapping[int, Mapping[int, int]]:
    """Return how many gave each answer, by question."""
    statement = (
        select(PollCount.question_id, PollCount.value, PollCount.n)
        .where(PollCount.question_id.in_(list(question_ids)))
        .order_by(PollCount.question_id, PollCount.value)
    )
    found: dict[int, dict[int, int]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.question_id, {})[row.value] = row.n
    return found


async def sent(connection: AsyncConnection, poll: Poll) -> list[tuple[int, int | None, int | None]]:
    """Return (delivery, person, squad) of the poll's messages that arrived, in their order."""
    statement = (
        select(OutboxRow.id, OutboxRow.person_id, OutboxRow.squad_id)
        .where(
            OutboxRow.workspace_id == poll.workspace_id,
            OutboxRow.kind == POLL,
            OutboxRow.bundle_key == bundle_key(poll.id),
            OutboxRow.state == DeliveryState.SENT.value,
            OutboxRow.carrier_id.is_(None),
        )
        .order_by(OutboxRow.id)
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]


async def reached(connection: AsyncConnection, poll: Poll) -> int:
    """Return how many people the poll reached, by a message of its own or a line of Today."""
    statement = select(func.count(OutboxRow.person_id.distinct())).where(
        OutboxRow.workspace_id == poll.workspace_id,
        OutboxRow.kind == POLL,
        OutboxRow.bundle_key == bundle_key(poll.id),
        OutboxRow.state == DeliveryState.SENT.value,
    )
    return int((await connection.execute(statement)).scalar_one())


async def asked(connection: AsyncConnection, poll: Poll) -> frozenset[int]:
    """Return the people for whom a message of the poll was planned."""
    statement = select(OutboxRow.person_id).where(
        OutboxRow.workspace_id == poll.workspace_id,
        OutboxRow.kind == POLL,
        OutboxRow.bundle_key == bundle_key(poll.id),
    )
    return frozenset(filter(None, (await connection.scalars(statement)).all()))


async def last_sent(
    connection: AsyncConnection, workspace_id: int, person_id: int, kind: str, since: datetime
) -> bool:
    """Tell whether a person was sent a message of this kind since then, whatever the poll."""
    statement = (
        select(func.count())
        .select_from(OutboxRow)
        .where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.person_id == person_id,
            OutboxRow.kind == kind,
            OutboxRow.state == DeliveryState.SENT.value,
            OutboxRow.settled_at >= since,
        )
    )
    return bool((await connection.execute(statement)).scalar_one())


async def where_sent(
    connection: AsyncConnection, poll: Poll, person_id: int
) -> tuple[str, str] | None:
    """Return channel and ts of the message that asked a person, alone or as a line of Today."""
    carrier = aliased(OutboxRow)
    channel = func.coalesce(OutboxRow.sent_channel, carrier.sent_channel)
    ts = func.coalesce(OutboxRow.sent_ts, carrier.sent_ts)
    statement = (
        select(channel, ts)
        .outerjoin(carrier, carrier.id == OutboxRow.carrier_id)
        .where(
            OutboxRow.workspace_id == poll.workspace_id,
            OutboxRow.kind == POLL,
            OutboxRow.bundle_key == bundle_key(poll.id),
            OutboxRow.person_id == person_id,
            ts.is_not(None),
        )
    )
    row = (await connection.execute(statement)).first()
    return None if row is None else (str(row[0]), str(row[1]))


def bundle_key(poll_id: int) -> str:
    """Return what the messages of one poll have in common in the outbox."""
    return f"pulse:{poll_id}"


# Series


async def add_series(tx: AsyncConnection, values: Mapping[str, Any]) -> int:
    """Store a series; return its key."""
    statement = insert(PollSeries).values(**values).returning(PollSeries.id)
    return int((await tx.execute(statement)).scalar_one())


def _series(row: Row[Any]) -> Series:
    return Series(
        id=row.id,
        workspace_id=row.workspace_id,
        questions=tuple(Asked(QuestionKind(kind), key, text) for kind, key, text in row.questions),
        squad_ids=tuple(row.squad_ids),
        viewers=frozenset(map(Viewer, row.viewers)),
        k=row.k,
        repeat=Repeat(row.repeat),
        first_day=row.first_day,
        local_time=row.local_time,
        zone=row.zone,
        days_open=row.days_open,
        created_by=row.created_by,
        paused=row.paused_at is not None,
        next_at=row.next_at,
        to_model=row.to_model,
    )


async def series(connection: AsyncConnection, workspace_id: int) -> list[Series]:
    """Return the series of a workspace, oldest first."""
    table = PollSeries.__table__
    statement = select(table).where(table.c.workspace_id == workspace_id).order_by(table.c.id)
    return [_series(row) for row in await connection.execute(statement)]


async def due_series(connection: AsyncConnection, now: datetime) -> list[Series]:
    """Return the series whose next round is to be made."""
    table = PollSeries.__table__
    statement = select(table).where(table.c.next_at <= now).order_by(table.c.id)
    return [_series(row) for row in await connection.execute(statement)]


async def advance_series(tx: AsyncConnection, of: Series, next_at: datetime | None) -> bool:
    """Set when a series makes its next round; False if somebody was faster."""
    statement = (
        update(PollSeries)
        .where(PollSeries.id == of.id, PollSeries.next_at == of.next_at)
        .values(next_at=next_at)
    )
    return bool((await tx.execute(statement)).rowcount)


async def pause(
    tx: AsyncConnection, series_id: int, paused_at: datetime | None, next_at: datetime | None
) -> None:
    """Pause a series, or let it go on."""
    await tx.execute(
        update(PollSeries)
        .where(PollSeries.id == series_id)
        .values(paused_at=paused_at, next_at=next_at)
    )
