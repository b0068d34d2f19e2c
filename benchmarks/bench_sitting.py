"""Save and next on SQLite: 50 auditors at once, beside a bare Bolt app; and 200 plain accepts.

Each auditor clicks, waits for the answer, looks at the next task for three seconds, and clicks
again: three times the pace of 200 tasks in half an hour. Beside it, without a bound, with one
second of thought, where a single process is nearly used up.
The reference runs the recorded statements of one click in one transaction and answers nothing.
"""

import asyncio
import hashlib
import hmac
import json
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import aiohttp
from bench_clicks import ROOT, process, until_open
from processes import cpu_seconds
from sqlalchemy import Engine, event, insert

import models
from bot.store import migrations
from tests.fakes.slack import FakeSlack, Rates
from tests.harness import House, open_house
from tests.scenes import Scene, open_scene

AUDITORS = 50
TASKS = 40  # of each auditor, the first half at the pace that the bound is for
ALONE = 200
FRAME = 20  # random draws of one contributor's week
THOUGHT, HURRY = 3.0, 1.0
BOUND_MS = 300
FIRST_DRAW = 1_000_000  # above every other key, so that a replay mistakes none for a submission

Seated = tuple[str, dict[str, Any]]  # a Slack user, and the submission of their form


async def hold(scene: Scene, user: Any, count: int, frames: list[int], first: int) -> None:
    """Give somebody a sitting of so many tasks, all of Ana, the first of them of that number."""
    now, keys = scene.house.hands.time, {"project_id": scene.project_id, "squad_id": scene.squad_id}
    person = scene.people[user.id]
    sitting_id = await scene.insert(
        models.Sitting,
        **keys,
        auditor_id=person,
        started_by=person,
        party=user.id,
        wanted=count,
        state="open",
        started_at=now,
        seen_at=now,
    )
    for number in range(first, first + count):
        work = await scene.submission(f"T-{number}", scene.ana)
        await scene.insert(
            models.Draw,
            **keys,
            id=FIRST_DRAW + number,
            submission_id=work,
            origin="random",
            frame_id=frames[number // FRAME],
            position=number % FRAME,
            probability=FRAME / 100,
            turn=1,
            state="open",
            held_by=person,
            held_at=now,
            sitting_id=sitting_id,
            drawn_at=now,
        )


async def frames_of(scene: Scene, count: int) -> list[int]:
    """Make so many frames of 100 pieces, of which `FRAME` are drawn."""
    now = scene.house.hands.time
    return [
        await scene.insert(
            models.Frame,
            project_id=scene.project_id,
            squad_id=scene.squad_id,
            contributor_id=scene.person(scene.ana),
            iso_year=2026,
            iso_week=10,
            since=now - timedelta(days=7),
            after_id=0,
            through_id=FIRST_DRAW + number,
            cut_at=now,
            seed=f"{number:032x}",
            size=100,
            prefix=FRAME,
            groups=[],
        )
        for number in range(count)
    ]


async def join(scene: Scene, number: int) -> Any:
    """Let one more auditor into the squad."""
    house = scene.house
    user = house.slack.add_user(f"Auditor {number}", tz="Europe/London")
    (person,) = await house.meet(user)
    scene.people[user.id] = person
    member = await scene.insert(
        models.Member,
        squad_id=scene.squad_id,
        person_id=person,
        status="active",
        joined_at=house.hands.time,
    )
    async with house.database.write() as tx:
        await tx.execute(
            insert(models.MemberRole).values(
                workspace_id=house.workspace_id, member_id=member, role="auditor"
            )
        )
    return user


async def opened(house: House, user: Any, channel: Any) -> Any:
    """Open the form of somebody's sitting; return its submission."""
    await house.command(user, "/audit", "resume", channel)
    return house.slack.submit(house.slack.views(user)[-1], user, {})


async def prepare(url: str) -> tuple[list[Seated], Seated, dict[str, Any]]:
    """Seed the database; return who sits there, who sits alone, and one recorded click."""
    statements: list[Any] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        if not sql.startswith("BEGIN"):
            statements.append([sql, parameters])

    async with open_house(url, datetime.now(UTC)) as house:
        scene = await open_scene(house)
        total = AUDITORS * TASKS + ALONE + 1
        frames = await frames_of(scene, total // FRAME + 1)
        seats = []
        for number in range(AUDITORS):
            user = await join(scene, number)
            room = house.slack.add_channel(f"room-{number}", members=[user])
            await hold(scene, user, TASKS, frames, number * TASKS)
            seats.append((user.id, dict((await opened(house, user, room)).payload)))
        await hold(scene, scene.abe, ALONE + 1, frames, AUDITORS * TASKS)
        request = await opened(house, scene.abe, scene.team)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            delivery = await request.deliver(house.app)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        assert delivery.status == 200
        alone = await opened(house, scene.abe, scene.team)
        audit = (await scene.rows(models.Audit))[-1]
        click = {
            "now": house.hands.time.strftime("%Y-%m-%d %H:%M:%S.%f"),
            "submission_id": audit.submission_id,
            "statements": statements,
        }
        return seats, (scene.abe.id, dict(alone.payload)), click


def copy_of(seats: list[Seated]) -> list[Seated]:
    """Return seats that somebody may go on from without moving these."""
    return [(user, json.loads(json.dumps(payload))) for user, payload in seats]


class Desk:
    """Sends signed submissions and remembers how long each was waited for."""

    def __init__(self, session: aiohttp.ClientSession, port: int, secret: str) -> None:
        self._session, self._secret = session, secret.encode()
        self._url = f"http://127.0.0.1:{port}/slack/events"
        self.seconds: list[float] = []
        self.bad = 0

    async def sit(self, seat: Seated, count: int, thought: float) -> None:
        """Save so many tasks, one after the other, each as the answer before it asks.

        What was answered last stays in the seat, for whoever goes on from there.
        """
        payload = seat[1]
        # Nobody begins in the same instant as everybody else.
        await asyncio.sleep(random.random() * thought)
        for number in range(count):
            payload["view"]["id"] = f"V{seat[0]}{thought:.0f}{number:05d}"
            answer = await self._send(payload)
            view = answer.get("view")
            if view is not None:
                payload["view"]["private_metadata"] = view.get("private_metadata", "")
            await asyncio.sleep(thought)

    async def _send(self, payload: dict[str, Any]) -> dict[str, Any]:
        body = f"payload={quote_plus(json.dumps(payload))}".encode()
        stamp = str(int(time.time()))
        signed = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": "v0=" + signed.hexdigest(),
        }
        started = time.perf_counter()
        async with self._session.post(self._url, data=body, headers=headers) as response:
            text = await response.text()
        self.seconds.append(time.perf_counter() - started)
        self.bad += response.status != 200
        return dict(json.loads(text)) if text else {}

    def line(self) -> str:
        """Return the latencies in words."""
        cuts = statistics.quantiles(self.seconds, n=100)
        return (
            f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms,"
            f" max {max(self.seconds) * 1000:.0f} ms; {self.bad} of {len(self.seconds)} failed"
        )


def audits(path: Path) -> int:
    """Count the audits in a database."""
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM audits").fetchone()[0])


async def together(
    name: str, desk: Desk, server: Any, seats: list[Seated], path: Path, thought: float
) -> float:
    """Let everybody sit at once and print how it was; returns the 99th percentile in ms."""
    stored, before = audits(path), cpu_seconds(server.pid)
    await asyncio.gather(*(desk.sit(seat, TASKS // 2, thought) for seat in seats))
    cpu = (cpu_seconds(server.pid) - before) / len(desk.seconds) * 1000
    kept = audits(path) - stored
    print(
        f"{name:7} {thought:.0f} s of thought: {desk.line()};"
        f" {kept} audits stored, {cpu:.1f} ms CPU a click",
        flush=True,
    )
    return statistics.quantiles(desk.seconds, n=100)[98] * 1000


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder) / "muster.db", Path(folder) / "bare.db"
        recorded = Path(folder) / "click.json"
        migrations.move(f"sqlite:///{path}")
        seats, alone, click = await prepare(f"sqlite+aiosqlite:///{path}")
        recorded.write_text(json.dumps(click), encoding="utf-8")
        print(f"{AUDITORS} auditors at once", flush=True)
        print(f"one click runs {len(click['statements'])} statements", flush=True)
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
        async with (
            FakeSlack(manifest=ROOT / "manifest.yml", rates=Rates(enabled=False)) as slack,
            aiohttp.ClientSession(connector=connector) as session,
        ):
            secret, api = slack.signing_secret, slack.base_url
            arguments = ("18095", secret, api, slack.bot_token, str(copy), str(recorded))
            async with process("benchmarks/bare_bolt.py", *arguments) as server:
                await until_open(session, 18_095)
                for thought in (THOUGHT, HURRY):
                    desk = Desk(session, 18_095, secret)
                    await together("bare", desk, server, copy_of(seats), copy, thought)
            async with process(
                "app.py",
                "web",
                "--port",
                "18096",
                SLACK_BOT_TOKEN=slack.bot_token,
                SLACK_SIGNING_SECRET=secret,
                SLACK_API_URL=api,
                DATABASE_URL=f"sqlite:///{path}",
                MUSTER_LOG_LEVEL="WARNING",
            ) as server:
                await until_open(session, 18_096)
                held = 0.0
                for thought in (HURRY, THOUGHT):  # the one with the bound comes last
                    desk = Desk(session, 18_096, secret)
                    held = await together("muster", desk, server, seats, path, thought)
                desk, stored = Desk(session, 18_096, secret), audits(path)
                await desk.sit(alone, ALONE, 0.0)
                print(
                    f"alone   {ALONE} plain accepts: {len(desk.seconds)} clicks,"
                    f" {sum(desk.seconds):.1f} s of waiting; {audits(path) - stored} stored"
                )
        print(f"bound   Save and next p99 ≤ {BOUND_MS} ms at {THOUGHT:.0f} s of thought")
        if held > BOUND_MS:
            raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
