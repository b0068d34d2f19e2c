"""SQLite's driver with one turn of its thread for each statement, where aiosqlite takes four.

aiosqlite makes a cursor, executes, fetches and closes in the connection's thread, one call at a
time, and each turn there and back costs more than most of our statements. SQLAlchemy always wants
all rows of a statement at once, so the four can be done in one.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, Self

import aiosqlite


class Whole(NamedTuple):
    """What a statement left behind, as DBAPI names it."""

    rows: list[Any] = []  # noqa: RUF012 - nobody adds to it
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


_NOTHING: Final = Whole()


class OneTurnConnection(aiosqlite.Connection):
    """aiosqlite's connection, with cursors that take one turn for a statement."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)  # aiosqlite's own
        self._thread.daemon = True  # as SQLAlchemy has it: a lost connection keeps no process alive

    def cursor(self) -> "OneTurnCursor":  # type: ignore[override]
        """Return a cursor, without a turn of the thread."""
        return OneTurnCursor(self)

    async def turn(self, run: Callable[[sqlite3.Cursor], object]) -> Whole:
        """Run a statement from beginning to end in the connection's thread."""
        found: Whole = await self._execute(_whole, self._conn, run)  # type: ignore[no-untyped-call]
        return found


class OneTurnCursor:
    """What SQLAlchemy asks of a cursor: `execute` has read every row when it returns."""

    arraysize = 1

    def __init__(self, connection: OneTurnConnection) -> None:
        self._connection = connection
        self._left = _NOTHING

    async def __aenter__(self) -> Self:
        """Return this cursor; nothing is opened before there is a statement."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Do nothing, as `close`."""

    @property
    def description(self) -> Any:  # noqa: ANN401 - DBAPI
        """The columns of the last statement's rows, None if it can have none."""
        return self._left.description

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed, -1 if it changes none."""
        return self._left.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted last."""
        return self._left.lastrowid

    async def execute(self, statement: str, parameters: Any = ()) -> None:  # noqa: ANN401 - DBAPI
        """Run a statement and read its rows."""
        self._left = await self._connection.turn(
            lambda cursor: cursor.execute(statement, parameters)
        )

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        """Run a statement for each set of parameters."""
        self._left = await self._connection.turn(
            lambda cursor: cursor.executemany(statement, parameters)
        )

    async def fetchall(self) -> list[Any]:
        """Return the rows that `execute` has read; a second time, none."""
        rows = self._left.rows
        self._left = self._left._replace(rows=[])
        return rows

    async def close(self) -> None:
        """Do nothing: a turn leaves nothing open."""


def _whole(connection: sqlite3.Connection, run: Callable[[sqlite3.Cursor], object]) -> Whole:
    cursor = connection.cursor()
    try:
        run(cursor)
        rows = cursor.fetchall() if cursor.description else []
        return Whole(rows, cursor.description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


def connect(database: str, **options: Any) -> OneTurnConnection:  # noqa: ANN401 - sqlite3's own
    """Return a connection to be awaited; made for `async_creator_fn` of SQLAlchemy's dialect."""
    return OneTurnConnection(partial(sqlite3.connect, database, **options))
