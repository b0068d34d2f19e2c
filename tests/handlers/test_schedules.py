"""`/squad schedule` through Bolt, and what a manager reads after the program was down."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from jobs.ticker import Ticker
from models import Squad
from tests.harness import House


@dataclass
class World:
    """Mia manages Kestrel (Berlin, live, with a digest channel); Ben is in no squad.

    It is Tuesday, 10 March 2026, ten in the morning in Berlin.
    """

    house: House
    mia: Any
    ben: Any
    team: Any
    ticker: Ticker

    async def types(self, user: Any, text: str, name: str = "/squad") -> str:
        """Type a command in the team channel; return what this person alone is shown."""
        before = len(self.house.slack.ephemerals(self.team, user))
        await self.house.command(user, name, text, self.team)
        told = self.house.slack.ephemerals(self.team, user)[before:]
        return "\n".join(message.shown for message in told)

    async def pass_time(self, hours: float, *, awake: bool = True) -> None:
        """Let time pass, with a tick every half hour if awake, and send what is due."""
        for _ in range(int(hours * 2)):
            self.house.move(minutes=30)
            if awake:
                await self.ticker.tick()
                await self.house.drain()


@pytest.fixture
async def world(house: House) -> World:
    ada = house.slack.add_user("Ada", is_admin=True)
    mia = house.slack.add_user("Mia", tz="Europe/Berlin")
    ben = house.slack.add_user("Ben", tz="Africa/Nairobi")
    team = house.slack.add_channel("team", members=[ada, mia, ben])
    world = World(house, mia, ben, team, Ticker(house.container))
    await world.types(ada, "setup", "/muster")
    await world.types(ada, f"create Kestrel Europe/Berlin <@{mia.id}>")
    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(state="live", digest_channel=team.id))
    return world


async def test_the_plan_shows_what_comes_next(world: World) -> None:
    shown = await world.types(world.mia, "schedule")
    assert "daily digest* at 09:00 on working days (Europe/Berlin)" in shown
    assert "next: Wed 11 Mar 2026, 09:00" in shown
    assert "weekly digest* on Mon at 09:30 (Europe/Berlin)" in shown
    assert "next: Mon 16 Mar 2026, 09:30" in shown
    assert shown == await world.types(world.mia, "schedule in kestrel")


async def test_a_time_is_moved_and_the_answer_says_from_when_on(world: World) -> None:
    told = await world.types(world.mia, "schedule daily-digest 17:30")
    assert "comes at 17:30 (Europe/Berlin), from Tue 10 Mar 2026, 17:30 on" in told
    assert told == await world.types(world.mia, "schedule daily-digest 17:30")
    await world.pass_time(8.5)
    later = await world.types(world.mia, "schedule daily-digest 18:30 in Kestrel")
    assert "from Wed 11 Mar 2026, 18:30 on" in later
    assert "Today's has already run" in later


async def test_a_weekly_digest_moves_to_another_day(world: World) -> None:
    told = await world.types(world.mia, "schedule weekly-digest Fri 16:00")
    assert "comes on Fri at 16:00 (Europe/Berlin), from Fri 13 Mar 2026, 16:00 on" in told
    shown = await world.types(world.mia, "squad schedule", "/muster")
    assert "next: Fri 13 Mar 2026, 16:00" in shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("schedule hourly 09:00", "There is no schedule called “hourly”"),
        ("schedule daily-digest", "At what time?"),
        ("schedule daily-digest noon", "“noon” is not a time I can read"),
        ("schedule daily-digest 24:00", "A day ends at"),
        ("schedule daily-digest Mon 09:30", "needs only a time"),
        ("schedule weekly-digest Funday 09:30", "“Funday” is not a weekday"),
        ("schedule weekly-digest <!channel> 09:30", "“&lt;!channel&gt;” is not a weekday"),
        ("schedule daily-digest 17:30 in Osprey", "no squad called “Osprey”"),
        ("schedule " + "x" * 2500, "There is no schedule called"),
    ],
)
async def test_what_cannot_be_read_is_explained(world: World, text: str, sentence: str) -> None:
    assert sentence in await world.types(world.mia, text)


async def test_only_managers_and_admins_see_and_move_it(world: World) -> None:
    for text in ("schedule in Kestrel", "schedule daily-digest 17:30 in Kestrel"):
        told = await world.types(world.ben, text)
        assert "manager" in told
        assert "17:30" not in told
    assert "at 09:00 on working days" in await world.types(world.mia, "schedule")


async def test_after_an_outage_the_manager_reads_what_was_not_posted(world: World) -> None:
    await world.pass_time(72, awake=False)  # Friday, 10:00
    await world.ticker.tick()
    await world.house.drain()
    (today,) = world.house.slack.dm(world.mia)
    assert "2 times the daily digest was not posted" in today.shown
    assert "Wed 11 Mar 2026, 09:00 – Thu 12 Mar 2026, 09:00" in today.shown
    assert "Muster was not running until Fri 13 Mar 2026, 10:00" in today.shown
    assert world.house.slack.dm(world.ben) == []
