"""The client of a language model against a server over real HTTP, on good days and bad ones."""

import time
from typing import Any

import pytest

from bot.knowledge.model import ModelComposer, ModelSettings
from bot.rules.composing import Composition
from tests.fakes.model import FakeModel, fake_model
from tests.knowledge.test_knowledge_composing import PASSAGES

QUESTION = "Are reflections boxed?"


def composer(model: FakeModel, **given: Any) -> ModelComposer:
    settings = {"model": "m", "api_key": "k", "base_url": model.url, "timeout_s": 5.0, **given}
    return ModelComposer(ModelSettings(**settings))


async def composed(model: FakeModel, **given: Any) -> Any:
    asked = composer(model, **given)
    try:
        return await asked.compose(QUESTION, PASSAGES)
    finally:
        await asked.close()


async def test_an_answer_comes_with_its_citations_and_its_cost() -> None:
    async with fake_model() as model:
        found = await composed(model, price_in=1.0, price_out=10.0)
    assert found.outcome is Composition.ANSWERED
    assert [each.cites for each in found.sentences] == [(1,)]
    assert (found.tokens_in, found.tokens_out) == (300, 20)
    assert found.cost == pytest.approx(0.0005)
    assert model.material()["question"] == QUESTION


@pytest.mark.parametrize(
    ("day", "outcome", "asked"),
    [
        ({"status": 401}, Composition.REJECTED, 1),
        ({"status": 404}, Composition.REJECTED, 1),
        ({"status": 429}, Composition.BUSY, 2),
        ({"status": 500}, Composition.BUSY, 2),
        ({"refuses": True}, Composition.REFUSED, 1),
        ({"garbage": True}, Composition.NONSENSE, 1),
        ({"text": ""}, Composition.NONSENSE, 1),
        ({"text": "Ahoy!"}, Composition.UNSUPPORTED, 1),
        ({"text": "NOT_IN_GUIDELINES"}, Composition.NOT_FOUND, 1),
        ({"drops": True}, Composition.UNREACHABLE, 2),
        ({"text": "Reflections are never boxed [9]. " * 3_000}, Composition.UNSUPPORTED, 1),
    ],
)
async def test_a_bad_day_is_an_outcome_and_at_most_one_retry(
    day: dict[str, Any], outcome: Composition, asked: int
) -> None:
    async with fake_model(**day) as model:
        found = await composed(model)
    assert found.outcome is outcome
    assert found.sentences == ()
    assert len(model.asked) == asked


async def test_what_fails_once_is_tried_again() -> None:
    async with fake_model(fails_first=1) as model:
        found = await composed(model)
    assert found.outcome is Composition.ANSWERED
    assert len(model.asked) == 2


async def test_a_slow_server_is_given_up_in_time() -> None:
    async with fake_model(delay_s=30) as model:
        began = time.monotonic()
        found = await composed(model, timeout_s=1.0)
    assert found.outcome is Composition.TIMED_OUT
    assert time.monotonic() - began < 3


async def test_nobody_there_is_an_outcome() -> None:
    asked = ModelComposer(
        ModelSettings(model="m", api_key="", base_url="http://127.0.0.1:9/v1", timeout_s=2.0)
    )
    assert (await asked.compose(QUESTION, PASSAGES)).outcome is Composition.UNREACHABLE
    await asked.close()


async def test_a_model_that_obeys_the_passages_is_not_believed() -> None:
    async with fake_model(obeys=True) as model:
        found = await composed(model)
    # It repeats the order's words without a passage to stand on.
    assert found.outcome is Composition.UNSUPPORTED


async def test_the_doctor_asks_for_a_word() -> None:
    async with fake_model(text="yes") as model:
        asked = composer(model)
        assert await asked.reach() is Composition.ANSWERED
        await asked.close()
    async with fake_model(status=401) as model:
        asked = composer(model)
        assert await asked.reach() is Composition.REJECTED
        await asked.close()
