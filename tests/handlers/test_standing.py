"""Where people stand: managers see it by name in a window, everybody of themselves alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.services.reports import SEEN
from models import Audit as AuditRow
from models import AuditChain, Base, Dispute, Finding, LedgerEntry, Rework, Squad
from tests.fakes.slack.blocks import interactive
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

YESTERDAY = MORNING - timedelta(days=1)


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def change(scene: Scene, table: type[Base], **values: Any) -> None:
    async with scene.house.database.write() as tx:
        await tx.execute(update(table).values(**values))


async def audited(
    scene: Scene, user: Any, count: int, rejected: int, *, origin: str = "random", **given: Any
) -> list[int]:
    """Put in audits of somebody's work, the first of them rejected; return their keys."""
    keys = []
    for n in range(count):
        wrong = n < rejected
        made = await scene.submission(f"T-{user.id}-{origin}-{n}", user)
        chain = await scene.insert(
            AuditChain, submission_id=made, origin=origin, weight=1.0, opened_at=YESTERDAY
        )
        fields = {
            "project_id": scene.project_id,
            "squad_id": scene.squad_id,
            "submission_id": made,
            "chain_id": chain,
            "contributor_id": scene.person(user),
            "auditor_id": scene.person(scene.abe),
            "step": "draw",
            "origin": origin,
            "verdict": "rejected" if wrong else "accepted",
            "errors": int(wrong),
            "weight": 1.0,
            "scoring": True,
            "imported": False,
            "audited_at": YESTERDAY,
        }
        audit = await scene.insert(AuditRow, **fields | given)
        keys.append(audit)
        if wrong:
            await scene.insert(
                Finding,
                audit_id=audit,
                category_id=scene.categories["Wrong class"],
                severity="error",
                state="acknowledged",
            )
    return keys


async def mine(scene: Scene, user: Any) -> str:
    await scene.house.command(user, "/audit", "mine", scene.team)
    return str(scene.house.slack.ephemerals(scene.team, user)[-1].shown)


async def people(scene: Scene, user: Any, text: str = "people") -> str:
    await scene.house.command(user, "/squad", text, scene.team)
    views = scene.house.slack.views(user)
    shown = views[-1] if views else scene.house.slack.ephemerals(scene.team, user)[-1]
    return str(shown.shown)


async def looked(scene: Scene) -> list[tuple[int, int]]:
    return [
        (row.actor_id, row.person_id) for row in await scene.rows(LedgerEntry) if row.action == SEEN
    ]


# A contributor


async def test_one_reads_ones_own_figures_with_n_and_interval(scene: Scene) -> None:
    await change(scene, Squad, quality_target=0.95)
    await audited(scene, scene.ana, 12, 1)
    await audited(scene, scene.ana, 3, 3, origin="risk")
    await audited(scene, scene.bo, 40, 40)
    shown = await mine(scene, scene.ana)
    assert "12 random audits, 11 accepted: *91.7%* (95% interval 64.6% to 98.5%)" in shown
    assert "above or below the target of 95% cannot be told yet" in shown
    assert "3 more audits were not drawn at random" in shown
    assert "Wrong class" in shown
    assert "guideline 4.2 Classes" in shown
    assert "the figures of Kestrel are yours" not in shown
    assert "You and the managers of your squad" in shown
    assert scene.bo.id not in shown
    assert await looked(scene) == [], "a look at oneself is nobody's business"


async def test_whoever_is_alone_learns_that_the_squads_figures_are_theirs(scene: Scene) -> None:
    await change(scene, Squad, quality_target=0.95)
    await audited(scene, scene.ana, 40, 20)
    await audited(scene, scene.bo, 9, 9, origin="chosen")
    shown = await mine(scene, scene.ana)
    assert "the figures of Kestrel are yours as well" in shown
    assert "*below* the target of 95%" in shown


async def test_what_is_open_is_counted_and_the_score_is_called_provisional(scene: Scene) -> None:
    first, second, third = await audited(scene, scene.ana, 3, 3)
    findings = [row.id for row in await scene.rows(Finding)]
    given = {"opened_by": scene.person(scene.ana), "reason": "No", "opened_at": YESTERDAY}
    await scene.insert(Dispute, finding_id=findings[0], state="open", **given)
    await scene.insert(
        Dispute,
        finding_id=findings[1],
        state="decided",
        ruling="overturned",
        decided_at=YESTERDAY,
        decided_by=scene.person(scene.mia),
        **given,
    )
    chains = {row.id: row.chain_id for row in await scene.rows(AuditRow)}
    works = {row.id: row.submission_id for row in await scene.rows(AuditRow)}
    await scene.insert(
        Rework,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        contributor_id=scene.person(scene.ana),
        submission_id=works[third],
        chain_id=chains[third],
        audit_id=third,
        round=1,
        state="open",
        due_at=MORNING + timedelta(hours=6),
        opened_at=YESTERDAY,
        stopped_s=0,
    )
    assert {first, second} < set(chains)
    shown = await mine(scene, scene.ana)
    assert "You dispute one finding" in shown
    assert "provisional" in shown
    assert "decided in these weeks: one overturned." in shown
    assert "One task waits for your fix, the first by Tue 10 Mar 2026 15:00" in shown


