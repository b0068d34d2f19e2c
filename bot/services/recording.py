"""Recording an audit: read and checked first, then written in one transaction with what follows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.rules.arrival import Arrival
from bot.rules.audits import NewAudit, NewFinding, Step, StoredStep, Verdict
from bot.rules.draws import DrawnTask
from bot.rules.findings import AuditForm, Work, cite, lenient, read_findings
from bot.rules.people import PersonRef
from bot.rules.sittings import Sitting
from bot.services import (
    audit_feedback,
    audit_search,
    contesting,
    drawing,
    reworking,
    sitting_feedback,
)
from bot.services.arrival import Foreseen, foresee
from bot.services.citations import Citations
from bot.services.unit import Unit
from bot.store import audits, draws, findings, people, reworks, sittings

# Two audits of one submission by one auditor are told apart by their instant.
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An audit that may be stored; `spared` says that its errors were made warnings."""

    work: Work
    form: AuditForm
    found: tuple[NewFinding, ...]
    spared: bool
    contributor: PersonRef
    foreseen: Foreseen | None
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was stored: `corrects` is the audit it took the place of, `arrival` when it is read."""

    audit_id: int
    chain_id: int
    corrects: int | None
    arrival: Arrival | None


async def check(unit: Unit, work: Work, form: AuditForm) -> Checked:
    """Read what an audit needs, and check what was filled in. Raises BadInput as `read_findings`.

    No write lock is needed for it.
    """
    found: tuple[NewFinding, ...] = ()
    spared = False
    if form.findings or form.verdict is Verdict.REJECTED:
        known = await findings.categories(unit.tx, unit.workspace_id, work.project_id)
        found = read_findings(form, {one.category_id: one for one in known})
        spared = bool(found) and await audit_search.was_open(unit, work)
    named = await people.refs(unit.tx, [work.contributor_id])
    return Checked(
        work=work,
        form=form,
        found=lenient(found) if spared else found,
        spared=spared,
        contributor=named[work.contributor_id],
        foreseen=await foresee(unit, work.contributor_id, work.squad_id) if found else None,
    )


async def cited(citations: Citations, workspace_id: int, checked: Checked) -> Checked:
    """Return an audit with sections as the guidelines call them, and those that are not there.

    Without guidelines every section is as good as another. Outside of any transaction.
    """
    wanted = {each.section for each in checked.found if each.section}
    if not wanted:
        return checked
    named, loaded = await citations.named(workspace_id, checked.work.project_id, wanted)
    unmatched = tuple(sorted(wanted - named.keys())) if loaded else ()
    return replace(checked, found=cite(checked.found, named), unmatched=unmatched)


async def write(
    unit: Unit,
    checked: Checked,
    draw: DrawnTask | None = None,
    *,
    seconds: int | None = None,
    sitting: Sitting | None = None,
) -> Written:
    """Store an audit and plan what follows; in a sitting its findings wait to be gathered.

    Without a draw it is chosen: once more by the same auditor it corrects their audit. A draw has
    a chain of its own, and one of rework advances the chain that was rejected.
    """
    work, verdict = checked.work, checked.form.verdict
    stored = await audits.steps_of(unit.tx, unit.workspace_id, [work.submission_id])
    steps = stored.get(work.submission_id, [])
    # What was never audited has no fix that waits, and nothing under way.
    draw = draw or (await _fix_of(unit, work) if steps else None)
    if draw is not None and draw.rework_id is not None:
        audit_id, chain_id, corrects = await _judge(unit, checked, draw.rework_id)
    else:
        audit_id, chain_id, corrects = await _store(unit, checked, draw, steps)
        if corrects is not None and verdict is Verdict.ACCEPTED:
            await reworking.cancel(unit, corrects)
        if corrects is not None:
            await contesting.superseded(unit, corrects)
        if verdict is Verdict.REJECTED:
            await reworking.open_for(
                unit, work, audit_id, chain_id, checked.foreseen, first=not steps
            )
    if draw is not None:
        await drawing.settle_audited(unit, draw.draw_id, audit_id, chain_id, seconds)
    arrival = await _tell(unit, checked, audit_id, corrects, sitting)
    await unit.log(
        "audit.recorded", squad_id=work.squad_id, person_id=work.contributor_id, audit_id=audit_id
    )
    return Written(audit_id=audit_id, chain_id=chain_id, corrects=corrects, arrival=arrival)


async def _fix_of(unit: Unit, work: Work) -> DrawnTask | None:
    """Return the draw of a fix that waits to be judged: whoever chose the work judges the fix."""
    fix = await reworks.awaiting(unit.tx, unit.workspace_id, work.submission_id)
    draw_id = None if fix is None else await reworks.draw_of(unit.tx, fix)
    return None if draw_id is None else await draws.get(unit.tx, unit.workspace_id, draw_id)


async def _tell(
    unit: Unit,
    checked: Checked,
    audit_id: int,
    corrects: int | None,
    sitting: Sitting | None,
) -> Arrival | None:
    """Plan the contributor's message; what corrects an earlier audit is not kept waiting."""
    work, found, foreseen = checked.work, checked.found, checked.foreseen
    if sitting is not None and sitting.is_gathered and corrects is None:
        return await sitting_feedback.gather(unit, sitting, work, found, foreseen)
    return await audit_feedback.tell(unit, work, audit_id, found, corrects, foreseen)


