"""The queue of draws in SQL: handed out to one auditor at a time, settled, and counted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, Origin
from bot.rules.draws import HELD_FOR, Coverage, DrawnTask, DrawState, SkipReason
from bot.rules.reports import Scope
from bot.rules.risk import RiskKind, RiskReason
from bot.store import draw_weights
from models import Audit, Draw, Frame, Submission

_other = Draw.__table__.alias()
_is_free = or_(
    Draw.held_at.is_(None),
    Draw.held_at <= bindparam("idle_since"),
    # What somebody holds outside of a sitting is theirs to take up again.
    and_(Draw.held_by == bindparam("auditor_id"), Draw.sitting_id.is_(None)),
)
_in_other_hands = exists().where(
    _other.c.submission_id == Draw.submission_id,
    _other.c.id != Draw.id,
    _other.c.state == DrawState.OPEN.value,
    _other.c.held_at > bindparam("idle_since"),
)
# A fix that this auditor left out is for somebody else.
_left_by_me = exists().where(
    _other.c.submission_id == Draw.submission_id,
    _other.c.rework_id == Draw.rework_id,
    _other.c.state == DrawState.SKIPPED.value,
    _other.c.held_by == bindparam("auditor_id"),
)
_FREE = (
    select(
        Draw.id,
        Draw.frame_id,
        Draw.origin,
        Draw.rework_id,
        exists()
        .where(
            Audit.workspace_id == Draw.workspace_id,
            Audit.submission_id == Draw.submission_id,
            Audit.scoring.is_(True),  # not one that was undone
        )
        .label("audited"),
    )
    .join(Submission, Submission.id == Draw.submission_id)
    .where(
        Draw.workspace_id == bindparam("workspace_id"),
        Draw.squad_id == bindparam("squad_id"),
        Draw.project_id == bindparam("project_id"),
        Draw.state == DrawState.OPEN.value,
        _is_free,
        Submission.contributor_id != bindparam("auditor_id"),
        ~_in_other_hands,
        or_(Draw.rework_id.is_(None), ~_left_by_me),
        Draw.id.not_in(bindparam("taken", expanding=True)),
    )
    .order_by(Draw.turn, Draw.id)
    .limit(bindparam("count"))
    .with_for_update(of=Draw, skip_locked=True)
)
_COUNT_FREE = (
    select(func.count())
    .select_from(Draw)
    .join(Submission, Submission.id == Draw.submission_id)
    .where(
        Draw.workspace_id == bindparam("workspace_id"),
        Draw.squad_id == bindparam("squad_id"),
        Draw.project_id == bindparam("project_id"),
        Draw.state == DrawState.OPEN.value,
        _is_free,
        Submission.contributor_id != bindparam("auditor_id"),
        or_(Draw.rework_id.is_(None), ~_left_by_me),
    )
)
_TASKS = (
    select(
        Draw.id,
        Draw.submission_id,
        Draw.project_id,
        Draw.squad_id,
        Submission.contributor_id,
        Draw.origin,
        Draw.state,
        Draw.reasons,
        Draw.rework_id,
        Draw.held_by,
        Draw.held_at,
        Draw.sitting_id,
        Draw.audit_id,
        Draw.frame_id,
        Frame.size,
        Frame.prefix,
        Draw.position,
        Draw.skip_reason,
    )
    .join(Submission, Submission.id == Draw.submission_id)
    .outerjoin(Frame, Frame.id == Draw.frame_id)
)
# Every saved task asks for it three times.
_TASK = _TASKS.where(
    Draw.workspace_id == bindparam("workspace_id"), Draw.id == bindparam("draw_id")
)
_HOLD: Final = update(Draw).where(Draw.id.in_(bindparam("draw_ids", expanding=True)))
# Drawn beside the random ones: nobody needs them once the work was audited.
_BESIDE: Final = frozenset({Origin.RISK.value, Origin.FOLLOWUP.value})
_NOBODYS: Final[Mapping[str, None]] = {"held_by": None, "held_at": None, "sitting_id": None}


async def take(
    tx: AsyncConnection,
    workspace_id: int,
    auditor_id: int,
    squad_id: int,
    project_id: int,
    count: int,
    now: datetime,
    sitting_id: int | None = None,
) -> list[int]:
    """Reserve up to `count` open draws for an auditor, in their turn; return their keys.

    Never the auditor's own work, nor a task that somebody else has in hands under another draw.
    What was idle for `HELD_FOR` is free again, and so is what the auditor holds outside of a
    sitting. Work that was audited meanwhile is not handed out: a random draw adopts that audit when
    its turn comes (and not before, or what risk audits found would be ahead of the rest of its
    frame), a risk draw or a follow-up is dropped.
    """
    taken: list[int] = []
    keys = _keys(workspace_id, auditor_id, squad_id, project_id, now)
    while len(taken) < count:
        more = keys | {"count": count - len(taken), "taken": taken}
        rows = (await tx.execute(_FREE, more)).all()
        fresh = [row.id for row in rows if not (row.audited and _is_first_look(row))]
        await _hold(tx, fresh, auditor_id, now, sitting_id)
        taken += fresh
        done = [row for row in rows if row.audited and _is_first_look(row)]
        if not done:
            break
        await _settle_audited_already(tx, workspace_id, done, now)
    return taken


def _keys(
    workspace_id: int, auditor_id: int, squad_id: int, project_id: int, now: datetime
) -> dict[str, object]:
    return {
        "workspace_id": workspace_id,
        "auditor_id": auditor_id,
        "squad_id": squad_id,
        "project_id": project_id,
        "idle_since": now - HELD_FOR,
    }


def _is_first_look(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a draw is about work that nobody need have audited before; rework and doubles are."""
    return row.rework_id is None and (row.origin == SCORING_ORIGIN.value or row.origin in _BESIDE)


