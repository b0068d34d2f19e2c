"""Dispatch against the fake Slack: the rate it keeps, and what random kills lose or double.

    python benchmarks/bench_dispatch.py [--messages N] [--slow N] [--killed N] [--seed N]

The whole program (`muster clock`, a process of its own, SQLite) sends what waits in the outbox to
DMs and channels. The fake Slack answers after 100 ms and enforces the limits: the allowed rate R
a minute for the workspace, a message a second in a channel, the tiers of the other methods.
"""

import argparse
import asyncio
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dispatch_world import World, arrivals, seed
from processes import cpu_seconds

from bot.rules.outbox import ENDS
from tests.fakes.slack import FakeSlack, Fault, Rates

ROOT = Path(__file__).resolve().parent.parent
BOUND = 0.97
LATENCY_S = 0.1
SLOW, FAST = 20, 50

# For the run with kills. Shorter than the defaults, for a process that is killed keeps its lease,
# and the next one waits for it: timeout 2 s, a lease of 7 s (the least that this timeout allows),
# and history that lags by 1 s, believed after 2 s.
KILLED = {
    "MUSTER_HTTP_TIMEOUT_SECONDS": "2",
    "MUSTER_LEASE_SECONDS": "7",
    "MUSTER_SETTLE_SECONDS": "2",
}
HISTORY_LAG_S = 1.0
LIFE_S = 10.0
"""A process is killed at a random moment of so many seconds of sending, on average after 5 s."""


@dataclass
class Bench:
    """One fake Slack, one database, and the program that is started on them."""

    slack: FakeSlack
    world: World
    path: Path
    rate: int

    async def start(self, **settings: str) -> asyncio.subprocess.Process:
        """Start the program."""
        environment = {
            **os.environ,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_API_URL": self.slack.base_url,
            "DATABASE_URL": f"sqlite:///{self.path}",
            "MUSTER_POSTS_PER_SECOND": str(self.rate),
            "MUSTER_LOG_LEVEL": "ERROR",
            **settings,
        }
        return await asyncio.create_subprocess_exec(
            sys.executable, "app.py", "clock", cwd=ROOT, env=environment
        )

    def states(self) -> Counter[str]:
        """Count the deliveries in each state."""
        rows = self._ask("SELECT state, count(*) FROM outbox GROUP BY state")
        return Counter(dict(rows))

    def fence(self) -> int:
        """Return how often the right to send was taken."""
        return int(self._ask("SELECT coalesce(max(fence), 0) FROM leases")[0][0])

    def open(self) -> int:
        """Return how many deliveries are not settled."""
        ends = {str(end) for end in ENDS}
        return sum(count for state, count in self.states().items() if state not in ends)

    def _ask(self, statement: str) -> list[tuple[str, int]]:
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10) as connection:
            found: list[tuple[str, int]] = connection.execute(statement).fetchall()
        connection.close()
        return found

    def verdict(self) -> str:
        """Check the fake's record and the books; return it in words. Raises if anything is off."""
        found, states = arrivals(self.slack, self.world), self.states()
        wrong = (found.lost, found.doubled, found.doubled_keys, found.misplaced)
        said = (
            f"{found.lost} lost, {found.doubled} doubled ({found.doubled_keys} by key), "
            f"{found.misplaced} in the wrong place; the outbox says {dict(states)}"
        )
        if any(wrong) or set(states) != {"sent"}:
            raise SystemExit(f"  {said}")
        return said


@asynccontextmanager
async def bench(rate: int, messages: int) -> AsyncIterator[Bench]:
    """Seed a database and open the fake Slack."""
    rates = Rates(posts_per_minute=rate * 60)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "muster.db"
        async with FakeSlack(manifest=ROOT / "manifest.yml", rates=rates) as slack:
            slack.faults.add(kind=Fault.LATENCY, seconds=LATENCY_S, times=None)
            slack.history_delay = HISTORY_LAG_S
            yield Bench(slack, seed(f"sqlite:///{path}", slack, messages), path, rate)


async def steady(rate: int, messages: int) -> float:
    """Send everything in one go; return the share of the allowed rate that was reached."""
    async with bench(rate, messages) as run:
        process = await run.start()
        try:
            while run.open():
                if process.returncode is not None:
                    raise SystemExit(f"the program ended with {process.returncode}")
                await asyncio.sleep(1.0)
            cpu = cpu_seconds(process.pid)
        finally:
            await _stop(process)
        said = run.verdict()
        times = arrivals(run.slack, run.world).times
        seconds = times[-1] - times[0]
        share = (len(times) - 1) / seconds / rate
        refused = sum(call.outcome == "429" for call in run.slack.calls)
        print(
            f"R = {rate}/s: {messages:,} messages in {seconds:.1f} s = {share:.1%} of the rate"
            f" (at least {BOUND:.0%}); {cpu / messages * 1000:.1f} ms CPU a message;"
            f" {refused} answers 429\n  {said}",
            flush=True,
        )
        return share


async def killed(rate: int, messages: int, chance: random.Random) -> None:
    """Send while the program is killed again and again, until everything is settled."""
    async with bench(rate, messages) as run:
        begin, kills = time.monotonic(), 0
        while True:
            seen = run.fence()
            process = await run.start(**KILLED)
            try:
                ended = await _until_killed(run, process, seen, chance.uniform(0, LIFE_S))
            finally:
                await _stop(process)
            if ended:
                break
            kills += 1
        seconds = time.monotonic() - begin
        said = run.verdict()
        history = run.slack.call_names().count("conversations.history")
        print(
            f"killed: {messages:,} messages at R = {rate}/s, {kills} times SIGKILL after 0 to"
            f" {LIFE_S:.0f} s of sending: all settled after {seconds:.0f} s"
            f" ({messages / rate:.0f} s if left alone); {history} looks into history\n  {said}",
            flush=True,
        )


async def _until_killed(
    run: Bench, process: asyncio.subprocess.Process, seen: int, life_s: float
) -> bool:
    """Kill a process when it had the right to send for `life_s`; True if all was settled before."""
    while run.fence() == seen:
        if process.returncode is not None:
            raise SystemExit(f"the program ended with {process.returncode}")
        await asyncio.sleep(0.05)
    until = time.monotonic() + life_s
    while (left := until - time.monotonic()) > 0:
        await asyncio.sleep(min(left, 0.5))
        if not run.open():
            return True
    process.send_signal(signal.SIGKILL)
    return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
    await process.wait()


async def main() -> None:
    """Measure and print; exits with 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=10_000, help=f"at {FAST} a second")
    parser.add_argument("--slow", type=int, default=1_000, help=f"messages at {SLOW} a second")
    parser.add_argument("--killed", type=int, default=1_000, help="messages of the run with kills")
    parser.add_argument("--seed", type=int, default=7, help="for the moments of the kills")
    given = parser.parse_args()
    shares = [
        await steady(rate, count)
        for rate, count in ((SLOW, given.slow), (FAST, given.messages))
        if count
    ]
    if given.killed:
        await killed(FAST, given.killed, random.Random(given.seed))
    if shares and min(shares) < BOUND:
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
