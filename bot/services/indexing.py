"""Keeps the index of a version where every process finds it; written and removed part by part."""

import asyncio
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.knowledge import loading
from bot.knowledge.search import Search
from bot.rules.guidelines import Edition, Passage
from bot.store import guideline_indexes as indexes
from bot.store import guidelines, workspaces
from bot.store.database import Database

PART: Final = 1_000_000
"""Bytes written in one transaction, which takes some milliseconds of the write lock."""

READ_AT_ONCE: Final = 1_000
"""Passages."""

ABANDONED: Final = timedelta(hours=1)
"""What was begun and has not ended by then was left by a process that died; it is removed."""


async def write(
    database: Database, clock: Clock, workspace_id: int, edition_id: int, body: bytes
) -> None:
    """Store a version's index, unless another process did so meanwhile."""
    pieces = [body[first : first + PART] for first in range(0, len(body), PART)]
    async with database.write() as tx:
        index_id = await indexes.open_index(tx, workspace_id, edition_id, len(pieces), clock.now())
    for number, piece in enumerate(pieces):
        async with database.write() as tx:
            await indexes.add_part(tx, workspace_id, index_id, number, piece)
    async with database.write() as tx:
        await workspaces.lock(tx, workspace_id)
        first = await indexes.finish(tx, workspace_id, edition_id, index_id, loading.FORMAT)
    if not first:
        await _remove(database, workspace_id, index_id)


async def read(database: Database, workspace_id: int, edition_id: int) -> Search | None:
    """Return the search over a version, None if its index is not stored in this format.

    One that cannot be read is removed, so that whoever builds it anew can store it.
    """
    async with database.read() as connection:
        found = await indexes.find(connection, workspace_id, edition_id, loading.FORMAT)
        if found is None:
            return None
        index_id, parts = found
        pieces = [
            await indexes.part(connection, workspace_id, index_id, number)
            for number in range(parts)
        ]
        await indexes.let_go(connection)
    search = await asyncio.to_thread(_opened, pieces)
    if search is None:
        await _remove(database, workspace_id, index_id)
    return search


def _opened(pieces: list[bytes | None]) -> Search | None:
    """Join the pieces, which are let go of before the arrays are made; all must be there."""
    whole = [each for each in pieces if each is not None]
    if len(whole) < len(pieces):
        return None
    body = b"".join(whole)
    whole.clear()
    pieces.clear()
    return loading.unpack(body)


async def passages(database: Database, workspace_id: int, edition: Edition) -> list[Passage]:
    """Return all passages of a version."""
    found: list[Passage] = []
    async with database.read() as connection:
        for first in range(0, edition.passages, READ_AT_ONCE):
            found += await guidelines.passages(
                connection, workspace_id, edition.edition_id, first, READ_AT_ONCE
            )
    return found


async def tidy(database: Database, clock: Clock, workspace_id: int, project_id: int) -> None:
    """Remove the indexes of a project that nobody reads: of all versions but the newest."""
    async with database.read() as connection:
        gone = await indexes.obsolete(
            connection, workspace_id, project_id, loading.FORMAT, clock.now() - ABANDONED
        )
    for index_id in gone:
        await _remove(database, workspace_id, index_id)


async def discard(database: Database, workspace_id: int, edition_id: int) -> None:
    """Remove what was stored for a version that is not published."""
    async with database.read() as connection:
        gone = await indexes.of_version(connection, workspace_id, edition_id)
    for index_id in gone:
        await _remove(database, workspace_id, index_id)


async def _remove(database: Database, workspace_id: int, index_id: int) -> None:
    async with database.write() as tx:
        parts = await indexes.close_index(tx, workspace_id, index_id)
    for number in range(parts):
        async with database.write() as tx:
            await indexes.remove_part(tx, workspace_id, index_id, number)
    async with database.write() as tx:
        await indexes.remove(tx, workspace_id, index_id)
