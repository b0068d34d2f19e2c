"""Sixty days of fifty squads through both changes of the clocks, in two processes that get killed.

What must come of it is worked out by `tests.soak.oracle`, which knows nothing of the program, and
compared with what the fake Slack recorded.
"""

import asyncio
import struct
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import and_, exists, func, insert, or_, select

from bot.store.database import Database
from models import OutboxRow, Schedule, Workspace
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rates import Rates
from tests.harness import ROOT
from tests.soak.oracle import broken_budgets, unmatched
from tests.soak.world import World, build, tell

# Sydney's clocks go on on 4 October, Europe's back on the 25th, America's on 1 November.
AUTUMN = datetime(2026, 9, 20, tzinfo=UTC)
STEP = timedelta(hours=1)
SOON = timedelta(minutes=2)  # between two looks while something is left, as after a kill
FOLLOW_UPS = 4
LATE = timedelta(minutes=75)  # a killed process may cost some steps
QUIET_DAYS = 8  # without news, at the end: all that waits is to arrive


@dataclass
class Soak:
    """The clock that all processes read, and the processes."""

    url: str
    slack: FakeSlack
    database: Database
    clock_file: Path
    random: Random
    now: datetime
    workers: list[Process] = field(default_factory=list)
    starting: list["asyncio.Task[Process]"] = field(default_factory=list)
    kills: int = 0

    def set_clock(self, now: datetime) -> None:
        self.now = now
        with self.clock_file.open("r+b") as file:
            file.write(struct.pack("d", now.timestamp()))

    def start(self) -> None:
        """Start one more process; it joins when it is ready."""
        self.starting.append(asyncio.create_task(self._started()))

    async def _started(self) -> Process:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.soak.worker"),
            *(self.url, self.slack.base_url, self.slack.bot_token, str(self.clock_file)),
            cwd=ROOT,
            stdin=PIPE,
            stdout=PIPE,
        )
        assert worker.stdout is not None
        assert (await worker.stdout.readline()) == b"ready\n"
        return worker

    async def joined(self) -> None:
        """Take in who is ready; with nobody left, wait for somebody."""
        if not self.workers and self.starting:
            await asyncio.wait(self.starting, return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self.starting if task.done()]:
            self.starting.remove(task)
            self.workers.append(task.result())

    async def step(self, *, kill: bool) -> None:
        """Let every process tick and send; kill one of them meanwhile, at any moment."""
        await self.joined()
        for worker in self.workers:
            assert worker.stdin is not None
            worker.stdin.write(b"step\n")
        victim = self.random.choice(self.workers) if kill else None
        if victim is not None:
            await asyncio.sleep(self.random.uniform(0.0, 0.08))
            victim.kill()
            await victim.wait()
            self.workers.remove(victim)
            self.kills += 1
            self.start()
        for worker in self.workers:
            assert worker.stdout is not None
            assert (await worker.stdout.readline()) == b"done\n"

    async def is_behind(self) -> bool:
        """Whether something that is due was left: a process was killed, or the machine is slow."""
        own = or_(OutboxRow.delivery_class != "today", OutboxRow.kind == "today")
        waits = and_(OutboxRow.state == "waiting", OutboxRow.due_at <= self.now + SOON, own)
        doubt = OutboxRow.state.in_(["sending", "unknown"])
        late = and_(Schedule.enabled, Schedule.next_due_at <= self.now)
        async with self.database.read() as connection:
            statement = select(exists().where(or_(waits, doubt)) | exists().where(late))
            return bool(await connection.scalar(statement))

    async def end(self) -> None:
        for worker in [*self.workers, *[await task for task in self.starting]]:
            worker.kill()
            await worker.wait()


@asynccontextmanager
async def open_soak(url: str, folder: Path, start: datetime) -> AsyncIterator[tuple[Soak, int]]:
    clock_file = folder / "clock"
    clock_file.write_bytes(struct.pack("d", start.timestamp()))
    database = Database(url)
    moved: list[Soak] = []

    def seconds() -> float:
        return (moved[0].now if moved else start).timestamp()

    async with FakeSlack(
        manifest=ROOT / "manifest.yml",
        now=seconds,
        rates=Rates(enabled=False),
    ) as slack:
        async with database.write() as tx:
            values = {"team_id": slack.team_id, "name": "Soak", "created_at": start}
            statement = insert(Workspace).values(**values).returning(Workspace.id)
            workspace_id = int((await tx.execute(statement)).scalar_one())
        soak = Soak(url, slack, database, clock_file, Random(11), start)
        moved.append(soak)
        try:
            yield soak, workspace_id
        finally:
            await soak.end()
            await database.close()


