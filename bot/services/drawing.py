"""What settling a draw does to the score: called by whoever records, skips or undoes an audit."""

from bot.rules.draws import SkipReason
from bot.services.unit import Unit
from bot.store import draw_weights, draws


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


async def settle_skipped(unit: Unit, draw_id: int, reason: SkipReason, note: str | None) -> bool:
    """Note that a draw was left out, and why; False if it was settled before.

    Weights stay: what is skipped is missing at random within its frame.
    """
    return await draws.skip(unit.tx, unit.workspace_id, draw_id, reason, note, unit.now)


async def unsettle(unit: Unit, draw_id: int) -> None:
    """Open a settled draw again for the acting person: its audit is out of the score until then."""
    await draw_weights.unsettle(unit.tx, unit.workspace_id, draw_id)
    await draws.reopen(unit.tx, unit.workspace_id, draw_id, unit.actor.person_id, unit.now)
