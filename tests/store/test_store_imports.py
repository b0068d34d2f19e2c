"""Lookups by many keys use the index, and the bulk insert writes what the mapping would."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.imports import Handed, Place
from bot.rules.intake import SubmissionRow
from bot.store import imports
from bot.store.database import Database
from bot.store.keys import having
from models import Submission
from tests.services.import_world import NOW, open_world, table

COLUMNS = [Submission.task, Submission.contributor_id, Submission.submitted_at]


async def test_the_columns_of_the_bulk_insert_stand_in_the_tables_order() -> None:
    table_order = [column.name for column in Submission.__table__.columns if column.name != "id"]
    assert list(imports._COLUMNS) == table_order


async def test_what_is_added_in_bulk_reads_back_as_it_was(database: Database) -> None:
    world = await open_world(database)
    start = [["T-0", "ana", "2026-03-04T10:00:00Z"]]
    await world.submissions(table("task,contributor,submitted_at", start))
    (first,) = await world.rows(Submission)
    place = Place(first.workspace_id, first.project_id, first.squad_id)
    moment = datetime(2026, 3, 4, 11, tzinfo=UTC)
    row = SubmissionRow(2, "T-1", "ana", moment, 1.25, "cät \"'", None, None, "v1", "ls", "9")
    async with database.write() as tx:
        items = [Handed(row, first.contributor_id, None, "c" * 32)]
        values = imports.values_of(items, place, NOW, is_sqlite=database.is_sqlite)
        await imports.add(tx, values)
    _, stored = await world.rows(Submission)
    assert (stored.task, stored.submitted_at, stored.duration_s) == ("T-1", moment, 1.25)
    assert (stored.label, stored.url, stored.guideline_version) == ("cät \"'", None, "v1")
    assert (stored.source, stored.source_id, stored.revision) == ("ls", "9", 1)
    assert (stored.content, stored.imported_at) == ("c" * 32, NOW)


async def test_any_number_is_added_whole_or_not_at_all(database: Database) -> None:
    world = await open_world(database)
    await world.submissions(table("task,contributor,submitted_at", [["T-0", "ana", f"{NOW}"]]))
    (first,) = await world.rows(Submission)
    place = Place(first.workspace_id, first.project_id, first.squad_id)

    def values(first_row: int, end: int) -> list[imports.Values]:
        rows = (SubmissionRow(n, f"T-{n}", "ana", NOW) for n in range(first_row, end))
        items = [Handed(row, first.contributor_id, None, "c" * 32) for row in rows]
        return imports.values_of(items, place, NOW, is_sqlite=database.is_sqlite)

    async with database.write() as tx:
        await imports.add(tx, values(1, 3_384))
    with pytest.raises(imports.StaleError):
        async with database.write() as tx:
            await imports.add(tx, values(3_383, 3_500))
    stored = await world.rows(Submission)
    assert [each.task for each in stored] == [f"T-{n}" for n in range(3_384)]


async def test_many_keys_are_looked_up_in_the_index(sqlite_url: str) -> None:
    """Else each piece of a re-import reads the whole project: minutes instead of milliseconds."""
    database = Database(sqlite_url)
    async with database.read() as connection:
        key = ("T-1", 1, datetime(2026, 3, 4, tzinfo=UTC))
        wanted = having(
            connection,
            COLUMNS,
            [key],
            Submission.workspace_id == 1,
            Submission.project_id == 1,
            Submission.source_id.is_(None),
        )
        statement = select(Submission.id).select_from(wanted)
        compiled = statement.compile(dialect=connection.dialect)
        values = tuple(compiled.params[name] for name in compiled.positiontup or ())
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        steps: list[Any] = [row[3] for row in plan]
    await database.close()
    assert any("uq_submissions_task" in step and "submitted_at=?" in step for step in steps), steps
