"""What follows from coaching: the member's message, and praise shown to the team.

ids of both kinds: coaching_id.
"""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.coaching import CoachingNote
from bot.rules.outbox import Delivery
from bot.rules.snoozing import Topic
from bot.services.coaching import MESSAGE, SHARED
from bot.views import coaching as views
from bot.views.outbox import Line


async def _note(desk: Desk, delivery: Delivery) -> CoachingNote | None:
    coaching_id = int(str(delivery.ids["coaching_id"]))
    return await desk.services.coaching.note(delivery.workspace_id, coaching_id)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the member's message as it stands."""
    told = await _note(desk, delivery)
    return Drop("nothing_to_say") if told is None else views.note(desk.words, told)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the message as a line of Today, ticked off by thanks."""
    told = await _note(desk, delivery)
    return Drop("nothing_to_say") if told is None else views.line(desk.words, told)


async def shared(desk: Desk, delivery: Delivery) -> Rendered:
    """Return praise for the team channel, if its subject agreed."""
    told = await _note(desk, delivery)
    if told is None or told.shared_at is None:
        return Drop("nothing_to_say")
    return views.shared(desk.words, told)


KINDS = (
    Kind(name=MESSAGE, render=render, line=line, topic=Topic.READ),
    Kind(name=SHARED, render=shared),
)
