"""Reworks in SQL: rounds of mending, the draws by which auditors get fixes, lists and figures."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import DisputeState, Origin, Step, Verdict
from bot.rules.draws import HELD_FOR, DrawState, turn_of
from bot.rules.findings import link_of
from bot.rules.people import PRESENT
from bot.rules.reworks import UNDER_WAY, NewRework, ReworkState, Stored, Task
from bot.rules.roles import MAY, Act
from bot.store.memberships import ROLE_OF_MEMBER
from models import (
    Audit,
    AuditChain,
    Dispute,
    Draw,
    Finding,
    Member,
    MemberRole,
    Person,
    Project,
    Rework,
    Squad,
    Submission,
)

_COLUMNS: Final = (
    Rework.id.label("rework_id"),
    *(
        getattr(Rework, name)
        for name in Stored.__dataclass_fields__  # the record's own names
        if name != "rework_id"
    ),
)
_CHANGED: Final = (
    "audit_id",
    "state",
    "due_at",
    "stopped_at",
    "stopped_s",
    "fixed_at",
    "took_s",
    "note",
    "settled_at",
    "result_id",
)
"""Columns that a rework's course changes."""

_ACTIVE: Final = [state.value for state in UNDER_WAY]


def _stored(row: Row[*tuple[Any, ...]]) -> Stored:
    values = {name: getattr(row, name) for name in Stored.__dataclass_fields__}
    return Stored(**values | {"state": ReworkState(values["state"])})


async def add(tx: AsyncConnection, workspace_id: int, new: NewRework, now: datetime) -> Stored:
    """Store a rework that is open from now on."""
    values = {name: getattr(new, name) for name in NewRework.__dataclass_fields__}
    statement = (
        insert(Rework)
        .values(workspace_id=workspace_id, state=ReworkState.OPEN.value, opened_at=now, **values)
        .returning(*_COLUMNS)
    )
    return _stored((await tx.execute(statement)).one())


async def change(tx: AsyncConnection, rework: Stored) -> None:
    """Write what its course changed of a rework."""
    values = {name: getattr(rework, name) for name in _CHANGED}
    await tx.execute(
        update(Rework)
        .where(Rework.workspace_id == rework.workspace_id, Rework.id == rework.rework_id)
        .values(**values | {"state": rework.state.value})
    )


def _one(workspace_id: int, rework_id: int) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(Rework.workspace_id == workspace_id, Rework.id == rework_id)


async def get(connection: AsyncConnection, workspace_id: int, rework_id: int) -> Stored | None:
    """Return one."""
    row = (await connection.execute(_one(workspace_id, rework_id))).one_or_none()
    return None if row is None else _stored(row)


async def lock(tx: AsyncConnection, workspace_id: int, rework_id: int) -> Stored | None:
    """Return one for a change: nobody else changes it until this transaction ends."""
    statement = _one(workspace_id, rework_id).with_for_update()  # SQLite has one writer
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def under_way(
    tx: AsyncConnection, workspace_id: int, submission_ids: Collection[int]
) -> list[Stored]:
    """Return, for a change, the reworks of submissions in which something is still to be done."""
    if not submission_ids:
        return []
    statement = (
        select(*_COLUMNS)
        .where(
            Rework.workspace_id == workspace_id,
            Rework.submission_id.in_(list(submission_ids)),
            Rework.state.in_(_ACTIVE),
        )
        .order_by(Rework.id)
        .with_for_update()
    )
    return [_stored(row) for row in await tx.execute(statement)]


async def after_audits(
    connection: AsyncConnection, workspace_id: int, audit_ids: Collection[int]
) -> dict[int, Stored]:
    """Return the rework that followed from each of some audits, the newest one if several did."""
    if not audit_ids:
        return {}
    statement = (
        select(*_COLUMNS)
        .where(Rework.workspace_id == workspace_id, Rework.audit_id.in_(list(audit_ids)))
        .order_by(Rework.id)
    )
    found = [_stored(row) for row in await connection.execute(statement)]
    return {each.audit_id: each for each in found}


