"""Who the names in a file mean: looked up once each, kept as externals while Slack knows nobody."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.rules.imports import Pace
from bot.services.import_writing import Writer, persistently
from bot.store import imports, matching, merging
from bot.store.database import Database

REMEMBERED: Final = 50_000
"""Names held in memory; a file with more distinct ones than that looks some up again."""

_COUNTED: Final = 200_000


class Names:
    """The people behind the names of one file.

    A dry one adds nobody: who is unknown gets a key below zero, which is nobody's. `strangers` are
    those whom nobody in Slack stands behind.
    """

    def __init__(
        self, database: Database, workspace_id: int, now: datetime, *, dry: bool = False
    ) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._now = now
        self._dry = dry
        self._known: dict[tuple[str, str], int] = {}
        self._strangers: set[tuple[str, str]] = set()
        # A person is several statements; begin with few.
        self._writer = Writer(database, Pace(size=20))

    @property
    def strangers(self) -> int:
        """How many of the names nobody in Slack stands behind."""
        return len(self._strangers)

    async def look_up(self, source: str, names: Iterable[str]) -> Mapping[str, int]:
        """Return name -> person of what one source calls people."""
        wanted = set(names)
        if len(self._known) > REMEMBERED:
            self._known.clear()
        missing = {name for name in wanted if (source, name) not in self._known}
        if missing:
            await persistently(lambda: self._learn(source, missing))
        return {name: self._known[source, name] for name in wanted}

    async def _learn(self, source: str, names: set[str]) -> None:
        async with self._database.read() as connection:
            matches = await matching.resolve(connection, self._workspace_id, source, names)
        for name, match in matches.items():
            if match.absorbs is not None and not self._dry:
                await self._unite(match.absorbs, match.person_id)
            self._keep(source, name, match.person_id, in_slack=match.in_slack)
        unknown = sorted(names - matches.keys())
        if self._dry:
            for name in unknown:
                self._keep(source, name, -len(self._known) - 1, in_slack=False)
            return
        for some in self._writer.pace.slices(unknown):
            await self._add(source, some)

    def _keep(self, source: str, name: str, person_id: int, *, in_slack: bool) -> None:
        self._known[source, name] = person_id
        if not in_slack and len(self._strangers) < _COUNTED:
            self._strangers.add((source, name))

    async def _add(self, source: str, names: Iterable[str]) -> None:
        added = {}
        some = list(names)
        async with self._writer.turn(len(some)) as tx:
            for name in some:
                key = await matching.add_external(tx, self._workspace_id, source, name, self._now)
                if key is None:
                    raise imports.StaleError
                added[name] = key
        for name, key in added.items():
            self._keep(source, name, key, in_slack=False)

    async def _unite(self, external_id: int, person_id: int) -> None:
        async with self._writer.turn(1) as tx:
            await merging.absorb(tx, self._workspace_id, external_id, person_id)
        await move_all(self._database, self._workspace_id, external_id, person_id)


async def move_all(database: Database, workspace_id: int, old: int, new: int) -> None:
    """Move all work of a person to whom they became, a little at a time."""
    writer = Writer(database)

    async def move() -> int:
        limit = writer.pace.size
        async with writer.turn(limit) as tx:
            return await merging.move_work(tx, workspace_id, old, new, limit)

    while await persistently(move):
        pass


async def finish_moves(database: Database, workspace_id: int) -> None:
    """Take up moves that a crash interrupted."""
    async with database.read() as connection:
        waiting = await merging.unfinished(connection, workspace_id)
    for old, new in waiting.items():
        await move_all(database, workspace_id, old, new)
