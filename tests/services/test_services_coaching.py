"""The service of coaching on both databases: who may answer, and once only."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import UserError
from bot.rules.coaching import CoachForm, CoachingKind
from models import Coaching
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def given(scene: Scene, key: str | None = None, **changes: Any) -> Any:
    form = CoachForm(
        squad_id=scene.squad_id,
        person_id=scene.person(scene.ana),
        kind=CoachingKind.FEEDBACK,
        body="well spotted",
    )
    caller = scene.house.caller(scene.mia)
    return await scene.house.services.coaching.give(caller, replace(form, **changes), key)


async def code_of(awaitable: Any) -> str:
    with pytest.raises(UserError) as caught:
        await awaitable
    return caught.value.code


async def test_the_same_key_gives_the_same_result_once(scene: Scene) -> None:
    assert await given(scene, "view:1") == await given(scene, "view:1")
    assert len(await scene.rows(Coaching)) == 1
    assert len(await scene.planned("coaching.message")) == 1


async def test_only_its_reader_thanks_or_shares(scene: Scene) -> None:
    done = await given(scene, kind=CoachingKind.PRAISE)
    service = scene.house.services.coaching
    for user in (scene.mia, scene.bo):
        caller = scene.house.caller(user)
        for answer in (service.thank, service.share):
            code = await code_of(answer(caller, done.coaching_id, in_place=True))
            assert code == "not_your_coaching"
    assert await scene.planned("coaching.shared") == []


async def test_only_praise_is_shared(scene: Scene) -> None:
    done = await given(scene)
    caller = scene.house.caller(scene.ana)
    shared = scene.house.services.coaching.share(caller, done.coaching_id, in_place=True)
    assert await code_of(shared) == "only_praise_is_shared"


async def test_somebody_of_another_squad_is_not_a_member(scene: Scene) -> None:
    assert await code_of(given(scene, person_id=scene.person(scene.oz))) == "not_a_member"
    other = await scene.second_squad("Osprey", [(scene.oz, "contributor")])
    assert await code_of(given(scene, squad_id=other)) == "not_allowed_coach"
    assert await code_of(given(scene, body="  ")) == "empty_text"


async def test_thanked_elsewhere_the_message_follows(scene: Scene) -> None:
    done = await given(scene)
    await scene.house.drain()
    caller = scene.house.caller(scene.ana)
    await scene.house.services.coaching.thank(caller, done.coaching_id, in_place=False)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert "You said thanks" in message.shown
