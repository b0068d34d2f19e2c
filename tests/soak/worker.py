"""One process of the program under a clock that others move: URL SLACK TOKEN CLOCK.

Each line on its input is one step: it ticks, sends what is due, and says `done`.
"""

import asyncio
import itertools
import mmap
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

import app as roof
from bot.cli.logs import configure_logs
from bot.clock import Clock
from bot.settings import Settings
from bot.slack.client import open_session
from jobs.ticker import Ticker

SETTLE_S, HTTP_S, LEASE_S = 5.0, 5.0, 60.0


class SharedClock:
    """Reads the instant that whoever moves the clock wrote into a file, as seconds since 1970."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._memory = mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)

    def __call__(self) -> datetime:
        (seconds,) = struct.unpack("d", self._memory[:8])
        return datetime.fromtimestamp(seconds, UTC)


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def main(database_url: str, slack_url: str, token: str, clock_file: str) -> None:
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr(token),
        slack_api_url=slack_url,
        database_url=SecretStr(database_url),
        posts_per_second=50.0,
        settle_seconds=SETTLE_S,
        http_timeout_seconds=HTTP_S,
        lease_seconds=LEASE_S,
    )
    configure_logs("ERROR", "console")
    passed = itertools.count(step=10)  # nobody waits for Slack's pace
    clock = Clock(source=SharedClock(Path(clock_file)))
    async with (
        open_session(HTTP_S) as session,
        roof.open_container(settings, clock, lambda: float(next(passed))) as container,
    ):
        await roof.connect(settings, container, session)
        ticker = Ticker(container)
        loop = asyncio.get_running_loop()
        say("ready")
        while await loop.run_in_executor(None, sys.stdin.readline):
            await ticker.tick()
            await container.dispatcher.drain()
            say("done")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
