"""Somebody cannot work: two taps, one manager after the other, and the way back to work."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.views import blockers as views
from models import Squad, TimeOff
from tests.fakes.slack.blocks import interactive
from tests.handlers.blocked import blocked, click, home, join, later, newcomer, refused, rows, says
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


# Saying it


async def test_two_taps_tell_one_manager_and_the_receipt_says_who(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    shown = await says(scene)
    for label in ("No work", "Tool down", "No access"):
        assert label in str(shown.blocks)
    await click(scene, shown, "blockers.tool_down", scene.ana)
    (receipt,) = scene.house.slack.dm(scene.ana)
    told = [user for user in (scene.mia, scene.oz) if scene.house.slack.dm(user)]
    assert len(told) == 1, "fewest messages: one manager, not all of them"
    assert f"<@{told[0].id}>" in str(receipt.blocks)
    assert "tool down" in receipt.shown
    assert "Tue 10 Mar 2026 17:00" in receipt.shown, "until the end of her day"
    (case,) = scene.house.slack.dm(told[0])
    assert f"<@{scene.ana.id}>" in str(case.blocks)
    assert "10:00" in case.shown, "an hour of the manager's working time"
    (row,) = await rows(scene)
    assert (row.kind, row.lost_s) == ("tool_down", 8 * 3600)
    assert row.due_at == MORNING + timedelta(hours=1)
    assert scene.house.slack.messages(scene.team) == []


async def test_typed_whole_it_needs_no_tap(scene: Scene) -> None:
    shown = await says(scene, "Tool down since 9 <!channel>")
    await scene.house.drain()
    assert "is told now" in shown.shown
    (row,) = await rows(scene)
    assert (row.kind, row.note) == ("tool_down", "since 9 <!channel>")
    case = scene.house.slack.dm(scene.mia)[-1]
    assert "since 9" in case.shown
    assert "<!channel>" not in str(case.blocks)


async def test_a_note_without_a_kind_goes_along_with_the_tap(scene: Scene) -> None:
    shown = await says(scene, "the printer is on fire")
    assert "the printer is on fire" in shown.shown
    await click(scene, shown, "command.run.no_access", scene.ana)
    (row,) = await rows(scene)
    assert (row.kind, row.note) == ("no_access", "the printer is on fire")


async def test_no_work_has_two_hours(scene: Scene) -> None:
    await blocked(scene, "no work")
    assert (await rows(scene))[0].due_at == MORNING + timedelta(hours=2)


async def test_pressed_and_typed_twice_it_is_one(scene: Scene) -> None:
    shown = await says(scene)
    request = scene.house.slack.click(shown, "blockers.tool_down", scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    again = await blocked(scene, "no access")
    assert "said so already" in again.shown
    assert len(await rows(scene)) == 1
    assert len(scene.house.slack.dm(scene.mia)) == 1
    assert len(scene.house.slack.dm(scene.ana)) == 1


async def test_of_two_squads_one_is_chosen_by_button_or_by_name(scene: Scene) -> None:
    other = await scene.second_squad("Heron", [(scene.ana, "contributor"), (scene.oz, "manager")])
    await scene.house.say(scene.ana, "muster blocked tool down")
    shown = scene.house.slack.dm(scene.ana)[-1]
    assert "Kestrel" in shown.shown
    assert "Heron" in shown.shown
    blocks = [key for key, element in interactive(shown.blocks)]
    request = scene.house.slack.click(shown, "blockers.tool_down", scene.ana, block_id=blocks[1])
    await request.deliver(scene.house.app)
    await scene.house.drain()
    assert [row.squad_id for row in await rows(scene)] == [other]
    assert scene.house.slack.dm(scene.oz) != []
    assert scene.house.slack.dm(scene.mia) == []
    await blocked(scene, "no access in kestrel")
    assert [row.squad_id for row in await rows(scene)] == [other, scene.squad_id]


async def test_before_work_the_receipt_has_the_hour_on_ones_own_clock(scene: Scene) -> None:
    scene.house.hands.time = MORNING - timedelta(hours=3)  # six in London, two in New York
    await blocked(scene, "tool down", scene.bo)
    (receipt,) = scene.house.slack.dm(scene.bo)
    assert "05:00, your time" in receipt.shown
    assert scene.house.slack.dm(scene.mia) == []
    await later(scene, hours=3)
    assert "cannot work" in scene.house.slack.dm(scene.mia)[-1].shown


async def test_whoever_is_back_first_is_told(scene: Scene) -> None:
    await join(scene, scene.bo, "manager")
    await scene.insert(
        TimeOff,
        person_id=scene.person(scene.mia),
        first_day=MORNING.date(),
        last_day=MORNING.date(),
        created_at=MORNING,
    )
    await blocked(scene)
    assert f"<@{scene.bo.id}>" in str(scene.house.slack.dm(scene.ana)[-1].blocks)
    await later(scene, hours=5)
    assert scene.house.slack.dm(scene.bo) != []
    assert scene.house.slack.dm(scene.mia) == []


async def test_a_squad_that_nobody_manages_is_said(scene: Scene) -> None:
    await scene.second_squad("Heron", [(scene.oz, "contributor")])
    shown = await blocked(scene, "tool down", scene.oz)
    assert "/muster grant" in shown.shown
    assert len(await rows(scene)) == 1


async def test_who_is_in_no_squad_and_who_only_reads_may_not(scene: Scene) -> None:
    assert "squad" in (await says(scene, "tool down", scene.oz)).shown
    await join(scene, scene.oz, "client")
    assert "managers" in (await says(scene, "tool down", scene.oz)).shown
    assert await rows(scene) == []


async def test_in_rehearsal_nobody_is_written_to_and_it_is_said(scene: Scene) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(state="rehearsal"))
    shown = await blocked(scene)
    assert "rehearsal" in shown.shown
    assert scene.house.slack.dm(scene.mia) == []


# Acting


async def test_on_it_is_seen_and_done_tells_the_person(scene: Scene) -> None:
    await blocked(scene)
    case = scene.house.slack.dm(scene.mia)[-1]
    await click(scene, case, "blockers.take", scene.mia)
    assert "On it" not in str(scene.house.slack.dm(scene.mia)[-1].blocks)
    (receipt,) = scene.house.slack.dm(scene.ana)
    assert f"<@{scene.mia.id}> is on it" in str(receipt.blocks)
    assert f"<@{scene.mia.id}> is on it" in str((await home(scene, scene.ana)).body)
    scene.house.move(minutes=80)
    await click(scene, scene.house.slack.dm(scene.mia)[-1], "blockers.done", scene.mia)
    assert "1 h 20 min" in scene.house.slack.dm(scene.mia)[-1].shown
    assert len(scene.house.slack.dm(scene.mia)) == 1
    first, last = scene.house.slack.dm(scene.ana)
    assert "blockers.resume" not in str(first.blocks)
    assert "You can work again" in last.shown
    (row,) = await rows(scene)
    assert (row.lost_s, row.closed_by) == (4800, scene.person(scene.mia))
    await click(scene, last, "blockers.again", scene.ana)
    assert len(await rows(scene)) == 2, "it still holds"


async def test_two_managers_do_not_take_the_same(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    await blocked(scene)
    await later(scene, minutes=31)  # the second one has it as well by now
    first, second = scene.house.slack.dm(scene.mia)[-1], scene.house.slack.dm(scene.oz)[-1]
    await scene.house.click(first, "blockers.take", scene.mia)
    await scene.house.click(second, "blockers.take", scene.oz)
    assert "Mia is on it already" in refused(scene, second, scene.oz)
    assert (await rows(scene))[0].taken_by == scene.person(scene.mia)
    await scene.house.click(second, "blockers.done", scene.oz)
    await scene.house.click(first, "blockers.done", scene.mia)
    assert "over already" in refused(scene, first, scene.mia)
    assert (await rows(scene))[0].closed_by == scene.person(scene.oz)


async def test_nobody_but_a_manager_acts_and_nobody_but_the_person_resumes(scene: Scene) -> None:
    await blocked(scene)
    (row,) = await rows(scene)
    value = views.AboutBlocker(blocker_id=row.id, here=True).encode()
    tries = [(views.TAKE, scene.abe), (views.DONE, scene.bo), (views.RESUME, scene.mia)]
    for action, user in tries:
        await scene.house.command(user, "/muster", channel=scene.team)
        shown = scene.house.slack.ephemerals(scene.team, user)[-1]
        request = scene.house.slack.click(shown, action, user, old_value=value)
        await request.deliver(scene.house.app)
        told = scene.house.slack.ephemerals(scene.team, user)[-1].shown
        assert "managers of the squad" in told or "Only whoever" in told
    assert await rows(scene) == [row]


# The clock


async def test_half_of_the_time_brings_the_next_and_all_of_it_the_others(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    new = await newcomer(scene, "Una", "manager")
    await blocked(scene)
    managers = [scene.mia, scene.oz, new]
    assert [len(scene.house.slack.dm(user)) for user in managers] == [1, 0, 0]
    await later(scene, minutes=29)
    assert [len(scene.house.slack.dm(user)) for user in managers] == [1, 0, 0]
    await later(scene, minutes=2)
    assert [len(scene.house.slack.dm(user)) for user in managers] == [1, 1, 0]
    assert "Nobody has taken this yet" in scene.house.slack.dm(scene.oz)[-1].shown
    await later(scene, minutes=30)
    assert [len(scene.house.slack.dm(user)) for user in managers] == [1, 1, 1], "told once each"
    assert "over its time" in scene.house.slack.dm(new)[-1].shown


async def test_once_taken_the_next_is_told_only_when_it_is_late(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    await blocked(scene)
    await click(scene, scene.house.slack.dm(scene.mia)[-1], "blockers.take", scene.mia)
    await later(scene, minutes=31)
    assert scene.house.slack.dm(scene.oz) == []
    await later(scene, minutes=30)
    assert "over its time" in scene.house.slack.dm(scene.oz)[-1].shown


async def test_what_is_over_reminds_nobody(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    await blocked(scene)
    await click(scene, scene.house.slack.dm(scene.ana)[-1], "blockers.resume", scene.ana)
    assert "can work again" in scene.house.slack.dm(scene.mia)[-1].shown
    await later(scene, hours=2)
    assert scene.house.slack.dm(scene.oz) == []


async def test_over_budget_it_is_a_line_of_today_that_opens(scene: Scene) -> None:
    house = scene.house
    for n in range(4):  # five a day, one of which is kept for the Today message
        await blocked(scene, f"tool down {n}", scene.ana)
        await click(scene, house.slack.dm(scene.ana)[-1], "blockers.resume", scene.ana)
        house.move(minutes=1)
    count = len(house.slack.dm(scene.mia))
    shown = await blocked(scene, "no access now")
    assert "is told now" in shown.shown or "back first" in shown.shown
    await house.drain()
    today = house.slack.dm(scene.mia)[-1]
    assert len(house.slack.dm(scene.mia)) == count + 1
    assert "no access" in today.shown
    await house.click(today, "blockers.show", scene.mia)
    (window,) = house.slack.views(scene.mia)
    assert "On it" in str(window.blocks)
    await click(scene, window, "blockers.done", scene.mia)
    assert "white_check_mark" in str(house.slack.dm(scene.mia)[-1].blocks)
