"""One-on-ones through Slack: set up, planned, reminded of, moved, and what each of the two sees."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.views import oneonone_setups, oneonones
from models import OneOnOne, OneOnOnePair, OneOnOneTopic
from tests.fakes.slack.blocks import interactive
from tests.handlers.oneonone_doors import TERMS
from tests.harness import House
from tests.scenes import Scene, open_scene

SECRET = "my pay <!channel> & <https://evil.example|x>"


@pytest.fixture
async def scene(house: House) -> Scene:
    house.slack.allowed_links.append("https://meet.example/")
    return await open_scene(house)


async def type_(scene: Scene, user: Any, text: str = "") -> str:
    await scene.house.command(user, "/oneonone", text, scene.team)
    shown = scene.house.slack.ephemerals(scene.team, user)
    return str(shown[-1].shown) if shown else ""


async def set_up(scene: Scene, **typed: Any) -> str:
    """Fill the form in and plan it; returns what the plan said."""
    slack = scene.house.slack
    await scene.house.command(scene.mia, "/oneonone", "setup", scene.team)
    await scene.house.submit(slack.views(scene.mia)[-1], scene.mia, {**TERMS, **typed})
    plan = slack.views(scene.mia)[-1]
    said = str(plan.shown)
    await scene.house.submit(plan, scene.mia, {})
    done = slack.views(scene.mia)[-1]
    slack.close(done, scene.mia)
    return said


async def until(scene: Scene, at: datetime) -> None:
    """Let time pass: the night's work, and what is due then."""
    scene.house.hands.time = at
    await scene.house.services.oneonone_keeper.keep(scene.house.workspace_id)
    await scene.house.drain()


async def meetings(scene: Scene, user: Any) -> list[Any]:
    rows = [row for row in await scene.rows(OneOnOne) if row.person_id == scene.person(user)]
    return sorted(rows, key=lambda row: row.starts_at)


