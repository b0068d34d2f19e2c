"""Sessions in SQL: what is planned, who comes, the questions of a quiz and their answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.sessions import Asked, Audience, Rsvp, Session, SessionKind
from bot.store.database import insert_or_ignore
from models import Session as SessionRow
from models import SessionAnswer, SessionQuestion, SessionReply

_COLUMNS = [getattr(SessionRow, name) for name in Session.__dataclass_fields__]
_REPLY_KEY = ["workspace_id", "session_id", "person_id"]


def _session(row: Row[Any]) -> Session:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    values["kind"] = SessionKind(values["kind"])
    values["audience"] = Audience(values["audience"])
    return Session(**values)


async def add(tx: AsyncConnection, session: Mapping[str, Any], questions: Sequence[Asked]) -> int:
    """Store a session with its quiz; return its key."""
    statement = insert(SessionRow).values(**session, revision=1).returning(SessionRow.id)
    key = int((await tx.execute(statement)).scalar_one())
    await _ask(tx, session["workspace_id"], key, questions)
    return key


async def get(connection: AsyncConnection, workspace_id: int, session_id: int) -> Session | None:
    """Return one session."""
    statement = select(*_COLUMNS).where(
        SessionRow.workspace_id == workspace_id, SessionRow.id == session_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _session(row)


async def ending_after(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int], since: datetime
) -> list[Session]:
    """Return the sessions of squads that end after an instant and are not cancelled, in order."""
    statement = (
        select(*_COLUMNS)
        .where(
            SessionRow.workspace_id == workspace_id,
            SessionRow.squad_id.in_(list(squad_ids)),
            SessionRow.ends_at > since,
            SessionRow.cancelled_at.is_(None),
        )
        .order_by(SessionRow.starts_at, SessionRow.id)
    )
    return [_session(row) for row in await connection.execute(statement)]


async def change(tx: AsyncConnection, session_id: int, **values: object) -> None:
    """Change a session."""
    await tx.execute(update(SessionRow).where(SessionRow.id == session_id).values(**values))


async def cancel(tx: AsyncConnection, session_id: int, now: datetime) -> bool:
    """Cancel a session; False if it was before."""
    statement = (
        update(SessionRow)
        .where(SessionRow.id == session_id, SessionRow.cancelled_at.is_(None))
        .values(cancelled_at=now, next_at=None)
    )
    return bool((await tx.execute(statement)).rowcount)


# Who comes.


async def invite(
    tx: AsyncConnection, workspace_id: int, session_id: int, person_ids: Iterable[int]
) -> None:
    """Choose people for a session."""
    rows = [
        {
            "workspace_id": workspace_id,
            "session_id": session_id,
            "person_id": person_id,
            "invited": True,
        }
        for person_id in person_ids
    ]
    if rows:
        statement = insert_or_ignore(tx, SessionReply)
        chosen = {"invited": True}
        await tx.execute(
            statement.on_conflict_do_update(index_elements=_REPLY_KEY, set_=chosen), rows
        )


async def uninvite(tx: AsyncConnection, session_id: int) -> None:
    """Let nobody be chosen for a session by name; what they answered stays."""
    await tx.execute(
        update(SessionReply).where(SessionReply.session_id == session_id).values(invited=False)
    )


async def answer(
    tx: AsyncConnection,
    workspace_id: int,
    session_id: int,
    person_id: int,
    said: Rsvp,
    now: datetime,
) -> bool:
    """Keep whether somebody comes; False if they said so before."""
    values = {"answer": said.value, "answered_at": now}
    statement = insert_or_ignore(tx, SessionReply).values(
        workspace_id=workspace_id,
        session_id=session_id,
        person_id=person_id,
        invited=False,
        **values,
    )
    changed = or_(SessionReply.answer.is_(None), SessionReply.answer != said.value)
    result = await tx.execute(
        statement.on_conflict_do_update(index_elements=_REPLY_KEY, set_=values, where=changed)
    )
    return bool(result.rowcount)


async def replies(
    connection: AsyncConnection, session_id: int
) -> dict[int, tuple[bool, Rsvp | None]]:
    """Return person -> whether they were chosen, and whether they come."""
    statement = select(SessionReply.person_id, SessionReply.invited, SessionReply.answer).where(
        SessionReply.session_id == session_id
    )
    return {
        row.person_id: (row.invited, Rsvp(row.answer) if row.answer else None)
        for row in await connection.execute(statement)
    }


# The quiz.


async def _ask(
    tx: AsyncConnection, workspace_id: int, session_id: int, questions: Sequence[Asked]
) -> None:
    rows = [
        {
            "workspace_id": workspace_id,
            "session_id": session_id,
            "position": position,
            "text": asked.text,
            "choices": list(asked.choices),
            "correct": asked.correct,
            "section": asked.section,
        }
        for position, asked in enumerate(questions)
    ]
    if rows:
        await tx.execute(insert(SessionQuestion), rows)


async def hold_quiz(tx: AsyncConnection, session_id: int) -> None:
    """Let a session's quiz be changed or taken by nobody else until the transaction ends."""
    statement = select(SessionRow.id).where(SessionRow.id == session_id)
    await tx.execute(statement.with_for_update())  # SQLite has one writer and knows no such words


