"""How an import writes beside people who click: short transactions, a rest between, and again.

SQLite has one writer at a time, and a click waits for it in steps that grow to a tenth of a second.
An import therefore holds the lock for a moment and then leaves it alone for a while, for longer
when it notices that others write.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.imports import Pace
from bot.store import imports
from bot.store.database import Database

ATTEMPTS: Final = 20
"""Tries of one transaction against others that write the same; each waits a little longer."""

REST: Final = 0.5
"""How long the lock is left alone while others want it, in times it was held."""

REST_ALONE: Final = 0.1
"""The same while nobody else seems to write; reading the next rows counts as rest too."""

NOTICED_S: Final = 0.002
"""Waiting longer than this for the lock means that somebody else had it."""

SHARED_FOR_S: Final = 2.0
"""For how long after that others are thought to be there."""

_WAIT_S: Final = 0.05

_UNDER_WAY_S: Final = 0.002
"""Long enough for the driver to have handed a statement over to the database."""

Result = TypeVar("Result")


class Writer:
    """The write lock, asked for often and never held long."""

    def __init__(self, database: Database, pace: Pace | None = None) -> None:
        self._database = database
        self._left_at = 0.0
        self._held = 0.0
        self._shared_until = 0.0
        self.pace = pace or Pace()

    @asynccontextmanager
    async def turn(self, rows: int) -> AsyncIterator[AsyncConnection]:
        """Open a writing transaction for `rows` rows, after a rest from the last one."""
        asked = perf_counter()
        share = REST if asked < self._shared_until else REST_ALONE
        await asyncio.sleep(max(0.0, self._left_at + self._held * share - asked))
        asked = perf_counter()
        async with self._database.write() as tx:
            begun = perf_counter()
            if begun - asked > NOTICED_S:
                self._shared_until = begun + SHARED_FOR_S
            yield tx
        self._left_at = perf_counter()
        self._held = self._left_at - begun
        self.pace.learn(rows, self._held)


async def alongside(written: Awaitable[None], work: Callable[[], None]) -> None:
    """Wait for the database, and do something else on this processor while it is busy.

    Only once it is: its driver needs the interpreter to hand the statement over.
    """
    task = asyncio.ensure_future(written)
    try:
        done, _ = await asyncio.wait({task}, timeout=_UNDER_WAY_S)
        if not done:
            work()
    finally:
        await task


async def persistently(attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Do something until nobody gets in its way; other failures are raised at once.

    `attempt` looks everything up anew each time. Raises the last failure after `ATTEMPTS`.
    """
    for n in range(1, ATTEMPTS):
        try:
            return await attempt()
        except Exception as error:
            if not imports.is_race(error):
                raise
        await asyncio.sleep(_WAIT_S * n)
    return await attempt()
