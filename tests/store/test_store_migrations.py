"""The schema moves forward and back on both kinds of database, and ends where the models are."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from bot.store import migrations, schema
from models import Base

OTHER = "migrations"


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url: str = request.getfixturevalue("postgres_url")
    admin: Engine = request.getfixturevalue("postgres_admin")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {OTHER}"))
        connection.execute(text(f"CREATE DATABASE {OTHER}"))
    before, _, query = url.partition("?")
    yield f"{before.rpartition('/')[0]}/{OTHER}{'?' if query else ''}{query}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {OTHER} WITH (FORCE)"))


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names()) - {"alembic_version"}
    finally:
        engine.dispose()


def test_the_schema_moves_forward_and_back(empty_url: str) -> None:
    head = schema.head()
    assert migrations.move(empty_url) == ("base", head)
    everything = tables(empty_url)
    assert everything == set(Base.metadata.tables)
    steps = [f"{number:04}" for number in range(int(head), 0, -1)]
    for above, below in pairwise([*steps, "base"]):
        assert migrations.move(empty_url, below) == (above, below)
    assert tables(empty_url) == set()
    for below, above in pairwise(["base", *reversed(steps)]):
        assert migrations.move(empty_url, above) == (below, above)
    assert tables(empty_url) == everything


def test_the_schema_is_what_the_models_say(empty_url: str) -> None:
    migrations.move(empty_url)
    engine = create_engine(empty_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
    finally:
        engine.dispose()
