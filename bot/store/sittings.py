"""Sittings in SQL: what an auditor has before them, how far they are, what they found in it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import UNSETTLED, FindingState, Origin, Severity, Verdict
from bot.rules.draws import DrawState, SkipReason
from bot.rules.sittings import (
    LONGEST_TASK,
    LastFinding,
    NewSitting,
    Place,
    Progress,
    Sitting,
    SittingState,
)
from bot.store import chain_steps
from models import Audit, Draw, Finding, Frame, Project, Squad, SquadProject
from models import Sitting as SittingRow

_COLUMNS = select(
    SittingRow.id,
    SittingRow.squad_id,
    SittingRow.project_id,
    Project.name.label("project"),
    Squad.name.label("squad"),
    SittingRow.auditor_id,
    SittingRow.started_by,
    SittingRow.wanted,
    SittingRow.due_at,
    SittingRow.state,
    SittingRow.started_at,
    SittingRow.seen_at,
    SittingRow.ended_at,
)
_SITTING = _COLUMNS.join(Project, Project.id == SittingRow.project_id).join(
    Squad, Squad.id == SittingRow.squad_id
)
_ONE = _SITTING.where(
    SittingRow.workspace_id == bindparam("workspace_id"), SittingRow.id == bindparam("sitting_id")
)
_MINE = and_(
    Draw.workspace_id == bindparam("workspace_id"), Draw.sitting_id == bindparam("sitting_id")
)
_HELD = and_(_MINE, Draw.state == DrawState.OPEN.value, Draw.held_by == bindparam("auditor_id"))
# Random draws make the score: whoever stops early has done those first.
_QUEUE = (
    select(Draw.id, Draw.held_at)
    .where(_HELD, Draw.id != bindparam("but"))
    .order_by(case((Draw.origin == Origin.RANDOM.value, 0), else_=1), Draw.id)
    .limit(1)
)
_COUNTS = (
    select(
        Draw.state,
        Draw.skip_reason,
        Audit.verdict,
        func.count().label("n"),
        func.coalesce(
            func.sum(case((Draw.seconds > LONGEST_TASK, LONGEST_TASK), else_=Draw.seconds)), 0
        ).label("seconds"),
        func.count(Draw.seconds).label("timed"),
    )
    .join(Audit, Audit.id == Draw.audit_id, isouter=True)
    .where(_MINE)
    .group_by(Draw.state, Draw.skip_reason, Audit.verdict)
)


class Queued(NamedTuple):
    """A draw that is next, and since when it is held."""

    draw_id: int
    held_at: datetime | None


def _sitting(row: Row[*tuple[Any, ...]]) -> Sitting:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Sitting(**values | {"state": SittingState(row.state)})


async def add(tx: AsyncConnection, workspace_id: int, new: NewSitting, now: datetime) -> int:
    """Open a sitting; returns its key."""
    values = {
        "workspace_id": workspace_id,
        "project_id": new.place.project_id,
        "squad_id": new.place.squad_id,
        "auditor_id": new.auditor_id,
        "started_by": new.started_by,
        "party": new.party,
        "wanted": new.wanted,
        "due_at": new.due_at,
        "state": SittingState.OPEN.value,
        "started_at": now,
        "seen_at": now,
    }
    statement = insert(SittingRow).values(**values).returning(SittingRow.id)
    return int((await tx.execute(statement)).scalar_one())


async def drop(tx: AsyncConnection, workspace_id: int, sitting_id: int) -> None:
    """Remove a sitting that got nothing to do."""
    await tx.execute(
        delete(SittingRow).where(
            SittingRow.workspace_id == workspace_id, SittingRow.id == sitting_id
        )
    )


async def get(connection: AsyncConnection, workspace_id: int, sitting_id: int) -> Sitting | None:
    """Return one sitting."""
    keys = {"workspace_id": workspace_id, "sitting_id": sitting_id}
    row = (await connection.execute(_ONE, keys)).one_or_none()
    return None if row is None else _sitting(row)


async def open_of(connection: AsyncConnection, workspace_id: int, auditor_id: int) -> list[Sitting]:
    """Return the open sittings of an auditor, the one they looked at last first."""
    statement = _SITTING.where(
        SittingRow.workspace_id == workspace_id,
        SittingRow.auditor_id == auditor_id,
        SittingRow.state == SittingState.OPEN.value,
    ).order_by(SittingRow.seen_at.desc(), SittingRow.id.desc())
    return [_sitting(row) for row in await connection.execute(statement)]


async def lock(tx: AsyncConnection, workspace_id: int, sitting_id: int) -> None:
    """Keep others from settling a sitting's tasks, on another device say, until this is over."""
    await tx.execute(
        select(SittingRow.id)
        .where(SittingRow.workspace_id == workspace_id, SittingRow.id == sitting_id)
        .with_for_update()  # SQLite has one writer and knows no such words
    )


