"""A session that changes: whom it asks, and its quiz, before it begins and once it is over."""

from pathlib import Path
from typing import Any

import pytest

from bot.rules import sessions as rules
from bot.views import session_forms
from bot.views import sessions as views
from models import Session, SessionQuestion
from tests import guided
from tests.handlers.test_sessions import QUIZ, planned, until
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def change_form(scene: Scene, post: Any) -> Any:
    """Open the form that changes a session, as its manager."""
    slack, house = scene.house.slack, scene.house
    await house.click(post, views.SHOW, scene.mia)
    await house.click(slack.views(scene.mia)[-1], session_forms.CHANGE, scene.mia)
    return slack.views(scene.mia)[-1]


def initial(form: Any, block_id: str) -> Any:
    """What a field starts with, whatever element it is."""
    element = next(each for each in form.blocks if each["block_id"] == block_id)["element"]
    return next((element[key] for key in element if key.startswith("initial_")), None)


async def test_who_is_newly_asked_finds_it_and_who_is_not_any_more_sees_it_go(scene: Scene) -> None:
    slack, house = scene.house.slack, scene.house
    to_abe = {rules.AUDIENCE_FIELD: "chosen", rules.PEOPLE_FIELD: [scene.abe.id]}
    post = await planned(scene, **to_abe)
    await until(scene, 9, 30)
    assert "Do you come" in slack.dm(scene.abe)[-1].shown
    assert slack.dm(scene.ana) == []
    form = await change_form(scene, post)
    assert initial(form, rules.AUDIENCE_FIELD)["value"] == "chosen"
    assert initial(form, rules.PEOPLE_FIELD) == [scene.abe.id]
    refused = await house.submit(form, scene.mia, {rules.PEOPLE_FIELD: [scene.oz.id]})
    assert "not in Kestrel" in str(refused.errors)
    await house.submit(form, scene.mia, {rules.PEOPLE_FIELD: [scene.ana.id]})
    await house.drain()
    assert "Bikes" not in slack.dm(scene.abe)[-1].shown, "the line is gone from his Today"
    await house.click(post, views.YES, scene.abe)
    assert "for others of your squad" in slack.ephemerals(scene.team, scene.abe)[-1].shown
    await until(scene, 13, 30)
    assert "Do you come" in slack.dm(scene.ana)[-1].shown
    assert len(slack.dm(scene.abe)) == 1, "and nothing more"
    # Everything is kept that the form leaves as it was.
    (row,) = await scene.rows(Session)
    assert (row.revision, row.link, row.title) == (1, "https://tool.example/room", "Bikes <!here>")
    assert row.starts_at.hour == 14


async def test_a_quiz_is_mended_after_the_session_until_somebody_took_it(
    scene: Scene, tmp_path: Path
) -> None:
    slack, house = scene.house.slack, scene.house
    await guided.load(scene, tmp_path / "guide")
    post = await planned(scene)
    form = await change_form(scene, post)
    wrong = {rules.QUIZ_FIELD: QUIZ.replace("4.3", "9.9")}
    refused = await house.submit(form, scene.mia, wrong)
    assert "9.9" in str(refused.errors)
    await house.submit(form, scene.mia, {rules.QUIZ_FIELD: QUIZ})
    assert len(await scene.rows(SessionQuestion)) == 2
    await until(scene, 16)
    post = slack.messages(scene.team)[-1]
    await house.click(post, views.TAKE, scene.ana)
    opened = slack.views(scene.ana)[-1]
    form = await change_form(scene, post)
    assert [each["block_id"] for each in form.blocks if each["type"] == "input"] == ["quiz"]
    assert rules.read_quiz(initial(form, rules.QUIZ_FIELD)) == rules.read_quiz(QUIZ)
    await house.submit(form, scene.mia, {rules.QUIZ_FIELD: QUIZ.split("\n\n")[0]})
    await house.drain()
    fields = [block["block_id"] for block in opened.blocks if block["type"] == "input"]
    await house.submit(opened, scene.ana, dict.fromkeys(fields, "0"))
    assert "was changed while you had it open" in slack.views(scene.ana)[-1].shown
    slack.stacks[scene.ana.id].clear()
    post = slack.messages(scene.team)[-1]
    await house.click(post, views.TAKE, scene.ana)
    (field,) = (x["block_id"] for x in slack.views(scene.ana)[-1].blocks if x["type"] == "input")
    # Open before she sent it, the form comes too late.
    late = await change_form(scene, post)
    await house.submit(slack.views(scene.ana)[-1], scene.ana, {field: "0"})
    assert "1 of 1 right" in slack.views(scene.ana)[-1].shown
    await house.submit(late, scene.mia, {rules.QUIZ_FIELD: "none"})
    assert "taken this quiz already" in slack.views(scene.mia)[-1].shown
    assert len(await scene.rows(SessionQuestion)) == 1
    slack.stacks[scene.mia.id].clear()
    await house.click(post, views.SHOW, scene.mia)
    assert "Change the quiz" not in str(slack.views(scene.mia)[-1].blocks)
