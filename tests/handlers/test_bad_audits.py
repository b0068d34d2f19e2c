"""Bad days of audits: what changes while a form is open, and a squad of one person."""

import pytest
from sqlalchemy import select, update

from models import Audit, Category, Finding, Member, MemberRole, Project, Squad
from tests.handlers.auditing import REJECT, finding
from tests.handlers.test_sittings import drawn, front, save, start
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def test_categories_change_in_the_middle_of_a_sitting(scene: Scene) -> None:
    """A new version of the taxonomy names one anew and takes another one away."""
    await drawn(scene, 3)
    await start(scene, "start 3")
    async with scene.house.database.write() as tx:
        ours = update(Category).where(Category.id == scene.categories["Wrong class"])
        await tx.execute(ours.values(name="Wrong label", section="4.9 Labels"))
        gone = update(Category).where(Category.id == scene.categories["Loose box"])
        await tx.execute(gone.values(retired_at=scene.house.hands.time))
    done = await save(scene, REJECT | finding(scene, category="Loose box", section="4.2"))
    (field, said) = next(iter(done.errors.items()))
    assert field.startswith("finding_1_category.")
    assert "not in use any more" in said
    assert await scene.rows(Audit) == []
    # What was typed stays in the form, and the renamed one still means what it meant.
    await save(scene, finding(scene, category="Wrong class"))
    assert "Loose box" not in str(front(scene).body)
    assert "Wrong label" in str(front(scene).body)
    (found,) = await scene.rows(Finding)
    assert found.category_id == scene.categories["Wrong class"]


async def test_a_squad_of_one_with_a_plan_of_zero(scene: Scene) -> None:
    house = scene.house
    solo = await scene.second_squad("Solo", [(scene.oz, "manager")])
    async with house.database.write() as tx:
        member = await tx.scalar(select(Member.id).where(Member.squad_id == solo))
        await tx.execute(update(Project).values(planned_volume=0, audits_per_week=0))
        await tx.execute(update(Squad).where(Squad.id == solo).values(digest_channel=scene.team.id))
    for role in ("auditor", "contributor"):
        await scene.insert(MemberRole, member_id=member, role=role)
    await scene.submission("S-1", scene.oz, squad_id=solo)
    await house.command(scene.oz, "/audit", "S-1", scene.team)
    assert "your own work" in house.slack.ephemerals(scene.team, scene.oz)[-1].shown
    await house.command(scene.oz, "/audit", "start 5 in Solo", scene.team)
    assert house.slack.views(scene.oz) == []
    await house.command(scene.oz, "/audit", "mine", scene.team)
    await house.command(scene.oz, "/squad", "people Solo", scene.team)
    await house.command(scene.oz, "/digest", "now Solo", scene.team)
    await house.drain()
    for shown in house.slack.ephemerals(scene.team, scene.oz):
        assert "reference" not in shown.shown
    post = next(each for each in house.slack.messages(scene.team) if "Solo" in each.text)
    assert "No random audits, so quality is not known" in post.shown
    assert await scene.rows(Audit) == []
