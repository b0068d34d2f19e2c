"""The import of a large CSV file: its speed beside a bare executemany, its memory, and clicks.

    python benchmarks/bench_import.py [--rows 1000000] [--without-clicks]

`muster import submissions` runs as a person would run it, in a process of its own, on an SQLite
file; its time is that of the whole command. The reference puts the same rows, already parsed, into
the same table with the same indexes and pragmas by one `executemany` in one transaction; it runs
before and after, and the faster one counts. The import then runs once more on a fresh file while
another process records 33 audits a second in it (role check, effect key, audit, intent), each timed
from the call until it was committed.
"""

import argparse
import asyncio
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click_world import seed

from bot.rules.audits import Verdict
from bot.rules.findings import AuditForm
from bot.store import migrations
from tests.harness import House, open_house

ROOT = Path(__file__).resolve().parents[1]

HEADER = "task,contributor,submitted_at,duration_s,label,url,batch,guideline_version"
PEOPLE = 300
PER_BATCH = 5_000
CLICKS_PER_S = 33
ENOUGH_CLICKS = 200_000

LIMITS = {"speed": 0.3, "resident_mb": 250.0, "p99_s": 1.0}


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds, the most resident memory in MB, its report."""

    seconds: float
    resident_mb: float
    report: dict[str, Any]


def write_rows(path: Path, n: int) -> None:
    """Write n submissions in the order of time; within a batch tasks are handed out at random."""
    dice = random.Random(1)
    moment = datetime(2025, 9, 1, tzinfo=UTC)
    tasks = []
    for start in range(0, n, PER_BATCH):
        batch = list(range(start, min(n, start + PER_BATCH)))
        dice.shuffle(batch)
        tasks += batch
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for row, task in enumerate(tasks):
            moment += timedelta(seconds=dice.randrange(25))
            writer.writerow(
                (
                    f"T-{task:07d}",
                    f"worker-{dice.randrange(PEOPLE)}",
                    moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    dice.randrange(5, 400),
                    dice.choice(("car", "truck", "bicycle", "person")),
                    f"https://tool.example/tasks/{task}",
                    f"B-{row // PER_BATCH}",
                    "v3",
                )
            )


def bare(folder: Path, path: Path, n: int) -> float:
    """Return the seconds of an executemany of the file's rows, and of its commit."""
    database = folder / "bare.db"
    migrations.move(f"sqlite:///{database}")
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    _parents(connection, n)
    columns = (
        "workspace_id,project_id,squad_id,contributor_id,batch_id,task,submitted_at,duration_s,"
        "label,url,guideline_version,revision,content,imported_at"
    )
    marks = ",".join("?" * len(columns.split(",")))
    statement = f"INSERT INTO submissions ({columns}) VALUES ({marks})"
    seconds = 0.0
    connection.execute("BEGIN IMMEDIATE")
    for rows in _parsed(path):
        begun = time.perf_counter()
        connection.executemany(statement, rows)
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    connection.execute("COMMIT")
    seconds += time.perf_counter() - begun
    connection.close()
    for left in folder.glob("bare.db*"):
        left.unlink()
    return seconds


