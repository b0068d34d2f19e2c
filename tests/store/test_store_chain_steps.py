"""Rulings and rework in a chain: the last step scores, once, in the period that it belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.rules.audits import (
    FindingState,
    NewAudit,
    NewFinding,
    Origin,
    Placed,
    Severity,
    Step,
    Verdict,
)
from bot.store import audits, findings, reports
from models import Audit, Finding
from tests.harness import MORNING, House
from tests.scenes import HANDED_IN, Scene, open_scene

ERROR = NewFinding(severity=Severity.ERROR, section="4.2", note="a truck")
WARNING = NewFinding(severity=Severity.WARNING, note="slow")
LATER = MORNING + timedelta(days=3)


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def placed(
    scene: Scene, found: Sequence[NewFinding], verdict: Verdict = Verdict.REJECTED
) -> Placed:
    """An audit by Abe of Ana's work."""
    audit = NewAudit(
        submission_id=await scene.submission("T-1", scene.ana),
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        auditor_id=scene.person(scene.abe),
        verdict=verdict,
        audited_at=MORNING,
        origin=Origin.RANDOM,
        weight=4.0,
        findings=tuple(found),
    )
    async with scene.house.database.write() as tx:
        return (await audits.add_audits(tx, scene.house.workspace_id, [audit]))[0]


async def put(scene: Scene, finding_id: int, state: FindingState) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(Finding).where(Finding.id == finding_id).values(state=state.value))


async def settle(scene: Scene, audit_id: int, step: Step, user: Any) -> Verdict:
    async with scene.house.database.write() as tx:
        return await audits.settle(
            tx, scene.house.workspace_id, audit_id, step, auditor_id=scene.person(user)
        )


async def advance(scene: Scene, chain_id: int, **given: Any) -> int:
    values = {
        "step": Step.REWORK,
        "auditor_id": scene.person(scene.mia),
        "verdict": Verdict.ACCEPTED,
        "errors": 0,
        "at": LATER,
        **given,
    }
    async with scene.house.database.write() as tx:
        return await audits.advance(tx, scene.house.workspace_id, chain_id, **values)


async def scoring(scene: Scene) -> list[tuple[str, str, int]]:
    return [(row.step, row.verdict, row.errors) for row in await scene.rows(Audit) if row.scoring]


async def test_an_advanced_chain_scores_once_by_its_last_step(scene: Scene) -> None:
    one = await placed(scene, [ERROR])
    key = await advance(scene, one.chain_id)
    rows = {row.id: row for row in await scene.rows(Audit)}
    assert await scoring(scene) == [("rework", "accepted", 0)]
    made, first = rows[key], rows[one.audit_id]
    assert (made.chain_id, made.submission_id, made.origin) == (
        first.chain_id,
        first.submission_id,
        "random",
    )
    assert made.weight == first.weight == 4.0
    assert made.waited_s == first.waited_s == (MORNING - HANDED_IN).total_seconds()
    assert (made.audited_at, made.stands_on, made.imported) == (LATER, None, False)


async def test_a_step_never_comes_before_what_it_follows(scene: Scene) -> None:
    one = await placed(scene, [ERROR])
    early = {"at": MORNING - timedelta(days=1), "auditor_id": scene.person(scene.abe)}
    await advance(scene, one.chain_id, **early)
    await advance(scene, one.chain_id, **early, verdict=Verdict.REJECTED, errors=2)
    instants = [row.audited_at for row in await scene.rows(Audit)]
    assert instants == sorted(set(instants))
    assert await scoring(scene) == [("rework", "rejected", 2)]


async def test_a_draw_advances_nothing_and_a_chain_has_to_be_there(scene: Scene) -> None:
    one = await placed(scene, [ERROR])
    with pytest.raises(ValueError, match="a chain of its own"):
        await advance(scene, one.chain_id, step=Step.DRAW)
    with pytest.raises(RuntimeError, match="no chain"):
        await advance(scene, one.chain_id + 1)


