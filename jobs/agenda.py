"""The agenda of a squad's meeting, so long before it as its managers chose."""

from collections.abc import Sequence

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence

log = structlog.get_logger("muster.jobs")


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Keep that there is a meeting and queue its post; it is put together when it leaves."""
    outcome = await container.services.agenda.plan(occurrence)
    log.info(
        "agenda_planned",
        squad=occurrence.squad_id,
        slot=occurrence.slot,
        outcome=outcome.value,
    )


async def run_all(container: Container, workspace_id: int, due: Sequence[DueOccurrence]) -> None:
    """Do the same for many meetings of a workspace that are due together."""
    planned = await container.services.agenda.plan_all(workspace_id, due)
    log.info("agendas_planned", workspace=workspace_id, meetings=planned, of=len(due))
