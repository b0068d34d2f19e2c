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
    house.slack.allowed_links.append("https://meet.example.com/")
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


async def test_everything_is_changed_by_forms_and_counts_at_once(world: World) -> None:
    slack, mia = world.house.slack, world.mia

    async def press(action: str, block: str = "") -> Any:
        await world.types(mia, "schedule")
        shown = slack.ephemerals(world.team, mia)[-1]
        blocks = [b for b in shown.blocks if b.get("accessory", {}).get("action_id") == action]
        wanted = next((b["block_id"] for b in blocks if block in b["text"]["text"]), None)
        await slack.click(shown, action, mia, block_id=wanted).deliver(world.house.app)
        return slack.views(mia)[-1]

    async def save(form: Any, **values: Any) -> str:
        done = await world.house.submit(form, mia, values)
        assert done.errors == {}
        return str(done.view.shown)

    form = await press("schedule.sync")
    told = await save(
        form,
        name="Stand-up",
        time="10:15",
        minutes="15",
        lead="30",
        link="https://meet.example.com/k",
        audience=["contributor", "manager"],
    )
    assert "Stand-up" in told
    assert "10:15 on working days (Europe/Berlin), its agenda 30 minutes before" in told
    assert "from Tue 10 Mar 2026, 10:15 on" in told
    again = await press("schedule.sync", "Stand-up")
    told = await save(again, time="02:30", weekday="6")
    assert "no working day is in sight" in told
    times = await press("schedule.times")
    found = await slack.options(times, "zone", mia, query="kolk").deliver(world.house.app)
    assert [each["value"] for each in found.options] == ["Asia/Kolkata"]
    told = await save(
        times,
        days=["0", "1", "2", "3", "4", "5", "6"],
        hours="08:00-20:00",
        quiet="18:00-19:00",
        holidays="de by",
        half_days="2026-12-24 until 13:00\n2026-12-31 from 12:00",
    )
    for part in ("Mon–Sun", "08:00–20:00", "18:00–19:00", "DE BY", "2026-12-24 until 13:00"):
        assert part in told
    shown = await world.types(mia, "schedule")
    assert "on Sun at 02:30 (Europe/Berlin)" in shown
    told = await save(await press("schedule.sync", "Stand-up"), time="02:30")
    assert "On Sun 29 Mar 2026 the clocks skip 02:30, so it is at 03:30 that day." in told
    told = await save(await press("schedule.move", "weekly digest"), time="16:00", weekday="4")
    assert "comes on Fri at 16:00" in told
    told = await save(await press("schedule.sync", "Stand-up"), remove=["remove"])
    assert "Syncs: not set" in told


async def test_a_form_says_at_its_field_what_cannot_be_read(world: World) -> None:
    slack, mia = world.house.slack, world.mia

    async def wrong(action: str, **values: str) -> dict[str, str]:
        await world.types(mia, "schedule")
        await world.house.click(slack.ephemerals(world.team, mia)[-1], action, mia)
        answer = await world.house.submit(slack.views(mia)[-1], mia, values)
        return dict(answer.errors)

    errors = await wrong("schedule.times", zone_typed="Atlantis", hours="9", half_days="soon")
    assert set(errors) == {"zone_typed", "hours", "half_days"}
    for field, typed, sentence in (
        ("hours", "18:00-18:00", "leave no time to work"),
        ("holidays", "Atlantis", "no public holidays for"),
        ("quiet", "00:00-23:59", "cover all of the working hours"),
        ("half_days", "2026-12-26 until 12:00", "nobody works anyway"),
        ("half_days", "2026-12-24 until 24:00", "A day ends at"),
    ):
        assert sentence in (await wrong("schedule.times", **{field: typed}))[field]
    errors = await wrong(
        "schedule.sync", name=" ", time="24:00", minutes="many", link="javascript:x"
    )
    assert set(errors) == {"name", "time", "minutes", "link"}
    await world.types(mia, "sync Daily 09:30")
    assert "“Daily” already" not in await world.types(
        mia, "sync daily 09:45 https://meet.example.com/x"
    )
    shown = await world.types(mia, "schedule")
    assert shown.count("its agenda 30 minutes before") == 1
    for text, sentence in (
        ("quiet 20:00-08:00", "Quiet hours: 20:00–08:00"),
        ("half-days 2026-12-24 until 13:00", "Half days: 2026-12-24 until 13:00"),
        ("half-days none", "Half days: not set"),
        ("quiet off", "Quiet hours: not set"),
    ):
        assert sentence in await world.types(mia, text)


async def test_a_downtime_is_told_with_its_times_in_today_and_in_the_channel(world: World) -> None:
    async with world.house.database.write() as tx:
        await tx.execute(update(Squad).values(team_channel=world.team.id))
    await world.types(world.mia, "sync Daily 10:45")
    await world.ticker.tick()
    await world.pass_time(2, awake=False)
    await world.ticker.tick()
    await world.house.drain()
    (told,) = [
        m.shown for m in world.house.slack.messages(world.team) if "agenda of Daily" in m.shown
    ]
    assert "Muster was down from Tue 10 Mar 2026, 10:00 to Tue 10 Mar 2026, 12:00" in told
    await world.pass_time(24)
    today = "\n".join(message.shown for message in world.house.slack.dm(world.mia))
    assert "the agenda of Daily of Tue 10 Mar 2026, 10:15 was not posted: Muster was down" in today
