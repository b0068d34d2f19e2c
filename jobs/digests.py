"""The daily and weekly quality digest of a squad, at its local time on its working days."""

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence

log = structlog.get_logger("muster.jobs")


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Queue the digest; it is put together when it leaves."""
    outcome = await container.services.digests.plan(occurrence)
    log.info(
        "digest_planned",
        squad=occurrence.squad_id,
        slot=occurrence.slot,
        outcome=outcome.value,
    )
