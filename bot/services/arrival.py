"""When a message planned now will be read, foreseen with what dispatch goes by."""

from bot.rules.arrival import Arrival, expect
from bot.rules.gate import Recipient
from bot.services.unit import Unit
from bot.store import recipients

Foreseen = tuple[Arrival, Recipient | None]


async def foresee(unit: Unit, person_id: int, squad_id: int) -> Foreseen:
    """Return when a person reads a message of class now, and the person.

    The message is about a squad that the caller is in.
    """
    recipient = await recipients.recipient(unit.tx, unit.workspace_id, person_id, unit.now)
    states = {one.squad_id: one.state for one in unit.actor.memberships}
    return expect(recipient, states[squad_id], unit.now), recipient
