"""Announcements: the post, the line of who has not got it, its count, and offers.

ids of all: announcement_id; of an offer: project_id, version_id; of one held back also squad_id.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules import announcements as rules
from bot.rules.announcements import Sheet
from bot.rules.outbox import Delivery, EndReason, Operation
from bot.rules.snoozing import Topic
from bot.views import announcement_forms, blocks
from bot.views import announcements as views
from bot.views.outbox import Line

GONE: Final = Drop("announcement_gone")
WITHDRAWN: Final = Drop("announcement_withdrawn")
NOT_ASKED: Final = Drop("announcement_not_asked")
ANNOUNCED: Final = Drop("guidelines_announced")
ANNOUNCED_SINCE: Final = Drop("announcement_posted")
REHEARSED: Final = Drop(EndReason.REHEARSAL)


def _key(delivery: Delivery) -> int:
    return int(str(delivery.ids["announcement_id"]))


async def _sheet(desk: Desk, delivery: Delivery) -> Sheet | None:
    return await desk.services.announcements.sheet(delivery.workspace_id, _key(delivery))


async def post(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the post as it stands; one that was withdrawn before is not posted."""
    found = await _sheet(desk, delivery)
    if found is None:
        return GONE
    if delivery.operation is Operation.POST:
        if found.announcement.withdrawn_at is not None:
            return WITHDRAWN
        # Made in a rehearsal that ended just now, it waits for its author to say so again.
        key = found.announcement.id
        held = await desk.services.announcements.still_held(delivery.workspace_id, key)
        if held is not None and delivery.squad_id in held.squads:
            return REHEARSED
    return views.post(desk.words, found)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it to somebody it is for; once they have got it the line is done."""
    found = await desk.services.announcements.shown_to(
        delivery.workspace_id, _key(delivery), delivery.person_id or 0
    )
    if found is None:
        return GONE
    return views.line(desk.words, found) if found.asked else NOT_ASKED


async def line_message(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the line as a message; it is always a line of Today."""
    found = await line(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def count(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Tell its author how many have got it, if they still work in one of its squads."""
    found = await _sheet(desk, delivery)
    if found is None:
        return GONE
    if found.announcement.withdrawn_at is not None:
        return WITHDRAWN
    services = desk.services.announcements
    args = (delivery.workspace_id, found.announcement, delivery.person_id or 0)
    if not found.asked or not await services.still_manages(*args):
        return NOT_ASKED
    return views.count_line(desk.words, found)


async def count_message(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the count as a message; it is always a line of Today."""
    found = await count(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def offer(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Offer the newest version, unless it was announced meanwhile."""
    found = await desk.services.announcement_offers.offered(
        delivery.workspace_id,
        int(str(delivery.ids["project_id"])),
        delivery.person_id or 0,
        delivery.created_at,
    )
    if found is None:
        return ANNOUNCED
    edition, project = found
    return announcement_forms.offer_line(desk.words, project, edition.version, edition.edition_id)


async def offer_message(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the offer as a message; it is always a line of Today."""
    found = await offer(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


async def held(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Tell its author that it was not posted, unless it was announced since."""
    services = desk.services.announcements
    found = await services.still_held(delivery.workspace_id, _key(delivery))
    squad = found.squads.get(int(str(delivery.ids["squad_id"]))) if found else None
    if found is None or squad is None:
        return ANNOUNCED_SINCE
    args = (delivery.workspace_id, found.announcement, delivery.person_id or 0)
    if not await services.still_manages(*args):
        return NOT_ASKED
    return announcement_forms.held_line(desk.words, found.announcement, squad)


async def held_message(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the same as a message; it is always a line of Today."""
    found = await held(desk, delivery)
    return found if isinstance(found, Drop) else blocks.message(found.text)


KINDS: Final = (
    Kind(name=rules.POST, render=post),
    Kind(name=rules.LINE, render=line_message, line=line, topic=Topic.READ),
    Kind(name=rules.COUNT, render=count_message, line=count, topic=Topic.READ, ticks=True),
    Kind(name=rules.OFFER, render=offer_message, line=offer, topic=Topic.READ, ticks=True),
    Kind(name=rules.HELD, render=held_message, line=held, topic=Topic.WAITING, ticks=True),
)