def _parents(connection: sqlite3.Connection, n: int) -> None:
    """Add what the rows refer to."""
    now = "2026-01-01 00:00:00.000000"
    connection.execute("INSERT INTO workspaces (id, name, created_at) VALUES (1, 'w', ?)", (now,))
    connection.execute(
        "INSERT INTO squads (id, workspace_id, name, state, individual_figures, language, zone,"
        " working_days, work_start, work_end, created_at)"
        " VALUES (1, 1, 's', 'live', 'self', 'en', 'UTC', '01234', '09:00', '18:00', ?)",
        (now,),
    )
    connection.execute(
        "INSERT INTO projects (id, workspace_id, name, created_at) VALUES (1, 1, 'p', ?)", (now,)
    )
    connection.executemany(
        "INSERT INTO people (id, workspace_id, name, zone_set, created_at)"
        " VALUES (?, 1, 'x', 0, ?)",
        [(key, now) for key in range(1, PEOPLE + 1)],
    )
    connection.executemany(
        "INSERT INTO batches (id, workspace_id, project_id, name, created_at)"
        " VALUES (?, 1, 1, ?, ?)",
        [(key, f"B-{key}", now) for key in range(1, n // PER_BATCH + 2)],
    )


def _parsed(path: Path) -> Iterator[list[tuple[object, ...]]]:
    """Yield the rows as the table holds them, many at a time."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows: list[tuple[object, ...]] = []
        for n, (task, who, when, spent, label, url, batch, version) in enumerate(reader):
            moment = f"{when[:10]} {when[11:19]}.000000"
            person, group = int(who[7:]) + 1, int(batch[2:]) + 1
            content = f"{n:032x}"
            keys = (1, 1, 1, person, group, task, moment)
            rows.append((*keys, float(spent), label, url, version, 1, content, moment))
            if len(rows) == 50_000:
                yield rows
                rows = []
        yield rows


def start_import(database: Path, path: Path) -> subprocess.Popen[str]:
    """Start the command on a database."""
    command = [sys.executable, str(ROOT / "app.py"), "import", "submissions", str(path)]
    command += ["--squad", "Imported", "--project", "Boxes", "--create", "--json"]
    env = {**os.environ, "DATABASE_URL": f"sqlite+aiosqlite:///{database}"}
    return subprocess.Popen(
        command, env=env, cwd=database.parent, stdout=subprocess.PIPE, text=True
    )


def measured(database: Path, path: Path) -> Run:
    """Run the command alone."""
    begun = time.perf_counter()
    child = start_import(database, path)
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _peak_mb(child.pid))
        time.sleep(0.05)
    return Run(time.perf_counter() - begun, peak, _report(child))


def _report(child: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = child.communicate()
    assert child.returncode == 0, "the import failed"
    report: dict[str, Any] = json.loads(out)
    return report


def _peak_mb(pid: int) -> float:
    """Return the most memory a process had resident so far, in MB (Linux)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 / 1e6 if found else 0.0


async def clicked(database: Path, path: Path) -> tuple[Run, list[float]]:
    """Run the command beside a house in which audits are recorded; return the clicks' seconds."""
    async with open_house(f"sqlite+aiosqlite:///{database}") as house:
        auditor, _ = await seed(house, ENOUGH_CLICKS)
        begun = time.perf_counter()
        child = start_import(database, path)
        seconds = await _click_until(house, auditor, child)
        return Run(time.perf_counter() - begun, 0.0, _report(child)), seconds


async def _click_until(house: House, user: Any, child: subprocess.Popen[str]) -> list[float]:
    seconds: list[float] = []

    async def click(number: int) -> None:
        begun = time.perf_counter()
        form = AuditForm(submission_id=number, verdict=Verdict.ACCEPTED)
        await house.services.audits.record(house.caller(user), form, f"click-{number}")
        seconds.append(time.perf_counter() - begun)

    running: set[asyncio.Task[None]] = set()
    begun, number = time.perf_counter(), 0
    while child.poll() is None:
        number += 1
        task = asyncio.create_task(click(number))
        running.add(task)
        task.add_done_callback(running.discard)
        await asyncio.sleep(max(0.0, begun + number / CLICKS_PER_S - time.perf_counter()))
    if running:
        await asyncio.wait(running)
    assert len(seconds) == number, "a click was lost"
    return seconds


def main() -> None:
    """Print the table; exit code 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--without-clicks", action="store_true")
    given = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "rows.csv"
        write_rows(path, given.rows)
        before = bare(folder, path, given.rows)
        run = measured(folder / "import.db", path)
        reference = min(before, bare(folder, path, given.rows))
        assert run.report["new"] == given.rows, run.report
        speed = reference / run.seconds
        print(f"rows                      {given.rows:>12,}")
        print(f"bare executemany          {reference:>12.1f} s")
        print(f"muster import             {run.seconds:>12.1f} s")
        missed |= _said("share of its speed", speed, ">=", LIMITS["speed"])
        missed |= _said("resident, MB", run.resident_mb, "<=", LIMITS["resident_mb"])
        again = measured(folder / "import.db", path)
        assert again.report["unchanged"] == given.rows, again.report
        print(f"the same file again       {again.seconds:>12.1f} s, {again.resident_mb:.0f} MB")
        if not given.without_clicks:
            missed |= _clicks(folder / "clicks.db", path, given.rows)
    sys.exit(missed)


def _clicks(database: Path, path: Path, rows: int) -> bool:
    migrations.move(f"sqlite:///{database}")
    run, seconds = asyncio.run(clicked(database, path))
    assert run.report["new"] == rows, run.report
    seconds.sort()
    print(f"muster import with clicks {run.seconds:>12.1f} s, {len(seconds):,} clicks")
    print(f"click p50, s              {seconds[len(seconds) // 2]:>12.3f}")
    missed = _said("click p99, s", seconds[int(len(seconds) * 0.99)], "<=", LIMITS["p99_s"])
    print(f"slowest click, s          {seconds[-1]:>12.3f}")
    return missed


def _said(what: str, value: float, sign: str, limit: float) -> bool:
    """Print a figure with its limit; tell whether it was missed."""
    good = value >= limit if sign == ">=" else value <= limit
    print(f"{what:<25} {value:>12.2f}   {sign} {limit:g}  {'ok' if good else 'MISSED'}")
    return not good


if __name__ == "__main__":
    main()
