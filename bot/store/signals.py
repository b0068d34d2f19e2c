"""Signals of the p-chart, and the days that they are read from."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import Verdict
from bot.rules.reports import Scope
from bot.rules.signals import Key, Signal
from bot.store.chain_steps import FINDINGS_OF
from bot.store.database import insert_or_ignore
from bot.store.why import counts, scored
from models import Audit, Category, Finding
from models import Signal as SignalRow


async def verdicts(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> list[tuple[datetime, bool]]:
    """Return the random audits that score, and whether they rejected the work."""
    statement = select(Audit.audited_at, Audit.verdict).where(scored(scope, begin, end))
    accepted = Verdict.ACCEPTED.value
    return [(at, verdict != accepted) for at, verdict in await connection.execute(statement)]


async def hits(
    connection: AsyncConnection, scope: Scope, begin: datetime, end: datetime
) -> list[tuple[datetime, int]]:
    """Return each category that a random audit found an error of, once for the audit."""
    statement = (
        select(Audit.id, Audit.audited_at, Finding.category_id)
        .distinct()
        .join(Finding, Finding.audit_id == FINDINGS_OF)
        .where(scored(scope, begin, end), counts(), Finding.category_id.is_not(None))
    )
    rows = await connection.execute(statement)
    return [(at, category) for _, at, category in rows if category is not None]


async def categories(connection: AsyncConnection, scope: Scope) -> dict[int, str]:
    """Return the names of the project's categories, retired ones too."""
    statement = select(Category.id, Category.name).where(
        Category.workspace_id == scope.workspace_id, Category.project_id == scope.project_id
    )
    return {row.id: row.name for row in await connection.execute(statement)}


async def reported(connection: AsyncConnection, scope: Scope, since: date) -> set[Key]:
    """Return which days from `since` on were said before."""
    statement = select(SignalRow.category_id, SignalRow.day).where(
        SignalRow.workspace_id == scope.workspace_id,
        SignalRow.squad_id == scope.squad_id,
        SignalRow.project_id == scope.project_id,
        SignalRow.day >= since,
    )
    return {(row.category_id, row.day) for row in await connection.execute(statement)}


async def add(
    tx: AsyncConnection, scope: Scope, found: Sequence[Signal], now: datetime
) -> list[int]:
    """Store signals; return the keys of those that were not there yet."""
    keys: list[int] = []
    for one in found:
        statement = (
            insert_or_ignore(tx, SignalRow)
            .values(
                workspace_id=scope.workspace_id,
                squad_id=scope.squad_id,
                project_id=scope.project_id,
                category_id=one.category_id,
                day=one.day,
                figures=one.figures,
                found_at=now,
            )
            .on_conflict_do_nothing()
            .returning(SignalRow.id)
        )
        keys += (await tx.scalars(statement)).all()
    return keys


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
