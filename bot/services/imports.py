"""Imports of files, asked for at the shell or in Slack: looked at first, then written in pieces.

A file is opened and read through before anything is written, so an unreadable one changes nothing.
Its rows then go in by short transactions in the order of the file; whatever was interrupted is
simply imported again, and what is there already stays as it is. History never speaks: nothing here
queues a message, and the ledger gets one entry with the counts.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol

from bot.clock import Clock
from bot.intake.detect import detect, open_kind
from bot.intake.files import MAX_BYTES
from bot.intake.source import Chunk, Source, audit_chunks
from bot.rules.imports import (
    Choice,
    CitedSections,
    Destination,
    Door,
    Imported,
    ImportRequest,
    Operator,
)
from bot.rules.intake import FileFormat, FileKind, ImportReport, Tally
from bot.rules.people import Caller
from bot.services import import_places
from bot.services.citations import Citations
from bot.services.import_audits import AuditImport
from bot.services.import_gold import GoldImport, WorkImport
from bot.services.import_people import Names, finish_moves
from bot.services.import_plan import PlanImport, TaxonomyImport
from bot.services.import_roster import RosterImport
from bot.services.import_submissions import SubmissionImport, SubmissionPlan
from bot.services.import_writing import persistently
from bot.services.unit import Service
from bot.store import effects
from bot.store.database import Database

CHUNK: Final = 2_000
"""Rows read at once: ten milliseconds, after which others have their turn."""

SAME_BUTTON: Final = timedelta(minutes=10)
"""One click's import; after that the button may be pressed again, and changes nothing."""

Progress = Callable[[int, int], None]
"""Told (rows read so far, rows of the file) after each piece."""


class _Step(Protocol):
    """What takes the records of one kind of file."""

    async def take(self, records: Sequence[Any], /) -> None: ...


_PLAIN: Final[Mapping[FileKind, type[RosterImport | PlanImport | GoldImport]]] = MappingProxyType(
    {
        FileKind.ROSTER: RosterImport,
        FileKind.PLAN: PlanImport,
        FileKind.GOLD: GoldImport,
    }
)
"""Kinds whose rows need nothing but the place they go to."""


