"""The nightly removal of what is no longer needed."""

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence

log = structlog.get_logger("muster.jobs")


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Delete what is past its time, and give up what nobody came to."""
    gone = await container.services.housekeeping.tidy(occurrence)
    gone += await container.services.notes.forget()
    draws, sittings = await container.services.housekeeping.give_up(occurrence.workspace_id)
    log.info("given_up", workspace=occurrence.workspace_id, draws=draws, sittings=sittings)
    lines = await container.services.action_items.plan(occurrence.workspace_id)
    log.info("action_items_planned", workspace=occurrence.workspace_id, lines=lines)
    changed = await container.services.oneonone_keeper.keep(occurrence.workspace_id)
    log.info("one_on_ones_kept", workspace=occurrence.workspace_id, meetings=changed)
    log.info("tidied", workspace=occurrence.workspace_id, rows=gone)
