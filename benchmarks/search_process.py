"""A process that answers questions, for `bench_search.py`: prints what opening guidelines took.

    benchmarks/search_process.py DATABASE_URL PROJECT QUESTIONS.json

A line of JSON after the first questions, and another one once the next version is on the shelf, for
which it waits without asking anything.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from processes import resident_mb

import app as roof  # noqa: F401 - what a serving process has loaded
from bot.clock import Clock
from bot.services.guidelines import Guidelines
from bot.store import guidelines, projects, workspaces
from bot.store.database import Database

LOOK_S = 0.01
GIVE_UP_S = 120


class Heart:
    """Counts how long the event loop was away at most."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.perf_counter() - began - 0.005)

    def stop(self) -> None:
        self._task.cancel()


def say(**figures: float) -> None:
    print(json.dumps(figures), flush=True)


async def opened(service: Guidelines, project: str, asked: list[str]) -> None:
    """Ask for the first time, then again and again, then fifty at once."""
    before, began = resident_mb("self"), time.perf_counter()
    await service.ask_at_shell(project, [asked[0]], 3)
    first = time.perf_counter() - began
    grown = resident_mb("self") - before
    times = []
    for question in asked:
        began = time.perf_counter()
        await service.ask_at_shell(project, [question], 3)
        times.append(time.perf_counter() - began)
    heart, began = Heart(), time.perf_counter()
    await asyncio.gather(*(service.ask_at_shell(project, [each], 3) for each in asked[:50]))
    took = time.perf_counter() - began
    heart.stop()
    say(
        first_s=first,
        opened_mb=grown,
        grown_mb=resident_mb("self") - before,
        p50_s=statistics.median(times),
        fifty_s=took,
        pause_s=heart.longest,
    )


async def replaced(database: Database, service: Guidelines, key: tuple[int, int]) -> None:
    """Wait until a version with a number above this one is published, then until it is open."""
    shelf: Any = service._shelf
    now = shelf._held[key].edition.number
    heart, watching = Heart(), asyncio.create_task(service.watch())
    stop = time.perf_counter() + GIVE_UP_S
    published = None
    while shelf._held[key].edition.number == now:
        assert time.perf_counter() < stop, "the next version did not come"
        await asyncio.sleep(LOOK_S)
        if published is None:
            async with database.read() as connection:
                newest = await guidelines.newest(connection, *key)
            if newest is not None and newest.number > now:
                published = time.perf_counter()
    assert published is not None
    say(searchable_s=time.perf_counter() - published, pause_s=heart.longest)
    heart.stop()
    watching.cancel()


async def main(url: str, project: str, asked: list[str]) -> None:
    database = Database(url)
    clock = Clock()
    service = Guidelines(database, clock)
    async with database.write() as tx:
        workspace_id = await workspaces.local(tx, clock.now())
        known = await projects.by_name(tx, workspace_id, project)
    assert known is not None
    await opened(service, project, asked)
    await replaced(database, service, (workspace_id, known.project_id))
    [answer] = await service.ask_at_shell(project, ["zanzibar"], 1)
    assert answer.passages[0].passage.document == "zanzibar.md"
    say(resident_mb=resident_mb("self"))
    await service.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], json.loads(Path(sys.argv[3]).read_text("utf-8"))))
