"""When a message planned now will be read, foreseen with what dispatch goes by."""

from bot.rules.arrival import Arrival, expect
from bot.rules.gate import Recipient
from bot.services.unit import Unit
from bot.store import recipients

Foreseen = tuple[Arrival, Recipient | None]


async def foresee(unit: Unit, person_id: int, squad_id: int) -> Foreseen:
    """Return when a person reads a message of class now about a squad, and the person."""
    recipient = await recipients.recipient(unit.tx, unit.workspace_id, person_id, unit.now)
    squad = await recipients.squad_facts(unit.tx, squad_id)
    return expect(recipient, squad, unit.now), recipient
