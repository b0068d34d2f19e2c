"""What managers see of the questions: counts by section, the questions, and never who asked."""

from pathlib import Path
from typing import Any

import pytest

from bot.store import schedules
from jobs.ticker import Ticker
from models import Question
from tests import guided
from tests.harness import House
from tests.scenes import Scene, open_scene

PRIVATE = "When does the salary for tram drivers arrive?"


@pytest.fixture
async def scene(house: House, tmp_path: Path) -> Scene:
    found = await open_scene(house)
    await guided.load(found, tmp_path / "guide")
    return found


async def asks(scene: Scene, text: str, user: Any = None) -> Any:
    user = user or scene.ana
    await scene.house.command(user, "/ask", text, scene.team)
    return scene.house.slack.ephemerals(scene.team, user)[-1]


async def gaps(scene: Scene, user: Any = None) -> Any:
    return await asks(scene, "gaps", user or scene.mia)


async def opened(scene: Scene, listed: Any) -> list[str]:
    """Press every button of a list of gaps; return what each of the windows shows."""
    texts = []
    for block in listed.blocks:
        if "accessory" in block:
            value = block["accessory"]["value"]
            click = scene.house.slack.click(listed, "gaps.show", scene.mia, old_value=value)
            await click.deliver(scene.house.app)
            texts.append(str(scene.house.slack.views(scene.mia)[-1].body))
    return texts


async def test_unanswered_and_unhelpful_questions_are_counted_by_section(scene: Scene) -> None:
    house = scene.house
    await asks(scene, PRIVATE)
    shown = await asks(scene, "Are reflections in shop windows boxed?", scene.bo)
    await house.click(shown, "questions.unhelpful", scene.bo)
    form = house.slack.views(scene.bo)[-1]
    await house.submit(form, scene.bo, {"missing": "What of puddles?"})
    await asks(scene, "How many people who stand close make a group?")
    listed = await gaps(scene)
    assert "1 of 3" in listed.shown or "2 of 3" in listed.shown
    assert "Occlusion › 5.2 Reflections" in listed.shown
    assert "1 not helpful" in listed.shown
    assert "1 not answered" in listed.shown
    assert "7.2 Groups" not in listed.shown
    texts = "\n".join(await opened(scene, listed))
    assert PRIVATE in texts
    assert "What of puddles?" in texts


async def test_nobody_reads_who_asked_a_private_question(scene: Scene) -> None:
    """Everything a manager, an auditor or the whole channel can read, after a private question."""
    house = scene.house
    shown = await asks(scene, PRIVATE)
    await house.click(shown, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {"task": "T-1"})
    await house.drain()
    listed = await gaps(scene)
    shown_in_gaps = await opened(scene, listed)
    for user in (scene.mia, scene.abe):
        await house.open_home(user)
    house.move(hours=3)
    await house.drain()
    seen: list[Any] = []
    for user in (scene.mia, scene.abe, scene.bo):
        seen += [*house.slack.ephemerals(scene.team, user), *house.slack.dm(user)]
        seen += [*house.slack.views(user), *filter(None, [house.slack.home(user)])]
    seen += house.slack.messages(scene.team)
    texts = [f"{each.shown} {getattr(each, 'blocks', '')}" for each in seen] + shown_in_gaps
    assert any(PRIVATE in text for text in texts), "it was looked for where it can be"
    for text in texts:
        if PRIVATE in text:
            assert scene.ana.id not in text
            assert "Ana" not in text


async def test_contributors_read_who_can(scene: Scene) -> None:
    shown = await gaps(scene, scene.ana)
    assert "managers and auditors" in shown.shown


async def test_a_question_may_begin_with_the_word(scene: Scene) -> None:
    await asks(scene, "gaps between boxes, how wide?")
    assert [row.text for row in await scene.rows(Question)] == ["gaps between boxes, how wide?"]


async def test_nobody_asked_is_one_line(scene: Scene) -> None:
    shown = await gaps(scene)
    assert "Nobody of Kestrel asked anything" in shown.shown


async def test_once_a_week_the_managers_read_how_many_were_answered_without_them(
    scene: Scene,
) -> None:
    house = scene.house
    async with house.database.write() as tx:
        await schedules.ensure_defaults(
            tx, house.workspace_id, scene.squad_id, "Europe/London", house.container.clock.now()
        )
    await asks(scene, "Are reflections boxed?")
    await asks(scene, PRIVATE)
    house.move(days=6)  # Monday at nine
    ticker = Ticker(house.container)
    for _ in range(8):
        house.move(minutes=15)
        await ticker.tick()
        await house.drain()
    lines = await scene.planned("questions.weekly")
    assert [row.person_id for row in lines] == [scene.person(scene.mia)]
    today = house.slack.dm(scene.mia)[-1]
    assert "1 of 2 questions were answered without you" in today.shown
    await house.click(today, "gaps.week", scene.mia)
    place = house.slack.dm_channel(scene.mia)
    assert "Kestrel asked since" in house.slack.ephemerals(place, scene.mia)[-1].shown