async def live(
    soak: Soak, world: World, days: int, *, news: float, kill_every: int, back_at: int | None
) -> int:
    """Live through some days; return how many messages people were to get.

    `news` is how many each person is sent on a day, whatever the hour. At the step `back_at` the
    server's clock is set back an hour.
    """
    sent = 0
    per_day = int(timedelta(days=1) / STEP)
    start = soak.now
    for number in range(days * per_day):
        if number == back_at:
            start -= timedelta(hours=1)
        soak.set_clock(start + (number + 1) * STEP)
        if number < (days - QUIET_DAYS) * per_day or days <= QUIET_DAYS:
            for who, mate in enumerate(world.mates):
                often = news * (2 if mate.role == "manager" else 1) / per_day
                while soak.random.random() < often:
                    sent += 1
                    one = soak.random.random() < 0.5
                    await tell(soak.database, world, who, sent, soak.now, now=one)
                    often *= 0.6
        kill = bool(kill_every) and number % kill_every == kill_every - 1
        await soak.step(kill=kill)
        for _ in range(FOLLOW_UPS):
            if not await soak.is_behind():
                break
            soak.set_clock(soak.now + SOON)
            await soak.step(kill=False)
    return sent


def check_posts(soak: Soak, world: World, first: datetime, last: datetime) -> None:
    """Every post exactly once, where and when it was due."""
    count = 0
    for team in world.teams:
        for what, channel in team.channels.items():
            came = [
                datetime.fromtimestamp(each.created, UTC) for each in soak.slack.messages(channel)
            ]
            due = list(team.due(what, first, last))
            late, odd = unmatched(due, came, LATE)
            # What was due within the last steps may still be on its way.
            late = [at for at in late if at < last - LATE]
            assert (late, odd) == ([], []), f"{what} of squad {team.number} in {team.zone}"
            count += len(due)
    assert count > len(world.teams)


def check_people(soak: Soak, world: World) -> None:
    """Nobody got more than was promised, or anything outside their hours; nothing came twice."""
    wrong = []
    for mate, direct in zip(world.mates, world.directs, strict=True):
        got = soak.slack.messages(direct)
        wrong += broken_budgets(mate, [datetime.fromtimestamp(each.created, UTC) for each in got])
    assert wrong == []
    keys: Counter[str] = Counter()
    for channel in soak.slack.channels.values():
        for message in channel.messages.values():
            assert message.metadata is not None
            keys[message.metadata["event_payload"]["key"]] += 1
    assert [key for key, n in keys.items() if n > 1] == []


async def ends(soak: Soak) -> dict[str, int]:
    """How many of the messages planned for people ended in which way."""
    statement = (
        select(OutboxRow.state, func.count())
        .where(OutboxRow.dedupe_key.like("soak:%"))
        .group_by(OutboxRow.state)
    )
    async with soak.database.read() as connection:
        return {row[0]: row[1] for row in await connection.execute(statement)}


@pytest.mark.slow
async def test_three_days_with_two_processes_and_a_kill(database_url: str, tmp_path: Path) -> None:
    start = datetime(2026, 10, 24, 6, tzinfo=UTC)  # the clocks of Europe go back within
    async with open_soak(database_url, tmp_path, start) as (soak, workspace_id):
        world = await build(soak.database, soak.slack, workspace_id, 6, start)
        for _ in range(2):
            soak.start()
        await soak.joined()
        sent = await live(soak, world, 3, news=3, kill_every=30, back_at=40)
        check_posts(soak, world, start, soak.now)
        check_people(soak, world)
        assert soak.kills
        assert sum((await ends(soak)).values()) == sent


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_sixty_days_of_fifty_squads(database_url: str, tmp_path: Path) -> None:
    async with open_soak(database_url, tmp_path, AUTUMN) as (soak, workspace_id):
        world = await build(soak.database, soak.slack, workspace_id, 50, AUTUMN)
        for _ in range(2):
            soak.start()
        sent = await live(soak, world, 60, news=2.5, kill_every=25, back_at=700)
        check_posts(soak, world, AUTUMN, soak.now)
        check_people(soak, world)
        assert soak.kills > 50
        # Nothing was lost: all of it arrived, as a message or as a line.
        assert await ends(soak) == {"sent": sent}