async def replace_quiz(
    tx: AsyncConnection, workspace_id: int, session_id: int, questions: Sequence[Asked]
) -> None:
    """Put other questions into the place of those that nobody answered; none remove the quiz."""
    await tx.execute(delete(SessionQuestion).where(SessionQuestion.session_id == session_id))
    await _ask(tx, workspace_id, session_id, questions)


async def questions(connection: AsyncConnection, session_id: int) -> list[Asked]:
    """Return the questions of a session's quiz, in order."""
    statement = (
        select(SessionQuestion)
        .with_only_columns(
            SessionQuestion.id,
            SessionQuestion.text,
            SessionQuestion.choices,
            SessionQuestion.correct,
            SessionQuestion.section,
        )
        .where(SessionQuestion.session_id == session_id)
        .order_by(SessionQuestion.position)
    )
    return [
        Asked(
            id=row.id,
            text=row.text,
            choices=tuple(row.choices),
            correct=row.correct,
            section=row.section,
        )
        for row in await connection.execute(statement)
    ]


async def question_count(connection: AsyncConnection, session_id: int) -> int:
    """Return how many questions a session's quiz has."""
    statement = select(func.count()).where(SessionQuestion.session_id == session_id)
    return int(await connection.scalar(statement) or 0)


async def take(
    tx: AsyncConnection,
    session: Session,
    person_id: int,
    choices: Mapping[int, int],
    now: datetime,
) -> None:
    """Keep somebody's answers, question -> choice; what they answered before stays."""
    statement = insert_or_ignore(tx, SessionAnswer).on_conflict_do_nothing(
        index_elements=["workspace_id", "question_id", "person_id"]
    )
    rows = [
        {
            "workspace_id": session.workspace_id,
            "session_id": session.id,
            "question_id": question_id,
            "person_id": person_id,
            "choice": choice,
            "answered_at": now,
        }
        for question_id, choice in choices.items()
    ]
    await tx.execute(statement, rows)


async def answers(
    connection: AsyncConnection, session_id: int, person_id: int | None = None
) -> dict[int, dict[int, int]]:
    """Return person -> question -> choice; of one person if given."""
    statement = select(
        SessionAnswer.person_id, SessionAnswer.question_id, SessionAnswer.choice
    ).where(SessionAnswer.session_id == session_id)
    if person_id is not None:
        statement = statement.where(SessionAnswer.person_id == person_id)
    found: dict[int, dict[int, int]] = {}
    for row in await connection.execute(statement):
        found.setdefault(row.person_id, {})[row.question_id] = row.choice
    return found


# For the clock.


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Tell, in one look into an index, whether a session waits for the clock."""
    return bool(await connection.scalar(select(exists().where(SessionRow.next_at <= now))))


async def due(connection: AsyncConnection, now: datetime, limit: int) -> list[Session]:
    """Return sessions that wait for the clock, longest first."""
    statement = (
        select(*_COLUMNS)
        .where(SessionRow.next_at <= now)
        .order_by(SessionRow.next_at, SessionRow.id)
        .limit(limit)
    )
    return [_session(row) for row in await connection.execute(statement)]


async def advance(tx: AsyncConnection, session: Session, next_at: datetime | None) -> bool:
    """Let the clock look again at `next_at`; False if somebody else did, or it was changed."""
    statement = (
        update(SessionRow)
        .where(
            SessionRow.id == session.id,
            SessionRow.next_at == session.next_at,
            SessionRow.revision == session.revision,
            SessionRow.cancelled_at.is_(None),
        )
        .values(next_at=next_at)
    )
    return bool((await tx.execute(statement)).rowcount)
