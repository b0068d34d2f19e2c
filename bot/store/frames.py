"""Frames in SQL: where a week is cut, what passes by between two cuts, and what was drawn of it."""

import math
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, Origin
from bot.rules.draws import DrawState, turn_of
from bot.rules.frames import StoredFrame
from bot.rules.reports import Scope
from bot.rules.sampling import Draw, Group, IsoWeek
from bot.store.database import insert_or_ignore
from bot.store.imports import StaleError
from bot.store.joined import Joined, numbers
from models import Draw as DrawRow
from models import Frame as FrameRow
from models import Project, SquadProject, Submission

AT_ONCE: Final = 500
"""Rows of one statement; SQLite and PostgreSQL take at least 32,766 bound values."""

PASS: Final = 100_000
"""Submissions that are read at once, whatever a frame holds: 5 MB of keys."""


class Passing(NamedTuple):
    """Some submissions of one contributor and group, on their way past."""

    contributor_id: int
    group: Group
    submission_ids: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A frame with what is to be stored of it; `frame` is None for a new one.

    `before` is how far it was drawn, which the draws given go on from.
    """

    frame: StoredFrame | None
    made: StoredFrame
    before: int
    draws: tuple[Draw, ...]


async def cut(tx: AsyncConnection) -> int:
    """Return the key of the last submission there is: none will come later with a lower one.

    In PostgreSQL keys are given out before they are committed; locking the table in a transaction
    of its own waits for whoever is adding rows, a chunk of an import, and lets nobody begin.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(text("LOCK TABLE submissions IN SHARE MODE"))
    return (await tx.scalar(select(func.max(Submission.id)))) or 0


async def made_at(connection: AsyncConnection, scope: Scope) -> datetime | None:
    """Return when a project was set up here."""
    moment: datetime | None = await connection.scalar(
        select(Project.created_at).where(
            Project.workspace_id == scope.workspace_id, Project.id == scope.project_id
        )
    )
    return moment


def _frames(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        FrameRow.workspace_id == scope.workspace_id,
        FrameRow.project_id == scope.project_id,
        FrameRow.squad_id == scope.squad_id,
    )


def _of_week(scope: Scope, week: IsoWeek) -> tuple[ColumnElement[bool], ...]:
    return (*_frames(scope), FrameRow.iso_year == week.year, FrameRow.iso_week == week.week)


async def of_week(connection: AsyncConnection, scope: Scope, week: IsoWeek) -> list[StoredFrame]:
    """Return a week's frames, oldest first."""
    statement = select(FrameRow.__table__).where(*_of_week(scope, week)).order_by(FrameRow.id)
    return [
        StoredFrame(
            frame_id=row.id,
            contributor_id=row.contributor_id,
            week=week,
            since=row.since,
            after_id=row.after_id,
            through_id=row.through_id,
            cut_at=row.cut_at,
            seed=row.seed,
            size=row.size,
            prefix=row.prefix,
            groups=tuple((Group(batch, version), n) for batch, version, n in row.groups),
        )
        for row in await connection.execute(statement)
    ]


def _handed_in(
    scope: Scope, since: datetime, end: datetime, after: int, through: int
) -> tuple[ColumnElement[bool], ...]:
    return (
        Submission.workspace_id == scope.workspace_id,
        Submission.project_id == scope.project_id,
        Submission.squad_id == scope.squad_id,
        Submission.submitted_at >= since,
        Submission.submitted_at < end,
        Submission.id > after,
        Submission.id <= through,
    )


async def new_work(
    connection: AsyncConnection,
    scope: Scope,
    week: IsoWeek,
    since: datetime,
    end: datetime,
    *,
    through: int,
) -> dict[int, int]:
    """Return contributor -> submissions of a week up to a cut that no frame holds yet."""
    last = (
        select(FrameRow.contributor_id, func.max(FrameRow.through_id).label("through_id"))
        .where(*_of_week(scope, week))
        .group_by(FrameRow.contributor_id)
        .subquery()
    )
    statement = (
        select(Submission.contributor_id, func.count())
        .outerjoin(last, last.c.contributor_id == Submission.contributor_id)
        .where(
            *_handed_in(scope, since, end, 0, through),
            Submission.id > func.coalesce(last.c.through_id, 0),
        )
        .group_by(Submission.contributor_id)
        .order_by(Submission.contributor_id)
    )
    return {row[0]: row[1] for row in await connection.execute(statement)}


async def count(
    connection: AsyncConnection, scope: Scope, since: datetime, end: datetime, through: int
) -> int:
    """Return how many submissions of a stretch of time there are up to a cut."""
    handed_in = _handed_in(scope, since, end, 0, through)
    return (
        await connection.scalar(select(func.count()).select_from(Submission).where(*handed_in))
    ) or 0


