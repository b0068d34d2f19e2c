"""A copy of an SQLite database in which nothing of open polls ever was.

Rows are copied, not pages: a page could hold what was deleted in it. The copy is one view of the
database, whatever is written meanwhile.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.store.pulse_ballots import WIPED

LEFT_OUT: Final = WIPED
"""Tables that a backup has without any row: replies and salts of open polls."""


def copy(source: Path, target: Path) -> int:
    """Copy a database to a file that only its owner may read; return its size in bytes.

    A file that is there is not overwritten; half a copy never has the target's name. Raises OSError
    (FileExistsError), sqlite3.Error.
    """
    if target.exists():
        raise FileExistsError(target)
    partial = target.with_name(f"{target.name}.partial")
    # Made by us first, or SQLite would make it as everybody's to read.
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        address = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(partial, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=MEMORY")
            connection.execute("ATTACH DATABASE ? AS live", (address,))
            connection.execute("BEGIN")
            _fill(connection)
            connection.execute("COMMIT")
            _check(connection)
        partial.replace(target)
    except BaseException:
        partial.unlink()
        raise
    return target.stat().st_size


def _fill(connection: sqlite3.Connection) -> None:
    made = connection.execute(
        "SELECT type, name, sql FROM live.sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        " ORDER BY type = 'table' DESC, name"
    ).fetchall()
    for kind, name, sql in made:
        if kind == "table":
            connection.execute(sql)
            if name not in LEFT_OUT:
                columns = ", ".join(f'"{each}"' for each in _columns(connection, name))
                connection.execute(
                    f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM live."{name}"'  # noqa: S608 - names are the schema's
                )
    for kind, _, sql in made:
        if kind != "table" and sql:
            connection.execute(sql)
    numbered = connection.execute(
        "SELECT 1 FROM live.sqlite_master WHERE name = 'sqlite_sequence'"
    ).fetchone()
    if numbered:
        connection.execute("DELETE FROM main.sqlite_sequence")
        connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM live.sqlite_sequence")


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return a table's columns without those that SQLite computes."""
    rows = connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?, 'live')", (table,))
    return [name for name, hidden in rows if not hidden]


def _check(connection: sqlite3.Connection) -> None:
    (found,) = connection.execute("PRAGMA main.quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)
