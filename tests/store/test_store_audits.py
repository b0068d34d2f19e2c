"""Audits going in by any door: chains open and advance, the last scores, nothing goes in twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.audits import NewAudit, NewFinding, Origin, Placed, Severity, Verdict
from bot.rules.disputes import NewDispute
from bot.store import audits, disputes, findings
from models import Audit, AuditChain, Dispute, Finding
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

ERROR = NewFinding(severity=Severity.ERROR, section="4.2", note="a truck")
WARNING = NewFinding(severity=Severity.WARNING, note="slow")


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


async def audit_of(scene: Scene, task: str = "T-1", **given: object) -> NewAudit:
    submission_id = await scene.submission(task, scene.ana)
    base = NewAudit(
        submission_id=submission_id,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        auditor_id=scene.person(scene.abe),
        verdict=Verdict.REJECTED,
        audited_at=MORNING,
        origin=Origin.RANDOM,
        weight=4.0,
        findings=(ERROR, WARNING),
    )
    return replace(base, **given)  # type: ignore[arg-type]


async def add(scene: Scene, *given: NewAudit) -> list[Placed]:
    async with scene.house.database.write() as tx:
        return await audits.add_audits(tx, scene.house.workspace_id, given)


async def scoring(scene: Scene) -> list[int]:
    return [row.id for row in await scene.rows(Audit) if row.scoring]


async def states(scene: Scene) -> list[str]:
    return [row.state for row in await scene.rows(Finding)]


async def test_a_first_audit_opens_a_chain_and_counts_its_errors(scene: Scene) -> None:
    (placed,) = await add(scene, await audit_of(scene))
    (audit,) = await scene.rows(Audit)
    (chain,) = await scene.rows(AuditChain)
    assert (audit.id, audit.chain_id, audit.step) == (placed.audit_id, chain.id, "draw")
    assert (audit.errors, audit.scoring, audit.origin) == (1, True, "random")
    assert (chain.origin, chain.weight) == ("random", 4.0)
    assert await states(scene) == ["open", "open"]


async def test_one_more_by_the_same_auditor_corrects_it_and_ends_its_findings(
    scene: Scene,
) -> None:
    first = await audit_of(scene)
    (placed,) = await add(scene, first)
    async with scene.house.database.write() as tx:
        found = await findings.feedback(tx, scene.house.workspace_id, placed.audit_id)
        assert found is not None
        await disputes.add(
            tx,
            scene.house.workspace_id,
            [found.findings[0].finding_id],
            NewDispute(opened_by=first.contributor_id, reason="no"),
            MORNING,
        )
    later = replace(
        first,
        verdict=Verdict.ACCEPTED,
        audited_at=MORNING + timedelta(hours=1),
        origin=Origin.CHOSEN,
        findings=(),
    )
    (again,) = await add(scene, later)
    assert (again.chain_id, again.corrects) == (placed.chain_id, placed.audit_id)
    assert await scoring(scene) == [again.audit_id]
    corrected = (await scene.rows(Audit))[1]
    assert (corrected.origin, corrected.step) == ("random", "correction")
    assert await states(scene) == ["withdrawn", "withdrawn"]
    assert [row.state for row in await scene.rows(Dispute)] == ["superseded"]


async def test_another_auditor_opens_a_chain_and_overwrites_nothing(scene: Scene) -> None:
    first = await audit_of(scene)
    other = replace(
        first,
        auditor_id=scene.person(scene.mia),
        origin=Origin.CHOSEN,
        audited_at=MORNING + timedelta(hours=1),
    )
    one, two = await add(scene, first, other)
    assert one.chain_id != two.chain_id
    assert two.corrects is None
    assert await scoring(scene) == [one.audit_id, two.audit_id]
    assert [row.origin for row in await scene.rows(Audit)] == ["random", "chosen"]
    assert set(await states(scene)) == {"open"}


async def test_the_same_audit_again_is_left_as_it_is(scene: Scene) -> None:
    first = await audit_of(scene)
    one, twice = await add(scene, first, first)
    (later,) = await add(scene, replace(first, findings=()))
    assert [one.is_new, twice.is_new, later.is_new] == [True, False, False]
    assert one.audit_id == twice.audit_id == later.audit_id
    assert one.chain_id == twice.chain_id == later.chain_id
    assert len(await scene.rows(Finding)) == 2


async def test_an_older_audit_that_comes_later_does_not_take_the_score(scene: Scene) -> None:
    first = await audit_of(scene)
    (newer,) = await add(scene, first)
    (older,) = await add(scene, replace(first, audited_at=MORNING - timedelta(days=3)))
    assert older.corrects is None
    assert older.chain_id == newer.chain_id
    assert await scoring(scene) == [newer.audit_id]
    by_audit = {row.audit_id: row.state for row in await scene.rows(Finding)}
    assert by_audit == {newer.audit_id: "open", older.audit_id: "withdrawn"}


async def test_a_batch_may_hold_an_audit_and_its_correction(scene: Scene) -> None:
    first = await audit_of(scene)
    others = [await audit_of(scene, f"T-{n}") for n in range(2, 5)]
    fix = replace(first, audited_at=MORNING + timedelta(hours=1), findings=(WARNING,))
    placed = await add(scene, first, *others, fix)
    assert placed[-1].corrects == placed[0].audit_id
    assert placed[-1].chain_id == placed[0].chain_id
    assert len({one.chain_id for one in placed}) == 4
    assert await scoring(scene) == [one.audit_id for one in placed[1:]]
    tasks = {row.id: row.submission_id for row in await scene.rows(Audit)}
    given = [first, *others, fix]
    assert [tasks[one.audit_id] for one in placed] == [one.submission_id for one in given]


async def test_a_disputed_finding_is_out_of_the_count(scene: Scene) -> None:
    (placed,) = await add(scene, await audit_of(scene, findings=(ERROR, ERROR, WARNING)))
    async with scene.house.database.write() as tx:
        workspace_id = scene.house.workspace_id
        found = await findings.feedback(tx, workspace_id, placed.audit_id)
        assert found is not None
        one = [found.findings[0].finding_id]
        await disputes.add(tx, workspace_id, one, NewDispute(opened_by=1, reason="no"), MORNING)
        await audits.recount(tx, workspace_id, [placed.audit_id])
    assert [row.errors for row in await scene.rows(Audit)] == [1]
