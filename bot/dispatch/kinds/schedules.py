"""What was not posted because it was too late; ids: {"schedule_id", "first", "last"} (slots)."""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.occurrences import Missed
from bot.rules.outbox import Delivery, EndReason
from bot.services.schedules import NOT_POSTED, SKIPPED
from bot.views import blocks
from bot.views.outbox import Line
from bot.views.schedules import not_posted, skipped_line


async def _missed(desk: Desk, delivery: Delivery) -> Missed | None:
    ids = delivery.ids
    return await desk.services.schedules.missed(
        delivery.workspace_id, int(str(ids["schedule_id"])), str(ids["first"]), str(ids["last"])
    )


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of a manager's Today."""
    missed = await _missed(desk, delivery)
    return Drop(EndReason.NOTHING_LEFT) if missed is None else skipped_line(desk.words, missed)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def render_to_team(desk: Desk, delivery: Delivery) -> Rendered:
    """Return that today's agenda does not come, for the team's channel."""
    missed = await _missed(desk, delivery)
    if missed is None or missed.sync is None:
        return Drop(EndReason.NOTHING_LEFT)
    return not_posted(desk.words, missed)


KINDS = (
    Kind(name=SKIPPED, render=render, line=line, ticks=True),
    Kind(name=NOT_POSTED, render=render_to_team),
)
