"""Sessions: one message that changes, who comes, the reminders, the quiz and its totals."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules import sessions as rules
from bot.views import session_forms
from bot.views import sessions as views
from models import Session, SessionAnswer, SessionReply, Squad
from tests import guided
from tests.handlers.test_announcements import tick
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

QUIZ = """How is a bicycle boxed? [4.3]
* with its rider
- without its rider

Are reflections boxed? [5.2 Reflections]
- always
* never
- if they are large
"""
TOMORROW = {
    rules.TITLE_FIELD: "Bikes <!here>",
    rules.STARTS_FIELD: "2026-03-11 14:00",
    rules.ENDS_FIELD: "15:00",
    rules.LINK_FIELD: "https://tool.example/room",
}


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def planned(scene: Scene, **given: Any) -> Any:
    """Plan a session of tomorrow by form; returns its message in the channel."""
    slack, house = scene.house.slack, scene.house
    await house.command(scene.mia, "/agenda", "session", scene.team)
    form = slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, TOMORROW | given)
    await tick(scene)
    return slack.messages(scene.team)[-1]


async def until(scene: Scene, hour: int, minute: int = 0, day: int = 11) -> None:
    """Let the clock run to a time of that day, looking every four hours and at the end."""
    goal = MORNING.replace(day=day, hour=hour, minute=minute)
    while scene.house.hands.time < goal:
        left = goal - scene.house.hands.time
        await tick(scene, seconds=min(left, timedelta(hours=4)).total_seconds())


async def test_from_the_plan_to_the_count(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    post = await planned(scene)
    assert "Training: Bikes" in post.shown
    assert "<!here>" not in str(post.blocks)
    assert "<!date^" in str(post.blocks)
    assert "https://tool.example/room" in str(post.blocks)
    for _ in range(2):
        await house.click(post, views.YES, scene.ana)
    await house.click(post, views.NO, scene.abe)
    assert "you come to" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    assert [row.answer for row in await scene.rows(SessionReply)] == ["yes", "no"]
    await tick(scene, minutes=1)
    assert len(slack.messages(scene.team)) == 1
    assert "1 coming, 1 not" in slack.messages(scene.team)[-1].shown
    assert slack.dm(scene.ana) == []
    # A line on the day for who did not say no, a message ten minutes before for who said yes.
    await until(scene, 10)
    assert "You said that you come" in slack.dm(scene.ana)[-1].shown
    assert slack.dm(scene.abe) == []
    await until(scene, 13, 49)
    assert len(slack.dm(scene.ana)) == 1
    await until(scene, 13, 51)
    assert "begins in a few minutes" in slack.dm(scene.ana)[-1].shown
    assert "Do you come" in slack.dm(scene.bo)[-1].shown
    assert len(slack.dm(scene.bo)) == 1
    # Over: no quiz was asked for; the manager says how many came, a total.
    await until(scene, 16)
    assert slack.messages(scene.team)[-1].actions == [views.SHOW]
    await until(scene, 12, day=12)
    line = next(each for each in slack.dm(scene.mia) if session_forms.COUNT in each.actions)
    await house.click(line, session_forms.COUNT, scene.mia)
    form = slack.views(scene.mia)[-1]
    refused = await house.submit(form, scene.mia, {rules.ATTENDED_FIELD: "many"})
    assert "whole number" in str(refused.errors)
    await house.submit(form, scene.mia, {rules.ATTENDED_FIELD: "14"})
    assert [row.attended for row in await scene.rows(Session)] == [14]
    await house.click(post, views.SHOW, scene.ana)
    assert "Count" not in slack.views(scene.ana)[-1].shown


async def test_moved_and_cancelled_tell_who_said_yes_and_nobody_else(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    post = await planned(scene)
    await house.click(post, views.YES, scene.ana)
    await house.click(post, views.SHOW, scene.mia)
    shown = slack.views(scene.mia)[-1]
    assert "Coming: Ana" in shown.shown
    await house.click(shown, session_forms.CHANGE, scene.mia)
    form = slack.views(scene.mia)[-1]
    refused = await house.submit(form, scene.mia, {rules.ENDS_FIELD: "13:00"})
    assert "end before it begins" in str(refused.errors)
    times = {rules.STARTS_FIELD: "2026-03-12 10:00", rules.ENDS_FIELD: "11:00"}
    await house.submit(form, scene.mia, times)
    await tick(scene, hours=5)
    assert "moved to another time" in slack.messages(scene.team)[-1].shown
    assert "Moved to this time" in slack.dm(scene.ana)[-1].shown
    assert slack.dm(scene.bo) == []
    await until(scene, 15)
    assert len(slack.dm(scene.ana)) == 1, "nothing of the old day"
    await until(scene, 9, 30, day=12)
    assert "You said that you come" in slack.dm(scene.ana)[-1].shown
    await house.click(post, views.SHOW, scene.mia)
    await house.click(slack.views(scene.mia)[-1], session_forms.CANCEL, scene.mia)
    await house.drain()
    (shown,) = slack.messages(scene.team)
    assert "is cancelled" in shown.shown
    assert shown.actions == []
    assert "Cancelled: " in slack.dm(scene.ana)[-1].shown, "half an hour before: a message"
    assert len(slack.dm(scene.ana)) == 3
    about = views.AboutSession(session_id=(await scene.rows(Session))[0].id).encode()
    await slack.click(post, views.YES, scene.bo, old_value=about).deliver(house.app)
    assert "was cancelled" in slack.ephemerals(scene.team, scene.bo)[-1].shown


async def test_the_quiz_is_taken_once_and_told_to_each_alone(scene: Scene, tmp_path: Path) -> None:
    slack, house = scene.house.slack, scene.house
    await guided.load(scene, tmp_path / "guide")
    wrong = {rules.QUIZ_FIELD: QUIZ.replace("4.3", "9.9")}
    await house.command(scene.mia, "/agenda", "session", scene.team)
    refused = await house.submit(slack.views(scene.mia)[-1], scene.mia, TOMORROW | wrong)
    assert "9.9" in str(refused.errors)
    slack.stacks[scene.mia.id].clear()
    post = await planned(scene, **{rules.QUIZ_FIELD: QUIZ})
    await house.click(post, views.YES, scene.ana)
    about = views.AboutSession(session_id=(await scene.rows(Session))[0].id).encode()
    await slack.click(post, views.TAKE, scene.ana, old_value=about).deliver(house.app)
    assert "opens when the session is over" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    await until(scene, 16)
    post = slack.messages(scene.team)[-1]
    for user, first in ((scene.ana, "1"), (scene.abe, "0"), (scene.bo, "0")):
        await house.click(post, views.TAKE, user)
        form = slack.views(user)[-1]
        fields = [block["block_id"] for block in form.blocks if block["type"] == "input"]
        given = dict(zip(fields, (first, "1"), strict=True))
        sent = slack.submit(form, user, given)
        for _ in range(2):
            await sent.deliver(house.app)
        assert f"{2 if first == '0' else 1} of 2 right" in slack.views(user)[-1].shown
    told = slack.views(scene.ana)[-1]
    assert "You chose: without its rider" in told.shown
    assert "A bicycle is boxed with its rider" in told.shown
    assert "Reflections are never boxed" not in told.shown
    assert len(await scene.rows(SessionAnswer)) == 6
    await house.click(post, views.TAKE, scene.ana)
    assert "1 of 2 right" in slack.views(scene.ana)[-1].shown, "taken already: the results"
    # Totals to the manager, single results only as the squad's setting says; nobody else.
    await house.click(post, views.SHOW, scene.mia)
    totals = slack.views(scene.mia)[-1].shown
    assert "2 of 3 right" in totals
    assert "Ana: 1 of 2" in totals
    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(individual_figures="self"))
    await house.click(post, views.SHOW, scene.mia)
    totals = slack.views(scene.mia)[-1].shown
    assert "2 of 3 right" in totals
    assert "Ana" not in totals
    await house.click(post, views.SHOW, scene.abe)
    assert "of 3" not in slack.views(scene.abe)[-1].shown
    await until(scene, 11, day=12)
    assert not [each for each in slack.dm(scene.ana) if views.TAKE in each.actions], "done"


async def test_chosen_people_bad_input_and_rehearsal(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    await house.command(scene.ana, "/agenda", "session", scene.team)
    assert "managers of the squad" in slack.ephemerals(scene.team, scene.ana)[-1].shown
    await house.command(scene.mia, "/agenda", "session Bikes", scene.team)
    form = slack.views(scene.mia)[-1]
    six = "\n".join(["Q? [4.1]", "* a", "- b"] * 6)
    chosen = {rules.AUDIENCE_FIELD: "chosen"}
    for given, said in (
        ({rules.STARTS_FIELD: "2026-03-09 14:00"}, "still to come"),
        ({rules.STARTS_FIELD: "tomorrow"}, "not a date and time"),
        ({rules.ENDS_FIELD: "2026-03-13 15:00"}, "24 hours"),
        ({rules.LINK_FIELD: "the usual room"}, "link"),
        (chosen, "choose the people"),
        (chosen | {rules.PEOPLE_FIELD: [scene.ana.id, scene.oz.id]}, "not in Kestrel"),
        ({rules.QUIZ_FIELD: six}, "at most 5"),
        ({rules.QUIZ_FIELD: "Q? [4.1]\n- a\n- b"}, "0 right choices"),
    ):
        refused = await house.submit(form, scene.mia, TOMORROW | given)
        assert said in str(refused.errors), given
    await house.command(scene.mia, "/agenda", "session Bikes", scene.team)
    form = slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, TOMORROW | chosen | {rules.PEOPLE_FIELD: [scene.ana.id]})
    await tick(scene)
    post = slack.messages(scene.team)[-1]
    await house.click(post, views.YES, scene.bo)
    assert "for others of your squad" in slack.ephemerals(scene.team, scene.bo)[-1].shown
    await house.open_home(scene.ana)
    await house.drain()
    assert "Bikes" in slack.home(scene.ana).shown
    await house.click(slack.home(scene.ana), views.SHOW, scene.ana)
    await house.click(slack.views(scene.ana)[-1], views.NO, scene.ana)
    assert "cannot come" in slack.views(scene.ana)[-1].shown
    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    await planned(scene)
    assert "rehearsal" in slack.views(scene.mia)[-1].shown
    await until(scene, 16)
    assert len(slack.messages(scene.team)) == 1
    assert slack.dm(scene.bo) == []
