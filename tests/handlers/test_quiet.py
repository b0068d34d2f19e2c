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


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("quiet", "When shall I be quiet"),
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
