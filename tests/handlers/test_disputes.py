"""Disputes from both sides: appealed, decided in time or late, withdrawn, looked at again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import NotAllowed
from bot.rules.disputes import Ruling
from bot.rules.reports import Scope
from bot.rules.rulings import RulingForm
from bot.store import dispute_figures, reports
from bot.views import findings
from models import (
    Admin,
    Audit,
    Dispute,
    Finding,
    FindingReview,
    LedgerEntry,
    Member,
    MemberRole,
    Rework,
)
from tests.handlers.auditing import REJECT, audited, finding, with_feedback
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


def last(scene: Scene, user: Any) -> Any:
    return scene.house.slack.dm(user)[-1]


def found_in(scene: Scene, user: Any, text: str) -> Any:
    """The newest direct message with these words."""
    return next(each for each in reversed(scene.house.slack.dm(user)) if text in each.shown)


async def appeal(scene: Scene, message: Any, reason: str = "It has wheels", **values: Any) -> Any:
    await scene.house.click(message, "audits.dispute", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    blamed = [str(row.id) for row in await scene.rows(Finding) if row.severity == "error"]
    filled = {"dispute_findings": blamed, "dispute_reason": reason} | values
    await scene.house.submit(form, scene.ana, filled)
    receipt = scene.house.slack.views(scene.ana)[-1]
    await scene.house.drain()
    return receipt


async def decide(
    scene: Scene, user: Any, ruling: str, reason: str = "4.2 says so", **more: Any
) -> Any:
    """Open the newest line with a button to decide, and decide."""
    line = next(
        each
        for each in reversed(scene.house.slack.dm(user))
        if "audits.open_dispute" in each.actions
    )
    await scene.house.click(line, "audits.open_dispute", user)
    form = scene.house.slack.views(user)[-1]
    values = {"ruling_1_ruling": ruling, "ruling_1_reason": reason, "ruling_1_section": "4.2"}
    done = await scene.house.submit(form, user, values | more)
    await scene.house.drain()
    return done


async def joins(scene: Scene, person_id: int, role: str) -> None:
    member_id = await scene.insert(
        Member,
        squad_id=scene.squad_id,
        person_id=person_id,
        status="active",
        joined_at=MORNING,
    )
    await scene.insert(MemberRole, member_id=member_id, role=role)


async def scoring(scene: Scene) -> list[tuple[str, str, int]]:
    return [(row.step, row.verdict, row.errors) for row in await scene.rows(Audit) if row.scoring]


async def states(scene: Scene) -> list[str]:
    return [row.state for row in await scene.rows(Finding)]


async def test_overturned_it_is_out_of_the_score_and_everybody_concerned_hears(
    scene: Scene,
) -> None:
    message = await with_feedback(scene)
    await appeal(scene, message)
    receipt = found_in(scene, scene.ana, "waits to be decided")
    assert "Fri 13 Mar 2026 17:00" in receipt.shown
    (rework,) = await scene.rows(Rework)
    assert rework.stopped_at is not None
    scene.house.move(hours=2)
    await decide(scene, scene.mia, "overturned", reason="It is a truck by 4.2 & <!here>")
    assert await scoring(scene) == [("ruling", "accepted", 0)]
    assert await states(scene) == ["overturned"]
    told = found_in(scene, scene.ana, "does not count, says")
    assert "It is a truck by 4.2 &amp; &lt;!here&gt;" in str(told.blocks)
    assert "disputes.withdraw" not in receipt.actions
    assert [row.state for row in await scene.rows(Rework)] == ["cancelled"]
    (dispute,) = await scene.rows(Dispute)
    assert (dispute.ruled_s, dispute.before) == (2 * 3600, "error")
    scene.house.move(days=1)
    await scene.house.drain()
    assert "A dispute of your finding on task T-1" in last(scene, scene.abe).shown
    actions = [row.action for row in await scene.rows(LedgerEntry)]
    assert {"finding.disputed", "dispute.read", "dispute.decided"} <= set(actions)


async def test_upheld_it_counts_again_and_its_rework_goes_on(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    await decide(scene, scene.mia, "upheld")
    assert await scoring(scene) == [("ruling", "rejected", 1)]
    (rework,) = await scene.rows(Rework)
    assert (rework.state, rework.stopped_at) == ("open", None)


async def test_a_lower_severity_stands_and_does_not_count(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    await decide(scene, scene.mia, "severity")
    assert await scoring(scene) == [("ruling", "accepted", 0)]
    assert [(row.state, row.severity) for row in await scene.rows(Finding)] == [
        ("upheld", "warning")
    ]


async def test_decided_too_late_it_stays_out_of_the_score_and_has_to_be_mended(
    scene: Scene,
) -> None:
    await appeal(scene, await with_feedback(scene))
    scene.house.move(days=6)
    await scene.house.drain()
    assert "should have been decided" in last(scene, scene.mia).shown
    await decide(scene, scene.mia, "upheld")
    assert await states(scene) == ["late"]
    assert await scoring(scene) == [("ruling", "accepted", 0)]
    assert [row.state for row in await scene.rows(Rework)] == ["open"]
    assert "stays out of the score" in found_in(scene, scene.ana, "stands, says").shown


async def test_nobody_decides_their_own_finding_and_an_admin_is_left(scene: Scene) -> None:
    await scene.insert(Admin, person_id=scene.person(scene.oz), created_at=MORNING)
    await scene.submission("T-1", scene.ana)
    await audited(scene, REJECT | finding(scene), by=scene.mia)
    await scene.house.drain()
    async with scene.house.database.write() as tx:
        await tx.execute(
            update(MemberRole).where(MemberRole.role == "auditor").values(role="contributor")
        )
    receipt = await appeal(scene, last(scene, scene.ana))
    assert "an admin of this workspace" in receipt.shown
    await scene.house.drain()
    line = last(scene, scene.oz)
    assert "Ana" not in line.shown
    assert scene.ana.id not in line.shown
    await decide(scene, scene.oz, "overturned")
    assert await states(scene) == ["overturned"]


async def test_the_auditor_and_the_contributor_of_a_finding_are_refused(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    key = (await scene.rows(Dispute))[0].id
    for user in (scene.abe, scene.ana, scene.bo, scene.oz):
        with pytest.raises(NotAllowed):
            await scene.house.services.disputes.decide(
                scene.house.caller(user), [_upheld(key)], None
            )
    assert await states(scene) == ["disputed"]


async def test_a_decision_needs_a_reason_and_a_section(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    done = await decide(scene, scene.mia, "upheld", reason=" ")
    assert "ruling_1_reason" in done.errors
    assert await states(scene) == ["disputed"]


async def test_the_second_who_decides_gets_a_sentence(scene: Scene) -> None:
    second = scene.house.slack.add_user("Ned", tz="Europe/London")
    (ned,) = await scene.house.meet(second)
    await joins(scene, ned, "manager")
    await appeal(scene, await with_feedback(scene))
    await scene.house.drain()
    line = found_in(scene, scene.mia, "disputes a finding")
    await scene.house.click(line, "audits.open_dispute", scene.mia)
    slow = scene.house.slack.views(scene.mia)[-1]
    key = (await scene.rows(Dispute))[0].id
    await scene.house.services.disputes.decide(scene.house.caller(second), [_upheld(key)], None)
    values = {
        "ruling_1_ruling": "overturned",
        "ruling_1_reason": "no",
        "ruling_1_section": "4.2",
    }
    await scene.house.submit(slow, scene.mia, values)
    assert "Ned has decided this already" in scene.house.slack.views(scene.mia)[-1].shown
    assert await states(scene) == ["upheld"]


def _upheld(key: int) -> Any:
    return RulingForm(
        position=1, dispute_id=key, ruling=Ruling.UPHELD, reason="stands", section="4.2"
    )


async def test_withdrawn_everything_is_as_before(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    receipt = found_in(scene, scene.ana, "waits to be decided")
    request = scene.house.slack.click(receipt, "disputes.withdraw", scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert await states(scene) == ["acknowledged"]
    assert [row.state for row in await scene.rows(Dispute)] == ["withdrawn"]
    assert await scoring(scene) == [("provisional", "rejected", 1)]
    assert (await scene.rows(Rework))[0].stopped_at is None


async def test_after_seven_working_days_it_is_too_late(scene: Scene) -> None:
    message = await with_feedback(scene)
    scene.house.move(days=9, hours=7)
    await scene.house.click(message, "audits.dispute", scene.ana)
    assert scene.house.slack.views(scene.ana)[-1].shown.startswith("Dispute a finding")
    scene.house.move(hours=2)
    await scene.house.click(message, "audits.dispute", scene.ana)
    said = scene.house.slack.ephemerals(message.channel, scene.ana)[-1].shown
    assert "until 2026-03-19" in said
    assert await scene.rows(Dispute) == []


async def test_one_second_opinion_is_decided_by_somebody_else(scene: Scene) -> None:
    eve = scene.house.slack.add_user("Eve", tz="Europe/London")
    (person_id,) = await scene.house.meet(eve)
    await joins(scene, person_id, "auditor")
    await appeal(scene, await with_feedback(scene))
    await decide(scene, scene.mia, "upheld")
    told = found_in(scene, scene.ana, "stands, says")
    await scene.house.click(told, "disputes.again", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    blamed = [str(row.id) for row in await scene.rows(Finding)]
    values = {"dispute_findings": blamed, "dispute_reason": "The photo shows it"}
    await scene.house.submit(form, scene.ana, values)
    await scene.house.drain()
    assert await scoring(scene) == [("provisional", "accepted", 0)]
    first, second = await scene.rows(Dispute)
    assert second.second_of == first.id
    scene.house.move(days=1)
    await scene.house.drain()
    await decide(scene, eve, "overturned")
    assert await states(scene) == ["overturned"]
    # And no third.
    await scene.house.click(told, "disputes.again", scene.ana)
    said = scene.house.slack.ephemerals(told.channel, scene.ana)[-1].shown
    assert "one second opinion" in said


async def test_a_corrected_audit_ends_its_dispute(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    scene.house.move(minutes=5)
    await audited(scene, {"verdict": "accepted"})
    assert [row.state for row in await scene.rows(Dispute)] == ["superseded"]
    assert [row[:2] for row in await scoring(scene)] == [("correction", "accepted")]
    receipt = found_in(scene, scene.ana, "waits to be decided")
    asked = found_in(scene, scene.mia, "T-1")
    assert "disputes.withdraw" in receipt.actions
    await scene.house.drain()
    assert receipt.actions == []
    assert "audits.open_dispute" not in asked.actions
    # What is withdrawn cannot be disputed, also not by an old button.
    (withdrawn,) = [row.audit_id for row in await scene.rows(Finding)]
    old = scene.house.slack.click(
        receipt,
        "audits.dispute",
        scene.ana,
        old_value=findings.About(audit_id=withdrawn).encode(),
    )
    await old.deliver(scene.house.app)
    said = scene.house.slack.ephemerals(receipt.channel, scene.ana)[-1].shown
    assert "nothing" in said.lower() or "cannot" in said.lower()
    assert len(await scene.rows(Dispute)) == 1


async def settle(scene: Scene, listed: Any, action: str) -> None:
    request = scene.house.slack.click(listed, action, scene.mia, block_id="review_0")
    await request.deliver(scene.house.app)


async def test_what_cites_the_same_rule_is_looked_at_again(scene: Scene) -> None:
    for n, user in ((2, scene.bo), (3, scene.bo), (4, scene.bo)):
        await scene.submission(f"T-{n}", user)
        category = "Loose box" if n == 4 else "Wrong class"
        await audited(
            scene, REJECT | finding(scene, category=category, section="4.2"), text=f"T-{n}"
        )
    message = await with_feedback(scene, section="4.2")
    (key,) = [row.id for row in (await scene.rows(Finding))[-1:]]
    await appeal(scene, message, dispute_findings=[str(key)])
    await decide(scene, scene.mia, "overturned")
    assert [row.finding_id for row in await scene.rows(FindingReview)] == [1, 2]
    scene.house.move(days=1)
    await scene.house.drain()
    line = found_in(scene, scene.mia, "more findings cite it")
    await scene.house.click(line, "disputes.reviews", scene.mia)
    listed = scene.house.slack.ephemerals(line.channel, scene.mia)[-1]
    await settle(scene, listed, "disputes.take_back")
    await scene.house.drain()
    assert [row.state for row in await scene.rows(FindingReview)] == ["withdrawn", "open"]
    assert (await states(scene))[0] == "withdrawn"
    assert len(await scene.planned("disputes.taken_back")) == 1
    for hours in (8, 24, 24):  # his day's messages are used up: it is a line of a later Today
        scene.house.move(hours=hours)
        await scene.house.drain()
    assert "was taken back and does not count" in "".join(
        each.shown for each in scene.house.slack.dm(scene.bo)
    )
    listed = scene.house.slack.ephemerals(line.channel, scene.mia)[-1]
    await settle(scene, listed, "disputes.keep")
    assert [row.state for row in await scene.rows(FindingReview)] == ["withdrawn", "kept"]


async def test_home_lists_what_waits_for_whom(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    for user, words in ((scene.ana, "My disputes"), (scene.mia, "Disputes to decide")):
        await scene.house.open_home(user)
        await scene.house.drain()
        tab = scene.house.slack.home(user)
        assert words in tab.shown
        assert "by Fri 13 Mar 2026 17:00" in tab.shown
    await scene.house.open_home(scene.abe)
    await scene.house.drain()
    assert "Disputes to decide" not in scene.house.slack.home(scene.abe).shown


async def scope_of(scene: Scene, connection: Any) -> Scope:
    found = await reports.scope(
        connection, scene.house.workspace_id, scene.squad_id, scene.project_id
    )
    assert found is not None
    return found


async def test_reports_know_what_is_open_overdue_and_how_long_it_took(scene: Scene) -> None:
    await appeal(scene, await with_feedback(scene))
    async with scene.house.database.write() as tx:
        await tx.execute(update(Audit).values(origin="random"))
    period = (MORNING - timedelta(days=1), MORNING + timedelta(days=30))
    async with scene.house.database.read() as connection:
        scope = await scope_of(scene, connection)
        assert await dispute_figures.open_disputes(connection, scope, period) == 1
        assert await dispute_figures.overdue(connection, scope, MORNING) == 0
        assert await dispute_figures.overdue(connection, scope, period[1]) == 1
    scene.house.move(hours=3)
    await decide(scene, scene.mia, "overturned")
    async with scene.house.database.read() as connection:
        assert await dispute_figures.open_disputes(connection, scope, period) == 0
        assert await dispute_figures.ruling_times(connection, scope, period) == [3 * 3600]
        found = await dispute_figures.overturned_of(connection, scope, period)
    assert [(one.decided, one.overturned) for one in found.values()] == [(1, 1)]
