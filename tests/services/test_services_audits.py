"""The service of audits on both databases: who may, what is stored, what other doors read."""

from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import BadInput, Conflict, NotAllowed, NotFound, UserError
from bot.rules.audits import Severity, Verdict
from bot.rules.disputes import Appeal
from bot.rules.findings import AuditForm, FindingForm
from models import Audit, Dispute, Finding, Member, Squad
from tests.harness import House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(any_house: House) -> Scene:
    return await open_scene(any_house)


def wrong(note: str = "a truck", section: str | None = "4.2") -> FindingForm:
    return FindingForm(severity=Severity.ERROR, section=section, note=note)


async def record(scene: Scene, submission_id: int, *found: FindingForm, **given: Any) -> Any:
    form = AuditForm(submission_id=submission_id, verdict=Verdict.REJECTED, findings=found)
    caller = scene.house.caller(given.get("by", scene.abe))
    return await scene.house.services.audits.record(caller, form, given.get("key"))


async def audited(scene: Scene, task: str = "T-1", *found: FindingForm, **given: Any) -> Any:
    submission_id = await scene.submission(task, given.get("whose", scene.ana))
    return await record(scene, submission_id, *(found or (wrong(),)), **given)


async def refused(awaitable: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        await awaitable
    return caught.value


async def test_the_same_key_gives_the_same_result_and_one_audit(scene: Scene) -> None:
    submission_id = await scene.submission("T-1", scene.ana)
    first = await record(scene, submission_id, wrong(), key="view:1")
    second = await record(scene, submission_id, wrong(), key="view:1")
    assert first == second
    assert len(await scene.rows(Audit)) == 1


@pytest.mark.parametrize("who", ["ana", "bo", "oz"])
async def test_recording_is_for_auditors_and_managers_of_the_squad(scene: Scene, who: str) -> None:
    submission_id = await scene.submission("T-1", scene.ana)
    error = await refused(record(scene, submission_id, wrong(), by=getattr(scene, who)))
    assert isinstance(error, NotAllowed)
    assert await scene.rows(Audit) == []


async def test_nobody_records_an_audit_of_their_own_work(scene: Scene) -> None:
    submission_id = await scene.submission("T-1", scene.mia)
    error = await refused(record(scene, submission_id, wrong(), by=scene.mia))
    assert error.code == "own_work"


@pytest.mark.parametrize(
    ("found", "field"),
    [
        (wrong("x" * 10_000), "finding_1_note"),
        (wrong(section="y" * 301), "finding_1_section"),
    ],
)
async def test_text_beyond_its_limit_is_refused_with_both_numbers(
    scene: Scene, found: FindingForm, field: str
) -> None:
    submission_id = await scene.submission("T-1", scene.ana)
    error = await refused(record(scene, submission_id, found))
    assert isinstance(error, BadInput)
    assert error.code == "text_too_long"
    assert error.fields["field"] == field
    assert error.fields["length"] > error.fields["limit"]  # type: ignore[operator]


async def test_only_the_contributor_answers(scene: Scene) -> None:
    done = await audited(scene)
    service = scene.house.services.audits
    (finding,) = await scene.rows(Finding)
    form = Appeal(audit_id=done.audit_id, finding_ids=(finding.id,), reason="no")
    for user in (scene.bo, scene.mia, scene.abe):
        caller = scene.house.caller(user)
        for attempt in (
            service.acknowledge(caller, done.audit_id, in_place=True),
            service.own_feedback(caller, done.audit_id),
            scene.house.services.disputes.open(caller, form, None),
        ):
            assert (await refused(attempt)).code == "not_your_feedback"
    assert [row.state for row in await scene.rows(Finding)] == ["open"]


async def test_an_audit_of_another_workspace_is_not_there(scene: Scene) -> None:
    done = await audited(scene)
    service = scene.house.services.audits
    assert await service.feedback(scene.house.workspace_id + 1, done.audit_id) is None
    caller = scene.house.caller(scene.ana)
    error = await refused(service.acknowledge(caller, 999, in_place=True))
    assert isinstance(error, NotFound)


@pytest.mark.parametrize(
    ("reason", "code"), [("  ", "empty_text"), ("x" * 10_000, "text_too_long")]
)
async def test_a_dispute_needs_a_reason_of_sane_length(
    scene: Scene, reason: str, code: str
) -> None:
    done = await audited(scene)
    (finding,) = await scene.rows(Finding)
    form = Appeal(audit_id=done.audit_id, finding_ids=(finding.id,), reason=reason)
    caller = scene.house.caller(scene.ana)
    error = await refused(scene.house.services.disputes.open(caller, form, None))
    assert (error.code, error.fields["field"]) == (code, "dispute_reason")
    assert await scene.rows(Dispute) == []


async def test_without_a_manager_nobody_would_read_a_dispute(scene: Scene) -> None:
    done = await audited(scene)
    (finding,) = await scene.rows(Finding)
    async with scene.house.database.write() as tx:
        gone = Member.person_id == scene.person(scene.mia)
        await tx.execute(update(Member).where(gone).values(status="offboarded"))
    form = Appeal(audit_id=done.audit_id, finding_ids=(finding.id,), reason="no")
    caller = scene.house.caller(scene.ana)
    error = await refused(scene.house.services.disputes.open(caller, form, None))
    assert error.code == "nobody_to_decide"
    assert [row.state for row in await scene.rows(Finding)] == ["open"]


async def test_one_cannot_dispute_findings_of_another_audit(scene: Scene) -> None:
    await audited(scene, "T-1", whose=scene.bo)
    mine = await audited(scene, "T-2")
    theirs = (await scene.rows(Finding))[0]
    form = Appeal(audit_id=mine.audit_id, finding_ids=(theirs.id,), reason="no")
    caller = scene.house.caller(scene.ana)
    error = await refused(scene.house.services.disputes.open(caller, form, None))
    assert isinstance(error, Conflict)


async def test_one_dispute_of_two_findings_leaves_the_third_counting(scene: Scene) -> None:
    done = await audited(scene, "T-1", wrong("a"), wrong("b"), wrong("c"))
    first, second, _ = await scene.rows(Finding)
    form = Appeal(audit_id=done.audit_id, finding_ids=(first.id, second.id), reason="no")
    caller = scene.house.caller(scene.ana)
    service = scene.house.services.disputes
    told = await service.open(caller, form, "view:9")
    assert await service.open(caller, form, "view:9") == told
    assert [row.errors for row in await scene.rows(Audit)] == [1]
    disputes = [row.id for row in await scene.rows(Dispute)]
    assert len(disputes) == 2
    case = await service.read(scene.house.caller(scene.mia), disputes)
    assert [case.finding(one).note for one in case.disputes] == ["a", "b"]
    for user in (scene.abe, scene.bo, scene.oz):
        error = await refused(service.read(scene.house.caller(user), disputes))
        assert error.code == "not_allowed_read_dispute"


async def test_open_feedback_is_ones_own_and_not_acknowledged(scene: Scene) -> None:
    service = scene.house.services.audits
    one = await audited(scene, "T-1")
    two = await audited(scene, "T-2")
    await audited(scene, "T-3", whose=scene.bo)
    caller = scene.house.caller(scene.ana)
    mine = await service.open_feedback(caller)
    assert [each.audit_id for each in mine] == [one.audit_id, two.audit_id]
    assert mine[0].link == "https://tool.example/tasks/T-1"
    await service.acknowledge(caller, one.audit_id, in_place=False)
    assert [each.audit_id for each in await service.open_feedback(caller)] == [two.audit_id]


async def test_what_was_imported_asks_nothing_of_anybody(scene: Scene) -> None:
    await audited(scene)
    async with scene.house.database.write() as tx:
        await tx.execute(update(Audit).values(imported=True))
    service = scene.house.services.audits
    assert await service.open_feedback(scene.house.caller(scene.ana)) == []
    assert await service.unacknowledged(scene.house.caller(scene.mia), scene.squad_id) == []


async def test_a_manager_sees_who_has_unread_findings_if_the_squad_says_so(scene: Scene) -> None:
    service = scene.house.services.audits
    await audited(scene, "T-1")
    await audited(scene, "T-2")
    caller = scene.house.caller(scene.mia)
    (unread,) = await service.unacknowledged(caller, scene.squad_id)
    assert unread.person is not None
    assert (unread.person.name, unread.audits) == ("Ana", 2)
    async with scene.house.database.write() as tx:
        await tx.execute(update(Squad).values(individual_figures="self"))
    (unread,) = await service.unacknowledged(caller, scene.squad_id)
    assert (unread.person, unread.audits) == (None, 2)
    abe = scene.house.caller(scene.abe)
    assert isinstance(await refused(service.unacknowledged(abe, scene.squad_id)), NotAllowed)


async def test_a_clock_that_went_back_does_not_break_a_correction(scene: Scene) -> None:
    submission_id = await scene.submission("T-1", scene.ana)
    await record(scene, submission_id, wrong())
    scene.house.move(hours=-1)
    await record(scene, submission_id, wrong("b"))
    first, second = await scene.rows(Audit)
    assert first.audited_at < second.audited_at
    assert [first.scoring, second.scoring] == [False, True]
