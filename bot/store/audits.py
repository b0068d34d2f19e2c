"""Audits in SQL: the one way in for a form, a file or any other door, chains kept in order.

What advances a chain by something else than a correction is in `chain_steps`, handed on from here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import (
    UNSETTLED,
    DisputeState,
    FindingState,
    NewAudit,
    Origin,
    Placed,
    Step,
    StoredStep,
    corrected,
)
from bot.store.chain_steps import (
    FINDINGS_OF,
    advance,
    auditor_of,
    booked,
    describe,
    recount,
    rescore,
    settle,
)
from models import Audit, AuditChain, Dispute, Finding

__all__ = [
    "AT_ONCE",
    "FINDINGS_OF",
    "add_audits",
    "advance",
    "auditor_of",
    "booked",
    "describe",
    "recount",
    "rescore",
    "settle",
    "steps_of",
]

# SQLite and PostgreSQL take at least 32,766 bound values in a statement; stay far below.
AT_ONCE = 1_000

_STEPS = (
    select(
        Audit.id,
        Audit.submission_id,
        Audit.chain_id,
        Audit.origin,
        Audit.auditor_id,
        Audit.audited_at,
        Audit.step,
    )
    .where(
        Audit.workspace_id == bindparam("workspace_id"),
        Audit.submission_id.in_(bindparam("submission_ids", expanding=True)),
    )
    .order_by(Audit.audited_at, Audit.id)
)
_OPEN_CHAIN = insert(AuditChain).returning(AuditChain.id, sort_by_parameter_order=True)
_ADD_AUDIT = insert(Audit).returning(Audit.id, sort_by_parameter_order=True)
_ADD_FINDING = insert(Finding)


async def steps_of(
    connection: AsyncConnection, workspace_id: int, submission_ids: Iterable[int]
) -> Mapping[int, list[StoredStep]]:
    """Return the stored audits of up to `AT_ONCE` submissions, by submission, oldest first."""
    keys = {"workspace_id": workspace_id, "submission_ids": list(set(submission_ids))}
    steps: defaultdict[int, list[StoredStep]] = defaultdict(list)
    for row in await connection.execute(_STEPS, keys):
        steps[row.submission_id].append(
            StoredStep(
                audit_id=row.id,
                chain_id=row.chain_id,
                origin=Origin(row.origin),
                auditor_id=row.auditor_id,
                audited_at=row.audited_at,
                step=Step(row.step),
            )
        )
    return steps


@dataclass(slots=True)
class _Place:
    """Where one audit of a batch belongs; negative keys stand for rows not yet inserted."""

    audit: NewAudit
    audit_id: int
    chain_id: int
    origin: Origin
    opens: bool
    is_new: bool = True
    # The audit it takes the place of, and the one whose findings that ends: itself, if it was
    # made before the audit that a later import brought first.
    corrects: int | None = None
    ends: int | None = None


def _plan(audits: Sequence[NewAudit], known: Mapping[int, list[StoredStep]]) -> list[_Place]:
    """Decide for each audit, in the order given, which chain it opens or advances."""
    steps = {key: list(value) for key, value in known.items()}
    places = []
    for position, audit in enumerate(audits, start=1):
        mine = steps.setdefault(audit.submission_id, [])
        place = _place(audit, mine, -position)
        places.append(place)
        if place.is_new:
            mine.append(
                StoredStep(
                    audit_id=place.audit_id,
                    chain_id=place.chain_id,
                    origin=place.origin,
                    auditor_id=audit.auditor_id,
                    audited_at=audit.audited_at,
                    step=Step.DRAW if place.opens else Step.CORRECTION,
                )
            )
    return places


def _place(audit: NewAudit, steps: Sequence[StoredStep], key: int) -> _Place:
    for step in steps:
        if (step.auditor_id, step.audited_at) == (audit.auditor_id, audit.audited_at):
            return _Place(
                audit, step.audit_id, step.chain_id, step.origin, opens=False, is_new=False
            )
    before = corrected(steps, audit.auditor_id)
    if before is None:
        return _Place(audit, key, key, audit.origin, opens=True)
    place = _Place(audit, key, before.chain_id, before.origin, opens=False, ends=key)
    if before.audited_at < audit.audited_at:
        place.corrects = place.ends = before.audit_id
    return place


async def add_audits(
    tx: AsyncConnection,
    workspace_id: int,
    audits: Sequence[NewAudit],
    known: Mapping[int, list[StoredStep]] | None = None,
) -> list[Placed]:
    """Store up to `AT_ONCE` audits with their findings; return where each went, in their order.

    Give them in the order in which they were made. An audit opens a chain, or advances the one
    that its auditor had the last word in, and then takes over its score and ends the findings of
    the audit that it corrects. One that is stored already (same submission, auditor and instant)
    is left as it is. Nothing is sent and nothing written to the ledger here. `known` are their
    submissions' `steps_of`, if they were read in this transaction already.
    """
    if known is None:
        known = await steps_of(tx, workspace_id, {audit.submission_id for audit in audits})
    places = _plan(audits, known)
    fresh = [place for place in places if place.is_new]
    if fresh:
        chains = await _open_chains(tx, workspace_id, fresh)
        for place in fresh:
            place.chain_id = chains.get(place.chain_id, place.chain_id)
        keys = await _insert(tx, workspace_id, fresh)
        for place in places:  # one given twice points to the row that the first one made
            place.audit_id = keys.get(place.audit_id, place.audit_id)
            place.chain_id = chains.get(place.chain_id, place.chain_id)
            place.corrects = keys.get(place.corrects or 0, place.corrects)
            place.ends = keys.get(place.ends or 0, place.ends)
        await _supersede(tx, workspace_id, fresh)
        await describe(tx, workspace_id, {place.audit.submission_id for place in fresh})
    return [
        Placed(
            audit_id=place.audit_id,
            chain_id=place.chain_id,
            is_new=place.is_new,
            corrects=place.corrects,
        )
        for place in places
    ]


async def _open_chains(
    tx: AsyncConnection, workspace_id: int, places: Sequence[_Place]
) -> dict[int, int]:
    opened = [place for place in places if place.opens]
    if not opened:
        return {}
    rows = [
        {
            "workspace_id": workspace_id,
            "submission_id": place.audit.submission_id,
            "origin": place.origin.value,
            "weight": place.audit.weight,
            "opened_at": place.audit.audited_at,
        }
        for place in opened
    ]
    keys = (await tx.scalars(_OPEN_CHAIN, rows)).all()
    return {place.chain_id: key for place, key in zip(opened, keys, strict=True)}


async def _insert(
    tx: AsyncConnection, workspace_id: int, places: Sequence[_Place]
) -> dict[int, int]:
    rows = [_audit_values(workspace_id, place) for place in places]
    keys = (await tx.scalars(_ADD_AUDIT, rows)).all()
    findings = [
        {
            "workspace_id": workspace_id,
            "audit_id": key,
            "category_id": finding.category_id,
            "severity": finding.severity.value,
            "section": finding.section,
            "note": finding.note,
            "state": FindingState.OPEN.value,
        }
        for place, key in zip(places, keys, strict=True)
        for finding in place.audit.findings
    ]
    for start in range(0, len(findings), AT_ONCE):
        await tx.execute(_ADD_FINDING, findings[start : start + AT_ONCE])
    return {place.audit_id: key for place, key in zip(places, keys, strict=True)}


def _audit_values(workspace_id: int, place: _Place) -> dict[str, Any]:
    audit = place.audit
    return {
        "workspace_id": workspace_id,
        "project_id": audit.project_id,
        "squad_id": audit.squad_id,
        "submission_id": audit.submission_id,
        "chain_id": place.chain_id,
        "contributor_id": audit.contributor_id,
        "auditor_id": audit.auditor_id,
        "step": (Step.DRAW if place.opens else Step.CORRECTION).value,
        "origin": place.origin.value,
        "verdict": audit.verdict.value,
        "errors": sum(finding.is_counted for finding in audit.findings),
        "scoring": place.opens,
        "imported": audit.imported,
        "audited_at": audit.audited_at,
    }


async def _supersede(tx: AsyncConnection, workspace_id: int, places: Sequence[_Place]) -> None:
    """Let the last step of each advanced chain score, and end the findings it corrected."""
    advanced = {place.chain_id for place in places if not place.opens}
    if not advanced:
        return
    await rescore(tx, workspace_id, advanced)
    replaced = {place.ends for place in places if place.ends is not None}
    now = max(place.audit.audited_at for place in places)
    theirs = select(Finding.id).where(
        Finding.workspace_id == workspace_id, Finding.audit_id.in_(replaced)
    )
    await tx.execute(
        update(Dispute)
        .where(
            Dispute.workspace_id == workspace_id,
            Dispute.state == DisputeState.OPEN.value,
            Dispute.finding_id.in_(theirs),
        )
        .values(state=DisputeState.SUPERSEDED.value)
    )
    await tx.execute(
        update(Finding)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.audit_id.in_(replaced),
            Finding.state.in_([state.value for state in UNSETTLED]),
        )
        .values(state=FindingState.WITHDRAWN.value, settled_at=now)
    )
