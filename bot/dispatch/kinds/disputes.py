"""What is sent about disputes: looked at again at send time, to whom it still concerns.

ids of `audits.disputed` and `disputes.late`: dispute_ids; of `disputes.mine`: dispute_id; of
`disputes.ruled` and `disputes.noted`: dispute_id, decided (those that the ruling was about); of
`disputes.review`: dispute_id, squad_id; of `disputes.taken_back`: review_id.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.audits import FindingState
from bot.rules.disputes import ASKED, LATE, MINE, NOTED, REVIEW, RULED, TAKEN_BACK, Case, Stored
from bot.rules.outbox import Delivery, Operation
from bot.rules.snoozing import Topic
from bot.views import disputes as views
from bot.views import findings as finding_views
from bot.views import rulings
from bot.views.outbox import Line

CLOSED: Final = "dispute_closed"
NOT_DECIDER: Final = "no_decider"
NOTHING: Final = "nothing_to_review"


def _keys(delivery: Delivery, name: str) -> list[int]:
    given = delivery.ids.get(name)
    return [int(each) for each in given] if isinstance(given, list) else []


def _key(delivery: Delivery, name: str = "dispute_id") -> int:
    return int(str(delivery.ids[name]))


def _zone(desk: Desk) -> str | None:
    return desk.recipient.calendar.zone if desk.recipient else None


async def asked_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line of somebody who may decide; one that was carried stays, ticked off."""
    keys = _keys(delivery, "dispute_ids")
    if not keys or delivery.person_id is None:
        return Drop(CLOSED)
    case = await desk.services.disputes.as_decider(
        delivery.workspace_id, keys[0], delivery.person_id, _zone(desk)
    )
    if case is None:
        return Drop(NOT_DECIDER)
    if not case.waiting and delivery.carrier_id is None:
        return Drop(CLOSED)
    return rulings.line(desk.words, case, desk.now)


async def asked(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await asked_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


async def mine(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the contributor's receipt as the case stands."""
    case = await desk.services.disputes.as_mine(delivery.workspace_id, _key(delivery), _zone(desk))
    if case is None or (delivery.operation is Operation.POST and not case.waiting):
        return Drop(CLOSED)
    return views.mine(desk.words, case, desk.now)


async def _ruled(desk: Desk, delivery: Delivery) -> tuple[Case, tuple[Stored, ...]] | None:
    case = await desk.services.disputes.as_mine(delivery.workspace_id, _key(delivery), _zone(desk))
    if case is None:
        return None
    keys = _keys(delivery, "decided")
    decided = tuple(each for each in case.decided if each.dispute_id in keys)
    return (case, decided) if decided else None


async def ruled(desk: Desk, delivery: Delivery) -> Rendered:
    """Return to the contributor what was decided."""
    found = await _ruled(desk, delivery)
    return Drop(CLOSED) if found is None else views.ruled(desk.words, *found)


async def ruled_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of Today."""
    found = await _ruled(desk, delivery)
    return Drop(CLOSED) if found is None else views.ruled_line(desk.words, found[0])


async def noted_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return to the auditor what became of their finding."""
    found = await _ruled(desk, delivery)
    return Drop(CLOSED) if found is None else views.noted_line(desk.words, *found)


async def noted(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await noted_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


async def review_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return to a manager how many findings cite a rule that was overturned."""
    found = await desk.services.disputes.as_manager(
        delivery.workspace_id,
        _key(delivery),
        _key(delivery, "squad_id"),
        delivery.person_id or 0,
    )
    if found is None or (not found.waiting and delivery.carrier_id is None):
        return Drop(NOTHING)
    return rulings.review_line(desk.words, found)


async def review(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await review_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


async def taken_back(desk: Desk, delivery: Delivery) -> Rendered:
    """Return to a contributor that a finding fell with a ruling on another one."""
    found = await desk.services.disputes.taken_back(
        delivery.workspace_id, _key(delivery, "review_id")
    )
    if found is None or found.finding_state is not FindingState.WITHDRAWN:
        return Drop(NOTHING)
    return views.taken_back(desk.words, found)


async def taken_back_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of Today."""
    found = await desk.services.disputes.taken_back(
        delivery.workspace_id, _key(delivery, "review_id")
    )
    return Drop(NOTHING) if found is None else views.taken_back_line(desk.words, found)


KINDS = (
    Kind(name=ASKED, render=asked, line=asked_line, topic=Topic.WAITING, snoozes=True),
    Kind(name=LATE, render=asked, line=asked_line, topic=Topic.WAITING, snoozes=True),
    Kind(name=MINE, render=mine),
    Kind(name=RULED, render=ruled, line=ruled_line, topic=Topic.READ, ticks=True),
    Kind(name=NOTED, render=noted, line=noted_line, topic=Topic.READ, ticks=True),
    Kind(name=REVIEW, render=review, line=review_line, topic=Topic.WAITING),
    Kind(name=TAKEN_BACK, render=taken_back, line=taken_back_line, topic=Topic.READ, ticks=True),
)
