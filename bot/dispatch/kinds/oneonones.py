"""What is sent about one-on-ones: looked at again at send time, and dropped once it has changed.

ids: {"one_on_one_id", "revision"}, with "was" (ISO) of one that moved; {"pair_id"} of a beginning
or an end.
"""

from datetime import datetime
from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules import oneonones as rules
from bot.rules.oneonones import MeetingState, Seat, Told
from bot.rules.outbox import Delivery
from bot.rules.snoozing import Topic
from bot.views import blocks
from bot.views import oneonone_messages as views
from bot.views.outbox import Line

GONE: Final = "oneonone_gone"
CHANGED: Final = "oneonone_changed"
NOT_PRESENT: Final = "not_present"
NOTHING_PLANNED: Final = "nothing_planned"


async def _told(desk: Desk, delivery: Delivery) -> Told | None:
    return await desk.services.oneonones.told(
        delivery.workspace_id, int(str(delivery.ids["one_on_one_id"])), delivery.person_id or 0
    )


def _as_said(told: Told, delivery: Delivery) -> bool:
    """Tell whether a meeting stands as it did when the message was planned."""
    return told.meeting.revision == delivery.ids["revision"]


async def _standing(desk: Desk, delivery: Delivery) -> Told | Drop:
    """Return a meeting that takes place as it was planned, with both of them there."""
    told = await _told(desk, delivery)
    if told is None:
        return Drop(GONE)
    if not _as_said(told, delivery) or told.meeting.state is not MeetingState.PLANNED:
        return Drop(CHANGED)
    return told if told.both_present else Drop(NOT_PRESENT)


async def eve_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the line of the day before; one that was carried stays, struck out once it moved."""
    told = await _standing(desk, delivery)
    if isinstance(told, Drop):
        late = await _told(desk, delivery) if delivery.carrier_id is not None else None
        return told if late is None else views.eve_line(desk.words, late, 0, done=True)
    seat = await _seat(desk, delivery, told.meeting.pair_id)
    topics = len(seat.topics) if seat else 0
    done = told.meeting.starts_at <= desk.now
    return views.eve_line(desk.words, told, topics, done=done)


async def eve(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await eve_line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def soon(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the message ten minutes before."""
    told = await _standing(desk, delivery)
    return told if isinstance(told, Drop) else views.soon(desk.words, told)


async def soon_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line, for whom it cannot be a message of its own any more."""
    told = await _standing(desk, delivery)
    return told if isinstance(told, Drop) else views.soon_line(desk.words, told)


def _was(delivery: Delivery) -> datetime:
    return datetime.fromisoformat(str(delivery.ids["was"]))


async def moved(desk: Desk, delivery: Delivery) -> Rendered:
    """Return what became of a meeting; a later change says it itself."""
    told = await _told(desk, delivery)
    if told is None:
        return Drop(GONE)
    if not _as_said(told, delivery):
        return Drop(CHANGED)
    return views.moved(desk.words, told, _was(delivery))


async def moved_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of Today, struck out once it has changed again."""
    told = await _told(desk, delivery)
    if told is None:
        return Drop(GONE)
    done = not _as_said(told, delivery)
    if done and delivery.carrier_id is None:
        return Drop(CHANGED)
    return views.moved_line(desk.words, told, _was(delivery), done=done)


async def _seat(desk: Desk, delivery: Delivery, pair_id: int) -> Seat | None:
    return await desk.services.oneonones.seat(
        delivery.workspace_id, pair_id, delivery.person_id or 0
    )


async def began_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return with whom somebody meets from now on; managers also read with whom they cannot."""
    seat = await _seat(desk, delivery, int(str(delivery.ids["pair_id"])))
    if seat is None or seat.pair.ended:
        return Drop(GONE)
    if not seat.upcoming and not (seat.manages and seat.pair.home is None):
        return Drop(NOTHING_PLANNED)
    zone = desk.recipient.calendar.zone if desk.recipient else None
    return views.began(desk.words, seat, zone)


async def began(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await began_line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def left_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return that two people do not meet any more."""
    seat = await _seat(desk, delivery, int(str(delivery.ids["pair_id"])))
    if seat is None or not seat.pair.ended:
        return Drop(CHANGED)
    return views.left(desk.words, seat)


async def left(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await left_line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


KINDS = (
    Kind(name=rules.EVE, render=eve, line=eve_line, topic=Topic.MEETINGS, ticks=True),
    Kind(
        name=rules.SOON_KIND,
        render=soon,
        line=soon_line,
        topic=Topic.MEETINGS,
        line_snoozes=False,
    ),
    Kind(name=rules.MOVED, render=moved, line=moved_line, topic=Topic.MEETINGS, ticks=True),
    Kind(name=rules.PLANNED, render=began, line=began_line, topic=Topic.MEETINGS, ticks=True),
    Kind(name=rules.LEFT, render=left, line=left_line, topic=Topic.MEETINGS, ticks=True),
)
