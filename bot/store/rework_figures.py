"""Figures of rework in SQL: how many tasks came back, how fast and how well they were mended.

A period is half-open UTC. A part of `bot.store.reworks`.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Integer, case, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, Step, Verdict
from bot.rules.numbers import NOTHING_COUNTED, Rate, WeightedSums, rate, rate_of_sums, spread
from bot.rules.reports import Scope
from bot.rules.reworks import ReworkFigures, ReworkState
from models import Audit, Rework

_JUDGED: Final = [ReworkState.ACCEPTED.value, ReworkState.RETURNED.value]
_fix = Audit.__table__.alias()
_first = Audit.__table__.alias()
_later = Audit.__table__.alias()
_mended_before = exists().where(
    _fix.c.chain_id == Audit.chain_id,
    _fix.c.step == Step.REWORK.value,
    tuple_(_fix.c.audited_at, _fix.c.id) < tuple_(Audit.audited_at, Audit.id),
)
_followed = exists().where(
    _later.c.chain_id == Audit.chain_id,
    _later.c.step != Step.REWORK.value,
    tuple_(_later.c.audited_at, _later.c.id) > tuple_(Audit.audited_at, Audit.id),
    ~exists().where(
        _fix.c.chain_id == _later.c.chain_id,
        _fix.c.step == Step.REWORK.value,
        tuple_(_fix.c.audited_at, _fix.c.id) < tuple_(_later.c.audited_at, _later.c.id),
    ),
)


async def rework_figures(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> ReworkFigures:
    """Return what became of the reworks of a squad's work on a project in `[begin, end)`.

    What was cancelled is in none of it, for there was nothing to mend.
    """
    mine = (
        Rework.workspace_id == scope.workspace_id,
        Rework.squad_id == scope.squad_id,
        Rework.project_id == scope.project_id,
        Rework.state != ReworkState.CANCELLED.value,
    )
    opened = await connection.scalar(
        select(func.count())
        .select_from(Rework)
        .where(*mine, Rework.round == 1, Rework.opened_at >= begin, Rework.opened_at < end)
    )
    accepted = case((Rework.state == ReworkState.ACCEPTED.value, 1), else_=0)
    judged = (
        await connection.execute(
            select(func.count(), func.coalesce(func.sum(accepted), 0)).where(
                *mine,
                Rework.round == 1,
                Rework.state.in_(_JUDGED),
                Rework.settled_at >= begin,
                Rework.settled_at < end,
            )
        )
    ).one()
    took = (
        await connection.scalars(
            select(Rework.took_s).where(
                *mine,
                Rework.took_s.is_not(None),
                Rework.fixed_at >= begin,
                Rework.fixed_at < end,
            )
        )
    ).all()
    return ReworkFigures(
        opened=int(opened or 0),
        fixed=len(took),
        second_try=rate(int(judged[1]), int(judged[0])),
        to_fix=spread(float(each) for each in took if each is not None),
        first_pass=await first_pass(connection, scope, begin, end),
    )


async def first_pass(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> Rate:
    """Return the share of work drawn at random that was accepted before any rework.

    Chains count to the period of their first audit, with the last step before any rework, as
    `rules.audits.first_pass` says: corrections and rulings of the first judgement are part of it.
    """
    drawn = select(_first.c.chain_id).where(
        _first.c.workspace_id == scope.workspace_id,
        _first.c.project_id == scope.project_id,
        _first.c.squad_id == scope.squad_id,
        _first.c.audited_at >= begin,
        _first.c.audited_at < end,
        _first.c.origin == SCORING_ORIGIN.value,
        _first.c.step == Step.DRAW.value,
    )
    is_accepted = case((Audit.verdict == Verdict.ACCEPTED.value, 1), else_=0)
    row = (
        await connection.execute(
            select(
                func.count().label("n"),
                func.count(Audit.weight).label("weighted"),
                func.sum(is_accepted, type_=Integer).label("accepted"),
                func.sum(Audit.weight).label("weight"),
                func.sum(Audit.weight * Audit.weight).label("squared"),
                func.sum(Audit.weight * is_accepted).label("weight_accepted"),
            ).where(
                Audit.workspace_id == scope.workspace_id,
                Audit.chain_id.in_(drawn),
                Audit.step != Step.REWORK.value,
                ~_mended_before,
                ~_followed,
            )
        )
    ).one()
    if not row.n or row.weighted < row.n:
        return NOTHING_COUNTED if not row.n else rate(int(row.accepted), int(row.n))
    return rate_of_sums(
        WeightedSums(
            n=int(row.n),
            weight=float(row.weight),
            weight_squared=float(row.squared),
            weight_successes=float(row.weight_accepted),
        )
    )
