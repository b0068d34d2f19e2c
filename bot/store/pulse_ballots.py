"""Ballots in SQL: one statement a vote, and destroying them so that no page keeps a trace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import delete, func, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.pulse import PollState, QuestionKind
from bot.rules.pulse_seals import Secret
from bot.store.database import insert_or_ignore
from models import Ballot, Poll, PollQuestion, PollSecret, Workspace

CHUNK: Final = 5000
"""Ballots destroyed in one transaction: some 50 ms, so that a click never waits for it."""

WIPED: Final = ("ballots", "poll_secrets")
"""What is written anew on PostgreSQL once a poll is closed."""


async def open_question(
    connection: AsyncConnection, team_id: str, poll_id: int, question_id: int
) -> tuple[QuestionKind, PollState, Secret | None] | None:
    """Return what a vote needs to know of its question; no person is part of it."""
    statement = (
        select(PollQuestion.kind, Poll.state, PollSecret.salt, PollSecret.key_check)
        .join(Poll, Poll.id == PollQuestion.poll_id)
        .join(Workspace, Workspace.id == Poll.workspace_id)
        .join(PollSecret, PollSecret.poll_id == Poll.id, isouter=True)
        .where(Workspace.team_id == team_id, Poll.id == poll_id, PollQuestion.id == question_id)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    known = None if row.salt is None else Secret(row.salt, row.key_check)
    return QuestionKind(row.kind), PollState(row.state), known


async def cast(
    tx: AsyncConnection, poll_id: int, question_id: int, marked: bytes, sealed: bytes
) -> bool:
    """Keep an answer, in place of an earlier one; False if the poll is closed by now.

    On PostgreSQL a shared lock, which leaves no trace, makes the close wait for votes under way.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock_shared(poll_id)))
    found = select(literal(poll_id), literal(question_id), literal(marked), literal(sealed)).where(
        select(Poll.id).where(Poll.id == poll_id, Poll.state == PollState.OPEN.value).exists()
    )
    statement = insert_or_ignore(tx, Ballot).from_select(
        ["poll_id", "question_id", "mark", "sealed"], found
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["poll_id", "question_id", "mark"],
        set_={"sealed": statement.excluded.sealed},
    )
    return bool((await tx.execute(upsert)).rowcount)


async def bar(tx: AsyncConnection, poll_id: int) -> None:
    """Wait for the votes that are under way, and let none in until the transaction's end."""
    if tx.dialect.name == "postgresql":
        await tx.execute(select(func.pg_advisory_xact_lock(poll_id)))


async def ballots(connection: AsyncConnection, poll_id: int) -> list[tuple[int, bytes, bytes]]:
    """Return (question, mark, sealed answer) of every ballot of a poll."""
    statement = select(Ballot.question_id, Ballot.mark, Ballot.sealed).where(
        Ballot.poll_id == poll_id
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]


@asynccontextmanager
async def wiping(tx: AsyncConnection) -> AsyncIterator[None]:
    """Overwrite with zeros whatever is deleted in here (SQLite; PostgreSQL rewrites later)."""
    if tx.dialect.name != "sqlite":
        yield
        return
    before = (await tx.execute(text("PRAGMA secure_delete"))).scalar_one()
    await tx.execute(text("PRAGMA secure_delete=ON"))
    try:
        yield
    finally:
        # Some builds overwrite by themselves (1), or where it costs nothing (2).
        await tx.execute(text(f"PRAGMA secure_delete={ {0: 'OFF', 1: 'ON'}.get(before, 'FAST') }"))


async def forget_secret(tx: AsyncConnection, poll_id: int) -> None:
    """Destroy a poll's salt, and write the other polls' salts anew."""
    async with wiping(tx):
        await tx.execute(delete(PollSecret).where(PollSecret.poll_id == poll_id))
        await _rewrite(tx, PollSecret)


async def destroy_some(tx: AsyncConnection, poll_id: int) -> bool:
    """Destroy some ballots of a poll; False when none is left.

    The last time it also writes anew what other polls keep in pages that they shared: a page that
    was split keeps copies of what moved away.
    """
    async with wiping(tx):
        some = (
            select(Ballot.question_id, Ballot.mark)
            .where(Ballot.poll_id == poll_id)
            .order_by(Ballot.question_id, Ballot.mark)
            .limit(CHUNK)
        )
        rows = (await tx.execute(some)).all()
        if not rows:
            await _rewrite(tx, Ballot)
            return False
        if len(rows) < CHUNK:
            await tx.execute(delete(Ballot).where(Ballot.poll_id == poll_id))
            return True
        last = rows[-1]
        await tx.execute(
            delete(Ballot).where(
                Ballot.poll_id == poll_id,
                (Ballot.question_id < last[0])
                | ((Ballot.question_id == last[0]) & (Ballot.mark <= last[1])),
            )
        )
        return True


async def _rewrite(tx: AsyncConnection, table: type[Ballot] | type[PollSecret]) -> None:
    if tx.dialect.name != "sqlite":
        return
    rows = [dict(row._mapping) for row in await tx.execute(select(table.__table__))]  # noqa: SLF001
    await tx.execute(delete(table))
    if rows:
        await tx.execute(insert(table), rows)
