"""A manager's two messages of the day about one-on-ones; put together when they leave.

ids: {"day": the manager's local ISO date}.
"""

from datetime import date
from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Later, Rendered
from bot.rules.oneonone_packs import DAY_END, PACKS, DayEnd
from bot.rules.outbox import Delivery
from bot.rules.snoozing import Topic
from bot.views import oneonone_notes, oneonone_packs
from bot.views.outbox import Line

NO_MEETINGS: Final = "no_meetings"
SAID: Final = "all_said"
UNDER_WAY: Final = "meeting_under_way"


def _day(delivery: Delivery) -> date:
    return date.fromisoformat(str(delivery.ids["day"]))


async def packs(desk: Desk, delivery: Delivery) -> Rendered:
    """Return all packs of the day."""
    found = await desk.services.packs.day(
        delivery.workspace_id, delivery.person_id or 0, _day(delivery), f"packs:{delivery.id}"
    )
    return Drop(NO_MEETINGS) if found is None else oneonone_packs.day(desk.words, found)


async def packs_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return that there are packs, for Today; a line names nobody's figures."""
    found = await desk.services.packs.day(
        delivery.workspace_id, delivery.person_id or 0, _day(delivery), f"packs:{delivery.id}"
    )
    return Drop(NO_MEETINGS) if found is None else oneonone_packs.day_line(desk.words, found)


async def _ended(desk: Desk, delivery: Delivery) -> DayEnd | Drop | Later:
    found = await desk.services.packs.day_end(
        delivery.workspace_id, delivery.person_id or 0, _day(delivery)
    )
    if found is None:
        return Drop(NO_MEETINGS)
    end, at = found
    if not end.asks:
        return Drop(SAID)
    return Later(at, UNDER_WAY) if at is not None and at > desk.now else end


async def day_end(desk: Desk, delivery: Delivery) -> Rendered:
    """Ask what became of the day's meetings, once the last is over."""
    found = await _ended(desk, delivery)
    return oneonone_notes.day_end(desk.words, found) if isinstance(found, DayEnd) else found


async def day_end_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the question as a line of Today."""
    found = await desk.services.packs.day_end(
        delivery.workspace_id, delivery.person_id or 0, _day(delivery)
    )
    if found is None:
        return Drop(NO_MEETINGS)
    return oneonone_notes.day_end_line(desk.words, found[0])


KINDS = (
    Kind(name=PACKS, render=packs, line=packs_line, topic=Topic.MEETINGS, ticks=True),
    Kind(name=DAY_END, render=day_end, line=day_end_line, topic=Topic.MEETINGS, ticks=True),
)
