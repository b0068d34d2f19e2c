"""Signals of the p-chart, and the days that they are read from, of many squads at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import SCORING_ORIGIN, Verdict
from bot.rules.reports import Scope
from bot.rules.signals import DAYS, Counts, Key, Pair, Signal
from bot.store.chain_steps import FINDINGS_OF
from bot.store.database import insert_or_ignore
from bot.store.why import counts as is_error
from models import Audit, Category, Finding, SquadProject
from models import Signal as SignalRow

_EDGES: Final = [bindparam(f"edge{n}", type_=Audit.audited_at.type) for n in range(DAYS + 1)]
_DAY: Final = case(
    *((Audit.audited_at < edge, n) for n, edge in enumerate(_EDGES[1:-1])), else_=DAYS - 1
)

_EACH: Final = (SquadProject.squad_id, SquadProject.project_id, Audit.id, _DAY.label("day"))


def _audited(begin: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for the random audits that score of a squad's project."""
    return and_(
        Audit.workspace_id == SquadProject.workspace_id,
        Audit.project_id == SquadProject.project_id,
        Audit.squad_id == SquadProject.squad_id,
        Audit.audited_at >= begin,
        Audit.audited_at < end,
        Audit.scoring,
        Audit.origin == SCORING_ORIGIN.value,
    )


_THESE: Final = and_(
    SquadProject.workspace_id == bindparam("workspace", type_=BigInteger),
    SquadProject.squad_id.in_(bindparam("squads", expanding=True, type_=BigInteger)),
)
_FRESH: Final = select(SquadProject.squad_id, SquadProject.project_id).where(
    _THESE,
    select(Audit.scoring).where(_audited(_EDGES[0], _EDGES[1])).correlate(SquadProject).exists(),
)


# Joined from the outside, for else SQLite begins with all audits of the workspace; and within a
# statement of their own, for PostgreSQL takes a day that is said twice for two of them.


def _verdicts() -> Select[*tuple[Any, ...]]:
    each = (
        select(
            *_EACH,
            case((Audit.verdict == Verdict.ACCEPTED.value, 0), else_=1).label("rejected"),
        )
        .join(Audit, _audited(_EDGES[0], _EDGES[-1]), isouter=True)
        .where(_THESE)
        .subquery()
    )
    by = (each.c.squad_id, each.c.project_id, each.c.day)
    return select(*by, func.count(each.c.id), func.sum(each.c.rejected)).group_by(*by)


def _hits() -> Select[*tuple[Any, ...]]:
    error = and_(Finding.audit_id == FINDINGS_OF, is_error(), Finding.category_id.is_not(None))
    each = (
        select(*_EACH, Finding.category_id)
        .distinct()
        # What the audit itself says spares a look at the findings of those without errors.
        .join(Audit, and_(_audited(_EDGES[0], _EDGES[-1]), Audit.errors > 0), isouter=True)
        .join(Finding, error, isouter=True)
        .where(_THESE)
        .subquery()
    )
    by = (each.c.squad_id, each.c.project_id, each.c.category_id, each.c.day)
    return select(*by, func.count()).group_by(*by)


# Built once: making statements of this size anew takes longer than running them.
_VERDICT_STATEMENT: Final = _verdicts()
_HIT_STATEMENT: Final = _hits()


async def audited(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    begin: datetime,
    end: datetime,
) -> set[Pair]:
    """Return which of the squads' projects had random audits that score, in `[begin, end)`."""
    keys = {"workspace": workspace_id, "squads": list(squad_ids), "edge0": begin, "edge1": end}
    return {(squad, project) for squad, project in await connection.execute(_FRESH, keys)}


