"""Tells which revision a database is at, at every start and without loading Alembic for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Final

from sqlalchemy import Connection, create_engine, inspect, make_url, pool, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError

CONNECT_S: Final = 10
"""How long a server may take to answer; psycopg alone would wait for minutes."""


@contextmanager
def plain_connection(url: str) -> Iterator[Connection]:
    """Open a synchronous connection to the database at `url`, without the store's hooks.

    Raises StoreError if nothing answers there.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        parsed = parsed.set(drivername="sqlite")
    else:
        patience = {"connect_timeout": str(CONNECT_S), **parsed.query}
        parsed = parsed.set(drivername="postgresql+psycopg", query=patience)
    engine = create_engine(parsed, poolclass=pool.NullPool, hide_parameters=True)
    try:
        try:
            connection = engine.connect()
        except DBAPIError as error:
            raise StoreError(_unusable(error)) from error
        with connection:
            yield connection
    finally:
        engine.dispose()


def _unusable(error: DBAPIError) -> str:
    """Return the driver's own words, which never hold the password; their first line says it."""
    why = (str(error.orig).splitlines() or ["it does not answer"])[0].rstrip(".:")
    return f"DATABASE_URL leads to no database that can be used: {why}"


def head() -> str:
    """Return the newest revision that this code knows: scripts are named v0001_what.py."""
    scripts = (resources.files("models") / "migrations" / "versions").iterdir()
    return max(script.name[1:5] for script in scripts if script.name.startswith("v"))


def current(url: str) -> str | None:
    """Return the revision of the database at `url`; None for an empty one. Raises StoreError."""
    with plain_connection(url) as connection:
        try:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        except DBAPIError as error:  # SQLite reads its file only now
            raise StoreError(_unusable(error)) from error
        return found
