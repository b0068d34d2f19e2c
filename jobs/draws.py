"""The nightly drawing of what is to be audited, so that auditors have a queue in the morning."""

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence

log = structlog.get_logger("muster.jobs")


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Draw for all live squads of the workspace."""
    drawn = await container.services.sampling.daily(occurrence)
    log.info("drawn", workspace=occurrence.workspace_id, draws=drawn)