async def passing(
    connection: AsyncConnection,
    scope: Scope,
    since: datetime,
    end: datetime,
    *,
    contributors: Collection[int] = (),
    after: int,
    through: int,
    expected: int,
) -> AsyncIterator[Passing]:
    """Yield the submissions of a week between two keys, a stretch of time after the other.

    Those of some contributors if any are named, else of all. Their keys come as one text a group,
    for a row each would cost more than all else; `expected`, how many there are about, says how
    long the stretches are.
    """
    parts = max(1, math.ceil(expected / PASS))
    for part in range(parts):
        begin = since + (end - since) * part / parts
        until = since + (end - since) * (part + 1) / parts
        few = 0 < len(contributors) <= AT_ONCE
        whose = [Submission.contributor_id.in_(contributors)] if few else []
        keys = (Submission.contributor_id, Submission.batch_id, Submission.guideline_version)
        statement = (
            select(*keys, Joined(Submission.id).label("ids"))
            .where(*_handed_in(scope, begin, until, after, through), *whose)
            .group_by(*keys)
        )
        for row in (await connection.execute(statement)).all():
            batch = None if row.batch_id is None else str(row.batch_id)
            yield Passing(
                row.contributor_id, Group(batch, row.guideline_version), numbers([row.ids])
            )


async def save(
    tx: AsyncConnection,
    scope: Scope,
    week: IsoWeek,
    known: Mapping[int, int],
    drawn: Sequence[Drawn],
    now: datetime,
) -> int:
    """Store new frames and how far old ones are drawn; return how many draws that made.

    `known` is frame -> prefix as the week stood when this was drawn. Raises StaleError if somebody
    else drew from it since. A task that is to be hunted as well is not any more, unless somebody
    has it in hands.
    """
    await tx.execute(
        select(SquadProject.id)
        .where(
            SquadProject.workspace_id == scope.workspace_id,
            SquadProject.squad_id == scope.squad_id,
            SquadProject.project_id == scope.project_id,
        )
        .with_for_update()
    )
    stored = await of_week(tx, scope, week)
    if {one.frame_id: one.prefix for one in stored} != known:
        raise StaleError
    rows = []
    for each in drawn:
        frame_id = await _put(tx, scope, each)
        rows += [_values(scope, frame_id, draw, now) for draw in each.draws]
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        await tx.execute(insert_or_ignore(tx, DrawRow).on_conflict_do_nothing(), some)
        await _not_hunted(tx, scope, [row["submission_id"] for row in some])
    return len(rows)


async def _put(tx: AsyncConnection, scope: Scope, each: Drawn) -> int:
    made = each.made
    if each.frame is not None:
        frame_id = each.frame.frame_id
        await tx.execute(update(FrameRow).where(FrameRow.id == frame_id).values(prefix=made.prefix))
        await tx.execute(
            update(DrawRow)
            .where(DrawRow.workspace_id == scope.workspace_id, DrawRow.frame_id == frame_id)
            .values(probability=made.prefix / made.size)
        )
        return frame_id
    values = {
        "workspace_id": scope.workspace_id,
        "project_id": scope.project_id,
        "squad_id": scope.squad_id,
        "contributor_id": made.contributor_id,
        "iso_year": made.week.year,
        "iso_week": made.week.week,
        "since": made.since,
        "after_id": made.after_id,
        "through_id": made.through_id,
        "cut_at": made.cut_at,
        "seed": made.seed,
        "size": made.size,
        "prefix": made.prefix,
        "groups": [[group.batch, group.version, n] for group, n in made.groups],
    }
    return (await tx.execute(insert(FrameRow).values(values).returning(FrameRow.id))).scalar_one()


def _values(scope: Scope, frame_id: int, draw: Draw, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": scope.workspace_id,
        "project_id": scope.project_id,
        "squad_id": scope.squad_id,
        "submission_id": draw.submission_id,
        "origin": SCORING_ORIGIN.value,
        "frame_id": frame_id,
        "position": draw.position,
        "probability": draw.probability,
        "turn": turn_of(SCORING_ORIGIN, position=draw.position),
        "state": DrawState.OPEN.value,
        "drawn_at": now,
    }


async def _not_hunted(tx: AsyncConnection, scope: Scope, submission_ids: Collection[int]) -> None:
    await tx.execute(
        delete(DrawRow).where(
            DrawRow.workspace_id == scope.workspace_id,
            DrawRow.submission_id.in_(submission_ids),
            DrawRow.origin.in_([Origin.RISK.value, Origin.FOLLOWUP.value]),
            DrawRow.state == DrawState.OPEN.value,
            DrawRow.rework_id.is_(None),
            DrawRow.held_by.is_(None),
        )
    )


async def positions(
    connection: AsyncConnection, workspace_id: int, frame_ids: Collection[int]
) -> dict[int, dict[int, tuple[int, str, str, str | None]]]:
    """Return frame -> position -> (submission, task, state, reason of skipping) of its draws."""
    found: dict[int, dict[int, tuple[int, str, str, str | None]]] = {}
    statement = (
        select(
            DrawRow.frame_id,
            DrawRow.position,
            DrawRow.submission_id,
            Submission.task,
            DrawRow.state,
            DrawRow.skip_reason,
        )
        .join(Submission, Submission.id == DrawRow.submission_id)
        .where(DrawRow.workspace_id == workspace_id, DrawRow.frame_id.in_(frame_ids))
        .order_by(DrawRow.frame_id, DrawRow.position)
    )
    for row in await connection.execute(statement):
        found.setdefault(row.frame_id, {})[row.position] = row[2:]
    return found