async def left_behind(
    connection: AsyncConnection, workspace_id: int, before: datetime
) -> list[Sitting]:
    """Return open sittings that nobody has looked at since an instant, longest first."""
    statement = _SITTING.where(
        SittingRow.workspace_id == workspace_id,
        SittingRow.state == SittingState.OPEN.value,
        SittingRow.seen_at <= before,
    ).order_by(SittingRow.seen_at, SittingRow.id)
    return [_sitting(row) for row in await connection.execute(statement)]


async def touch(tx: AsyncConnection, workspace_id: int, sitting_id: int, now: datetime) -> None:
    """Write down that the auditor is at it."""
    await tx.execute(
        update(SittingRow)
        .where(SittingRow.workspace_id == workspace_id, SittingRow.id == sitting_id)
        .values(seen_at=now)
    )


async def end(tx: AsyncConnection, workspace_id: int, sitting_id: int, now: datetime) -> bool:
    """End a sitting; False if it has ended before."""
    statement = (
        update(SittingRow)
        .where(
            SittingRow.workspace_id == workspace_id,
            SittingRow.id == sitting_id,
            SittingRow.state == SittingState.OPEN.value,
        )
        .values(state=SittingState.ENDED.value, ended_at=now, seen_at=now)
    )
    return bool((await tx.execute(statement)).rowcount)


async def queue(
    connection: AsyncConnection, workspace_id: int, sitting: Sitting, but: int = 0
) -> Queued | None:
    """Return what is next in a sitting and still held by its auditor, leaving one draw out."""
    keys = _keys(workspace_id, sitting) | {"but": but}
    row = (await connection.execute(_QUEUE, keys)).one_or_none()
    return None if row is None else Queued(row.id, row.held_at)


async def progress(connection: AsyncConnection, workspace_id: int, sitting: Sitting) -> Progress:
    """Return how far a sitting is."""
    audited = accepted = left = seconds = timed = 0
    skipped: dict[SkipReason, int] = {}
    for row in await connection.execute(_COUNTS, _keys(workspace_id, sitting)):
        seconds, timed = seconds + row.seconds, timed + row.timed
        if row.state == DrawState.OPEN.value:
            left += row.n
        elif row.state == DrawState.SKIPPED.value:
            reason = SkipReason(row.skip_reason)
            skipped[reason] = skipped.get(reason, 0) + row.n
        else:
            audited += row.n
            accepted += row.n * (row.verdict == Verdict.ACCEPTED.value)
    return Progress(
        wanted=sitting.wanted,
        audited=audited,
        accepted=accepted,
        skipped=skipped,
        left=left,
        seconds=seconds,
        timed=timed,
    )


def _keys(workspace_id: int, sitting: Sitting) -> dict[str, int]:
    return {
        "workspace_id": workspace_id,
        "sitting_id": sitting.id,
        "auditor_id": sitting.auditor_id,
    }


