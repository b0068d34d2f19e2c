"""Findings cite the guidelines, quoted and linked; what was asked about a task shows."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.views import sittings
from models import Dispute, Finding, MemberRole
from tests import guided
from tests.handlers import sitting_doors
from tests.handlers.auditing import REJECT, audited, finding, open_form, with_feedback
from tests.harness import House
from tests.scenes import Scene, open_scene

REFLECTIONS = "Occlusion › 5.2 Reflections"
FIELD = "finding_1_section"
CITED = "ruling_1_section"


@pytest.fixture
async def scene(house: House, tmp_path: Path) -> Scene:
    found = await open_scene(house)
    await guided.load(found, tmp_path / "guide")
    return found


async def escalated(scene: Scene, task: str) -> None:
    """Ana asks a person about a task."""
    house = scene.house
    await house.command(scene.ana, "/ask", "Who pays the tram ticket?", scene.team)
    shown = house.slack.ephemerals(scene.team, scene.ana)[-1]
    await house.click(shown, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {"task": task})


async def told(scene: Scene) -> Any:
    await scene.house.drain()
    return scene.house.slack.dm(scene.ana)[-1]


async def test_the_contributor_reads_the_section_quoted_and_linked(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    done = await audited(scene, REJECT | finding(scene, section=REFLECTIONS))
    assert "Not in the guidelines" not in done.view.shown
    assert [row.section for row in await scene.rows(Finding)] == ["Occlusion › 5.2 Reflections"]
    message = await told(scene)
    assert "Reflections are never boxed" in message.shown
    assert f"{guided.BASE}/occlusion.md#" in str(message.blocks)
    await scene.house.click(message, "audits.acknowledge", scene.ana)
    assert "Reflections are never boxed" in scene.house.slack.dm(scene.ana)[-1].shown


async def suggesting(scene: Scene, folder: Path) -> None:
    """Load guidelines that are too long for a menu."""
    many = "".join(f"\n## 8.{n} Case {n}\n\nText.\n" for n in range(1, 100))
    pages = guided.PAGES | {"cases.md": f"# Cases\n{many}"}
    await guided.load(scene, folder, pages, "2.0")


async def test_a_section_that_is_not_there_is_said_and_kept_as_written(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.submission("T-1", scene.ana)
    await suggesting(scene, tmp_path / "long")
    form = await open_form(scene, "T-1")
    slack = scene.house.slack
    shown = await slack.options(form, FIELD, scene.abe, query="5.2 re").deliver(scene.house.app)
    assert [each["value"] for each in shown.options] == [REFLECTIONS, "5.2 re"]
    everything = await slack.options(form, FIELD, scene.abe).deliver(scene.house.app)
    assert len(everything.options) == 50
    ghosts = "9.9 Ghosts <!channel>"
    await slack.options(form, FIELD, scene.abe, query=ghosts).deliver(scene.house.app)
    done = await scene.house.submit(form, scene.abe, REJECT | finding(scene, section=ghosts))
    assert "Not in the guidelines: 9.9 Ghosts" in done.view.shown
    message = await told(scene)
    assert "9.9 Ghosts" in message.shown
    assert "<!channel>" not in str(message.blocks)


async def test_a_short_list_is_a_menu_and_may_be_left_at_none_of_it(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    form = await open_form(scene, "T-1")
    menu = next(each["element"] for each in form.blocks if each.get("block_id") == FIELD)
    assert menu["type"] == "static_select"
    assert REFLECTIONS in [each["value"] for each in menu["options"]]
    absent = finding(scene, section="Not in the guidelines")
    done = await scene.house.submit(form, scene.abe, REJECT | absent)
    assert done.view.shown.count("Not in the guidelines") == 0
    assert "Not in the guidelines" in (await told(scene)).shown


async def test_a_sitting_suggests_and_keeps_what_was_chosen(scene: Scene, tmp_path: Path) -> None:
    await suggesting(scene, tmp_path / "long")
    house = scene.house
    await sitting_doors.opened(scene, sittings.FORM)
    (view,) = house.slack.views(scene.mia)
    block = next(each["block_id"] for each in view.blocks if FIELD in each.get("block_id", ""))
    search = house.slack.options(view, FIELD, scene.mia, query="glare", block_id=block)
    shown = await search.deliver(house.app)
    assert shown.options[0]["text"]["text"] == "Night scenes › 6.2 Glare"
    house.slack.fill(view, {FIELD: shown.options[0]["value"]})
    await house.click(view, sittings.MORE, scene.mia)
    # Who lost the role meanwhile is suggested nothing, and told so by the form.
    async with house.database.write() as tx:
        await tx.execute(update(MemberRole).values(role="contributor"))
    again = house.slack.options(view, FIELD, scene.mia, query="glare", block_id=block)
    assert (await again.deliver(house.app)).options == []
    async with house.database.write() as tx:
        await tx.execute(update(MemberRole).values(role="manager"))
    await house.submit(view, scene.mia, REJECT | finding(scene, section=None))
    assert [row.section for row in await scene.rows(Finding)] == ["Night scenes › 6.2 Glare"]


async def test_a_ruling_cites_what_stands_in_the_guidelines_and_nothing_else(
    scene: Scene, tmp_path: Path
) -> None:
    await suggesting(scene, tmp_path / "long")
    house, slack = scene.house, scene.house.slack
    await with_feedback(scene, severity="error", section=None)
    await house.click(slack.dm(scene.ana)[-1], "audits.dispute", scene.ana)
    form = slack.views(scene.ana)[-1]
    found = [str(row.id) for row in await scene.rows(Finding)]
    await house.submit(form, scene.ana, {"dispute_findings": found, "dispute_reason": "No"})
    house.move(days=1)  # Mia has read today's Today, with the offer to announce the new version
    await house.drain()
    asked = next(each for each in slack.dm(scene.mia) if "audits.open_dispute" in each.actions)
    await house.click(asked, "audits.open_dispute", scene.mia)
    view = slack.views(scene.mia)[-1]
    shown = await slack.options(view, CITED, scene.mia, query="5.2").deliver(house.app)
    assert [each["value"] for each in shown.options] == [REFLECTIONS]
    nothing = await slack.options(view, CITED, scene.mia, query="ghosts").deliver(house.app)
    assert nothing.options == []
    await slack.options(view, CITED, scene.mia, query="5.2").deliver(house.app)
    values = {"ruling_1_ruling": "upheld", "ruling_1_reason": "So it is", CITED: REFLECTIONS}
    done = await house.submit(view, scene.mia, values)
    assert done.errors == {}
    assert [row.ruling_section for row in await scene.rows(Dispute)] == [REFLECTIONS]


async def test_without_guidelines_any_section_will_do(house: House) -> None:
    scene = await open_scene(house)
    await scene.submission("T-1", scene.ana)
    done = await audited(scene, REJECT | finding(scene, section="9.9"))
    assert "Not in the guidelines" not in done.view.shown
    assert "9.9" in (await told(scene)).shown


async def test_the_auditor_sees_that_the_rule_was_asked_about_and_not_by_whom(
    scene: Scene,
) -> None:
    await scene.submission("T-1", scene.bo)
    await escalated(scene, "T-1")
    form = await open_form(scene, "T-1")
    assert "Asked about this task, not answered yet" in form.shown
    assert "Who pays the tram ticket?" in form.shown
    assert scene.ana.id not in str(form.body)
    assert "Ana" not in str(form.body)
    assert "count as warnings" not in form.shown, "Bo did not wait for it"


async def test_who_asked_and_had_to_guess_is_taught_and_not_charged(scene: Scene) -> None:
    await escalated(scene, "T-1")
    now = scene.house.container.clock.now()
    await scene.submission("T-1", scene.ana, submitted_at=now)
    form = await open_form(scene, "T-1")
    assert "count as warnings" in form.shown
    done = await audited(scene, REJECT | finding(scene, severity="error", section=REFLECTIONS))
    assert "errors are kept as warnings" in done.view.shown
    assert [row.severity for row in await scene.rows(Finding)] == ["warning"]


async def test_work_of_before_the_question_is_charged(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await escalated(scene, "T-1")
    await audited(scene, REJECT | finding(scene, severity="error", section=REFLECTIONS))
    assert [row.severity for row in await scene.rows(Finding)] == ["error"]


async def test_muster_guidelines_says_what_is_loaded(scene: Scene) -> None:
    await scene.house.command(scene.ana, "/muster", "guidelines", scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.ana)[-1]
    assert "*Boxes*: version 1.0" in shown.shown
    assert "from 4 documents" in shown.shown
    await scene.house.command(scene.oz, "/muster", "guidelines", scene.team)
    assert "not in a squad" in scene.house.slack.ephemerals(scene.team, scene.oz)[-1].shown
