"""Sittings on both databases: saves and starts at once, shares, fixes judged and taken back."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from bot.errors import UserError
from bot.rules.audits import Severity, Verdict
from bot.rules.draws import SkipReason
from bot.rules.findings import AuditForm, FindingForm
from bot.rules.sittings import SaveForm, Seat, StartRequest, Turn
from bot.services import reworking
from bot.services.unit import Unit
from bot.store import people, reworks
from models import Audit, Draw, LedgerEntry, OutboxRow, Rework, Sitting
from tests.harness import House
from tests.scenes import HANDED_IN, Scene, open_scene

WRONG = FindingForm(severity=Severity.ERROR, section="4.2", note="a truck")


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def drawn(scene: Scene, count: int, origin: str = "random") -> None:
    """Put so much work of Ana into the queue."""
    for number in range(1, count + 1):
        await scene.insert(
            Draw,
            project_id=scene.project_id,
            squad_id=scene.squad_id,
            submission_id=await scene.submission(f"A-{number}", scene.ana),
            origin=origin,
            turn=1,
            state="open",
            drawn_at=HANDED_IN,
        )


async def start(scene: Scene, user: Any, request: StartRequest, key: str | None = None) -> Any:
    caller = scene.house.caller(user)
    return await scene.house.services.sittings.start(caller, request, scene.team.id, key)


async def seated(scene: Scene, count: int) -> Seat:
    """Abe begins; what is before him."""
    started = await start(scene, scene.abe, StartRequest(count=count))
    assert started.turn.seat is not None
    seat: Seat = started.turn.seat
    return seat


async def save(scene: Scene, seat: Seat, key: str, *found: FindingForm) -> Turn:
    form = SaveForm(
        sitting_id=seat.sitting.id,
        draw_id=seat.draw.draw_id,
        revision=seat.sheet.work.revision,
        shown_at=seat.shown_at,
        verdict=Verdict.REJECTED if found else Verdict.ACCEPTED,
        findings=found,
    )
    caller = scene.house.caller(scene.abe)
    turn: Turn = await scene.house.services.sittings.save(caller, form, key)
    return turn


async def held(scene: Scene) -> Counter[int | None]:
    """How many open draws each person holds."""
    return Counter(row.held_by for row in await scene.rows(Draw) if row.state == "open")


async def test_one_task_saved_at_once_from_two_devices_is_one_audit(scene: Scene) -> None:
    await drawn(scene, 3)
    seat = await seated(scene, 3)
    turns = await asyncio.gather(*(save(scene, seat, f"device:{n}", WRONG) for n in range(4)))
    assert len(await scene.rows(Audit)) == 1
    assert len(await scene.rows(Rework)) == 1
    following = {turn.seat.draw.draw_id for turn in turns if turn.seat is not None}
    assert len(following) == 1
    assert following != {seat.draw.draw_id}
    assert sum(turn.saved is not None for turn in turns) == 1


async def test_the_same_form_sent_at_once_is_one_audit(scene: Scene) -> None:
    await drawn(scene, 1)
    seat = await seated(scene, 2)
    turns = await asyncio.gather(*(save(scene, seat, "view:1") for _ in range(3)))
    assert len(await scene.rows(Audit)) == 1
    assert all(turn.certificate is not None for turn in turns)
    sent = [row for row in await scene.rows(OutboxRow) if row.kind == "sittings.certificate"]
    assert len(sent) == 1


async def test_two_who_begin_at_once_never_hold_the_same_task(scene: Scene) -> None:
    await drawn(scene, 6)
    request = StartRequest(count=4)
    both = await asyncio.gather(
        start(scene, scene.abe, request), start(scene, scene.mia, request), return_exceptions=True
    )
    assert not [each for each in both if isinstance(each, BaseException)]
    abe, mia = scene.person(scene.abe), scene.person(scene.mia)
    counts = await held(scene)
    assert counts[abe] + counts[mia] == 6
    assert max(counts[abe], counts[mia]) == 4


async def test_tasks_are_split_evenly_and_each_is_told(scene: Scene) -> None:
    await drawn(scene, 7)
    request = StartRequest(count=5, user_ids=(scene.abe.id, scene.mia.id))
    started = await start(scene, scene.mia, request, "command:1")
    assert started.turn is not None
    again = await start(scene, scene.mia, request, "command:1")
    assert again.turn.seat.draw.draw_id == started.turn.seat.draw.draw_id
    counts = await held(scene)
    assert counts[scene.person(scene.abe)] == 3
    assert counts[scene.person(scene.mia)] == 2
    assert counts[None] == 2
    assert len({row.party for row in await scene.rows(Sitting)}) == 1
    sent = [row.person_id for row in await scene.rows(OutboxRow) if "invitation" in row.kind]
    assert sent == [scene.person(scene.abe)]


async def test_nobody_is_invited_who_may_not_audit(scene: Scene) -> None:
    await drawn(scene, 2)
    with pytest.raises(UserError):
        await start(scene, scene.mia, StartRequest(user_ids=(scene.abe.id, scene.ana.id)))
    assert await scene.rows(Sitting) == []
    assert set(await held(scene)) == {None}


async def fixed(scene: Scene) -> None:
    """Abe rejects a task of Ana, and she fixes it."""
    submission_id = await scene.submission("T-1", scene.ana, source="s", source_id="T-1")
    form = AuditForm(submission_id=submission_id, verdict=Verdict.REJECTED, findings=(WRONG,))
    await scene.house.services.audits.record(scene.house.caller(scene.abe), form, None)
    (row,) = await scene.rows(Rework)
    async with scene.house.database.write() as tx:
        actor = await people.actor(tx, scene.house.caller(scene.ana))
        assert actor is not None
        unit = Unit(tx, actor, scene.house.hands.time)
        rework = await reworks.lock(tx, unit.workspace_id, row.id)
        assert rework is not None
        await reworking.fixed(unit, rework, None)
        await unit.close()


async def test_a_fix_is_judged_in_a_sitting_taken_back_and_judged_again(scene: Scene) -> None:
    await fixed(scene)
    await drawn(scene, 2, origin="risk")
    scene.house.move(minutes=5)
    seat = await seated(scene, 3)
    assert seat.draw.rework_id is not None
    await save(scene, seat, "view:1")
    assert [row.state for row in await scene.rows(Rework)] == ["accepted"]
    assert [row.step for row in await scene.rows(Audit)] == ["draw", "rework"]

    caller = scene.house.caller(scene.abe)
    undone = await scene.house.services.sittings.undo(caller, seat.sitting.id)
    assert undone.seat.draw.draw_id == seat.draw.draw_id
    assert [row.state for row in await scene.rows(Rework)] == ["fixed"]
    assert [row.scoring for row in await scene.rows(Audit)] == [True]

    await save(scene, undone.seat, "view:2", WRONG)
    assert [row.state for row in await scene.rows(Rework)] == ["returned", "open"]
    last = [row for row in await scene.rows(Audit) if row.step == "rework"]
    assert [row.verdict for row in last] == ["rejected"]


async def test_the_night_ends_what_was_left_and_lets_its_findings_leave(scene: Scene) -> None:
    await drawn(scene, 4)
    request = StartRequest(count=4, user_ids=(scene.abe.id, scene.mia.id))
    started = await start(scene, scene.mia, request)
    house = scene.house
    form = SaveForm(
        sitting_id=started.turn.seat.sitting.id,
        draw_id=started.turn.seat.draw.draw_id,
        revision=1,
        shown_at=started.turn.seat.shown_at,
        verdict=Verdict.REJECTED,
        findings=(WRONG,),
    )
    house.move(minutes=1)
    await house.services.sittings.save(house.caller(scene.mia), form, "view:9")
    keeper = house.services.housekeeping
    house.move(hours=11)
    assert await keeper.give_up(house.workspace_id) == (0, 0)
    house.move(hours=1)
    assert await keeper.give_up(house.workspace_id) == (0, 1), "Abe's part may wait to be begun"
    waiting = [row for row in await scene.rows(OutboxRow) if row.kind == "sittings.feedback"]
    assert all(row.due_at <= house.container.clock.now() for row in waiting)
    sent = [row for row in await scene.rows(OutboxRow) if row.kind == "sittings.certificate"]
    assert [row.person_id for row in sent] == [scene.person(scene.mia)]
    assert (await held(scene))[scene.person(scene.mia)] == 0
    house.move(days=3)
    assert await keeper.give_up(house.workspace_id) == (0, 1)
    assert {row.state for row in await scene.rows(Sitting)} == {"ended"}
    sent = [row for row in await scene.rows(OutboxRow) if row.kind == "sittings.certificate"]
    assert len(sent) == 1, "of a part that nobody began there is nothing to certify"
    assert await keeper.give_up(house.workspace_id) == (0, 0)
    ended = [row for row in await scene.rows(LedgerEntry) if row.action == "sitting.ended"]
    assert [row.actor_id for row in ended] == [None, None]


async def test_a_fix_that_is_left_out_is_for_somebody_else(scene: Scene) -> None:
    await fixed(scene)
    scene.house.move(minutes=5)
    seat = await seated(scene, 2)
    assert seat.draw.rework_id is not None
    service, caller = scene.house.services.sittings, scene.house.caller(scene.abe)
    skip = (caller, seat.sitting.id, seat.draw.draw_id, SkipReason.UNCLEAR, None)
    assert (await service.skip(*skip)).seat is None, "not once more for who left it out"
    assert (await held(scene)) == {None: 1}
    with pytest.raises(UserError, match="sitting_nothing"):
        await start(scene, scene.abe, StartRequest())
    theirs = (await start(scene, scene.mia, StartRequest())).turn.seat
    assert theirs.draw.rework_id == seat.draw.rework_id
    assert [row.state for row in await scene.rows(Rework)] == ["fixed"]


async def test_leaving_a_fix_out_is_undone_until_somebody_else_has_it(scene: Scene) -> None:
    await fixed(scene)
    await drawn(scene, 2, origin="risk")
    scene.house.move(minutes=5)
    seat = await seated(scene, 3)
    service, caller = scene.house.services.sittings, scene.house.caller(scene.abe)
    skip = (caller, seat.sitting.id, seat.draw.draw_id, SkipReason.UNCLEAR, None)
    await service.skip(*skip)
    assert (await service.undo(caller, seat.sitting.id)).seat.draw.draw_id == seat.draw.draw_id
    of_fix = [row for row in await scene.rows(Draw) if row.rework_id is not None]
    assert [row.state for row in of_fix] == ["open"]
    await service.skip(*skip)
    await start(scene, scene.mia, StartRequest())
    with pytest.raises(UserError, match="sitting_nothing_to_undo"):
        await service.undo(caller, seat.sitting.id)
