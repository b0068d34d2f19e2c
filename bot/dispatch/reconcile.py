"""Settles what is unknown by reading back: found, absent, or nobody can tell."""

from datetime import timedelta
from typing import Final

import structlog

from bot.dispatch.kind import Kind
from bot.dispatch.labels import key_of
from bot.dispatch.pacing import FILE, HISTORY
from bot.dispatch.settling import REPEATABLE, Tools, patience
from bot.rules.outbox import Delivery, DeliveryState, EndReason, Operation, Setback, UnknownPolicy
from bot.slack.history import Unreadable
from bot.slack.outcomes import Failure, Refused, Sent, SlackFailed

log = structlog.get_logger("muster.dispatch")

LOOKUPS: Final = 5
"""So often is an unreadable history asked; then the kind's policy decides."""

LOOKUP_WAIT: Final = timedelta(seconds=30)
EARLIER: Final = timedelta(seconds=60)
"""How far before the claim the search begins: clocks differ."""


async def reconcile(tools: Tools, delivery: Delivery, kind: Kind | None, channel: str) -> None:
    """Find out what became of an unknown delivery, and settle it or let it be sent again."""
    if delivery.operation in REPEATABLE:
        await tools.outbox.send_again(delivery, ticket=None)
        return
    upload = delivery.operation is Operation.UPLOAD
    method = FILE if upload else HISTORY
    if not await tools.pacing.turn(method):
        return
    found = await (_file(tools, delivery) if upload else _message(tools, delivery, channel))
    if isinstance(found, Sent):
        tools.pacing.well()
        sent = (found.channel or channel, found.ts)
        await tools.outbox.conclude(delivery, DeliveryState.SENT, sent=sent)
    elif found is None:
        tools.pacing.well()
        await tools.outbox.send_again(delivery, ticket=None)
    else:
        await _unreadable(tools, delivery, kind, method, found)


async def _message(tools: Tools, delivery: Delivery, channel: str) -> Sent | Failure | None:
    now = tools.clock.now()
    # Slack stamps messages by the real clock; ours may have been moved ahead of it.
    since = tools.clock.real(delivery.claimed_at or now) - EARLIER
    found = await tools.gateway.history_has(channel, key_of(delivery), since, delivery.thread_ts)
    if isinstance(found, Unreadable):
        return found.outcome
    return None if found is None else Sent(channel, found)


async def _file(tools: Tools, delivery: Delivery) -> Sent | Failure | None:
    ticket = delivery.ticket or {}
    if not ticket.get("uploaded"):
        return None  # the step that shows it was not reached
    try:
        found = await tools.gateway.file_info(str(ticket["file_id"]))
    except SlackFailed as failed:
        return failed.outcome
    if found is None:
        return None
    for channel, ts in found.shares.items():
        return Sent(channel, ts)
    return Refused("not_shared")  # it is there, but where is not said (yet)


async def _unreadable(
    tools: Tools, delivery: Delivery, kind: Kind | None, method: str, failure: Failure
) -> None:
    """Ask again later; only what Slack refuses to tell counts, not that it cannot be reached."""
    now = tools.clock.now()
    wait = patience(tools, method, failure)
    if wait is not None:
        await tools.outbox.hold(delivery, now + wait, Setback.UNREADABLE)
        return
    lookups = delivery.lookups + 1
    if lookups < LOOKUPS:
        await tools.outbox.hold(
            delivery, now + LOOKUP_WAIT * lookups, Setback.UNREADABLE, lookups=lookups
        )
        return
    log.warning("unreadable", delivery=delivery.id, kind=delivery.kind, failure=str(failure))
    if kind is not None and kind.policy is UnknownPolicy.AT_LEAST_ONCE:
        await tools.outbox.send_again(delivery, ticket=None)
    else:
        await tools.outbox.conclude(delivery, DeliveryState.PARKED, reason=EndReason.UNREADABLE)