async def judged_by(connection: AsyncConnection, workspace_id: int, audit_id: int) -> Stored | None:
    """Return the rework whose fix an audit judged."""
    statement = select(*_COLUMNS).where(
        Rework.workspace_id == workspace_id, Rework.result_id == audit_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


async def rounds(connection: AsyncConnection, workspace_id: int, chain_id: int) -> int:
    """Return how many rounds of mending a chain has had."""
    statement = select(func.max(Rework.round)).where(
        Rework.workspace_id == workspace_id,
        Rework.chain_id == chain_id,
        Rework.state.in_([ReworkState.ACCEPTED.value, ReworkState.RETURNED.value]),
    )
    return int(await connection.scalar(statement) or 0)


async def is_disputed(connection: AsyncConnection, workspace_id: int, audit_id: int) -> bool:
    """Tell whether a dispute of a finding of an audit is open."""
    statement = select(
        exists().where(
            Dispute.workspace_id == workspace_id,
            Dispute.state == DisputeState.OPEN.value,
            Dispute.finding_id == Finding.id,
            Finding.audit_id == audit_id,
        )
    )
    return bool(await connection.scalar(statement))


async def rejected_chains(connection: AsyncConnection, rework: Stored) -> list[int]:
    """Return the other chains of a rework's submission whose last step rejects it."""
    statement = (
        select(Audit.chain_id)
        .where(
            Audit.workspace_id == rework.workspace_id,
            Audit.submission_id == rework.submission_id,
            Audit.chain_id != rework.chain_id,
            Audit.scoring,
            Audit.verdict == Verdict.REJECTED.value,
        )
        .order_by(Audit.chain_id)
    )
    return list((await connection.scalars(statement)).all())


async def errors_of(connection: AsyncConnection, workspace_id: int, audit_id: int) -> int:
    """Return how many errors an audit counts."""
    statement = select(Audit.errors).where(Audit.workspace_id == workspace_id, Audit.id == audit_id)
    return int(await connection.scalar(statement) or 0)


async def take_back(tx: AsyncConnection, rework: Stored, auditor_id: int) -> list[int]:
    """Delete the steps by which the judgement of a fix advanced other chains; return the chains."""
    statement = (
        delete(Audit)
        .where(
            Audit.workspace_id == rework.workspace_id,
            Audit.submission_id == rework.submission_id,
            Audit.chain_id != rework.chain_id,
            Audit.auditor_id == auditor_id,
            Audit.step == Step.REWORK.value,
            Audit.audited_at >= rework.settled_at,
        )
        .returning(Audit.chain_id)
    )
    return list((await tx.scalars(statement)).all())


# How auditors get a fix.


async def draw_of(connection: AsyncConnection, rework: Stored) -> int | None:
    """Return the draw by which the fix of a rework is, or was, to be audited: the newest."""
    key: int | None = await connection.scalar(
        select(Draw.id)
        .where(Draw.workspace_id == rework.workspace_id, Draw.rework_id == rework.rework_id)
        .order_by(Draw.id.desc())
        .limit(1)
    )
    return key


async def add_returned(
    tx: AsyncConnection,
    workspace_id: int,
    *,
    project_id: int,
    squad_id: int,
    submission_id: int,
    origin: Origin,
    rework_id: int,
    now: datetime,
) -> int:
    """Put work that came back from rework at the head of the queue; return the draw's key.

    Once more after an auditor left it out: then it is for another one.
    """
    added = insert(Draw).values(
        workspace_id=workspace_id,
        project_id=project_id,
        squad_id=squad_id,
        submission_id=submission_id,
        origin=origin.value,
        rework_id=rework_id,
        turn=turn_of(origin, returned=True),
        state=DrawState.OPEN.value,
        drawn_at=now,
    )
    return (await tx.execute(added.returning(Draw.id))).scalar_one()


async def drop_returned(
    tx: AsyncConnection, workspace_id: int, rework_id: int, but: int, now: datetime
) -> bool:
    """Remove the draw that a fix got when it was left out; False if somebody has it in hands."""
    of_fix = (Draw.workspace_id == workspace_id, Draw.rework_id == rework_id, Draw.id > but)
    for row in await tx.execute(select(Draw.state, Draw.held_at).where(*of_fix)):
        held = row.held_at is not None and row.held_at > now - HELD_FOR
        if held or row.state != DrawState.OPEN.value:
            return False
    await tx.execute(delete(Draw).where(*of_fix))
    return True


async def origin_of(connection: AsyncConnection, rework: Stored) -> Origin:
    """Return the origin of the chain that a rework belongs to."""
    statement = select(AuditChain.origin).where(AuditChain.id == rework.chain_id)
    return Origin((await connection.execute(statement)).scalar_one())


async def auditor_of(connection: AsyncConnection, rework: Stored) -> int | None:
    """Return who sent a task back, if they still audit in its squad and it is not their work."""
    statement = (
        select(Audit.auditor_id)
        .join(Member, (Member.person_id == Audit.auditor_id) & (Member.squad_id == Audit.squad_id))
        .join(MemberRole, ROLE_OF_MEMBER)
        .where(
            Audit.id == rework.audit_id,
            Audit.auditor_id != rework.contributor_id,
            Member.status.in_([status.value for status in PRESENT]),
            MemberRole.role.in_([role.value for role in MAY[Act.RECORD_AUDIT]]),
        )
        .limit(1)
    )
    return await connection.scalar(statement)


async def withdraw(tx: AsyncConnection, rework: Stored, now: datetime) -> None:
    """Take a fix that nobody judged yet from what is to be audited."""
    await tx.execute(
        update(Draw)
        .where(
            Draw.workspace_id == rework.workspace_id,
            Draw.rework_id == rework.rework_id,
            Draw.state == DrawState.OPEN.value,
        )
        .values(
            state=DrawState.WITHDRAWN.value,
            settled_at=now,
            held_by=None,
            held_at=None,
            sitting_id=None,
        )
    )


async def awaiting(
    connection: AsyncConnection, workspace_id: int, submission_id: int
) -> Stored | None:
    """Return the rework of a submission whose fix an auditor may look at."""
    statement = select(*_COLUMNS).where(
        Rework.workspace_id == workspace_id,
        Rework.submission_id == submission_id,
        Rework.state == ReworkState.FIXED.value,
        Rework.stopped_at.is_(None),
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _stored(row)


# Lists.

_TASKS: Final = (
    select(
        *_COLUMNS,
        Submission.task.label("task"),
        Submission.url,
        Project.name.label("project"),
        Project.link_template,
        Squad.name.label("squad"),
        func.coalesce(Person.zone, Squad.zone).label("zone"),
        exists()
        .where(
            Member.squad_id == Rework.squad_id,
            Member.person_id == Rework.contributor_id,
            Member.status.in_([status.value for status in PRESENT]),
        )
        .label("here"),
    )
    .join(Submission, Submission.id == Rework.submission_id)
    .join(Project, Project.id == Rework.project_id)
    .join(Squad, Squad.id == Rework.squad_id)
    .join(Person, Person.id == Rework.contributor_id)
    .order_by(Rework.due_at.is_(None), Rework.due_at, Rework.id)
)


def _task(row: Row[*tuple[Any, ...]]) -> Task:
    return Task(
        stored=_stored(row),
        task=row.task,
        link=link_of(row.link_template, row.url, row.task),
        project=row.project,
        squad=row.squad,
        zone=row.zone,
    )


async def of_person(connection: AsyncConnection, workspace_id: int, person_id: int) -> list[Task]:
    """Return a person's reworks that are under way, those that are due first on top."""
    statement = _TASKS.where(
        Rework.workspace_id == workspace_id,
        Rework.contributor_id == person_id,
        Rework.state.in_(_ACTIVE),
    )
    return [_task(row) for row in await connection.execute(statement)]


async def task_of(connection: AsyncConnection, workspace_id: int, rework_id: int) -> Task | None:
    """Return one as people read it."""
    statement = _TASKS.where(Rework.workspace_id == workspace_id, Rework.id == rework_id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else _task(row)


async def of_squad(
    connection: AsyncConnection, workspace_id: int, squad_id: int
) -> list[tuple[Task, bool]]:
    """Return a squad's open reworks, and whether each one's contributor is at work in it."""
    statement = _TASKS.where(
        Rework.workspace_id == workspace_id,
        Rework.squad_id == squad_id,
        Rework.state == ReworkState.OPEN.value,
        Squad.archived_at.is_(None),
    )
    return [(_task(row), bool(row.here)) for row in await connection.execute(statement)]


async def overdue_counts(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int], now: datetime
) -> Mapping[int, int]:
    """Return how many reworks of each squad are over their time; for channels, without names."""
    statement = (
        select(Rework.squad_id, func.count())
        .where(
            Rework.workspace_id == workspace_id,
            Rework.squad_id.in_(list(squad_ids)),
            Rework.state == ReworkState.OPEN.value,
            Rework.stopped_at.is_(None),
            Rework.due_at < now,
        )
        .group_by(Rework.squad_id)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}
