"""Audits of a file go in: each finds its submission, and is stored once however often it comes.

A second auditor's look at work that is in the random sample already is a double audit: counted in
the sample as well, the work would count twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import clock
from bot.rules.audits import NewAudit, NewFinding, Origin, Severity
from bot.rules.imports import (
    FILE_SOURCE,
    Destination,
    Draw,
    Place,
    Sampling,
    weights_of,
)
from bot.rules.intake import AuditRow, ImportedAudit, Reason, Rejected, Tally
from bot.rules.projects import Category, NewCategory
from bot.rules.taxonomy import Taxonomy, new_category
from bot.services.import_people import Names
from bot.services.import_writing import Writer, persistently
from bot.store import audits, import_audits, imports, matching, projects
from bot.store.database import Database
from bot.store.import_audits import Before, Piece

CITED_AT_MOST: Final = 10_000
"""Sections that an import remembers, to say which of them are not in the guidelines."""


@dataclass(slots=True)
class _Sorted:
    """What some audits are, seen against what is stored."""

    new: list[tuple[NewAudit, int]] = field(default_factory=list)  # with how many rows it took
    added: list[tuple[int, NewFinding]] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    handed_in: set[datetime] = field(default_factory=set)
    # The same audit once more, spelt otherwise; it is compared once the first is stored.
    later: list[ImportedAudit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for some audits."""

    pieces: Mapping[AuditRow, Piece | Rejected]
    auditors: Mapping[str, int]
    before: Mapping[int, list[Before]]


