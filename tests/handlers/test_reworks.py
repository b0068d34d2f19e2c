"""A rejected task on its way back: told with a deadline, fixed, looked at again, or cancelled."""

from typing import Any

import pytest
from sqlalchemy import update

from models import Alias, Audit, Draw, LedgerEntry, Member, Rework, Squad, TimeOff
from tests.handlers.auditing import REJECT, audited, finding, open_form, with_feedback
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def only(scene: Scene) -> Any:
    (row,) = await scene.rows(Rework)
    return row


async def fix(scene: Scene, where: Any, note: str = "") -> Any:
    """Ana presses Fixed and sends the form."""
    await scene.house.click(where, "reworks.fix", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    return await scene.house.submit(form, scene.ana, {"rework_note": note} if note else {})


def last_told(scene: Scene, user: Any) -> str:
    return str(scene.house.slack.dm(user)[-1].shown)


async def change(scene: Scene, table: Any, **values: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(table).values(**values))


# Told


async def test_a_rejected_task_comes_back_with_a_deadline(scene: Scene) -> None:
    message = await with_feedback(scene)
    assert "Please fix this task by Wed 11 Mar 2026 17:00" in message.shown
    assert message.actions == ["reworks.fix", "audits.acknowledge", "audits.dispute"]
    row = await only(scene)
    assert (row.state, row.round, row.contributor_id) == ("open", 1, scene.person(scene.ana))
    opened = [each for each in await scene.rows(LedgerEntry) if each.action == "rework.opened"]
    assert [each.person_id for each in opened] == [scene.person(scene.ana)]


async def test_days_off_of_the_contributor_move_the_deadline(scene: Scene) -> None:
    day = scene.house.hands.time.date()
    await scene.insert(
        TimeOff,
        person_id=scene.person(scene.ana),
        first_day=day.replace(day=11),
        last_day=day.replace(day=12),
        created_at=scene.house.hands.time,
    )
    message = await with_feedback(scene)
    assert "by Fri 13 Mar 2026 17:00" in message.shown


async def test_an_accepted_task_comes_back_to_nobody(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana)
    await audited(scene, finding(scene, category="Slow", note="a bit slow"))
    assert await scene.rows(Rework) == []


async def test_in_a_rehearsal_nothing_comes_back(scene: Scene) -> None:
    await change(scene, Squad, state="rehearsal")
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene))
    assert await scene.rows(Rework) == []


async def test_a_correction_takes_the_place_of_what_it_corrects(scene: Scene) -> None:
    await with_feedback(scene)
    first = await only(scene)
    scene.house.move(minutes=5)
    await audited(scene, REJECT | finding(scene, note="No, this is a van"))
    moved = await only(scene)
    assert moved.audit_id != first.audit_id
    assert (moved.state, moved.due_at, moved.opened_at) == ("open", first.due_at, first.opened_at)
    await scene.house.drain()
    assert "reworks.fix" in scene.house.slack.dm(scene.ana)[-1].actions
    scene.house.move(minutes=5)
    await audited(scene, {})
    assert (await only(scene)).state == "cancelled"


async def test_what_somebody_else_finds_meanwhile_is_fixed_with_it(scene: Scene) -> None:
    await with_feedback(scene)
    await audited(scene, REJECT | finding(scene, note="And it is loose"), by=scene.mia)
    assert (await only(scene)).round == 1


# Fixed


async def test_fixed_it_waits_for_an_auditor_and_says_so(scene: Scene) -> None:
    message = await with_feedback(scene)
    scene.house.move(hours=3)
    await fix(scene, message, "Made it a truck")
    receipt = scene.house.slack.views(scene.ana)[-1]
    assert "with the auditors now" in receipt.shown
    row = await only(scene)
    assert (row.state, row.note, row.took_s) == ("fixed", "Made it a truck", 3 * 3600)
    (draw,) = await scene.rows(Draw)
    assert (draw.rework_id, draw.origin, draw.state) == (row.id, "chosen", "open")
    assert draw.held_by == scene.person(scene.abe)
    await scene.house.drain()
    assert "An auditor looks at it again" in message.shown
    assert "reworks.fix" not in message.actions