async def _hold(
    tx: AsyncConnection,
    draw_ids: Sequence[int],
    auditor_id: int,
    now: datetime,
    sitting_id: int | None,
) -> None:
    if draw_ids:
        values = {"held_by": auditor_id, "held_at": now, "sitting_id": sitting_id}
        await tx.execute(_HOLD.values(**values), {"draw_ids": list(draw_ids)})


async def _settle_audited_already(
    tx: AsyncConnection, workspace_id: int, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> None:
    hunted = [row.id for row in rows if row.origin in _BESIDE]
    if hunted:
        await tx.execute(delete(Draw).where(Draw.id.in_(hunted)))
    adopting = [row for row in rows if row.origin == SCORING_ORIGIN.value]
    # In one order for everybody, or two auditors could wait for each other's frames.
    for row in sorted(adopting, key=lambda each: (each.frame_id or 0, each.id)):
        await draw_weights.adopt(tx, workspace_id, row.id, now)


async def count_free(
    connection: AsyncConnection,
    workspace_id: int,
    auditor_id: int,
    squad_id: int,
    project_id: int,
    now: datetime,
) -> int:
    """Return how many draws an auditor could take (a few may turn out to be audited already)."""
    keys = _keys(workspace_id, auditor_id, squad_id, project_id, now)
    return (await connection.execute(_COUNT_FREE, keys)).scalar_one()


async def get(connection: AsyncConnection, workspace_id: int, draw_id: int) -> DrawnTask | None:
    """Return one draw."""
    keys = {"workspace_id": workspace_id, "draw_id": draw_id}
    found = await _tasks(connection, _TASK, keys)
    return found[0] if found else None


async def many(
    connection: AsyncConnection, workspace_id: int, draw_ids: Collection[int]
) -> list[DrawnTask]:
    """Return draws in their turn."""
    wanted = _TASKS.where(_mine(workspace_id), Draw.id.in_(draw_ids))
    return await _tasks(connection, wanted.order_by(Draw.turn, Draw.id))


async def of_sitting(
    connection: AsyncConnection, workspace_id: int, sitting_id: int
) -> list[DrawnTask]:
    """Return the draws that a sitting holds or has settled, in their turn."""
    wanted = _TASKS.where(_mine(workspace_id), Draw.sitting_id == sitting_id)
    return await _tasks(connection, wanted.order_by(Draw.turn, Draw.id))


def _mine(workspace_id: int) -> Any:  # noqa: ANN401 - SQLAlchemy's expression
    return Draw.workspace_id == workspace_id


async def _tasks(
    connection: AsyncConnection,
    statement: Select[*tuple[Any, ...]],
    keys: Mapping[str, int] = MappingProxyType({}),
) -> list[DrawnTask]:
    return [
        DrawnTask(
            draw_id=row.id,
            submission_id=row.submission_id,
            project_id=row.project_id,
            squad_id=row.squad_id,
            contributor_id=row.contributor_id,
            origin=Origin(row.origin),
            state=DrawState(row.state),
            reasons=tuple(RiskReason(RiskKind(kind), about) for kind, about in row.reasons or ()),
            rework_id=row.rework_id,
            held_by=row.held_by,
            held_at=row.held_at,
            sitting_id=row.sitting_id,
            audit_id=row.audit_id,
            frame_id=row.frame_id,
            frame_size=row.size,
            frame_prefix=row.prefix,
            position=row.position,
            skip_reason=None if row.skip_reason is None else SkipReason(row.skip_reason),
        )
        for row in await connection.execute(statement, keys)
    ]


async def touch(
    tx: AsyncConnection, workspace_id: int, auditor_id: int, sitting_id: int, now: datetime
) -> int:
    """Keep a sitting's open draws reserved from now on; return how many it still has."""
    result = await tx.execute(
        update(Draw)
        .where(
            _mine(workspace_id),
            Draw.sitting_id == sitting_id,
            Draw.state == DrawState.OPEN.value,
            Draw.held_by == auditor_id,
        )
        .values(held_at=now)
    )
    return result.rowcount


async def release(
    tx: AsyncConnection,
    workspace_id: int,
    *,
    sitting_id: int | None = None,
    held_by: int | None = None,
    draw_ids: Collection[int] | None = None,
) -> int:
    """Give open draws back to the queue: a sitting's, a person's, or those named.

    Return how many. With several given, all of them have to hold; with none, nothing is released.
    """
    chosen = [
        *([Draw.sitting_id == sitting_id] if sitting_id is not None else []),
        *([Draw.held_by == held_by] if held_by is not None else []),
        *([Draw.id.in_(draw_ids)] if draw_ids is not None else []),
    ]
    if not chosen:
        return 0
    of_open = (_mine(workspace_id), Draw.state == DrawState.OPEN.value)
    result = await tx.execute(update(Draw).where(*of_open, *chosen).values(**_NOBODYS))
    return result.rowcount


async def reopen(
    tx: AsyncConnection, workspace_id: int, draw_id: int, held_by: int | None, now: datetime
) -> None:
    """Make a settled draw open again, reserved for somebody (in the sitting it belonged to)."""
    await tx.execute(
        update(Draw)
        .where(_mine(workspace_id), Draw.id == draw_id)
        .values(
            state=DrawState.OPEN.value,
            audit_id=None,
            adopted=None,
            skip_reason=None,
            skip_note=None,
            settled_at=None,
            seconds=None,
            held_by=held_by,
            held_at=None if held_by is None else now,
        )
    )


async def skip(
    tx: AsyncConnection,
    workspace_id: int,
    draw_id: int,
    reason: SkipReason,
    note: str | None,
    now: datetime,
) -> bool:
    """Mark an open draw as skipped; False if it was not open."""
    result = await tx.execute(
        update(Draw)
        .where(_mine(workspace_id), Draw.id == draw_id, Draw.state == DrawState.OPEN.value)
        .values(
            state=DrawState.SKIPPED.value,
            skip_reason=reason.value,
            skip_note=note,
            settled_at=now,
        )
    )
    return bool(result.rowcount)


async def coverage(
    connection: AsyncConnection,
    scope: Scope,
    begin: datetime,
    end: datetime,
    origin: Origin = SCORING_ORIGIN,
) -> Coverage:
    """Return what became of the draws of one origin that were made in `[begin, end)`."""
    statement = (
        select(Draw.state, Draw.skip_reason, func.count())
        .where(
            _mine(scope.workspace_id),
            Draw.squad_id == scope.squad_id,
            Draw.project_id == scope.project_id,
            Draw.origin == origin.value,
            Draw.rework_id.is_(None),
            Draw.drawn_at >= begin,
            Draw.drawn_at < end,
        )
        .group_by(Draw.state, Draw.skip_reason)
    )
    return covered((await connection.execute(statement)).all())


def covered(rows: Iterable[tuple[str, str | None, int]]) -> Coverage:
    """Sum up counts of draws by state and reason."""
    total = Coverage()
    for state, reason, n in rows:
        total += Coverage(
            drawn=n,
            audited=n if state == DrawState.AUDITED.value else 0,
            skipped=n if state == DrawState.SKIPPED.value else 0,
            expired=n if state == DrawState.EXPIRED.value else 0,
            reasons={} if reason is None else {SkipReason(reason): n},
        )
    return total
