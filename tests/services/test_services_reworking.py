"""The course of reworks on both databases: disputes, files, judgements, and what is counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.rules.audits import NewAudit, NewFinding, Origin, Severity, Step, Verdict
from bot.rules.people import IndividualFigures
from bot.rules.reports import Scope
from bot.services import reworking
from bot.services.unit import Unit
from bot.store import audits, chain_steps, draws, people, reworks, submissions
from bot.store.rework_figures import rework_figures
from models import Audit, Dispute, Draw, Finding, OutboxRow, Rework
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

ERROR = NewFinding(severity=Severity.ERROR, section="4.2", note="a truck")


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


@asynccontextmanager
async def at_work(scene: Scene, user: Any = None) -> AsyncIterator[Unit]:
    """A unit of somebody, Abe if not said, that stores what must follow."""
    async with scene.house.database.write() as tx:
        actor = await people.actor(tx, scene.house.caller(user or scene.abe))
        assert actor is not None
        unit = Unit(tx, actor, scene.house.hands.time)
        yield unit
        await unit.close()


async def rejected(scene: Scene, task: str = "T-1", **given: Any) -> int:
    """Abe rejects a task of Ana; returns the audit."""
    submission_id = await scene.submission(task, scene.ana, source="s", source_id=task)
    base = NewAudit(
        submission_id=submission_id,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        auditor_id=scene.person(scene.abe),
        verdict=Verdict.REJECTED,
        audited_at=scene.house.hands.time,
        origin=Origin.RANDOM,
        weight=2.0,
        findings=(ERROR,),
    )
    async with at_work(scene) as unit:
        audit = replace(base, **given)
        (placed,) = await audits.add_audits(unit.tx, unit.workspace_id, [audit])
        if audit.verdict is Verdict.REJECTED:
            work = await submissions.get(unit.tx, unit.workspace_id, submission_id)
            assert work is not None
            await reworking.open_for(unit, work, placed.audit_id, placed.chain_id)
    return placed.audit_id


async def fix(scene: Scene) -> None:
    async with at_work(scene, scene.ana) as unit:
        (row,) = [each for each in await scene.rows(Rework) if each.state == "open"]
        found = await reworks.lock(unit.tx, unit.workspace_id, row.id)
        assert found is not None
        await reworking.fixed(unit, found, None)


async def judge(scene: Scene, verdict: Verdict, user: Any = None) -> int:
    (row,) = [each for each in await scene.rows(Rework) if each.state == "fixed"]
    async with at_work(scene, user) as unit:
        audit_id = await chain_steps.advance(
            unit.tx,
            unit.workspace_id,
            row.chain_id,
            Step.REWORK,
            auditor_id=unit.actor.person_id,
            verdict=verdict,
            errors=int(verdict is Verdict.REJECTED),
            at=unit.now,
        )
        await reworking.judged(unit, row.id, audit_id, verdict)
    return audit_id


async def dispute(scene: Scene, audit_id: int, state: str = "open") -> None:
    """Open disputes of an audit's findings, or end them; the rest is as in the service."""
    found = [row.id for row in await scene.rows(Finding) if row.audit_id == audit_id]
    async with at_work(scene, scene.ana) as unit:
        if state == "open":
            for finding_id in found:
                await unit.tx.execute(
                    insert(Dispute).values(
                        workspace_id=unit.workspace_id,
                        finding_id=finding_id,
                        opened_by=unit.actor.person_id,
                        reason="no",
                        state="open",
                        opened_at=unit.now,
                    )
                )
            await reworking.stop(unit, audit_id)
        else:
            await unit.tx.execute(update(Dispute).values(state=state))
            await reworking.go_on(unit, audit_id)


async def states(scene: Scene) -> list[str]:
    return [row.state for row in await scene.rows(Rework)]


async def queued(scene: Scene) -> list[str]:
    return [row.state for row in await scene.rows(Draw)]


# Disputes


