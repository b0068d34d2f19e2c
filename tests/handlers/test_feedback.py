"""What contributors do with findings: acknowledge them, dispute them, or let them wait."""

from typing import Any

import pytest

from models import (
    Audit,
    Dispute,
    Finding,
    LedgerEntry,
    OutboxRow,
)
from tests.handlers.auditing import REJECT, audited, finding, with_feedback
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


async def test_acknowledging_changes_the_message_and_twice_is_once(scene: Scene) -> None:
    message = await with_feedback(scene)
    request = scene.house.slack.click(message, "audits.acknowledge", scene.ana)
    await request.deliver(scene.house.app)
    await request.deliver(scene.house.app)
    assert message.actions == ["reworks.fix", "audits.dispute"]
    assert "You acknowledged this" in message.shown
    assert [row.state for row in await scene.rows(Finding)] == ["acknowledged"]
    done = [row for row in await scene.rows(LedgerEntry) if row.action == "feedback.acknowledged"]
    assert len(done) == 1


def reminded(scene: Scene) -> bool:
    """Whether Ana was reminded of findings; that the task is due is something else."""
    return any("waiting for you to read" in each.shown for each in scene.house.slack.dm(scene.ana))


def _last_ephemeral(scene: Scene, message: Any, user: Any) -> str:
    return str(scene.house.slack.ephemerals(message.channel, user)[-1].shown)


async def test_a_button_of_another_version_gets_a_sentence(scene: Scene) -> None:
    message = await with_feedback(scene)
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("action_id") == "audits.acknowledge":
                element["value"] = '{"v":99,"audit_id":1}'
    await scene.house.click(message, "audits.acknowledge", scene.ana)
    assert "older version" in _last_ephemeral(scene, message, scene.ana)
    assert [row.state for row in await scene.rows(Finding)] == ["open"]


def reminders(scene: Scene) -> list[Any]:
    """What reminds Ana of feedback; of the rework she is reminded apart."""
    return [each for each in scene.house.slack.dm(scene.ana) if "waiting for you" in each.shown]


async def test_findings_nobody_acknowledged_are_a_line_of_today_after_two_days(
    scene: Scene,
) -> None:
    await with_feedback(scene)
    scene.house.move(days=2)
    await scene.house.drain()
    assert not reminded(scene)  # the second day is not over yet
    scene.house.move(days=1)
    await scene.house.drain()
    (today,) = reminders(scene)
    await scene.house.click(today, "audits.read", scene.ana)
    copy = scene.house.slack.ephemerals(today.channel, scene.ana)[-1]
    assert "This is a truck" in copy.shown
    await scene.house.click(copy, "audits.acknowledge", scene.ana)
    await scene.house.drain()
    assert "audits.read" not in today.actions
    assert scene.house.slack.dm(scene.ana)[0].actions == ["reworks.fix", "audits.dispute"]


async def test_acknowledged_in_time_there_is_no_reminder(scene: Scene) -> None:
    message = await with_feedback(scene)
    await scene.house.click(message, "audits.acknowledge", scene.ana)
    scene.house.move(days=3)
    await scene.house.drain()
    assert not reminded(scene)


# Disputes


async def disputed(scene: Scene, message: Any, reason: str = "It has wheels & <!here>") -> Any:
    await scene.house.click(message, "audits.dispute", scene.ana)
    form = scene.house.slack.views(scene.ana)[-1]
    found = [str(row.id) for row in await scene.rows(Finding) if row.severity == "error"]
    values = {"dispute_findings": found, "dispute_reason": reason}
    return await scene.house.submit(form, scene.ana, values)


async def test_a_dispute_leaves_the_score_and_reaches_the_manager(scene: Scene) -> None:
    message = await with_feedback(scene)
    await disputed(scene, message)
    receipt = scene.house.slack.views(scene.ana)[-1]
    assert "another auditor or a manager" in receipt.shown
    assert "Fri 13 Mar 2026 17:00" in receipt.shown  # three working days
    assert [row.state for row in await scene.rows(Finding)] == ["disputed"]
    scores = [(row.verdict, row.errors, row.scoring) for row in await scene.rows(Audit)]
    assert scores == [("rejected", 0, False), ("accepted", 0, True)]
    await scene.house.drain()
    assert "You dispute this" in message.shown
    assert message.actions == ["reworks.fix"]
    line = scene.house.slack.dm(scene.mia)[-1]
    assert "disputes a finding on task T-1" in line.shown
    await scene.house.click(line, "audits.open_dispute", scene.mia)
    view = scene.house.slack.views(scene.mia)[-1]
    assert "It has wheels &amp; &lt;!here&gt;" in str(view.body)
    looks = [row for row in await scene.rows(LedgerEntry) if row.action == "dispute.read"]
    assert [row.person_id for row in looks] == [scene.person(scene.ana)]


async def test_what_is_disputed_cannot_be_disputed_again(scene: Scene) -> None:
    message = await with_feedback(scene)
    stale = scene.house.slack.click(message, "audits.dispute", scene.ana)
    await disputed(scene, message)
    await stale.deliver(scene.house.app)
    assert "nothing here to dispute" in _last_ephemeral(scene, message, scene.ana)
    assert len(await scene.rows(Dispute)) == 1


async def test_beyond_the_days_messages_feedback_becomes_a_line_of_today(scene: Scene) -> None:
    for n in range(1, 5):
        await scene.submission(f"T-{n}", scene.ana)
        await audited(scene, REJECT | finding(scene), text=f"T-{n}")
    await scene.house.drain()
    await scene.house.drain()  # what was folded meets its Today
    messages = scene.house.slack.dm(scene.ana)
    assert len(messages) == 3
    assert "audits.read" in messages[-1].actions
    rows = await scene.rows(OutboxRow)
    assert all(row.state == "sent" for row in rows if row.kind == "audits.feedback")
