"""What is due together is carried out together, and leaves what one by one would have left."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, product
from random import Random
from typing import Any

from sqlalchemy import delete, event, insert, select, text, update
from structlog.testing import capture_logs

from bot.rules.occurrences import DueOccurrence
from bot.rules.schedules import ScheduleKind
from bot.rules.squads import Sync, Where
from bot.services.digest_planning import CHART, CHARTS, POST
from bot.services.gaps import WEEKLY
from bot.services.schedules import SKIPPED
from bot.services.syncs import Syncs
from jobs.table import BATCHES, JOBS
from jobs.ticker import BATCH, Ticker
from models import (
    Audit,
    AuditChain,
    Category,
    Finding,
    Occurrence,
    OutboxRow,
    Person,
    Project,
    Schedule,
    Signal,
    SquadProject,
    Submission,
    SyncMeeting,
    Workspace,
)
from tests.jobs.clockwork import Clockwork

SUNDAY, FRIDAY = "2026-03-15 00:00", date(2026, 3, 13)
# Monday: digests of the day and of the week are due, and agendas; Tokyo's daily ones came too late.
MORNING = "2026-03-16 09:30"
SORTS = list(
    product(
        ("live", "rehearsal"),
        ("C0DIGEST", None),
        ("UTC", "Europe/Berlin", "Asia/Tokyo"),
        (0, 1, CHARTS + 2),  # projects
        (None, 1, 8),  # of ten audits on Friday so many were bad
    )
)
# A step of SQLite that looks for no more than the workspace, or for what is enabled.
WHOLE = re.compile(r"\((workspace_id|enabled)=\?\)|SCAN (?!anon_|CONSTANT|\()")
AUDITED = {"step": "draw", "origin": "random", "scoring": True, "imported": False}
DAILY, WEEK = ScheduleKind.DAILY_DIGEST, ScheduleKind.WEEKLY_DIGEST


async def fill(works: Clockwork, number: int) -> None:
    """Add squads of as many sorts, the last two to a workspace of their own; then it is morning."""
    works.hands.to(SUNDAY)
    first = await works.squad("Only by the week", zone="Asia/Dubai")
    async with works.database.write() as tx:  # so a digest of the week is the first that is due
        daily = (Schedule.squad_id == first) & (Schedule.kind == ScheduleKind.DAILY_DIGEST.value)
        await tx.execute(update(Schedule).where(daily).values(enabled=False))
    syncs = Syncs(works.database, works.process().clock)
    for n, (state, channel, zone, projects, bad) in enumerate(Random(8).sample(SORTS, number)):
        at = works.hands.time
        if n == number - 2:
            works.workspace_id = await works._add(
                Workspace, team_id="T0OTHER", name="Other", created_at=at
            )
        squad = await works.squad(
            f"Squad {n}", state=state, digest_channel=channel, team_channel=f"C{n}", zone=zone
        )
        mia = await works.person(f"Mia {n}", squad, "manager")
        await works.person(f"Ben {n}", squad, "contributor")
        await works.person(f"Noor {n}", squad)  # who has no role yet
        if n in {0, 1, 2}:
            agenda = Sync(id=0, name="Daily", local_time=time(10))
            for name in ("Daily", "Second"):
                await syncs.put(mia, Where(squad_id=squad), replace(agenda, name=name))
        for each in range(projects):  # in no order of their names
            name = f"{each * 5 % 4} of {n}.{each}"
            project = await works._add(Project, name=name, created_at=at)
            await works._add(SquadProject, squad_id=squad, project_id=project)
            if bad is not None and each != 1:
                await audit(works, squad, project, bad)
    works.hands.to(MORNING)


async def audit(works: Clockwork, squad: int, project: int, bad: int) -> None:
    """Three weeks of ten audits a day with one of them bad, and a Friday with `bad` of them."""
    at = works.hands.time
    person = await works._add(Person, name=f"Cy {squad} {project}", created_at=at)
    box = await works._add(
        Category, project_id=project, name="Loose box", severity="error", position=1
    )
    where = {"squad_id": squad, "project_id": project, "contributor_id": person}
    work = await works._add(
        Submission, **where, task="T-1", submitted_at=at, content="0", imported_at=at
    )
    chain = await works._add(AuditChain, submission_id=work, origin="random", opened_at=at)
    days = [FRIDAY - timedelta(days=back) for back in range(21)]
    rows = [
        AUDITED
        | where
        | {
            "workspace_id": works.workspace_id,
            "submission_id": work,
            "chain_id": chain,
            "auditor_id": person,
            "audited_at": datetime.combine(day, time(4, each), UTC),
            "verdict": "rejected" if each < (bad if day == FRIDAY else 1) else "accepted",
            "errors": 1,
        }
        for day in days
        if day.weekday() < 5
        for each in range(10)
    ]
    async with works.database.write() as tx:
        await tx.execute(insert(Audit), rows)
        wrong = select(Audit.id).where(Audit.submission_id == work, Audit.verdict == "rejected")
        found = {"workspace_id": works.workspace_id, "category_id": box, "severity": "error"}
        keys = list(await tx.scalars(wrong))
        await tx.execute(insert(Finding), [found | {"audit_id": k, "state": "open"} for k in keys])


Left = dict[str, Any]


async def left(works: Clockwork) -> Left:
    """Everything that a tick leaves, without the numbers of rows that it made."""
    async with works.database.read() as connection:
        rows = {
            table.__tablename__: [
                dict(row._mapping)
                for row in await connection.execute(select(table.__table__).order_by(table.id))
            ]
            for table in (Signal, SyncMeeting, Occurrence, Schedule, OutboxRow)
        }
    signals = {
        row["id"]: (row["project_id"], row["category_id"], row["day"]) for row in rows["signals"]
    }
    meetings = {row["id"]: (row["sync_id"], row["slot"]) for row in rows["sync_meetings"]}
    for row in rows["outbox"]:
        ids = dict(row["ids"])
        if "signals" in ids:
            ids["signals"] = [signals[key] for key in ids["signals"]]
        if "meeting_id" in ids:
            ids["meeting_id"] = meetings[ids["meeting_id"]]
            row["dedupe_key"] = None
        row["ids"] = ids
    for each in rows.values():
        for row in each:
            del row["id"]
    # Squads take turns in another order; what each of them gets keeps its own.
    rows["outbox"].sort(key=lambda row: row["squad_id"])
    for name in ("signals", "sync_meetings", "occurrences", "schedules"):
        rows[name].sort(key=str)
    return rows


async def undo(works: Clockwork, schedules: Sequence[Any]) -> None:
    """Take back what a tick left."""
    async with works.database.write() as tx:
        for table in (OutboxRow, Signal, SyncMeeting, Occurrence):
            await tx.execute(delete(table))
        for row in schedules:
            waits = {"next_slot": row.next_slot, "next_due_at": row.next_due_at}
            await tx.execute(update(Schedule).where(Schedule.id == row.id).values(**waits))


async def waiting(works: Clockwork) -> Sequence[Any]:
    async with works.database.read() as connection:
        return (await connection.execute(select(Schedule.__table__))).all()


class Counting(Ticker):
    """A ticker that counts what it carried out together, or carries nothing out so."""

    def __init__(self, works: Clockwork, *, together: bool = True) -> None:
        self.together = 0
        batches = {kind: self._counted(kind) for kind in BATCHES} if together else {}
        super().__init__(works.process().ticker._container, JOBS, batches)

    def _counted(self, kind: ScheduleKind) -> Any:
        async def run(container: Any, workspace_id: int, due: Sequence[DueOccurrence]) -> None:
            await BATCHES[kind](container, workspace_id, due)
            self.together += len(due)

        return run


async def test_together_leaves_the_rows_that_one_by_one_leaves(works: Clockwork) -> None:
    await fill(works, 9)
    before = await waiting(works)
    alone = Counting(works, together=False)
    await alone.tick()
    expected = await left(works)
    kinds = [row["kind"] for row in expected["outbox"]]
    for kind in (POST, CHART, WEEKLY, SKIPPED, "agenda.post"):
        assert kinds.count(kind) > 1
    said = [row["ids"]["signals"] for row in expected["outbox"] if "signals" in row["ids"]]
    assert {day for each in said for _, _, day in each} == {FRIDAY}
    assert len(expected["signals"]) >= 4

    await undo(works, before)
    one = Counting(works)
    await one.tick()
    assert await left(works) == expected
    assert one.together > 9

    await undo(works, before)
    several = [Counting(works) for _ in range(2)]
    await asyncio.gather(*(each.tick() for each in several))
    assert await left(works) == expected
    await several[0].tick()
    assert await left(works) == expected
    assert [each.failures for each in (alone, one, *several)] == [0, 0, 0, 0]


@asynccontextmanager
async def refused(works: Clockwork, channel: str) -> AsyncIterator[None]:
    """Let the store refuse every message to a channel."""
    fires = "CREATE TRIGGER refused BEFORE INSERT ON outbox"
    when = f"NEW.channel = '{channel}'"
    broken = [f"{fires} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"]
    mended = ["DROP TRIGGER refused"]
    if not works.database.is_sqlite:
        raises = "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        broken = [
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS {raises}",
            f"{fires} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse()",
        ]
        mended = ["DROP TRIGGER refused ON outbox", "DROP FUNCTION refuse"]

    async def carry_out(statements: list[str]) -> None:
        async with works.database.write() as tx:
            for statement in statements:
                await tx.execute(text(statement))

    await carry_out(broken)
    try:
        yield
    finally:
        await carry_out(mended)


async def test_one_squads_failure_costs_no_other_squad_its_digest(works: Clockwork) -> None:
    for n in range(5):
        await works.squad(f"Squad {n}", digest_channel=f"C0DIGEST{n}")
    await works.keep_only(ScheduleKind.DAILY_DIGEST)
    one = Counting(works)
    works.hands.to("2026-03-09 09:00")
    async with refused(works, "C0DIGEST3"):
        with capture_logs() as logs:
            await one.tick()
        failed = [line["event"] for line in logs if line["log_level"] == "error"]
        assert (failed, one.failures) == (["jobs_failed_together", "job_failed"], 1)
        assert {row["channel"] for row in (await left(works))["outbox"]} == {
            f"C0DIGEST{n}" for n in (0, 1, 2, 4)
        }
        assert len(await works.happened()) == 4
    works.hands.to("2026-03-09 09:01")
    await one.tick()
    assert (one.failures, one.together) == (1, 0)
    assert len((await left(works))["outbox"]) == 5
    works.hands.to("2026-03-10 09:00")
    await one.tick()
    assert one.together == 5


async def test_no_statement_reads_the_whole_workspace(sqlite_works: Clockwork) -> None:
    """Else the same squads, people and schedules are read again for each hundred of them."""
    works = sqlite_works
    await fill(works, 8)
    one = Counting(works)
    database = one._container.services.digests._database
    said: set[str] = set()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith("SELECT"):
            said.add(statement)

    engines = [each.sync_engine for each in (database._reader, database._writer)]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    await one.tick()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    assert (one.failures, one.together > 6, len(said) > 15) == (0, True, True)
    many = f"IN ({', '.join('?' * BATCH)})"  # which of the indexes is taken depends on how many
    async with works.database.read() as connection:
        for statement in said:
            wide = re.sub(r"IN \(\?(, \?)*\)", many, statement)
            given = (None,) * wide.count("?")
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {wide}", given)
            steps = [row[3] for row in plan]
            assert not [step for step in steps if WHOLE.search(step)], (statement, steps)


async def test_what_was_changed_since_it_was_read_is_left_alone(works: Clockwork) -> None:
    squads = [await works.squad(f"Squad {n}") for n in range(4)]
    await works.keep_only(ScheduleKind.DAILY_DIGEST)
    works.hands.to("2026-03-09 09:00")
    services = works.process().ticker._container.services
    read = await services.schedules.due(10)
    known = await services.schedules.calendars(read)
    due = [services.schedules.plain(pending, known) for pending in read]
    tomorrow = works.hands.time + timedelta(days=1)
    changes = ({"enabled": False}, {"revision": 2}, {"next_due_at": tomorrow})
    async with works.database.write() as tx:
        for squad, change in zip(squads, changes, strict=False):
            daily = Schedule.kind == ScheduleKind.DAILY_DIGEST.value
            mine = update(Schedule).where(Schedule.squad_id == squad, daily)
            await tx.execute(mine.values(**change))
    before = await waiting(works)
    assert await services.digests.plan_all(works.workspace_id, due) == 1
    assert [row["squad_id"] for row in (await left(works))["outbox"]] == squads[3:]
    untouched = [row for row in before if row.squad_id != squads[3]]
    assert [row for row in await waiting(works) if row.squad_id != squads[3]] == untouched


async def test_a_process_that_dies_at_any_statement_loses_and_doubles_nothing(
    sqlite_works: Clockwork,
) -> None:
    works = sqlite_works
    for n in range(3):
        await works.squad(f"Squad {n}", digest_channel=f"C0DIGEST{n}")
    works.hands.to("2026-03-09 09:30")
    before = await waiting(works)
    one = Counting(works)
    await one.tick()
    expected = await left(works)
    assert one.together == 6
    dying, steps = Counting(works), count()
    engine = dying._container.services.digests._database._writer.sync_engine
    dies_at = 0

    @event.listens_for(engine, "before_cursor_execute")
    def die(*_: Any) -> None:
        if next(steps) == dies_at:
            raise asyncio.CancelledError

    for dies_at in range(100):  # noqa: B007 - read above
        await undo(works, before)
        steps = count()
        try:
            await dying.tick()
        except asyncio.CancelledError:
            assert len(await works.happened()) in {0, 3}
        else:
            break
        await one.tick()
        assert await left(works) == expected
    assert dies_at > 10
    assert await left(works) == expected
