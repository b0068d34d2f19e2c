"""What is sent of sittings: a part given to an auditor, all findings of a contributor, the end.

ids of all: sitting_id; of findings and their reminder also window, the half hour they are of.
"""

from bot.dispatch.kind import Desk, Drop, Kind, Rendered
from bot.rules import sittings as rules
from bot.rules.outbox import Delivery, EndReason, Operation
from bot.rules.sittings import Bundle
from bot.rules.snoozing import Topic
from bot.views import bundles, certificates
from bot.views.outbox import Line


def _key(delivery: Delivery) -> int:
    return int(str(delivery.ids["sitting_id"]))


async def invitation(desk: Desk, delivery: Delivery) -> Rendered:
    """Return a part of a sitting to its auditor, unless it is over by then."""
    found = await desk.services.bundles.invitation(delivery.workspace_id, _key(delivery))
    return (
        Drop(EndReason.NOTHING_LEFT)
        if found is None
        else certificates.invitation(desk.words, found)
    )


async def invitation_line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return it as a line of Today."""
    found = await desk.services.bundles.invitation(delivery.workspace_id, _key(delivery))
    if found is None:
        return Drop(EndReason.NOTHING_LEFT)
    return certificates.invitation_line(desk.words, found)


async def _bundle(desk: Desk, delivery: Delivery) -> Bundle:
    window = int(str(delivery.ids["window"]))
    return await desk.services.bundles.bundle(
        delivery.workspace_id, _key(delivery), window, delivery.person_id or 0
    )


async def feedback(desk: Desk, delivery: Delivery) -> Rendered:
    """Return a contributor's findings as they stand; none of which all are read or corrected."""
    found = await _bundle(desk, delivery)
    if delivery.operation is Operation.POST and not found.is_open:
        return Drop(EndReason.NOTHING_LEFT)
    return bundles.message(desk.words, found)


async def line(desk: Desk, delivery: Delivery) -> Line | Drop:
    """Return the findings as a line of Today, ticked off once all of them were read."""
    found = await _bundle(desk, delivery)
    if not found.feedbacks:
        return Drop(EndReason.NOTHING_LEFT)
    return bundles.line(desk.words, found, reminds=delivery.kind == rules.REMINDER)


async def reminder(desk: Desk, delivery: Delivery) -> Rendered:
    """Return the reminder as a message of its own."""
    found = await _bundle(desk, delivery)
    return bundles.message(desk.words, found) if found.is_open else Drop(EndReason.NOTHING_LEFT)


async def certificate(desk: Desk, delivery: Delivery) -> Rendered:
    """Return what a sitting came to."""
    found = await desk.services.bundles.certificate(delivery.workspace_id, _key(delivery))
    return (
        Drop(EndReason.NOTHING_LEFT) if found is None else certificates.message(desk.words, found)
    )


KINDS = (
    Kind(
        name=rules.INVITATION,
        render=invitation,
        line=invitation_line,
        topic=Topic.DUE,
        snoozes=True,
        ticks=True,
    ),
    Kind(name=rules.FEEDBACK, render=feedback, line=line, topic=Topic.READ),
    Kind(name=rules.REMINDER, render=reminder, line=line, topic=Topic.READ),
    Kind(name=rules.CERTIFICATE, render=certificate),
)
