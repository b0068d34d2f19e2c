"""A plan's batches and a taxonomy's categories go in; what a file leaves out stays as it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.imports import Destination
from bot.rules.intake import PlanRow, Reason, Rejected, Tally, TaxonomyRow
from bot.rules.projects import (
    CATEGORIES_LIMIT,
    Batch,
    Category,
    Change,
    NewBatch,
    NewCategory,
    ProjectForm,
)
from bot.services.import_writing import Writer, persistently
from bot.store import projects
from bot.store.database import Database


def count(tally: Tally, change: Change) -> None:
    """Add one row to the tally."""
    if change is Change.NEW:
        tally.new += 1
    elif change is Change.REVISED:
        tally.revised += 1
    else:
        tally.unchanged += 1


class PlanImport:
    """Takes batches one after the other, and keeps the tally; a dry one only looks.

    The planned volume is the project's, so the rows that state one must agree.
    """

    def __init__(
        self,
        database: Database,
        destination: Destination,
        tally: Tally,
        now: datetime,
        *,
        dry: bool,
    ) -> None:
        self._database = database
        self._destination = destination
        self._tally = tally
        self._now = now
        self._dry = dry
        self._writer = Writer(database)
        self._planned: dict[str, Batch] | None = None
        self._volume: PlanRow | None = None

    async def take(self, rows: Sequence[PlanRow]) -> None:
        """Import some batches."""
        agreeing = [row for row in rows if self._agrees(row)]
        for some in _each_once(agreeing):
            for part in self._writer.pace.slices(some):
                changes = await (self._compare(part) if self._dry else self._store(part))
                for change in changes:
                    count(self._tally, change)

    def _agrees(self, row: PlanRow) -> bool:
        if row.planned_volume is None:
            return True
        if self._volume is None:
            self._volume = row
        if row.planned_volume == self._volume.planned_volume:
            return True
        fields = {"first": self._volume.row}
        self._tally.reject([Rejected(row.row, "planned_volume", Reason.CONFLICTING_VOLUME, fields)])
        return False

    async def _store(self, rows: Sequence[PlanRow]) -> list[Change]:
        return await persistently(partial(self._write, rows))

    async def _write(self, rows: Sequence[PlanRow]) -> list[Change]:
        there = self._destination
        given = [_new_batch(row) for row in rows]
        async with self._writer.turn(len(rows)) as tx:
            stored = await projects.ensure_batches(
                tx, there.workspace_id, there.project_id or 0, given, self._now
            )
        return [stored[row.batch].change for row in rows]

    async def _compare(self, rows: Sequence[PlanRow]) -> list[Change]:
        if self._planned is None:
            there = self._destination
            async with self._database.read() as connection:
                known = await projects.batches(
                    connection, there.workspace_id, there.project_id or 0
                )
            self._planned = {batch.name: batch for batch in known}
        changes = []
        for row in rows:
            new, old = _new_batch(row), self._planned.get(row.batch)
            changes.append(_batch_change(old, new))
            self._planned[row.batch] = _together(old, new)
        return changes

    async def finish(self) -> None:
        """Set the project's planned volume, if the file states one."""
        there = self._destination
        if self._volume is None or self._dry or there.project_id is None:
            return
        form = ProjectForm(planned_volume=self._volume.planned_volume)
        await persistently(partial(self._set_volume, there.project_id, form))

    async def _set_volume(self, project_id: int, form: ProjectForm) -> None:
        async with self._writer.turn(1) as tx:
            await projects.change(tx, self._destination.workspace_id, project_id, form)


def _each_once(rows: Sequence[PlanRow]) -> Iterator[list[PlanRow]]:
    """Cut rows so that no part names a batch twice: the later row revises the earlier."""
    part: dict[str, PlanRow] = {}
    for row in rows:
        if row.batch in part:
            yield list(part.values())
            part = {}
        part[row.batch] = row
    if part:
        yield list(part.values())


def _new_batch(row: PlanRow) -> NewBatch:
    return NewBatch(name=row.batch, size=row.size, due=row.due, priority=row.priority)


def _batch_change(old: Batch | None, new: NewBatch) -> Change:
    if old is None:
        return Change.NEW
    same = _together(old, new) == old
    return Change.UNCHANGED if same else Change.REVISED


def _together(old: Batch | None, new: NewBatch) -> Batch:
    """Return a batch as it would be stored; what the file leaves open stays."""
    return Batch(
        batch_id=0 if old is None else old.batch_id,
        name=new.name,
        size=new.size if new.size is not None or old is None else old.size,
        due=new.due if new.due is not None or old is None else old.due,
        priority=new.priority if new.priority is not None or old is None else old.priority,
    )


class TaxonomyImport:
    """Takes categories, and stores them in the order of the file when all are there."""

    def __init__(
        self, database: Database, destination: Destination, tally: Tally, *, dry: bool
    ) -> None:
        self._database = database
        self._destination = destination
        self._tally = tally
        self._dry = dry
        self._writer = Writer(database)
        self._rows: dict[str, TaxonomyRow] = {}

    async def take(self, rows: Sequence[TaxonomyRow]) -> None:
        """Take some categories; a name that comes again is refused."""
        for row in rows:
            first = self._rows.setdefault(row.category.casefold(), row)
            if first is not row:
                fields = {"first": first.row}
                self._tally.reject([Rejected(row.row, "category", Reason.TWICE, fields)])
            elif len(self._rows) > CATEGORIES_LIMIT:
                del self._rows[row.category.casefold()]
                self._refuse(row)

    def _refuse(self, row: TaxonomyRow) -> None:
        fields = {"limit": CATEGORIES_LIMIT}
        self._tally.reject([Rejected(row.row, "category", Reason.TOO_MANY_CATEGORIES, fields)])

    async def finish(self) -> None:
        """Store what was taken."""
        changes, refused = await persistently(self._store)
        for change in changes:
            count(self._tally, change)
        for row in refused:
            self._refuse(row)

    async def _store(self) -> tuple[list[Change], list[TaxonomyRow]]:
        there = self._destination
        if self._dry:
            async with self._database.read() as connection:
                given, refused, known = await self._that_fit(connection)
            return [
                _category_change(known.get(each.name.casefold()), each) for each in given
            ], refused
        async with self._writer.turn(len(self._rows)) as tx:
            given, refused, _ = await self._that_fit(tx)
            stored = await projects.set_categories(
                tx, there.workspace_id, there.project_id or 0, given
            )
        return [stored[each.name].change for each in given], refused

    async def _that_fit(
        self, connection: AsyncConnection
    ) -> tuple[list[NewCategory], list[TaxonomyRow], dict[str, Category]]:
        """Return what a menu has room for beside the project's other categories."""
        there = self._destination
        known = await projects.categories(
            connection, there.workspace_id, there.project_id or 0, retired=True
        )
        others = sum(not each.retired and each.name.casefold() not in self._rows for each in known)
        rows = list(self._rows.values())
        room = max(0, CATEGORIES_LIMIT - others)
        given = [
            NewCategory(
                name=row.category,
                definition=row.definition,
                severity=row.severity,
                section=row.section,
            )
            for row in rows[:room]
        ]
        return given, rows[room:], {each.name.casefold(): each for each in known}


def _category_change(old: Category | None, new: NewCategory) -> Change:
    if old is None:
        return Change.NEW
    same = (
        not old.retired
        and old.name == new.name
        and old.severity is new.severity
        and new.definition in {None, old.definition}
        and new.section in {None, old.section}
    )
    return Change.UNCHANGED if same else Change.REVISED
