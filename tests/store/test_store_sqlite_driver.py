"""The driver that takes one turn a statement says what sqlite3 says, and leaves nothing open."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import sqlite_driver
from bot.store.sqlite_driver import OneTurnConnection

TABLE = "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"
ROWS = [("a",), ("b",), ("c",)]


class Counted(OneTurnConnection):
    """Counts the turns of its thread."""

    turns = 0

    async def _execute(self, *args: Any, **options: Any) -> Any:
        self.turns += 1
        return await super()._execute(*args, **options)  # type: ignore[no-untyped-call]


@pytest.fixture
async def connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OneTurnConnection]:
    monkeypatch.setattr(sqlite_driver, "OneTurnConnection", Counted)
    opened = await sqlite_driver.connect(str(tmp_path / "one.db"))
    async with opened.cursor() as cursor:
        await cursor.execute(TABLE)
        await cursor.executemany("INSERT INTO things (name) VALUES (?)", ROWS)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        ("SELECT id, name AS called FROM things ORDER BY id", ()),
        ("SELECT id FROM things WHERE name = ?", ("nobody",)),
        ("INSERT INTO things (name) VALUES (?)", ("d",)),
        ("INSERT INTO things (name) VALUES (?) RETURNING id, name", ("d",)),
        ("INSERT INTO things (name) VALUES ('a') ON CONFLICT DO NOTHING", ()),
        ("UPDATE things SET name = name || '!' WHERE id > ?", (1,)),
        ("UPDATE things SET name = name || '!' WHERE id > ? RETURNING id", (1,)),
        ("DELETE FROM things", ()),
    ],
)
async def test_a_statement_says_what_the_driver_says_in_one_turn(
    connection: Counted, statement: str, parameters: tuple[object, ...]
) -> None:
    plain = sqlite3.connect(":memory:")
    plain.execute(TABLE)
    plain.executemany("INSERT INTO things (name) VALUES (?)", ROWS)
    expected = plain.execute(statement, parameters)
    rows = expected.fetchall()
    before = connection.turns
    async with connection.cursor() as cursor:
        await cursor.execute(statement, parameters)
        found = await cursor.fetchall()
        assert await cursor.fetchall() == []
    assert connection.turns == before + 1
    assert found == rows
    assert cursor.description == expected.description
    assert cursor.rowcount == expected.rowcount
    if statement.startswith("INSERT") and "CONFLICT" not in statement:
        assert cursor.lastrowid == expected.lastrowid == 4
    plain.close()


async def test_many_sets_of_parameters_are_counted_together(connection: Counted) -> None:
    cursor = connection.cursor()
    await cursor.executemany("UPDATE things SET name = ? WHERE id = ?", [("x", 1), ("y", 2)])
    assert cursor.rowcount == 2


async def test_a_refused_statement_is_told_and_leaves_the_connection_usable(
    connection: Counted,
) -> None:
    cursor = connection.cursor()
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO things (name) VALUES ('a')")
    await cursor.execute("SELECT count(*) FROM things")
    assert await cursor.fetchall() == [(3,)]


async def test_what_is_done_stays_done_when_nobody_waits_any_more(connection: Counted) -> None:
    slow = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
        INSERT INTO things (name) SELECT 'n' || max(i) FROM n
    """
    task = asyncio.create_task(connection.cursor().execute(slow))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await connection.rollback()  # comes behind it in the thread's queue
    cursor = connection.cursor()
    await cursor.execute("SELECT count(*) FROM things")
    assert await cursor.fetchall() == [(0,)]  # nothing was committed, so neither were the three


async def test_an_unread_result_locks_nothing(connection: Counted) -> None:
    await connection.commit()
    await connection.cursor().execute("SELECT name FROM things")
    await connection.cursor().execute("DROP TABLE things")
