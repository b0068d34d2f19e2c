"""Answers put into words by a model: the passages stand at once, its words replace them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from models import ModelUse, Question
from tests import guided
from tests.fakes.model import FakeModel, fake_model
from tests.harness import open_house
from tests.scenes import Scene, open_scene

ASKED = "Are reflections in shop windows boxed?"
WORDS = "Reflections are never boxed [1]."


@asynccontextmanager
async def asked_with(
    url: str, tmp_path: Path, **day: Any
) -> AsyncIterator[tuple[Scene, FakeModel]]:
    async with (
        fake_model(**{"text": WORDS, **day}) as model,
        open_house(
            url, model="tiny", openai_base_url=model.url, model_price_in=1.0, model_price_out=1.0
        ) as house,
    ):
        scene = await open_scene(house)
        await guided.load(scene, tmp_path / "guide")
        yield scene, model


def last(scene: Scene) -> Any:
    return scene.house.slack.ephemerals(scene.team, scene.ana)[-1]


async def test_a_typed_question_is_answered_in_words_over_its_passages(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with asked_with(sqlite_url, tmp_path) as (scene, model):
        await scene.house.command(scene.ana, "/ask", ASKED, scene.team)
        passages, words = scene.house.slack.ephemerals(scene.team, scene.ana)
        assert "Occlusion › 5.2 Reflections" in passages.shown
        assert "Reflections are never boxed. [1]" in words.shown
        assert "5.2 Reflections" in words.shown
        assert "Written by a language model" in words.shown
        (use,) = await scene.rows(ModelUse)
        assert (use.model, use.outcome, use.tokens_in, use.tokens_out) == (
            "tiny",
            "answered",
            300,
            20,
        )
        assert use.cost == pytest.approx(0.00032)
        assert {each["section"] for each in model.material()["passages"]}


async def test_a_mentions_answer_is_changed_in_its_thread(sqlite_url: str, tmp_path: Path) -> None:
    async with asked_with(sqlite_url, tmp_path) as (scene, model):
        house = scene.house
        model.may_answer.clear()
        sent = house.slack.mention(ASKED, user=scene.ana, channel=scene.team)
        await sent.deliver(house.app, settle=False)
        for _ in range(100):
            await house.drain()
            if len(house.slack.messages(scene.team)) > 1:
                break
        _, reply = house.slack.messages(scene.team)
        assert "Written by" not in reply.shown, "the passages stand at once"
        model.may_answer.set()
        await house.switchboard.drain()
        await house.drain()
        _, reply = house.slack.messages(scene.team)
        assert "Reflections are never boxed. [1]" in reply.shown


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ({"status": 500}, "no usable answer"),
        ({"text": "Ahoy, landlubber [1]."}, "no usable answer"),
        ({"text": "NOT_IN_GUIDELINES"}, "finds no answer in these passages"),
    ],
)
async def test_without_usable_words_the_passages_stay_with_one_of_excuse(
    sqlite_url: str, tmp_path: Path, day: dict[str, Any], word: str
) -> None:
    async with asked_with(sqlite_url, tmp_path, **day) as (scene, _):
        await scene.house.command(scene.ana, "/ask", ASKED, scene.team)
        passages, words = scene.house.slack.ephemerals(scene.team, scene.ana)
        assert "Reflections are never boxed" in passages.shown
        assert word in words.shown
        (asked,) = await scene.rows(Question)
        assert asked.composed == []


async def test_what_the_guidelines_do_not_answer_is_not_sent_anywhere(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with asked_with(sqlite_url, tmp_path) as (scene, model):
        await scene.house.command(scene.ana, "/ask", "Who pays the tram ticket?", scene.team)
        assert model.asked == []
        assert await scene.rows(ModelUse) == []


async def test_what_a_model_says_is_inert(sqlite_url: str, tmp_path: Path) -> None:
    said = "Reflections are never boxed <!channel> <https://evil.example|in windows> [1]."
    async with asked_with(sqlite_url, tmp_path, text=said) as (scene, _):
        await scene.house.command(scene.ana, "/ask", ASKED, scene.team)
        assert "<!channel>" not in str(last(scene).blocks)
        assert "evil" not in str(last(scene).blocks)


async def test_a_follow_up_is_put_into_words_with_what_it_follows(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with asked_with(sqlite_url, tmp_path) as (scene, model):
        await scene.house.say(scene.ana, ASKED)
        await scene.house.say(scene.ana, "And in mirrors?")
        assert model.material()["question"] == f"{ASKED}\nAnd in mirrors?"
        await scene.house.say(scene.ana, "And in shop windows?")
        assert model.material()["question"] == f"{ASKED}\nAnd in mirrors?\nAnd in shop windows?"
