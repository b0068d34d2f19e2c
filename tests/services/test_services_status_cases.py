"""The service of statuses on both databases: two at once, keys, and what a leaver held."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import UserError
from bot.rules.people import Status
from bot.rules.squads import Where
from bot.rules.status_cases import Case, CaseKind, CaseState, Proposal
from models import Admin, Blocker, Draw, LedgerEntry, Sitting, StatusCase
from tests.handlers.statuses import REASON, add_member, audits_of, status_of
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(any_house: House) -> Scene:
    opened = await open_scene(any_house)
    await add_member(opened, opened.oz, "manager")
    return opened


def wanted(scene: Scene, **changes: Any) -> Proposal:
    given = {
        "squad_id": scene.squad_id,
        "person_id": scene.person(scene.ana),
        "status": Status.OFFBOARDED,
        "kind": CaseKind.CONTRACT,
        "reason": REASON,
        **changes,
    }
    return Proposal(**given)


async def proposed(scene: Scene, key: str | None = None, **changes: Any) -> Case:
    service = scene.house.services.status_cases
    case, _ = await service.propose(scene.house.caller(scene.mia), wanted(scene, **changes), key)
    return case


async def test_the_same_form_twice_is_one_proposal(scene: Scene) -> None:
    first = await proposed(scene, "view:1")
    assert (await proposed(scene, "view:1")).stored.case_id == first.stored.case_id
    assert len(await scene.rows(StatusCase)) == 1
    assert len(await scene.planned("status_cases.confirm")) == 1


async def test_of_two_who_decide_at_once_one_does(scene: Scene) -> None:
    await scene.insert(Admin, person_id=scene.person(scene.bo), created_at=MORNING)
    case_id = (await proposed(scene)).stored.case_id
    service = scene.house.services.status_cases
    caller = scene.house.caller(scene.oz)
    done = await asyncio.gather(
        service.confirm(caller, case_id, "click:a"),
        service.decline(caller, case_id, None, "view:b"),
        return_exceptions=True,
    )
    refused = [each for each in done if isinstance(each, UserError)]
    assert [each.code for each in refused] == ["case_decided"]
    (row,) = await scene.rows(StatusCase)
    assert row.state in {"in_force", "declined"}
    assert (await status_of(scene, scene.ana) == "offboarded") is (row.state == "in_force")


async def test_a_leaver_lets_go_of_what_they_held(scene: Scene) -> None:
    ana = scene.person(scene.ana)
    work = await scene.submission("T-9", scene.bo)
    place = {"project_id": scene.project_id, "squad_id": scene.squad_id}
    sitting = await scene.insert(
        Sitting,
        **place,
        auditor_id=ana,
        started_by=ana,
        party="p",
        wanted=1,
        state="open",
        started_at=MORNING,
        seen_at=MORNING,
    )
    await scene.insert(
        Draw,
        **place,
        submission_id=work,
        origin="random",
        state="open",
        held_by=ana,
        held_at=MORNING,
        sitting_id=sitting,
        drawn_at=MORNING,
        turn=1,
    )
    await scene.insert(
        Blocker,
        squad_id=scene.squad_id,
        person_id=ana,
        kind="no_work",
        opened_at=MORNING,
        closed_at=MORNING + timedelta(hours=5),
        lost_s=0,
    )
    case_id = (await proposed(scene)).stored.case_id
    service = scene.house.services.status_cases
    done = await service.confirm(scene.house.caller(scene.oz), case_id, None)
    assert done.stored.state is CaseState.IN_FORCE
    (draw,) = await scene.rows(Draw)
    assert (draw.held_by, draw.sitting_id, draw.state) == (None, None, "open")
    assert [row.state for row in await scene.rows(Sitting)] == ["ended"]
    (blocker,) = await scene.rows(Blocker)
    assert (blocker.closed_by, blocker.closed_at) == (ana, MORNING)


async def test_the_evidence_is_kept_as_it_stood(scene: Scene) -> None:
    await audits_of(scene, scene.ana, accepted=60, rejected=30)
    case = await proposed(scene, status=Status.PROBATION, kind=CaseKind.QUALITY)
    await audits_of(scene, scene.bo, accepted=30, rejected=0)
    (row,) = await scene.rows(StatusCase)
    (figures,) = row.evidence["projects"]
    assert (figures["n"], figures["standing"]) == (90, "below")
    read = await scene.house.services.status_cases.read(
        scene.house.caller(scene.oz), case.stored.case_id
    )
    assert read.stored.evidence == case.stored.evidence


async def test_an_admin_who_manages_nothing_reads_no_figures(scene: Scene) -> None:
    await audits_of(scene, scene.ana, accepted=60, rejected=30)
    await scene.insert(Admin, person_id=scene.person(scene.bo), created_at=MORNING)
    service = scene.house.services.status_cases
    caller = scene.house.caller(scene.bo)
    sheet = await service.sheet(
        caller, Where(squad_id=scene.squad_id), scene.ana.id, Status.PROBATION
    )
    assert sheet.evidence is None
    assert not [row for row in await scene.rows(LedgerEntry) if row.action == "figures.seen"]


async def test_nobody_reinstates_themselves(scene: Scene) -> None:
    await scene.insert(Admin, person_id=scene.person(scene.oz), created_at=MORNING)
    await scene.insert(Admin, person_id=scene.person(scene.bo), created_at=MORNING)
    service = scene.house.services.status_cases
    change = wanted(
        scene, person_id=scene.person(scene.oz), status=Status.PROBATION, kind=CaseKind.CONDUCT
    )
    case, _ = await service.propose(scene.house.caller(scene.bo), change, None)
    await service.confirm(scene.house.caller(scene.mia), case.stored.case_id, None)
    caller = scene.house.caller(scene.oz)
    for attempt in (
        service.reinstate(caller, Where(squad_id=scene.squad_id), scene.oz.id),
        service.lift(caller, case.stored.case_id),
    ):
        with pytest.raises(UserError, match="case_own"):
            await attempt
    text = f"status <@{scene.oz.id}> active"
    await scene.house.command(scene.oz, "/squad", text, scene.team)
    assert [row.state for row in await scene.rows(StatusCase)] == ["in_force"]
