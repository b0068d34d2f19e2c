"""Acts as the people of a local Slack: what they type, click and fill in, and what they then see.

Two doors of local-slack 0.1.8 are used: `/_control/*` over HTTP, and the WebSocket `/ui` of its
browser page, which alone can submit a modal. There is one stack of modals for the whole
workspace, whoever acts; and answers come after the bot's acknowledgement, so a call that returns
has been seen by the bot.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import aiohttp

_POLL_SECONDS = 0.05
_REQUEST_SECONDS = 15.0

Json = dict[str, Any]
Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


class ControlRefused(Exception):
    """The local Slack did not accept what a person was to do; carries its own words."""


class UiSocket:
    """One connection of a browser page, with what it was shown so far."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.views: list[Json] = []
        self.errors: dict[str, str] = {}

    async def submit(self, user: str, values: Values) -> None:
        """Submit the modal on top as `user`; values are {block: {action: {"type", "value"}}}."""
        self.errors = {}
        await self._send({"t": "view_submit", "user": user, "values": values})

    async def close_view(self, user: str) -> None:
        """Close the modal on top as `user`."""
        await self._send({"t": "view_close", "user": user})

    async def until(self, holds: Callable[[Self], bool], seconds: float = 5.0) -> None:
        """Read what arrives until `holds(self)`, or raise TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not holds(self):
                message = await self._socket.receive_json()
                self._take(message)

    async def until_modal(self, seconds: float = 5.0) -> Json:
        """Return the modal on top as soon as there is one."""
        await self.until(lambda ui: bool(ui.views), seconds)
        return self.views[-1]

    async def until_closed(self, seconds: float = 5.0) -> None:
        """Wait until no modal is open."""
        await self.until(lambda ui: not ui.views, seconds)

    async def _send(self, message: Json) -> None:
        await self._socket.send_str(json.dumps(message))

    def _take(self, message: Json) -> None:
        kind = message.get("t")
        if kind == "init":
            self.views = list(message["state"].get("modalStack", []))
        elif kind == "view":
            self.views = list(message["stack"])
            self.errors = {}
        elif kind == "view_errors":
            self.errors = dict(message["errors"])


class LocalSlackControl:
    """People at work in the local Slack at `url`, as an async context."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=_REQUEST_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise ControlRefused("use it as a context: async with LocalSlackControl(url) as slack")
        return self._session

    async def message(self, user: str, channel: str, text: str, thread: str | None = None) -> Json:
        """Post `text` as `user`; a channel may also be the bot's user id, which means the DM."""
        body = {"user": user, "channel": channel, "text": text}
        answer = await self._post("message", body | ({"thread_ts": thread} if thread else {}))
        return dict(answer["message"])

    async def command(self, user: str, channel: str, command: str, text: str = "") -> None:
        """Type a slash command; returns once the bot has acknowledged it."""
        body = {"user": user, "channel": channel, "command": command, "text": text}
        await self._post("command", body)

    async def click(self, user: str, message: Json, action_id: str) -> None:
        """Click the button `action_id` of `message` (as `messages` returns it)."""
        body = {
            "user": user,
            "channel": message["channel"],
            "messageTs": message["ts"],
            "action": _button(message, action_id),
        }
        await self._post("interact", body)

    async def open_home(self, user: str) -> None:
        """Open the app's Home tab as `user`."""
        await self._post("open-home", {"user": user})

    async def upload(self, user: str, channel: str, name: str, content: bytes) -> Json:
        """Drop a file into a channel or DM as `user`; the bot gets file_share and file_shared."""
        form = aiohttp.FormData()
        form.add_field("channel", channel)
        form.add_field("user", user)
        form.add_field("file", content, filename=name)
        async with self._http.post(f"{self._url}/_control/upload", data=form) as response:
            return _accepted(await response.json(), "upload")

    async def reset(self) -> None:
        """Forget all messages, files and views; the people and channels stay."""
        await self._post("reset", {})

    async def state(self) -> Json:
        """Return workspace, apps, users and channels."""
        return await self._get("state")

    async def log(self) -> list[Json]:
        """Return everything that went between the local Slack and the bot, oldest first."""
        return list((await self._get("log"))["log"])

    async def messages(self, channel: str) -> list[Json]:
        """Return the messages of a channel or DM, oldest first."""
        return list((await self._get(f"messages/{channel}"))["messages"])

    async def direct(self, user: str) -> str | None:
        """Return the id of the DM between `user` and the bot, if it was ever opened."""
        for channel in (await self.state())["channels"]:
            if channel["is_im"] and user in channel["members"]:
                return str(channel["id"])
        return None

    async def until_message(
        self, channel: str, holds: Callable[[Json], bool], seconds: float = 10.0
    ) -> Json:
        """Return the first message of `channel` for which `holds`, or raise TimeoutError."""
        async with asyncio.timeout(seconds):
            while True:
                for message in await self.messages(channel):
                    if holds(message):
                        return message
                await asyncio.sleep(_POLL_SECONDS)

    async def until_connected(self, seconds: float = 20.0) -> None:
        """Wait until the bot's Socket Mode connection stands, or raise TimeoutError."""
        async with asyncio.timeout(seconds), self._http.ws_connect(f"{self._url}/ui") as socket:
            connected = False
            while not connected:
                message = await socket.receive_json()
                if message.get("t") == "init":
                    connected = any(app["connected"] for app in message["state"]["apps"])
                elif message.get("t") == "socket_status":
                    connected = bool(message["connected"])

    @asynccontextmanager
    async def ui(self) -> AsyncIterator[UiSocket]:
        """Connect as a browser page does; needed for modals."""
        async with self._http.ws_connect(f"{self._url}/ui") as socket:
            page = UiSocket(socket)
            with contextlib.suppress(TimeoutError):
                await page.until(lambda _: True)
            yield page

    async def _get(self, path: str) -> Json:
        async with self._http.get(f"{self._url}/_control/{path}") as response:
            return dict(await response.json())

    async def _post(self, path: str, body: Json) -> Json:
        async with self._http.post(f"{self._url}/_control/{path}", json=body) as response:
            return _accepted(await response.json(), path)


def _accepted(answer: Json, what: str) -> Json:
    if not answer.get("ok"):
        raise ControlRefused(f"{what}: {answer.get('error', 'no reason given')}")
    return answer


def _button(message: Json, action_id: str) -> Json:
    for block in message.get("blocks") or []:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if element.get("action_id") == action_id:
                return {
                    "type": element["type"],
                    "action_id": action_id,
                    "block_id": block.get("block_id", ""),
                    "value": element.get("value"),
                    "text": element.get("text"),
                }
    raise ControlRefused(f"no element {action_id} in that message")
