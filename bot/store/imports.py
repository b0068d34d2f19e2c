"""Imported submissions in SQL: found, added and revised by the thousand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict
from bot.rules.imports import FILE_SOURCE, Handed, Identity, Kept, Place
from bot.store.keys import as_text, having
from models import Submission, SubmissionRevision

# SQLite and PostgreSQL take at least 32,766 bound values in a statement; stay far below.
AT_ONCE = 500

_COLUMNS: Final = (
    "workspace_id",
    "project_id",
    "squad_id",
    "contributor_id",
    "batch_id",
    "task",
    "submitted_at",
    "duration_s",
    "label",
    "url",
    "guideline_version",
    "source",
    "source_id",
    "revision",
    "content",
    "imported_at",
)
AT_MOST = 2_000
"""Rows that one statement can add: 32,000 values."""

_BLOCKS: Final = (AT_MOST, 1_000, 500, 250, 125, 25, 5, 1)
"""Rows of one statement: few sizes, for the driver keeps each one compiled."""

Values = tuple[object, ...]
"""One row in the order of `_COLUMNS`, which is the table's own."""

_KEPT: Final = ("duration_s", "label", "url", "guideline_version")
# PostgreSQL's deadlock and serialization failure: one of two writers is asked to try again.
_ASKED_TO_RETRY: Final = frozenset({"40P01", "40001"})


class StaleError(Exception):
    """Somebody else stored what was not there when it was looked up; look again."""


def is_race(error: Exception) -> bool:
    """Tell whether a write failed only because somebody else was writing at the same time."""
    if isinstance(error, StaleError | IntegrityError):
        return True
    if isinstance(error, Conflict):
        return error.code == "database_busy"
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state in _ASKED_TO_RETRY


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = list(items)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


async def has_any(connection: AsyncConnection, workspace_id: int, project_id: int) -> bool:
    """Tell whether a project has submissions."""
    statement = select(Submission.id).where(
        Submission.workspace_id == workspace_id, Submission.project_id == project_id
    )
    return await connection.scalar(statement.limit(1)) is not None


async def find(
    connection: AsyncConnection, place: Place, identities: Iterable[Identity]
) -> dict[Identity, Kept]:
    """Return the stored submissions among any number of identities."""
    named: list[Identity] = []
    plain: list[Identity] = []
    for each in identities:
        (named if each.source_id else plain).append(each)
    found: dict[Identity, Kept] = {}
    for some in _parts(named):
        found |= await _named(connection, place, some)
    for some in _parts(plain):
        found |= await _plain(connection, place, some)
    return found


_COMPARED: Final = (
    Submission.id,
    Submission.squad_id,
    Submission.task,
    Submission.contributor_id,
    Submission.submitted_at,
    Submission.source,
    Submission.source_id,
    Submission.revision,
    Submission.content,
)


async def _named(
    connection: AsyncConnection, place: Place, identities: Sequence[Identity]
) -> dict[Identity, Kept]:
    wanted = having(
        connection,
        [Submission.source, Submission.source_id],
        [(each.source, each.source_id) for each in identities],
        Submission.workspace_id == place.workspace_id,
        Submission.project_id == place.project_id,
        Submission.source_id.is_not(None),
    )
    rows = await connection.execute(select(*_COMPARED).select_from(wanted))
    return {
        Identity(source=row.source, source_id=row.source_id): _kept(row)
        for row in rows
        if row.id is not None
    }


async def _plain(
    connection: AsyncConnection, place: Place, identities: Sequence[Identity]
) -> dict[Identity, Kept]:
    wanted = having(
        connection,
        [Submission.task, Submission.contributor_id, Submission.submitted_at],
        [(each.task, each.contributor_id, each.submitted_at) for each in identities],
        Submission.workspace_id == place.workspace_id,
        Submission.project_id == place.project_id,
        Submission.source_id.is_(None),
    )
    rows = await connection.execute(select(*_COMPARED).select_from(wanted))
    return {
        Identity(
            task=row.task, contributor_id=row.contributor_id, submitted_at=row.submitted_at
        ): _kept(row)
        for row in rows
        if row.id is not None
    }


