"""The buttons below a digest's numbers: each opens its list, privately, to whoever may see it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.rules.guidelines import GuidelinesRequest
from bot.views import figure_lists as lists
from models import Audit, Batch, Category, Draw, LedgerEntry, Project, Submission
from tests import guided
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


def about(stage: Stage) -> str:
    world = stage.world
    days = {"first": YESTERDAY, "last": YESTERDAY}
    return lists.AboutFigures(squad_id=world.squad_id, project_id=world.project_id, **days).encode()


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


async def test_the_guidelines_own_example_stands_in_for_a_single_persons(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.work(YESTERDAY, 8, 2)
    async with stage.house.database.write() as tx:
        await tx.execute(update(Category).values(section="5.2 Reflections"))
        await tx.execute(update(Project).values(name="Boxes"))
    guided.write(tmp_path, guided.PAGES)
    request = GuidelinesRequest(project="Boxes", version="1.0", base_url=guided.BASE)
    stage.house.slack.allowed_links.append(guided.BASE)
    await stage.house.services.guidelines.import_at_shell(request, tmp_path)
    dee = stage.house.slack.add_user("Dee", tz="Europe/London")
    stage.digest.members.append(dee.id)
    (key,) = await stage.house.meet(dee)
    await stage.world.join(key, "delivery")
    post = await posted(stage)
    await stage.house.click(post, lists.CATEGORIES, dee)
    await stage.house.click(stage.house.slack.views(dee)[-1], lists.CASES, dee)
    shown = window(stage, dee)
    assert "Fewer than three people" in shown
    assert "Reflections are never boxed" in shown
    assert "T-" not in shown


async def test_what_was_not_audited_opens_with_reasons_and_risks_are_a_line(stage: Stage) -> None:
    await stage.work(YESTERDAY, 8, 2)
    post = await posted(stage)
    assert "*Risks:*" not in str(post.blocks)
    assert lists.DRAWS not in post.actions
    async with stage.house.database.read() as connection:
        works = list(await connection.scalars(select(Submission.id).order_by(Submission.id)))
        audits = list(await connection.scalars(select(Audit.id).order_by(Audit.id)))
    states = ["audited", "skipped", "open", "expired"]
    for work, state in zip(works, states, strict=False):
        skipped = {"skip_reason": "no_access", "skip_note": "log <!here> fails"}
        await stage.world.add(
            Draw,
            project_id=stage.world.project_id,
            squad_id=stage.world.squad_id,
            submission_id=work,
            origin="random",
            turn=1,
            state=state,
            drawn_at=MORNING - timedelta(hours=20),
            settled_at=MORNING - timedelta(hours=19),
            **(skipped if state == "skipped" else {}),
        )
    async with stage.house.database.write() as tx:
        hunted = Audit.id.in_([audits[0], audits[-1]])
        await tx.execute(update(Audit).where(hunted).values(origin="risk"))
    stage.house.move(minutes=1)
    await stage.house.command(stage.mia, "/digest", "now", stage.team)
    await stage.house.drain()
    post = stage.posts()[-1]
    shown = str(post.blocks)
    assert "*Risks:* 1 of 2 tasks that were picked where errors are likely" in shown
    assert "Found there: Loose *box* (1)" in shown
    await stage.house.click(post, lists.DRAWS, stage.mia)
    listed = window(stage, stage.mia)
    assert "1 of 4" in listed
    assert "1 skipped · 1 waiting · 1 given up" in listed
    assert "No access to it" in listed
    assert "log &lt;!here&gt; fails" in listed
    assert "Ana" not in listed
    dee = stage.house.slack.add_user("Dee", tz="Europe/London")
    stage.digest.members.append(dee.id)
    (key,) = await stage.house.meet(dee)
    await stage.world.join(key, "delivery")
    await stage.house.click(post, lists.DRAWS, dee)
    assert "No access to it" in window(stage, dee)
    assert "fails" not in window(stage, dee)


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


@pytest.mark.parametrize("button", [lists.CATEGORIES, lists.WHY, lists.DRAWS])
async def test_a_contributor_is_told_whose_figures_they_are(stage: Stage, button: str) -> None:
    await stage.work(YESTERDAY, 8, 2)
    stage.digest.members.append(stage.ana.id)
    post = await posted(stage)
    click = stage.house.slack.click(post, button, stage.ana, old_value=about(stage))
    await click.deliver(stage.house.app)
    assert stage.house.slack.views(stage.ana) == []
    assert "managers, auditors and delivery" in stage.told(stage.ana, stage.digest)