async def test_a_dispute_stops_the_clock_until_it_is_decided(scene: Scene) -> None:
    audit_id = await rejected(scene)
    (before,) = await scene.rows(Rework)
    scene.house.move(hours=1)
    await dispute(scene, audit_id)
    scene.house.move(hours=2)
    await dispute(scene, audit_id, "superseded")
    (row,) = await scene.rows(Rework)
    assert (row.stopped_at, row.stopped_s) == (None, 2 * 3600)
    assert row.due_at > before.due_at
    scene.house.move(hours=1)
    await fix(scene)
    assert [row.took_s for row in await scene.rows(Rework)] == [2 * 3600]


async def test_it_goes_on_only_when_the_last_dispute_is_decided(scene: Scene) -> None:
    audit_id = await rejected(scene)
    await dispute(scene, audit_id)
    async with at_work(scene) as unit:
        await reworking.go_on(unit, audit_id)
    (row,) = await scene.rows(Rework)
    assert row.stopped_at is not None


async def test_a_fix_made_before_the_decision_is_looked_at_after_it(scene: Scene) -> None:
    audit_id = await rejected(scene)
    await dispute(scene, audit_id)
    await fix(scene)
    assert (await states(scene), await queued(scene)) == (["fixed"], [])
    await dispute(scene, audit_id, "superseded")
    assert (await states(scene), await queued(scene)) == (["fixed"], ["open"])


async def test_a_fix_whose_finding_was_overturned_is_looked_at_by_nobody(scene: Scene) -> None:
    audit_id = await rejected(scene)
    await fix(scene)
    assert await queued(scene) == ["open"]
    await dispute(scene, audit_id)
    assert await queued(scene) == ["withdrawn"]
    async with at_work(scene) as unit:
        await reworking.cancel(unit, audit_id)
    assert (await states(scene), await queued(scene)) == (["cancelled"], ["withdrawn"])


async def test_what_was_withdrawn_for_a_dispute_comes_back_as_one_draw(scene: Scene) -> None:
    audit_id = await rejected(scene)
    await fix(scene)
    await dispute(scene, audit_id)
    await dispute(scene, audit_id, "superseded")
    assert await queued(scene) == ["open"]


async def test_a_dispute_of_what_is_settled_stops_nothing(scene: Scene) -> None:
    audit_id = await rejected(scene)
    await fix(scene)
    await judge(scene, Verdict.ACCEPTED)
    await dispute(scene, audit_id)
    (row,) = await scene.rows(Rework)
    assert (row.state, row.stopped_at) == ("accepted", None)


# Judged


async def test_an_accepted_fix_ends_it_and_scores(scene: Scene) -> None:
    await rejected(scene)
    await fix(scene)
    fix_audit = await judge(scene, Verdict.ACCEPTED)
    (row,) = await scene.rows(Rework)
    assert (row.state, row.result_id) == ("accepted", fix_audit)
    scoring = [each for each in await scene.rows(Audit) if each.scoring]
    assert [(each.id, each.verdict, each.step) for each in scoring] == [
        (fix_audit, "accepted", "rework")
    ]


async def test_a_rejected_fix_goes_back_for_another_round(scene: Scene) -> None:
    await rejected(scene)
    await fix(scene)
    second = await judge(scene, Verdict.REJECTED)
    rows = await scene.rows(Rework)
    assert [(each.state, each.round) for each in rows] == [("returned", 1), ("open", 2)]
    assert rows[1].audit_id == second
    await fix(scene)
    await judge(scene, Verdict.ACCEPTED, scene.mia)
    assert await states(scene) == ["returned", "accepted"]


async def test_a_fix_is_judged_once(scene: Scene) -> None:
    await rejected(scene)
    await fix(scene)
    (row,) = await scene.rows(Rework)
    audit_id = await judge(scene, Verdict.ACCEPTED)
    async with at_work(scene) as unit:
        await reworking.judged(unit, row.id, audit_id, Verdict.REJECTED)
    assert await states(scene) == ["accepted"]