def _kept(row: Any) -> Kept:  # noqa: ANN401 - a row of `_COMPARED`
    return Kept(
        submission_id=row.id,
        squad_id=row.squad_id,
        task=row.task,
        contributor_id=row.contributor_id,
        revision=row.revision,
        content=row.content,
    )


def values_of(
    items: Sequence[Handed], place: Place, now: datetime, *, is_sqlite: bool
) -> list[Values]:
    """Make of submissions what `add` takes, without a lock; in SQLite instants are text."""
    moments: Iterable[object] = (item.row.submitted_at for item in items)
    stamp: object = now
    if is_sqlite:
        moments, stamp = [as_text(item.row.submitted_at) for item in items], as_text(now)
    made: list[Values] = []
    for (row, contributor_id, batch_id, content), moment in zip(items, moments, strict=True):
        _, task, _, _, duration, label, url, _, version, source, source_id = row
        origin = source if source_id is None else source or FILE_SOURCE
        said = (task, moment, duration, label, url, version, origin, source_id)
        made.append((*place, contributor_id, batch_id, *said, 1, content, stamp))
    return made


async def add(tx: AsyncConnection, values: Sequence[Values]) -> None:
    """Add submissions that are not there yet. Raises StaleError if one of them is.

    Nothing is ignored in it: to look for what is there before each row costs as much again as one
    of the table's indexes.
    """
    try:
        if tx.dialect.name == "sqlite":
            await _add_in_blocks(tx, values)
        elif values:
            rows = [dict(zip(_COLUMNS, each, strict=True)) for each in values]
            await tx.execute(insert(Submission), rows)
    except IntegrityError as error:
        raise StaleError from error


async def _add_in_blocks(tx: AsyncConnection, values: Sequence[Values]) -> None:
    """Add rows by statements of many rows each, given as plain tuples.

    SQLAlchemy takes three times as long over sixteen bound values of each of a million rows. And
    Python's sqlite3 asks for the interpreter's lock after each row of an executemany: nothing else
    could be done while SQLite writes.
    """
    start = 0
    for size in _BLOCKS:
        while len(values) - start >= size:
            block = values[start : start + size]
            await tx.exec_driver_sql(_inserting(size), tuple(chain.from_iterable(block)))
            start += size


@cache
def _inserting(n: int) -> str:
    marks = f"({', '.join('?' * len(_COLUMNS))})"
    columns = ", ".join(_COLUMNS)
    return f"INSERT INTO submissions ({columns}) VALUES {', '.join([marks] * n)}"  # noqa: S608 - our own names


async def revise(
    tx: AsyncConnection, place: Place, changes: Sequence[tuple[Kept, Handed]], now: datetime
) -> None:
    """Put what a file says now in place of what it said, which is kept as a revision.

    Raises StaleError if one of the submissions was revised by somebody else meanwhile.
    """
    if not changes:
        return
    ids = [kept.submission_id for kept, _ in changes]
    columns = [getattr(Submission, name) for name in _KEPT]
    for some in _parts(ids):
        old = select(
            Submission.workspace_id,
            Submission.id.label("submission_id"),
            Submission.revision,
            Submission.submitted_at,
            *columns,
        ).where(Submission.workspace_id == place.workspace_id, Submission.id.in_(some))
        replaced = [
            {**row._mapping, "replaced_at": now}  # noqa: SLF001 - SQLAlchemy's public name for it
            for row in await tx.execute(old)
        ]
        await tx.execute(insert(SubmissionRevision), replaced)
    for kept, item in changes:
        await _revise(tx, place, kept, item, now)


async def _revise(
    tx: AsyncConnection, place: Place, kept: Kept, item: Handed, now: datetime
) -> None:
    row = item.row
    changes: Mapping[str, object] = {
        "submitted_at": row.submitted_at,
        "duration_s": row.duration_s,
        "label": row.label,
        "url": row.url,
        "guideline_version": row.guideline_version,
        "batch_id": item.batch_id,
        "content": item.content,
        "revision": kept.revision + 1,
        "imported_at": now,
    }
    result = await tx.execute(
        update(Submission)
        .where(
            Submission.workspace_id == place.workspace_id,
            Submission.id == kept.submission_id,
            Submission.revision == kept.revision,
        )
        .values(**changes)
    )
    if not result.rowcount:
        raise StaleError