async def test_while_all_errors_are_disputed_the_work_scores_as_accepted(scene: Scene) -> None:
    one = await placed(scene, [ERROR, WARNING])
    (error, _) = await scene.rows(Finding)
    await put(scene, error.id, FindingState.DISPUTED)
    assert await settle(scene, one.audit_id, Step.PROVISIONAL, scene.abe) is Verdict.ACCEPTED
    assert await scoring(scene) == [("provisional", "accepted", 0)]
    # Taken back, it scores as it did.
    await put(scene, error.id, FindingState.ACKNOWLEDGED)
    assert await settle(scene, one.audit_id, Step.PROVISIONAL, scene.abe) is Verdict.REJECTED
    assert await scoring(scene) == [("provisional", "rejected", 1)]
    rows = await scene.rows(Audit)
    assert {row.audited_at - MORNING for row in rows} == {
        timedelta(microseconds=n) for n in range(3)
    }


async def test_what_changes_no_verdict_makes_no_provisional_step(scene: Scene) -> None:
    one = await placed(scene, [ERROR, ERROR])
    (error, _) = await scene.rows(Finding)
    await put(scene, error.id, FindingState.DISPUTED)
    await settle(scene, one.audit_id, Step.PROVISIONAL, scene.abe)
    assert await scoring(scene) == [("draw", "rejected", 1)]


async def test_a_ruling_scores_by_the_findings_of_the_audit_it_is_about(scene: Scene) -> None:
    one = await placed(scene, [replace(ERROR, category_id=scene.categories["Wrong class"]), ERROR])
    (_, error) = await scene.rows(Finding)
    await put(scene, error.id, FindingState.OVERTURNED)
    await settle(scene, one.audit_id, Step.RULING, scene.mia)
    assert await scoring(scene) == [("ruling", "rejected", 1)]
    async with scene.house.database.read() as connection:
        workspace_id = scene.house.workspace_id
        scope = await reports.scope(connection, workspace_id, scene.squad_id, scene.project_id)
        assert scope is not None
        period = (MORNING, MORNING + timedelta(seconds=1))
        counted = await reports.tally(connection, scope, *period)
        (category,) = await reports.tally_categories(connection, scope, *period)
        mine = await findings.feedback(connection, workspace_id, one.audit_id)
    assert [(each.count, each.errors) for each in counted.audits] == [(1, 1)]
    assert (category.category, category.count, category.errors) == ("Wrong class", 1, 1)
    assert mine is not None
    assert mine.is_current
    assert len(mine.findings) == 2


async def test_rework_judged_before_the_ruling_keeps_the_last_word(scene: Scene) -> None:
    one = await placed(scene, [ERROR])
    await advance(scene, one.chain_id, verdict=Verdict.REJECTED, errors=1)
    (error,) = await scene.rows(Finding)
    await put(scene, error.id, FindingState.OVERTURNED)
    assert await settle(scene, one.audit_id, Step.RULING, scene.mia) is Verdict.ACCEPTED
    assert await scoring(scene) == [("rework", "rejected", 1)]
    order = sorted(await scene.rows(Audit), key=lambda row: row.audited_at)
    assert [row.step for row in order] == ["draw", "ruling", "rework"]


async def test_one_more_audit_corrects_what_is_disputed_and_never_a_ruling(scene: Scene) -> None:
    one = await placed(scene, [ERROR])
    (error,) = await scene.rows(Finding)
    await put(scene, error.id, FindingState.DISPUTED)
    await settle(scene, one.audit_id, Step.PROVISIONAL, scene.abe)
    audited = (await scene.rows(Audit))[0]
    again = NewAudit(
        submission_id=audited.submission_id,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        auditor_id=scene.person(scene.abe),
        verdict=Verdict.REJECTED,
        audited_at=MORNING + timedelta(hours=1),
        origin=Origin.CHOSEN,
        findings=(ERROR,),
    )
    async with scene.house.database.write() as tx:
        (fix,) = await audits.add_audits(tx, scene.house.workspace_id, [again])
    assert fix.corrects == one.audit_id
    assert [row.state for row in await scene.rows(Finding)] == ["withdrawn", "open"]
    assert await scoring(scene) == [("correction", "rejected", 1)]
    await settle(scene, fix.audit_id, Step.RULING, scene.mia)
    for user in (scene.abe, scene.mia):
        more = replace(
            again, auditor_id=scene.person(user), audited_at=MORNING + timedelta(hours=2)
        )
        async with scene.house.database.write() as tx:
            (other,) = await audits.add_audits(tx, scene.house.workspace_id, [more])
        assert other.chain_id != one.chain_id
