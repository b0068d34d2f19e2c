"""The daily and weekly quality digest of a squad, at its local time on its working days."""

from collections.abc import Sequence

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


async def run_all(container: Container, workspace_id: int, due: Sequence[DueOccurrence]) -> None:
    """Do the same for many digests of a workspace that are due together."""
    planned = await container.services.digests.plan_all(workspace_id, due)
    log.info("digests_planned", workspace=workspace_id, digests=planned, of=len(due))
