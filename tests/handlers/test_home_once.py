"""Home says each thing once, on its day: what has a list there is no line of Today as well."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.rules.announcements import COUNT
from bot.views import announcements, oneonones
from tests.fakes.slack.blocks import interactive
from tests.handlers.test_home import home
from tests.handlers.test_oneonones import meetings, set_up, until
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def pages(scene: Scene, user: Any) -> int:
    """How often somebody's Home leads to the page of a one-on-one."""
    shown = await home(scene, user)
    return [each["action_id"] for _, each in interactive(shown.blocks)].count(oneonones.OPEN)


async def test_one_on_ones_stand_in_their_list_alone(scene: Scene) -> None:
    slack = scene.house.slack
    await set_up(scene)
    await scene.house.drain()
    assert "You and" in slack.dm(scene.ana)[-1].shown
    assert "You and" not in (await home(scene, scene.ana)).shown
    assert await pages(scene, scene.ana) == 1
    assert await pages(scene, scene.mia) == 2
    (first, *_) = await meetings(scene, scene.ana)
    eve = datetime.combine(first.starts_at.date() - timedelta(days=1), time(9), UTC)
    await until(scene, eve)
    for user, listed in ((scene.ana, 1), (scene.mia, 2)):
        assert "One-on-one with" in slack.dm(user)[-1].shown
        assert await pages(scene, user) == listed


async def test_that_one_was_moved_is_news_beside_the_list(scene: Scene) -> None:
    await set_up(scene)
    (first, *_) = await meetings(scene, scene.ana)
    start = first.starts_at.replace(hour=15)
    ana = scene.house.caller(scene.ana)
    await scene.house.services.oneonones.move(ana, first.id, first.revision, start, None)
    await scene.house.drain()
    assert "moved from" in scene.house.slack.dm(scene.mia)[-1].shown
    assert "moved from" in (await home(scene, scene.mia)).shown


async def test_what_waits_for_a_later_day_is_left_to_that_day(scene: Scene) -> None:
    await scene.house.command(scene.mia, "/announce", "We use version 2 now.", scene.team)
    (count,) = await scene.planned(COUNT)
    assert "of 3 have got it" not in (await home(scene, scene.mia)).shown
    scene.house.hands.time = datetime.combine(count.due_at.date(), time(0, 30), UTC)
    assert count.due_at > scene.house.hands.time, "later on this day"
    assert "of 3 have got it" in (await home(scene, scene.mia)).shown


async def test_nothing_waits_is_said_only_where_nothing_does(scene: Scene) -> None:
    nothing, post = "Nothing waits for you.", "Parked bicycles are boxed alone."
    assert nothing in (await home(scene, scene.ana)).shown
    await scene.house.command(scene.mia, "/announce", post, scene.team)
    await scene.house.drain()
    shown = (await home(scene, scene.ana)).shown
    assert post in shown
    assert nothing not in shown
    await scene.house.click(scene.house.slack.home(scene.ana), announcements.GOT, scene.ana)
    await scene.house.drain()
    shown = (await home(scene, scene.ana)).shown
    assert post not in shown
    assert nothing in shown
