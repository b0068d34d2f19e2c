"""Sittings as auditors sit them: drawn, gone through, undone, split, ended."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models import Audit, Draw, Finding, Member, MemberRole, Sitting, Snippet, Submission
from tests.handlers.auditing import REJECT, finding, told
from tests.harness import MORNING, House
from tests.scenes import HANDED_IN, Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def drawn(scene: Scene, count: int, user: Any = None, **given: Any) -> list[int]:
    """Put so much work into the queue; returns the draws."""
    keys = []
    for number in range(1, count + 1):
        name = f"{(user or scene.ana).name[0]}-{number}"
        work = await scene.submission(name, user or scene.ana)
        keys.append(
            await scene.insert(
                Draw,
                **{
                    "project_id": scene.project_id,
                    "squad_id": scene.squad_id,
                    "submission_id": work,
                    "origin": "random",
                    "turn": 1,
                    "state": "open",
                    "drawn_at": HANDED_IN,
                    **given,
                },
            )
        )
    return keys


async def start(scene: Scene, text: str, user: Any = None) -> Any:
    user = user or scene.abe
    await scene.house.command(user, "/audit", text, scene.team)
    return front(scene, user)


def front(scene: Scene, user: Any = None) -> Any:
    views = scene.house.slack.views(user or scene.abe)
    return views[-1] if views else None


async def save(scene: Scene, values: dict[str, Any] | None = None, user: Any = None) -> Any:
    user = user or scene.abe
    return await scene.house.submit(front(scene, user), user, values or {})


async def choose(scene: Scene, action: str, reason: str) -> None:
    view = front(scene)
    menu = next(
        each
        for block in view.blocks
        for each in block.get("elements", ())
        if each.get("action_id") == action
    )
    option = next(each for each in menu["options"] if reason in each["value"])
    request = scene.house.slack.select(view, action, scene.abe, option["value"])
    await request.deliver(scene.house.app)


async def test_save_and_next_answers_with_the_next_task_and_names_who_made_the_last(
    scene: Scene,
) -> None:
    await drawn(scene, 3)
    form = await start(scene, "start 3")
    assert "A-1" in form.shown
    assert "1 of 3" in form.shown
    assert "Ana" not in str(form.body)
    scene.house.move(seconds=40)
    done = await save(scene)
    assert done.action == "update"
    shown = front(scene).shown
    assert "A-2" in shown
    assert f"<@{scene.ana.id}>" in shown
    assert "2 of 3 · 40 s each" in shown.replace("*", "")
    rows = await scene.rows(Audit)
    assert [(row.origin, row.verdict, row.scoring) for row in rows] == [
        ("random", "accepted", True)
    ]
    assert [row.state for row in await scene.rows(Draw)] == ["audited", "open", "open"]


async def test_the_last_one_ends_with_a_certificate(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 20 by 17:00")
    await save(scene)
    done = await save(scene)
    assert "2 of 20 audited" in done.view.shown
    assert "Accepted: 100%" in done.view.shown
    (sitting,) = await scene.rows(Sitting)
    assert sitting.state == "ended"
    await scene.house.drain()
    assert "Your sitting in Boxes" in scene.house.slack.dm(scene.abe)[-1].shown
    assert scene.house.slack.dm(scene.ana) == []


async def test_findings_are_gathered_into_one_message_at_the_end(scene: Scene) -> None:
    await drawn(scene, 4)
    await start(scene, "start 4")
    await save(scene, REJECT | finding(scene, note="first"))
    await save(scene)
    await save(scene, REJECT | finding(scene, note="second"))
    await scene.house.open_home(scene.ana)
    await scene.house.drain()
    assert scene.house.slack.dm(scene.ana) == []
    assert "A-1" not in str(scene.house.slack.home(scene.ana).body)
    await scene.house.open_home(scene.abe)
    await scene.house.drain()
    assert "3 of 4 done" in scene.house.slack.home(scene.abe).shown
    await save(scene)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert "2 tasks of yours" in message.text
    assert "first" in message.shown
    assert "second" in message.shown
    assert "A-2" not in message.shown
    await scene.house.click(message, "sittings.acknowledge", scene.ana)
    assert {row.state for row in await scene.rows(Finding)} == {"acknowledged"}
    assert "You acknowledged" in scene.house.slack.dm(scene.ana)[-1].shown


async def test_findings_leave_after_half_an_hour_at_the_latest(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene, REJECT | finding(scene))
    scene.house.move(minutes=31)
    await scene.house.drain()
    assert len(scene.house.slack.dm(scene.ana)) == 1
    await save(scene, REJECT | finding(scene))
    scene.house.move(minutes=31)
    await scene.house.drain()
    assert len(scene.house.slack.dm(scene.ana)) == 2


async def test_one_task_of_a_gathered_message_can_be_disputed(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    await save(scene, REJECT | finding(scene))
    await save(scene)
    await scene.house.drain()
    (message,) = scene.house.slack.dm(scene.ana)
    assert "audits.dispute" in message.actions


async def test_undo_takes_the_last_back_as_it_was_filled_in(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene, REJECT | finding(scene, note="hasty"))
    scene.house.move(seconds=5)
    await scene.house.click(front(scene), "sittings.undo", scene.abe)
    assert "A-1" in front(scene).shown
    assert "hasty" in str(front(scene).body)
    (undone,) = await scene.rows(Audit)
    assert undone.scoring is False
    assert [row.state for row in await scene.rows(Finding)] == ["withdrawn"]
    await save(scene)
    assert [row.scoring for row in await scene.rows(Audit)] == [False, True]


async def test_an_undone_audit_says_nothing_and_does_not_score(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene, REJECT | finding(scene))
    await scene.house.click(front(scene), "sittings.undo", scene.abe)
    await choose(scene, "sittings.skip", "unclear")
    await scene.house.click(front(scene), "sittings.stop", scene.abe)
    await scene.house.drain()
    assert scene.house.slack.dm(scene.ana) == []
    assert [row.scoring for row in await scene.rows(Audit)] == [False]
    assert "Guidelines do not say" in front(scene).shown


async def test_an_undone_task_is_handed_out_again(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    await save(scene)
    scene.house.move(seconds=5)
    await scene.house.click(front(scene), "sittings.undo", scene.abe)
    await scene.house.click(front(scene), "sittings.stop", scene.abe)
    await start(scene, "start 2", scene.mia)
    assert "A-1" in front(scene, scene.mia).shown


async def test_undo_is_refused_once_the_contributor_was_told(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene, REJECT | finding(scene))
    scene.house.move(minutes=31)
    await scene.house.drain()
    await scene.house.click(front(scene), "sittings.undo", scene.abe)
    assert [row.scoring for row in await scene.rows(Audit)] == [True]
    assert "cannot be undone" in scene.house.slack.dm(scene.abe)[-1].shown


async def test_skipping_asks_for_a_reason_and_another_one_in_words(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await choose(scene, "sittings.skip", "no_access")
    assert "A-2" in front(scene).shown
    await choose(scene, "sittings.skip", "other")
    await scene.house.submit(front(scene), scene.abe, {"skip_note": "It is a duplicate"})
    assert "A-3" in front(scene).shown
    rows = await scene.rows(Draw)
    assert [(row.skip_reason, row.skip_note) for row in rows[:2]] == [
        ("no_access", None),
        ("other", "It is a duplicate"),
    ]


async def test_the_same_form_sent_twice_is_one_audit(scene: Scene) -> None:
    await drawn(scene, 3)
    form = await start(scene, "start 3")
    request = scene.house.slack.submit(form, scene.abe, {})
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert len(await scene.rows(Audit)) == 1


async def test_an_error_is_at_its_field_and_the_task_stays(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    done = await save(scene, REJECT)
    (field,) = done.errors
    assert field.startswith("finding_1_note.")
    assert await scene.rows(Audit) == []


async def test_repeating_a_finding_and_keeping_a_note_spare_typing(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene, REJECT | finding(scene, note="Wheels are missing"))
    await scene.house.click(front(scene), "sittings.repeat", scene.abe)
    assert "Wheels are missing" in str(front(scene).body)
    await scene.house.click(front(scene), "sittings.keep", scene.abe)
    assert "Kept as" in front(scene).shown
    await save(scene)
    await choose(scene, "sittings.snippet", "snippet_id")
    assert "Wheels are missing" in str(front(scene).body)
    await choose(scene, "sittings.drop", "snippet_id")
    assert "The note is dropped" in front(scene).shown
    assert "sittings.snippet" not in front(scene).actions
    assert "Wheels are missing" in str(front(scene).body), "what is filled in stays"
    assert await scene.rows(Snippet) == []


async def test_more_room_keeps_what_was_typed(scene: Scene) -> None:
    await drawn(scene, 1)
    await start(scene, "start 1")
    await scene.house.click(front(scene), "sittings.more", scene.abe)
    done = await save(scene, REJECT | finding(scene, 1))
    assert done.errors == {}
    assert len(await scene.rows(Finding)) == 1


async def test_work_handed_in_anew_is_shown_before_it_is_judged(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    async with scene.house.database.write() as tx:
        await tx.execute(update(Submission).values(label="a tractor", revision=2))
    await save(scene)
    assert "handed in anew" in front(scene).shown
    assert "a tractor" in front(scene).shown
    assert await scene.rows(Audit) == []
    await save(scene)
    assert len(await scene.rows(Audit)) == 1


async def test_a_task_that_another_took_meanwhile_keeps_what_was_typed(scene: Scene) -> None:
    await drawn(scene, 1)
    await start(scene, "start 2")
    scene.house.move(minutes=61)
    await start(scene, "next", scene.mia)
    assert "A-1" in front(scene, scene.mia).shown
    await save(scene, REJECT | finding(scene, note="my own words"))
    assert "my own words" in front(scene).shown
    assert await scene.rows(Audit) == []


async def test_it_goes_on_where_it_was_on_another_device(scene: Scene) -> None:
    await drawn(scene, 3)
    await start(scene, "start 3")
    await save(scene)
    scene.house.slack.stacks[scene.abe.id].clear()
    scene.house.move(minutes=90)
    form = await start(scene, "resume")
    assert "A-2" in form.shown
    assert "2 of 3" in form.shown


async def test_next_gives_one_task_and_tells_at_once(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "next")
    await save(scene, REJECT | finding(scene))
    await scene.house.drain()
    assert len(scene.house.slack.dm(scene.ana)) == 1
    await scene.house.click(front(scene), "sittings.another", scene.abe)
    assert "A-2" in front(scene).shown


async def test_a_manager_splits_it_and_each_gets_a_message_with_start(scene: Scene) -> None:
    await drawn(scene, 5)
    users = f"<@{scene.abe.id}|abe> <@{scene.mia.id}|mia>"
    form = await start(scene, f"start 5 by 17:00 {users}", scene.mia)
    assert "of 2" in form.shown
    await scene.house.drain()
    message = scene.house.slack.dm(scene.abe)[-1]
    assert "3 tasks of Boxes" in message.text
    await scene.house.click(message, "sittings.open", scene.abe)
    assert "1 of 3" in front(scene).shown


async def test_an_auditor_may_not_split(scene: Scene) -> None:
    await drawn(scene, 5)
    await start(scene, f"start 4 <@{scene.mia.id}|mia>")
    assert "for the managers" in told(scene, scene.abe)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("start 0", "between 1 and"),
        ("start 1001", "between 1 and"),
        ("start many", "expected a number"),
        ("start 5 by 08:00", "has passed"),
        ("start 5 by 25:00", "time"),
        ("start 5 in Nowhere", "no squad or project"),
        ("start 5", "Nothing is left to audit"),
        ("next", "Nothing is left to audit"),
        ("resume", "no sitting under way"),
        ("stop", "no sitting under way"),
    ],
)
async def test_what_cannot_be_is_said(scene: Scene, text: str, sentence: str) -> None:
    await start(scene, text)
    assert sentence in told(scene, scene.abe)
    assert await scene.rows(Sitting) == []


async def test_ones_own_work_is_never_drawn(scene: Scene) -> None:
    await drawn(scene, 2, scene.abe)
    await start(scene, "start 2")
    assert "your own work" in told(scene, scene.abe)


async def test_without_the_role_nothing_is_saved_any_more(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    async with scene.house.database.write() as tx:
        await tx.execute(update(MemberRole).values(role="contributor"))
    done = await save(scene)
    assert "auditors and managers" in done.view.shown
    assert await scene.rows(Audit) == []


async def test_a_contributor_who_left_is_still_judged(scene: Scene) -> None:
    await drawn(scene, 2)
    await start(scene, "start 2")
    async with scene.house.database.write() as tx:
        mine = Member.person_id == scene.person(scene.ana)
        await tx.execute(update(Member).where(mine).values(status="offboarded"))
    await save(scene)
    assert len(await scene.rows(Audit)) == 1


async def test_a_second_start_says_that_one_is_under_way(scene: Scene) -> None:
    await drawn(scene, 5)
    await start(scene, "start 2")
    scene.house.move(minutes=5)
    await start(scene, "start 3")
    assert "in the middle of it" in told(scene, scene.abe)
    assert MORNING + timedelta(minutes=5) == scene.house.hands.time
