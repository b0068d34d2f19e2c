"""Looks for our own message in a channel's history, which settles what became of a post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.slack.calls import Caller
from bot.slack.outcomes import Failure, SlackFailed
from bot.slack.posting import EVENT_TYPE

PAGE: Final = 200
SMALL_PAGE: Final = 15
"""The most that apps distributed outside Slack's Marketplace get (since 2025-05-29)."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The history could not be read to its end."""

    outcome: Failure


class History(Caller):
    """Reads back what we posted."""

    async def history_has(
        self, channel: str, key: str, since: datetime, thread_ts: str | None = None
    ) -> str | Unreadable | None:
        """Return the ts of the message with `key` among those posted from `since` on.

        `since` is by the real clock, which Slack goes by; Muster's own may be moved ahead.

        None is proof of absence: every page was read. Private channels and DMs need their
        `*:history` scope, else it is Unreadable.
        """
        oldest = f"{since.timestamp():.6f}"
        try:
            return await self._search(channel, key, oldest, thread_ts, PAGE)
        except SlackFailed as failed:
            if failed.reason not in {"invalid_limit", "invalid_arguments"}:
                return Unreadable(failed.outcome)
        try:
            return await self._search(channel, key, oldest, thread_ts, SMALL_PAGE)
        except SlackFailed as failed:
            return Unreadable(failed.outcome)

    async def _search(
        self, channel: str, key: str, oldest: str, thread_ts: str | None, limit: int
    ) -> str | None:
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": oldest,
            "inclusive": True,
            "include_all_metadata": True,
            "limit": limit,
        }
        if thread_ts is None:
            pages = self._pages(
                "conversations.history",
                lambda cursor: self._client.conversations_history(cursor=cursor, **asked),
            )
        else:
            pages = self._pages(
                "conversations.replies",
                lambda cursor: self._client.conversations_replies(
                    cursor=cursor, ts=thread_ts, **asked
                ),
            )
        async for page in pages:
            for message in page.get("messages") or []:
                if _carries(message, key):
                    return str(message["ts"])
        return None


def _carries(message: Mapping[str, Any], key: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT_TYPE and payload.get("key") == key
