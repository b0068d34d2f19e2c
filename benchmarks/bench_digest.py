"""The digest of a squad of 200 with two years of history, and with ten times as much.

    python benchmarks/bench_digest.py [--per-week N] [--weeks N [N ...]]

A squad of 200 hands in N pieces a week each (10 unless said otherwise), a quarter of it audited, a
tenth of that rejected with findings, in ten batches at a time. Half of the people were coached on
one category within half a year. "Digest" is the whole of `services.digests.content` as dispatch
calls it, daily and weekly; the reference is one statement on the report's own index over the same
days (bench_report.py). The stores take turns.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from bench_report import REFERENCE
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import Connection

from bot.clock import Clock
from bot.rules.digests import Cadence, Edition
from bot.services import bundle
from bot.store import migrations
from bot.store.database import Database
from models import (
    Audit,
    AuditChain,
    Base,
    Batch,
    Category,
    Coached,
    Finding,
    Member,
    MemberRole,
    OneOnOne,
    OneOnOnePair,
    Person,
    Project,
    Squad,
    SquadProject,
    Submission,
    Workspace,
)

LIMIT_MS = 500
LIMIT_GROWTH = 1.5
PEOPLE = range(1, 201)
COACHED = range(1, 101)
AUDITOR = 201
WEEKS = (104, 1040)
ROUNDS = 30
LAST = datetime(2026, 3, 9, tzinfo=UTC)  # a Monday; all work is of before
WEEK = timedelta(days=7)
BATCH_WEEKS, BATCHES = 2, 10
CATEGORIES = range(1, 13)


def ground(connection: Connection, weeks: int) -> None:
    """Fill everything but work: one workspace, squad and project, its people and batches."""
    common = {"workspace_id": 1, "created_at": LAST - weeks * WEEK}

    def put(table: type[Base], *rows: dict[str, Any]) -> None:
        connection.execute(insert(table), list(rows))

    put(Workspace, {"id": 1, "team_id": "T0BENCH", "name": "Bench", "created_at": LAST})
    put(
        Project,
        {"id": 1, "name": "Boxes", "planned_volume": 500, "audits_per_week": 3, **common},
    )
    put(
        Squad,
        {
            "id": 1,
            "name": "Kestrel",
            "state": "live",
            "individual_figures": "self+managers",
            "language": "en",
            "zone": "Europe/London",
            "quality_target": 0.92,
            "working_days": "01234",
            "work_start": clock_time(9),
            "work_end": clock_time(17),
            **common,
        },
    )
    put(SquadProject, {"workspace_id": 1, "squad_id": 1, "project_id": 1})
    people = [*PEOPLE, AUDITOR]
    put(
        Person,
        *({"id": key, "name": f"P{key}", "zone": "Europe/London", **common} for key in people),
    )
    member = {
        "workspace_id": 1,
        "squad_id": 1,
        "status": "active",
        "joined_at": LAST - weeks * WEEK,
    }
    put(Member, *({"id": key, "person_id": key, **member} for key in people))
    put(
        MemberRole,
        *(
            {
                "workspace_id": 1,
                "member_id": key,
                "role": "auditor" if key == AUDITOR else "contributor",
            }
            for key in people
        ),
    )
    put(
        Category,
        *(
            {
                "id": key,
                "workspace_id": 1,
                "project_id": 1,
                "name": f"Category {key}",
                "severity": "error",
                "section": f"{key}.1",
                "position": key,
            }
            for key in CATEGORIES
        ),
    )
    put(Batch, *(_batch(key, weeks, common) for key in range(1, _batches(weeks) + 1)))
    coachings(connection)


def coachings(connection: Connection) -> None:
    """Put in one-on-ones in which half of the people were coached, one after the other."""
    pairs, meetings, coached = [], [], []
    for key in COACHED:
        at = LAST - timedelta(days=160) + key * timedelta(days=1.5)
        two = {"id": key, "workspace_id": 1, "squad_id": 1}
        of = {"manager_id": AUDITOR, "person_id": key, "created_at": at}
        pairs.append({**two, **of, "every_weeks": 2, "minutes": 30, "zone": "Europe/London"})
        held = {"starts_at": at, "ends_at": at + timedelta(minutes=30), "state": "happened"}
        plan = {"pair_id": key, "slot": "2026-W01", "revision": 0, "reminded": 0, "by_hand": False}
        meetings.append({**two, **of, **held, **plan})
        lesson = {"one_on_one_id": key, "project_id": 1, "category_id": 1, "by_id": AUDITOR}
        led = {"led_from": at - timedelta(days=28), "coached_at": at}
        coached.append({**two, "person_id": key, **lesson, **led})
    for table, rows in ((OneOnOnePair, pairs), (OneOnOne, meetings), (Coached, coached)):
        connection.execute(insert(table), rows)


def _batches(weeks: int) -> int:
    return (weeks + BATCH_WEEKS - 1) // BATCH_WEEKS * BATCHES


def _batch(key: int, weeks: int, common: dict[str, Any]) -> dict[str, Any]:
    current = key > _batches(weeks) - BATCHES
    return {
        "id": key,
        "project_id": 1,
        "name": f"B{key}",
        "size": 2_000,
        "due": date(2026, 4, 1) if current else None,
        "retired_at": None if current else LAST,
        **common,
    }


Rows = tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]


def work(weeks: int, per_week: int) -> Iterator[Rows]:
    """Yield submissions in their order, some with an audit, some of those with a finding."""
    r = random.Random(20260309)
    key = 0
    for week in range(weeks):
        begin = LAST - (weeks - week) * WEEK
        batches = week // BATCH_WEEKS * BATCHES
        for second in sorted(r.randrange(5 * 86_400) for _ in range(len(PEOPLE) * per_week)):
            key += 1
            at = begin + timedelta(seconds=second)
            submission = {
                "id": key,
                "workspace_id": 1,
                "project_id": 1,
                "squad_id": 1,
                "contributor_id": r.choice(PEOPLE),
                "batch_id": batches + r.randrange(BATCHES) + 1,
                "task": f"T-{key}",
                "submitted_at": at,
                "duration_s": round(r.lognormvariate(4, 0.5), 1),
                "guideline_version": f"v{week // 26}",
                "revision": 1,
                "content": f"{key:032x}",
                "imported_at": at,
            }
            audit = _audit(r, submission) if key % 4 == 0 else None
            yield submission, audit, _finding(r, audit)


def _audit(r: random.Random, submission: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "workspace_id", "project_id", "squad_id", "contributor_id")
    wrong = r.random() < 0.1
    return {
        **{name: submission[name] for name in same},
        "submission_id": submission["id"],
        "chain_id": submission["id"],
        "auditor_id": AUDITOR,
        "step": "draw",
        "origin": "random" if r.random() < 0.8 else "risk",
        "verdict": "rejected" if wrong else "accepted",
        "errors": int(wrong),
        "weight": r.choice((3.0, 5.0)),
        "waited_s": 3600,
        "scoring": True,
        "imported": False,
        "audited_at": submission["submitted_at"] + timedelta(hours=1),
    }


def _finding(r: random.Random, audit: dict[str, Any] | None) -> dict[str, Any] | None:
    if audit is None or not audit["errors"]:
        return None
    category = r.choice(CATEGORIES)
    return {
        "workspace_id": 1,
        "audit_id": audit["id"],
        "category_id": category,
        "severity": "error",
        "section": f"{category}.1",
        "state": "acknowledged",
    }


def build(url: str, weeks: int, per_week: int) -> None:
    """Migrate an empty database and fill it."""
    migrations.move(url)
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        ground(connection, weeks)
        rows: list[Rows] = []
        for row in work(weeks, per_week):
            rows.append(row)
            if len(rows) == 20_000:
                flush(connection, rows)
        flush(connection, rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def flush(connection: Connection, rows: list[Rows]) -> None:
    """Insert a batch and empty it."""
    audits = [audit for _, audit, _ in rows if audit]
    chains = [
        {
            "id": audit["chain_id"],
            "workspace_id": 1,
            "submission_id": audit["submission_id"],
            "origin": audit["origin"],
            "weight": audit["weight"],
            "opened_at": audit["audited_at"],
        }
        for audit in audits
    ]
    for table, found in (
        (Submission, [submission for submission, _, _ in rows]),
        (AuditChain, chains),
        (Audit, audits),
        (Finding, [finding for _, _, finding in rows if finding]),
    ):
        if found:
            connection.execute(insert(table), found)
    rows.clear()


async def measure(urls: dict[int, str], per_week: int) -> dict[tuple[int, str], float]:
    """Return median milliseconds by weeks of history and task, taken in turns."""
    databases = {weeks: Database(url) for weeks, url in urls.items()}
    clock = Clock(source=lambda: LAST + timedelta(hours=10))
    tasks: dict[tuple[int, str], Any] = {}
    for weeks, database in databases.items():
        digests = bundle.build(database, clock).digests
        for cadence in Cadence:
            edition = Edition(workspace_id=1, squad_id=1, cadence=cadence, day=LAST.date())
            tasks[weeks, cadence.value] = lambda d=digests, e=edition: d.content(e)
        tasks[weeks, "reference"] = lambda d=database: _reference(d)
    taken: dict[tuple[int, str], list[float]] = {key: [] for key in tasks}
    for turn in range(ROUNDS + 3):
        for key, task in tasks.items():
            begin = time.perf_counter()
            found = await task()
            if turn >= 3:
                taken[key].append((time.perf_counter() - begin) * 1000)
            elif key[1] != "reference":
                # A digest with nothing in it would be fast and compare nothing.
                assert found is not None
                assert found.projects[0].now.score.n > 30 * per_week
                coaching = found.projects[0].coaching
                assert (coaching is not None) is (key[1] == Cadence.WEEKLY.value)
                assert coaching is None or coaching.told is not None
    for database in databases.values():
        await database.close()
    return {key: statistics.median(each) for key, each in taken.items()}


async def _reference(database: Database) -> Any:
    parameters = {"workspace": 1, "project": 1, "squad": 1, "begin": LAST - 2 * WEEK, "end": LAST}
    async with database.read() as connection:
        return (await connection.execute(REFERENCE, parameters)).all()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--per-week", type=int, default=10, help="pieces a person and week")
    parser.add_argument("--weeks", type=int, nargs="+", default=WEEKS, help="weeks of history")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = {weeks: f"sqlite+aiosqlite:///{Path(folder)}/{weeks}.db" for weeks in given.weeks}
        for weeks, url in urls.items():
            build(url, weeks, given.per_week)
        found = await measure(urls, given.per_week)
    for cadence in Cadence:
        for weeks in urls:
            digest, reference = found[weeks, cadence.value], found[weeks, "reference"]
            submissions = weeks * len(PEOPLE) * given.per_week
            print(
                f"{cadence.value} digest, {weeks} weeks, {submissions:,} submissions:"
                f" {digest:.0f} ms (at most {LIMIT_MS} ms), {digest / reference:.1f}x the"
                f" reference of {reference:.1f} ms"
            )
        if len(urls) > 1:
            growth = found[max(urls), cadence.value] / found[min(urls), cadence.value]
            bound = f"(at most {LIMIT_GROWTH}x)"
            print(f"{cadence.value} digest, the longest history: {growth:.2f}x {bound}")


if __name__ == "__main__":
    asyncio.run(main())