async def test_set_up_shows_the_plan_before_it_holds_and_both_are_reminded(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    assert "begin once a manager" in await type_(scene, scene.ana)
    assert "hold no one-on-ones yet" in await type_(scene, scene.mia)
    link = "https://meet.example/mia?a=1&b=2"
    await house.command(scene.mia, "/oneonone", "setup", scene.team)
    form = slack.views(scene.mia)[-1]
    wrong = {**TERMS, oneonone_setups.HOURS: "10:00-10:15", oneonone_setups.LINK: "nonsense"}
    answer = await house.submit(form, scene.mia, wrong)
    assert list(answer.errors) == [oneonone_setups.LINK]
    answer = await house.submit(form, scene.mia, {**wrong, oneonone_setups.LINK: link})
    assert "shorter than one meeting" in answer.errors[oneonone_setups.HOURS]
    await house.submit(form, scene.mia, {**TERMS, oneonone_setups.LINK: link})
    plan = slack.views(scene.mia)[-1]
    # Bo is in New York and not at work at these hours.
    for part in (
        "3 people every 2 weeks need 0.8 h a week; your hours hold 4 h",
        "Bo works in none",
    ):
        assert part in plan.shown
    assert "Tue 10:00  A" in plan.shown
    assert await scene.rows(OneOnOnePair) == []
    await house.submit(plan, scene.mia, {})
    assert "2 people have one-on-ones with you" in slack.views(scene.mia)[-1].shown
    assert len(await scene.rows(OneOnOnePair)) == 3
    slack.close(slack.views(scene.mia)[-1], scene.mia)

    # They hear of it in Today, the line of the day before and ten minutes before.
    (first, *_) = await meetings(scene, scene.ana)
    await house.drain()
    assert "You and" in slack.dm(scene.ana)[-1].shown
    eve = datetime.combine(first.starts_at.date() - timedelta(days=1), time(9), UTC)
    await until(scene, eve)
    today = slack.dm(scene.ana)[-1]
    assert "One-on-one with" in today.shown
    await house.click(today, oneonones.OPEN, scene.ana)
    page = slack.views(scene.ana)[-1]
    assert "every 2 weeks, 30 minutes" in page.shown
    slack.close(page, scene.ana)
    await until(scene, first.starts_at - timedelta(minutes=10))
    await house.drain()
    for user in (scene.ana, scene.mia):
        (soon,) = [each for each in slack.dm(user) if "begins" in each.shown]
        assert "https://meet.example/mia?a=1&amp;b=2" in str(soon.blocks)
    await house.open_home(scene.mia)
    await house.drain()
    assert "Your one-on-ones" in slack.home(scene.mia).shown
    assert "*Without a one-on-one:* Bo" in slack.home(scene.mia).shown


async def test_topics_are_private_until_shared_and_the_page_is_of_the_two(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    await set_up(scene)
    assert "Please name whom" in await type_(scene, scene.mia, "topic raise")
    said = await type_(scene, scene.ana, f"topic {SECRET}")
    assert "only you see it" in said
    assert "<!channel>" not in str(slack.ephemerals(scene.team, scene.ana)[-1].blocks)
    page = slack.ephemerals(scene.team, scene.ana)[-1]
    ana, mia = f"<@{scene.ana.id}>", f"<@{scene.mia.id}>"
    assert "my pay" not in await type_(scene, scene.mia, ana)
    await house.click(page, oneonones.SHARE, scene.ana)
    assert "yours, shared" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    theirs = await type_(scene, scene.mia, ana)
    assert "my pay" in theirs
    assert "have no one-on-ones" in await type_(scene, scene.abe, ana)
    assert "1 topic" in await type_(scene, scene.ana)
    # The form does the same, in a window.
    listing = slack.ephemerals(scene.team, scene.ana)[-1]
    await house.click(listing, oneonones.OPEN, scene.ana)
    await house.click(slack.views(scene.ana)[-1], oneonones.ADD_TOPIC, scene.ana)
    await house.submit(slack.views(scene.ana)[-1], scene.ana, {oneonones.TEXT: "holiday"})
    window = slack.views(scene.ana)[-1]
    assert "holiday" in window.shown
    slack.close(window, scene.ana)
    await house.click(
        [each for each in slack.ephemerals(scene.team, scene.mia) if "my pay" in each.shown][-1],
        oneonones.CLOSE,
        scene.mia,
    )
    open_ = [row.text for row in await scene.rows(OneOnOneTopic) if row.closed_at is None]
    assert open_ == ["holiday"]
    # Not from a channel: the answer is private, behind a button.
    await house.mention(scene.ana, f"oneonone {mia}", scene.team)
    assert "holiday" not in slack.ephemerals(scene.team, scene.ana)[-1].shown
    await house.say(scene.ana, f"oneonone {mia}")
    assert "holiday" in slack.dm(scene.ana)[-1].shown


async def test_moved_by_button_both_know_and_old_reminders_are_silent(scene: Scene) -> None:
    house, slack = scene.house, scene.house.slack
    await set_up(scene)
    first = (await meetings(scene, scene.ana))[0]
    await type_(scene, scene.ana, f"<@{scene.mia.id}>")
    page = slack.ephemerals(scene.team, scene.ana)[-1]
    block = next(at for at, each in interactive(page.blocks) if each["action_id"] == oneonones.MOVE)
    await slack.click(page, oneonones.MOVE, scene.ana, block_id=block).deliver(house.app)
    form = slack.views(scene.ana)[-1]
    answer = await house.submit(form, scene.ana, {})
    assert "choose a time" in answer.errors[oneonones.DAY]
    day = (first.starts_at + timedelta(days=5)).date().isoformat()
    answer = await house.submit(form, scene.ana, {oneonones.DAY: day, oneonones.TIME: "03:00"})
    assert "working hours" in answer.errors[oneonones.DAY]
    later = {oneonones.DAY: "2026-03-16", oneonones.TIME: "15:00"}
    await house.submit(form, scene.ana, later)
    assert "It is now" in slack.views(scene.ana)[-1].shown
    slack.close(slack.views(scene.ana)[-1], scene.ana)
    moved = (await scene.rows(OneOnOne))[[r.id for r in await scene.rows(OneOnOne)].index(first.id)]
    assert moved.starts_at == datetime(2026, 3, 16, 15, tzinfo=UTC)
    assert moved.revision == 1
    (told,) = await scene.planned("oneonone.moved")
    assert told.person_id == scene.person(scene.mia)
    await house.drain()
    assert "moved from" in slack.dm(scene.mia)[-1].shown
    # The old page's button is told so; the old hour is silent.
    await house.click(page, oneonones.CANCEL, scene.ana)
    assert "moved meanwhile" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    for at in sorted([moved.starts_at, first.starts_at]):
        await until(scene, at - timedelta(minutes=10))
    assert sum("begins" in each.shown for each in slack.dm(scene.ana)) == 1


async def test_who_may_not_and_a_second_manager(scene: Scene) -> None:
    assert "set up by the managers" in await type_(scene, scene.ana, "setup")
    assert "/oneonone" in await type_(scene, scene.ana, "nonsense")
    said = await set_up(scene, **{oneonone_setups.PEOPLE: [scene.ana.id]})
    assert "1 person" in said
    pairs = [row for row in await scene.rows(OneOnOnePair) if row.ended_at is None]
    assert [row.person_id for row in pairs] == [scene.person(scene.ana)]
    await set_up(scene, **{oneonone_setups.PEOPLE: []})
    pairs = [row for row in await scene.rows(OneOnOnePair) if row.ended_at is None]
    assert len(pairs) == 3
    # Time off moves what it hits at once, and whoever is paused is met no more.
    hit = (await meetings(scene, scene.ana))[0]
    day = hit.starts_at.date().isoformat()
    await scene.house.command(scene.ana, "/timeoff", day, scene.team)
    (moved,) = [row for row in await meetings(scene, scene.ana) if row.id == hit.id]
    assert moved.starts_at.date() != hit.starts_at.date()
    assert len(await scene.planned("oneonone.moved")) == 2
    await scene.house.command(
        scene.mia, "/squad", f"status paused request <@{scene.abe.id}>", scene.team
    )
    assert {row.state for row in await meetings(scene, scene.abe)} == {"cancelled"}
    # The night's work finds nothing to do.
    assert await scene.house.services.oneonone_keeper.keep(scene.house.workspace_id) == 0
