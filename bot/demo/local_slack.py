"""Runs one local Slack for as long as its context lasts, and leaves nothing running behind it.

local-slack 0.1.8 keeps everything in memory, checks no token and listens on all interfaces. Its
workspace comes from one JSON file: `workspace {name, domain, teamId}`, `apps [{appId, botUserId,
botName, botToken, appToken, signingSecret, mode: socket|events, requestUrl}]`,
`users [{id, name, real_name, email, tz}]` and `channels [{id, name, is_private, is_im, topic,
purpose, members}]`. Slash commands are not listed: whatever is typed after "/" is delivered.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.demo.errors import DemoError

# 3000 is what every web tutorial takes, and local-slack's own default.
DEFAULT_PORT = 3737

READY_SECONDS = 20.0
_POLL_SECONDS = 0.05
STOP_SECONDS = 3.0


def port_is_free(port: int) -> bool:
    """Tell whether a server could listen on `port` on all interfaces, IPv4 and IPv6."""
    for family, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):  # noqa: S104 - local-slack binds all
        try:
            probe = socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue  # no such family on this machine
        with probe:
            if os.name == "posix":
                # Connections of an ended run linger for a minute and do not stop a new listener.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                probe.bind((host, port))
                probe.listen(1)
            except OSError as error:
                if family == socket.AF_INET or error.errno not in _NO_SUCH_ADDRESS:
                    return False
    return True


# A machine may know IPv6 and have it switched off.
_NO_SUCH_ADDRESS = (97, 99, 47, 49)  # EAFNOSUPPORT, EADDRNOTAVAIL on Linux and macOS


class LocalSlack:
    """A local Slack process: `async with LocalSlack(...) as slack: slack.url`.

    The process gets a session of its own, so that Ctrl-C reaches the bot alone; the bot stops
    first, in order, and its Slack is still there while it does.
    """

    def __init__(
        self,
        program: Path,
        config: dict[str, Any],
        directory: Path,
        port: int = DEFAULT_PORT,
        *,
        ready_seconds: float = READY_SECONDS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._program = program
        self._config = config
        self._directory = directory
        self._ready_seconds = ready_seconds
        self._stop_seconds = stop_seconds
        self._process: asyncio.subprocess.Process | None = None
        self.port = port

    @property
    def url(self) -> str:
        """The address of the browser page."""
        return f"http://localhost:{self.port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL must be for a bot that is to speak to this Slack."""
        return f"{self.url}/api/"

    @property
    def log_path(self) -> Path:
        """Where the process writes what it has to say."""
        return self._directory / "local-slack.log"

    async def start(self) -> None:
        """Write the config, start the process and wait until it answers.

        Raises:
            DemoError: the port is taken, the program ended, or it did not answer in time.

        """
        if not port_is_free(self.port):
            raise DemoError("demo_port_taken", port=self.port)
        self._directory.mkdir(parents=True, exist_ok=True)
        config = self._directory / "local-slack.json"
        config.write_text(json.dumps(self._config, indent=1), encoding="utf-8")
        with self.log_path.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(self._program),
                "--config",
                str(config),
                "--port",
                str(self.port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            await self._ready(self._process)
        except BaseException:
            await self.stop()
            raise

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        team = self._config["workspace"]["teamId"]
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._ready_seconds):
                    while process.returncode is None:
                        if await self._answers(http, team):
                            return
                        await asyncio.sleep(_POLL_SECONDS)
        if process.returncode is not None:
            raise DemoError("demo_slack_ended", last=self._last_words(), log=str(self.log_path))
        seconds = round(self._ready_seconds)
        raise DemoError("demo_slack_silent", seconds=seconds, log=str(self.log_path))

    async def _answers(self, http: aiohttp.ClientSession, team: str) -> bool:
        try:
            async with http.get(f"{self.url}/_control/state") as response:
                state = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return False
        return bool(state["workspace"]["teamId"] == team)

    def _last_words(self) -> str:
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1] if said else "-"

    async def ended(self) -> int:
        """Wait until the process ends by itself and return its exit status."""
        if self._process is None:
            return 0
        return await self._process.wait()

    async def stop(self) -> None:
        """End the process and whatever it started: asked first, made to after a while."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self._stop_seconds)
            except TimeoutError:
                _signal_group(process.pid, signal.SIGKILL)
                await process.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


def _signal_group(pid: int, number: signal.Signals) -> None:
    # The process leads its own session, so its id is the id of its group.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
