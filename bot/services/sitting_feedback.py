"""The findings of a sitting: gathered, and told in one message to each contributor."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import sittings as rules
from bot.rules.arrival import Arrival, Reach
from bot.rules.audits import NewFinding, Severity
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import add_working_days
from bot.rules.findings import Work
from bot.rules.outbox import DeliveryState, Intent, Operation
from bot.rules.sittings import Bundle, Sitting
from bot.services.arrival import Foreseen, foresee
from bot.services.unit import Unit
from bot.store import bundles, findings, today

REMIND_AFTER: Final = 2
"""Working days of the contributor until findings that nobody acknowledged are a line of Today."""

# The message is there, or nobody knows yet: a change of it waits for what becomes of it.
_OUT: Final = frozenset({DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN})


async def gather(
    unit: Unit,
    sitting: Sitting,
    work: Work,
    found: Sequence[NewFinding],
    foreseen: Foreseen | None,
) -> Arrival | None:
    """Let findings wait for the others of their half hour; None if there are none."""
    if not found:
        return None
    arrival, recipient = foreseen or await foresee(unit, work.contributor_id, work.squad_id)
    if arrival.reach is Reach.NOT_IN_SLACK:
        return arrival
    number = rules.window(sitting.started_at, unit.now)
    _, leaves = rules.window_range(sitting.started_at, number)
    ids = {"sitting_id": sitting.id, "window": number}
    await unit.send(
        Intent(
            kind=rules.FEEDBACK,
            delivery_class=DeliveryClass.NOW,
            person_id=work.contributor_id,
            squad_id=work.squad_id,
            ids=ids,
            dedupe_key=rules.feedback_key(sitting.id, work.contributor_id, number),
            bundle_key=rules.bundle_key(sitting.id),
            not_before=leaves,
        )
    )
    if recipient is None or all(each.severity is Severity.PRAISE for each in found):
        return arrival
    when = add_working_days(recipient.calendar, max(leaves, arrival.when or leaves), REMIND_AFTER)
    if when is not None:
        await unit.send(
            Intent(
                kind=rules.REMINDER,
                delivery_class=DeliveryClass.TODAY,
                person_id=work.contributor_id,
                squad_id=work.squad_id,
                ids=ids,
                dedupe_key=rules.reminder_key(sitting.id, work.contributor_id, number),
                not_before=when,
            )
        )
    return arrival


async def is_told(connection: AsyncConnection, workspace_id: int, audit_id: int) -> bool:
    """Tell whether the message that gathers an audit is on its way, or there."""
    place = await bundles.place_of(connection, workspace_id, audit_id)
    if place is None:
        return False
    key = rules.feedback_key(place.sitting_id, place.contributor_id, place.window)
    told = await findings.delivery(connection, workspace_id, key)
    return told is not None and told.state is not DeliveryState.WAITING


async def refresh(unit: Unit, audit_id: int, *, lines_only: bool = False) -> None:
    """Change the message that gathers an audit, and tick its lines off once all of it is read."""
    place = await bundles.place_of(unit.tx, unit.workspace_id, audit_id)
    if place is None:
        return
    bundle = await bundles.get(unit.tx, unit.workspace_id, place)
    of = (place.sitting_id, place.contributor_id, place.window)
    if not bundle.is_open:
        for key in (rules.feedback_key(*of), rules.reminder_key(*of)):
            await today.tick(unit.tx, unit.workspace_id, key, unit.now)
    if not lines_only:
        await _change(unit, bundle)


async def _change(unit: Unit, bundle: Bundle) -> None:
    key = rules.feedback_key(bundle.sitting_id, bundle.contributor_id, bundle.window)
    told = await findings.delivery(unit.tx, unit.workspace_id, key)
    if told is None or told.carrier_id is not None or told.state not in _OUT:
        return
    await unit.send(
        Intent(
            kind=rules.FEEDBACK,
            delivery_class=DeliveryClass.ANSWER,
            operation=Operation.UPDATE,
            person_id=bundle.contributor_id,
            squad_id=bundle.squad_id,
            ids={"sitting_id": bundle.sitting_id, "window": bundle.window},
            target_id=told.id,
        )
    )
