"""Announcements: one post, Got it, at most two reminders in Today, and who sees whom."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules import announcements as rules
from bot.views import announcement_forms
from bot.views import announcements as views
from jobs import gatherings
from models import Announcement, AnnouncementReceipt, GuidelineVersion, Member, OutboxRow, Squad
from tests import guided
from tests.handlers.blocked import join
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def announced(scene: Scene, text: str = "We use version 2 now. <!channel>") -> Any:
    """Announce by command; returns the post."""
    await scene.house.command(scene.mia, "/announce", text, scene.team)
    await tick(scene)
    return scene.house.slack.messages(scene.team)[-1]


async def tick(scene: Scene, **later: float) -> None:
    """Let time pass, and the clock and dispatch do what is due."""
    scene.house.move(**later)
    await gatherings.tick(scene.house.container)
    await scene.house.drain()


def todays(scene: Scene, user: Any, text: str = "version 2") -> list[Any]:
    """The Today messages of somebody that speak of it."""
    return [each for each in scene.house.slack.dm(user) if text in each.shown]


async def test_one_post_a_click_a_count_and_the_list_for_managers(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    post = await announced(scene)
    assert "Announcement from Mia" in post.shown
    assert "<!channel>" not in str(post.blocks)
    assert "0 of 3 have got it" in post.shown
    (receipt,) = slack.ephemerals(scene.team, scene.mia)
    assert "3 people are to get it" in receipt.shown
    # Enter once more, and a second click, change nothing.
    await house.command(scene.mia, "/announce", "We use version 2 now. <!channel>", scene.team)
    for _ in range(2):
        await house.click(post, views.GOT, scene.ana)
    assert "Noted" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    assert len(await scene.rows(AnnouncementReceipt)) == 1
    await house.drain()
    assert "0 of 3" in slack.messages(scene.team)[-1].shown, "at most once a minute"
    await house.click(post, views.GOT, scene.bo)
    await tick(scene, minutes=1)
    assert len(slack.messages(scene.team)) == 1
    assert "2 of 3 have got it" in slack.messages(scene.team)[-1].shown
    assert slack.dm(scene.ana) == slack.dm(scene.abe) == [], "nobody gets a message of its own"
    # Managers see who; everybody else the count alone; whoever wrote it need not confirm.
    await house.click(post, views.DETAILS, scene.mia)
    listed = slack.views(scene.mia)[-1].shown
    assert "Waiting for one" in listed
    assert "Abe" in listed
    assert "Withdraw" in listed
    await house.click(post, views.DETAILS, scene.abe)
    seen = slack.views(scene.abe)[-1].shown
    assert "2 of 3 have got it" in seen
    assert "Bo" not in seen
    assert "Withdraw" not in seen
    await house.click(post, views.GOT, scene.mia)
    assert "does not wait for you" in slack.ephemerals(scene.team, scene.mia)[-1].shown


async def test_who_has_not_got_it_finds_it_in_today_at_most_twice(scene: Scene) -> None:
    post = await announced(scene)
    await scene.house.click(post, views.GOT, scene.ana)
    for _ in range(6 * 12):
        await tick(scene, hours=4)
    assert todays(scene, scene.ana) == []
    assert len(todays(scene, scene.abe)) == rules.LINES
    first, second = todays(scene, scene.abe)
    assert first.actions.count(views.GOT) == 1
    days = [MORNING + timedelta(days=1), MORNING + timedelta(days=3)]
    kept = [
        row for row in await scene.planned(rules.LINE) if row.person_id == scene.person(scene.abe)
    ]
    assert [row.settled_at.date() for row in kept] == [day.date() for day in days]
    # Its author reads the count once.
    (count,) = todays(scene, scene.mia, "Your announcement")
    assert "one of 3 has got it" in count.shown
    await scene.house.click(second, views.GOT, scene.abe)
    await scene.house.drain()
    assert "~" in todays(scene, scene.abe)[-1].shown, "ticked off where it stands"


async def test_who_joins_is_told_at_once_who_is_back_then_and_who_left_never(scene: Scene) -> None:
    await announced(scene)
    await scene.house.command(scene.bo, "/timeoff", "2026-03-11..2026-03-13", scene.team)
    async with scene.house.database.write() as tx:
        left = Member.person_id == scene.person(scene.abe)
        await tx.execute(update(Member).where(left).values(status="offboarded"))
    await join(scene, scene.oz, "contributor")
    for _ in range(6 * 4):
        await tick(scene, hours=4)
    assert todays(scene, scene.abe) == []
    assert todays(scene, scene.bo) == []
    assert len(todays(scene, scene.oz)) >= 1
    for _ in range(6 * 3):
        await tick(scene, hours=4)
    assert len(todays(scene, scene.bo)) == 1, "Monday, when he is back"


async def test_by_form_to_two_squads_with_replies(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    other = slack.add_channel("other", members=[scene.mia])
    heron = await scene.second_squad("Heron", [(scene.mia, "manager"), (scene.oz, "contributor")])
    await house.command(scene.mia, "/announce", "Who can work on Saturday?", other)
    form = slack.views(scene.mia)[-1]
    ticked = [str(scene.squad_id), str(heron)]
    given = {rules.SQUADS_FIELD: ticked, rules.REPLY_BY_FIELD: "2026-03-09"}
    refused = await house.submit(form, scene.mia, given)
    assert "still to come" in str(refused.errors)
    await house.submit(form, scene.mia, given | {rules.REPLY_BY_FIELD: "2026-03-12"})
    assert "Heron has no team channel" in slack.views(scene.mia)[-1].shown
    await tick(scene)
    post = slack.messages(scene.team)[-1]
    assert "Please reply by" in post.shown
    (line,) = todays(scene, scene.oz, "Saturday")
    await house.click(line, views.READ, scene.oz)
    await house.submit(slack.views(scene.oz)[-1], scene.oz, {rules.REPLY_FIELD: "I can <@U1>"})
    assert "Your reply is kept" in slack.views(scene.oz)[-1].shown
    (row,) = await scene.rows(Announcement)
    about = views.AboutAnnouncement(announcement_id=row.id).encode()
    await slack.click(post, views.GOT, scene.ana, old_value=about).deliver(house.app)
    assert "Your reply" in str(slack.views(scene.ana)[-1].blocks), "an old button asks for it"
    await house.click(post, views.DETAILS, scene.mia)
    listed = slack.views(scene.mia)[-1]
    assert "I can" in listed.shown
    assert "<@U1>" not in str(listed.blocks)
    await house.open_home(scene.ana)
    await house.drain()
    assert "Saturday" in house.slack.home(scene.ana).shown


async def test_a_typed_one_asks_for_replies_afterwards(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    post = await announced(scene, "Please finish batch 7 by 2026-03-12")
    assert "by 2026-03-12" in post.shown, "what is said stays what is said"
    await house.click(post, views.GOT, scene.bo)
    told = slack.ephemerals(scene.team, scene.mia)[-1]
    await house.click(told, views.ASK, scene.mia)
    form = slack.views(scene.mia)[-1]
    for typed, said in (("2026-03-09", "still to come"), ("soon", "not a date")):
        refused = await house.submit(form, scene.mia, {rules.REPLY_BY_FIELD: typed})
        assert said in str(refused.errors)
    await house.submit(form, scene.mia, {rules.REPLY_BY_FIELD: "2026-03-12"})
    # Clicked before the post has changed, Got it asks for the reply.
    await house.click(post, views.GOT, scene.ana)
    await house.submit(slack.views(scene.ana)[-1], scene.ana, {rules.REPLY_FIELD: "On Thursday"})
    await house.drain()
    (shown,) = slack.messages(scene.team)
    assert "Please reply by" in shown.shown
    assert shown.actions == [views.READ, views.DETAILS]
    # Who had got it is not asked again; who has not finds it in Today, on the day itself as well.
    for _ in range(6 * 4):
        await tick(scene, hours=4)
    assert todays(scene, scene.bo, "batch 7") == todays(scene, scene.ana, "batch 7") == []
    lines = todays(scene, scene.abe, "batch 7")
    assert [each.actions.count(views.READ) for each in lines] == [1, 1]
    read = [row for row in await scene.planned(rules.LINE) if row.state == "sent"]
    assert [row.settled_at.day for row in read] == [11, 12]
    # Its author reads the count once it is due, and not two days after it was said.
    (count,) = await scene.planned(rules.COUNT)
    assert (count.due_at.day, count.due_at.hour) == (12, 17)
    await house.click(shown, views.DETAILS, scene.mia)
    assert views.ASK not in slack.views(scene.mia)[-1].actions
    about = views.AboutAnnouncement(announcement_id=(await scene.rows(Announcement))[0].id)
    foreign = slack.click(shown, views.ASK, scene.ana, old_value=about.encode())
    await foreign.deliver(house.app)
    assert "managers of the squads" in slack.ephemerals(scene.team, scene.ana)[-1].shown


async def test_edited_withdrawn_and_by_whom(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    post = await announced(scene)
    await house.click(post, views.DETAILS, scene.mia)
    await house.click(slack.views(scene.mia)[-1], views.EDIT, scene.mia)
    form = slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, {rules.TEXT_FIELD: "We use version 3 now."})
    await house.drain()
    assert "version 3" in slack.messages(scene.team)[-1].shown
    assert "edited" in slack.messages(scene.team)[-1].shown
    # Mia is no manager any more; who manages the squad now takes it back.
    await join(scene, scene.oz, "manager")
    await house.command(scene.oz, "/squad", f"roles <@{scene.mia.id}> contributor", scene.team)
    async with house.database.write() as tx:
        gone = Member.person_id == scene.person(scene.mia)
        await tx.execute(update(Member).where(gone).values(status="paused"))
    await house.click(post, views.DETAILS, scene.oz)
    await house.click(slack.views(scene.oz)[-1], views.WITHDRAW, scene.oz)
    await house.drain()
    (shown,) = slack.messages(scene.team)
    assert "withdrawn" in shown.shown
    assert "version 3" not in shown.shown
    (row,) = await scene.rows(Announcement)
    about = views.AboutAnnouncement(announcement_id=row.id).encode()
    for action in (views.GOT, views.WITHDRAW):
        old = slack.click(post, action, scene.ana, old_value=about)
        await old.deliver(house.app)
    assert "managers of the squads" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    assert "was withdrawn" in slack.ephemerals(scene.team, scene.ana)[-2].shown
    for _ in range(12):
        await tick(scene, hours=4)
    assert todays(scene, scene.ana, "version") == []


async def test_who_may_not_what_is_no_text_and_what_does_not_go_out(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    await house.command(scene.ana, "/announce", "Party!", scene.team)
    assert "managers" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    await house.command(scene.mia, "/announce", "x" * 3001, scene.team)
    assert "3000" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    await house.command(scene.mia, "/announce", "help", scene.team)
    assert "Usage" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    long = "<@U123|ana> & <#C1|team> " * 100
    await house.command(scene.mia, "/announce", long, scene.team)
    await tick(scene)
    post = slack.messages(scene.team)[-1]
    assert "<@U123" not in str(post.blocks)
    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    await house.command(scene.mia, "/announce", "Only a try", scene.team)
    assert "rehearsal" in slack.ephemerals(scene.team, scene.mia)[-1].shown
    for _ in range(8):
        await tick(scene, hours=4)
    assert len(slack.messages(scene.team)) == 1
    assert todays(scene, scene.abe, "Only a try") == []
    rehearsed = {row.kind for row in await scene.rows(OutboxRow) if row.reason == "rehearsal"}
    assert rules.POST in rehearsed


async def test_in_an_archived_channel_people_find_it_in_today(scene: Scene) -> None:
    slack = scene.house.slack
    scene.team.archived = True
    await scene.house.command(scene.mia, "/announce", "We use version 2 now.", scene.team)
    await tick(scene)
    assert slack.messages(scene.team) == []
    assert [row.state for row in await scene.planned(rules.POST)] == ["refused"]
    for _ in range(8):
        await tick(scene, hours=4)
    (line,) = todays(scene, scene.ana)
    await scene.house.click(line, views.GOT, scene.ana)
    await tick(scene, minutes=2)
    assert [row.state for row in await scene.planned(rules.POST)] == ["refused", "dropped"]


async def test_a_new_version_is_offered_once_a_day_and_announced_by_nobody_else(
    scene: Scene, tmp_path: Path
) -> None:
    slack, house = scene.house.slack, scene.house
    await guided.load(scene, tmp_path / "first")
    assert await scene.planned(rules.OFFER) == [], "nothing changed yet"
    changed = guided.PAGES | {"night.md": guided.PAGES["night.md"].replace("half", "a third")}
    await guided.load(scene, tmp_path / "second", changed, "2.0")
    changed |= {"boats.md": "# Boats\n\n## 8.1 Sails\n\nSails belong to the boat.\n"}
    await guided.load(scene, tmp_path / "third", changed, "2.1")
    assert len(await scene.planned(rules.OFFER)) == 1, "once a day"
    await tick(scene)
    (line,) = todays(scene, scene.mia, "Version 2.1")
    assert todays(scene, scene.ana, "Version 2.1") == []
    await house.click(line, announcement_forms.OFFERED, scene.mia)
    form = slack.views(scene.mia)[-1]
    assert "8.1 Sails" in str(form.blocks)
    assert "6.2 Glare" not in str(form.blocks), "that changed before"
    await house.submit(form, scene.mia, {})
    await house.drain()
    assert "Version 2.1 of the guidelines" in slack.messages(scene.team)[-1].shown
    old = announcement_forms.AboutVersion(version_id=(await scene.rows(GuidelineVersion))[-1].id)
    request = slack.click(line, announcement_forms.OFFERED, scene.mia, old_value=old.encode())
    await request.deliver(house.app)
    await house.submit(slack.views(scene.mia)[-1], scene.mia, {})
    assert "Once a day" in slack.views(scene.mia)[-1].shown
    # The next one tells what changed since people were told last.
    slack.stacks[scene.mia.id].clear()
    for number, name in enumerate(("2.2", "2.3")):
        scene.house.move(days=1)
        changed |= {f"new{number}.md": f"# New\n\n## 9.{number} Rule\n\nSomething new.\n"}
        await guided.load(scene, tmp_path / name, changed, name)
    await tick(scene)
    line = todays(scene, scene.mia, "Version 2.3")[-1]
    assert line.shown.count("Version 2.3") == 1, "the offer of the day before is gone"
    await house.click(line, announcement_forms.OFFERED, scene.mia)
    listed = str(slack.views(scene.mia)[-1].blocks)
    assert "9.0 Rule" in listed
    assert "9.1 Rule" in listed
    assert "8.1 Sails" not in listed
