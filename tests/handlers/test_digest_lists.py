"""The buttons below a digest's numbers: each opens its list, privately, to whoever may see it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.views import figure_lists as lists
from models import Batch, LedgerEntry
from tests.handlers.test_digests import YESTERDAY, Stage
from tests.harness import MORNING, House
from tests.services.quality_world import World


@pytest.fixture
async def stage(house: House) -> Stage:
    made = Stage(house, World(house.database))
    await made.build()
    return made


async def posted(stage: Stage) -> Any:
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    return stage.posts()[0]


def window(stage: Stage, user: Any) -> str:
    view = stage.house.slack.views(user)[-1]
    return str(view.shown)


async def test_quality_opens_its_categories_and_those_their_tasks(stage: Stage) -> None:
    await stage.work(YESTERDAY, 8, 2)
    post = await posted(stage)
    await stage.house.click(post, lists.CATEGORIES, stage.mia)
    shown = window(stage, stage.mia)
    assert "Loose *box*" in shown
    assert "n = 10" in shown
    assert "4.2" in shown
    await stage.house.click(stage.house.slack.views(stage.mia)[-1], lists.CASES, stage.mia)
    tasks = window(stage, stage.mia)
    assert "T-" in tasks
    assert "by Ana" in tasks
    async with stage.house.database.read() as connection:
        seen = select(LedgerEntry.action).where(LedgerEntry.action == "cases.seen")
        assert len(list(await connection.scalars(seen))) == 1


async def test_others_see_no_example_of_one_person_and_no_name(stage: Stage) -> None:
    await stage.work(YESTERDAY, 8, 2)
    abe = stage.house.slack.add_user("Abe", tz="Europe/London")
    stage.digest.members.append(abe.id)
    (key,) = await stage.house.meet(abe)
    await stage.world.join(key, "auditor")
    post = await posted(stage)
    await stage.house.click(post, lists.CATEGORIES, abe)
    await stage.house.click(stage.house.slack.views(abe)[-1], lists.CASES, abe)
    tasks = window(stage, abe)
    assert "Fewer than three people" in tasks
    assert "T-" not in tasks
    for name in ("Bea", "Cal"):
        user = stage.house.slack.add_user(name, tz="Europe/London")
        (person,) = await stage.house.meet(user)
        stage.people[stage.ana.id] = person
        await stage.work(YESTERDAY, 0, 1, hour=13)
    await stage.house.click(post, lists.CATEGORIES, abe)
    await stage.house.click(stage.house.slack.views(abe)[-1], lists.CASES, abe)
    tasks = window(stage, abe)
    assert "T-" in tasks
    for name in ("Ana", "Bea", "Cal"):
        assert name not in tasks


async def test_why_and_dates_open_too(stage: Stage) -> None:
    await stage.work(YESTERDAY - timedelta(days=30), 30, 1)
    await stage.work(YESTERDAY, 20, 15)
    await stage.world.add(
        Batch,
        project_id=stage.world.project_id,
        name="Batch <7>",
        size=500,
        due=date(2026, 4, 1),
        created_at=MORNING,
    )
    post = await posted(stage)
    assert "Batch &lt;7&gt;" in str(post.blocks)
    await stage.house.click(post, lists.WHY, stage.mia)
    shown = window(stage, stage.mia)
    assert "Against the four weeks before" in shown
    assert "No cause stands out" in shown  # every error is of the one category
    assert "95% interval, corrected for the 2" in shown
    await stage.house.click(post, lists.DATES, stage.mia)
    assert "Batch &lt;7&gt;" in window(stage, stage.mia)
    assert "due Wed 1 Apr 2026" in window(stage, stage.mia)


@pytest.mark.parametrize("button", [lists.CATEGORIES, lists.WHY])
async def test_a_contributor_is_told_whose_figures_they_are(stage: Stage, button: str) -> None:
    await stage.work(YESTERDAY, 8, 2)
    stage.digest.members.append(stage.ana.id)
    post = await posted(stage)
    await stage.house.click(post, button, stage.ana)
    assert stage.house.slack.views(stage.ana) == []
    assert "managers, auditors and delivery" in stage.told(stage.ana, stage.digest)
