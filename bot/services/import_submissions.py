"""Submissions of a file go in: new, revised or unchanged, in the order of the file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Final

from bot.rules.imports import (
    FILE_SOURCE,
    Destination,
    Handed,
    Identity,
    Kept,
    Pace,
    Place,
    content_of,
)
from bot.rules.intake import Reason, Rejected, SubmissionRow, Tally
from bot.rules.projects import NewBatch
from bot.services import reworking
from bot.services.import_people import Names
from bot.services.import_writing import Writer, alongside, persistently
from bot.store import audits, imports, projects
from bot.store.database import Database

TARGET_S: Final = 0.03
"""Seconds of one transaction; SQLite's checkpoints, which hold no lock, are counted with it."""

SEEN_AT_MOST: Final = 200_000
"""Identities that a dry run remembers, to count what stands twice in a file as one."""


@dataclass(slots=True)
class _Sorted:
    """What some rows are, seen against what is stored; `later` waits for the others."""

    new: list[Handed] = field(default_factory=list)
    revised: list[tuple[Kept, Handed]] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    later: list[Handed] = field(default_factory=list)


def _sort(items: Sequence[Handed], known: dict[Identity, Kept], squad_id: int) -> _Sorted:
    """Tell new from revised and unchanged; the second of two alike waits for the first."""
    found = _Sorted()
    taken: dict[Identity, str] = {}
    for item in items:
        identity = item.identity
        kept = known.get(identity)
        if identity in taken:
            if taken[identity] == item.content:
                found.unchanged += 1
            else:
                found.later.append(item)
            continue
        if kept is None:
            found.new.append(item)
        elif kept.squad_id != squad_id:
            found.rejected.append(Rejected(item.row.row, None, Reason.OTHER_SQUAD))
            continue
        elif (kept.task, kept.contributor_id) != (item.row.task, item.contributor_id):
            fields = {"task": kept.task}
            found.rejected.append(Rejected(item.row.row, "source_id", Reason.OTHER_WORK, fields))
            continue
        elif kept.content == item.content:
            found.unchanged += 1
        else:
            found.revised.append((kept, item))
        taken[identity] = item.content
    return found


def _to_the_second(rows: Sequence[SubmissionRow]) -> Sequence[SubmissionRow]:
    if not any(map(attrgetter("submitted_at.microsecond"), rows)):
        return rows
    return [
        row._replace(submitted_at=row.submitted_at.replace(microsecond=0))
        if row.submitted_at.microsecond
        else row
        for row in rows
    ]


async def _people(names: Names, rows: Iterable[SubmissionRow]) -> dict[tuple[str | None, str], int]:
    """Return (source as the row says it, name) -> person."""
    by_source: defaultdict[str | None, set[str]] = defaultdict(set)
    for source, name in set(map(attrgetter("source", "contributor"), rows)):
        by_source[source].add(name)
    return {
        (source, name): key
        for source, some in by_source.items()
        for name, key in (await names.look_up(source or FILE_SOURCE, some)).items()
    }


