"""Takes one delivery from its turn to its end: gate, words, place, slot, claim, call, outcome."""

from datetime import timedelta
from typing import Final

import structlog

from bot.dispatch.desks import Desks
from bot.dispatch.kind import Desk, Drop, HomeView, Kind, Later, Rendered, Upload
from bot.dispatch.labels import key_of
from bot.dispatch.pacing import COMPLETE, OPEN_DM, POST, PUBLISH, TICKET, UPDATE
from bot.dispatch.reconcile import reconcile
from bot.dispatch.settling import LeaseLostError, Tools, postponed, settle, undone
from bot.errors import UserError
from bot.rules import budget
from bot.rules.budget import DeliveryClass
from bot.rules.gate import Cancel, Passage, Recipient, Refuse, gate
from bot.rules.outbox import ENDS, Delivery, DeliveryState, EndReason, Operation
from bot.rules.slack import UploadTicket
from bot.services.outbox import is_store_trouble
from bot.slack.outcomes import Outcome, Sent, SlackFailed
from bot.views.blocks import Message
from bot.views.today import with_snooze

log = structlog.get_logger("muster.dispatch")

RENDERINGS: Final = 3
"""A chart that fails once may be drawn the next time; what fails three times has a fault."""

RENDERING_WAIT: Final = timedelta(seconds=10)
TARGET_WAIT: Final = timedelta(seconds=5)
STORE_WAIT: Final = timedelta(seconds=2)


