"""The ticker: many schedules due in the same minute with clicks meanwhile, and many that are idle.

    python benchmarks/bench_schedules.py [--due N] [--idle N] [--audited N] [--kinds KIND …]

A workspace of squads whose digests are due at nine sharp, and the syncs of which have their agenda
at the same minute; one process ticks once. Kinds joined by a plus are due together, `--due` of them
in all. `--audited` of the squads had work audited for six weeks, one in ten of them with a bad last
day, which its digest has to say. Meanwhile clicks come at a steady pace in the same process, each a
transaction with an effect key and a line of the ledger. SQLite.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.services import bundle
from bot.store import effects, ledger, migrations
from bot.store.database import Database
from jobs.ticker import Ticker
from models import (
    Audit,
    AuditChain,
    Member,
    MemberRole,
    Occurrence,
    OutboxRow,
    Person,
    Project,
    Schedule,
    SlackIdentity,
    Squad,
    SquadProject,
    Submission,
    Sync,
    Workspace,
)

NINE: Final = datetime(2026, 3, 10, 9, tzinfo=UTC)
PLANNED_S: Final = 10.0
CLICK_MS: Final = 1000.0
IDLE_MS: Final = 50.0
A_SECOND: Final = 33
TICKS: Final = 30
SHARE: Final = 10
"""Squads to a project, and of the audited ones to a bad day."""
KINDS: Final = ("sync", "daily_digest", "weekly_digest", "daily_digest+sync")


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

    async def seed(self, squads: int, due_at: datetime, kinds: Sequence[str], audited: int) -> None:
        """Add squads, each with a project and a sync, and schedules that wait for `due_at`."""
        async with self.database.write() as tx:
            made = insert(Workspace).values(team_id="T0BENCH", name="Bench", created_at=NINE)
            self.workspace_id = (await tx.execute(made.returning(Workspace.id))).scalar_one()
            await tx.execute(insert(Squad), [_squad(self.workspace_id, n) for n in range(squads)])
            keys = list(await tx.scalars(select(Squad.id).order_by(Squad.id)))
            await tx.execute(insert(Sync), [_sync(self.workspace_id, key) for key in keys])
            meets = list((await tx.execute(select(Sync.id, Sync.squad_id))).all())
            rows = [
                _schedule(self.workspace_id, key, due_at, kind)
                for kind in kinds
                if kind != "sync"
                for key in keys
            ]
            if "sync" in kinds:
                rows += [_schedule(self.workspace_id, key, due_at, "sync", at) for at, key in meets]
            await tx.execute(insert(Schedule), rows)
            people = await _people(tx, self.workspace_id, keys)
            await _work(tx, self.workspace_id, keys, people, audited)

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


async def _people(tx: AsyncConnection, workspace_id: int, squad_ids: list[int]) -> list[int]:
    """Give each squad a manager and a contributor who are in Slack; return them in this order."""
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
    return people


async def _work(
    tx: AsyncConnection, workspace_id: int, squad_ids: list[int], people: list[int], audited: int
) -> None:
    """Give each squad a project, and the first of them six weeks of audits, four a day."""
    kept = {"workspace_id": workspace_id}
    named = [{"name": f"Project {n}", "created_at": NINE} for n in range(0, len(squad_ids), SHARE)]
    await tx.execute(insert(Project), [kept | each for each in named])
    projects = list(await tx.scalars(select(Project.id).order_by(Project.id)))
    works_on = {key: projects[n // SHARE] for n, key in enumerate(squad_ids)}
    await tx.execute(
        insert(SquadProject),
        [kept | {"squad_id": key, "project_id": works_on[key]} for key in squad_ids],
    )
    if not audited:
        return
    # All audits are of one submission: nobody looks at what was judged.
    where = {"squad_id": squad_ids[0], "project_id": projects[0], "contributor_id": people[0]}
    work = {"task": "T-1", "submitted_at": NINE, "content": "0", "imported_at": NINE}
    done = insert(Submission).values(kept | where | work).returning(Submission.id)
    submission_id = (await tx.execute(done)).scalar_one()
    chain = kept | {"submission_id": submission_id, "origin": "random", "opened_at": NINE}
    opened = insert(AuditChain).values(chain).returning(AuditChain.id)
    shared = kept | {
        "submission_id": submission_id,
        "chain_id": (await tx.execute(opened)).scalar_one(),
        "step": "draw",
        "origin": "random",
        "scoring": True,
        "imported": False,
    }
    rows = [
        shared
        | {
            "squad_id": key,
            "project_id": works_on[key],
            "contributor_id": people[2 * n],
            "auditor_id": people[2 * n + 1],
            "audited_at": NINE - timedelta(days=back, minutes=each),
            "verdict": "rejected" if wrong else "accepted",
            "errors": int(wrong),
        }
        for n, key in enumerate(squad_ids[:audited])
        for back in range(1, 43)
        for each in range(4)
        for wrong in [(back == 1 and n % SHARE == 0) or (back % 5 == 0 and each == 0)]
    ]
    await tx.execute(insert(Audit), rows)


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
    workspace_id: int, squad_id: int, due_at: datetime, kind: str, sync_id: int | None = None
) -> dict[str, Any]:
    day = due_at.date()
    weekly = kind == "weekly_digest"
    return {
        "workspace_id": workspace_id,
        "squad_id": squad_id,
        "target": f"squad:{squad_id}" if sync_id is None else f"sync:{sync_id}",
        "kind": kind,
        "local_time": wall(9) if sync_id is None else wall(9, 30),
        "weekday": day.weekday() if weekly else None,
        "zone": "UTC",
        "lateness_s": 4 * 3600,
        "lead_s": 0 if sync_id is None else 1800,
        "enabled": True,
        "next_slot": f"{day:%G-W%V}" if weekly else day.isoformat(),
        "next_due_at": due_at,
    }


@asynccontextmanager
async def world(
    squads: int, due_at: datetime, kinds: Sequence[str], audited: int = 0
) -> AsyncIterator[World]:
    """Open a seeded world."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "muster.db"
        await asyncio.to_thread(migrations.move, f"sqlite:///{path}")
        made = World(f"sqlite+aiosqlite:///{path}")
        await made.seed(squads, due_at, kinds, audited)
        try:
            yield made
        finally:
            await made.services.guidelines.close()
            await made.database.close()


async def crowd(due: int, only: str, audited: int) -> bool:
    """Let `due` schedules of some kinds be due at once; return whether the bounds hold."""
    kinds = only.split("+")
    async with world(due // len(kinds), NINE, kinds, audited) as it:
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
    async with world(schedules // 2, NINE + timedelta(hours=1), KINDS[-1].split("+")) as it:
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
    parser.add_argument("--audited", type=int, default=500)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    held = [await crowd(given.due, kind, given.audited) for kind in given.kinds if given.due]
    if given.idle:
        held.append(await idle(given.idle))
    if not all(held):
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
