"""Clocks, squads with schedules, and a job that posts: what tests of the ticker hold."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytz
from sqlalchemy import insert, select, update

from bot.clock import Clock
from bot.rules.budget import DeliveryClass
from bot.rules.occurrences import DueOccurrence
from bot.rules.outbox import Intent
from bot.rules.people import Caller
from bot.rules.schedules import ScheduleKind
from bot.services import bundle
from bot.services.occurring import OccurringService
from bot.services.schedules import Schedules
from bot.store import schedules as store
from bot.store.database import Database
from jobs.table import JOBS
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
    Workspace,
)

TEAM = "T0CLOCK"
# A Monday before anybody's working hours, from Auckland to Honolulu.
MONDAY = datetime(2026, 3, 9, 0, 0, tzinfo=UTC)


def oracle(zone: str) -> ZoneInfo:
    """The standard library's reading of a zone, from the same edition of the tz database."""
    with pytz.open_resource(zone) as file:
        return ZoneInfo.from_file(file, key=zone)


Body = Callable[[DueOccurrence], Awaitable[None]]


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def to(self, text: str) -> None:
        """Go to an instant in UTC, as in `2026-03-10 09:00`."""
        self.time = datetime.fromisoformat(text).replace(tzinfo=UTC)


class Posting(OccurringService):
    """Posts one message to a channel for each occurrence, as a digest does."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self.before: Body | None = None
        self.inside: Body | None = None

    async def run(self, _container: Any, occurrence: DueOccurrence) -> None:
        if self.before is not None:
            await self.before(occurrence)
        async with self.occurring(occurrence) as unit:
            if unit is None:
                return
            ids = {"slot": occurrence.slot}
            await unit.send(
                Intent(
                    kind="digests.posted",
                    delivery_class=DeliveryClass.NOW,
                    channel=f"C{occurrence.squad_id}",
                    ids=ids,
                )
            )
            await unit.log("digest.planned", slot=occurrence.slot)
            if self.inside is not None:
                await self.inside(occurrence)


@dataclass
class Process:
    """One process: its own connections, its own clock, its own ticker."""

    database: Database
    clock: Clock
    posting: Posting
    ticker: Ticker
    schedules: Schedules
    woken: list[bool]


@dataclass
class Clockwork:
    """Everything a test of the clock's side holds in its hands."""

    url: str
    hands: Hands
    database: Database
    workspace_id: int = 0
    processes: list[Process] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def process(self, behind: timedelta = timedelta()) -> Process:
        """Start one more process, whose clock may be behind."""
        database = Database(self.url)
        clock = Clock(-behind, self.hands)
        posting = Posting(database, clock)
        woken: list[bool] = []
        services = bundle.build(database, clock)
        container: Any = SimpleNamespace(
            clock=clock,
            services=services,
            dispatcher=SimpleNamespace(wake=lambda: woken.append(True)),
        )
        jobs = {
            **JOBS,
            ScheduleKind.DAILY_DIGEST: posting.run,
            ScheduleKind.WEEKLY_DIGEST: posting.run,
            ScheduleKind.SYNC: posting.run,
        }
        made = Process(
            database, clock, posting, Ticker(container, jobs, {}), services.schedules, woken
        )
        self.processes.append(made)
        return made

    async def tick(self) -> None:
        """Let every process tick, all at the same time."""
        await asyncio.gather(*(each.ticker.tick() for each in self.processes))

    async def until(self, text: str, step: timedelta) -> None:
        """Let time pass up to an instant in UTC, with a tick at every step."""
        end = datetime.fromisoformat(text).replace(tzinfo=UTC)
        while self.hands.time < end:
            self.hands.time = min(self.hands.time + step, end)
            await self.tick()

    async def _add(self, table: type[Any], **values: Any) -> int:
        if table is not Workspace:
            values.setdefault("workspace_id", self.workspace_id)
        async with self.database.write() as tx:
            statement = insert(table).values(**values).returning(table.id)
            return (await tx.execute(statement)).scalar_one()

    async def open(self) -> None:
        self.workspace_id = await self._add(
            Workspace, team_id=TEAM, name="Clock", created_at=self.hands.time
        )

    async def workspace_schedules(self) -> None:
        async with self.database.write() as tx:
            await store.ensure_workspace_defaults(tx, self.workspace_id, self.hands.time)

    async def squad(
        self, name: str = "Kestrel", *, zone: str = "UTC", schedules: bool = True, **values: Any
    ) -> int:
        """A live squad that works from Monday to Friday, with its first schedules."""
        fields = {
            "state": "live",
            "individual_figures": "self+managers",
            "language": "en",
            "working_days": "01234",
            "work_start": time(9),
            "work_end": time(18),
            "digest_channel": "C0DIGEST",
            "created_at": self.hands.time,
        }
        key = await self._add(Squad, name=name, zone=zone, **(fields | values))
        if schedules:
            async with self.database.write() as tx:
                await store.ensure_defaults(tx, self.workspace_id, key, zone, self.hands.time)
        return key

    async def person(self, name: str, squad_id: int | None, *roles: str) -> Caller:
        """A Slack user in a squad with some roles."""
        user_id = f"U{next(self._numbers)}"
        person_id = await self._add(Person, name=name, created_at=self.hands.time)
        await self._add(
            SlackIdentity,
            user_id=user_id,
            person_id=person_id,
            kind="member",
            active=True,
            slack_admin=False,
            refreshed_at=self.hands.time,
        )
        if squad_id is not None:
            await self.join(squad_id, person_id, *roles)
        return Caller(TEAM, user_id)

    async def join(self, squad_id: int, person_id: int, *roles: str) -> None:
        member = await self._add(
            Member,
            squad_id=squad_id,
            person_id=person_id,
            status="active",
            joined_at=self.hands.time,
        )
        for role in roles:
            await self._add(MemberRole, member_id=member, role=role)

    async def change_squad(self, squad_id: int, **values: Any) -> None:
        """Change a squad and let its schedules follow, as its service does."""
        async with self.database.write() as tx:
            await tx.execute(update(Squad).where(Squad.id == squad_id).values(**values))
            await store.replan(tx, self.workspace_id, squad_id, self.hands.time)

    async def keep_only(self, kind: ScheduleKind) -> None:
        """Switch off the schedules of other kinds."""
        async with self.database.write() as tx:
            others = Schedule.kind != kind.value
            await tx.execute(update(Schedule).where(others).values(enabled=False))

    async def posts(self) -> list[str]:
        """The slots that were posted, in order."""
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(OutboxRow.ids)
                .where(OutboxRow.kind == "digests.posted")
                .order_by(OutboxRow.id)
            )
            return [row.ids["slot"] for row in rows]

    async def happened(self) -> list[tuple[str, str]]:
        """(slot, state) of the occurrences, in order of when they were due."""
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(Occurrence.slot, Occurrence.state).order_by(Occurrence.due_at, Occurrence.id)
            )
            return [(row.slot, row.state) for row in rows]

    async def waits_for(self, kind: ScheduleKind = ScheduleKind.DAILY_DIGEST) -> str | None:
        """When a kind is due next, in UTC."""
        async with self.database.read() as connection:
            moment = await connection.scalar(
                select(Schedule.next_due_at).where(Schedule.kind == kind.value)
            )
            return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"

    async def intents(self, kind: str) -> list[Any]:
        async with self.database.read() as connection:
            columns = (OutboxRow.person_id, OutboxRow.ids, OutboxRow.delivery_class)
            rows = await connection.execute(
                select(*columns).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
            )
            return list(rows)


@asynccontextmanager
async def open_clockwork(url: str, start: datetime = MONDAY) -> AsyncIterator[Clockwork]:
    works = Clockwork(url, Hands(start), Database(url))
    await works.open()
    try:
        yield works
    finally:
        for each in works.processes:
            await each.database.close()
        await works.database.close()
