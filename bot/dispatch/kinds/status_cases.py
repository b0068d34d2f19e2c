"""What is sent about a change of status: looked at again at send time, dropped once it is decided.

ids: {"case_id"}, of being reinstated {"squad_id"}.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules import status_cases as rules
from bot.rules.outbox import Delivery
from bot.rules.people import PRESENT
from bot.rules.snoozing import Topic
from bot.rules.squads import Standing
from bot.rules.status_cases import Case, CaseState
from bot.views import blocks
from bot.views import status_cases as views
from bot.views.outbox import Line

GONE: Final = "case_gone"
DECIDED: Final = "case_decided"
NOT_DECIDING: Final = "case_not_yours"

Read = Callable[[Desk, Delivery], Awaitable[Case | Drop]]


async def _case(desk: Desk, delivery: Delivery) -> Case | Drop:
    zone = desk.recipient.calendar.zone if desk.recipient else None
    case_id = int(str(delivery.ids["case_id"]))
    found = await desk.services.status_cases.case(
        delivery.workspace_id, case_id, delivery.person_id or 0, zone
    )
    return Drop(GONE) if found is None else found


async def _waiting(desk: Desk, delivery: Delivery) -> Case | Drop:
    """Return a proposal to somebody who can still decide it."""
    found = await _case(desk, delivery)
    if isinstance(found, Drop):
        return found
    if not found.open:
        return Drop(DECIDED)
    return found if found.to_decide else Drop(NOT_DECIDING)


async def _holding(desk: Desk, delivery: Delivery) -> Case | Drop:
    """Return what holds for a person, or an answer to it, while it does."""
    found = await _case(desk, delivery)
    if isinstance(found, Drop):
        return found
    return found if found.stored.state is CaseState.IN_FORCE else Drop(DECIDED)


async def _readable(desk: Desk, delivery: Delivery) -> Case | Drop:
    """Return a case to somebody who may still read it: roles come and go."""
    found = await _case(desk, delivery)
    if isinstance(found, Drop):
        return found
    return found if rules.may_read(found) else Drop(NOT_DECIDING)


def _render(read: Read) -> Callable[[Desk, Delivery], Awaitable[Rendered]]:
    """Return what shows a case to the recipient."""

    async def render(desk: Desk, delivery: Delivery) -> Rendered:
        found = await read(desk, delivery)
        if isinstance(found, Drop):
            return found
        return views.case(desk.words, found, desk.now)

    return render


async def confirm_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return a proposal as a line of Today; one that was carried stays, ticked off."""
    read = _waiting if delivery.carrier_id is None else _case
    found = await read(desk, delivery)
    return found if isinstance(found, Drop) else views.confirm_line(desk.words, found)


async def decided(desk: Desk, delivery: Delivery) -> Rendered:
    """Return to the proposer what the second person said."""
    found = await _readable(desk, delivery)
    return found if isinstance(found, Drop) else views.decided(desk.words, found)


async def decided_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the same as a line of Today."""
    found = await _readable(desk, delivery)
    return found if isinstance(found, Drop) else views.decided_line(desk.words, found)


async def told_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return to the person what holds for them, as a line of Today."""
    read = _holding if delivery.carrier_id is None else _case
    found = await read(desk, delivery)
    return found if isinstance(found, Drop) else views.told_line(desk.words, found)


async def answered_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return that the person answered, as a line of Today."""
    read = _holding if delivery.carrier_id is None else _case
    found = await read(desk, delivery)
    return found if isinstance(found, Drop) else views.answered_line(desk.words, found)


async def _lifted(desk: Desk, delivery: Delivery) -> Standing | Drop:
    if delivery.person_id is None:
        return Drop(GONE)
    squad_id = int(str(delivery.ids["squad_id"]))
    found = await desk.services.squads.standing(delivery.workspace_id, squad_id, delivery.person_id)
    return found if found is not None and found.status in PRESENT else Drop(GONE)


async def lifted(desk: Desk, delivery: Delivery) -> Rendered:
    """Return to the person that they are active again, if they still are."""
    found = await _lifted(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(views.lifted(desk.words, found))


async def lifted_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the same as a line of Today."""
    found = await _lifted(desk, delivery)
    return found if isinstance(found, Drop) else Line(views.lifted(desk.words, found))


KINDS: Final = (
    Kind(
        name=rules.CONFIRM,
        render=_render(_waiting),
        line=confirm_line,
        topic=Topic.WAITING,
        snoozes=True,
    ),
    Kind(name=rules.DECIDED, render=decided, line=decided_line, topic=Topic.READ, ticks=True),
    Kind(name=rules.TOLD, render=_render(_holding), line=told_line, topic=Topic.READ, ticks=True),
    Kind(
        name=rules.ANSWERED,
        render=_render(_holding),
        line=answered_line,
        topic=Topic.READ,
        ticks=True,
    ),
    Kind(name=rules.LIFTED, render=lifted, line=lifted_line, topic=Topic.READ, ticks=True),
    Kind(name=rules.CHANGED, render=_render(_readable)),
)
