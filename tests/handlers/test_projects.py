"""`/squad project`: the form, what it saves, who may, and what is said at its fields."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from bot.views.projects import ProjectMeta
from models import Batch, Category, Effect, LedgerEntry, MemberRole, Project, Squad, SquadProject
from tests.harness import House
from tests.scenes import HANDED_IN, Scene, open_scene

NAME, LINK, SET, CATEGORIES, CRITERIA, BATCHES, VOLUME, AUDITS = (
    f"project_{name}"
    for name in ("name", "link", "set", "categories", "criteria", "batches", "volume", "audits")
)
FILLED = {
    NAME: "Intents",
    LINK: "https://tool.example/intents/{task}",
    SET: "text",
    CATEGORIES: "Odd one: a category of our own\nSlip (warning): a small one",
    CRITERIA: "At least 95 % accepted",
    BATCHES: "I-1, 500, due 2026-12-01, priority 1\nI-2, 300",
    VOLUME: "330",
    AUDITS: "8",
}


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def open_form(scene: Scene, text: str = "project", user: Any = None) -> Any:
    user = user or scene.mia
    await scene.house.command(user, "/squad", text, scene.team)
    return scene.house.slack.views(user)[-1]


async def close(scene: Scene) -> None:
    """Close what is open."""
    for view in list(scene.house.slack.views(scene.mia)):
        await scene.house.slack.close(view, scene.mia).deliver(scene.house.app)


def told(scene: Scene, user: Any) -> str:
    """The last thing that only this person was shown in the channel."""
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


def element(form: Any, block_id: str) -> dict[str, Any]:
    return next(b["element"] for b in form.blocks if b.get("block_id") == block_id)


def initial(form: Any, block_id: str) -> str | None:
    return element(form, block_id).get("initial_value")


async def project(scene: Scene, name: str = "Intents") -> Any:
    return next(row for row in await scene.rows(Project) if row.name == name)


async def active(scene: Scene, project_id: int) -> list[str]:
    rows = [row for row in await scene.rows(Category) if row.project_id == project_id]
    rows.sort(key=lambda row: row.position)
    return [row.name for row in rows if row.retired_at is None]


# Making one


async def test_a_new_project_is_made_with_everything_of_its_form(scene: Scene) -> None:
    form = await open_form(scene, "project Intents")
    assert "New project" in str(form.body["title"])
    assert initial(form, NAME) == "Intents"
    done = await scene.house.submit(form, scene.mia, FILLED)
    assert done.errors == {}
    saved = scene.house.slack.views(scene.mia)[-1].shown
    for part in ("Intents", "9 error categories", "2 batches", "Kestrel", "muster import"):
        assert part in saved
    row = await project(scene)
    assert (row.link_template, row.planned_volume, row.audits_per_week) == (FILLED[LINK], 330, 8)
    assert row.acceptance_criteria == "At least 95 % accepted"
    names = await active(scene, row.id)
    assert names[:2] == ["Odd one", "Slip"]
    assert "Wrong label" in names
    assert {one.severity for one in await scene.rows(Category) if one.name == "Slip"} == {"warning"}
    assert [(b.name, b.size, b.due, b.priority) for b in await scene.rows(Batch)] == [
        ("I-1", 500, date(2026, 12, 1), 1),
        ("I-2", 300, None, None),
    ]
    assert (scene.squad_id, row.id) in [
        (link.squad_id, link.project_id) for link in await scene.rows(SquadProject)
    ]
    assert [e.action for e in await scene.rows(LedgerEntry)] == ["project.created"]


@pytest.mark.parametrize("which", ["text", "spans", "boxes"])
async def test_each_ready_made_set_can_be_chosen(scene: Scene, which: str) -> None:
    form = await open_form(scene, "project Intents")
    await scene.house.submit(form, scene.mia, {NAME: "Intents", SET: which})
    rows = [row for row in await scene.rows(Category) if row.project_id != scene.project_id]
    assert 6 <= len(rows) <= 9
    assert all(row.definition for row in rows)
    assert {row.severity for row in rows} == {"error", "warning"}


async def test_the_form_sent_twice_is_one_project(scene: Scene) -> None:
    form = await open_form(scene, "project Intents")
    request = scene.house.slack.submit(form, scene.mia, FILLED)
    await request.deliver(scene.house.app)
    again = await request.deliver(scene.house.app)
    assert again.errors == {}
    assert sorted(row.name for row in await scene.rows(Project)) == ["Boxes", "Intents"]
    assert len(await scene.rows(Batch)) == 2


async def test_two_forms_with_one_name_are_refused_at_the_name(scene: Scene) -> None:
    first = await open_form(scene, "project Intents")
    await scene.house.submit(first, scene.mia, FILLED)
    await close(scene)
    second = await open_form(scene, "project Other")
    done = await scene.house.submit(second, scene.mia, FILLED | {NAME: "INTENTS"})
    assert "already" in done.errors[NAME]


# Changing one


async def test_the_only_project_opens_with_its_values(scene: Scene) -> None:
    form = await open_form(scene)
    assert initial(form, NAME) == "Boxes"
    assert initial(form, LINK) == "https://tool.example/tasks/{task}"
    assert initial(form, CATEGORIES) == "Wrong class\nLoose box\nSlow (warning)"
    assert element(form, SET)["initial_option"]["value"] == "none"


async def test_what_comes_back_empty_stays_as_it_was(scene: Scene) -> None:
    """A peer sends null for what nobody touched, and Slack for what was emptied."""
    form = await open_form(scene)
    done = await scene.house.submit(
        form, scene.mia, dict.fromkeys(FILLED) | {NAME: "Boxes", VOLUME: "7"}
    )
    assert done.errors == {}
    row = await project(scene, "Boxes")
    assert (row.link_template, row.planned_volume) == ("https://tool.example/tasks/{task}", 7)
    assert await active(scene, row.id) == ["Wrong class", "Loose box", "Slow"]


async def test_a_dash_empties_a_field(scene: Scene) -> None:
    form = await open_form(scene)
    await scene.house.submit(form, scene.mia, {LINK: "-", CATEGORIES: "-"})
    row = await project(scene, "Boxes")
    assert row.link_template is None
    assert await active(scene, row.id) == []
    assert "only accept or reject" in scene.house.slack.views(scene.mia)[-1].shown


async def test_a_category_taken_away_is_retired_and_comes_back_the_same(scene: Scene) -> None:
    form = await open_form(scene)
    lines = "Slow\nwrong CLASS: now defined\nNew one"
    await scene.house.submit(form, scene.mia, {CATEGORIES: lines})
    assert await active(scene, scene.project_id) == ["Slow", "wrong CLASS", "New one"]
    assert "One category is retired" in scene.house.slack.views(scene.mia)[-1].shown
    by_id = {row.id: row for row in await scene.rows(Category)}
    assert by_id[scene.categories["Loose box"]].retired_at is not None
    renamed = by_id[scene.categories["Wrong class"]]
    assert (renamed.name, renamed.section, renamed.definition) == (
        "wrong CLASS",
        "4.2 Classes",
        "now defined",
    )
    assert by_id[scene.categories["Slow"]].severity == "error"
    await close(scene)
    form = await open_form(scene)
    await scene.house.submit(form, scene.mia, {CATEGORIES: "Loose box\n" + lines})
    assert (await active(scene, scene.project_id))[0] == "Loose box"
    assert len(await scene.rows(Category)) == 4


async def test_a_category_added_meanwhile_is_not_retired(scene: Scene) -> None:
    form = await open_form(scene)
    await scene.insert(
        Category, project_id=scene.project_id, name="Meanwhile", severity="error", position=9
    )
    await scene.house.submit(form, scene.mia, {CATEGORIES: "Slow (warning)"})
    assert await active(scene, scene.project_id) == ["Slow", "Meanwhile"]


async def test_a_ready_made_set_is_added_to_what_is_there(scene: Scene) -> None:
    form = await open_form(scene)
    await scene.house.submit(form, scene.mia, {SET: "boxes"})
    names = await active(scene, scene.project_id)
    assert names[:3] == ["Wrong class", "Loose box", "Slow"]
    assert "Missed object" in names
    assert len(names) == len({name.casefold() for name in names})


async def test_batches_are_changed_by_name_and_leave_the_plan_with_their_line(
    scene: Scene,
) -> None:
    form = await open_form(scene)
    await scene.house.submit(form, scene.mia, {BATCHES: "B-1, 500, priority 2\nB-2, 300"})
    await close(scene)
    form = await open_form(scene)
    assert initial(form, BATCHES) == "B-1, 500, priority 2\nB-2, 300"
    await scene.house.submit(form, scene.mia, {BATCHES: "B-1, due 2026-12-01\nB-3"})
    first, second, third = await scene.rows(Batch)
    assert (first.size, first.due, first.priority) == (500, date(2026, 12, 1), 2)
    assert second.retired_at is not None
    assert third.name == "B-3"


# What cannot be read


async def test_each_bad_line_is_named_at_its_field(scene: Scene) -> None:
    form = await open_form(scene)
    values = {
        LINK: "https://tool.example/tasks",
        CATEGORIES: "Good: one\n: bad",
        BATCHES: "B-1, soon\nB-2\nB-3, due 2026-02-30",
        VOLUME: "lots",
    }
    done = await scene.house.submit(form, scene.mia, values)
    assert set(done.errors) == {LINK, CATEGORIES, BATCHES, VOLUME}
    assert "{task}" in done.errors[LINK]
    assert "Line 2" in done.errors[CATEGORIES]
    assert "Line 1" in done.errors[BATCHES]
    assert "Line 3" in done.errors[BATCHES]
    assert "Line 2" not in done.errors[BATCHES]
    assert await scene.rows(Batch) == []
    assert await scene.rows(Effect) == []


async def test_more_categories_than_a_menu_holds_are_refused(scene: Scene) -> None:
    form = await open_form(scene)
    lines = "\n".join(f"Category {n}" for n in range(98))
    done = await scene.house.submit(form, scene.mia, {CATEGORIES: lines, SET: "spans"})
    assert "100 is the most" in done.errors[CATEGORIES]
    assert await active(scene, scene.project_id) == ["Wrong class", "Loose box", "Slow"]


async def test_long_text_is_held_by_the_field_or_refused_with_its_length(scene: Scene) -> None:
    form = await open_form(scene)
    assert element(form, CRITERIA)["max_length"] == 3000
    assert element(form, NAME)["max_length"] == 80
    await close(scene)
    await scene.house.command(scene.mia, "/squad", "project " + "y" * 10_000, scene.team)
    assert "10000 characters" in told(scene, scene.mia)


async def test_what_people_type_can_neither_mention_nor_link(scene: Scene) -> None:
    bad = "<!channel> <https://evil.example|x>"
    form = await open_form(scene, f"project {bad[:10]}")
    done = await scene.house.submit(
        form, scene.mia, {NAME: bad, SET: "none", CATEGORIES: f"{bad[:10]}: {bad}", CRITERIA: bad}
    )
    assert done.errors == {}
    assert "<!channel>" not in str(scene.house.slack.views(scene.mia)[-1].body)
    await close(scene)
    await scene.house.command(scene.mia, "/squad", "project", scene.team)
    assert "<!channel>" not in told(scene, scene.mia)


# Who may, and which


async def test_only_managers_and_admins_may(scene: Scene) -> None:
    for user in (scene.ana, scene.abe, scene.oz):
        await scene.house.command(user, "/squad", "project", scene.team)
        assert scene.house.slack.views(user) == []
        assert "manager" in told(scene, user)
    form = await open_form(scene)
    request = scene.house.slack.submit(form, scene.mia, {VOLUME: "5"})
    async with scene.house.database.write() as tx:
        await tx.execute(update(MemberRole).values(role="contributor"))
    await request.deliver(scene.house.app)
    assert (await project(scene, "Boxes")).planned_volume is None


async def test_a_project_of_another_squad_is_not_changed_from_here(scene: Scene) -> None:
    other = await scene.insert(Project, name="Theirs", created_at=HANDED_IN)
    squad = await scene.second_squad("Osprey", [(scene.oz, "manager")])
    await scene.insert(SquadProject, squad_id=squad, project_id=other)
    await scene.house.command(scene.mia, "/squad", "project theirs", scene.team)
    assert "belongs to another squad" in told(scene, scene.mia)
    form = await open_form(scene)
    form.body["private_metadata"] = ProjectMeta(squad_id=scene.squad_id, project_id=other).encode()
    await scene.house.submit(form, scene.mia, {NAME: "Mine now"})
    assert (await project(scene, "Theirs")).name == "Theirs"


async def test_a_squad_of_another_workspace_does_not_exist(scene: Scene) -> None:
    form = await open_form(scene)
    meta = json.loads(form.body["private_metadata"]) | {"squad_id": 999_999}
    form.body["private_metadata"] = json.dumps(meta)
    await scene.house.submit(form, scene.mia, {VOLUME: "5"})
    assert (await project(scene, "Boxes")).planned_volume is None


async def test_a_form_of_another_version_gets_a_sentence(scene: Scene) -> None:
    form = await open_form(scene)
    form.body["private_metadata"] = form.body["private_metadata"].replace('"v":1', '"v":9')
    await scene.house.submit(form, scene.mia, {VOLUME: "5"})
    assert "older version" in scene.house.slack.views(scene.mia)[-1].shown
    assert (await project(scene, "Boxes")).planned_volume is None


async def test_of_several_projects_one_is_asked_for(scene: Scene) -> None:
    form = await open_form(scene, "project Intents")
    await scene.house.submit(form, scene.mia, FILLED)
    await close(scene)
    await scene.house.command(scene.mia, "/squad", "project", scene.team)
    assert "Boxes, Intents" in told(scene, scene.mia)
    form = await open_form(scene, "project boxes in Kestrel")
    assert initial(form, NAME) == "Boxes"


async def test_the_squad_may_be_named_and_shares_the_project(scene: Scene) -> None:
    squad = await scene.second_squad("Osprey", [(scene.mia, "manager")])
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(team_channel=None))
    await scene.house.command(scene.mia, "/squad", "project", scene.team)
    assert "several squads" in told(scene, scene.mia)
    await open_form(scene, "project Intents in Kestrel")
    form = scene.house.slack.views(scene.mia)[-1]
    await scene.house.submit(form, scene.mia, FILLED)
    await close(scene)
    form = await open_form(scene, "project Intents in Osprey")
    assert "Osprey" in str(form.body)
    await scene.house.submit(form, scene.mia, {})
    intents = (await project(scene)).id
    linked = [r.squad_id for r in await scene.rows(SquadProject) if r.project_id == intents]
    assert linked == [scene.squad_id, squad]


async def test_from_a_mention_the_form_comes_behind_a_button(scene: Scene) -> None:
    await scene.house.mention(scene.mia, "squad project", scene.team)
    assert scene.house.slack.views(scene.mia) == []
    shown = scene.house.slack.ephemerals(scene.team, scene.mia)[-1]
    await scene.house.click(shown, "command.run", scene.mia)
    assert initial(scene.house.slack.views(scene.mia)[-1], NAME) == "Boxes"
