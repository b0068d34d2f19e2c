"""A file dropped in a direct message: the summary, the place, the button, and who may."""

from typing import Any

import pytest
from sqlalchemy import delete

from models import (
    Audit,
    AuditChain,
    GoldAnswer,
    LedgerEntry,
    Member,
    MemberRole,
    OutboxRow,
    SlackIdentity,
    Submission,
)
from tests.exports import annotation, listed, task
from tests.harness import House
from tests.scenes import Scene, open_scene

WORK = (
    "task,contributor,submitted_at\n"
    "T-1,Ana,2026-03-04 10:00\nT-2,somebody,2026-03-04 10:00\nT-3,Ana,soon\n"
)


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def drop(
    scene: Scene, name: str = "work.csv", content: str | bytes = WORK, user: Any = None
) -> Any:
    """Drop a file; returns the bot's last message to that person."""
    user = user or scene.mia
    data = content.encode() if isinstance(content, str) else content
    await scene.house.slack.drop_file(name, data, user=user).deliver(scene.house.app)
    return scene.house.slack.dm(user)[-1]


def buttons(message: Any) -> list[str]:
    return [
        element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


async def test_a_manager_sees_what_would_happen_and_makes_it_happen(scene: Scene) -> None:
    summary = await drop(scene)
    assert "3 submission rows for Kestrel, Boxes: 2 would be new" in summary.shown
    assert "1 left out" in summary.shown
    assert "1 name in it is nobody I know in Slack" in summary.shown
    assert "2 times had no offset and were read in Europe/London" in summary.shown
    assert "Nothing is sent to anybody" in summary.shown
    assert "Row 4: submitted_at" in summary.shown
    assert await scene.rows(Submission) == []
    await scene.house.click(summary, "imports.run", scene.mia)
    report = scene.house.slack.dm(scene.mia)[-1]
    assert "Imported 3 submission rows into Kestrel, Boxes: 2 new" in report.shown
    assert buttons(report) == []
    stored = await scene.rows(Submission)
    assert {row.task for row in stored} == {"T-1", "T-2"}
    assert next(row for row in stored if row.task == "T-1").contributor_id == scene.person(
        scene.ana
    )
    (entry,) = [row for row in await scene.rows(LedgerEntry) if row.action == "import.submissions"]
    assert (entry.actor_id, entry.squad_id) == (scene.person(scene.mia), scene.squad_id)
    await scene.house.drain()
    assert await scene.rows(OutboxRow) == []


async def test_pressed_twice_it_is_imported_once(scene: Scene) -> None:
    summary = await drop(scene)
    click = scene.house.slack.click(summary, "imports.run", scene.mia)
    await click.deliver(scene.house.app)
    await click.deliver(scene.house.app)
    assert "is in Kestrel, Boxes already: 2 new" in scene.house.slack.dm(scene.mia)[-1].shown
    entries = [row for row in await scene.rows(LedgerEntry) if row.action.startswith("import.")]
    assert len(entries) == 1


async def test_the_same_drop_told_twice_is_answered_once(scene: Scene) -> None:
    dropped = scene.house.slack.drop_file("work.csv", WORK.encode(), user=scene.mia)
    await dropped.deliver(scene.house.app)
    await dropped.deliver(scene.house.app, retry=1)
    answers = [each for each in scene.house.slack.dm(scene.mia) if "would be new" in each.shown]
    assert len(answers) == 1


async def test_an_export_and_gold_answers_go_in_like_any_file(scene: Scene) -> None:
    answer = annotation(2, 9, ground_truth=True)
    summary = await drop(scene, "export.json", listed(task(1, annotation(1), answer)))
    assert "2 submission rows for Kestrel, Boxes: 2 would be new" in summary.shown
    assert "1 of the rows is a gold answer" in summary.shown
    await scene.house.click(summary, "imports.run", scene.mia)
    assert [row.task for row in await scene.rows(Submission)] == ["1"]
    summary = await drop(scene, "gold.csv", "task,label\n1,cat\n2,dog\n")
    assert "2 gold rows for Kestrel, Boxes: 1 would be new, 0 changed, 1 unchanged" in summary.shown
    await scene.house.click(summary, "imports.run", scene.mia)
    stored = await scene.rows(GoldAnswer)
    assert [(row.task, row.label) for row in stored] == [("1", "cat"), ("2", "dog")]


async def test_what_is_there_already_has_no_button(scene: Scene) -> None:
    summary = await drop(scene)
    await scene.house.click(summary, "imports.run", scene.mia)
    again = await drop(scene)
    assert "0 would be new, 0 changed, 2 unchanged" in again.shown
    assert buttons(again) == []


async def test_of_several_places_one_is_chosen(scene: Scene) -> None:
    other = await scene.second_squad("Wren", [(scene.mia, "manager")])
    question = await drop(scene)
    assert "holds submissions. Where does it belong?" in question.shown
    menu = question.blocks[-1]["elements"][0]
    names = [option["text"]["text"] for option in menu["options"]]
    assert names == ["Kestrel, Boxes", "Wren, Boxes"]
    value = menu["options"][1]["value"]
    chosen = scene.house.slack.select(question, "imports.choose", scene.mia, value)
    await chosen.deliver(scene.house.app)
    summary = scene.house.slack.dm(scene.mia)[-1]
    assert "for Wren, Boxes: 2 would be new" in summary.shown
    await scene.house.click(summary, "imports.run", scene.mia)
    assert {row.squad_id for row in await scene.rows(Submission)} == {other}


async def test_audits_ask_how_the_work_was_picked(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    content = (
        "task,contributor,auditor,audited_at,verdict,category\n"
        "T-1,Ana,Abe,2026-03-09T20:00:00Z,rejected,Loose box\n"
    )
    summary = await drop(scene, "audits.csv", content)
    assert "1 audit row for Kestrel, Boxes: 1 would be new" in summary.shown
    assert len(buttons(summary)) == 4
    click = scene.house.slack.click(summary, "imports.run", scene.mia, block_id="all")
    await click.deliver(scene.house.app)
    (chain,) = await scene.rows(AuditChain)
    assert (chain.origin, chain.weight) == ("random", 1.0)
    (audit,) = await scene.rows(Audit)
    assert (audit.imported, audit.errors) == (True, 1)
    assert audit.auditor_id == scene.person(scene.abe)


@pytest.mark.parametrize("who", ["abe", "ana", "oz"])
async def test_who_does_not_manage_hears_who_does(scene: Scene, who: str) -> None:
    answer = await drop(scene, user=getattr(scene, who))
    assert "managers and admins" in answer.shown
    assert await scene.rows(Submission) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cat.png", b"\x89PNG", "“cat.png” is none of these"),
        ("odd.csv", b"foo,bar\n1,2\n", "I cannot tell what “odd.csv” is about"),
        ("book.csv", b"PK\x03\x04", "is not a text file"),
        ("empty.csv", b"\n\n", "no header row"),
    ],
)
async def test_what_cannot_be_taken_gets_one_sentence(
    scene: Scene, name: str, content: bytes, said: str
) -> None:
    answer = await drop(scene, name, content)
    assert said in answer.shown
    assert buttons(answer) == []