async def count(
    connection: AsyncConnection,
    workspace_id: int,
    squad_ids: Collection[int],
    days: Sequence[date],
    begins: Sequence[datetime],
) -> dict[Pair, Counts]:
    """Return the random audits that score of the squads' projects, by working day.

    `begins` are when these days begin, and when the last is over; at most `DAYS` days.
    """
    padded = [*begins, *[begins[-1]] * (DAYS + 1 - len(begins))]
    keys = {"workspace": workspace_id, "squads": list(squad_ids)} | {
        f"edge{n}": at for n, at in enumerate(padded)
    }
    audits: defaultdict[Pair, dict[date, int]] = defaultdict(dict)
    rejected: defaultdict[Pair, dict[date, int]] = defaultdict(dict)
    hits: defaultdict[Pair, dict[int, dict[date, int]]] = defaultdict(dict)
    for squad, project, day, n, wrong in await connection.execute(_VERDICT_STATEMENT, keys):
        if n:
            audits[squad, project][days[day]] = n
            rejected[squad, project][days[day]] = wrong
    for squad, project, category, day, n in await connection.execute(_HIT_STATEMENT, keys):
        if category is not None:
            hits[squad, project].setdefault(category, {})[days[day]] = n
    return {pair: Counts(audits[pair], rejected[pair], hits[pair]) for pair in audits}


async def categories(
    connection: AsyncConnection, workspace_id: int, project_ids: Collection[int]
) -> dict[int, str]:
    """Return the names of the projects' categories, retired ones too."""
    statement = select(Category.id, Category.name).where(
        Category.workspace_id == workspace_id, Category.project_id.in_(list(project_ids))
    )
    return {row.id: row.name for row in await connection.execute(statement)}


async def reported(
    connection: AsyncConnection, workspace_id: int, squad_ids: Collection[int], since: date
) -> dict[Pair, set[Key]]:
    """Return which days from `since` on were said before, by squad and project."""
    these = select(
        SignalRow.squad_id, SignalRow.project_id, SignalRow.category_id, SignalRow.day
    ).where(
        SignalRow.workspace_id == workspace_id,
        SignalRow.squad_id.in_(list(squad_ids)),
        SignalRow.day >= since,
    )
    # Each half has an index of its own.
    statement = union_all(
        these.where(SignalRow.category_id.is_(None)),
        these.where(SignalRow.category_id.is_not(None)),
    )
    said: defaultdict[Pair, set[Key]] = defaultdict(set)
    for squad, project, category, day in await connection.execute(statement):
        said[squad, project].add((category, day))
    return said


async def add(
    tx: AsyncConnection,
    workspace_id: int,
    found: Iterable[tuple[Pair, Signal]],
    now: datetime,
) -> dict[tuple[Pair, Key], int]:
    """Store signals; return the keys of those that were not there yet."""
    rows = [
        {
            "workspace_id": workspace_id,
            "squad_id": squad,
            "project_id": project,
            "category_id": one.category_id,
            "day": one.day,
            "figures": one.figures,
            "found_at": now,
        }
        for (squad, project), one in found
    ]
    if not rows:
        return {}
    statement = (
        insert_or_ignore(tx, SignalRow)
        .on_conflict_do_nothing()
        .returning(
            SignalRow.id,
            SignalRow.squad_id,
            SignalRow.project_id,
            SignalRow.category_id,
            SignalRow.day,
        )
    )
    made = await tx.execute(statement, rows)
    return {((squad, project), (category, day)): key for key, squad, project, category, day in made}


async def get(
    connection: AsyncConnection, scope: Scope, keys: Collection[int]
) -> tuple[Signal, ...]:
    """Return the signals of a project among some, by day and category."""
    if not keys:
        return ()
    statement = (
        select(SignalRow.category_id, Category.name, SignalRow.day, SignalRow.figures)
        .join(Category, Category.id == SignalRow.category_id, isouter=True)
        .where(
            SignalRow.workspace_id == scope.workspace_id,
            SignalRow.squad_id == scope.squad_id,
            SignalRow.project_id == scope.project_id,
            SignalRow.id.in_(list(keys)),
        )
        .order_by(SignalRow.day, Category.name.nulls_first())
    )
    return tuple(
        Signal(category_id=category_id, category=name, day=day, **figures)
        for category_id, name, day, figures in await connection.execute(statement)
    )
