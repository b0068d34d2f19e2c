"""Says something in Slack: messages, their changes, Home tabs, modals, answers to a click."""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import aiohttp

from bot.slack.calls import Caller
from bot.slack.outcomes import Limited, Outcome, Refused, Sent, Unknown
from bot.slack.translation import DEFAULT_RETRY_S, RAISED, failure_of

Json = Mapping[str, Any]

EVENT_TYPE: Final = "muster_delivery"
"""The label of our messages in history; members of the workspace can read it, so it holds a key
and nothing else."""

FALLBACK_CHARACTERS: Final = 3000
"""chat.update refuses a `text` over 4,000; beside blocks it is only the notification."""

# Text of people or models must never make Slack fetch a page, nor turn into a mention.
_INERT: Final[Mapping[str, Any]] = {"link_names": False, "parse": "none"}
_NO_UNFURL: Final[Mapping[str, Any]] = {"unfurl_links": False, "unfurl_media": False}


class Message(TypedDict):
    """What bot/views builds: `text` is the fallback that notifications show."""

    text: str
    blocks: list[dict[str, Any]]


class Posting(Caller):
    """The writing half of the gateway; each call returns what became of it and never raises."""

    async def post(
        self,
        channel: str,
        message: Message,
        *,
        key: str | None = None,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Post a message; history can be searched for it by `key`."""
        label = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        return await self._do(
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread_ts,
                metadata=label if key else None,
                **_content(message),
                **_INERT,
                **_NO_UNFURL,
            )
        )

    async def update(self, channel: str, ts: str, message: Message) -> Outcome:
        """Change a message; nobody is notified. Its label in history stays."""
        return await self._do(
            self._client.chat_update(channel=channel, ts=ts, **_content(message), **_INERT)
        )

    async def post_ephemeral(
        self, channel: str, user_id: str, message: Message, *, thread_ts: str | None = None
    ) -> Outcome:
        """Show a message to one person in a channel; it is not kept, and may not be seen."""
        return await self._do(
            self._client.chat_postEphemeral(
                channel=channel, user=user_id, thread_ts=thread_ts, **_content(message), **_INERT
            )
        )

    async def publish(self, user_id: str, view: Json) -> Outcome:
        """Show a Home tab."""
        return await self._do(self._client.views_publish(user_id=user_id, view=dict(view)))

    async def open_view(self, trigger_id: str, view: Json) -> Outcome:
        """Open a modal, within 3 s of the click; `ts` of what was sent is the view's id."""
        return await self._do(self._client.views_open(trigger_id=trigger_id, view=dict(view)))

    async def update_view(self, view_id: str, view: Json, view_hash: str | None = None) -> Outcome:
        """Change an open modal; with `view_hash` a stale one is refused (`hash_conflict`)."""
        return await self._do(
            self._client.views_update(view=dict(view), view_id=view_id, hash=view_hash)
        )

    async def respond(
        self,
        response_url: str,
        message: Message,
        *,
        replace: bool = False,
        delete: bool = False,
        in_channel: bool = False,
    ) -> Outcome:
        """Answer a command or click: privately unless `in_channel`; 5 times within 30 minutes.

        `replace` puts the message in place of the one that was clicked, `delete` removes that.
        """
        answer = {
            "response_type": "in_channel" if in_channel else "ephemeral",
            "replace_original": replace,
            "delete_original": delete,
            **_content(message),
            **_NO_UNFURL,
        }
        try:
            async with self._session.post(response_url, json=answer) as response:
                return _outcome_of(response, await response.text())
        except RAISED as error:
            return failure_of(error)


def _content(message: Message) -> dict[str, Any]:
    return {"text": message["text"][:FALLBACK_CHARACTERS], "blocks": message["blocks"]}


def _outcome_of(response: aiohttp.ClientResponse, text: str) -> Outcome:
    """Read the answer of a response_url, which speaks plain text."""
    if response.status == 429:
        seconds = response.headers.get("Retry-After", "")
        return Limited(float(seconds) if seconds.isdigit() else DEFAULT_RETRY_S)
    if response.status >= 500:
        return Unknown(f"HTTP {response.status}")
    if response.status != 200:
        return Refused("response_url", text[:100])
    return Sent()