async def test_other_chains_that_rejected_it_learn_of_the_fix(scene: Scene) -> None:
    await rejected(scene)
    (submission,) = [row.submission_id for row in await scene.rows(Audit)]
    audit = NewAudit(
        submission_id=submission,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        auditor_id=scene.person(scene.mia),
        verdict=Verdict.REJECTED,
        audited_at=scene.house.hands.time,
        origin=Origin.DOUBLE,
        findings=(ERROR,),
    )
    async with at_work(scene, scene.mia) as unit:
        await audits.add_audits(unit.tx, unit.workspace_id, [audit])
    await fix(scene)
    audit_id = await judge(scene, Verdict.ACCEPTED)
    scoring = [each for each in await scene.rows(Audit) if each.scoring]
    assert [each.verdict for each in scoring] == ["accepted", "accepted"]
    async with at_work(scene) as unit:
        await reworking.undo(unit, audit_id)
    assert await states(scene) == ["fixed"]
    others = [row for row in await scene.rows(Audit) if row.scoring and row.origin == "double"]
    assert [row.verdict for row in others] == ["rejected"]


async def test_the_fix_is_kept_for_who_sent_it_back_and_then_anybodys(scene: Scene) -> None:
    await rejected(scene)
    await fix(scene)

    async def taken(user: Any) -> list[int]:
        async with at_work(scene, user) as unit:
            found = await draws.take(
                unit.tx,
                unit.workspace_id,
                unit.actor.person_id,
                scene.squad_id,
                scene.project_id,
                1,
                unit.now,
            )
            await draws.release(unit.tx, unit.workspace_id, draw_ids=found)
            return found

    assert await taken(scene.mia) == []
    scene.house.move(minutes=61)
    assert len(await taken(scene.mia)) == 1
    assert len(await taken(scene.abe)) == 1
    assert await taken(scene.ana) == []


# Files


async def handed_in(scene: Scene, **given: Any) -> None:
    async with scene.house.database.write() as tx:
        (row,) = await scene.rows(Rework)
        changed = {row.submission_id: given.get("at", scene.house.hands.time)}
        await reworking.fixed_by_import(
            tx, scene.house.workspace_id, changed, scene.house.hands.time
        )


async def test_work_handed_in_anew_is_a_fix_and_messages_nobody(scene: Scene) -> None:
    await rejected(scene)
    rows = len(await scene.rows(OutboxRow))
    scene.house.move(hours=4)
    await handed_in(scene, at=MORNING + timedelta(hours=2))
    (row,) = await scene.rows(Rework)
    assert (row.state, row.took_s, row.fixed_at) == (
        "fixed",
        2 * 3600,
        MORNING + timedelta(hours=2),
    )
    assert await queued(scene) == ["open"]
    new = (await scene.rows(OutboxRow))[rows:]
    assert {each.kind for each in new} <= {"home.tab"}
    await handed_in(scene)
    assert await queued(scene) == ["open"]


# Figures


async def test_figures_count_what_came_back_and_how_it_was_mended(scene: Scene) -> None:
    scope = Scope(
        workspace_id=scene.house.workspace_id,
        squad_id=scene.squad_id,
        squad="Kestrel",
        zone="Europe/London",
        individual_figures=IndividualFigures.SELF_AND_MANAGERS,
        target=None,
        project_id=scene.project_id,
        project="Boxes",
    )
    for n in range(3):
        await rejected(scene, f"A-{n}", verdict=Verdict.ACCEPTED, findings=())
    for n, verdict in enumerate((Verdict.ACCEPTED, Verdict.REJECTED)):
        await rejected(scene, f"R-{n}")
        scene.house.move(hours=1)
        await fix(scene)
        await judge(scene, verdict)
    await rejected(scene, "X-1", origin=Origin.RISK, weight=None)
    async with scene.house.database.read() as connection:
        found = await rework_figures(
            connection, scope, MORNING - timedelta(days=1), MORNING + timedelta(days=1)
        )
        later = await rework_figures(
            connection, scope, MORNING + timedelta(days=1), MORNING + timedelta(days=2)
        )
    assert (found.opened, found.fixed) == (3, 2)
    assert (found.second_try.rate, found.second_try.n) == (0.5, 2)
    assert (found.to_fix.median, found.to_fix.n) == (3600.0, 2)
    assert (found.first_pass.rate, found.first_pass.n) == (3 / 5, 5)
    assert (later.opened, later.first_pass.rate, later.to_fix.median) == (0, None, None)
