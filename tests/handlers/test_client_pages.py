"""`/digest client`: a draft that names nobody, its release by a manager, and what a client sees."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.client_pages import BODY_FIELD, CHANNEL_FIELD
from bot.views import client_pages as views
from models import Batch, ClientPage
from tests.handlers.test_digests import YESTERDAY, Stage
from tests.harness import MORNING, House
from tests.services.quality_world import World

WEEK = "2026-03-02 2026-03-09"


@pytest.fixture
async def stage(house: House) -> Stage:
    made = Stage(house, World(house.database))
    await made.build()
    await made.work(YESTERDAY, 8, 2)
    await made.world.add(
        Batch,
        project_id=made.world.project_id,
        name="Batch 7",
        size=500,
        due=date(2026, 4, 1),
        created_at=MORNING,
    )
    return made


async def joined(stage: Stage, name: str, role: str) -> Any:
    user = stage.house.slack.add_user(name, tz="Europe/London")
    stage.team.members.append(user.id)
    (key,) = await stage.house.meet(user)
    await stage.world.join(key, role)
    return user


async def draft(stage: Stage) -> Any:
    await stage.house.command(stage.mia, "/digest", f"client {WEEK}", stage.team)
    return stage.house.slack.ephemerals(stage.team, stage.mia)[-1]


async def release(stage: Stage, shown: Any, **typed: Any) -> None:
    await stage.house.click(shown, views.OPEN, stage.mia)
    await stage.house.submit(stage.house.slack.views(stage.mia)[-1], stage.mia, typed)


async def test_a_draft_has_the_figures_and_names_nobody(stage: Stage) -> None:
    shown = (await draft(stage)).shown
    for part in ("80.0% accepted", "n = 10", "Loose *box*", "4.2", "Batch 7", "please fill in"):
        assert part in shown, part
    for member in (stage.mia, stage.ana):
        assert member.name not in shown
        assert member.id not in shown
    assert stage.posts() == []


async def test_it_is_edited_and_released_to_a_channel_once(stage: Stage) -> None:
    shown = await draft(stage)
    await release(stage, shown, **{BODY_FIELD: "All is well <!channel>"})
    assert "still a draft" in stage.house.slack.views(stage.mia)[-1].shown
    stage.house.slack.stacks[stage.mia.id].clear()
    cleo = await joined(stage, "Cleo", "client")
    await stage.house.command(cleo, "/digest", "client", stage.team)
    assert "Nothing was released yet" in stage.told(cleo)

    typed = {BODY_FIELD: "All is well <!channel>", CHANNEL_FIELD: stage.digest.id}
    await release(stage, shown, **typed)
    await stage.house.drain()
    (post,) = stage.posts()
    assert "All is well &lt;!channel&gt;" in str(post.blocks)
    stage.house.slack.stacks[stage.mia.id].clear()
    await stage.house.click(shown, views.OPEN, stage.mia)
    assert "released already" in stage.told(stage.mia)
    await stage.house.command(cleo, "/digest", "client", stage.team)
    assert "All is well" in stage.house.slack.ephemerals(stage.team, cleo)[-1].shown


async def test_only_managers_draft(stage: Stage) -> None:
    button = (await draft(stage)).blocks[-1]["elements"][0]
    await stage.house.command(stage.ana, "/digest", "client", stage.team)
    assert "drafted by the managers" in stage.told(stage.ana)
    auditor = await joined(stage, "Abe", "auditor")
    await stage.house.command(auditor, "/digest", "client", stage.team)
    assert "Nothing was released yet" in stage.told(auditor)
    own = stage.house.slack.ephemerals(stage.team, auditor)[-1]
    click = stage.house.slack.click(own, views.OPEN, auditor, old_value=button["value"])
    await click.deliver(stage.house.app)
    assert "drafted by the managers" in stage.told(auditor)
    assert stage.house.slack.views(auditor) == []


@pytest.mark.parametrize("text", ["client soon", "client 2026-03-09 2026-03-02"])
async def test_days_that_cannot_be_read_are_explained(stage: Stage, text: str) -> None:
    await stage.house.command(stage.mia, "/digest", text, stage.team)
    assert stage.told(stage.mia)
    assert "reference" not in stage.told(stage.mia)


async def test_a_draft_is_discarded_and_a_released_page_is_not(stage: Stage) -> None:
    shown = await draft(stage)
    await release(stage, shown, **{BODY_FIELD: "Well", CHANNEL_FIELD: stage.digest.id})
    stage.house.slack.stacks[stage.mia.id].clear()
    await stage.house.click(shown, views.DISCARD, stage.mia)
    assert "released already" in stage.told(stage.mia)
    stage.house.move(minutes=1)
    again = await draft(stage)
    await stage.house.click(again, views.DISCARD, stage.mia)
    gone = stage.house.slack.ephemerals(stage.team, stage.mia)[-1]
    assert "The draft is removed" in gone.shown
    async with stage.house.database.read() as connection:
        states = list(await connection.scalars(select(ClientPage.state)))
    assert states == ["released"]
