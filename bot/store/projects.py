"""Projects, which squads work on them, their taxonomy and their batches in SQL."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.audits import Severity
from bot.rules.projects import (
    Batch,
    Category,
    Change,
    NewBatch,
    NewCategory,
    Project,
    ProjectForm,
    Stored,
)
from bot.store.database import insert_or_ignore
from models import Batch as BatchRow
from models import Category as CategoryRow
from models import Project as ProjectRow
from models import SquadProject

# SQLite and PostgreSQL take at least 32,766 bound values in a statement; stay far below.
AT_ONCE = 1_000

_PROJECT = (
    ProjectRow.id.label("project_id"),
    ProjectRow.name,
    ProjectRow.link_template,
    ProjectRow.acceptance_criteria,
    ProjectRow.planned_volume,
    ProjectRow.audits_per_week,
)


_BATCH = (
    BatchRow.id.label("batch_id"),
    BatchRow.name,
    BatchRow.size,
    BatchRow.due,
    BatchRow.priority,
)


async def create(tx: AsyncConnection, workspace_id: int, name: str, now: datetime) -> int:
    """Add a project and return its key; ask `by_name` first, for names are unique."""
    statement = (
        insert(ProjectRow)
        .values(workspace_id=workspace_id, name=name, created_at=now)
        .returning(ProjectRow.id)
    )
    return (await tx.execute(statement)).scalar_one()


async def change(
    tx: AsyncConnection, workspace_id: int, project_id: int, form: ProjectForm
) -> None:
    """Change what a form says of a project itself: None keeps, "" and 0 empty."""
    said = {
        "name": form.name,
        "link_template": form.link_template,
        "acceptance_criteria": form.acceptance_criteria,
        "planned_volume": form.planned_volume,
        "audits_per_week": form.audits_per_week,
    }
    values = {column: value or None for column, value in said.items() if value is not None}
    if values:
        await tx.execute(
            update(ProjectRow)
            .where(ProjectRow.workspace_id == workspace_id, ProjectRow.id == project_id)
            .values(**values)
        )


async def get(connection: AsyncConnection, workspace_id: int, project_id: int) -> Project | None:
    """Return a project."""
    statement = select(*_PROJECT).where(
        ProjectRow.workspace_id == workspace_id, ProjectRow.id == project_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Project(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


async def by_name(connection: AsyncConnection, workspace_id: int, name: str) -> Project | None:
    """Return the project of this name, in whatever case it was typed."""
    wanted = name.strip().casefold()
    statement = select(ProjectRow.id, ProjectRow.name).where(
        ProjectRow.workspace_id == workspace_id
    )
    found = [row for row in await connection.execute(statement) if row.name.casefold() == wanted]
    found.sort(key=lambda row: row.name != name.strip())
    return await get(connection, workspace_id, found[0].id) if found else None


async def of_squad(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Project]:
    """Return the projects a squad works on, by name."""
    statement = (
        select(*_PROJECT)
        .join(SquadProject, SquadProject.project_id == ProjectRow.id)
        .where(SquadProject.workspace_id == workspace_id, SquadProject.squad_id == squad_id)
        .order_by(ProjectRow.name)
    )
    return [Project(**row._mapping) for row in await connection.execute(statement)]  # noqa: SLF001 - as above


async def squads_of(
    connection: AsyncConnection, workspace_id: int, project_id: int
) -> frozenset[int]:
    """Return the squads that work on a project."""
    statement = select(SquadProject.squad_id).where(
        SquadProject.workspace_id == workspace_id, SquadProject.project_id == project_id
    )
    return frozenset((await connection.scalars(statement)).all())


async def link_squad(
    tx: AsyncConnection, workspace_id: int, squad_id: int, project_id: int
) -> bool:
    """Let a squad work on a project; False if it does already."""
    statement = (
        insert_or_ignore(tx, SquadProject)
        .values(workspace_id=workspace_id, squad_id=squad_id, project_id=project_id)
        .on_conflict_do_nothing(index_elements=["workspace_id", "squad_id", "project_id"])
    )
    return bool((await tx.execute(statement)).rowcount)


async def categories(
    connection: AsyncConnection, workspace_id: int, project_id: int, *, retired: bool = False
) -> list[Category]:
    """Return a project's error categories in their order; with `retired` those too."""
    statement = (
        select(
            CategoryRow.id,
            CategoryRow.name,
            CategoryRow.definition,
            CategoryRow.severity,
            CategoryRow.section,
            CategoryRow.position,
            CategoryRow.retired_at,
        )
        .where(CategoryRow.workspace_id == workspace_id, CategoryRow.project_id == project_id)
        .order_by(CategoryRow.position, CategoryRow.name)
    )
    if not retired:
        statement = statement.where(CategoryRow.retired_at.is_(None))
    return [
        Category(
            category_id=row.id,
            name=row.name,
            definition=row.definition,
            severity=Severity(row.severity),
            section=row.section,
            position=row.position,
            retired=row.retired_at is not None,
        )
        for row in await connection.execute(statement)
    ]


