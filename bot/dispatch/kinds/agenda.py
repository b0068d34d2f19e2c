"""A meeting's post, as things stand when it leaves or is changed, and the lines of action items.

ids: {"meeting_id"} of a post, {"action_id"} of a line.
"""

from bot import clock
from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules.action_items import DUE
from bot.rules.agenda import POST, MeetingState
from bot.rules.outbox import Delivery, EndReason, Operation
from bot.rules.snoozing import Topic
from bot.views import agenda as views
from bot.views import agenda_lists as lists
from bot.views import findings as finding_views
from bot.views.outbox import Line


async def post(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the agenda, or what became of the meeting since."""
    meeting_id = int(str(delivery.ids["meeting_id"]))
    services = desk.services
    found = await services.agenda.content(delivery.workspace_id, meeting_id)
    if found is None:
        return Drop(EndReason.NOTHING_LEFT)
    if found.sync is None and delivery.operation is Operation.POST:
        return Drop(EndReason.NOTHING_LEFT)  # removed before it could be said
    if delivery.person_id is not None:
        return finding_views.alone(views.line(desk.words, found, desk.now))
    noted = None
    if found.meeting.state is not MeetingState.PLANNED:
        noted = await services.meetings.noted(delivery.workspace_id, meeting_id)
    return views.post(desk.words, found, noted)


async def post_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return a meeting to a manager of a squad that has no channel for it."""
    meeting_id = int(str(delivery.ids["meeting_id"]))
    found = await desk.services.agenda.content(delivery.workspace_id, meeting_id)
    if found is None:
        return Drop(EndReason.NOTHING_LEFT)
    return views.line(desk.words, found, desk.now)


async def due_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return what its owner said they would do; nothing once it is done."""
    item = await desk.services.action_items.item(
        delivery.workspace_id, int(str(delivery.ids["action_id"]))
    )
    if item is None or not item.text:
        return Drop(EndReason.NOTHING_LEFT)
    zone = desk.recipient.calendar.zone if desk.recipient else "UTC"
    late = item.due is not None and item.due < clock.local_day(desk.now, zone)
    return lists.action_line(desk.words, item, late=late)


async def due(desk: Desk, delivery: Delivery) -> Rendered:
    """Return it as a message of its own."""
    found = await due_line(desk, delivery)
    return found if isinstance(found, Drop) else finding_views.alone(found)


KINDS = (
    Kind(
        name=POST,
        render=post,
        line=post_line,
        topic=Topic.MEETINGS,
        line_snoozes=False,
        ticks=True,
    ),
    Kind(name=DUE, render=due, line=due_line, topic=Topic.DUE),
)