async def last_settled(
    connection: AsyncConnection, workspace_id: int, sitting_id: int
) -> Row[*tuple[Any, ...]] | None:
    """Return what a sitting settled last, None before the first: id, state, audit_id, task."""
    statement = (
        select(Draw.id, Draw.state, Draw.audit_id, Draw.submission_id, Draw.rework_id)
        .where(
            Draw.workspace_id == workspace_id,
            Draw.sitting_id == sitting_id,
            Draw.settled_at.is_not(None),
        )
        .order_by(Draw.settled_at.desc(), Draw.id.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).one_or_none()


async def last_finding(
    connection: AsyncConnection, workspace_id: int, sitting_id: int
) -> LastFinding | None:
    """Return the newest finding of a sitting that found something wrong."""
    statement = (
        select(Finding.category_id, Finding.severity, Finding.section, Finding.note)
        .join(Draw, Draw.audit_id == Finding.audit_id)
        .where(
            Draw.workspace_id == workspace_id,
            Draw.sitting_id == sitting_id,
            Finding.severity != Severity.PRAISE.value,
        )
        .order_by(Finding.id.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    return LastFinding(
        category_id=row.category_id,
        severity=Severity(row.severity),
        section=row.section,
        note=row.note,
    )


async def stands_for(
    connection: AsyncConnection, workspace_id: int, sitting_id: int
) -> tuple[int, int]:
    """Return how much work the random draws of a sitting were drawn from, and how many they are."""
    frames = (
        select(Frame.id, Frame.size, func.count().label("drawn"))
        .join(Draw, Draw.frame_id == Frame.id)
        .where(Draw.workspace_id == workspace_id, Draw.sitting_id == sitting_id)
        .group_by(Frame.id, Frame.size)
        .subquery()
    )
    row = (
        await connection.execute(
            select(
                func.coalesce(func.sum(frames.c.size), 0),
                func.coalesce(func.sum(frames.c.drawn), 0),
            )
        )
    ).one()
    return int(row[0]), int(row[1])


async def found_in(
    connection: AsyncConnection, workspace_id: int, sitting_id: int
) -> tuple[int, int]:
    """Return how many findings a sitting made, and with how many contributors."""
    statement = (
        select(func.count(Finding.id), func.count(Audit.contributor_id.distinct()))
        .join(Audit, Audit.id == Finding.audit_id)
        .join(Draw, Draw.audit_id == Audit.id)
        .where(Draw.workspace_id == workspace_id, Draw.sitting_id == sitting_id)
    )
    row = (await connection.execute(statement)).one()
    return int(row[0]), int(row[1])


async def places(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int]
) -> list[Place]:
    """Return which squads work on which projects."""
    statement = (
        select(
            Squad.id.label("squad_id"),
            Squad.name.label("squad"),
            Squad.zone,
            Project.id.label("project_id"),
            Project.name.label("project"),
        )
        .join(SquadProject, SquadProject.squad_id == Squad.id)
        .join(Project, Project.id == SquadProject.project_id)
        .where(SquadProject.workspace_id == workspace_id, Squad.id.in_(squad_ids))
        .order_by(Project.name, Squad.name)
    )
    return [Place(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001


async def undone_chains(
    connection: AsyncConnection, workspace_id: int, chain_ids: Collection[int]
) -> frozenset[int]:
    """Return those chains of which nothing scores: their one audit was undone in a sitting."""
    if not chain_ids:
        return frozenset()
    statement = (
        select(Audit.chain_id)
        .where(Audit.workspace_id == workspace_id, Audit.chain_id.in_(chain_ids))
        .group_by(Audit.chain_id)
        .having(func.max(case((Audit.scoring, 1), else_=0)) == 0)
    )
    return frozenset((await connection.scalars(statement)).all())


async def undo_audit(tx: AsyncConnection, workspace_id: int, audit_id: int, now: datetime) -> None:
    """Take an audit that nobody was told of out of the score, and withdraw its findings."""
    await tx.execute(
        update(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.id == audit_id)
        .values(scoring=False)
    )
    await tx.execute(
        update(Finding)
        .where(
            Finding.workspace_id == workspace_id,
            Finding.audit_id == audit_id,
            Finding.state.in_([state.value for state in UNSETTLED]),
        )
        .values(state=FindingState.WITHDRAWN.value, settled_at=now)
    )


async def undo_judgement(tx: AsyncConnection, workspace_id: int, audit_id: int) -> None:
    """Remove the judgement of a fix that nobody was told of: what its chain said before holds."""
    mine = (Audit.workspace_id == workspace_id, Audit.id == audit_id)
    chain_id = await tx.scalar(select(Audit.chain_id).where(*mine))
    await tx.execute(
        delete(Finding).where(Finding.workspace_id == workspace_id, Finding.audit_id == audit_id)
    )
    await tx.execute(delete(Audit).where(*mine))
    await chain_steps.rescore(tx, workspace_id, [chain_id or 0])
