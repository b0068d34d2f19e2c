"""Real timed judgements go in by the shell, and the report's figures equal an independent count.

    python benchmarks/check_crowd.py FOLDER

FOLDER holds `relex_judgments_timed.csv` (worker, task, label, started_at, submitted_at) and
`relex_cause_gold.csv` (task, gold), both in UTC. Judgements go in as submissions; a judgement of a
task that experts labelled becomes an audit, rejected where the two differ. The count beside the
report reads the same rows with the standard library and shares no code with the product.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import floor, isclose, sqrt
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SQUAD, PROJECT, CATEGORY = "Crowd", "Relations", "Wrong relation"
Z = 1.959963984540054
ORIGINS = ("random", "risk", "chosen", "double", "gold", "unknown")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One row of the data; instants are UTC."""

    worker: str
    task: str
    label: str
    began: datetime
    ended: datetime

    @property
    def seconds(self) -> float:
        return (self.ended - self.began).total_seconds()

    @property
    def audited(self) -> datetime:
        """When we say that it was audited: one to seven hours later, by its task."""
        return self.ended + timedelta(hours=1 + int(self.task) % 7)


@dataclass(slots=True)
class Count:
    """What a report should say of some judgements."""

    submissions: int = 0
    times: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    good: int = 0
    bad: int = 0

    def group(self, key: str | None) -> dict[str, Any]:
        n = self.good + self.bad
        rate, low, high = wilson(self.good, n)
        return {
            "key": key,
            "audits": {name: n if name == "random" else 0 for name in ORIGINS},
            "accepted": self.good,
            "rate": rate,
            "low": low,
            "high": high,
            "n": n,
            "n_effective": float(n),
            "errors": self.bad,
            "errors_per_audit": self.bad / n if n else None,
            "submissions": self.submissions,
            "time_per_item_s": spread(self.times),
            "turnaround_s": spread(self.waits),
        }


def wilson(good: int, n: int) -> tuple[float | None, float | None, float | None]:
    """Return a share and its score interval at 95 %, from the textbook formula."""
    if n == 0:
        return None, None, None
    share = good / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return share, 0.0 if good == 0 else middle - half, 1.0 if good == n else middle + half


def spread(values: list[float]) -> dict[str, Any]:
    """Return median and 90th percentile, interpolated between neighbours."""
    ordered = sorted(values)
    if not ordered:
        return {"median": None, "p90": None, "n": 0}

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        low = floor(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] * (1 - (place - low)) + ordered[high] * (place - low)

    return {"median": at(0.5), "p90": at(0.9), "n": len(ordered)}


def read(folder: Path) -> tuple[list[Judgement], dict[str, str]]:
    """Return the judgements, each (task, worker, second) once, and the experts' labels."""
    with (folder / "relex_judgments_timed.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            (row["task"], row["worker"], row["submitted_at"]): Judgement(
                worker=row["worker"],
                task=row["task"],
                label=row["label"],
                began=_instant(row["started_at"]),
                ended=_instant(row["submitted_at"]),
            )
            for row in csv.DictReader(file)
        }
    with (folder / "relex_cause_gold.csv").open(encoding="utf-8", newline="") as file:
        gold = {row["task"]: row["gold"] for row in csv.DictReader(file)}
    return list(rows.values()), gold


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def audited(judgements: list[Judgement], gold: dict[str, str]) -> list[Judgement]:
    """Return what is audited: a task that experts labelled, judged once by the worker.

    An audit names task and contributor, so of two judgements it would not say which.
    """
    times = Counter((each.task, each.worker) for each in judgements)
    return [each for each in judgements if each.task in gold and times[each.task, each.worker] == 1]


