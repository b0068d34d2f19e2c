"""What was announced to a squad in rehearsal: nobody hears of it until it is announced again."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.rules import announcements as rules
from bot.views import announcement_forms
from bot.views import announcements as views
from models import Announcement, Squad
from tests.handlers.blocked import join
from tests.handlers.test_announcements import tick, todays
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    found = await open_scene(house)
    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    return found


async def rehearsed(scene: Scene, text: str, user: Any = None) -> None:
    """Announce while the squad rehearses."""
    await scene.house.command(user or scene.mia, "/announce", text, scene.team)
    await tick(scene)


async def live(scene: Scene) -> Any:
    """Take the squad live; returns what Mia is told."""
    scene.house.move(hours=1)
    await scene.house.command(scene.mia, "/squad", "live", scene.team)
    return scene.house.slack.ephemerals(scene.team, scene.mia)[-1]


async def test_whoever_takes_it_live_looks_at_each_once_more_and_sends_it(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    await rehearsed(scene, "Only a <try>")
    assert "asked about this one" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    await rehearsed(scene, "We use version 2 now.")
    told = await live(scene)
    assert "2 announcements were not posted" in told.shown
    assert "Only a &lt;try&gt;" in str(told.blocks)
    assert told.actions == [announcement_forms.ONCE_MORE] * 2
    again = await live(scene)
    assert announcement_forms.ONCE_MORE not in again.actions, "said when it goes live"
    # Until somebody says so nobody hears of them: no post, no line, nothing on Home.
    for _ in range(10):
        await tick(scene, hours=4)
    await join(scene, scene.oz, "contributor")
    await tick(scene, hours=4)
    await house.open_home(scene.ana)
    await house.drain()
    assert slack.messages(scene.team) == []
    assert "version 2" not in slack.home(scene.ana).shown
    for user in (scene.ana, scene.abe, scene.oz, scene.mia):
        assert todays(scene, user) == []
    (_, second) = await scene.rows(Announcement)
    about = views.AboutAnnouncement(announcement_id=second.id).encode()
    old = slack.click(told, announcement_forms.ONCE_MORE, scene.mia, old_value=about)
    await old.deliver(house.app)
    form = slack.views(scene.mia)[-1]
    assert "We use version 2 now." in str(form.blocks)
    await house.submit(form, scene.mia, {rules.TEXT_FIELD: "We use version 2.1 now."})
    assert "people are to get it" in slack.views(scene.mia)[-1].shown
    again = slack.click(told, announcement_forms.ONCE_MORE, scene.mia, old_value=about)
    await again.deliver(house.app)
    assert "announced already" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    await tick(scene)
    (post,) = slack.messages(scene.team)
    assert "version 2.1" in post.shown
    assert "of 4 have got it" in post.shown
    withdrawn = [row.withdrawn_at is not None for row in await scene.rows(Announcement)]
    assert withdrawn == [False, True, False], "the other one still waits"
    for _ in range(12):
        await tick(scene, hours=4)
    assert len(todays(scene, scene.abe)) >= 1
    assert todays(scene, scene.abe, "try") == []


async def test_another_author_finds_it_in_today_and_sends_it_to_who_was_not_told(
    scene: Scene,
) -> None:
    slack, house = scene.house.slack, scene.house
    await join(scene, scene.oz, "manager")
    heron = await scene.second_squad("Heron", [(scene.oz, "manager"), (scene.ana, "contributor")])
    other = slack.add_channel("herons", members=[scene.oz, scene.ana, scene.mia])
    async with house.database.write() as tx:
        here = Squad.id == heron
        await tx.execute(update(Squad).where(here).values(state="live", team_channel=other.id))
    await house.command(scene.oz, "/announce", channel=scene.team)
    form = slack.views(scene.oz)[-1]
    both = {rules.SQUADS_FIELD: [str(scene.squad_id), str(heron)]}
    text = {rules.TEXT_FIELD: "Who can work on Saturday?", rules.REPLY_BY_FIELD: "2026-03-20"}
    await house.submit(form, scene.oz, both | text)
    await tick(scene)
    told = await live(scene)
    assert "not posted" not in told.shown, "Mia does not manage Heron"
    await tick(scene, hours=24)
    (line,) = todays(scene, scene.oz, "While it rehearsed")
    assert "Kestrel is live" in line.shown
    slack.stacks[scene.oz.id].clear()
    await house.click(line, announcement_forms.ONCE_MORE, scene.oz)
    form = slack.views(scene.oz)[-1]
    assert "2026-03-20 17:00" in str(form.blocks)
    await house.submit(form, scene.oz, {})
    await tick(scene, minutes=2)
    assert "Saturday" in slack.messages(scene.team)[-1].shown
    assert "For Heron ·" in slack.messages(other)[-1].shown, "each squad has its own by now"
    assert todays(scene, scene.oz, "While it rehearsed") == [], "and nothing is left to do"


async def test_what_had_not_left_yet_when_the_rehearsal_ended_does_not_leave(scene: Scene) -> None:
    await scene.house.command(scene.mia, "/announce", "Only a try", scene.team)
    assert "was not posted" in (await live(scene)).shown
    await scene.house.drain()
    assert scene.house.slack.messages(scene.team) == []
    assert [row.reason for row in await scene.planned(rules.POST)] == ["rehearsal"]
