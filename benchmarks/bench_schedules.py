"""The ticker: many schedules due in the same minute with clicks meanwhile, and many that are idle.

    python benchmarks/bench_schedules.py [--due N] [--idle N] [--clicks N]

A workspace of squads whose digests are due at nine sharp, and the syncs of which have their agenda
at the same minute; one process ticks once. Meanwhile clicks come at a steady pace in the same
process, each a transaction with an effect key, an intent and a line of the ledger. SQLite.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import structlog
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.services import bundle
from bot.store import effects, ledger, migrations
from bot.store.database import Database
from jobs.ticker import Ticker
from models import (
    Member,
    MemberRole,
    Occurrence,
    OutboxRow,
    Person,
    Schedule,
    SlackIdentity,
    Squad,
    Sync,
    Workspace,
)

NINE: Final = datetime(2026, 3, 10, 9, tzinfo=UTC)
PLANNED_S: Final = 10.0
CLICK_MS: Final = 1000.0
IDLE_MS: Final = 50.0
A_SECOND: Final = 33
TICKS: Final = 30


class World:
    """One database, one process."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.now = NINE
        self.clock = Clock(source=lambda: self.now)
        self.services = bundle.build(self.database, self.clock)
        container: Any = SimpleNamespace(
            clock=self.clock,
            services=self.services,
            dispatcher=SimpleNamespace(wake=lambda: None),
        )
        self.ticker = Ticker(container)

    async def seed(self, squads: int, due_at: datetime) -> None:
        """Add squads, each with a daily digest and a sync that wait for `due_at`."""
        async with self.database.write() as tx:
            made = insert(Workspace).values(team_id="T0BENCH", name="Bench", created_at=NINE)
            self.workspace_id = (await tx.execute(made.returning(Workspace.id))).scalar_one()
            await tx.execute(insert(Squad), [_squad(self.workspace_id, n) for n in range(squads)])
            keys = list(await tx.scalars(select(Squad.id).order_by(Squad.id)))
            await tx.execute(insert(Sync), [_sync(self.workspace_id, key) for key in keys])
            meets = list((await tx.execute(select(Sync.id, Sync.squad_id))).all())
            rows = [_schedule(self.workspace_id, key, due_at) for key in keys]
            rows += [_schedule(self.workspace_id, key, due_at, sync) for sync, key in meets]
            await tx.execute(insert(Schedule), rows)
            await _people(tx, self.workspace_id, keys)

    async def clicks(self, waits: list[float]) -> None:
        """Click at a steady pace until told to stop; keep how long each took."""
        begin = time.perf_counter()
        tasks: list[asyncio.Task[None]] = []
        try:
            for number in range(1_000_000):
                await asyncio.sleep(max(0.0, begin + number / A_SECOND - time.perf_counter()))
                due = begin + number / A_SECOND
                tasks.append(asyncio.create_task(self._click(number, due, waits)))
        finally:
            await asyncio.gather(*tasks)

    async def _click(self, number: int, due: float, waits: list[float]) -> None:
        async with self.database.write() as tx:
            key = f"click:{number}"
            await effects.begin(tx, self.workspace_id, key, self.now)
            await ledger.write(tx, self.workspace_id, self.now, "bench.clicked", actor_id=None)
            await effects.finish(tx, self.workspace_id, key, {"number": number})
        waits.append(time.perf_counter() - due)

    async def count(self, table: Any) -> int:
        """Count a table's rows."""
        async with self.database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(table)) or 0)