async def set_categories(
    tx: AsyncConnection, workspace_id: int, project_id: int, given: Sequence[NewCategory]
) -> Mapping[str, Stored]:
    """Store categories in the order given, reviving retired ones; return name -> what happened.

    One that differs from a stored one in case only is that one, renamed. Those not given stay.
    """
    known = await categories(tx, workspace_id, project_id, retired=True)
    by_exact = {category.name: category for category in known}
    by_fold = {category.name.casefold(): category for category in reversed(known)}
    stored: dict[str, Stored] = {}
    for position, new in enumerate(given):
        old = by_exact.get(new.name) or by_fold.get(new.name.casefold())
        values = _category_values(new, old, position)
        if old is None:
            statement = (
                insert(CategoryRow)
                .values(workspace_id=workspace_id, project_id=project_id, **values)
                .returning(CategoryRow.id)
            )
            key = (await tx.execute(statement)).scalar_one()
            stored[new.name] = Stored(key, Change.NEW)
            continue
        revised = old.retired or any(
            getattr(old, name) != value for name, value in values.items() if name != "position"
        )
        await tx.execute(
            update(CategoryRow)
            .where(CategoryRow.workspace_id == workspace_id, CategoryRow.id == old.category_id)
            .values(retired_at=None, **values)
        )
        stored[new.name] = Stored(old.category_id, Change.REVISED if revised else Change.UNCHANGED)
    return stored


def _category_values(new: NewCategory, old: Category | None, position: int) -> dict[str, object]:
    return {
        "name": new.name,
        "definition": new.definition or (old.definition if old else None),
        "severity": new.severity,
        "section": new.section or (old.section if old else None),
        "position": position,
    }


async def retire_categories(
    tx: AsyncConnection, workspace_id: int, category_ids: Collection[int], now: datetime
) -> int:
    """Offer categories no longer; old findings keep them. Returns how many were retired now."""
    statement = (
        update(CategoryRow)
        .where(
            CategoryRow.workspace_id == workspace_id,
            CategoryRow.id.in_(list(category_ids)),
            CategoryRow.retired_at.is_(None),
        )
        .values(retired_at=now)
    )
    return (await tx.execute(statement)).rowcount


async def batches(connection: AsyncConnection, workspace_id: int, project_id: int) -> list[Batch]:
    """Return a project's batches: by priority, then by due day, those without one last."""
    statement = (
        select(*_BATCH)
        .where(
            BatchRow.workspace_id == workspace_id,
            BatchRow.project_id == project_id,
            BatchRow.retired_at.is_(None),
        )
        .order_by(
            BatchRow.priority.is_(None),
            BatchRow.priority,
            BatchRow.due.is_(None),
            BatchRow.due,
            BatchRow.id,
        )
    )
    return [_batch(row) for row in await connection.execute(statement)]