async def test_switched_off_there_are_no_figures_but_what_is_open_stays(scene: Scene) -> None:
    await audited(scene, scene.ana, 12, 1)
    await change(scene, Finding, state="open")
    await change(scene, Squad, individual_figures="off")
    shown = await mine(scene, scene.ana)
    assert "Kestrel keeps no figures of single people" in shown
    assert "91.7%" not in shown
    assert "Findings of one audit wait to be read" in shown


async def test_without_audits_nothing_is_guessed(scene: Scene) -> None:
    shown = await mine(scene, scene.ana)
    assert "No random audits of your work yet" in shown


async def test_whoever_contributes_nowhere_has_none(scene: Scene) -> None:
    assert "there are no figures of yours" in await mine(scene, scene.mia)


async def test_home_leads_to_it(scene: Scene) -> None:
    house = scene.house
    await audited(scene, scene.ana, 12, 1)
    await house.open_home(scene.ana)
    await house.drain()
    await house.click(house.slack.home(scene.ana), "command.run.mine", scene.ana)
    assert "12 random audits, 11 accepted" in house.slack.dm(scene.ana)[-1].shown


# A manager


async def test_a_manager_sees_everybody_in_order_of_names_and_is_noted(scene: Scene) -> None:
    await change(scene, Squad, quality_target=0.9)
    await audited(scene, scene.bo, 60, 0)
    await audited(scene, scene.ana, 60, 40)
    shown = await people(scene, scene.mia)
    assert "2 people compared at once" in shown
    assert "*below target*, 33.3% accepted" in shown
    assert "*above target*, 100% accepted" in shown
    assert shown.index(scene.ana.id) < shown.index(scene.bo.id)
    seen = (scene.person(scene.mia), scene.person(scene.ana))
    assert seen in await looked(scene)
    assert len(await looked(scene)) == 2


async def test_few_audits_cannot_tell(scene: Scene) -> None:
    await change(scene, Squad, quality_target=0.9)
    await audited(scene, scene.ana, 6, 2)
    shown = await people(scene, scene.mia)
    assert "cannot tell, 66.7% accepted" in shown
    assert "n = 6" in shown


async def test_the_button_on_home_opens_it(scene: Scene) -> None:
    house = scene.house
    await audited(scene, scene.ana, 12, 1)
    await house.open_home(scene.mia)
    await house.drain()
    await house.click(house.slack.home(scene.mia), "standing.people", scene.mia)
    shown = house.slack.views(scene.mia)[-1].shown
    assert scene.ana.id in shown
    assert "91.7% accepted" in shown
    assert "without a target" in shown


@pytest.mark.parametrize("who", ["abe", "ana", "oz"])
async def test_others_are_told_who_may(scene: Scene, who: str) -> None:
    await audited(scene, scene.ana, 12, 1)
    shown = await people(scene, getattr(scene, who), "people Kestrel")
    assert "the managers of their squad" in shown
    assert "91.7%" not in shown
    assert await looked(scene) == []


@pytest.mark.parametrize("setting", ["self", "off"])
async def test_the_squads_setting_keeps_managers_out(scene: Scene, setting: str) -> None:
    house = scene.house
    await audited(scene, scene.ana, 12, 1)
    await change(scene, Squad, individual_figures=setting)
    assert "to no manager" in await people(scene, scene.mia)
    await house.open_home(scene.mia)
    await house.drain()
    names = {one["action_id"] for _, one in interactive(house.slack.home(scene.mia).blocks)}
    assert "standing.people" not in names
    assert await looked(scene) == []


async def test_a_large_squad_fits_into_the_window(scene: Scene) -> None:
    house = scene.house
    for n in range(70):
        user = house.slack.add_user(f"P{n:02}", tz="Europe/London")
        (key,) = await house.meet(user)
        scene.people[user.id] = key
        await audited(scene, user, 1, 0)
    shown = await people(scene, scene.mia)
    assert all(user_id in shown for user_id in list(scene.people)[5:])
    assert len(await looked(scene)) == 70
