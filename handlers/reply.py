"""How a listener answers the person in front of it: privately, in place, or with a form.

Direct calls to Slack that are only worth something now: an ephemeral, a modal. Whatever must
arrive is an intent instead. Nothing here is used inside a transaction.
"""

import structlog

from bot.errors import BadInput, Conflict
from bot.slack.gateway import Gateway
from bot.slack.outcomes import Outcome, Refused, Sent
from bot.views import commands as command_views
from bot.views.blocks import Message, View
from bot.views.words import Words

log = structlog.get_logger("muster.handlers")


class Reply:
    """The ways back to one person for one request."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        user_id: str,
        channel: str | None,
        response_url: str | None = None,
        trigger_id: str | None = None,
        thread_ts: str | None = None,
        rerun: tuple[Words, str, str] | None = None,
    ) -> None:
        self._gateway = gateway
        self._user_id = user_id
        self._channel = channel
        self._response_url = response_url
        self._trigger_id = trigger_id
        self._thread_ts = thread_ts
        self._rerun = rerun

    async def privately(self, message: Message) -> None:
        """Show a message to this person only."""
        if self._response_url:
            await self._gateway.respond(self._response_url, message)
        elif self._channel and not self._channel.startswith("D"):
            outcome = await self._gateway.post_ephemeral(
                self._channel, self._user_id, message, thread_ts=self._thread_ts
            )
            if isinstance(outcome, Refused):  # not in the channel: the direct message remains
                await self._gateway.post(self._user_id, message)
        else:
            # Only worth something now, like an ephemeral: sent once, not queued.
            await self._gateway.post(self._channel or self._user_id, message)

    async def replace(self, message: Message) -> None:
        """Put a message in place of the one whose button was clicked."""
        if self._response_url:
            await self._gateway.respond(self._response_url, message, replace=True)
        else:
            await self.privately(message)

    async def open(self, view: View) -> None:
        """Open a form; where Slack gives no trigger (mention, DM) offer a button that does.

        Raises BadInput("expired_trigger") or Conflict("form_refused").
        """
        if self._trigger_id is None:
            if self._rerun is None:
                raise BadInput("expired_trigger")
            await self.privately(command_views.open_form(*self._rerun))
            return
        _check(await self._gateway.open_view(self._trigger_id, view))

    async def update(self, view_id: str, view: View, view_hash: str | None = None) -> None:
        """Change an open form. Raises Conflict("form_refused") if Slack will not."""
        outcome = await self._gateway.update_view(view_id, view, view_hash)
        _check(outcome)


def _check(outcome: Outcome) -> None:
    if isinstance(outcome, Sent):
        return
    if isinstance(outcome, Refused) and "trigger" in outcome.reason:
        raise BadInput("expired_trigger")
    log.warning("form_refused", outcome=repr(outcome))
    raise Conflict("form_refused")
