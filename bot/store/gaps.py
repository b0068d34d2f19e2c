"""Questions as gaps see them, in SQL: without whoever asked them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.escalations import WAITING
from bot.rules.gaps import GapQuestion
from bot.rules.questions import Outcome
from bot.rules.verified import ASKED_BEFORE, VerifiedState
from bot.store import guidelines
from models import AnswerVote, Escalation, Question, VerifiedAnswer

MOST: Final = 2_000
"""Questions that are looked through, the latest first; a squad asks fewer in four weeks."""


async def questions(
    connection: AsyncConnection, workspace_id: int, squad_id: int, since: datetime, until: datetime
) -> list[GapQuestion]:
    """Return what a squad's people asked in `[since, until)`, oldest first."""
    statement = (
        select(
            Question.id,
            Question.text,
            Question.outcome,
            Question.asked_at,
            Question.version_id,
            Question.passages,
            Question.escalation_id,
            Escalation.state,
        )
        .join(Escalation, Escalation.id == Question.escalation_id, isouter=True)
        .where(
            Question.workspace_id == workspace_id,
            Question.squad_id == squad_id,
            Question.asked_at >= since,
            Question.asked_at < until,
            Question.outcome != Outcome.WAITING.value,
        )
        .order_by(Question.id.desc())
        .limit(MOST)
    )
    rows = list(reversed((await connection.execute(statement)).all()))
    nearest = {
        row.id: (row.version_id, int(row.passages[0][0]))
        for row in rows
        if row.version_id is not None and row.passages
    }
    sections = await _sections(connection, workspace_id, nearest)
    votes = await _votes(connection, workspace_id, [row.id for row in rows])
    waiting = {each.value for each in WAITING}
    return [
        GapQuestion(
            question_id=row.id,
            text=row.text,
            section=sections.get(row.id),
            outcome=Outcome(row.outcome),
            asked_at=row.asked_at,
            unhelpful=row.id in votes,
            missing=tuple(votes.get(row.id, ())),
            escalated=row.escalation_id is not None,
            open=row.state in waiting,
        )
        for row in rows
    ]


async def _sections(
    connection: AsyncConnection, workspace_id: int, nearest: Mapping[int, tuple[int, int]]
) -> Mapping[int, str]:
    """Return question -> the heading path of the passage that came nearest."""
    positions: defaultdict[int, set[int]] = defaultdict(set)
    for version_id, position in nearest.values():
        positions[version_id].add(position)
    found: dict[tuple[int, int], str] = {}
    for version_id, wanted in positions.items():
        passages = await guidelines.passages_at(
            connection, workspace_id, version_id, sorted(wanted)
        )
        found |= {(version_id, where): each.section for where, each in passages.items()}
    return {key: found[place] for key, place in nearest.items() if place in found}


async def _votes(
    connection: AsyncConnection, workspace_id: int, question_ids: list[int]
) -> Mapping[int, list[str]]:
    """Return question -> what was said to be missing, of those found not helpful."""
    statement = select(AnswerVote.question_id, AnswerVote.missing).where(
        AnswerVote.workspace_id == workspace_id,
        AnswerVote.question_id.in_(question_ids),
        AnswerVote.helpful.is_(False),
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in await connection.execute(statement):
        found[row.question_id] += [row.missing] if row.missing else []
    return found


async def reviews(
    connection: AsyncConnection, workspace_id: int, squad_id: int, now: datetime
) -> int:
    """Return how many verified answers of a squad wait for their verifier."""
    statement = (
        select(func.count())
        .select_from(VerifiedAnswer)
        .where(
            VerifiedAnswer.workspace_id == workspace_id,
            VerifiedAnswer.squad_id == squad_id,
            VerifiedAnswer.state != VerifiedState.DROPPED.value,
            (VerifiedAnswer.state == VerifiedState.REVIEW.value)
            | (VerifiedAnswer.expires_at <= now + ASKED_BEFORE),
        )
    )
    return await connection.scalar(statement) or 0
