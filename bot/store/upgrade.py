"""Brings a database to this code's revision; loads Alembic only where there is something to do."""

from bot.errors import StoreError
from bot.store import schema


def move(url: str, target: str) -> tuple[str, str]:
    """Move the schema to `target`; return (before, after)."""
    from bot.store import migrations  # noqa: PLC0415 - brings Alembic, which few starts need

    return migrations.move(url, target)


def ensure(url: str) -> None:
    """Migrate an SQLite file by itself; PostgreSQL is migrated by `muster migrate`.

    Raises StoreError for a PostgreSQL schema that is not this code's.
    """
    before, newest = schema.current(url), schema.head()
    if before == newest:
        return
    if url.startswith("sqlite"):
        move(url, "head")
        return
    raise StoreError(
        f"the database is at {before or 'nothing'}, this version needs {newest}:"
        " run `muster migrate` first"
    )
