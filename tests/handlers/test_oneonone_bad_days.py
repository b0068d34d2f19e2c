"""One-on-ones on bad days: somebody is gone by the time a reminder leaves, the clock goes back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules.oneonones import EVE, SOON, SOON_KIND, SOON_UNTIL, MeetingState, Why
from bot.rules.outbox import DeliveryState
from bot.views import oneonone_setups
from models import Member, OneOnOne, SlackIdentity
from tests.handlers.test_oneonones import meetings, set_up, until
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    house.slack.allowed_links.append("https://meet.example/")
    made = await open_scene(house)
    await set_up(made)
    return made


def reminded(scene: Scene, user: Any) -> int:
    """Count the messages ten minutes before a meeting."""
    return sum("begins" in each.shown for each in scene.house.slack.dm(user))


async def change(scene: Scene, statement: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(statement)


async def waiting(scene: Scene, meeting: Any) -> list[str]:
    """Return what is planned to remind of a meeting."""
    found = [
        row.kind
        for kind in (EVE, SOON_KIND)
        for row in await scene.planned(kind)
        if row.ids["one_on_one_id"] == meeting.id and row.state == DeliveryState.WAITING
    ]
    return sorted(found)


@pytest.mark.parametrize("who", ["ana", "mia"])
async def test_nobody_is_reminded_of_a_meeting_with_somebody_who_was_deactivated(
    scene: Scene, who: str
) -> None:
    house, (first, *_) = scene.house, await meetings(scene, scene.ana)
    await until(scene, first.starts_at - SOON - timedelta(minutes=1))
    assert await waiting(scene, first) == [SOON_KIND, SOON_KIND]
    gone = getattr(scene, who)
    await change(
        scene,
        update(SlackIdentity).where(SlackIdentity.user_id == gone.id).values(active=False),
    )
    house.slack.users[gone.id].deleted = True
    house.move(minutes=1)
    await house.drain()
    assert (reminded(scene, scene.ana), reminded(scene, scene.mia)) == (0, 0)
    assert await waiting(scene, first) == []
    # The night calls off what they cannot come to, and nothing more is said of it.
    await until(scene, first.starts_at + timedelta(days=1))
    left = [row for row in await meetings(scene, scene.ana) if row.starts_at > house.hands.time]
    assert {(row.state, row.why) for row in left} == {
        (MeetingState.CANCELLED.value, Why.LEFT.value)
    }
    for row in left[:2]:
        await until(scene, row.starts_at - SOON)
    assert (reminded(scene, scene.ana), reminded(scene, scene.mia)) == (0, 0)


async def test_where_only_slack_knows_yet_the_other_is_reminded_and_nothing_is_tried_for_ever(
    scene: Scene,
) -> None:
    house, (first, *_) = scene.house, await meetings(scene, scene.ana)
    await until(scene, first.starts_at - SOON - timedelta(minutes=1))
    house.slack.users[scene.ana.id].deleted = True
    house.move(minutes=1)
    for _ in range(3):
        await house.drain()
        house.move(minutes=2)
    assert reminded(scene, scene.mia) == 1
    (hers,) = [
        row
        for row in await scene.planned(SOON_KIND)
        if row.person_id == scene.person(scene.ana) and row.ids["one_on_one_id"] == first.id
    ]
    assert hers.state in {DeliveryState.REFUSED, DeliveryState.DROPPED}
    assert hers.attempts <= 1


async def test_a_manager_who_left_is_waited_for_by_nobody(scene: Scene) -> None:
    house, (first, *_) = scene.house, await meetings(scene, scene.ana)
    mia = scene.person(scene.mia)
    await until(scene, first.starts_at - SOON - timedelta(minutes=1))
    assert await waiting(scene, first) == [SOON_KIND, SOON_KIND]
    await change(scene, update(Member).where(Member.person_id == mia).values(status="offboarded"))
    house.move(minutes=1)
    await house.drain()
    assert (reminded(scene, scene.ana), reminded(scene, scene.mia)) == (0, 0)
    await until(scene, first.starts_at + timedelta(days=1))
    planned = [row for row in await scene.rows(OneOnOne) if row.state == MeetingState.PLANNED.value]
    assert [row for row in planned if row.starts_at > house.hands.time] == []


async def test_a_clock_that_is_set_back_reminds_nobody_twice(scene: Scene) -> None:
    house, (first, *_) = scene.house, await meetings(scene, scene.ana)
    await until(scene, first.starts_at - SOON)
    said = [len(house.slack.dm(user)) for user in (scene.ana, scene.mia)]
    assert (reminded(scene, scene.ana), reminded(scene, scene.mia)) == (1, 1)
    for minutes in (-60, -30, 0):
        await until(scene, first.starts_at - SOON + timedelta(minutes=minutes))
    assert [len(house.slack.dm(user)) for user in (scene.ana, scene.mia)] == said


async def test_whose_day_begins_with_a_meeting_hears_of_it_then(house: House) -> None:
    house.slack.allowed_links.append("https://meet.example/")
    scene = await open_scene(house)
    await set_up(scene, **{oneonone_setups.HOURS: "09:00-09:30"})
    first, *_ = await meetings(scene, scene.ana)
    await until(scene, first.starts_at - SOON)
    assert reminded(scene, scene.ana) == reminded(scene, scene.mia) == 0, "nobody is at work"
    await until(scene, first.starts_at)
    assert reminded(scene, scene.ana) == reminded(scene, scene.mia) == 1
    await until(scene, first.starts_at + SOON_UNTIL)
    assert reminded(scene, scene.ana) == reminded(scene, scene.mia) == 1
