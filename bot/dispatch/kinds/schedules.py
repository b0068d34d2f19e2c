"""What was not posted because it was too late; ids: {"schedule_id", "first", "last"} (slots)."""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery, EndReason
from bot.services.schedules import SKIPPED
from bot.views import blocks
from bot.views.outbox import Line
from bot.views.schedules import skipped_line


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of a manager's Today."""
    ids = delivery.ids
    missed = await desk.services.schedules.missed(
        delivery.workspace_id, int(str(ids["schedule_id"])), str(ids["first"]), str(ids["last"])
    )
    return Drop(EndReason.NOTHING_LEFT) if missed is None else skipped_line(desk.words, missed)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


KIND = Kind(name=SKIPPED, render=render, line=line, ticks=True)
