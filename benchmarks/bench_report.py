"""The quality report of one squad-week beside a reference statement, at two sizes of the store.

    python benchmarks/bench_report.py [--postgres URL]

The store holds 100,000 submissions with 10,000 audits, then ten times as much: weeks of twenty
squads that hand in 500 pieces a week and five that hand in 2,000, a tenth of it audited. All of it
goes through the same door, `Database.read()`: the reference is one statement in one transaction,
the report is `bot.services.reports.quality` in one transaction (figures, intervals, medians), and
"asked" is the whole call of a manager: who is it, may they, which squad and project, the report.
Both stores take turns, so that their times can be compared too.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, create_engine, insert, text
from sqlalchemy.engine import Connection

from bot.clock import Clock
from bot.rules.people import Caller
from bot.rules.reports import Scope
from bot.services.reports import Reports, quality
from bot.store import migrations, reports
from bot.store.database import Database
from models import (
    Audit,
    AuditChain,
    Base,
    Member,
    MemberRole,
    Person,
    Project,
    SlackIdentity,
    Squad,
    SquadProject,
    Submission,
    UtcDateTime,
    Workspace,
)

# What any report of this kind must at least do, on the report's own index, ix_audits_report.
REFERENCE = text("""
    SELECT audit_chains.origin, audits.verdict, count(*), sum(audits.errors)
    FROM audits
    JOIN audit_chains ON audit_chains.id = audits.chain_id
    JOIN submissions ON submissions.id = audits.submission_id
    WHERE audits.workspace_id = :workspace AND audits.project_id = :project
      AND audits.squad_id = :squad AND audits.audited_at >= :begin AND audits.audited_at < :end
    GROUP BY audit_chains.origin, audits.verdict
""").bindparams(bindparam("begin", type_=UtcDateTime()), bindparam("end", type_=UtcDateTime()))

LIMIT = 1.5
ROUNDS = 400
SIZES = (100_000, 1_000_000)
PER_WEEK = {squad: 2_000 if squad <= 5 else 500 for squad in range(1, 26)}
WEEK = timedelta(days=7)
FIRST = date(2024, 1, 1)  # a Monday
START = datetime(2024, 1, 1, tzinfo=UTC)
MANAGER = 1
TEAM = "T0BENCH"
AT_ONCE = 20_000


def people_of(squad: int) -> list[int]:
    """Return eight contributors."""
    return [squad * 10 + n for n in range(8)]


def ground(connection: Connection) -> None:
    """Fill everything but work: one workspace, one project, 25 squads, their people."""
    common = {"workspace_id": 1, "created_at": START}

    def put(table: type[Base], rows: list[dict[str, Any]]) -> None:
        connection.execute(insert(table), rows)

    put(Workspace, [{"id": 1, "team_id": TEAM, "name": "Bench", "created_at": START}])
    put(Project, [{"id": 1, "name": "Reviews", **common}])
    put(
        Squad,
        [
            {
                "id": squad,
                "name": f"Squad {squad}",
                "state": "live",
                "individual_figures": "self+managers",
                "language": "en",
                "zone": "UTC",
                "working_days": "01234",
                "work_start": clock_time(9),
                "work_end": clock_time(17),
                **common,
            }
            for squad in PER_WEEK
        ],
    )
    put(
        SquadProject,
        [{"workspace_id": 1, "squad_id": squad, "project_id": 1} for squad in PER_WEEK],
    )
    everybody = [MANAGER, *(person for squad in PER_WEEK for person in people_of(squad))]
    put(Person, [{"id": key, "name": f"P{key}", **common} for key in everybody])
    put(
        SlackIdentity,
        [
            {
                "workspace_id": 1,
                "user_id": "U0MANAGER",
                "person_id": MANAGER,
                "kind": "member",
                "refreshed_at": START,
            }
        ],
    )
    members = [
        {
            "id": squad,
            "workspace_id": 1,
            "squad_id": squad,
            "person_id": MANAGER,
            "status": "active",
            "joined_at": START,
        }
        for squad in PER_WEEK
    ]
    put(Member, members)
    roles = [{"workspace_id": 1, "member_id": squad, "role": "manager"} for squad in PER_WEEK]
    put(MemberRole, roles)


def work(submissions: int) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Yield submissions in the order in which they came, a tenth of them with an audit."""
    r = random.Random(20240101)
    key, week = 0, 0
    while key < submissions:
        handed_in = sorted(
            (START + week * WEEK + timedelta(seconds=r.randrange(5 * 86_400)), squad)
            for squad, number in PER_WEEK.items()
            for _ in range(number)
        )
        for at, squad in handed_in:
            key += 1
            contributor = r.choice(people_of(squad))
            submission = {
                "id": key,
                "workspace_id": 1,
                "project_id": 1,
                "squad_id": squad,
                "contributor_id": contributor,
                "task": f"T-{key}",
                "submitted_at": at,
                "duration_s": round(r.lognormvariate(4, 0.5), 1),
                "label": "car",
                "url": f"https://tool.example/tasks/{key}",
                "revision": 1,
                "content": f"{key:032x}",
                "imported_at": at,
            }
            yield submission, _audit(r, submission) if key % 10 == 0 else None
        week += 1


