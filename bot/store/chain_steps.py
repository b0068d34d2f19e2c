"""Steps of audit chains in SQL: what advances a chain, which step scores, and what it counts.

A part of `bot.store.audits`, which hands on what others call.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    cast,
    exists,
    extract,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import (
    OUT_OF_SCORE,
    ChainStep,
    FindingState,
    Held,
    Severity,
    Step,
    Verdict,
    held,
    may_advance,
)
from bot.rules.blockers import Span, seconds_within
from models import Audit, AuditChain, Blocker, Dispute, Finding, Submission

FINDINGS_OF: Final[ColumnElement[int]] = func.coalesce(Audit.stands_on, Audit.id)
"""The audit whose findings a step scores with: rulings have none of their own."""

_TICK: Final = timedelta(microseconds=1)
"""Steps of one chain are told apart by their instants."""

# An alias of the table and not of the class: that would make SQLAlchemy configure every mapper as
# soon as this is imported, a twentieth of the start.
_earlier = AuditChain.__table__.alias()
_preceded = exists().where(
    _earlier.c.workspace_id == AuditChain.workspace_id,
    _earlier.c.submission_id == AuditChain.submission_id,
    tuple_(_earlier.c.opened_at, _earlier.c.id) < tuple_(AuditChain.opened_at, AuditChain.id),
)
_handed_in, _opened = (
    cast(extract("epoch", instant), BigInteger)
    for instant in (Submission.submitted_at, AuditChain.opened_at)
)
_DESCRIBE = (
    update(Audit)
    .where(
        Audit.workspace_id == bindparam("in_workspace"),
        Audit.submission_id.in_(bindparam("submission_ids", expanding=True)),
    )
    .values(
        weight=select(AuditChain.weight).where(AuditChain.id == Audit.chain_id).scalar_subquery(),
        waited_s=select(case((~_preceded, _opened - _handed_in)))
        .join(Submission, Submission.id == AuditChain.submission_id)
        .where(AuditChain.id == Audit.chain_id)
        .scalar_subquery(),
    )
    .returning(exists().where(Blocker.workspace_id == bindparam("in_workspace")))
)
_BLOCKED = (
    select(
        AuditChain.id.label("chain_id"),
        Audit.waited_s,
        Submission.submitted_at,
        AuditChain.opened_at,
        Blocker.opened_at.label("blocked_at"),
        Blocker.closed_at.label("free_at"),
    )
    .join(AuditChain, AuditChain.id == Audit.chain_id)
    .join(Submission, Submission.id == Audit.submission_id)
    .join(
        Blocker,
        and_(
            Blocker.workspace_id == Audit.workspace_id,
            Blocker.squad_id == Audit.squad_id,
            Blocker.person_id == Audit.auditor_id,
            Blocker.opened_at < AuditChain.opened_at,
            Blocker.closed_at > Submission.submitted_at,
        ),
    )
    .where(
        Audit.workspace_id == bindparam("workspace_id"),
        Audit.submission_id.in_(bindparam("submission_ids", expanding=True)),
        Audit.step == Step.DRAW.value,
        Audit.waited_s.is_not(None),
    )
)
_WAITED = (
    update(Audit)
    .where(Audit.workspace_id == bindparam("in_workspace"), Audit.chain_id == bindparam("chain"))
    .values(waited_s=bindparam("waited"))
)
_COPIED = (
    Audit.project_id,
    Audit.squad_id,
    Audit.submission_id,
    Audit.chain_id,
    Audit.contributor_id,
    Audit.origin,
    Audit.weight,
    Audit.waited_s,
)


async def rescore(tx: AsyncConnection, workspace_id: int, chain_ids: Collection[int]) -> None:
    """Mark the last audit of each chain as the one that scores, by time and then by key."""
    mine = (Audit.workspace_id == workspace_id) & Audit.chain_id.in_(chain_ids)
    place = (
        func.row_number()
        .over(
            partition_by=Audit.chain_id,
            order_by=(Audit.audited_at.desc(), Audit.id.desc()),
        )
        .label("place")
    )
    ranked = select(Audit.id, place).where(mine).subquery()
    last = select(ranked.c.id).where(ranked.c.place == 1)
    await tx.execute(update(Audit).where(mine).values(scoring=Audit.id.in_(last)))


async def describe(tx: AsyncConnection, workspace_id: int, submission_ids: Collection[int]) -> None:
    """Write onto the audits of submissions what reports read of their chains and submissions.

    That is the chain's weight and, on a submission's first chain, the whole seconds from handing in
    to its opening, without those in which whoever opened it was blocked in that squad. To be called
    when any of it changed, for up to `AT_ONCE` submissions.
    """
    keys = {"in_workspace": workspace_id, "submission_ids": list(submission_ids)}
    described = await tx.execute(_DESCRIBE, keys)
    # What comes back says whether anybody was ever blocked, and spares most imports the join.
    if described.scalars().first():
        await _leave_out_blocked(tx, workspace_id, submission_ids)


async def _leave_out_blocked(
    tx: AsyncConnection, workspace_id: int, submission_ids: Collection[int]
) -> None:
    """Take the time out of waits in which the auditor could not work; no instant counts twice.

    What comes after the first audit never matters, so a blocker that holds still may be ended any
    time later.
    """
    keys = {"workspace_id": workspace_id, "submission_ids": list(submission_ids)}
    rows = (await tx.execute(_BLOCKED, keys)).all()
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for row in rows:
        spans[row.chain_id].append((row.blocked_at, row.free_at))
    changes = []
    for chain_id, row in {row.chain_id: row for row in rows}.items():
        lost = seconds_within(spans[chain_id], row.submitted_at, row.opened_at)
        waited = max(0, row.waited_s - round(lost))
        changes.append({"in_workspace": workspace_id, "chain": chain_id, "waited": waited})
    if changes:
        await tx.execute(_WAITED, changes)


async def recount(tx: AsyncConnection, workspace_id: int, audit_ids: Collection[int]) -> None:
    """Count the errors of audits anew after findings changed state; `counts` in SQL.

    Rulings that stand on them count the same findings.
    """
    errors = (
        select(func.count())
        .select_from(Finding)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.audit_id == FINDINGS_OF,
            Finding.severity == Severity.ERROR.value,
            Finding.state.not_in([state.value for state in OUT_OF_SCORE]),
        )
        .scalar_subquery()
    )
    meant = Audit.__table__.alias()
    chains = select(meant.c.chain_id).where(
        meant.c.workspace_id == workspace_id, meant.c.id.in_(audit_ids)
    )
    await tx.execute(
        update(Audit)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.chain_id.in_(chains),
            or_(Audit.id.in_(audit_ids), Audit.stands_on.in_(audit_ids)),
        )
        .values(errors=errors)
    )


async def advance(
    tx: AsyncConnection,
    workspace_id: int,
    chain_id: int,
    step: Step,
    *,
    auditor_id: int,
    verdict: Verdict,
    errors: int,
    at: datetime,
) -> int:
    """Add a step behind all others of a chain, let it score, and return its key.

    It counts `errors`, and findings of its own may be added to it. Where `at` is not later than the
    chain's last step it is placed just behind it. Raises ValueError for a draw, and RuntimeError
    for a chain that does not exist.
    """
    steps = await _lock(tx, workspace_id, chain_id)
    at = max(at, steps[-1].audited_at + _TICK)
    made = ChainStep(step, verdict, errors)
    return await _add(tx, workspace_id, steps[-1], made, auditor_id=auditor_id, at=at)


async def settle(
    tx: AsyncConnection,
    workspace_id: int,
    audit_id: int,
    step: Step,
    *,
    auditor_id: int,
) -> Verdict:
    """Let an audit score as its findings stand now; return the verdict that holds.

    To be called when they were disputed or decided. A ruling is always a step of its own, a
    provisional one only where the verdict changes. Either belongs to the period of the audit that
    it stands on, so it is placed just behind it, and behind what stands on it already; rework that
    was judged since still has the last word. Raises RuntimeError if there is no such audit.
    """
    await recount(tx, workspace_id, [audit_id])
    chain_id = await tx.scalar(
        select(Audit.chain_id).where(Audit.workspace_id == workspace_id, Audit.id == audit_id)
    )
    steps = await _lock(tx, workspace_id, chain_id or 0)
    mine = [row for row in steps if audit_id in {row.id, row.stands_on}]
    said, last = mine[0], mine[-1]
    found = await booked(tx, workspace_id, audit_id)
    verdict = held(Verdict(said.verdict), found)
    if step is Step.RULING or verdict.value != last.verdict:
        made = ChainStep(step, verdict, last.errors)
        at = last.audited_at + _TICK
        await _add(tx, workspace_id, last, made, auditor_id=auditor_id, at=at, on=audit_id)
    return verdict


async def auditor_of(connection: AsyncConnection, workspace_id: int, audit_id: int) -> int:
    """Return who made an audit. Raises RuntimeError if there is none."""
    found = await connection.scalar(
        select(Audit.auditor_id).where(Audit.workspace_id == workspace_id, Audit.id == audit_id)
    )
    if found is None:
        raise RuntimeError(f"there is no audit {audit_id}")
    return found


async def _lock(
    tx: AsyncConnection, workspace_id: int, chain_id: int
) -> list[Row[*tuple[Any, ...]]]:
    """Return the steps of a chain, oldest first, while nobody else can advance it."""
    await tx.execute(
        select(AuditChain.id)
        .where(AuditChain.workspace_id == workspace_id, AuditChain.id == chain_id)
        .with_for_update()
    )
    found = await tx.execute(
        select(*_COPIED, Audit.id, Audit.stands_on, Audit.verdict, Audit.errors, Audit.audited_at)
        .where(Audit.workspace_id == workspace_id, Audit.chain_id == chain_id)
        .order_by(Audit.audited_at, Audit.id)
    )
    steps = list(found)
    if not steps:
        raise RuntimeError(f"there is no chain {chain_id}")
    return steps


async def booked(tx: AsyncConnection, workspace_id: int, audit_id: int) -> list[Held]:
    """Return the findings of an audit with the severity that they were booked with."""
    first = (
        select(Dispute.before)
        .where(Dispute.finding_id == Finding.id, Dispute.before.is_not(None))
        .order_by(Dispute.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(
            Finding.severity, Finding.state, func.coalesce(first, Finding.severity).label("was")
        ).where(Finding.workspace_id == workspace_id, Finding.audit_id == audit_id)
    )
    return [
        Held(was=Severity(row.was), severity=Severity(row.severity), state=FindingState(row.state))
        for row in rows
    ]


async def _add(
    tx: AsyncConnection,
    workspace_id: int,
    before: Row[*tuple[Any, ...]],
    made: ChainStep,
    *,
    auditor_id: int,
    at: datetime,
    on: int | None = None,
) -> int:
    if not may_advance(made.step):
        raise ValueError("a draw opens a chain of its own")
    copied = {column.key: getattr(before, column.key) for column in _COPIED}
    at = await _free(tx, workspace_id, before.submission_id, auditor_id, at)
    values = copied | {
        "workspace_id": workspace_id,
        "auditor_id": auditor_id,
        "step": made.step.value,
        "verdict": made.verdict.value,
        "errors": made.errors,
        "scoring": False,
        "imported": False,
        "audited_at": at,
        "stands_on": on,
    }
    key = int((await tx.execute(insert(Audit).values(values).returning(Audit.id))).scalar_one())
    await rescore(tx, workspace_id, [before.chain_id])
    await describe(tx, workspace_id, [before.submission_id])
    return key


async def _free(
    tx: AsyncConnection, workspace_id: int, submission_id: int, auditor_id: int, at: datetime
) -> datetime:
    """Return the first instant from `at` at which this auditor has no audit of the submission."""
    taken = await tx.scalars(
        select(Audit.audited_at).where(
            Audit.workspace_id == workspace_id,
            Audit.submission_id == submission_id,
            Audit.auditor_id == auditor_id,
            Audit.audited_at >= at,
        )
    )
    instants = set(taken)
    while at in instants:
        at += _TICK
    return at