class SubmissionImport:
    """Takes rows of a file one after the other, and keeps the tally.

    `meanwhile` is work that can be done while the database is busy.
    """

    def __init__(
        self,
        database: Database,
        destination: Destination,
        names: Names,
        tally: Tally,
        now: datetime,
        meanwhile: Callable[[], None],
    ) -> None:
        self._database = database
        self._names = names
        self._tally = tally
        self._now = now
        self._meanwhile = meanwhile
        self._place = Place(
            destination.workspace_id, destination.project_id or 0, destination.squad_id or 0
        )
        self._writer = Writer(database, Pace(size=500, most=imports.AT_MOST, target_s=TARGET_S))
        self._batches: dict[str, int] = {}
        # A first import is all new, and asking for each row would take as long as writing it.
        self._all_new = True

    async def take(self, rows: Sequence[SubmissionRow]) -> None:
        """Import some rows."""
        whole = _to_the_second(rows)
        people = await _people(self._names, whole)
        batches = await self._batch_ids(set(map(attrgetter("batch"), whole)) - {None})
        for some in self._writer.pace.slices(whole):
            # What is made of them here counts as the lock's rest.
            items = [
                Handed(
                    row,
                    people[row.source, row.contributor],
                    None if row.batch is None else batches[row.batch],
                    content_of(row),
                )
                for row in some
            ]
            await self._store(items)

    async def _batch_ids(self, names: set[str]) -> dict[str, int]:
        missing = [NewBatch(name=name) for name in sorted(names - self._batches.keys())]

        async def ensure() -> None:
            place = self._place
            async with self._writer.turn(len(missing)) as tx:
                stored = await projects.ensure_batches(
                    tx, place.workspace_id, place.project_id, missing, self._now, revive=False
                )
            self._batches |= {name: each.key for name, each in stored.items()}

        if missing:
            await persistently(ensure)
        return self._batches

    async def _store(self, items: Sequence[Handed]) -> None:
        waiting: Sequence[Handed] = items
        if self._all_new:
            waiting = await persistently(partial(self._try_all_new, items))
        while waiting:
            found = await persistently(partial(self._store_sorted, waiting))
            waiting = found.later
            self._all_new = len(found.new) == len(items)

    async def _try_all_new(self, items: Sequence[Handed]) -> Sequence[Handed]:
        """Write rows as if all were new; return what is left to do: none of them, or all."""
        values = self._values(items)
        try:
            async with self._writer.turn(len(items)) as tx:
                await alongside(imports.add(tx, values), self._meanwhile)
        except imports.StaleError:
            return items
        self._tally.new += len(items)
        return ()

    def _values(self, items: Sequence[Handed]) -> list[imports.Values]:
        is_sqlite = self._database.is_sqlite
        return imports.values_of(items, self._place, self._now, is_sqlite=is_sqlite)

    async def _store_sorted(self, items: Sequence[Handed]) -> _Sorted:
        async with self._database.read() as connection:
            known = await imports.find(connection, self._place, {item.identity for item in items})
        found = _sort(items, known, self._place.squad_id)
        if found.new or found.revised:
            values = self._values(found.new)
            async with self._writer.turn(len(found.new) + len(found.revised)) as tx:
                await imports.add(tx, values)
                await imports.revise(tx, self._place, found.revised, self._now)
                again = {kept.submission_id: item.row.submitted_at for kept, item in found.revised}
                await reworking.fixed_by_import(tx, self._place.workspace_id, again, self._now)
                # Only where the source's id says which one it is can its time have changed.
                moved = [kept.submission_id for kept, item in found.revised if item.row.source_id]
                for start in range(0, len(moved), audits.AT_ONCE):
                    some = moved[start : start + audits.AT_ONCE]
                    await audits.describe(tx, self._place.workspace_id, some)
        self._tally.new += len(found.new)
        self._tally.revised += len(found.revised)
        self._tally.unchanged += found.unchanged
        self._tally.reject(found.rejected)
        return found


class SubmissionPlan:
    """Takes rows as `SubmissionImport` does, and only counts what it would do.

    What stands twice in a file is counted as one as long as it remembers (`SEEN_AT_MOST`).
    """

    def __init__(
        self, database: Database, destination: Destination, names: Names, tally: Tally
    ) -> None:
        self._database = database
        self._destination = destination
        self._names = names
        self._tally = tally
        self._has_any: bool | None = None
        self._seen: dict[int, str] = {}

    async def take(self, rows: Sequence[SubmissionRow]) -> None:
        """Count some rows."""
        whole = _to_the_second(rows)
        people = await _people(self._names, whole)
        items = [
            Handed(row, people[row.source, row.contributor], None, content_of(row)) for row in whole
        ]
        known = await self._known(items)
        while items:
            found = _sort(items, self._with_seen(items, known), self._destination.squad_id or 0)
            self._tally.new += len(found.new)
            self._tally.revised += len(found.revised)
            self._tally.unchanged += found.unchanged
            self._tally.reject(found.rejected)
            for item in (*found.new, *(item for _, item in found.revised)):
                if len(self._seen) < SEEN_AT_MOST:
                    self._seen[hash(item.identity)] = item.content
            items = found.later

    async def _known(self, items: Sequence[Handed]) -> dict[Identity, Kept]:
        there = self._destination
        if there.project_id is None:
            return {}
        async with self._database.read() as connection:
            if self._has_any is None:
                self._has_any = await imports.has_any(
                    connection, there.workspace_id, there.project_id
                )
            if not self._has_any:
                return {}
            place = Place(there.workspace_id, there.project_id, there.squad_id or 0)
            wanted = {
                item.identity for item in items if item.contributor_id > 0 or item.row.source_id
            }
            return await imports.find(connection, place, wanted)

    def _with_seen(
        self, items: Sequence[Handed], known: dict[Identity, Kept]
    ) -> dict[Identity, Kept]:
        """Return what is stored and what the file said earlier, which would be stored by then."""
        if not self._seen:
            return known
        together = dict(known)
        for item in items:
            content = self._seen.get(hash(item.identity))
            if content is not None:
                together[item.identity] = Kept(
                    0,
                    self._destination.squad_id or 0,
                    item.row.task,
                    item.contributor_id,
                    1,
                    content,
                )
        return together
