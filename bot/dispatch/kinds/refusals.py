"""The admins' daily report of what could not be delivered; ids: {"since": instant as ISO 8601}."""

from datetime import datetime

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery, EndReason
from bot.views.outbox import Line, refusals_line, refusals_message

REFUSALS = "refusals"


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the report as a message of its own."""
    found = await desk.services.outbox.refusals(delivery.workspace_id, _since(delivery))
    return refusals_message(desk.words, found) if found else Drop(EndReason.NOTHING_LEFT)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the report as a line of Today."""
    found = await desk.services.outbox.refusals(delivery.workspace_id, _since(delivery))
    return refusals_line(desk.words, found) if found else Drop(EndReason.NOTHING_LEFT)


def _since(delivery: Delivery) -> datetime:
    return datetime.fromisoformat(str(delivery.ids["since"]))


KIND = Kind(name=REFUSALS, render=render, line=line, ticks=True)
