"""Lines that ask a verifier whether a kept answer still holds. ids: verified_id."""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery
from bot.rules.snoozing import Topic
from bot.rules.verified import EXPIRING, VerifiedNote, VerifiedState
from bot.views import verified as views
from bot.views.outbox import Line

SETTLED = "verified_settled"


async def _note(desk: Desk, delivery: Delivery) -> VerifiedNote | None:
    verified_id = int(str(delivery.ids["verified_id"]))
    found = await desk.services.verified.note(delivery.workspace_id, verified_id)
    gone = found is None or found.verified.state is VerifiedState.DROPPED
    return None if gone else found


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line; dropped if the answer was looked at before it was said."""
    found = await _note(desk, delivery)
    if found is None or (not found.waits and delivery.carrier_id is None):
        return Drop(SETTLED)
    return views.line(desk.words, found)


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await _note(desk, delivery)
    if found is None or not found.waits:
        return Drop(SETTLED)
    return views.alone(desk.words, found)


KINDS = (Kind(name=EXPIRING, render=render, line=line, topic=Topic.WAITING),)
