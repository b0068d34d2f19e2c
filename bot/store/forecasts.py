"""Batches and the pace at which they are worked on, of all squads of their project together."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import column, exists, func, or_, select, values
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.forecasts import BatchWork
from bot.rules.projects import Batch
from bot.rules.reports import Scope
from models import Batch as BatchRow
from models import Submission


async def batches(
    connection: AsyncConnection,
    scope: Scope,
    *,
    due_since: date | None = None,
    worked_since: datetime | None = None,
) -> list[Batch]:
    """Return the batches that are still planned.

    With the two instants only those that are due since the one, or had work since the other, so
    that what was never retired costs nothing.
    """
    statement = select(
        BatchRow.id.label("batch_id"), BatchRow.name, BatchRow.size, BatchRow.due, BatchRow.priority
    ).where(
        BatchRow.workspace_id == scope.workspace_id,
        BatchRow.project_id == scope.project_id,
        BatchRow.retired_at.is_(None),
    )
    if due_since is not None and worked_since is not None:
        worked = exists().where(
            Submission.batch_id == BatchRow.id, Submission.submitted_at >= worked_since
        )
        statement = statement.where(or_(BatchRow.due >= due_since, worked))
    return [Batch(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001


async def work(
    connection: AsyncConnection, batch_ids: Sequence[int], bounds: Sequence[datetime]
) -> dict[int, BatchWork]:
    """Return what was handed in of batches before the last of the bounds.

    `bounds` are where the days begin, in order, and the end of the last one.
    """
    if not batch_ids:
        return {}
    instant = Submission.submitted_at.type
    numbered = [(n, *ends) for n, ends in enumerate(pairwise(bounds))]
    days = (
        values(
            column("n", BatchRow.id.type), column("begin_at", instant), column("end_at", instant)
        )
        .data(numbered)
        .cte("days")
    )
    handed_in = (
        select(func.count())
        .select_from(Submission)
        .where(
            Submission.batch_id == BatchRow.id,
            Submission.submitted_at >= days.c.begin_at,
            Submission.submitted_at < days.c.end_at,
        )
        # By a subquery for each day, or SQLite reads every day for each submission.
        .correlate(BatchRow, days)
        .scalar_subquery()
    )
    statement = (
        select(BatchRow.id, days.c.n, handed_in.label("done"))
        .select_from(BatchRow)
        .join(days, BatchRow.id.in_(list(batch_ids)))
    )
    counted = {key: [0] * len(numbered) for key in batch_ids}
    for key, n, done in await connection.execute(statement):
        counted[key][n] = done
    before = await _before(connection, batch_ids, bounds[0])
    return {key: _work(days, before[key]) for key, days in counted.items()}


async def _before(
    connection: AsyncConnection, batch_ids: Sequence[int], until: datetime
) -> dict[int, int]:
    """Return how many were handed in of each batch before an instant."""
    statement = (
        select(Submission.batch_id, func.count())
        .where(Submission.batch_id.in_(list(batch_ids)), Submission.submitted_at < until)
        .group_by(Submission.batch_id)
    )
    found = {row[0]: row[1] for row in await connection.execute(statement)}
    return {key: found.get(key, 0) for key in batch_ids}


def _work(days: Sequence[int], before: int) -> BatchWork:
    """Leave out the days before the batch was begun."""
    begun = 0
    if not before:
        begun = next((n for n, done in enumerate(days) if done), len(days))
    return BatchWork(done=before + sum(days), days=tuple(days[begun:]))
