"""Findings that cite a rule which a ruling read differently: looked at again by managers."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.rules.disputes import REVIEW, Review, Reviews, ReviewState
from bot.rules.home import home_intents
from bot.services import ruling
from bot.services.unit import Unit
from bot.store import disputes, finding_reviews, findings, today

REVIEWS_SHOWN: Final = 8
"""Findings with two buttons each; the next ones move up as these are settled."""


async def reviews(unit: Unit, dispute_id: int, squad_id: int) -> Reviews:
    """Return what a manager looks at again after a ruling. Raises NotFound("review_gone")."""
    found = await reviews_of(unit.tx, unit.workspace_id, dispute_id, squad_id)
    if found is None:
        raise NotFound("review_gone")
    return found


async def reviews_of(
    connection: AsyncConnection, workspace_id: int, dispute_id: int, squad_id: int
) -> Reviews | None:
    """Return the same; None if there is no such ruling."""
    stored = await disputes.get(connection, workspace_id, [dispute_id])
    if not stored:
        return None
    items = await finding_reviews.waiting(connection, workspace_id, dispute_id, squad_id)
    about = await findings.feedback(connection, workspace_id, stored[0].audit_id)
    ruled = [] if about is None else about.findings
    rule = next((each for each in ruled if each.finding_id == stored[0].finding_id), None)
    return Reviews(
        dispute=stored[0],
        squad_id=squad_id,
        category=None if rule is None else rule.category,
        section=None if rule is None else rule.section,
        items=tuple(items[:REVIEWS_SHOWN]),
        more=max(0, len(items) - REVIEWS_SHOWN),
    )


async def settle(unit: Unit, found: Review, state: ReviewState) -> None:
    """Keep or withdraw a finding; what somebody settled first stays as it is."""
    if not found.waits:
        return  # somebody was first, or it is disputed or corrected since
    by = unit.actor.person_id
    kept = await finding_reviews.settle(
        unit.tx, unit.workspace_id, found.review_id, state, by=by, now=unit.now
    )
    if not kept:
        return
    if state is ReviewState.WITHDRAWN:
        await ruling.take_back(unit, found)
    await unit.log(
        f"review.{state.value}",
        squad_id=found.squad_id,
        person_id=found.contributor_id,
        review_id=found.review_id,
    )
    left = await finding_reviews.waiting(
        unit.tx, unit.workspace_id, found.dispute_id, found.squad_id
    )
    able = await ruling.managers_of(unit, found.squad_id)
    if not left:
        for person_id in able:
            key = f"{REVIEW}:{found.dispute_id}:{found.squad_id}:{person_id}"
            await today.tick(unit.tx, unit.workspace_id, key, unit.now)
    await unit.send(*home_intents(able))
