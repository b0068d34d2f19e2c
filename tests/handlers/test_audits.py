"""Audits as auditors make them: the command, the form, and what is recorded and sent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models import (
    Audit,
    AuditChain,
    Category,
    Effect,
    Finding,
    LedgerEntry,
    Squad,
)
from tests.handlers.auditing import REJECT, audited, finding, open_form, told
from tests.harness import House
from tests.scenes import HANDED_IN, Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


# Finding the work


async def test_bare_it_shows_its_usage_with_an_example(scene: Scene) -> None:
    await scene.house.command(scene.abe, "/audit", "", scene.team)
    assert "/audit T-1042" in told(scene, scene.abe)


async def test_the_form_shows_the_work_and_hides_who_made_it(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, label="a <!channel> & a truck")
    form = await open_form(scene, "T-1")
    assert "https://tool.example/tasks/T-1" in str(form.body)
    assert "a &lt;!channel&gt; &amp; a truck" in str(form.body)
    assert "Ana" not in str(form.body)
    assert scene.ana.id not in str(form.body)
    verdict = next(block for block in form.blocks if block.get("block_id") == "verdict")
    assert verdict["element"]["initial_option"]["value"] == "accepted"


async def test_the_submissions_own_link_comes_before_the_template(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, url="https://tool.example/other/7")
    form = await open_form(scene, "T-1")
    assert "https://tool.example/other/7" in str(form.body)


async def test_a_task_worked_on_twice_offers_a_list_without_names(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, label="car")
    await scene.submission("T-1", scene.bo, label="truck")
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.abe)[-1]
    assert "more than once" in shown.shown
    assert "truck" in str(shown.blocks)
    assert scene.bo.id not in str(shown.blocks)
    assert "Bo" not in shown.shown
    menu = shown.blocks[1]["elements"][0]
    truck = next(each for each in menu["options"] if "truck" in each["text"]["text"])
    request = scene.house.slack.select(shown, "audits.choose", scene.abe, truck["value"])
    await request.deliver(scene.house.app)
    assert "truck" in str(scene.house.slack.views(scene.abe)[-1].body)


async def test_a_person_alone_lists_their_latest_unaudited_work(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await scene.submission("T-2", scene.ana, submitted_at=HANDED_IN + timedelta(hours=1))
    await scene.submission("T-3", scene.bo)
    await audited(scene, {}, text="T-1")
    await scene.house.command(scene.abe, "/audit", f"<@{scene.ana.id}|ana>", scene.team)
    shown = scene.house.slack.ephemerals(scene.team, scene.abe)[-1]
    options = [each["text"]["text"] for each in shown.blocks[1]["elements"][0]["options"]]
    assert [text.split(" · ")[0] for text in options] == ["T-2"]


async def test_a_person_and_a_task_find_that_persons_work(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, label="car")
    await scene.submission("T-1", scene.bo, label="truck")
    form = await open_form(scene, f"<@{scene.bo.id}|bo> T-1")
    assert "truck" in str(form.body)


async def test_an_unknown_task_names_the_closest_and_how_work_comes_in(scene: Scene) -> None:
    await scene.submission("T-1042", scene.ana)
    await scene.house.command(scene.abe, "/audit", "t-1024", scene.team)
    assert "T-1042" in told(scene, scene.abe)
    await scene.house.command(scene.abe, "/audit", "zzz <!channel> 9", scene.team)
    assert "muster import submissions" in told(scene, scene.abe)
    assert "<!channel>" not in told(scene, scene.abe)


async def test_a_place_narrows_a_task_to_a_project_or_squad(scene: Scene) -> None:
    other = await scene.second_squad("Osprey", [(scene.abe, "auditor"), (scene.bo, "contributor")])
    await scene.submission("T-1", scene.ana, label="car")
    await scene.submission("T-1", scene.bo, label="truck", squad_id=other)
    form = await open_form(scene, "T-1 in osprey")
    assert "truck" in str(form.body)
    # Without it the channel decides: it is Kestrel's.
    assert "car" in str((await open_form(scene, "T-1")).body)


async def test_somebody_without_the_role_reads_who_can(scene: Scene) -> None:
    await scene.submission("T-1", scene.bo)
    for user in (scene.ana, scene.oz):
        await scene.house.command(user, "/audit", "T-1", scene.team)
        assert "auditors and managers" in told(scene, user)
        assert scene.house.slack.views(user) == []


async def test_work_of_another_squad_is_not_found(scene: Scene) -> None:
    other = await scene.second_squad("Osprey", [(scene.oz, "auditor"), (scene.bo, "contributor")])
    await scene.submission("T-9", scene.bo, squad_id=other)
    await scene.house.command(scene.abe, "/audit", "T-9", scene.team)
    assert "no task “T-9” in your squads" in told(scene, scene.abe)


async def test_nobody_audits_their_own_work(scene: Scene) -> None:
    await scene.submission("T-1", scene.abe)
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    assert "your own work" in told(scene, scene.abe)
    await scene.house.command(scene.abe, "/audit", f"<@{scene.abe.id}|abe>", scene.team)
    assert "your own work" in told(scene, scene.abe)


async def test_from_a_mention_it_is_carried_on_privately(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await scene.house.mention(scene.abe, "audit T-1", scene.team)
    assert scene.house.slack.views(scene.abe) == []
    shown = scene.house.slack.ephemerals(scene.team, scene.abe)[-1]
    await scene.house.click(shown, "command.run", scene.abe)
    assert "T-1" in scene.house.slack.views(scene.abe)[-1].shown


# Recording


async def test_an_accepted_task_without_finding_sends_nothing(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await audited(scene, {})
    await scene.house.drain()
    (row,) = await scene.rows(Audit)
    assert (row.verdict, row.errors, row.origin, row.scoring) == ("accepted", 0, "chosen", True)
    assert scene.house.slack.dm(scene.ana) == []
    saved = scene.house.slack.views(scene.abe)[-1]
    assert f"<@{scene.ana.id}>" in str(saved.body)
    assert "nothing is sent" in saved.shown


async def test_a_rejected_task_tells_its_contributor_what_and_where(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    note = "a <!channel> <https://evil.example|link> & a *truck*"
    await audited(scene, REJECT | finding(scene, note=note))
    saved = scene.house.slack.views(scene.abe)[-1]
    assert "reads it now" in saved.shown
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    for part in ("T-1", "Wrong class", "Error", "4.2 Classes", "&lt;!channel&gt;"):
        assert part in message.shown
    assert message.actions == ["reworks.fix", "audits.acknowledge", "audits.dispute"]
    assert (await scene.rows(Audit))[0].errors == 1
    entries = [row for row in await scene.rows(LedgerEntry) if row.action == "audit.recorded"]
    assert [(row.actor_id, row.person_id) for row in entries] == [
        (scene.person(scene.abe), scene.person(scene.ana))
    ]


async def test_outside_working_hours_it_waits_and_the_auditor_is_told_when(scene: Scene) -> None:
    await scene.submission("T-1", scene.bo)
    await audited(scene, REJECT | finding(scene))
    assert "at 09:00, their time" in scene.house.slack.views(scene.abe)[-1].shown
    await scene.house.drain()
    assert scene.house.slack.dm(scene.bo) == []
    scene.house.move(hours=5)
    await scene.house.drain()
    assert len(scene.house.slack.dm(scene.bo)) == 1


async def test_praise_alone_is_sent_warmly_and_can_be_thanked_for(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    praise = finding(scene, category=None, severity="praise", note="Neat edges")
    await audited(scene, praise)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert "Well done" in message.text
    assert message.actions == ["audits.acknowledge"]
    await scene.house.click(message, "audits.acknowledge", scene.ana)
    assert [row.state for row in await scene.rows(Finding)] == ["acknowledged"]
    assert await scene.planned("audits.reminder") == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (REJECT, "finding_1_note"),
        ({"finding_1_severity": "error", "finding_1_section": "4.2"}, "finding_1_note"),
        ({"finding_1_severity": "error", "finding_1_note": "a truck"}, "finding_1_section"),
        (REJECT | {"finding_2_severity": "praise", "finding_2_note": "neat"}, "finding_1_note"),
        ({"finding_2_severity": "warning"}, "finding_2_note"),
    ],
)
async def test_what_is_missing_is_said_at_its_field(
    scene: Scene, values: dict[str, Any], field: str
) -> None:
    await scene.submission("T-1", scene.ana)
    done = await audited(scene, values)
    assert list(done.errors) == [field]
    assert await scene.rows(Audit) == []
    assert await scene.rows(Effect) == []


async def test_a_category_gives_severity_and_section_unless_said(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    values = (
        finding(scene, 0)
        | finding(scene, 1, category="Slow", note=None)
        | finding(scene, 2, category="Wrong class", severity="warning", section="7.1", note="hm")
    )
    assert (await audited(scene, values)).errors == {}
    found = [(row.severity, row.section) for row in await scene.rows(Finding)]
    assert found == [("error", "4.2 Classes"), ("warning", None), ("warning", "7.1")]


async def test_a_retired_category_is_asked_for_again(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    form = await open_form(scene, "T-1")
    async with scene.house.database.write() as tx:
        await tx.execute(update(Category).values(retired_at=HANDED_IN))
    done = await scene.house.submit(form, scene.abe, finding(scene))
    assert "not in use" in done.errors["finding_1_category"]


async def test_another_finding_makes_room_and_keeps_what_was_typed(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    form = await open_form(scene, "T-1")
    assert "finding_4_note" not in form.actions
    await scene.house.click(form, "audits.more", scene.abe)
    wider = scene.house.slack.views(scene.abe)[-1]
    assert "finding_4_note" in wider.actions
    done = await scene.house.submit(wider, scene.abe, finding(scene, 3))
    assert done.errors == {}
    assert len(await scene.rows(Finding)) == 1


async def test_the_form_sent_twice_is_one_audit(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    form = await open_form(scene, "T-1")
    request = scene.house.slack.submit(form, scene.abe, REJECT | finding(scene))
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert len(await scene.rows(Audit)) == 1
    assert len(await scene.planned("audits.feedback")) == 1


async def test_a_second_auditor_opens_a_chain_of_their_own(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await audited(scene, {})
    await audited(scene, REJECT | finding(scene), by=scene.mia)
    assert len(await scene.rows(AuditChain)) == 2
    assert [row.scoring for row in await scene.rows(Audit)] == [True, True]


async def test_a_correction_replaces_what_was_said_before(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene))
    await scene.house.drain()
    form = await open_form(scene, "T-1")
    assert "corrects that audit" in form.shown
    await scene.house.submit(form, scene.abe, {})
    assert "no longer hold" in scene.house.slack.views(scene.abe)[-1].shown
    await scene.house.drain()
    before, after = scene.house.slack.dm(scene.ana)
    assert before.actions == []
    assert "corrected since" in before.shown
    assert "no longer hold" in after.shown
    first, second = await scene.rows(Audit)
    assert (first.scoring, second.scoring, second.step) == (False, True, "correction")


async def test_a_correction_before_the_message_left_says_only_what_holds(scene: Scene) -> None:
    await scene.submission("T-1", scene.bo)
    await audited(scene, REJECT | finding(scene))
    await audited(scene, {})
    scene.house.move(hours=6)
    await scene.house.drain()
    assert scene.house.slack.dm(scene.bo) == []
    ended = [row.state for row in await scene.planned("audits.feedback")]
    assert ended == ["dropped", "dropped"]


async def test_in_rehearsal_nothing_is_sent_and_the_auditor_reads_so(scene: Scene) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene))
    assert "rehearsal" in scene.house.slack.views(scene.abe)[-1].shown
    await scene.house.drain()
    assert scene.house.slack.dm(scene.ana) == []


# What is hard to show


async def test_the_longest_that_can_be_typed_still_fits_into_a_message(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, label="&<label>" * 5_000)
    form = await open_form(scene, "T-1")
    for _ in range(3):
        await scene.house.click(form, "audits.more", scene.abe)
        form = scene.house.slack.views(scene.abe)[-1]
    assert "audits.more" not in form.actions
    note = "<!here>& " * 222
    values = REJECT.copy()
    for position in range(6):
        values |= finding(scene, position, section="&" * 300, note=note)
    assert (await scene.house.submit(form, scene.abe, values)).errors == {}
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert message.actions == ["reworks.fix", "audits.acknowledge", "audits.dispute"]
    await scene.house.click(message, "audits.dispute", scene.ana)
    dispute = scene.house.slack.views(scene.ana)[-1]
    found = [str(row.id) for row in await scene.rows(Finding)]
    answer = {"dispute_findings": found, "dispute_reason": "&" * 2_000}
    await scene.house.submit(dispute, scene.ana, answer)
    await scene.house.drain()
    line = scene.house.slack.dm(scene.mia)[-1]
    await scene.house.click(line, "audits.open_dispute", scene.mia)
    assert scene.house.slack.views(scene.mia)[-1].callback_id == "disputes.decide_form"


async def test_a_project_of_a_hundred_categories_still_opens(scene: Scene) -> None:
    for n in range(120):
        await scene.insert(
            Category,
            project_id=scene.project_id,
            name=f"{n} {'x' * 70}",
            severity="error",
            position=n + 10,
        )
    await scene.submission("T-1", scene.ana)
    assert "T-1" in (await open_form(scene, "T-1")).shown


async def test_a_form_opened_too_late_gets_a_sentence(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    scene.house.slack.faults.add(method="views.open", error="expired_trigger_id")
    await scene.house.command(scene.abe, "/audit", "T-1", scene.team)
    assert "too long to open" in told(scene, scene.abe)
