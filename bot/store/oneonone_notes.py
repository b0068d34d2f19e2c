"""Notes of one-on-ones in SQL, and what people were coached on in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.coaching_effects import Taught
from bot.rules.oneonone_notes import Category as Choice
from bot.rules.oneonone_packs import CoachedOn, Notes
from bot.store.database import insert_or_ignore
from models import Category, Coached, OneOnOne, OneOnOneNote, Project, SquadProject


class Lesson(NamedTuple):
    """A coaching as it is stored: on which category of which project."""

    person_id: int
    project_id: int
    category_id: int
    on: CoachedOn


def _notes() -> Select[*tuple[Any, ...]]:
    return select(
        OneOnOneNote.one_on_one_id,
        OneOnOne.starts_at,
        OneOnOneNote.shared,
        OneOnOneNote.own,
        OneOnOneNote.revision,
    ).join(OneOnOne, OneOnOne.id == OneOnOneNote.one_on_one_id)


def _record(row: Any) -> Notes:  # noqa: ANN401 - SQLAlchemy's row
    return Notes(
        one_on_one_id=row.one_on_one_id,
        starts_at=row.starts_at,
        shared=row.shared,
        own=row.own,
        revision=row.revision,
    )


async def get(connection: AsyncConnection, workspace_id: int, one_on_one_id: int) -> Notes | None:
    """Return the notes of a meeting, both kinds; who may read which is not decided here."""
    mine = (OneOnOneNote.workspace_id == workspace_id) & (
        OneOnOneNote.one_on_one_id == one_on_one_id
    )
    row = (await connection.execute(_notes().where(mine))).one_or_none()
    return None if row is None else _record(row)


async def noted(
    connection: AsyncConnection, workspace_id: int, one_on_one_ids: Collection[int]
) -> set[int]:
    """Return which of these meetings have notes."""
    statement = select(OneOnOneNote.one_on_one_id).where(
        OneOnOneNote.workspace_id == workspace_id,
        OneOnOneNote.one_on_one_id.in_(list(one_on_one_ids)),
    )
    return set((await connection.scalars(statement)).all())


async def of_pairs(
    connection: AsyncConnection, workspace_id: int, pair_ids: Collection[int], since: datetime
) -> dict[int, list[Notes]]:
    """Return the notes of pairs of meetings from `since` on, newest first, empty ones left out."""
    statement = (
        _notes()
        .add_columns(OneOnOne.pair_id)
        .where(
            OneOnOneNote.workspace_id == workspace_id,
            OneOnOne.pair_id.in_(list(pair_ids)),
            OneOnOne.starts_at >= since,
        )
        .order_by(OneOnOne.starts_at.desc(), OneOnOne.id.desc())
    )
    found: dict[int, list[Notes]] = {}
    for row in await connection.execute(statement):
        if row.shared or row.own:
            found.setdefault(row.pair_id, []).append(_record(row))
    return found


async def save(
    tx: AsyncConnection,
    workspace_id: int,
    one_on_one_id: int,
    *,
    shared: str,
    own: str | None,
    revision: int,
    by: int,
    now: datetime,
) -> bool:
    """Store notes over those of `revision` (0: none yet); False if somebody saved meanwhile.

    With `own` None the manager's own stay as they are.
    """
    if revision == 0:
        statement = insert_or_ignore(tx, OneOnOneNote).values(
            workspace_id=workspace_id,
            one_on_one_id=one_on_one_id,
            shared=shared,
            own=own or "",
            revision=1,
            edited_by=by,
            edited_at=now,
        )
        result = await tx.execute(
            statement.on_conflict_do_nothing(index_elements=["workspace_id", "one_on_one_id"])
        )
        return bool(result.rowcount)
    values = {"shared": shared, "revision": revision + 1, "edited_by": by, "edited_at": now}
    if own is not None:
        values["own"] = own
    result = await tx.execute(
        update(OneOnOneNote)
        .where(
            OneOnOneNote.workspace_id == workspace_id,
            OneOnOneNote.one_on_one_id == one_on_one_id,
            OneOnOneNote.revision == revision,
        )
        .values(**values)
    )
    return bool(result.rowcount)


async def categories(connection: AsyncConnection, workspace_id: int, squad_id: int) -> list[Choice]:
    """Return the error categories in use of a squad's projects."""
    statement = (
        select(Category.project_id, Category.id, Project.name.label("project"), Category.name)
        .join(Project, Project.id == Category.project_id)
        .join(SquadProject, SquadProject.project_id == Project.id)
        .where(
            Category.workspace_id == workspace_id,
            SquadProject.squad_id == squad_id,
            Category.retired_at.is_(None),
        )
        .order_by(Project.name, Category.position, Category.id)
    )
    return [
        Choice(project_id=row.project_id, category_id=row.id, project=row.project, name=row.name)
        for row in await connection.execute(statement)
    ]


async def teach(
    tx: AsyncConnection, workspace_id: int, one_on_one_id: int, **values: object
) -> None:
    """Store what somebody was coached on in a meeting; the last word on it counts."""
    statement = insert_or_ignore(tx, Coached).values(
        workspace_id=workspace_id, one_on_one_id=one_on_one_id, **values
    )
    changed = {name: values[name] for name in ("project_id", "category_id", "by_id")}
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "one_on_one_id"], set_=changed
        )
    )


async def taught_in(
    connection: AsyncConnection, workspace_id: int, one_on_one_id: int
) -> tuple[int, int] | None:
    """Return (project, category) that a meeting coached on."""
    statement = select(Coached.project_id, Coached.category_id).where(
        Coached.workspace_id == workspace_id, Coached.one_on_one_id == one_on_one_id
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else (row.project_id, row.category_id)


async def lessons(
    connection: AsyncConnection, workspace_id: int, squad_id: int, since: datetime
) -> list[Lesson]:
    """Return what was coached in a squad from `since` on, newest first."""
    statement = (
        select(
            Coached.person_id,
            Coached.project_id,
            Coached.category_id,
            Coached.coached_at,
            Category.name,
            Project.name.label("project"),
        )
        .join(Category, Category.id == Coached.category_id)
        .join(Project, Project.id == Coached.project_id)
        .where(
            Coached.workspace_id == workspace_id,
            Coached.squad_id == squad_id,
            Coached.coached_at >= since,
        )
        .order_by(Coached.coached_at.desc(), Coached.id.desc())
    )
    return [
        Lesson(
            row.person_id,
            row.project_id,
            row.category_id,
            CoachedOn(category=row.name, project=row.project, at=row.coached_at),
        )
        for row in await connection.execute(statement)
    ]


async def taught(
    connection: AsyncConnection,
    workspace_id: int,
    squad_id: int,
    category_id: int,
    since: datetime,
) -> list[Taught]:
    """Return who in a squad was coached on a category from `since` on."""
    statement = select(Coached.person_id, Coached.led_from, Coached.coached_at).where(
        Coached.workspace_id == workspace_id,
        Coached.squad_id == squad_id,
        Coached.category_id == category_id,
        Coached.coached_at >= since,
    )
    return [
        Taught(row.person_id, row.led_from, row.coached_at)
        for row in await connection.execute(statement)
    ]
