"""`/digest now`, and the digest that the clock posts, as the channel sees them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.rules.occurrences import by_hand
from bot.rules.outbox import DeliveryState
from bot.rules.schedules import ScheduleKind
from bot.services.digest_planning import CHART, POST
from bot.store import schedules
from jobs.table import JOBS
from models import OutboxRow, Squad
from tests.harness import MORNING, House
from tests.services.quality_world import World

YESTERDAY = MORNING.date() - timedelta(days=1)


class Stage:
    """A squad of a manager, a contributor and somebody outside, with a digest channel."""

    def __init__(self, house: House, world: World) -> None:
        self.house, self.world = house, world
        slack = house.slack
        self.mia = slack.add_user("Mia", tz="Europe/London")
        self.ana = slack.add_user("Ana", tz="Europe/London")
        self.team = slack.add_channel("team", members=[self.mia, self.ana])
        self.digest = slack.add_channel("quality", members=[self.mia])
        self.category = 0
        self.people: dict[str, int] = {}

    async def build(self) -> None:
        world = self.world
        world.workspace_id = self.house.workspace_id
        world.squad_id = await world.squad(
            "Kestrel <3",
            quality_target=0.95,
            zone="Europe/London",
            team_channel=self.team.id,
            digest_channel=self.digest.id,
        )
        world.project_id = await world.project("Boxes & <!channel>", world.squad_id)
        self.category = await world.category("Loose *box*", "4.2 <https://evil.example|here>")
        for user, role in ((self.mia, "manager"), (self.ana, "contributor")):
            (key,) = await self.house.meet(user)
            self.people[user.id] = key
            await world.join(key, role)

    async def work(self, day: date, good: int, bad: int = 0, hour: int = 10) -> None:
        ana, mia = self.people[self.ana.id], self.people[self.mia.id]
        at = datetime.combine(day, time(hour), MORNING.tzinfo)
        for n in range(good + bad):
            made = await self.world.submission(ana, at + timedelta(minutes=n), 42.0)
            wrong = n >= good
            await self.world.audit(
                made,
                ana,
                mia,
                at + timedelta(hours=2, minutes=n),
                verdict="rejected" if wrong else "accepted",
                errors=(self.category,) if wrong else (),
                weight=1.0,
            )

    async def set(self, **values: Any) -> None:
        async with self.house.database.write() as tx:
            await tx.execute(update(Squad).values(**values))

    async def outbox(self) -> list[Any]:
        async with self.house.database.read() as connection:
            rows = select(OutboxRow.__table__).order_by(OutboxRow.id)
            return list(await connection.execute(rows))

    async def tick(self, kind: ScheduleKind = ScheduleKind.DAILY_DIGEST) -> None:
        """Let the clock carry out today's digest."""
        args = (self.world.workspace_id, self.world.squad_id)
        async with self.house.database.write() as tx:
            await schedules.ensure_defaults(tx, *args, "Europe/London", MORNING)
            pending = await schedules.of_squad(tx, *args)
        (found,) = [each for each in pending if each.schedule.kind is kind]
        await JOBS[kind](self.house.container, by_hand(found, MORNING))

    def posts(self) -> list[Any]:
        """What the digest channel shows, without the files."""
        return [one for one in self.house.slack.messages(self.digest) if not one.files]

    def told(self, user: Any, channel: Any = None) -> str:
        return self.house.slack.ephemerals(channel or self.team, user)[-1].text


@pytest.fixture
async def stage(house: House) -> Stage:
    made = Stage(house, World(house.database))
    await made.build()
    return made


def blocks_text(message: Any) -> str:
    return str(message.blocks)