class AuditImport:
    """Takes audits of a file one after the other, and keeps the tally; a dry one only looks."""

    def __init__(
        self,
        database: Database,
        destination: Destination,
        names: Names,
        tally: Tally,
        sampling: Sampling,
        *,
        create: bool,
        dry: bool,
    ) -> None:
        self._database = database
        self._destination = destination
        self._names = names
        self._tally = tally
        self._sampling = sampling
        self._create = create
        self._dry = dry
        self._place = Place(
            destination.workspace_id, destination.project_id or 0, destination.squad_id or 0
        )
        self._writer = Writer(database)
        self._taxonomy: Taxonomy | None = None
        self._weeks: set[datetime] = set()
        self.cited: set[str] = set()

    @property
    def added(self) -> tuple[str, ...]:
        """The categories that were added to the taxonomy."""
        return () if self._taxonomy is None else tuple(self._taxonomy.added)

    async def take(self, items: Sequence[ImportedAudit]) -> None:
        """Import some audits."""
        if len(self.cited) < CITED_AT_MOST:
            self.cited |= {row.section for each in items for row in each.rows if row.section}
        taxonomy = await self._categories(items)
        for some in self._writer.pace.slices(items):
            waiting = sorted(some, key=lambda each: each.first.audited_at)
            while waiting:
                waiting = await persistently(partial(self._store, waiting, taxonomy))

    async def _store(
        self, items: Sequence[ImportedAudit], taxonomy: Taxonomy
    ) -> list[ImportedAudit]:
        known = await self._look_up(items, taxonomy)
        found = _Sorted()
        sorter = _Sorter(self._place, known, taxonomy, self._sampling, found)
        for item in items:
            sorter.sort(item)
        if (found.new or found.added) and not self._dry:
            await self._write(found)
        self._tally.new += sum(rows for _, rows in found.new)
        self._tally.revised += len(found.added)
        self._tally.unchanged += found.unchanged
        self._tally.reject(found.rejected)
        self._weeks |= {_monday(each, self._destination.zone) for each in found.handed_in}
        return [] if self._dry else found.later

    async def _write(self, found: _Sorted) -> None:
        place = self._place
        rows = sum(rows for _, rows in found.new) + len(found.added)
        async with self._writer.turn(rows) as tx:
            fresh = [audit for audit, _ in found.new]
            placed = await audits.add_audits(tx, place.workspace_id, fresh)
            if not all(each.is_new for each in placed):
                raise imports.StaleError
            await import_audits.add_findings(tx, place, found.added)
            if found.added:
                changed = {audit_id for audit_id, _ in found.added}
                await audits.recount(tx, place.workspace_id, changed)

    async def _look_up(self, items: Sequence[ImportedAudit], taxonomy: Taxonomy) -> _Known:
        place = self._place
        async with self._database.read() as connection:
            contributors = await matching.meant_by(
                connection, place.workspace_id, {each.first.contributor for each in items}
            )
            work = await import_audits.work(
                connection,
                place,
                (
                    (each.first.task, key)
                    for each in items
                    for key in contributors.get(each.first.contributor, ())
                ),
            )
            keys = {piece.submission_id for pieces in work.values() for piece in pieces}
            before = await import_audits.before(connection, place, keys)
        pieces = {each.first: _piece(each.first, contributors, work) for each in items}
        # Whoever is named in rejected rows alone is not kept.
        taken = (each for each in items if any(map(taxonomy.covers, each.rows)))
        auditors = {each.first.auditor for each in taken if isinstance(pieces[each.first], Piece)}
        return _Known(pieces, await self._names.look_up(FILE_SOURCE, auditors), before)

    async def _categories(self, items: Sequence[ImportedAudit]) -> Taxonomy:
        if self._taxonomy is None:
            async with self._database.read() as connection:
                self._taxonomy = Taxonomy(await self._stored(connection))
        taxonomy = self._taxonomy
        if self._create:
            named = {row.category: None for item in items for row in item.rows if row.category}
            missing = [name for name in named if taxonomy.get(name) is None]
            if missing and taxonomy.room:
                await persistently(partial(self._add, taxonomy, missing))
        return taxonomy

    async def _stored(self, connection: AsyncConnection) -> list[Category]:
        place = self._place
        return await projects.categories(
            connection, place.workspace_id, place.project_id, retired=True
        )

    async def _add(self, taxonomy: Taxonomy, names: Sequence[str]) -> None:
        """Put categories behind those that are there, as many as a taxonomy holds."""
        if self._dry:
            for name in names:
                taxonomy.put(new_category(name))
            return
        place = self._place
        async with self._writer.turn(len(names)) as tx:
            taxonomy.refresh(await self._stored(tx))
            # Of two spellings the first one is kept.
            named = {name.casefold(): name for name in reversed(names)}
            once = dict.fromkeys(named[name.casefold()] for name in names)
            fresh = [name for name in once if taxonomy.get(name) is None][: taxonomy.room]
            given = [*taxonomy.as_given(), *(NewCategory(name=name) for name in fresh)]
            await projects.set_categories(tx, place.workspace_id, place.project_id, given)
            stored = await self._stored(tx)
        taxonomy.refresh(stored)
        taxonomy.added += fresh

    async def weigh(self) -> None:
        """Set the weights of a random sample, now that the file was read to its end.

        An audit weighs N / n: of the N submissions that its contributor handed in in that ISO week
        of the squad, n were drawn. A re-import computes the weeks of its audits anew, so that work
        imported since then counts.
        """
        if self._sampling is not Sampling.RANDOM or self._dry:
            return
        for monday in sorted(self._weeks):
            await self._weigh_week(monday)

    async def _weigh_week(self, monday: datetime) -> None:
        day = clock.local_day(monday, self._destination.zone)
        begin, end = clock.day_range(day, day + timedelta(days=6), self._destination.zone)
        async with self._database.read() as connection:
            draws = await import_audits.draws(connection, self._place, begin, end)
            frame = await import_audits.frame(connection, self._place, begin, end)
        for some in self._writer.pace.slices(weights_of(draws, frame)):
            await persistently(partial(self._set_weights, some))

    async def _set_weights(self, weights: Sequence[tuple[Draw, float]]) -> None:
        keys = {draw.submission_id for draw, _ in weights}
        async with self._writer.turn(len(weights)) as tx:
            await import_audits.set_weights(tx, self._place, weights)
            await audits.describe(tx, self._place.workspace_id, keys)


def _monday(moment: datetime, zone: str) -> datetime:
    """Return when the squad's ISO week of an instant begins."""
    day = clock.local_day(moment, zone)
    begin, _ = clock.day_range(day - timedelta(days=day.weekday()), day, zone)
    return begin


def _piece(
    row: AuditRow,
    contributors: Mapping[str, set[int]],
    work: Mapping[tuple[str, int], list[Piece]],
) -> Piece | Rejected:
    """Return the submission that an audit is about, or why it cannot be told."""
    keys = contributors.get(row.contributor, set())
    pieces = [piece for key in keys for piece in work.get((row.task, key), ())]
    if row.submitted_at is not None:
        second = row.submitted_at.replace(microsecond=0)
        pieces = [piece for piece in pieces if piece.submitted_at == second]
    if not pieces:
        return Rejected(row.row, "task", Reason.NO_SUBMISSION, {"value": row.task})
    if len(pieces) > 1:
        fields = {"n": len(pieces)}
        return Rejected(row.row, "submitted_at", Reason.SEVERAL_SUBMISSIONS, fields)
    return pieces[0]