async def test_a_file_too_large_is_sent_to_the_shell(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.imports.LARGEST", 50)
    answer = await drop(scene)
    assert "`muster import` takes it" in answer.shown


async def test_a_file_that_is_gone_says_so(scene: Scene) -> None:
    summary = await drop(scene)
    scene.house.slack.files.clear()
    await scene.house.click(summary, "imports.run", scene.mia)
    assert "no longer in Slack" in scene.house.slack.dm(scene.mia)[-1].shown or any(
        "no longer in Slack" in each.shown
        for each in scene.house.slack.ephemerals(scene.house.slack.dm_channel(scene.mia), scene.mia)
    )
    assert await scene.rows(Submission) == []


async def test_who_lost_the_role_since_may_not_press_the_button(scene: Scene) -> None:
    summary = await drop(scene)
    async with scene.house.database.write() as tx:
        await tx.execute(delete(MemberRole).where(MemberRole.role == "manager"))
    await scene.house.click(summary, "imports.run", scene.mia)
    assert "managers and admins" in scene.house.slack.dm(scene.mia)[-1].shown
    assert await scene.rows(Submission) == []


async def test_hostile_names_are_inert(scene: Scene) -> None:
    content = "task,contributor,submitted_at\n<!channel>,<@U123>,<https://evil.example|now>\n"
    summary = await drop(scene, "<!here>.csv", content)
    assert "&lt;!here&gt;" in str(summary.blocks)
    assert "<!" not in str(summary.blocks)


async def test_whom_a_roster_names_by_slack_id_can_be_reached_at_once(scene: Scene) -> None:
    lee = scene.house.slack.add_user("Lee", tz="Asia/Manila")
    summary = await drop(scene, "people.csv", f"name,slack_id,zone\nLee,{lee.id},UTC\n")
    assert "1 roster row for Kestrel: 1 would be new" in summary.shown
    await scene.house.click(summary, "imports.run", scene.mia)
    assert "1 new" in scene.house.slack.dm(scene.mia)[-1].shown
    (identity,) = [row for row in await scene.rows(SlackIdentity) if row.user_id == lee.id]
    members = {row.person_id for row in await scene.rows(Member)}
    assert identity.person_id in members
    assert await scene.house.services.people.unmet(scene.house.slack.team_id) == []
