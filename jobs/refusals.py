"""The daily report to admins of what could not be delivered."""

from bot.container import Container
from bot.rules.occurrences import DueOccurrence


async def run(container: Container, occurrence: DueOccurrence) -> None:
    """Plan the report if there is anything to report."""
    await container.services.housekeeping.report_refusals(occurrence)
