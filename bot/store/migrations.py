"""Moves the schema forward and back with Alembic, on a connection without the store's hooks."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, pool
from sqlalchemy.engine import Connection, Engine

from bot.errors import StoreError


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


def move(url: str, target: str = "head") -> tuple[str, str]:
    """Move the database at `url` forward or back to `target`; return (before, after).

    `target` is a revision, "head" or "base" (empty). Raises StoreError for an unknown one.
    """
    script = ScriptDirectory.from_config(_config())
    order = ["base", *(step.revision for step in reversed(list(script.walk_revisions())))]
    goal = order[-1] if target == "head" else target
    if goal not in order:
        raise StoreError(f"there is no revision {target}; known: {', '.join(order)}, head")
    before = current(url) or "base"
    if before not in order:
        raise StoreError(f"the database is at {before}, which this version does not know")
    if order.index(goal) >= order.index(before):
        _run(url, lambda config: command.upgrade(config, goal) if goal != "base" else None)
    else:
        _run(url, lambda config: command.downgrade(config, goal))
    return before, goal


def _run(url: str, move: Callable[[Config], None]) -> None:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            move(_config(connection))
            connection.commit()
    finally:
        engine.dispose()
