"""What is sent about blockers: looked at again at send time, and dropped once somebody ended it."""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, MakeLine, Render, Rendered
from bot.rules import blockers as rules
from bot.rules.blockers import Case
from bot.rules.outbox import Delivery, Operation
from bot.rules.snoozing import Topic
from bot.views import blockers as views
from bot.views.outbox import Line

GONE: Final = "blocker_gone"
CLOSED: Final = "blocker_closed"
TAKEN: Final = "blocker_taken"
TOLD_BEFORE: Final = "told_before"
NO_MANAGER: Final = "no_manager"


def _key(delivery: Delivery) -> int:
    return int(str(delivery.ids["blocker_id"]))


def _zone(desk: Desk) -> str | None:
    return desk.recipient.calendar.zone if desk.recipient else None


async def mine(desk: Desk, delivery: Delivery) -> Rendered:
    """Return a blocker to its person as it stands; one that is over by then is not told of."""
    found = await desk.services.blockers.as_mine(delivery.workspace_id, _key(delivery), _zone(desk))
    if found is None:
        return Drop(GONE)
    if found.stored.settled and delivery.operation is Operation.POST:
        return Drop(CLOSED)
    return views.mine(desk.words, found)


async def fixed(desk: Desk, delivery: Delivery) -> Rendered:
    """Return to the person that it is done."""
    found = await desk.services.blockers.as_mine(delivery.workspace_id, _key(delivery), _zone(desk))
    return Drop(GONE) if found is None else views.fixed(desk.words, found)


async def _case(desk: Desk, delivery: Delivery) -> Case | Drop:
    """Return a blocker to somebody who manages its squad still; names are for nobody else."""
    found = await desk.services.blockers.case(delivery.workspace_id, _key(delivery), _zone(desk))
    if found is None:
        return Drop(GONE)
    return found if delivery.person_id in found.managers else Drop(NO_MANAGER)


async def _needed(desk: Desk, delivery: Delivery) -> Case | Drop:
    """Return what a manager must still be told of: nobody ended it, and for a reminder more."""
    found = await _case(desk, delivery)
    if isinstance(found, Drop):
        return found
    if found.stored.settled:
        return Drop(CLOSED)
    if delivery.kind == rules.NEXT and found.stored.taken_by is not None:
        return Drop(TAKEN)
    if delivery.kind == rules.LATE and await desk.services.blockers.was_told(
        delivery.workspace_id, _key(delivery), delivery.person_id or 0
    ):
        return Drop(TOLD_BEFORE)
    return found


async def told(desk: Desk, delivery: Delivery) -> Rendered:
    """Return a blocker to a manager as it stands."""
    read = _needed if delivery.operation is Operation.POST else _case
    found = await read(desk, delivery)
    return found if isinstance(found, Drop) else views.case(desk.words, found, desk.now)


def reminder(key: str) -> Render:
    """Return what makes a reminder of a blocker."""

    async def render(desk: Desk, delivery: Delivery) -> Rendered:
        found = await _needed(desk, delivery)
        if isinstance(found, Drop):
            return found
        return views.reminder(desk.words, found, desk.now, key)

    return render


def line() -> MakeLine:
    """Return what makes a line of Today; one that was carried stays, ticked off."""

    async def make(desk: Desk, delivery: Delivery) -> Line | Drop:
        read = _needed if delivery.carrier_id is None else _case
        found = await read(desk, delivery)
        return found if isinstance(found, Drop) else views.line(desk.words, found, desk.now)

    return make


KINDS = (
    Kind(name=rules.MINE, render=mine),
    Kind(name=rules.TOLD, render=told, line=line(), topic=Topic.WAITING),
    Kind(name=rules.NEXT, render=reminder("next"), line=line(), topic=Topic.WAITING, snoozes=True),
    Kind(name=rules.LATE, render=reminder("late"), line=line(), topic=Topic.WAITING, snoozes=True),
    Kind(name=rules.FIXED, render=fixed),
)