async def _judge(unit: Unit, checked: Checked, rework_id: int) -> tuple[int, int, int | None]:
    """Store the judgement of a fix as the next step of the chain that was rejected."""
    rework = await reworks.get(unit.tx, unit.workspace_id, rework_id)
    if rework is None:
        raise RuntimeError(f"rework {rework_id} is not where it was stored")
    verdict = checked.form.verdict
    audit_id = await audits.advance(
        unit.tx,
        unit.workspace_id,
        rework.chain_id,
        Step.REWORK,
        auditor_id=unit.actor.person_id,
        verdict=verdict,
        errors=sum(finding.is_counted for finding in checked.found),
        at=unit.now,
    )
    await findings.add(unit.tx, unit.workspace_id, audit_id, checked.found)
    await reworking.judged(unit, rework_id, audit_id, verdict)
    return audit_id, rework.chain_id, None


async def _store(
    unit: Unit, checked: Checked, draw: DrawnTask | None, steps: Sequence[StoredStep]
) -> tuple[int, int, int | None]:
    """Store the audit; return its key, its chain's, and that of the audit it corrects.

    What was undone in a sitting was never said to anybody, so nothing corrects it.
    """
    work, me = checked.work, unit.actor.person_id
    undone = await sittings.undone_chains(
        unit.tx, unit.workspace_id, {step.chain_id for step in steps}
    )
    known = [step for step in steps if _may_correct(step, draw, undone)]
    audit = NewAudit(
        submission_id=work.submission_id,
        project_id=work.project_id,
        squad_id=work.squad_id,
        contributor_id=work.contributor_id,
        auditor_id=me,
        verdict=checked.form.verdict,
        audited_at=_instant(unit.now, steps, me),
        origin=checked.form.origin if draw is None else draw.origin,
        findings=checked.found,
    )
    placed = (
        await audits.add_audits(unit.tx, unit.workspace_id, [audit], {work.submission_id: known})
    )[0]
    return placed.audit_id, placed.chain_id, placed.corrects


def _may_correct(step: StoredStep, draw: DrawnTask | None, undone: Collection[int]) -> bool:
    """Tell whether a step is one that this audit may take the place of.

    A draw has a chain of its own: another audit of the same work never ends in it.
    """
    return step.chain_id not in undone and (draw is None or step.origin is draw.origin)


def _instant(now: datetime, steps: Sequence[StoredStep], auditor_id: int) -> datetime:
    """Return now, or just after this auditor's last audit if the clock went back since."""
    mine = [step.audited_at for step in steps if step.auditor_id == auditor_id]
    return max([now, *(at + _TICK for at in mine)])
