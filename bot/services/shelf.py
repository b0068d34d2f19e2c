"""The searches that a process holds, each over the newest version of a project's guidelines.

A version published by any process is opened here soon after; until it is open, the one before goes
on answering. Mostly opening is reading the stored index. Where there is none (the version was
imported before there were any, or by another release) it is built here and stored for the others.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple

import structlog

from bot.clock import Clock
from bot.knowledge import loading
from bot.knowledge.search import Search
from bot.rules.guidelines import Edition
from bot.services import indexing
from bot.store import guideline_indexes, guidelines
from bot.store.database import Database

ROOM: Final = 8
"""Projects whose search a process keeps in memory; the one asked longest ago makes room."""

PATIENCE_S: Final = 1.0
"""How long a question waits for a version that was just published before the old one answers."""

WATCH_S: Final = 2.0
"""How often a process looks whether there is something new; it is one look into an index."""

FINISH_S: Final = 5.0
"""How long a process that ends waits for an index that it is storing."""

Key = tuple[int, int]  # workspace, project

log = structlog.get_logger("muster.guidelines")


class Volume(NamedTuple):
    """A version and the search over it."""

    edition: Edition
    search: Search


class Shelf:
    """One process's searches."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._held: OrderedDict[Key, Volume] = OrderedDict()
        self._opening: dict[Key, asyncio.Task[None]] = {}
        self._storing: set[asyncio.Task[None]] = set()

    async def newest(self, workspace_id: int, project_id: int) -> Volume | None:
        """Return the search over the newest version, or the one before while that is opened.

        None if the project has no guidelines.
        """
        key = (workspace_id, project_id)
        async with self._database.read() as connection:
            edition = await guidelines.newest(connection, workspace_id, project_id)
        if edition is None:
            return None
        held = self._held.get(key)
        if held is None:
            await asyncio.shield(self._open(key))
        elif held.edition.edition_id != edition.edition_id:
            await asyncio.wait({self._open(key)}, timeout=PATIENCE_S)
        elif held.edition != edition:  # only where the documents stand
            self._held[key] = Volume(edition, held.search)
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    async def refresh(self) -> None:
        """Open what was published since, for the projects that are asked here; returns at once."""
        if not self._held:
            return
        async with self._database.read() as connection:
            numbers = await guideline_indexes.newest_numbers(connection, list(self._held))
        for key, held in list(self._held.items()):
            if numbers.get(key, 0) > held.edition.number:
                self._open(key)

    async def watch(self) -> None:
        """Refresh every `WATCH_S` seconds until cancelled; an error is logged, and tried again."""
        while True:
            await asyncio.sleep(WATCH_S)
            try:
                await self.refresh()
            except Exception as error:  # the database is away; questions say so to those who ask
                log.warning("guidelines_not_watched", error=type(error).__name__)

    async def close(self) -> None:
        """Give up what is being opened, and wait a little for what is being stored."""
        for task in self._opening.values():
            task.cancel()
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        if self._storing:
            _, late = await asyncio.wait(self._storing, timeout=FINISH_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _open(self, key: Key) -> asyncio.Task[None]:
        """Return the task that puts a project's newest version on the shelf; one at a time."""
        task = self._opening.get(key)
        if task is None:
            task = self._opening[key] = asyncio.create_task(self._put(key))
            task.add_done_callback(lambda done: self._opened(key, done))
        return task

    def _opened(self, key: Key, task: asyncio.Task[None]) -> None:
        self._opening.pop(key, None)
        # Whoever waits for it gets the error too; while an old version answers, nobody waits.
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning("guidelines_not_opened", project=key[1], error=type(error).__name__)

    async def _put(self, key: Key) -> None:
        workspace_id, project_id = key
        edition: Edition | None = None
        while True:
            async with self._database.read() as connection:
                newest = await guidelines.newest(connection, workspace_id, project_id)
            if newest is None:
                return
            if edition is not None and newest.edition_id == edition.edition_id:
                break  # still the newest, and its index is not there
            edition = newest
            search = await indexing.read(self._database, workspace_id, edition.edition_id)
            if search is not None:
                await self._hold(key, Volume(edition, search))
                return
        passages = await indexing.passages(self._database, workspace_id, edition)
        parts = await asyncio.to_thread(loading.prepare, passages)
        await self._hold(key, Volume(edition, await asyncio.to_thread(loading.search, parts)))
        self._later(self._store(key, edition, parts))

    async def _hold(self, key: Key, volume: Volume) -> None:
        self._held[key] = volume
        self._held.move_to_end(key)
        while len(self._held) > ROOM:
            self._held.popitem(last=False)
        await asyncio.to_thread(loading.give_back)  # what the volume before it took

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._storing.add(task)
        task.add_done_callback(self._stored)

    def _stored(self, task: asyncio.Task[None]) -> None:
        self._storing.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:  # such as a busy database: whoever builds it next stores it
            log.warning("guidelines_not_stored", error=type(error).__name__)

    async def _store(self, key: Key, edition: Edition, parts: Any) -> None:  # noqa: ANN401 - Parts would load numpy
        """Keep a built index for the others; another process may be faster, which does no harm."""
        body = await asyncio.to_thread(loading.pack, parts)
        await indexing.write(self._database, self._clock, key[0], edition.edition_id, body)
        await indexing.tidy(self._database, self._clock, *key)