class _Sorter:
    """Tells new audits from stored ones, and refuses what cannot be one."""

    def __init__(
        self,
        place: Place,
        known: _Known,
        taxonomy: Taxonomy,
        sampling: Sampling,
        found: _Sorted,
    ) -> None:
        self._place = place
        self._known = known
        self._taxonomy = taxonomy
        self._sampling = sampling
        self._found = found
        # Who audited what first within these audits, for origins.
        self._drawn: dict[int, int] = {}
        self._taken: set[tuple[int, int, datetime]] = set()

    def sort(self, item: ImportedAudit) -> None:
        """Put one audit where it belongs."""
        rows, findings = self._findings(item)
        if not rows:
            return
        first = item.first
        piece = self._known.pieces[first]
        if isinstance(piece, Rejected):
            self._refuse(rows, piece.reason, piece.column, piece.fields)
            return
        auditor_id = self._known.auditors[first.auditor]
        if piece.contributor_id == auditor_id:
            self._refuse(rows, Reason.OWN_WORK, "auditor")
            return
        audited_at = first.audited_at.replace(microsecond=0)
        key = (piece.submission_id, auditor_id, audited_at)
        if key in self._taken:
            self._found.later.append(item)
            return
        self._taken.add(key)
        self._found.handed_in.add(piece.submitted_at)
        before = self._known.before.get(piece.submission_id, [])
        for stored in before:
            if (stored.auditor_id, stored.audited_at) == (auditor_id, audited_at):
                self._again(stored, rows, findings)
                return
        self._new(piece, first, auditor_id, findings, len(rows), before)

    def _new(
        self,
        piece: Piece,
        first: AuditRow,
        auditor_id: int,
        findings: Sequence[NewFinding],
        rows: int,
        before: Sequence[Before],
    ) -> None:
        origin = self._origin(piece, auditor_id, before)
        audit = NewAudit(
            submission_id=piece.submission_id,
            project_id=self._place.project_id,
            squad_id=self._place.squad_id,
            contributor_id=piece.contributor_id,
            auditor_id=auditor_id,
            verdict=first.verdict,
            audited_at=first.audited_at.replace(microsecond=0),
            origin=origin,
            weight=self._sampling.weight if origin is Origin.RANDOM else None,
            imported=True,
            findings=tuple(findings),
        )
        self._found.new.append((audit, rows))

    def _origin(self, piece: Piece, auditor_id: int, before: Sequence[Before]) -> Origin:
        origin = self._sampling.origin
        if origin is not Origin.RANDOM:
            return origin
        drawn = {each.auditor_id for each in before if each.origin is Origin.RANDOM}
        others = drawn - {auditor_id} if auditor_id not in drawn else set()
        first = self._drawn.setdefault(piece.submission_id, auditor_id)
        return Origin.DOUBLE if others or first != auditor_id else origin

    def _again(
        self, stored: Before, rows: Sequence[AuditRow], findings: Sequence[NewFinding]
    ) -> None:
        """Compare an audit with the stored one: findings beyond its own are added to it."""
        if stored.verdict is not rows[0].verdict:
            self._refuse(rows, Reason.STORED_DIFFERENTLY, "verdict")
            return
        more = list((Counter(findings) - stored.findings).elements())
        self._found.added += [(stored.audit_id, finding) for finding in more]
        self._found.unchanged += len(rows) - len(more)

    def _findings(self, item: ImportedAudit) -> tuple[list[AuditRow], list[NewFinding]]:
        """Return the rows that can be taken, and their findings."""
        rows, findings = [], []
        for row in item.rows:
            if not self._taxonomy.covers(row):
                self._found.rejected.append(self._taxonomy.refusal(row))
                continue
            rows.append(row)
            category = self._taxonomy.get(row.category or "")
            if row.has_finding:
                default = Severity.ERROR if category is None else category.severity
                findings.append(
                    NewFinding(
                        severity=row.severity or default,
                        category_id=None if category is None else category.category_id,
                        section=row.section,
                        note=row.note,
                    )
                )
        return rows, findings

    def _refuse(
        self,
        rows: Iterable[AuditRow],
        reason: Reason,
        column: str | None,
        fields: Mapping[str, object] | None = None,
    ) -> None:
        self._found.rejected += [Rejected(row.row, column, reason, fields or {}) for row in rows]
