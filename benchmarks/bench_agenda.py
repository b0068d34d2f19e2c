"""The agenda of a squad of 200 with two years of history, and with ten times as much.

    python benchmarks/bench_agenda.py [--per-week N] [--weeks N [N ...]]

The squad and its work are those of bench_digest.py; beside it there is a sync on every day with its
post in the outbox, and each day five topics (closed but for the last thirty), a ruling, a kept
answer, ten questions, three praises and two actions that are done. "Agenda" is the whole of
`services.agenda.content` as dispatch calls it, and its statements are counted. The stores take
turns.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import bench_digest
from bench_digest import LAST, PEOPLE, WEEKS
from sqlalchemy import create_engine, event, insert, text

from bot.clock import Clock
from bot.services import bundle
from bot.store.database import Database
from models import (
    ActionItem,
    AgendaTopic,
    Coaching,
    EdgeCase,
    Escalation,
    OutboxRow,
    Sync,
    SyncMeeting,
    VerifiedAnswer,
)

LIMIT_MS = 300
LIMIT_STATEMENTS = 30
LIMIT_GROWTH = 1.5
ROUNDS = 30
OPEN_TOPICS = 30
NOW = LAST + timedelta(hours=9, minutes=30)


def build(url: str, weeks: int, per_week: int) -> None:
    """Fill a database as bench_digest.py does, and with what agendas are made of."""
    bench_digest.build(url, weeks, per_week)
    engine = create_engine(url.replace("+aiosqlite", ""))
    days = [NOW - timedelta(days=n) for n in range(weeks * 7, -1, -1)]
    days = [day for day in days if day.weekday() < 5]
    with engine.begin() as connection:
        connection.execute(
            insert(Sync).values(
                id=1,
                workspace_id=1,
                squad_id=1,
                name="Stand-up",
                local_time=clock_time(10),
                kind="sync",
                minutes=30,
                lead_minutes=30,
                audience="squad",
            )
        )
        for begin in range(0, len(days), 500):
            for table, rows in _history(days[begin : begin + 500], days[-1]).items():
                connection.execute(insert(table), rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _history(days: list[datetime], last: datetime) -> dict[Any, list[dict[str, Any]]]:
    """Return the rows of some days, by table."""
    found: dict[Any, list[dict[str, Any]]] = {}

    def put(table: Any, **values: Any) -> None:
        found.setdefault(table, []).append({"workspace_id": 1, **values})

    for day in days:
        number = (day - datetime(2000, 1, 1, tzinfo=day.tzinfo)).days
        asked = day - timedelta(hours=18)
        put(
            SyncMeeting,
            id=number,
            squad_id=1,
            sync_id=1,
            kind="sync",
            name="Stand-up",
            slot=day.date().isoformat(),
            starts_at=day + timedelta(minutes=30),
            planned_at=day,
            facilitator_id=PEOPLE[number % len(PEOPLE)],
            state="held",
            revision=0,
        )
        put(
            OutboxRow,
            squad_id=1,
            channel="C1",
            operation="post",
            kind="agenda.post",
            kind_version=1,
            ids={"meeting_id": number},
            delivery_class="now",
            dedupe_key=f"agenda.post:{number}",
            state="sent",
            due_at=day,
            created_at=day,
            settled_at=day,
            attempts=1,
            lookups=0,
        )
        for n in range(5):
            is_open = (last - day).days * 5 < OPEN_TOPICS * 7 / 5
            put(
                AgendaTopic,
                squad_id=1,
                kind="sync",
                author_id=PEOPLE[n],
                text=f"Topic {number} " + "and so on " * 20,
                created_at=asked,
                closed_at=None if is_open else day + timedelta(days=3),
            )
        put(EdgeCase, project_id=1, squad_id=1, title="T", ruling="R", ruled_by=1, ruled_at=asked)
        put(
            VerifiedAnswer,
            project_id=1,
            squad_id=1,
            question="Q",
            answer="A",
            verifier_id=1,
            state="used",
            verified_at=asked,
            expires_at=asked + timedelta(days=9000),
            created_at=asked,
        )
        for n in range(10):
            put(
                Escalation,
                squad_id=1,
                project_id=1,
                named=False,
                state="answered",
                opened_at=asked,
                due_at=asked + timedelta(hours=4),
                answer="A",
                answered_by=1,
                answered_at=asked + timedelta(hours=n),
            )
        for n in range(3):
            put(
                Coaching,
                squad_id=1,
                person_id=PEOPLE[n],
                by_id=201,
                kind="praise",
                body="Thanks",
                created_at=asked,
                shared_at=asked,
            )
        for n in range(2):
            put(
                ActionItem,
                squad_id=1,
                owner_id=PEOPLE[n],
                text="Do",
                due=day.date(),
                source="sync",
                source_id=number,
                private=False,
                created_by=1,
                created_at=asked,
                done_at=day + timedelta(days=1) if (last - day).days > 5 else None,
            )
    return found


Taken = dict[int, list[float]]


async def measure(urls: dict[int, str]) -> tuple[Taken, Taken, dict[int, int]]:
    """Return milliseconds, those of a processor, and statements by weeks of history, in turns."""
    databases = {weeks: Database(url) for weeks, url in urls.items()}
    clock = Clock(source=lambda: NOW)
    meeting_id = (NOW - datetime(2000, 1, 1, tzinfo=NOW.tzinfo)).days
    agendas = {weeks: bundle.build(each, clock).agenda for weeks, each in databases.items()}
    taken: Taken = {weeks: [] for weeks in databases}
    busy: Taken = {weeks: [] for weeks in databases}
    counted = dict.fromkeys(databases, 0)
    for weeks, database in databases.items():

        def heard(*_args: Any, weeks: int = weeks) -> None:
            counted[weeks] += 1

        engine = database._reader.sync_engine
        event.listen(engine, "before_cursor_execute", heard)
        await agendas[weeks].content(1, meeting_id)
        event.remove(engine, "before_cursor_execute", heard)
    for turn in range(ROUNDS + 3):
        for weeks, agenda in agendas.items():
            begin, worked = time.perf_counter(), time.process_time()
            found = await agenda.content(1, meeting_id)
            if turn >= 3:
                busy[weeks].append((time.process_time() - worked) * 1000)
                taken[weeks].append((time.perf_counter() - begin) * 1000)
            else:
                # An agenda with nothing in it would be fast and compare nothing.
                assert found is not None
                assert found.focus is not None
                assert found.topics
                assert found.rulings
                assert found.pace[0].dates
    for database in databases.values():
        await database.close()
    return taken, busy, counted


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--per-week", type=int, default=10, help="pieces a person and week")
    parser.add_argument("--weeks", type=int, nargs="+", default=WEEKS, help="weeks of history")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        urls = {weeks: f"sqlite+aiosqlite:///{Path(folder)}/{weeks}.db" for weeks in given.weeks}
        for weeks, url in urls.items():
            build(url, weeks, given.per_week)
        taken, busy, counted = await measure(urls)
    found = {weeks: statistics.median(each) for weeks, each in taken.items()}
    for weeks in urls:
        print(
            f"agenda, {weeks} weeks of history: {found[weeks]:.0f} ms (at most {LIMIT_MS} ms), of"
            f" which {statistics.median(busy[weeks]):.0f} ms of a processor,"
            f" {min(taken[weeks]):.0f} ms at best; {counted[weeks]} statements (at most"
            f" {LIMIT_STATEMENTS})"
        )
    if len(urls) > 1:
        growth = found[max(urls)] / found[min(urls)]
        print(f"agenda, the longest history: {growth:.2f}x (at most {LIMIT_GROWTH}x)")


if __name__ == "__main__":
    asyncio.run(main())