def write(folder: Path, judgements: list[Judgement], gold: dict[str, str]) -> tuple[Path, Path]:
    """Write both files in the layout that `muster import` documents."""
    submissions, audits = folder / "submissions.csv", folder / "audits.csv"
    with submissions.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["task", "contributor", "submitted_at", "duration_s", "label"])
        for each in judgements:
            ended = each.ended.strftime("%Y-%m-%dT%H:%M:%SZ")
            writer.writerow([each.task, each.worker, ended, each.seconds, each.label])
    with audits.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["task", "contributor", "auditor", "audited_at", "verdict", "category", "severity"]
        )
        for each in audited(judgements, gold):
            good = each.label == gold[each.task]
            said = ["accepted", "", ""] if good else ["rejected", CATEGORY, "error"]
            when = each.audited.strftime("%Y-%m-%dT%H:%M:%SZ")
            writer.writerow([each.task, each.worker, "experts", when, *said])
    return submissions, audits


def count(
    judgements: list[Judgement], gold: dict[str, str], first: str, last: str
) -> dict[str | None, Count]:
    """Count days (UTC, `last` included), in all and by worker."""

    def inside(moment: datetime) -> bool:
        return first <= moment.date().isoformat() <= last

    found: dict[str | None, Count] = defaultdict(Count)
    found[None] = Count()
    for each in judgements:
        if inside(each.ended):
            for one in (found[None], found[each.worker]):
                one.submissions += 1
                one.times.append(each.seconds)
    for each in audited(judgements, gold):
        if inside(each.audited):
            for one in (found[None], found[each.worker]):
                one.good += each.label == gold[each.task]
                one.bad += each.label != gold[each.task]
                one.waits.append((each.audited - each.ended).total_seconds())
    return found


def muster(database: Path, *arguments: str) -> Any:
    """Run a command of the shell with `--json` and return what it printed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *arguments, "--json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite+aiosqlite:///{database}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"muster {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout)


def same(ours: Any, theirs: Any) -> bool:
    """Compare two JSON values; numbers up to rounding."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, float) and isinstance(theirs, (int, float)):
        return isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    return bool(ours == theirs)


def compare(
    database: Path, judgements: list[Judgement], gold: dict[str, str], first: str, last: str
) -> int:
    """Compare both reports of some days; return how many groups differ."""
    expected = count(judgements, gold, first, last)
    asked = ("report", "quality", "--squad", SQUAD, "--project", PROJECT)
    days = ("--from", first, "--to", last)
    total = muster(database, *asked, *days)["groups"]
    people = muster(database, *asked, *days, "--by", "contributor")["groups"]
    wanted = [expected[None].group(None)]
    wanted += [expected[key].group(key) for key in sorted(filter(None, expected))]
    found = [*total, *people]
    wrong = [pair for pair in zip(found, wanted, strict=False) if not same(pair[1], pair[0])]
    missing = abs(len(found) - len(wanted))
    group = total[0]
    print(
        f"{first} to {last}: {group['submissions']:,} submissions, {group['n']:,} audits, "
        f"{len(people)} people; {len(wrong) + missing} of {len(wanted)} groups differ"
    )
    for ours, theirs in wrong[:3]:
        print(f"  report {ours}\n  count  {theirs}")
    return len(wrong) + missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    judgements, gold = read(parser.parse_args().folder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "crowd.db"
        submissions, audits = write(folder, judgements, gold)
        # --create makes squad and project, then the error category that the audits name.
        place = ("--squad", SQUAD, "--project", PROJECT, "--zone", "UTC", "--create")
        first = muster(database, "import", "submissions", str(submissions), *place)
        print(f"submissions: { {key: first[key] for key in ('read', 'new')} }")
        given = muster(database, "import", "audits", str(audits), *place, "--sampling", "all")
        print(f"audits: { {key: given[key] for key in ('read', 'new')} }")
        assert first["new"] == len(judgements)
        assert given["new"] == len(audited(judgements, gold))
        days = sorted({each.ended.date().isoformat() for each in judgements})
        busiest = Counter(each.ended.date() for each in judgements).most_common(1)[0][0]
        monday = busiest - timedelta(days=busiest.weekday())
        week = (monday.isoformat(), (monday + timedelta(days=6)).isoformat())
        after = (datetime.fromisoformat(days[-1]) + timedelta(days=1)).date().isoformat()
        wrong = compare(database, judgements, gold, days[0], after)
        wrong += compare(database, judgements, gold, *week)
        wrong += compare(database, judgements, gold, days[0], days[0])
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
