"""Moves the schema forward and back with Alembic, on a connection without the store's hooks."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, pool
from sqlalchemy.engine import Connection, Engine


def _engine(url: str) -> Engine:
    # A plain synchronous engine: batch migrations copy tables, which neither BEGIN IMMEDIATE nor
    # enforced foreign keys survive.
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return create_engine(parsed.set(drivername=driver), poolclass=pool.NullPool)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the newest revision that this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(url: str) -> str | None:
    """Return the revision of the database at `url`; None for an empty one."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    """Move the database at `url` forward to `revision`."""
    _run(url, lambda config: command.upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Move the database at `url` back to `revision` ("base" is empty)."""
    _run(url, lambda config: command.downgrade(config, revision))


def _run(url: str, move: Callable[[Config], None]) -> None:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            move(_config(connection))
            connection.commit()
    finally:
        engine.dispose()
