"""Tells which revision a database is at, at every start and without loading Alembic for it."""

from importlib import resources

from sqlalchemy import Engine, create_engine, inspect, make_url, pool, text


def plain_engine(url: str) -> Engine:
    """Return a synchronous engine for the database at `url`, without the store's hooks."""
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return create_engine(parsed.set(drivername=driver), poolclass=pool.NullPool)


def head() -> str:
    """Return the newest revision that this code knows: scripts are named v0001_what.py."""
    scripts = (resources.files("models") / "migrations" / "versions").iterdir()
    return max(script.name[1:5] for script in scripts if script.name.startswith("v"))


def current(url: str) -> str | None:
    """Return the revision of the database at `url`; None for an empty one."""
    engine = plain_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found
    finally:
        engine.dispose()
