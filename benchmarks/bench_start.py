"""Start-up beside a bare Bolt application: importing, until connected, and memory then.

    python benchmarks/bench_start.py [--rounds N]

"Import" is a whole process that imports the module and ends (CPU seconds, which other work on the
machine disturbs less than the clock on the wall). "Connected" is `muster run` in Socket Mode until
it says so, against a stand-in for Slack, with a database that is up to date; its resident memory is
read a second later, before any chart was drawn. The very first start, which also makes the
database, is shown beside it. Bytecode is kept in a folder of its own, whatever the shell says about
it: an installed program has it, and compiling on every start would measure the compiler.
"""

import argparse
import asyncio
import functools
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from processes import resident_mb

ROOT = Path(__file__).resolve().parent.parent
IMPORT_BOUND, RESIDENT_BOUND = 4.0, 3.0
ROUNDS = 9
SETTLE_S = 1.0
HELLO = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0BENCH"}}


@asynccontextmanager
async def stand_in() -> AsyncIterator[str]:
    """Run what a start needs of Slack: who the token is, and a socket that says hello."""

    async def method(request: web.Request) -> web.Response:
        answer: dict[str, object] = {
            "ok": True,
            "url": f"ws://{request.host}/socket",
            "team": "Bench",
            "team_id": "T0BENCH",
            "user": "muster",
            "user_id": "U0BENCH",
            "bot_id": "B0BENCH",
            "app_id": "A0BENCH",
            "bot": {"id": "B0BENCH", "app_id": "A0BENCH"},
        }
        return web.json_response(answer, headers={"x-oauth-scopes": "chat:write"})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await connection.send_json(HELLO)
        async for _ in connection:
            pass
        return connection

    slack = web.Application()
    slack.add_routes([web.route("*", "/api/{method}", method), web.get("/socket", socket)])
    runner = web.AppRunner(slack, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}/api/"
    finally:
        await runner.cleanup()


def surroundings(bytecode: str) -> dict[str, str]:
    """Return the environment of what is measured, with compiled modules kept in a folder."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": path, "PYTHONPYCACHEPREFIX": bytecode}


def import_cost(module: str, environment: dict[str, str]) -> float:
    """Return the CPU seconds of a process that imports a module."""
    command = [sys.executable, "-c", f"import {module}"]
    child = os.posix_spawn(sys.executable, command, environment)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{module} cannot be imported")
    return usage.ru_utime + usage.ru_stime


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from the start of the process until connected, and MB resident a while later."""

    seconds: float
    resident_mb: float


async def start(
    *command: str, api_url: str, database: Path, environment: dict[str, str]
) -> Started:
    """Start a program, wait until it says that it is connected, measure and end it."""
    environment = {
        **environment,
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_API_URL": api_url,
        "DATABASE_URL": f"sqlite:///{database}",
    }
    begin = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        said = b""
        while b"connected" not in said:
            said = await asyncio.wait_for(process.stdout.readline(), 60)
            if not said:
                raise SystemExit(f"{command} ended before it was connected")
        seconds = time.perf_counter() - begin
        await asyncio.sleep(SETTLE_S)
        return Started(seconds, resident_mb(process.pid))
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def main() -> None:
    """Measure in turns and print; exits with 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as bytecode:
        environment = surroundings(bytecode)
        shares = [imported(rounds, environment), *await started(rounds, environment)]
    if max(shares) > 1:
        raise SystemExit(1)


def imported(rounds: int, environment: dict[str, str]) -> float:
    """Measure and print what importing costs; returns the share of the bound."""
    imports: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(rounds + 1):
        for module in ("bare_socket", "app"):
            cost = import_cost(module, environment)
            if turn:  # the first one compiles
                imports[module].append(cost)
    bare, ours = (statistics.median(imports[each]) for each in ("bare_socket", "app"))
    print(
        f"import     bare {bare * 1000:.0f} ms, muster {ours * 1000:.0f} ms"
        f" = {ours / bare:.2f}x (at most {IMPORT_BOUND:.0f}x)"
    )
    return ours / bare / IMPORT_BOUND


async def started(rounds: int, environment: dict[str, str]) -> list[float]:
    """Measure and print what a start takes; returns the shares of the bounds."""
    starts: defaultdict[str, list[Started]] = defaultdict(list)
    async with stand_in() as api_url:
        begin = functools.partial(start, api_url=api_url, environment=environment)
        with tempfile.TemporaryDirectory() as folder:
            for turn in range(rounds):
                fresh = Path(folder) / f"muster-{turn}.db"
                starts["bare"].append(await begin("benchmarks/bare_socket.py", database=fresh))
                for name in ("first", "muster"):
                    starts[name].append(await begin("app.py", "run", database=fresh))
    middle = {
        name: Started(
            statistics.median(each.seconds for each in found),
            statistics.median(each.resident_mb for each in found),
        )
        for name, found in starts.items()
    }
    shares = []
    for name, words in (("muster", "muster run"), ("first", "first start")):
        ratio = middle[name].resident_mb / middle["bare"].resident_mb
        shares.append(ratio / RESIDENT_BOUND)
        print(
            f"{words:10} connected after {middle[name].seconds:.2f} s"
            f" (bare {middle['bare'].seconds:.2f} s), resident {middle[name].resident_mb:.0f} MB"
            f" (bare {middle['bare'].resident_mb:.0f} MB) = {ratio:.2f}x"
            f" (at most {RESIDENT_BOUND:.0f}x)"
        )
    return shares


if __name__ == "__main__":
    asyncio.run(main())
