"""What follows from an audit: the contributor's message, and a reminder.

ids of `audits.feedback`: audit_id, corrects (the audit it took the place of, or null); of
`audits.reminder`: audit_id.
"""

from typing import Final

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.findings import Feedback
from bot.rules.outbox import Delivery, Operation
from bot.rules.snoozing import Topic
from bot.services.audit_feedback import FEEDBACK, REMINDER
from bot.views import findings as views
from bot.views.outbox import Line

NOTHING: Final = "nothing_to_say"


async def _audit(desk: Desk, delivery: Delivery) -> Feedback | None:
    audit_id = int(str(delivery.ids["audit_id"]))
    return await desk.services.audits.feedback(delivery.workspace_id, audit_id)


async def _says_nothing(desk: Desk, delivery: Delivery, found: Feedback) -> bool:
    """Tell whether an audit without findings takes nothing back, so that it is not worth saying.

    Only who was told of the findings that it corrected needs to hear that they are gone.
    """
    if found.live or not found.is_current:
        return False
    before = delivery.ids.get("corrects")
    if before is None:
        return True
    return not await desk.services.audits.was_told(delivery.workspace_id, int(str(before)))


async def render(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the contributor's message, as things stand when it is sent or changed."""
    found = await _audit(desk, delivery)
    if found is None:
        return Drop(NOTHING)
    if delivery.operation is Operation.POST:
        read_already = bool(found.live) and not found.is_open
        if not found.is_current or read_already or await _says_nothing(desk, delivery, found):
            return Drop(NOTHING)
    return views.feedback(desk.words, found)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the message as a line of Today, ticked off once it was read."""
    found = await _audit(desk, delivery)
    if found is None or await _says_nothing(desk, delivery, found):
        return Drop(NOTHING)
    return views.feedback_line(desk.words, found)


async def reminder_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the reminder; done once the findings were acknowledged or corrected."""
    found = await _audit(desk, delivery)
    return Drop(NOTHING) if found is None else views.reminder_line(desk.words, found)


async def reminder(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the reminder as a message of its own."""
    found = await reminder_line(desk, delivery)
    return found if isinstance(found, Drop) else views.alone(found)


KINDS = (
    Kind(name=FEEDBACK, render=render, line=line, topic=Topic.READ),
    Kind(name=REMINDER, render=reminder, line=reminder_line, topic=Topic.READ),
)
