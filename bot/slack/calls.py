"""One call to Slack at a time: asked once, translated at one line, never inside a transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.outcomes import Failure, Outcome, Refused, Sent, SlackFailed
from bot.slack.translation import RAISED, body, failure_of

Data = Mapping[str, Any]

ANY_TEAM: Final = "https://slack.com/"
"""Where Slack finds the team by itself, of whoever is signed in."""


class Caller:
    """What the parts of the gateway share: the client, its session, and how an answer is read.

    `url` is the team's address, below which its messages have theirs.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        team_id: str = "",
        url: str = "",
    ) -> None:
        self._client = client
        self._session = session
        self._team_id = team_id
        self.url = url or ANY_TEAM

    async def _try(self, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse | Failure:
        try:
            return await call
        except RAISED as error:
            return failure_of(error)

    async def _do(self, call: Awaitable[AsyncSlackResponse]) -> Outcome:
        """Ask for an effect; the outcome names a message's channel and ts, or a view's id."""
        answer = await self._try(call)
        if not isinstance(answer, AsyncSlackResponse):
            return answer
        data = body(answer)
        channel = data.get("channel", "")
        found = data.get("ts") or (data.get("view") or {}).get("id") or ""
        return Sent(channel if isinstance(channel, str) else "", str(found))

    async def _read(self, method: str, call: Awaitable[AsyncSlackResponse]) -> Data:
        """Ask for something to read. Raises SlackFailed."""
        return body(await self._answer(method, call))

    async def _answer(self, method: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        answer = await self._try(call)
        if not isinstance(answer, AsyncSlackResponse):
            raise SlackFailed(method, answer)
        return answer

    async def _pages(
        self, method: str, page: Callable[[str | None], Awaitable[AsyncSlackResponse]]
    ) -> AsyncIterator[Data]:
        """Yield every page; a page shorter than its limit says nothing about the next."""
        cursor: str | None = None
        while True:
            data = await self._read(method, page(cursor))
            yield data
            cursor = (data.get("response_metadata") or {}).get("next_cursor")
            if not cursor and data.get("has_more"):
                # The rest cannot be reached, and what was not read proves nothing.
                raise SlackFailed(method, Refused("no_cursor"))
            if not cursor:
                return