async def test_now_posts_figures_and_then_the_chart(stage: Stage) -> None:
    for back in range(1, 15):
        await stage.work(YESTERDAY - timedelta(days=back), 9, back // 10)
    await stage.work(YESTERDAY, 8, 2)
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    assert f"<#{stage.digest.id}>" in stage.told(stage.mia)
    await stage.house.drain()

    (post, *_) = stage.posts()
    assert "Kestrel &lt;3" in post.text
    shown = blocks_text(post)
    assert "*95.9%* accepted (95% interval 90.7% to 98.2%, n = 121 random audits)" in shown
    assert "Whether that is above or below the target of 95% cannot be told" in shown
    assert "No evident change from the 10 working days before (90.0%, n = 20)." in shown
    assert "▲" not in shown
    assert "▼" not in shown
    assert "Loose *box*" in shown
    assert "&lt;https://evil.example|here&gt;" in shown
    assert "&lt;!channel&gt;" in shown
    assert "42 s" in shown
    (chart,) = stage.house.slack.files.values()
    assert chart.content.startswith(b"\x89PNG")
    assert chart.alt_text.startswith("Line chart of quality")
    assert {row.state for row in await stage.outbox()} == {DeliveryState.SENT}


async def test_a_digest_names_nobody(stage: Stage) -> None:
    await stage.work(YESTERDAY, 8, 4)
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    said = " ".join(blocks_text(one) + one.text for one in stage.posts())
    for name in ("Ana", "Mia", stage.ana.id, stage.mia.id):
        assert name not in said


async def test_an_evident_fall_gets_an_arrow_and_below_target_is_said(stage: Stage) -> None:
    await stage.work(YESTERDAY - timedelta(days=20), 80)
    await stage.work(YESTERDAY, 60, 30)
    await stage.tick()
    await stage.house.drain()
    shown = blocks_text(stage.posts()[0])
    assert "*below* the target of 95%" in shown
    assert "▼ Down 33.3 points" in shown


async def test_nothing_to_report_is_one_line_without_a_chart(stage: Stage) -> None:
    await stage.work(YESTERDAY - timedelta(days=10), 5)
    await stage.tick()
    await stage.house.drain()
    (post,) = stage.posts()
    assert post.text.count("\n") == 0
    assert "nothing was handed in or audited since Mon 9 Mar 2026" in post.text
    assert len(post.blocks) == 1
    assert not stage.house.slack.files
    assert [row.state for row in await stage.outbox()] == [
        DeliveryState.SENT,
        DeliveryState.DROPPED,
    ]


async def test_the_clock_posts_one_digest_a_day(stage: Stage) -> None:
    await stage.work(YESTERDAY, 3)
    for _ in range(2):
        await stage.tick()
        await stage.house.drain()
    assert len(stage.posts()) == 1
    await stage.tick(ScheduleKind.WEEKLY_DIGEST)
    await stage.house.drain()
    weekly = stage.posts()[-1]
    assert "in the week Mon 2 Mar 2026 – Sun 8 Mar 2026" in weekly.text


async def test_in_rehearsal_the_clock_is_silent_and_the_manager_is_not(stage: Stage) -> None:
    await stage.set(state="rehearsal")
    await stage.work(YESTERDAY, 3)
    await stage.tick()
    await stage.house.drain()
    assert stage.posts() == []
    assert {row.reason for row in await stage.outbox()} == {"rehearsal"}
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    assert len(stage.posts()) == 1


@pytest.mark.parametrize("text", ["", "help", "later"])
async def test_anything_else_shows_how_it_is_used(stage: Stage, text: str) -> None:
    await stage.house.command(stage.ana, "/digest", text, stage.team)
    assert "/digest now" in blocks_text(stage.house.slack.ephemerals(stage.team, stage.ana)[-1])
    assert await stage.outbox() == []


async def test_a_contributor_may_not(stage: Stage) -> None:
    await stage.house.command(stage.ana, "/digest", "now", stage.team)
    assert "managers" in stage.told(stage.ana)
    assert await stage.outbox() == []


async def test_an_unknown_squad_is_named_with_the_known(stage: Stage) -> None:
    await stage.house.command(stage.mia, "/digest", 'now "Osprey"', stage.team)
    assert "Osprey" in stage.told(stage.mia)
    assert "Kestrel &lt;3" in stage.told(stage.mia)


async def test_without_a_digest_channel_it_says_how_to_set_one(stage: Stage) -> None:
    await stage.set(digest_channel=None)
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    assert "/squad channels digest #channel" in stage.told(stage.mia)
    assert await stage.outbox() == []


async def test_pressed_twice_it_is_posted_once(stage: Stage) -> None:
    await stage.work(YESTERDAY, 3)
    for _ in range(2):
        await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    assert len(stage.posts()) == 1
    assert [row.kind for row in await stage.outbox()] == [POST, CHART]


async def test_an_archived_channel_is_refused_and_reported(stage: Stage) -> None:
    await stage.work(YESTERDAY - timedelta(days=1), 3)
    await stage.work(YESTERDAY, 3)
    stage.digest.archived = True
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    post, chart = await stage.outbox()
    assert (post.state, post.reason) == (DeliveryState.REFUSED, "is_archived")
    assert chart.state == DeliveryState.REFUSED