class Sending:
    """Sends for one workspace while one lease lasts. Raises LeaseLostError when it does not."""

    def __init__(self, tools: Tools, desks: Desks) -> None:
        self._tools = tools
        self._desks = desks
        self._claimed: set[int] = set()

    async def handle(self, delivery: Delivery) -> None:
        """Do what can be done for a delivery now; afterwards it is settled, held or as it was."""
        try:
            await self._handle(delivery)
        except LeaseLostError:
            raise
        except Exception as error:
            if delivery.id in self._claimed:
                # What became of it is for the next holder of the lease to find out.
                log.exception("not settled", delivery=delivery.id, kind=delivery.kind)
                raise LeaseLostError(delivery.workspace_id) from error
            if is_store_trouble(error):
                raise
            await self._failed(delivery, error)
        finally:
            self._claimed.discard(delivery.id)

    async def _handle(self, delivery: Delivery) -> None:
        tools = self._tools
        kind = self._desks.kind(delivery.kind, delivery.kind_version)
        recipient, squad = await tools.outbox.facts(delivery)
        if delivery.state is DeliveryState.UNKNOWN:
            channel = await self._channel(delivery, recipient)
            if channel is not None:
                await reconcile(tools, delivery, kind, channel)
            return
        if kind is None:
            log.error("unknown kind", delivery=delivery.id, kind=delivery.kind)
            await self._end(delivery, DeliveryState.REFUSED, EndReason.UNKNOWN_KIND)
            return
        if delivery.person_id is not None and recipient is None:
            await self._end(delivery, DeliveryState.REFUSED, EndReason.NOT_IN_SLACK)
            return
        if not await self._passes(delivery, gate(delivery, recipient, squad, tools.clock.now())):
            return
        target = await self._target(delivery)
        if target is None:
            return
        desk = self._desks.desk(recipient, squad, tools.gateway.url)
        rendered = await self._render(kind, desk, delivery)
        if rendered is None:
            return
        if kind.snoozes and delivery.delivery_class is DeliveryClass.NOW:
            rendered = with_snooze(desk.words, _message(rendered), delivery)
        await self._send(delivery, rendered, recipient, target)

    async def _end(self, delivery: Delivery, state: DeliveryState, reason: str) -> None:
        await self._tools.outbox.conclude(delivery, state, reason=reason)

    async def _passes(self, delivery: Delivery, passage: Passage) -> bool:
        """Carry out what the gate decided; True if the delivery may go on."""
        if isinstance(passage, budget.HoldUntil):
            await self._tools.outbox.hold(delivery, passage.when, passage.reason)
        elif isinstance(passage, budget.FoldIntoToday):
            await self._tools.outbox.fold(delivery, passage.reason)
        elif isinstance(passage, Refuse):
            await self._end(delivery, DeliveryState.REFUSED, passage.reason)
        elif isinstance(passage, budget.Drop | Cancel):
            await self._end(delivery, DeliveryState.DROPPED, passage.reason)
        return isinstance(passage, budget.SendNow)

    async def _target(self, delivery: Delivery) -> Sent | None:
        """Return the message that an update changes (anything for other operations)."""
        if delivery.operation is not Operation.UPDATE:
            return Sent()
        target = None
        if delivery.target_id is not None:
            target = await self._tools.outbox.get(delivery.target_id)
        if target is not None and target.state not in ENDS:
            when = self._tools.clock.now() + TARGET_WAIT
            await self._tools.outbox.hold(delivery, when, "target_waiting")
            return None
        if target is None or not (target.sent_channel and target.sent_ts):
            await self._end(delivery, DeliveryState.DROPPED, EndReason.TARGET_GONE)
            return None
        return Sent(target.sent_channel, target.sent_ts)

    async def _render(self, kind: Kind, desk: Desk, delivery: Delivery) -> Rendered | None:
        """Return what is to be sent; None if there is nothing, which is then written down."""
        try:
            rendered = await kind.render(desk, delivery)
        except UserError as error:
            if is_store_trouble(error):
                raise
            # What it was about is gone, or no longer what it was.
            await self._end(delivery, DeliveryState.DROPPED, error.code)
            return None
        if isinstance(rendered, Drop):
            await self._end(delivery, DeliveryState.DROPPED, rendered.reason)
            return None
        if isinstance(rendered, Later):
            await self._tools.outbox.hold(delivery, rendered.when, rendered.reason)
            return None
        return rendered

    async def _failed(self, delivery: Delivery, error: Exception) -> None:
        self._tools.failures[delivery.id] += 1
        tries = self._tools.failures[delivery.id]
        log.error(
            "not written", delivery=delivery.id, kind=delivery.kind, tries=tries, exc_info=error
        )
        if tries < RENDERINGS:
            when = self._tools.clock.now() + RENDERING_WAIT * tries
            await self._tools.outbox.hold(delivery, when, EndReason.RENDERING_FAILED)
        else:
            del self._tools.failures[delivery.id]
            await self._end(delivery, DeliveryState.REFUSED, EndReason.RENDERING_FAILED)

    async def _channel(self, delivery: Delivery, recipient: Recipient | None) -> str | None:
        """Return the channel of a delivery; None if it cannot be had now, which is written down."""
        if delivery.channel is not None:
            return delivery.channel
        if recipient is None or recipient.user_id is None:
            await self._end(delivery, DeliveryState.REFUSED, EndReason.NOT_IN_SLACK)
            return None
        if recipient.dm_channel is not None:
            return recipient.dm_channel
        if not await self._tools.pacing.turn(OPEN_DM):
            return None
        try:
            channel = await self._tools.gateway.open_dm(recipient.user_id)
        except SlackFailed as failed:
            await postponed(self._tools, delivery, OPEN_DM, failed.outcome)
            return None
        self._tools.pacing.well()
        await self._tools.outbox.keep_dm(delivery.workspace_id, recipient.user_id, channel)
        return channel

    async def _send(
        self, delivery: Delivery, rendered: Rendered, recipient: Recipient | None, target: Sent
    ) -> None:
        if delivery.operation is Operation.PUBLISH:
            await self._publish(delivery, _home(rendered), recipient)
        elif delivery.operation is Operation.UPDATE:
            await self._update(delivery, _message(rendered), target)
        else:
            channel = await self._channel(delivery, recipient)
            if channel is None:
                return
            if delivery.operation is Operation.UPLOAD:
                await self._upload(delivery, _file(rendered), channel)
            else:
                await self._post(delivery, _message(rendered), channel)

    async def _publish(
        self, delivery: Delivery, home: HomeView, recipient: Recipient | None
    ) -> None:
        if recipient is None or recipient.user_id is None:
            raise TypeError("a Home tab needs a person")
        if await self._claim(delivery, PUBLISH):
            outcome = await self._tools.gateway.publish(recipient.user_id, home.view)
            await settle(self._tools, delivery, PUBLISH, outcome)

    async def _update(self, delivery: Delivery, message: Message, target: Sent) -> None:
        if await self._claim(delivery, UPDATE):
            outcome = await self._tools.gateway.update(
                target.channel,
                target.ts,
                {"text": message["text"], "blocks": message["blocks"]},
            )
            await settle(self._tools, delivery, UPDATE, outcome)

    async def _claim(self, delivery: Delivery, method: str) -> bool:
        """Wait for a slot and write down that we are about to send."""
        if not await self._tools.pacing.turn(method):
            return False
        if not await self._tools.outbox.claim(delivery, self._tools.fence):
            raise LeaseLostError(delivery.workspace_id)
        self._claimed.add(delivery.id)
        if method in {POST, COMPLETE}:
            self._tools.pacing.posted(delivery.lane)
        return True

    async def _post(self, delivery: Delivery, message: Message, channel: str) -> None:
        if await self._claim(delivery, POST):
            outcome = await self._tools.gateway.post(
                channel,
                {"text": message["text"], "blocks": message["blocks"]},
                key=key_of(delivery),
                thread_ts=delivery.thread_ts,
            )
            await settle(self._tools, delivery, POST, outcome)

    async def _upload(self, delivery: Delivery, upload: Upload, channel: str) -> None:
        """Take the three steps of a file; only the last one shows it."""
        content = await upload.content()
        if not await self._claim(delivery, COMPLETE):
            return
        gateway = self._tools.gateway
        ticket = await gateway.upload_ticket(upload.filename, len(content), upload.alt_text)
        if not isinstance(ticket, UploadTicket):
            await undone(self._tools, delivery, TICKET, ticket)
            return
        arrived: Outcome = await gateway.upload_bytes(ticket, content)
        if not isinstance(arrived, Sent):
            await undone(self._tools, delivery, TICKET, arrived)
            return
        noted = await self._tools.outbox.note_ticket(delivery, self._tools.fence, ticket.file_id)
        if not noted:
            raise LeaseLostError(delivery.workspace_id)
        outcome = await gateway.upload_complete(
            ticket.file_id,
            title=upload.title,
            channel=channel,
            comment=upload.comment,
            thread_ts=delivery.thread_ts,
        )
        await settle(self._tools, delivery, COMPLETE, outcome)


def _message(rendered: Rendered) -> Message:
    if isinstance(rendered, Upload | HomeView | Drop | Later):
        raise TypeError(f"{type(rendered).__name__} is no message")
    return rendered


def _home(rendered: Rendered) -> HomeView:
    if not isinstance(rendered, HomeView):
        raise TypeError(f"{type(rendered).__name__} is no Home tab")
    return rendered


def _file(rendered: Rendered) -> Upload:
    if not isinstance(rendered, Upload):
        raise TypeError(f"{type(rendered).__name__} is no file")
    return rendered
