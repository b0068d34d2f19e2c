"""How a blocker ends, by itself or by somebody, and what Home shows of those that hold."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models import LedgerEntry, Member
from tests.handlers.blocked import blocked, click, home, join, later, newcomer, rows
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


# The end of it


async def test_left_open_it_ends_with_the_working_hours(scene: Scene) -> None:
    await blocked(scene)
    await later(scene, hours=9)  # six in the evening
    assert "cannot work" not in (await home(scene, scene.ana)).shown.casefold().replace(
        "i cannot work", ""
    )
    tab = await home(scene, scene.mia)
    assert "working hours are over" in tab.shown
    await later(scene, hours=15)
    await blocked(scene, "tool down")
    first, second = await rows(scene)
    assert (first.lost_s, first.closed_at) == (8 * 3600, MORNING + timedelta(hours=8))
    assert first.closed_by == scene.person(scene.ana), "said anew, the one of yesterday is no other"
    assert second.closed_by is None


async def test_the_manager_of_another_zone_still_hears_what_ran_out(scene: Scene) -> None:
    house = scene.house
    house.hands.time = MORNING + timedelta(hours=11)  # four in the afternoon in New York
    await blocked(scene, "tool down", scene.bo)
    await later(scene, hours=13)
    assert "cannot work" in house.slack.dm(scene.mia)[-1].shown
    await click(scene, house.slack.dm(scene.mia)[-1], "blockers.done", scene.mia)
    (row,) = await rows(scene)
    assert row.lost_s == 3600, "from four to five; the night is not lost"
    assert len(house.slack.dm(scene.bo)) == 1, "and nobody is woken"
    await later(scene, hours=4)
    assert "You can work again" in house.slack.dm(scene.bo)[-1].shown


# Home


async def test_home_has_the_button_what_holds_and_what_managers_see(scene: Scene) -> None:
    tab = await home(scene, scene.ana)
    await click(scene, tab, "blockers.ask", scene.ana)
    choice = scene.house.slack.dm(scene.ana)[-1]
    await click(scene, choice, "blockers.no_access", scene.ana)
    tab = scene.house.slack.home(scene.ana)
    assert "You cannot work: no access" in tab.shown
    assert "blockers.ask" not in tab.actions
    managed = await home(scene, scene.mia)
    assert "One person cannot work" in managed.shown
    assert f"<@{scene.ana.id}>" in str(managed.body)
    assert scene.ana.id not in str((await home(scene, scene.abe)).body)
    await click(scene, managed, "blockers.take", scene.mia)
    assert "is on it" in scene.house.slack.home(scene.mia).shown
    await click(scene, scene.house.slack.home(scene.ana), "blockers.resume", scene.ana)
    assert "blockers.ask" in scene.house.slack.home(scene.ana).actions
    assert "cannot work*" not in str(scene.house.slack.home(scene.mia).body)


async def test_many_are_cut(scene: Scene) -> None:
    for n in range(5):
        user = await newcomer(scene, f"P{n}", "contributor")
        await scene.house.say(user, "muster blocked no work")
    tab = await home(scene, scene.mia)
    assert "5 people cannot work" in tab.shown
    assert "and 2 more" in tab.shown
    assert len(tab.blocks) <= 100


async def test_whoever_stopped_managing_reads_no_names(scene: Scene) -> None:
    await join(scene, scene.oz, "manager")
    await blocked(scene)
    async with scene.house.database.write() as tx:
        gone = update(Member).where(Member.person_id == scene.person(scene.oz))
        await tx.execute(gone.values(status="paused"))
    await later(scene, minutes=61)
    assert scene.house.slack.dm(scene.oz) == []


async def test_the_ledger_has_it_without_the_note(scene: Scene) -> None:
    await blocked(scene, "tool down quokka")
    case = scene.house.slack.dm(scene.mia)[-1]
    await click(scene, case, "blockers.take", scene.mia)
    await click(scene, scene.house.slack.dm(scene.mia)[-1], "blockers.done", scene.mia)
    entries = await scene.rows(LedgerEntry)
    acts = [row.action for row in entries if row.action.startswith("blocker")]
    assert acts == ["blocker.opened", "blocker.taken", "blocker.closed"]
    assert "quokka" not in str([row.ids for row in entries])
