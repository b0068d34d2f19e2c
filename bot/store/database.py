"""The engines and the transactions: one writer on SQLite, a pool on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from sqlalchemy import Insert, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from bot.errors import Conflict, StoreError
from bot.store import sqlite_driver

# Below the 3 s of an ack: a writer that cannot get in must still be able to say so in time.
BUSY_TIMEOUT_MS = 2000
# What a large import's indexes need to stay in memory: with SQLite's own 2 MB it takes a third
# longer. Only what was read is held.
CACHE_KB = 16_000
# Four times SQLite's own: pages that an import touches again and again are written back once. Not
# more, for the commit that comes upon it does it all (about 50 ms).
CHECKPOINT_PAGES = 4_000
# PostgreSQL connections per process; clicks queue behind them rather than exhaust the server.
POOL_SIZE = 10

# Without it PostgreSQL's driver says -1 for every single insert, which reads as "inserted" where
# ON CONFLICT DO NOTHING inserted nothing.
_COUNTED: Mapping[str, bool] = MappingProxyType({"preserve_rowcount": True})

# Whether every snapshot in use, but our own, is newer than the transaction that asks.
_NOBODY_BEFORE_US = """
    SELECT coalesce(bool_and(age(backend_xmin) <= 0), true)
    FROM (SELECT pg_current_xact_id()) AS ours, pg_stat_activity
    WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
"""

_in_transaction: ContextVar[bool] = ContextVar("in_transaction", default=False)
_shared: ContextVar[tuple["Database", AsyncConnection] | None] = ContextVar("shared", default=None)


def in_transaction() -> bool:
    """Tell whether the running task holds a transaction (no network call may start then)."""
    return _in_transaction.get()


def _pragmas(connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own object
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        f"cache_size=-{CACHE_KB}",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(statement: str) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    """Return an engine whose transactions start with `begin`.

    A deferred BEGIN that later writes fails at once with "database is locked" when another
    writer was faster, and the driver's own default loses updates silently; IMMEDIATE does neither.
    """
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        execution_options=_COUNTED,
        connect_args={"async_creator_fn": sqlite_driver.connect},
    )
    event.listen(engine.sync_engine, "connect", _pragmas)
    event.listen(engine.sync_engine, "begin", _begin(begin))
    return engine


class Database:
    """The store's two doors: `write()` and `read()`, each one transaction."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # SQLAlchemy's pool lets newcomers overtake whoever waits for its one connection; under
        # load somebody is overtaken until their click is lost. A lock keeps the queue.
        self._turn: AbstractAsyncContextManager[object] = nullcontext()
        if self.is_sqlite:
            self._turn = asyncio.Lock()
            self._writer = _sqlite_engine(parsed, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(parsed, begin="BEGIN", pool_size=4)
        else:
            self._writer = create_async_engine(
                parsed,
                hide_parameters=True,
                pool_size=POOL_SIZE,
                max_overflow=0,
                pool_timeout=30,
                # A restarted server leaves dead connections here; nobody's click should find one.
                pool_pre_ping=True,
                execution_options=_COUNTED,
            )
            self._reader = self._writer

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a writing transaction; committed at the end, rolled back on any exception.

        Raises Conflict("database_busy") when another process holds SQLite's write lock for longer
        than `BUSY_TIMEOUT_MS`: nothing was done, the person may try again.
        """
        token = _in_transaction.set(True)
        try:
            async with self._turn, self._writer.begin() as connection:
                yield connection
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise Conflict("database_busy") from error
            raise
        finally:
            _in_transaction.reset(token)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Make every `read()` inside one and the same transaction: one view, begun once.

        For one task that reads one after the other; a statement that fails spoils all of it.
        """
        async with self.read() as connection:
            token = _shared.set((self, connection))
            try:
                yield
            finally:
                _shared.reset(token)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a reading transaction: one consistent view, never in a writer's way."""
        owner, shared = _shared.get() or (None, None)
        if shared is not None and owner is self:
            yield shared
            return
        token = _in_transaction.set(True)
        try:
            async with self._reader.connect() as connection, connection.begin():
                yield connection
        finally:
            _in_transaction.reset(token)

    async def wipe(self, tables: Sequence[str]) -> bool:
        """Leave no trace of what was deleted from these tables; False if a reader is in the way.

        SQLite: what the journal holds is written back and the journal cut to nothing. PostgreSQL:
        the tables are written anew, which leaves dead rows behind while a transaction that began
        before they died is still open; `tables` are names of our own.
        """
        if self.is_sqlite:
            async with self._turn, self._writer.connect() as connection:
                # Past SQLAlchemy, which would begin a transaction first.
                driver = (await connection.get_raw_connection()).driver_connection
                cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
                return bool((await cursor.fetchone())[0] == 0)
        async with self._writer.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if not (await connection.exec_driver_sql(_NOBODY_BEFORE_US)).scalar_one():
                return False
            await connection.exec_driver_sql("SET lock_timeout = '2s'")
            try:
                for table in tables:
                    await connection.exec_driver_sql(f"VACUUM FULL {table}")
            except OperationalError:
                return False
            finally:
                await connection.exec_driver_sql("RESET lock_timeout")
        return True

    async def ping(self) -> None:
        """Raise StoreError if the database does not answer."""
        try:
            async with self.read() as connection:
                await connection.execute(text("SELECT 1"))
        except OperationalError as error:
            raise StoreError(f"the database does not answer: {error.orig}") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def insert_once(table: type[DeclarativeBase], *unique: str) -> Mapping[str, Insert]:
    """Return, by dialect, the insert that does nothing where the `unique` columns are there."""
    return MappingProxyType(
        {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing(index_elements=unique),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing(index_elements=unique),
        }
    )


def insert_or_ignore(
    connection: AsyncConnection, table: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    """Return the dialect's insert, which knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
