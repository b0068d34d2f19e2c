"""The end of a sitting, whoever ends it: its auditor, their next one, or the night."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import sittings as rules
from bot.rules.home import home_intents
from bot.rules.outbox import Intent
from bot.rules.sittings import Sitting
from bot.services import seating
from bot.store import bundles, draws, ledger, sittings

AT_ONCE: Final = 50
"""Sittings ended in one transaction, so that a click never waits for it."""

NOT_BEGUN: Final = timedelta(days=3)
"""How long a part of a sitting waits for its auditor to begin."""


async def end(
    tx: AsyncConnection, workspace_id: int, sitting: Sitting, now: datetime, by: int | None
) -> list[Intent]:
    """End a sitting: what is left goes back to the queue, and what was found leaves.

    Returns what must be sent, nothing if it has ended before. The intents of its last task have to
    be stored by now. `by` is None where the clock ends it.
    """
    if not await sittings.end(tx, workspace_id, sitting.id, now):
        return []
    await draws.release(tx, workspace_id, sitting_id=sitting.id, held_by=sitting.auditor_id)
    await bundles.pull_forward(tx, workspace_id, rules.bundle_key(sitting.id), now)
    await ledger.write(
        tx,
        workspace_id,
        now,
        "sitting.ended",
        actor_id=by,
        squad_id=sitting.squad_id,
        ids={"sitting_id": sitting.id},
    )
    if not sitting.is_gathered:
        return []
    home = home_intents([sitting.auditor_id])
    done = await sittings.progress(tx, workspace_id, sitting)
    # Of a part that nobody began there is nothing to certify.
    return [seating.certified(sitting), *home] if by is not None or done.done else home


async def abandoned(tx: AsyncConnection, workspace_id: int, now: datetime) -> list[Sitting]:
    """Return sittings that nobody looked at for long: they are over. At most `AT_ONCE`.

    A part that was given to somebody waits some days to be begun, unless its time is past.
    """
    found = await sittings.left_behind(tx, workspace_id, now - rules.LEFT_BEHIND)
    over = []
    for each in found:
        begun = each.seen_at > each.started_at
        waits = each.due_at is None or each.due_at > now
        if begun or not waits or now - each.seen_at >= NOT_BEGUN:
            over.append(each)
    return over[:AT_ONCE]
