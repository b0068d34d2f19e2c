"""Moves the schema forward and back with Alembic, on a connection without the store's hooks."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from bot.errors import StoreError
from bot.store.schema import current, plain_connection


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


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
    # Batch migrations copy tables, which neither BEGIN IMMEDIATE nor enforced foreign keys survive.
    with plain_connection(url) as connection:
        move(_config(connection))
        connection.commit()
