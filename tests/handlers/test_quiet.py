"""A person's own quiet hours: set by command, kept by dispatch."""

from typing import Any

import pytest

from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


def said(scene: Scene, user: Any) -> str:
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].text)


async def test_quiet_hours_hold_what_is_not_an_answer(house: House, scene: Scene) -> None:
    await house.command(scene.ana, "/muster", "quiet 08:00-10:00", channel=scene.team)
    assert "From 08:00 to 10:00 (Europe/London)" in said(scene, scene.ana)
    text = f"<@{scene.ana.id}> praise: thank you for the careful notes"
    await house.command(scene.abe, "/coach", text, channel=scene.team)
    await house.drain()
    assert house.slack.dm(scene.ana) == []
    house.move(hours=1, minutes=1)
    await house.drain()
    assert len(house.slack.dm(scene.ana)) == 1


async def test_quiet_hours_can_be_taken_back(house: House, scene: Scene) -> None:
    await house.command(scene.ana, "/muster", "quiet 08:00-10:00", channel=scene.team)
    await house.command(scene.ana, "/muster", "quiet off", channel=scene.team)
    assert "no quiet hours" in said(scene, scene.ana)
    text = f"<@{scene.ana.id}> praise: thank you for the careful notes"
    await house.command(scene.abe, "/coach", text, channel=scene.team)
    await house.drain()
    assert len(house.slack.dm(scene.ana)) == 1


async def test_quiet_until_an_hour_holds_what_comes_before_it_once(
    house: House, scene: Scene
) -> None:
    await house.command(scene.ana, "/muster", "quiet until 10:30", channel=scene.team)
    assert "Until Tue 10 Mar 2026 10:30 (Europe/London)" in said(scene, scene.ana)
    text = f"<@{scene.ana.id}> praise: thank you for the careful notes"
    await house.command(scene.abe, "/coach", text, channel=scene.team)
    assert "10:30" in said(scene, scene.abe)
    await house.drain()
    assert house.slack.dm(scene.ana) == []
    house.move(hours=1, minutes=31)
    await house.drain()
    assert len(house.slack.dm(scene.ana)) == 1
    await house.command(scene.ana, "/muster", "quiet until 08:30", channel=scene.team)
    assert "Wed 11 Mar" in said(scene, scene.ana), "the next half past eight is tomorrow's"


async def test_the_form_shows_and_changes_them(house: House, scene: Scene) -> None:
    slack = house.slack
    await house.command(scene.ana, "/muster", "quiet 12:00-13:00", channel=scene.team)
    await house.command(scene.ana, "/muster", "quiet", channel=scene.team)
    form = slack.views(scene.ana)[-1]
    half = await house.submit(form, scene.ana, {"start": "12:30", "end": None})
    assert "both times" in str(half.errors)
    wrong = await house.submit(form, scene.ana, {"start": "12:30", "end": "24:00"})
    assert set(wrong.errors) == {"end"}
    times = {"start": "12:30", "end": "13:30", "until": "15:00"}
    await house.submit(form, scene.ana, times)
    assert "From 12:30 to 13:30" in slack.views(scene.ana)[-1].shown
    assert "15:00" in slack.views(scene.ana)[-1].shown
    await house.command(scene.ana, "/muster", "quiet off", channel=scene.team)
    assert "no quiet hours" in said(scene, scene.ana)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("quiet until", "does not say when"),
        ("quiet soon", "does not say when"),
        ("quiet 24:00-08:00", "24:00"),
        ("quiet 09:00-17:00", "I could never write"),
    ],
)
async def test_quiet_hours_that_cannot_be_are_refused_with_the_reason(
    house: House, scene: Scene, text: str, sentence: str
) -> None:
    await house.command(scene.ana, "/muster", text, channel=scene.team)
    assert sentence in said(scene, scene.ana)
    await house.command(scene.abe, "/coach", f"<@{scene.ana.id}> well done", channel=scene.team)
    await house.drain()
    assert len(house.slack.dm(scene.ana)) == 1, "nothing was changed"
