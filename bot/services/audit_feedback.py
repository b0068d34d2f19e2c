"""What a contributor learns of an audit and answers to it: messages planned, changed, disputed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.errors import NotAllowed, NotFound
from bot.rules.arrival import Arrival, Reach
from bot.rules.audits import NewFinding, Severity
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import add_working_days
from bot.rules.findings import (
    Feedback,
    Work,
)
from bot.rules.gate import Recipient
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.services import sitting_feedback
from bot.services.arrival import Foreseen, foresee
from bot.services.unit import Unit
from bot.store import disputes, findings, today

FEEDBACK: Final = "audits.feedback"
REMINDER: Final = "audits.reminder"

REMIND_AFTER: Final = 2
"""Working days of the contributor until findings that nobody acknowledged are a line of Today."""

# The message is there, or nobody knows yet: a change of it waits for what becomes of it.
_OUT: Final = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


def feedback_key(audit_id: int) -> str:
    """Return the dedupe key of the one message about an audit."""
    return f"{FEEDBACK}:{audit_id}"


def reminder_key(audit_id: int) -> str:
    """Return the dedupe key of the one reminder of an audit."""
    return f"{REMINDER}:{audit_id}"


async def tell(
    unit: Unit,
    work: Work,
    audit_id: int,
    found: Sequence[NewFinding],
    corrects: int | None,
    foreseen: Foreseen | None,
) -> Arrival | None:
    """Plan what the contributor must learn of an audit; None if there is nothing.

    An accepted task without finding sends nothing, unless it takes back what was said before.
    `foreseen` is read here if it was not before.
    """
    before = None
    if corrects is not None:
        before = await findings.feedback(unit.tx, unit.workspace_id, corrects)
    if not found and not (before and before.findings):
        return None
    arrival, recipient = foreseen or await foresee(unit, work.contributor_id, work.squad_id)
    if arrival.reach is Reach.NOT_IN_SLACK:
        return arrival
    await unit.send(
        Intent(
            kind=FEEDBACK,
            delivery_class=DeliveryClass.NOW,
            person_id=work.contributor_id,
            squad_id=work.squad_id,
            ids={"audit_id": audit_id, "corrects": corrects},
            dedupe_key=feedback_key(audit_id),
        )
    )
    if before is not None:
        await refresh(unit, before)
    if any(finding.severity is not Severity.PRAISE for finding in found):
        await _remind(unit, work, audit_id, arrival, recipient)
    return arrival


async def _remind(
    unit: Unit, work: Work, audit_id: int, arrival: Arrival, recipient: Recipient | None
) -> None:
    if recipient is None:
        return
    when = add_working_days(recipient.calendar, arrival.when or unit.now, REMIND_AFTER)
    if when is None:
        return
    await unit.send(
        Intent(
            kind=REMINDER,
            delivery_class=DeliveryClass.TODAY,
            person_id=work.contributor_id,
            squad_id=work.squad_id,
            ids={"audit_id": audit_id},
            dedupe_key=reminder_key(audit_id),
            not_before=when,
        )
    )


async def refresh(unit: Unit, mine: Feedback, *, lines_only: bool = False) -> None:
    """Change the message that told the contributor, and tick off the lines about it.

    With `lines_only` the message itself was changed by whoever answered the click on it.
    """
    for key in (feedback_key(mine.audit_id), reminder_key(mine.audit_id)):
        await today.tick(unit.tx, unit.workspace_id, key, unit.now)
    await sitting_feedback.refresh(unit, mine.audit_id, lines_only=lines_only)
    if lines_only:
        return
    told = await findings.delivery(unit.tx, unit.workspace_id, feedback_key(mine.audit_id))
    if told is None or told.carrier_id is not None or told.state not in _OUT:
        return  # a line was ticked; what still waits will be said as things stand by then
    await unit.send(
        Intent(
            kind=FEEDBACK,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=mine.contributor_id,
            squad_id=mine.squad_id,
            ids={"audit_id": mine.audit_id, "corrects": None},
            target_id=told.id,
        )
    )


async def told_at(unit: Unit, audit_id: int) -> datetime | None:
    """Return when the contributor was told of an audit, None if they were not yet."""
    return await disputes.told_at(unit.tx, unit.workspace_id, audit_id, feedback_key(audit_id))


async def own_feedback(unit: Unit, audit_id: int) -> Feedback:
    """Return an audit of the caller's work.

    Raises NotFound("no_feedback"), NotAllowed("not_your_feedback").
    """
    mine = await findings.feedback(unit.tx, unit.workspace_id, audit_id)
    if mine is None:
        raise NotFound("no_feedback")
    if mine.contributor_id != unit.actor.person_id:
        raise NotAllowed("not_your_feedback")
    return mine
