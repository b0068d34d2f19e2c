"""Clicks by signed HTTP on SQLite: latency and loss at 33/s, and CPU beside a bare Bolt app.

A click here is a submitted audit form: effect key, role check, transaction with audit, findings,
intents and ledger; it is acknowledged after the commit.
"""

import asyncio
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from click_world import Clicks, record_a_click
from processes import cpu_seconds

from bot.store import migrations
from handlers.guard import ANSWER_WITHIN
from tests.fakes.slack import FakeSlack, Rates

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 200
BURST = 2_000
STEADY = 2_000
PER_SECOND = 2_000 / 60


@asynccontextmanager
async def process(*arguments: str, **environment: str) -> Any:
    """Run a server and yield its process; ended at the end."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        yield server
    finally:
        server.terminate()
        await server.wait()


async def until_open(session: aiohttp.ClientSession, port: int) -> None:
    """Wait until something listens."""
    for _ in range(300):
        try:
            async with session.get(f"http://127.0.0.1:{port}/slack/events"):
                return
        except aiohttp.ClientError:
            await asyncio.sleep(0.1)
    raise SystemExit("the server did not start")


class Load:
    """Sends clicks and remembers how long each took."""

    def __init__(self, session: aiohttp.ClientSession, clicks: Clicks, port: int) -> None:
        self._session, self._clicks, self._port = session, clicks, port
        self.seconds: list[float] = []
        self.bad = self.slow = 0

    def forget(self) -> None:
        """Begin a new count."""
        self.seconds.clear()
        self.bad = self.slow = 0

    async def click(self, number: int) -> None:
        body, headers = self._clicks.request(number)
        started = time.perf_counter()
        url = f"http://127.0.0.1:{self._port}/slack/events"
        async with self._session.post(url, data=body, headers=headers) as response:
            answer = await response.text()
        self.seconds.append(time.perf_counter() - started)
        self.slow += self.seconds[-1] >= ANSWER_WITHIN
        self.bad += response.status != 200 or "errors" in answer

    async def burst(self, numbers: range) -> None:
        """Keep `CONNECTIONS` clicks in flight."""
        queue = iter(numbers)

        async def worker() -> None:
            for number in queue:
                await self.click(number)

        await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))

    async def steady(self, numbers: range, per_second: float) -> None:
        """Send at a constant rate, whether or not earlier ones were answered."""
        started, tasks = time.perf_counter(), []
        for count, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, started + count / per_second - time.perf_counter()))
            tasks.append(asyncio.create_task(self.click(number)))
        await asyncio.gather(*tasks)

    def line(self) -> str:
        """Return the latencies in words."""
        cuts = statistics.quantiles(self.seconds, n=100)
        return (
            f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms,"
            f" max {max(self.seconds) * 1000:.0f} ms,"
            f" {self.slow} answered before they were stored, {self.bad} failed"
        )


async def cpu_of(server: Any, load: Load, warm: range, measured: range, path: Path | None) -> float:
    """Return CPU milliseconds per click of a server under `CONNECTIONS` connections.

    With a database, until the last click is stored: some are answered before. Exits if one is not.
    """
    await load.burst(warm)
    if path is not None:
        await until_idle(path)
    load.forget()
    stored = audits(path) if path is not None else 0
    before = cpu_seconds(server.pid)
    await load.burst(measured)
    if path is not None:
        await until_idle(path)
        if audits(path) - stored != len(measured):
            raise SystemExit(f"{audits(path) - stored} of {len(measured)} clicks were stored")
    return (cpu_seconds(server.pid) - before) / len(measured) * 1000


def audits(path: Path) -> int:
    """Count the audits in a database."""
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM audits").fetchone()[0])


async def until_idle(path: Path) -> None:
    """Wait until clicks that were answered before they were done are done."""
    seen = -1
    while seen != (seen := audits(path)):
        await asyncio.sleep(1.0)


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path, recorded = Path(folder) / "muster.db", Path(folder) / "click.json"
        migrations.move(f"sqlite:///{path}")
        total = 302 + BURST + STEADY + 1
        payload, click = await record_a_click(f"sqlite+aiosqlite:///{path}", total)
        recorded.write_text(json.dumps(click), encoding="utf-8")
        copy = Path(folder) / "bare.db"
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        async with FakeSlack(manifest=ROOT / "manifest.yml", rates=Rates(enabled=False)) as slack:
            await measure(slack, payload, path, copy, recorded)


async def measure(
    slack: Any, payload: dict[str, Any], path: Path, copy: Path, recorded: Path
) -> None:
    """Run the three servers one after the other and print the table."""
    clicks = Clicks(payload, slack.signing_secret)
    warm, measured = range(3, 303), range(303, 303 + BURST)
    secret, api = slack.signing_secret, slack.base_url
    # Below the 5 s after which the server closes an idle connection under our hands.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
    async with aiohttp.ClientSession(connector=connector) as session:
        figures = {}
        for name, extra in (("empty", []), ("bare", [str(copy), str(recorded)])):
            port = 18_090 if name == "empty" else 18_091
            bare = process(
                "benchmarks/bare_bolt.py", str(port), secret, api, slack.bot_token, *extra
            )
            async with bare as server:
                await until_open(session, port)
                load = Load(session, clicks, port)
                database = copy if extra else None
                figures[name] = await cpu_of(server, load, warm, measured, database)
                print(f"{name:7} {figures[name]:.2f} ms CPU a click; {load.line()}")
        muster = process(
            "app.py",
            "web",
            "--port",
            "18092",
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_SIGNING_SECRET=secret,
            SLACK_API_URL=api,
            DATABASE_URL=f"sqlite:///{path}",
            MUSTER_LOG_LEVEL="WARNING",
        )
        async with muster as server:
            await until_open(session, 18_092)
            load = Load(session, clicks, 18_092)
            figures["muster"] = await cpu_of(server, load, warm, measured, path)
            print(f"muster  {figures['muster']:.2f} ms CPU a click; {load.line()}")
            steady = Load(session, clicks, 18_092)
            await until_idle(path)
            before = audits(path)
            await steady.steady(range(303 + BURST, 303 + BURST + STEADY), PER_SECOND)
            print(f"steady  {PER_SECOND:.0f}/s for 60 s: {steady.line()}")
            print(f"        {audits(path) - before} of {STEADY} audits stored")
        ratio = figures["muster"] / figures["bare"]
        print(f"ratio   muster / bare with the same statements: {ratio:.2f} (bound 1.5)")


if __name__ == "__main__":
    asyncio.run(main())
