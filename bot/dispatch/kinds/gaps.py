"""The managers' weekly line about questions. ids: squad_id, until (ISO instant)."""

from datetime import datetime

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.gaps import WEEKLY, Gaps
from bot.rules.outbox import Delivery
from bot.rules.snoozing import Topic
from bot.views import gaps as views
from bot.views.outbox import Line

QUIET = "nobody_asked"


async def _week(desk: Desk, delivery: Delivery) -> Gaps | None:
    until = datetime.fromisoformat(str(delivery.ids["until"]))
    found = await desk.services.gaps.week(
        delivery.workspace_id, int(str(delivery.ids["squad_id"])), until
    )
    return found if found is not None and (found.asked or found.reviews) else None


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line; nothing in a week in which nobody asked."""
    found = await _week(desk, delivery)
    if found is None:
        return Drop(QUIET)
    return views.week_line(desk.words, int(str(delivery.ids["squad_id"])), found)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await _week(desk, delivery)
    if found is None:
        return Drop(QUIET)
    return views.week(desk.words, int(str(delivery.ids["squad_id"])), found)


KINDS = (Kind(name=WEEKLY, render=render, line=line, topic=Topic.READ, ticks=True),)
