"""What settling a draw does to the score: called by whoever records, skips or undoes an audit."""

from bot.errors import NotFound
from bot.rules.draws import DrawnTask, SkipReason
from bot.services.unit import Unit
from bot.store import draw_weights, draws, reworks


async def settle_audited(
    unit: Unit, draw_id: int, audit_id: int, chain_id: int, seconds: int | None
) -> bool:
    """Note that a draw was audited, in so many seconds; False if it was settled before.

    Every audit of the draw's frame weighs N / audited from now on. A chain that the auditor opened
    for another reason (theirs was a correction) becomes random, for this draw adopts it.
    """
    return await draw_weights.settle(
        unit.tx, unit.workspace_id, draw_id, audit_id, chain_id, seconds, unit.now
    )


async def settle_skipped(unit: Unit, draw: DrawnTask, reason: SkipReason, note: str | None) -> bool:
    """Note that a draw was left out, and why; False if it was settled before.

    Weights stay: what is skipped is missing at random within its frame. A fix goes back to the
    queue for somebody else, for its contributor waits.
    """
    done = await draws.skip(unit.tx, unit.workspace_id, draw.draw_id, reason, note, unit.now)
    if done and draw.rework_id is not None:
        await reworks.add_returned(
            unit.tx,
            unit.workspace_id,
            project_id=draw.project_id,
            squad_id=draw.squad_id,
            submission_id=draw.submission_id,
            origin=draw.origin,
            rework_id=draw.rework_id,
            now=unit.now,
        )
    return done


async def unsettle(unit: Unit, draw_id: int, rework_id: int | None = None) -> None:
    """Open a settled draw again for the acting person: its audit is out of the score until then.

    Raises NotFound("sitting_nothing_to_undo") for a fix that somebody else has in hands by now.
    """
    if rework_id is not None:
        args = (unit.tx, unit.workspace_id, rework_id, draw_id, unit.now)
        if not await reworks.drop_returned(*args):
            raise NotFound("sitting_nothing_to_undo")
    await draw_weights.unsettle(unit.tx, unit.workspace_id, draw_id)
    await draws.reopen(unit.tx, unit.workspace_id, draw_id, unit.actor.person_id, unit.now)
