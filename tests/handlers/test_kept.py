"""What experts said is kept: verified answers and edge cases, found by who asks the same."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules.edge_cases import COLUMNS, EdgeCase, cells, inert
from bot.views import catalogue
from bot.views.edge_cases import document
from models import EdgeCase as EdgeCaseRow
from models import OutboxRow, Question, VerifiedAnswer
from tests import guided
from tests.handlers.auditing import REJECT, audited, finding
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

ASKED = "Are trams boxed with their pantograph?"
AGAIN = "Is a tram boxed with its pantograph?"


@pytest.fixture
async def scene(house: House, tmp_path: Path) -> Scene:
    found = await open_scene(house)
    await guided.load(found, tmp_path / "guide")
    return found


async def keep(scene: Scene, **given: Any) -> int:
    """Keep an answer of Mia's."""
    now = scene.house.container.clock.now()
    return await scene.insert(
        VerifiedAnswer,
        **{
            "project_id": scene.project_id,
            "squad_id": scene.squad_id,
            "question": ASKED,
            "answer": "Yes, as one box.",
            "section": "Vehicles › 4.1 Cars",
            "verifier_id": scene.person(scene.mia),
            "state": "used",
            "verified_at": now,
            "expires_at": now + timedelta(days=90),
            "created_at": now,
            **given,
        },
    )


async def asks(scene: Scene, text: str = AGAIN, user: Any = None) -> Any:
    user = user or scene.ana
    await scene.house.command(user, "/ask", text, scene.team)
    return scene.house.slack.ephemerals(scene.team, user)[-1]


async def logs(scene: Scene, text: str = "edge", user: Any = None, **values: Any) -> Any:
    user = user or scene.mia
    await scene.house.command(user, "/log", text, scene.team)
    form = scene.house.slack.views(user)[-1]
    return await scene.house.submit(form, user, values)


# Verified answers


async def test_a_verified_answer_comes_before_the_passages(scene: Scene) -> None:
    await keep(scene)
    shown = await asks(scene)
    assert "An expert answered this before" in shown.shown
    assert "Yes, as one box." in shown.shown
    assert f"<@{scene.mia.id}>" in str(shown.blocks)
    assert "10 Mar 2026" in shown.shown
    assert [row.outcome for row in await scene.rows(Question)] == ["verified"]


@pytest.mark.parametrize(
    "given",
    [
        {"state": "dropped"},
        {"expires_at": MORNING - timedelta(seconds=1)},
        {"question": "Are boats boxed with their masts?"},
    ],
)
async def test_one_that_is_dropped_expired_or_about_something_else_is_not_given(
    scene: Scene, given: dict[str, Any]
) -> None:
    await keep(scene, **given)
    assert "as one box" not in (await asks(scene)).shown


async def test_another_projects_answer_is_not_given(scene: Scene) -> None:
    from models import Project  # noqa: PLC0415 - used here alone

    other = await scene.insert(Project, name="Roads", created_at=MORNING)
    await keep(scene, project_id=other)
    assert "as one box" not in (await asks(scene)).shown


async def test_a_new_version_marks_what_it_touches_and_asks_the_verifier(
    scene: Scene, tmp_path: Path
) -> None:
    touched = await keep(scene)
    glare = {"question": "Is glare boxed?", "section": "Night scenes › 6.2 Glare"}
    untouched = await keep(scene, **glare)
    pages = {**guided.PAGES}
    pages["vehicles.md"] = pages["vehicles.md"].replace("mirrors included", "mirrors excluded")
    done = await guided.load(scene, tmp_path / "next", pages, "1.1")
    assert done.verified == 1
    states = {row.id: row.state for row in await scene.rows(VerifiedAnswer)}
    assert states == {touched: "review", untouched: "used"}
    shown = await asks(scene)
    assert "Its guideline section changed since" in shown.shown
    await scene.house.drain()
    today = scene.house.slack.dm(scene.mia)[-1]
    assert "section under your verified answer changed" in today.shown
    await scene.house.click(today, "verified.look", scene.mia)
    form = scene.house.slack.views(scene.mia)[-1]
    values = {"answer": "Yes, without mirrors.", "verified_what": "keep"}
    done_form = await scene.house.submit(form, scene.mia, values)
    assert "Thank you" in done_form.view.shown
    assert "without mirrors" in (await asks(scene, "Are trams boxed with pantograph?")).shown
    await scene.house.drain()
    assert ":white_check_mark:" in str(scene.house.slack.dm(scene.mia)[-1].blocks)


