"""`muster demo` as a person runs it: a process that is started, read and told to stop."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.demo.folder import SLACK
from bot.demo.local_slack import port_is_free

READY_SECONDS = 60.0  # twenty are promised; a busy machine that tests in parallel gets more
STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05


class DemoProcess:
    """One run on `data` and `port`, as an async context that leaves nothing running."""

    def __init__(self, data: Path, port: int, program: Path, *options: str) -> None:
        self._data = data
        self._options = options
        self._port = port
        self._output = data.parent / "output.txt"
        self._process: asyncio.subprocess.Process | None = None
        data.mkdir(exist_ok=True)
        if not (data / SLACK).exists():
            # What npm fetched stands in SLACK/node_modules/PACKAGE/bin/local-slack.
            (data / SLACK).symlink_to(program.parents[3])

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    @property
    def output(self) -> str:
        """All that this run has said."""
        return self._output.read_text(encoding="utf-8")

    @property
    def task(self) -> str:
        """The task that it proposes to audit."""
        found = re.search(r"/audit (\S+)", self.output)
        assert found is not None, self.output
        return found[1]

    async def __aenter__(self) -> Self:
        muster = Path(sys.executable).with_name("muster")
        with self._output.open("wb") as output:
            self._process = await asyncio.create_subprocess_exec(
                str(muster),
                "demo",
                "--headless",
                "--data",
                str(self._data),
                "--slack-port",
                str(self._port),
                *self._options,
                stdout=output,
                stderr=output,
            )
        async with asyncio.timeout(READY_SECONDS):
            while "Ctrl-C" not in self.output:
                assert self._process.returncode is None, self.output
                await asyncio.sleep(_POLL_SECONDS)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.stop(signal.SIGTERM)

    async def lose_slack(self) -> int:
        """Kill the local Slack; return the status with which the demo then ends by itself."""
        assert self._process is not None
        for pid in _descendants(self._process.pid):
            if "local-slack" in _command_of(pid):
                os.kill(pid, signal.SIGKILL)
        return await asyncio.wait_for(self._process.wait(), 2 * STOP_SECONDS)

    async def stop(self, number: signal.Signals) -> None:
        """Tell it to stop; it ends within its ten seconds and takes everything along."""
        assert self._process is not None
        family = _descendants(self._process.pid)
        assert family, "the local Slack should be running"
        self._process.send_signal(number)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            for pid in (self._process.pid, *family):
                os.kill(pid, signal.SIGKILL)
            raise
        assert self._process.returncode == 0, self.output
        assert [pid for pid in family if _runs(pid)] == []
        assert port_is_free(self._port)


def _descendants(pid: int) -> list[int]:
    """Return the processes that `pid` started, and those that they started."""
    found = []
    for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        found += [child, *_descendants(child)]
    return found


def _command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