def _audit(r: random.Random, submission: dict[str, Any]) -> dict[str, Any]:
    waited = r.randrange(600, 86_400)
    errors = r.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))
    return {
        **{
            name: submission[name]
            for name in ("workspace_id", "project_id", "squad_id", "contributor_id")
        },
        "submission_id": submission["id"],
        "chain_id": submission["id"] // 10,
        "auditor_id": MANAGER,
        "step": "draw",
        "origin": r.choice(("random",) * 8 + ("risk", "chosen")),
        "verdict": "rejected" if errors else "accepted",
        "errors": errors,
        "weight": r.choice((5.0, 10.0)),
        "waited_s": waited,
        "scoring": True,
        "imported": False,
        "audited_at": submission["submitted_at"] + timedelta(seconds=waited),
    }


def build(url: str, submissions: int) -> None:
    """Migrate an empty database and fill it."""
    migrations.move(url)
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        ground(connection)
        made: list[dict[str, Any]] = []
        audits: list[dict[str, Any]] = []
        for submission, audit in work(submissions):
            made.append(submission)
            if audit is not None:
                audits.append(audit)
            if len(made) == AT_ONCE:
                flush(connection, made, audits)
        flush(connection, made, audits)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def flush(connection: Connection, made: list[dict[str, Any]], audits: list[dict[str, Any]]) -> None:
    """Insert a batch and empty it."""
    if made:
        connection.execute(insert(Submission), made)
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
        connection.execute(insert(AuditChain), chains)
        connection.execute(insert(Audit), audits)
    made.clear()
    audits.clear()


async def measure(databases: dict[int, Database], squad: int) -> dict[int, dict[str, float]]:
    """Return median milliseconds by size, of the reference, the report and the whole question."""
    tasks: dict[tuple[int, str], Callable[[], Awaitable[object]]] = {}
    for size, database in databases.items():
        for name, task in (await _tasks(database, squad)).items():
            tasks[size, name] = task
    taken: dict[tuple[int, str], list[float]] = {key: [] for key in tasks}
    for turn in range(ROUNDS + 20):
        # In turns, so that whatever else the machine does falls on all alike.
        for key, task in tasks.items():
            begin = time.perf_counter()
            await task()
            if turn >= 20:
                taken[key].append((time.perf_counter() - begin) * 1000)
    found: dict[int, dict[str, float]] = {size: {} for size in databases}
    for (size, name), each in taken.items():
        found[size][name] = statistics.median(each)
    return found


async def _tasks(database: Database, squad: int) -> dict[str, Callable[[], Awaitable[object]]]:
    async with database.read() as connection:
        scope = await reports.scope(connection, 1, squad, 1)
    assert scope is not None
    first = FIRST + 3 * WEEK
    last = first + WEEK - timedelta(days=1)
    service = Reports(database, Clock())
    _check(
        await _reference(database, scope, first, last), await _report(database, scope, first, last)
    )
    return {
        "reference": lambda: _reference(database, scope, first, last),
        "report": lambda: _report(database, scope, first, last),
        "asked": lambda: service.quality(Caller(TEAM, "U0MANAGER"), squad, 1, first, last),
    }


async def _reference(database: Database, scope: Scope, first: date, last: date) -> Any:
    begin, end = scope.period(first, last)
    parameters = {"workspace": 1, "project": 1, "squad": scope.squad_id, "begin": begin, "end": end}
    async with database.read() as connection:
        return (await connection.execute(REFERENCE, parameters)).all()


async def _report(database: Database, scope: Scope, first: date, last: date) -> Any:
    async with database.read() as connection:
        return (await quality(connection, scope, first, last)).to_json()


def _check(rows: Any, report: dict[str, Any]) -> None:
    """Both must have counted the same, or the times compare nothing."""
    (group,) = report["groups"]
    assert sum(row[2] for row in rows) == sum(group["audits"].values()) > 0
    errors = sum(int(row[3]) for row in rows if row[0] == "random")
    assert errors == group["errors"] > 0
    assert group["turnaround_s"]["n"] == sum(group["audits"].values())


async def run(urls: dict[int, str]) -> None:
    """Build the stores, measure both kinds of squad and print a line each."""
    for submissions, url in urls.items():
        build(url, submissions)
    databases = {submissions: Database(url) for submissions, url in urls.items()}
    for squad in (25, 3):
        week = PER_WEEK[squad]
        found = await measure(databases, squad)
        for submissions, taken in found.items():
            print(
                f"{submissions:>9,} submissions, {week:>5,} a week: "
                f"reference {taken['reference']:.2f} ms, report {taken['report']:.2f} ms "
                f"= {taken['report'] / taken['reference']:.2f}x (at most {LIMIT}x), "
                f"asked by a manager {taken['asked']:.2f} ms"
            )
        if len(found) > 1:
            growth = found[max(found)]["report"] / found[min(found)]["report"]
            print(f"ten times the store, {week:>5,} a week: {growth:.2f}x (at most {LIMIT}x)")
    for database in databases.values():
        await database.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--postgres", metavar="URL", help="an empty database for 1,000,000 rows")
    given = parser.parse_args()
    if given.postgres:
        await run({SIZES[-1]: given.postgres})
        return
    with tempfile.TemporaryDirectory() as folder:
        place = f"sqlite+aiosqlite:///{Path(folder)}"
        await run({submissions: f"{place}/{submissions}.db" for submissions in SIZES})


if __name__ == "__main__":
    asyncio.run(main())
