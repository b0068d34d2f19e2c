"""Comments of closed polls and the groups that a model made of them, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.pulse import PollState, Question, QuestionKind
from bot.rules.pulse_themes import Group, Grouped
from models import ModelUse, Poll, PollComment, PollQuestion

MODEL_NAME: Final = 120


async def due(connection: AsyncConnection, now: datetime) -> list[tuple[int, int]]:
    """Return (workspace, poll) of closed polls whose comments wait for a model."""
    statement = (
        select(Poll.workspace_id, Poll.id)
        .where(Poll.next_at <= now, Poll.state == PollState.CLOSED.value)
        .order_by(Poll.next_at, Poll.id)
    )
    return [(row[0], row[1]) for row in await connection.execute(statement)]


async def claim(
    tx: AsyncConnection, poll_id: int, now: datetime, again_at: datetime | None
) -> bool:
    """Take a poll whose comments wait until `again_at`; False if somebody was faster."""
    statement = (
        update(Poll)
        .where(Poll.id == poll_id, Poll.state == PollState.CLOSED.value, Poll.next_at <= now)
        .values(next_at=again_at)
    )
    return bool((await tx.execute(statement)).rowcount)


async def settle(tx: AsyncConnection, poll_id: int) -> None:
    """Leave a closed poll alone from now on."""
    await tx.execute(
        update(Poll)
        .where(Poll.id == poll_id, Poll.state == PollState.CLOSED.value)
        .values(next_at=None)
    )


async def comments(
    connection: AsyncConnection, question_id: int
) -> list[tuple[bytes, str, int | None]]:
    """Return (key, text, theme) of a question's comments, in the order of their random keys."""
    statement = (
        select(PollComment.key, PollComment.text, PollComment.theme)
        .where(PollComment.question_id == question_id)
        .order_by(PollComment.key)
    )
    return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]


async def titles(connection: AsyncConnection, poll_id: int) -> dict[int, list[str] | None]:
    """Return what a model called its groups, by question; None where it made none."""
    statement = select(PollQuestion.id, PollQuestion.themes).where(
        PollQuestion.poll_id == poll_id, PollQuestion.kind == QuestionKind.TEXT.value
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}


async def keep(
    tx: AsyncConnection, question: Question, keys: Sequence[bytes], groups: Sequence[Group]
) -> None:
    """Store groups of a question's comments, whose keys are in the order that was grouped."""
    await tx.execute(
        update(PollQuestion)
        .where(PollQuestion.id == question.id)
        .values(themes=[each.title for each in groups])
    )
    rows = [
        {"of": keys[place], "to": number}
        for number, each in enumerate(groups)
        for place in each.places
    ]
    if rows:
        table = PollComment.__table__
        await tx.execute(
            update(PollComment).where(table.c.key == bindparam("of")).values(theme=bindparam("to")),
            rows,
        )


async def note_use(tx: AsyncConnection, workspace_id: int, grouped: Grouped, now: datetime) -> None:
    """Store what a model cost; no text."""
    await tx.execute(
        insert(ModelUse).values(
            workspace_id=workspace_id,
            model=grouped.model[:MODEL_NAME],
            outcome=grouped.outcome.value,
            tokens_in=grouped.tokens_in,
            tokens_out=grouped.tokens_out,
            cost=grouped.cost,
            used_at=now,
        )
    )
