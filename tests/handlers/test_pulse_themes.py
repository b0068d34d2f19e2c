"""Comments by theme: from shared words, or from a model where the poll declared it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from models import ModelUse, Poll, PollComment, PollQuestion
from tests.fakes.model import FakeModel, fake_model
from tests.handlers.polling import KEY, Polled, open_polled
from tests.harness import open_house

SAID = (
    "The tool is slow",
    "Tool crashed twice",
    "Please make the tool faster <!channel>",
    "Guidelines are unclear",
    "More examples in the guidelines",
    "The guideline changes too often",
)


@asynccontextmanager
async def polled_with(url: str, **settings: Any) -> AsyncIterator[Polled]:
    async with open_house(url, pulse_key=SecretStr(KEY), **settings) as house:
        yield await open_polled(house)


def by_subject(material: Any) -> str:
    """Sort as a good model would."""
    themes: dict[str, list[int]] = {"Speed of the tool": [], "Clear guidelines": []}
    for each in material["comments"]:
        about = "Clear guidelines" if "uideline" in each["text"] else "Speed of the tool"
        themes[about].append(each["number"])
    return json.dumps({"themes": [{"title": t, "comments": of} for t, of in themes.items()]})


async def ask_and_close(polled: Polled, *, tick: str | None) -> str:
    """Make a poll through its form, let six comment and close it; returns how it was asked."""
    mia = polled.scene.mia
    await polled.house.command(mia, "/pulse", "new", polled.scene.team)
    values: dict[str, Any] = {"pulse_k": "3"}
    if tick:
        values["pulse_model"] = [tick]
    await polled.house.submit(polled.slack.views(mia)[-1], mia, values)
    await polled.tick()
    asked = str(polled.message(polled.scene.ana).shown)
    for user, text in zip(polled.people, SAID, strict=True):
        await polled.write(user, text)
    await polled.close()
    return asked


async def read(polled: Polled) -> str:
    """What Mia reads when she clicks Comments in the results."""
    mia, team = polled.scene.mia, polled.scene.team
    await polled.house.command(mia, "/pulse", "results", team)
    await polled.house.click(polled.slack.ephemerals(team, mia)[-1], "pulse.comments", mia)
    return str(polled.slack.views(mia)[-1].shown)


async def test_without_a_model_shared_words_make_the_themes(database_url: str) -> None:
    async with polled_with(database_url) as polled:
        assert "not given to a language model" in await ask_and_close(polled, tick=None)
        polled.house.move(days=1)
        shown = await read(polled)
        assert "*tool* · 3 comments" in shown
        assert "*guidelines* · 3 comments" in shown
        assert "words that comments share" in shown
        assert "&lt;!channel&gt;" in shown
        assert await polled.rows(ModelUse) == []


async def test_a_model_must_be_there_to_be_declared(sqlite_url: str) -> None:
    async with polled_with(sqlite_url) as polled:
        mia = polled.scene.mia
        await polled.house.command(mia, "/pulse", "new", polled.scene.team)
        form = polled.slack.views(mia)[-1]
        done = await polled.house.submit(form, mia, {"pulse_k": "3", "pulse_model": ["yes"]})
        assert "No language model is set up" in done.errors["pulse_model"]
        assert await polled.rows(Poll) == []


async def test_a_declared_model_sorts_them_once_a_day_after_the_close(database_url: str) -> None:
    async with (
        fake_model(says=by_subject, status=503) as model,
        polled_with(
            database_url, model="m", openai_base_url=model.url, model_timeout_seconds=2
        ) as polled,
    ):
        asked = await ask_and_close(polled, tick="yes")
        assert "given to the operator's language model" in asked
        polled.house.move(hours=23)
        await polled.tick()
        assert model.asked == []  # nobody may read them yet, a model neither
        polled.house.move(hours=1)
        await polled.tick()
        assert "words that comments share" in await read(polled)  # nothing waits for the model
        await _answers_in_the_end(polled, model)


async def _answers_in_the_end(polled: Polled, model: FakeModel) -> None:
    model.status, before = 200, len(model.asked)
    await polled.tick()
    assert len(model.asked) == before  # not before an hour has passed
    polled.house.move(hours=1)
    await polled.tick()
    await polled.tick()
    assert len(model.asked) == before + 1
    assert sorted(each["text"] for each in model.material()["comments"]) == sorted(SAID)
    sent = json.dumps(model.asked)
    assert not any(user.id in sent or user.name in sent for user in polled.people)
    shown = await read(polled)
    assert "Sorted by a language model" in shown
    assert "*Clear guidelines* · 3 comments" in shown
    polled.house.move(days=3)
    await polled.tick()
    assert len(model.asked) == before + 1
    outcomes = [row.outcome for row in await polled.rows(ModelUse)]
    assert len(outcomes) == 2
    assert outcomes[-1] == "answered"


async def test_what_a_model_makes_up_is_not_shown(sqlite_url: str) -> None:
    async with (
        fake_model(text='{"themes": [{"title": "Mia must go", "comments": [1, 2]}]}') as model,
        polled_with(sqlite_url, model="m", openai_base_url=model.url) as polled,
    ):
        await ask_and_close(polled, tick="yes")
        polled.house.move(days=1)
        await polled.tick()
        polled.house.move(hours=2)
        await polled.tick()
        assert len(model.asked) == 1  # an answer that is none is not asked for again
        assert "Mia must go" not in await read(polled)
        questions = await polled.rows(PollQuestion)
        assert [row.themes for row in questions] == [None, None]
        assert {row.theme for row in await polled.rows(PollComment)} == {None}
