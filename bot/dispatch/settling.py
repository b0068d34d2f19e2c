"""Writes down what became of a delivery, whatever Slack answered and however busy the store is."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.dispatch.pacing import Pacing
from bot.errors import MusterError
from bot.rules.outbox import Delivery, DeliveryState, EndReason, Operation, Setback
from bot.services.outbox import Outbox, is_store_trouble
from bot.slack.gateway import Gateway
from bot.slack.outcomes import Failure, Limited, NotSent, Outcome, Refused, Sent, Unknown

log = structlog.get_logger("muster.dispatch")

NO_TOKEN: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
"""Not this delivery's fault: everything waits until the token is good again."""

DELETED: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})

REPEATABLE: Final = frozenset({Operation.UPDATE, Operation.PUBLISH})
"""Doing it twice is the same as doing it once, so a doubt is settled by doing it again."""

_STORE_RETRY_S: Final = (0.05, 0.2, 0.5, 1.0, 2.0)


class LeaseLostError(MusterError):
    """Another process has, or may have, the right to send for this workspace now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the lane of one workspace works with.

    `settle` is how long history may lag, `failures` how often each delivery could not be written.
    """

    outbox: Outbox
    gateway: Gateway
    pacing: Pacing
    clock: Clock
    settle: timedelta
    fence: int
    failures: Counter[int]


async def surely(step: Callable[[], Awaitable[None]]) -> None:
    """Do a step in the store, again and again while the store is busy or away.

    What Slack did cannot be taken back, so giving up would lose it.
    """
    tries = 0
    while True:
        try:
            return await step()
        except Exception as error:
            if not is_store_trouble(error):
                raise
            log.warning("the store is busy or away", error=type(error).__name__)
        await asyncio.sleep(_STORE_RETRY_S[min(tries, len(_STORE_RETRY_S) - 1)])
        tries += 1


async def settle(tools: Tools, delivery: Delivery, method: str, outcome: Outcome) -> None:
    """Write down the outcome of the call that makes a claimed delivery visible."""
    if isinstance(outcome, Sent):
        tools.pacing.well()
        sent = (outcome.channel, outcome.ts)
        await surely(
            lambda: tools.outbox.finish(delivery, tools.fence, DeliveryState.SENT, sent=sent)
        )
    elif isinstance(outcome, Unknown) and delivery.operation not in REPEATABLE:
        tools.pacing.trouble()
        await _put_back(tools, delivery, DeliveryState.UNKNOWN, tools.settle, Setback.UNCERTAIN)
    else:
        await undone(tools, delivery, method, outcome)


async def undone(tools: Tools, delivery: Delivery, method: str, failure: Failure) -> None:
    """Write down that a claimed delivery is not visible: a call failed that shows nothing yet."""
    wait = patience(tools, method, failure)
    if wait is not None:
        reason = Setback.LIMITED if isinstance(failure, Limited) else Setback.NOT_SENT
        await _put_back(tools, delivery, DeliveryState.WAITING, wait, reason)
    elif isinstance(failure, Refused):
        state, why = _end_of(delivery, failure)
        await surely(lambda: tools.outbox.finish(delivery, tools.fence, state, reason=why))


async def postponed(tools: Tools, delivery: Delivery, method: str, failure: Failure) -> None:
    """Write down that a call failed which was needed before the delivery could be claimed."""
    wait = patience(tools, method, failure)
    if wait is not None:
        reason = Setback.LIMITED if isinstance(failure, Limited) else Setback.NOT_SENT
        await tools.outbox.hold(delivery, tools.clock.now() + wait, reason)
    elif isinstance(failure, Refused):
        state, why = _end_of(delivery, failure)
        await tools.outbox.conclude(delivery, state, reason=why)


def patience(tools: Tools, method: str, failure: Failure) -> timedelta | None:
    """Return how long to wait before trying again, None if Slack will not change its mind."""
    if isinstance(failure, Limited):
        tools.pacing.well()
        tools.pacing.limited(method, failure.retry_after_s)
        return timedelta(seconds=failure.retry_after_s)
    if isinstance(failure, NotSent | Unknown):
        return timedelta(seconds=tools.pacing.trouble())
    if failure.reason in NO_TOKEN:
        log.error("Slack does not accept the token", reason=failure.reason)
        return timedelta(seconds=tools.pacing.trouble())
    tools.pacing.well()
    return None


def _end_of(delivery: Delivery, failure: Refused) -> tuple[DeliveryState, str]:
    """Return how a refused delivery ends, and log it: ids and Slack's words, never the message's.

    A change of a message that somebody deleted is no loss, and nobody is told of it.
    """
    if delivery.operation is Operation.UPDATE and failure.reason in DELETED:
        return DeliveryState.DROPPED, EndReason.TARGET_GONE
    log.warning(
        "refused",
        delivery=delivery.id,
        kind=delivery.kind,
        reason=failure.reason,
        detail=failure.detail,
    )
    return DeliveryState.REFUSED, failure.reason


async def _put_back(
    tools: Tools, delivery: Delivery, state: DeliveryState, wait: timedelta, reason: Setback
) -> None:
    await surely(lambda: tools.outbox.put_back(delivery, tools.fence, state, wait, reason))
