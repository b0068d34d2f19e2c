"""Drawing 1,000 of 1,000,000 submissions beside one SELECT of their keys, and at a tenth of them.

    python benchmarks/bench_sampling.py [--rounds N]

One squad hands in a million pieces in a week: 200 contributors, four batches, two guideline
versions. The reference reads every key, in one statement through the same door. "Drawing" counts
what is new, reads all of it once, and chooses five of each contributor's week (`sampler.draw`);
"stored" writes frames and draws as well. Memory is Python's own peak while it draws, by tracemalloc
in rounds of its own, since that slows everything down.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, insert, select

from bot.rules.calendar import make_calendar
from bot.rules.frames import week_of
from bot.rules.people import IndividualFigures
from bot.rules.reports import Scope
from bot.services import sampler
from bot.services.sampler import FRAMES_AT_ONCE, Cut
from bot.store import frames, migrations
from bot.store.database import Database
from models import Batch, Person, Project, Squad, SquadProject, Submission, Workspace

MONDAY: Final = datetime(2026, 3, 9, tzinfo=UTC)
PEOPLE: Final = 200
SECONDS: Final = 5 * 86_400
BOUND_S: Final = 1.0
BOUND_RATIO: Final = 3.0
BOUND_MB: Final = 16.0


def fill(path: Path, size: int) -> None:
    """Write one workspace whose one squad handed in so many pieces in a week."""
    migrations.move(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    common = {"workspace_id": 1, "created_at": MONDAY - timedelta(days=30)}
    squad = {
        "id": 1, "name": "Bench", "state": "live", "individual_figures": "self+managers",
        "language": "en", "zone": "UTC", "working_days": "01234",
        "work_start": clock_time(9), "work_end": clock_time(17),
    }  # fmt: skip
    with engine.begin() as connection:
        workspace = {"id": 1, "team_id": "T0BENCH", "name": "Bench", "created_at": MONDAY}
        connection.execute(insert(Workspace), [workspace])
        connection.execute(insert(Project), [{"id": 1, "name": "Reviews", **common}])
        connection.execute(insert(Squad), [squad | common])
        link = {"workspace_id": 1, "squad_id": 1, "project_id": 1}
        connection.execute(insert(SquadProject), [link])
        people = [{"id": n + 1, "name": f"P{n}", **common} for n in range(PEOPLE)]
        connection.execute(insert(Person), people)
        batches = [{"id": n, "name": f"B{n}", "project_id": 1, **common} for n in range(1, 5)]
        connection.execute(insert(Batch), batches)
        for start in range(0, size, 20_000):
            rows = [
                {
                    "workspace_id": 1,
                    "project_id": 1,
                    "squad_id": 1,
                    "contributor_id": n * 7 % PEOPLE + 1,
                    "batch_id": n * 4 // size + 1,
                    "guideline_version": "v1" if n * 2 < size else "v2",
                    "task": f"T-{n}",
                    "submitted_at": MONDAY + timedelta(seconds=n * SECONDS / size),
                    "content": "0",
                    "imported_at": MONDAY,
                }
                for n in range(start, min(size, start + 20_000))
            ]
            connection.execute(insert(Submission), rows)
    engine.dispose()


def cut_of(through: int) -> Cut:
    """Return the cut after the week."""
    scope = Scope(
        workspace_id=1,
        squad_id=1,
        squad="Bench",
        zone="UTC",
        individual_figures=IndividualFigures.SELF_AND_MANAGERS,
        target=None,
        project_id=1,
        project="Reviews",
    )
    return Cut(
        scope=scope,
        calendar=make_calendar("UTC", range(5), (clock_time(9), clock_time(17))),
        week=week_of(MONDAY.date()),
        since=MONDAY - timedelta(days=30),
        through=through,
        at=MONDAY + timedelta(days=8),
    )


async def reference(database: Database) -> float:
    """Return how long it takes to read every key."""
    began = time.perf_counter()
    async with database.read() as connection:
        keys = (await connection.scalars(select(Submission.id))).all()
    assert keys
    return time.perf_counter() - began


async def drawing(database: Database, cut: Cut) -> tuple[float, sampler.Week]:
    """Return how long it takes to draw, and what was drawn."""
    began = time.perf_counter()
    async with database.read() as connection:
        week = await sampler.draw(connection, cut)
    return time.perf_counter() - began, week


async def peak(database: Database, cut: Cut) -> float:
    """Return the megabytes that drawing takes at most."""
    tracemalloc.start()
    await drawing(database, cut)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest / 1e6


async def storing(database: Database, cut: Cut, week: sampler.Week) -> float:
    """Return how long the write lock is held at most, some frames at a time."""
    longest = 0.0
    known = dict(week.known)
    for start in range(0, len(week.drawn), FRAMES_AT_ONCE):
        began = time.perf_counter()
        some = week.drawn[start : start + FRAMES_AT_ONCE]
        async with database.write() as tx:
            await frames.save(tx, cut.scope, cut.week, known, some, cut.at)
            stored = await frames.of_week(tx, cut.scope, cut.week)
            known = {one.frame_id: one.prefix for one in stored}
        longest = max(longest, time.perf_counter() - began)
    return longest


async def measure(folder: Path, size: int, rounds: int) -> float:
    """Print the figures of one size; return the peak of memory in megabytes."""
    path = folder / f"{size}.db"
    fill(path, size)
    database = Database(f"sqlite+aiosqlite:///{path}")
    cut = cut_of(size)
    read, drawn = [], []
    for _ in range(rounds):
        read.append(await reference(database))
        took, week = await drawing(database, cut)
        drawn.append(took)
    draws = sum(len(each.draws) for each in week.drawn)
    megabytes = await peak(database, cut)
    held = await storing(database, cut, week)
    await database.close()
    plain, ours = statistics.median(read), statistics.median(drawn)
    print(f"{draws:,} of {size:,}: keys {plain:.2f} s, drawing {ours:.2f} s = {ours / plain:.2f}x")
    print(f"  memory {megabytes:.1f} MB, write lock held {held * 1000:.0f} ms at most")
    if size >= 1_000_000:
        print(f"  bounds: {BOUND_S:.0f} s, {BOUND_RATIO:.0f}x, {BOUND_MB:.0f} MB")
    return megabytes


async def main() -> None:
    """Measure both sizes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        small = await measure(Path(folder), 100_000, rounds)
        large = await measure(Path(folder), 1_000_000, rounds)
    print(f"memory at ten times the work: {large / small:.2f}x")


if __name__ == "__main__":
    asyncio.run(main())
