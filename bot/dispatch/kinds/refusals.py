"""The daily report of what could not be delivered: to admins of all, to managers of their posts.

ids: {"since": instant as ISO 8601}, and {"squad_id"} in a manager's.
"""

from datetime import datetime

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery, EndReason
from bot.views.findings import alone
from bot.views.outbox import Line, lost_posts_line, refusals_line, refusals_message

REFUSALS = "refusals"


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the report as a message of its own."""
    if "squad_id" in delivery.ids:
        found = await _lost_posts(desk, delivery)
        return found if isinstance(found, Drop) else alone(found)
    refused = await desk.services.outbox.refusals(delivery.workspace_id, _since(delivery))
    return refusals_message(desk.words, refused) if refused else Drop(EndReason.NOTHING_LEFT)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the report as a line of Today."""
    if "squad_id" in delivery.ids:
        return await _lost_posts(desk, delivery)
    found = await desk.services.outbox.refusals(delivery.workspace_id, _since(delivery))
    return refusals_line(desk.words, found) if found else Drop(EndReason.NOTHING_LEFT)


async def _lost_posts(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return what a squad's channels did not get; nothing of one that is archived."""
    squad_id = int(str(delivery.ids["squad_id"]))
    squad, found = await desk.services.outbox.lost_posts(
        delivery.workspace_id, squad_id, _since(delivery)
    )
    if not (squad and found):
        return Drop(EndReason.NOTHING_LEFT)
    return lost_posts_line(desk.words, squad, found)


def _since(delivery: Delivery) -> datetime:
    return datetime.fromisoformat(str(delivery.ids["since"]))


KIND = Kind(name=REFUSALS, render=render, line=line, ticks=True)