class Imports(Service):
    """Imports for the managers of a squad, for admins, and for the operator at the shell."""

    def __init__(self, database: Database, clock: Clock, citations: Citations) -> None:
        super().__init__(database, clock)
        self._citations = citations

    async def choices(self, caller: Caller, key: str | None) -> list[Choice] | None:
        """Return where somebody may import to, None if this file was answered already.

        Raises NotAllowed("not_allowed_import") if that is nowhere.
        """
        async with self.writing(caller) as unit:
            found = await import_places.choices(unit)
            return found if await unit.begin(key) is None else None

    async def kind_of(self, content: bytes, name: str) -> FileKind:
        """Tell what a dropped file is about. Raises IntakeError."""
        return await asyncio.to_thread(detect, content, name=name)

    async def plan(
        self,
        door: Door,
        request: ImportRequest,
        content: Path | bytes,
        *,
        name: str | None = None,
        max_bytes: int = MAX_BYTES,
        progress: Progress | None = None,
    ) -> Imported:
        """Say what an import would do, without doing it.

        Raises IntakeError for a file that cannot be read, and as `import_places.find`.
        """
        there = await self._find(door, request)
        source = await self._open(there, request, content, name, max_bytes)
        alone = isinstance(door, Operator)
        return await self._import(request, there, source, dry=True, alone=alone, progress=progress)

    async def run(
        self,
        door: Door,
        request: ImportRequest,
        content: Path | bytes,
        *,
        key: str | None = None,
        name: str | None = None,
        max_bytes: int = MAX_BYTES,
        progress: Progress | None = None,
    ) -> Imported:
        """Import a file. Raises as `plan`; with a click's `key` the second one is `repeated`."""
        there = await self._find(door, request)
        source = await self._open(there, request, content, name, max_bytes)
        prior = await self._begin(there, key)
        if prior is not None:
            return _repeated(request, there, source, prior)
        try:
            there = await persistently(partial(self._make, there))
            await finish_moves(self._database, there.workspace_id)
            alone = isinstance(door, Operator)
            done = await self._import(
                request, there, source, dry=False, alone=alone, progress=progress
            )
        except BaseException:
            await self._release(there, key)
            raise
        await persistently(partial(self._finish, there, done, key))
        return done

    async def _open(
        self,
        there: Destination,
        request: ImportRequest,
        content: Path | bytes,
        name: str | None,
        max_bytes: int,
    ) -> Source[Any]:
        zone = request.zone or there.zone
        now = self._clock.now()
        # In a thread: reading through a large file takes longer than anybody should wait.
        return await asyncio.to_thread(
            open_kind,
            request.kind,
            content,
            request.fmt,
            zone,
            now,
            name=name,
            max_bytes=max_bytes,
        )

    async def _import(
        self,
        request: ImportRequest,
        there: Destination,
        source: Source[Any],
        *,
        dry: bool,
        alone: bool,
        progress: Progress | None,
    ) -> Imported:
        tally = Tally()
        names = Names(self._database, there.workspace_id, self._clock.now(), dry=dry)
        pieces = _Pieces(source, request.kind, alone=alone)
        step = self._step(request, there, names, tally, pieces, dry=dry)
        if request.kind is FileKind.SUBMISSIONS and source.facts.format is FileFormat.LABEL_STUDIO:
            step = WorkImport(
                step, GoldImport(self._database, there, tally, self._clock.now(), dry=dry)
            )
        assumed = 0
        async for chunk in pieces:
            tally.read += chunk.read
            tally.reject(chunk.rejected)
            assumed += chunk.assumed
            await step.take(chunk.records)
            if progress is not None:
                progress(tally.read, source.total)
        added: tuple[str, ...] = ()
        strangers = names.strangers
        if isinstance(step, AuditImport):
            await step.weigh()
            added = step.added
        elif isinstance(step, PlanImport | TaxonomyImport):
            await step.finish()
        elif isinstance(step, RosterImport):
            strangers = step.strangers
        return Imported(
            kind=request.kind,
            destination=there,
            facts=source.facts,
            report=tally.report(),
            dry=dry,
            sampling=request.sampling,
            strangers=strangers,
            assumed=assumed,
            categories=added,
            gold=step.answers.taken if isinstance(step, WorkImport) else 0,
            cited=await self._cited(there, step) if isinstance(step, AuditImport) else None,
        )

    def _step(
        self,
        request: ImportRequest,
        there: Destination,
        names: Names,
        tally: Tally,
        pieces: "_Pieces",
        *,
        dry: bool,
    ) -> _Step:
        now = self._clock.now()
        if request.kind is FileKind.SUBMISSIONS:
            if dry:
                return SubmissionPlan(self._database, there, names, tally)
            return SubmissionImport(self._database, there, names, tally, now, pieces.look_ahead)
        if request.kind is FileKind.AUDITS:
            return AuditImport(
                self._database,
                there,
                names,
                tally,
                request.sampling,
                create=request.create,
                dry=dry,
            )
        plain = _PLAIN.get(request.kind)
        if plain is not None:
            return plain(self._database, there, tally, now, dry=dry)
        return TaxonomyImport(self._database, there, tally, dry=dry)

    async def _cited(self, there: Destination, step: AuditImport) -> CitedSections | None:
        """Return which sections that findings cite stand in the guidelines; None without any."""
        if there.project_id is None or not step.cited:
            return None
        found, loaded = await self._citations.named(
            there.workspace_id, there.project_id, step.cited
        )
        return CitedSections(step.cited, step.cited - found.keys()) if loaded else None

    async def _find(self, door: Door, request: ImportRequest) -> Destination:
        async with self._database.read() as connection:
            return await import_places.find(connection, door, request)

    async def _make(self, there: Destination) -> Destination:
        """Make the squad and the project that are missing."""
        if there.squad_id is not None and (there.project_id is not None or there.project is None):
            return there
        async with self._database.write() as tx:
            return await import_places.make(tx, there, self._clock.now())

    async def _begin(self, there: Destination, key: str | None) -> Mapping[str, Any] | None:
        if key is None:
            return None
        now = self._clock.now()
        async with self._database.write() as tx:
            return await effects.begin(tx, there.workspace_id, key, now, SAME_BUTTON)

    async def _release(self, there: Destination, key: str | None) -> None:
        """Let the button be pressed again after a failure."""
        if key is not None:
            async with self._database.write() as tx:
                await effects.release(tx, there.workspace_id, key)

    async def _finish(self, there: Destination, done: Imported, key: str | None) -> None:
        report = done.report
        counts = {
            "read": report.read,
            "new": report.new,
            "revised": report.revised,
            "unchanged": report.unchanged,
            "rejected": report.rejected_count,
        }
        ids = counts if there.project_id is None else {**counts, "project_id": there.project_id}
        async with self._database.write() as tx:
            now = self._clock.now()
            await import_places.log(tx, there, now, f"import.{done.kind}", there.squad_id, **ids)
            if key is not None:
                await effects.finish(tx, there.workspace_id, key, counts)


def _repeated(
    request: ImportRequest, there: Destination, source: Source[Any], prior: Mapping[str, Any]
) -> Imported:
    """Return what the first click's import did, as far as it is known yet."""
    report = ImportReport(
        read=prior.get("read", 0),
        new=prior.get("new", 0),
        revised=prior.get("revised", 0),
        unchanged=prior.get("unchanged", 0),
        unlisted=prior.get("rejected", 0),
    )
    return Imported(
        kind=request.kind,
        destination=there,
        facts=source.facts,
        report=report,
        dry=False,
        sampling=request.sampling,
        repeated=True,
    )


class _Pieces:
    """A file, piece by piece; unless `alone` in its process, each is read in a thread."""

    def __init__(self, source: Source[Any], kind: FileKind, *, alone: bool) -> None:
        self._pieces: Iterator[Chunk[Any]] = (
            audit_chunks(source, CHUNK) if kind is FileKind.AUDITS else source.chunks(CHUNK)
        )
        self._alone = alone
        self._ahead: list[Chunk[Any] | None] = []

    def look_ahead(self) -> None:
        """Read the next piece now, if nobody else in this process waits meanwhile."""
        if self._alone and not self._ahead:
            self._ahead.append(next(self._pieces, None))

    async def __aiter__(self) -> AsyncIterator[Chunk[Any]]:
        while True:
            # A thread costs two changes of threads a piece, which the shell has no use for.
            self.look_ahead()
            chunk = (
                self._ahead.pop()
                if self._alone
                else await asyncio.to_thread(next, self._pieces, None)
            )
            if chunk is None:
                return
            yield chunk