async def _people(tx: AsyncConnection, workspace_id: int, squad_ids: list[int]) -> None:
    """Give each squad a manager and a contributor who are in Slack."""
    kept = {"workspace_id": workspace_id, "created_at": NINE}
    await tx.execute(
        insert(Person), [kept | {"name": f"Person {n}"} for n in range(2 * len(squad_ids))]
    )
    people = list(await tx.scalars(select(Person.id).order_by(Person.id)))
    known = {"kind": "member", "active": True, "slack_admin": False, "refreshed_at": NINE}
    await tx.execute(
        insert(SlackIdentity),
        [
            known | {"workspace_id": workspace_id, "user_id": f"U{key:08}", "person_id": key}
            for key in people
        ],
    )
    joined = {"workspace_id": workspace_id, "status": "active", "joined_at": NINE}
    await tx.execute(
        insert(Member),
        [
            joined | {"squad_id": squad_ids[n // 2], "person_id": key}
            for n, key in enumerate(people)
        ],
    )
    members = list(await tx.scalars(select(Member.id).order_by(Member.id)))
    roles = ("manager", "contributor")
    await tx.execute(
        insert(MemberRole),
        [
            {"workspace_id": workspace_id, "member_id": key, "role": roles[n % 2]}
            for n, key in enumerate(members)
        ],
    )


def _squad(workspace_id: int, n: int) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "name": f"Squad {n}",
        "state": "live",
        "individual_figures": "self+managers",
        "language": "en",
        "zone": "UTC",
        "working_days": "01234",
        "work_start": wall(8),
        "work_end": wall(17),
        "country": "DE",
        "digest_channel": f"C{n:08}",
        "team_channel": f"C{n:08}",
        "created_at": NINE,
    }


def _sync(workspace_id: int, squad_id: int) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "squad_id": squad_id,
        "name": "Daily",
        "local_time": wall(9, 30),
        "kind": "sync",
        "minutes": 15,
        "lead_minutes": 30,
        "audience": "squad",
    }


def _schedule(
    workspace_id: int, squad_id: int, due_at: datetime, sync_id: int | None = None
) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "squad_id": squad_id,
        "target": f"squad:{squad_id}" if sync_id is None else f"sync:{sync_id}",
        "kind": "daily_digest" if sync_id is None else "sync",
        "local_time": wall(9) if sync_id is None else wall(9, 30),
        "zone": "UTC",
        "lateness_s": 4 * 3600,
        "lead_s": 0 if sync_id is None else 1800,
        "enabled": True,
        "next_slot": due_at.date().isoformat(),
        "next_due_at": due_at,
    }


@asynccontextmanager
async def world(squads: int, due_at: datetime) -> AsyncIterator[World]:
    """Open a seeded world."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "muster.db"
        await asyncio.to_thread(migrations.move, f"sqlite:///{path}")
        made = World(f"sqlite+aiosqlite:///{path}")
        await made.seed(squads, due_at)
        try:
            yield made
        finally:
            await made.services.guidelines.close()
            await made.database.close()


async def crowd(due: int, only: str) -> bool:
    """Let `due` schedules of one kind be due at once; return whether the bounds hold."""
    async with world(due, NINE) as it:
        async with it.database.write() as tx:
            await tx.execute(update(Schedule).where(Schedule.kind != only).values(enabled=False))
        waits: list[float] = []
        clicking = asyncio.create_task(it.clicks(waits))
        await asyncio.sleep(0.5)
        begin, cpu = time.perf_counter(), time.process_time()
        await it.ticker.tick()
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        clicking.cancel()
        await asyncio.gather(clicking, return_exceptions=True)
        done, queued = await it.count(Occurrence), await it.count(OutboxRow)
        if done != due or it.ticker.failures:
            raise SystemExit(f"  {done} of {due} happened, {it.ticker.failures} failed")
        p99 = statistics.quantiles(waits, n=100)[98] * 1000
        print(
            f"{due:,} of {only} due at once: {queued:,} messages in the outbox after"
            f" {seconds:.1f} s (at most {PLANNED_S:.0f} s), {cpu:.1f} s of CPU with the clicks;"
            f" {len(waits)} clicks meanwhile, p99 {p99:.0f} ms (at most {CLICK_MS:.0f} ms)",
            flush=True,
        )
        return seconds <= PLANNED_S and p99 <= CLICK_MS


async def idle(schedules: int) -> bool:
    """Tick over schedules that all wait for later; return whether the bound holds."""
    async with world(schedules // 2, NINE + timedelta(hours=1)) as it:
        took: list[float] = []
        for _ in range(TICKS):
            begin = time.perf_counter()
            await it.ticker.tick()
            took.append((time.perf_counter() - begin) * 1000)
        middle, worst = statistics.median(took), max(took)
        print(
            f"{schedules:,} idle: a tick takes {middle:.1f} ms, {worst:.1f} ms at the most"
            f" (at most {IDLE_MS:.0f} ms)",
            flush=True,
        )
        return worst <= IDLE_MS


async def main() -> None:
    """Measure, and end with 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=100_000)
    parser.add_argument("--kinds", nargs="*", default=["sync", "daily_digest"])
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    held = [await crowd(given.due, kind) for kind in given.kinds if given.due]
    if given.idle:
        held.append(await idle(given.idle))
    if not all(held):
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
