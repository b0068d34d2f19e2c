"""The nightly removal of what is no longer needed."""

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence

log = structlog.get_logger("muster.jobs")


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Delete what is past its time."""
    gone = await container.services.housekeeping.tidy(occurrence)
    gone += await container.services.notes.forget()
    log.info("tidied", workspace=occurrence.workspace_id, rows=gone)