async def test_before_it_expires_its_verifier_is_asked_once(scene: Scene) -> None:
    house = scene.house
    channel = house.slack.add_channel("questions", members=[scene.mia, scene.ana])
    from models import Squad  # noqa: PLC0415 - used here alone

    async with house.database.write() as tx:
        await tx.execute(update(Squad).values(questions_channel=channel.id))
    shown = await asks(scene, "Are trams boxed?")
    await house.click(shown, "escalations.open", scene.ana)
    await house.submit(house.slack.views(scene.ana)[-1], scene.ana, {})
    await house.drain()
    await house.click(house.slack.messages(channel)[0], "duty.answer", scene.mia)
    form = house.slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, {"answer": "Yes.", "keep": ["verified"]})
    house.move(days=82)
    await house.drain()
    assert "still hold" not in str([each.shown for each in house.slack.dm(scene.mia)])
    house.move(days=2)
    await house.drain()
    today = house.slack.dm(scene.mia)[-1]
    assert "Does your verified answer still hold" in today.shown
    await house.click(today, "verified.look", scene.mia)
    form = house.slack.views(scene.mia)[-1]
    await house.submit(form, scene.mia, {"answer": "Yes.", "verified_what": "drop"})
    assert [row.state for row in await scene.rows(VerifiedAnswer)] == ["dropped"]
    await house.drain()
    assert len(await scene.planned("verified.expiring")) == 1


# Edge cases


async def test_an_edge_case_is_logged_listed_and_found_by_who_asks(scene: Scene) -> None:
    done = await logs(scene, edge_title=ASKED, edge_ruling="One box.", edge_section="4.1")
    assert "Logged for Boxes" in done.view.shown
    shown = await asks(scene)
    assert "A case like this was ruled before" in shown.shown
    assert "One box." in shown.shown
    await scene.house.command(scene.bo, "/log", "edges", scene.team)
    listed = scene.house.slack.ephemerals(scene.team, scene.bo)[-1]
    assert ASKED in listed.shown
    assert "Mia" in listed.shown


async def test_a_finding_begins_the_form(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await audited(
        scene, REJECT | finding(scene, section="Vehicles › 4.2 Trucks", note="A tram is no truck")
    )
    await scene.house.command(scene.abe, "/log", "edge T-1 in boxes", scene.team)
    form = scene.house.slack.views(scene.abe)[-1]
    assert "A tram is no truck" in str(form.body)
    await scene.house.submit(form, scene.abe, {"edge_ruling": "It is a tram."})
    (case,) = await scene.rows(EdgeCaseRow)
    cited = "Vehicles › 4.2 Trucks"
    assert (case.title, case.section, case.task) == ("A tram is no truck", cited, "T-1")
    assert case.finding_id is not None
    assert case.version == "1.0"


async def test_who_may_not_rule_reads_who_can(scene: Scene) -> None:
    await scene.house.command(scene.ana, "/log", "edge", scene.team)
    told = scene.house.slack.ephemerals(scene.team, scene.ana)[-1]
    assert "managers and auditors" in told.shown


async def test_what_is_missing_is_said_at_its_field(scene: Scene) -> None:
    done = await logs(scene, edge_title="  ", edge_ruling="One box.")
    assert "edge_title" in done.errors
    assert await scene.rows(EdgeCaseRow) == []


async def test_typed_otherwise_it_shows_how(scene: Scene) -> None:
    for text in ("", "risk something", "help"):
        await scene.house.command(scene.mia, "/log", text, scene.team)
        told = scene.house.slack.ephemerals(scene.team, scene.mia)[-1]
        assert "/log edge" in told.shown
    assert await scene.rows(OutboxRow) == []


def case(**given: Any) -> EdgeCase:
    return EdgeCase(
        **{
            "edge_id": 1,
            "project_id": 1,
            "project": "Boxes",
            "title": "=HYPERLINK(1)",
            "ruling": "Say\n<b>no</b> [x](http://y)",
            "section": None,
            "version": "1.0",
            "examples": "+1",
            "task": "T-1",
            "by": "Mia",
            "ruled_at": MORNING,
            **given,
        }
    )


def test_the_export_holds_no_formula_and_no_markup() -> None:
    row = [inert(cell) for cell in cells(case())]
    assert len(row) == len(COLUMNS)
    assert row[1] == "'=HYPERLINK(1)"
    assert row[5] == "'+1"
    text = "\n".join(document(catalogue.load().of(None), [case()]))
    assert "<b>" not in text
    assert "](http" not in text
    assert "Ruled on 2026-03-10 by Mia" in text


def test_a_csv_comes_back_as_it_was_written() -> None:
    out = io.StringIO()
    csv.writer(out).writerow(cells(case(ruling='a "b", c')))
    (row,) = csv.reader(io.StringIO(out.getvalue()))
    assert row[2] == 'a "b", c'