async def ensure_batches(
    tx: AsyncConnection,
    workspace_id: int,
    project_id: int,
    given: Sequence[NewBatch],
    now: datetime,
    *,
    revive: bool = True,
) -> Mapping[str, Stored]:
    """Add batches or change them; return name -> what happened. Any number, each name once.

    A retired one comes back into the plan, unless `revive` is False: that work was done in it
    does not make it planned.
    """
    stored: dict[str, Stored] = {}
    for some in _chunks(given):
        known = await _named(tx, workspace_id, project_id, [batch.name for batch in some])
        fresh = [batch for batch in some if batch.name not in known]
        if fresh:
            keys = await _add_batches(tx, workspace_id, project_id, fresh, now)
            stored |= {name: Stored(key, Change.NEW) for name, key in keys.items()}
        for batch in some:
            if batch.name in known:
                old, retired = known[batch.name]
                comes_back = retired and revive
                stored[batch.name] = await _revise(
                    tx, workspace_id, old, batch, comes_back=comes_back
                )
    return stored


def _chunks(given: Sequence[NewBatch]) -> Iterator[Sequence[NewBatch]]:
    for start in range(0, len(given), AT_ONCE):
        yield given[start : start + AT_ONCE]


async def _named(
    connection: AsyncConnection, workspace_id: int, project_id: int, names: Sequence[str]
) -> dict[str, tuple[Batch, bool]]:
    """Return name -> (batch, whether it is retired)."""
    statement = select(*_BATCH, BatchRow.retired_at).where(
        BatchRow.workspace_id == workspace_id,
        BatchRow.project_id == project_id,
        BatchRow.name.in_(names),
    )
    return {
        row.name: (_batch(row), row.retired_at is not None)
        for row in await connection.execute(statement)
    }


def _batch(row: Row[*tuple[Any, ...]]) -> Batch:
    return Batch(
        batch_id=row.batch_id, name=row.name, size=row.size, due=row.due, priority=row.priority
    )


async def _add_batches(
    tx: AsyncConnection,
    workspace_id: int,
    project_id: int,
    fresh: Sequence[NewBatch],
    now: datetime,
) -> dict[str, int]:
    rows = [
        {
            "workspace_id": workspace_id,
            "project_id": project_id,
            "name": batch.name,
            "size": batch.size,
            "due": batch.due,
            "priority": batch.priority,
            "created_at": now,
        }
        for batch in fresh
    ]
    statement = insert(BatchRow).returning(BatchRow.id, BatchRow.name)
    return {row.name: row.id for row in await tx.execute(statement, rows)}


async def _revise(
    tx: AsyncConnection, workspace_id: int, old: Batch, new: NewBatch, *, comes_back: bool
) -> Stored:
    said = {"size": new.size, "due": new.due, "priority": new.priority}
    values: dict[str, Any] = {
        name: value
        for name, value in said.items()
        if value is not None and value != getattr(old, name)
    }
    if comes_back:
        values["retired_at"] = None
    if not values:
        return Stored(old.batch_id, Change.UNCHANGED)
    await tx.execute(
        update(BatchRow)
        .where(BatchRow.workspace_id == workspace_id, BatchRow.id == old.batch_id)
        .values(**values)
    )
    return Stored(old.batch_id, Change.REVISED)


async def retire_batches(
    tx: AsyncConnection, workspace_id: int, batch_ids: Collection[int], now: datetime
) -> int:
    """Take batches out of the plan; the work done in them keeps them. Returns how many went."""
    statement = (
        update(BatchRow)
        .where(
            BatchRow.workspace_id == workspace_id,
            BatchRow.id.in_(list(batch_ids)),
            BatchRow.retired_at.is_(None),
        )
        .values(retired_at=now)
    )
    return (await tx.execute(statement)).rowcount
