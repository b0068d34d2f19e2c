"""Messages about belonging to a squad: the one welcome, and the notice of a pause.

Ids of both: {"squad_id"}; the notice also has {"reason"}, a code of `PauseReason`.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.outbox import Delivery
from bot.rules.people import Status
from bot.rules.snoozing import Topic
from bot.rules.squads import PauseReason, Standing, Welcome
from bot.services import members, welcomes
from bot.views import blocks, squads
from bot.views.outbox import Line

_LEFT: Final = Drop("not_member")
_NOT_PAUSED: Final = Drop("not_paused")


async def _welcome(desk: Desk, delivery: Delivery) -> Welcome | None:
    if delivery.person_id is None:
        return None
    return await desk.services.squads.welcome_for(
        delivery.workspace_id, _squad_id(delivery), delivery.person_id
    )


async def render_welcome(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the welcome as it holds now; nothing for somebody who has left."""
    said = await _welcome(desk, delivery)
    return _LEFT if said is None else squads.welcome(desk.words, said)


async def welcome_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the welcome in one sentence, for a day on which enough was said."""
    said = await _welcome(desk, delivery)
    return _LEFT if said is None else Line(squads.welcome_line(desk.words, said))


async def _standing(desk: Desk, delivery: Delivery) -> Standing | Drop:
    if delivery.person_id is None:
        return _LEFT
    found = await desk.services.squads.standing(
        delivery.workspace_id, _squad_id(delivery), delivery.person_id
    )
    if found is None:
        return _LEFT
    return found if found.status is Status.PAUSED else _NOT_PAUSED


async def render_paused(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the notice of a pause as a message of its own."""
    found = await _standing(desk, delivery)
    if isinstance(found, Drop):
        return found
    return blocks.message(squads.paused(desk.words, found, _reason(delivery)))


async def paused_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the notice of a pause; nothing for somebody who was set active meanwhile."""
    found = await _standing(desk, delivery)
    if isinstance(found, Drop):
        return found
    return Line(squads.paused(desk.words, found, _reason(delivery)))


def _squad_id(delivery: Delivery) -> int:
    return int(str(delivery.ids["squad_id"]))


def _reason(delivery: Delivery) -> PauseReason:
    return PauseReason(str(delivery.ids["reason"]))


KINDS: Final = (
    Kind(
        name=welcomes.KIND, render=render_welcome, line=welcome_line, topic=Topic.READ, ticks=True
    ),
    Kind(name=members.PAUSED, render=render_paused, line=paused_line, ticks=True),
)