async def test_fixed_twice_is_fixed_once(scene: Scene) -> None:
    message = await with_feedback(scene)
    await scene.house.click(message, "reworks.fix", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    sent = scene.house.slack.submit(form, scene.ana, {})
    await sent.deliver(scene.house.app)
    await sent.deliver(scene.house.app)
    assert len(await scene.rows(Draw)) == 1
    await scene.house.click(message, "reworks.fix", scene.ana)
    told = scene.house.slack.ephemerals(message.channel, scene.ana)[-1]
    assert "You have said that this task is fixed" in told.shown


async def forged(scene: Scene, user: Any, action_id: str) -> str:
    """Press a button with the key of Ana's rework; returns what is answered."""
    await scene.house.command(user, "/muster", channel=scene.team)
    shown = scene.house.slack.ephemerals(scene.team, user)[-1]
    value = f'{{"v":1,"rework_id":{(await only(scene)).id}}}'
    click = scene.house.slack.click(shown, action_id, user, old_value=value)
    await click.deliver(scene.house.app)
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


async def test_nobody_fixes_what_is_not_theirs(scene: Scene) -> None:
    await with_feedback(scene)
    told = await forged(scene, scene.bo, "reworks.fix")
    assert "Only the person whom the task came back to" in told
    assert (await only(scene)).state == "open"


# Due and overdue


async def test_it_is_due_today_once_and_then_overdue(scene: Scene) -> None:
    await with_feedback(scene)
    scene.house.move(days=1)
    await scene.house.drain()
    due = scene.house.slack.dm(scene.ana)[-1]
    assert "Task T-1 has to be fixed today" in due.shown
    assert due.actions == ["reworks.fix", "today.line"]
    scene.house.move(days=1)
    await scene.house.drain()
    assert "Task T-1 should have been fixed by now" in last_told(scene, scene.ana)
    late = scene.house.slack.dm(scene.mia)[-1]
    assert "In Kestrel 1 task that was sent back is overdue" in late.shown
    assert "Ana" not in late.shown
    scene.house.move(days=1)
    count = len(scene.house.slack.dm(scene.ana))
    await scene.house.drain()
    assert "should have been fixed" not in "".join(
        each.shown for each in scene.house.slack.dm(scene.ana)[count:]
    )


async def test_several_tasks_of_one_day_are_one_message(scene: Scene) -> None:
    for n in (1, 2, 3):
        await scene.submission(f"T-{n}", scene.ana)
        await audited(scene, REJECT | finding(scene), text=f"T-{n}")
    await scene.house.drain()
    scene.house.move(days=1)
    count = len(scene.house.slack.dm(scene.ana))
    await scene.house.drain()
    told = [each for each in scene.house.slack.dm(scene.ana)[count:] if "fixed today" in each.shown]
    (due,) = told
    assert "3 tasks have to be fixed today" in due.shown
    assert due.actions == [*["reworks.fix"] * 3, "today.line"]


async def test_what_is_fixed_in_time_is_mentioned_no_more(scene: Scene) -> None:
    message = await with_feedback(scene)
    await fix(scene, message)
    await scene.house.drain()
    for _ in range(3):
        scene.house.move(days=1)
        await scene.house.drain()
    told = "".join(each.shown for each in scene.house.slack.dm(scene.ana)[1:])
    assert "fixed today" not in told
    assert "should have been" not in told
    assert scene.house.slack.dm(scene.mia) == []


# Home and the managers


async def test_home_lists_ones_own_and_the_managers_counts(scene: Scene) -> None:
    await with_feedback(scene)
    await scene.house.open_home(scene.ana)
    await scene.house.open_home(scene.mia)
    await scene.house.drain()
    mine = scene.house.slack.home(scene.ana)
    assert "1 task came back to you" in mine.shown
    assert "reworks.fix" in mine.actions
    theirs = scene.house.slack.home(scene.mia)
    assert "1 task is back with its contributor" in theirs.shown
    await scene.house.click(theirs, "reworks.squad", scene.mia)
    window = scene.house.slack.views(scene.mia)[-1]
    assert f"<@{scene.ana.id}>" in str(window.body)
    assert "due Wed 11 Mar 2026 17:00" in window.shown


async def test_names_are_shown_as_the_squad_shows_them(scene: Scene) -> None:
    await change(scene, Squad, individual_figures="self")
    await with_feedback(scene)
    await scene.house.open_home(scene.mia)
    await scene.house.drain()
    await scene.house.click(scene.house.slack.home(scene.mia), "reworks.squad", scene.mia)
    window = scene.house.slack.views(scene.mia)[-1]
    assert "1 task is back" in window.shown
    assert "only the counts are shown" in window.shown
    assert "T-1" not in window.shown
    assert scene.ana.id not in str(window.body)


async def test_whoever_left_keeps_it_until_a_manager_cancels(scene: Scene) -> None:
    message = await with_feedback(scene)
    async with scene.house.database.write() as tx:
        mine = Member.person_id == scene.person(scene.ana)
        await tx.execute(update(Member).where(mine).values(status="paused"))
    await scene.house.open_home(scene.mia)
    await scene.house.drain()
    await scene.house.click(scene.house.slack.home(scene.mia), "reworks.squad", scene.mia)
    window = scene.house.slack.views(scene.mia)[-1]
    assert "paused or left" in window.shown
    await scene.house.click(window, "reworks.cancel", scene.mia)
    assert (await only(scene)).state == "cancelled"
    assert "T-1" not in scene.house.slack.views(scene.mia)[-1].shown
    await scene.house.drain()
    assert "nothing to fix in this task any more" in message.shown


async def test_only_a_manager_cancels(scene: Scene) -> None:
    await with_feedback(scene)
    for user in (scene.abe, scene.ana):
        assert "for the managers of the squad" in await forged(scene, user, "reworks.cancel")
    assert (await only(scene)).state == "open"


# Looked at again


async def test_the_auditor_reads_what_was_changed_and_judges_the_fix(scene: Scene) -> None:
    message = await with_feedback(scene)
    await fix(scene, message, "Made it a <truck>")
    form = await open_form(scene, "T-1")
    assert "has been fixed since" in form.shown
    assert "Made it a &lt;truck&gt;" in str(form.body)
    assert "corrects that audit" not in form.shown
    await scene.house.submit(form, scene.abe, {})
    assert (await only(scene)).state == "accepted"
    (draw,) = await scene.rows(Draw)
    assert draw.state == "audited"
    steps = [(row.step, row.verdict, row.scoring) for row in await scene.rows(Audit)]
    assert steps == [("draw", "rejected", False), ("rework", "accepted", True)]
    await scene.house.drain()
    assert "Your fix was accepted" in message.shown
    assert "audits.dispute" in message.actions
    assert len(scene.house.slack.dm(scene.ana)) == 1


async def test_a_fix_that_is_not_one_comes_back_with_what_is_left(scene: Scene) -> None:
    message = await with_feedback(scene)
    await fix(scene, message)
    form = await open_form(scene, "T-1", scene.mia)
    values = REJECT | finding(scene, note="Still not a truck")
    await scene.house.submit(form, scene.mia, values)
    rounds = [(row.state, row.round) for row in await scene.rows(Rework)]
    assert rounds == [("returned", 1), ("open", 2)]
    await scene.house.drain()
    assert "needs one more round" in message.shown
    newer = scene.house.slack.dm(scene.ana)[-1]
    assert "Still not a truck" in newer.shown
    assert "reworks.fix" in newer.actions


async def test_a_file_with_the_changed_task_is_the_fix(scene: Scene) -> None:
    await scene.submission("T-1", scene.ana, source="tool", source_id="s-1")
    await audited(scene, REJECT | finding(scene))
    await scene.house.drain()
    message = scene.house.slack.dm(scene.ana)[-1]
    scene.house.move(hours=2)
    rows = (
        b"task,contributor,submitted_at,label,source,source_id\n"
        b"T-1,Ana,2026-03-10T10:00:00Z,truck,tool,s-1\n"
    )
    await scene.insert(Alias, person_id=scene.person(scene.ana), source="tool", external_id="Ana")
    slack = scene.house.slack
    await slack.drop_file("work.csv", rows, user=scene.mia).deliver(scene.house.app)
    asked = slack.dm(scene.mia)[-1]
    await scene.house.click(asked, "imports.run", scene.mia)
    row = await only(scene)
    assert (row.state, row.took_s) == ("fixed", 3600)
    count = len(slack.dm(scene.ana))
    await scene.house.drain()
    assert "You fixed this task" in message.shown
    assert len(slack.dm(scene.ana)) == count
