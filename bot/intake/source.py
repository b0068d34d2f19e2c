"""The one door to a file: opened once and checked whole, read in chunks as often as needed.

    source = open_source(path, SUBMISSIONS, FileFormat.AUTO, "Europe/Berlin", now)
    for chunk in source.chunks(5_000):
        chunk.records, chunk.rejected

Opening reads the file through once, counts its rows and raises `IntakeError` for whatever makes it
unreadable as a whole (`bot.intake.files`, `.layouts`, `.tables` and `.jsonlines` list the codes);
after that, only single rows are refused. Memory does not grow with the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from bot import clock
from bot.intake.cells import CellError, Instants
from bot.intake.files import MAX_BYTES, TextFile, examine, shown_name
from bot.intake.jsonlines import JsonLines, looks_like_json
from bot.intake.kinds import Context, Kind
from bot.intake.labeltables import WORK, find, may_be
from bot.intake.tables import CsvTable, Table
from bot.rules.intake import (
    AuditRow,
    FileFacts,
    FileFormat,
    FileKind,
    ImportedAudit,
    Rejected,
    group_audits,
)

CHUNK: Final = 5_000
"""Rows per chunk unless the caller knows better; about 5 MB of records."""

_ENCODING_NAMES: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}

RecordT = TypeVar("RecordT")
RecordT_co = TypeVar("RecordT_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk(Generic[RecordT_co]):
    """Some rows in the order of the file: `read` of them became records or were rejected.

    `assumed` counts times without offset, which were read in the source's zone.
    """

    read: int
    records: tuple[RecordT_co, ...]
    rejected: tuple[Rejected, ...]
    assumed: int


class Source(Generic[RecordT]):
    """A checked file; every iteration reads it anew from the start.

    Iterating raises `IntakeError("file_changed")` if somebody wrote to it since it was opened.
    """

    def __init__(
        self, file: TextFile, table: Table, kind: Kind[RecordT], zone: clock.Zone, now: datetime
    ) -> None:
        self._table = table
        self._kind = kind
        self._now = now
        shape = table.shape
        self.name = file.name
        self.facts = FileFacts(
            format=shape.format,
            encoding=_ENCODING_NAMES[file.encoding],
            rows=table.count(),
            zone=zone,
            columns=shape.columns,
            ignored=shape.ignored,
            delimiter=shape.delimiter,
            compressed=file.compressed,
            undecodable=file.undecodable,
        )

    @property
    def total(self) -> int:
        """How many data rows there are, blank ones left out."""
        return self.facts.rows

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk[RecordT]]:
        """Yield all rows, `size` at a time."""
        if size < 1:
            raise ValueError("a chunk holds at least one row")
        shape = self._table.shape
        instants = Instants(self.facts.zone, self._now)
        read = self._kind.reader(
            Context(shape.positions, shape.width, instants, decimal_comma=shape.delimiter == ";")
        )
        records: list[RecordT] = []
        rejected: list[Rejected] = []

        def cut() -> Chunk[RecordT]:
            chunk = Chunk(
                read=len(records) + len(rejected),
                records=tuple(records),
                rejected=tuple(rejected),
                assumed=instants.assumed,
            )
            records.clear()
            rejected.clear()
            instants.assumed = 0
            return chunk

        left = size
        for row, cells in self._table.rows():
            if isinstance(cells, Rejected):
                rejected.append(cells)
            else:
                try:
                    records.append(read(row, cells))
                except CellError as error:
                    rejected.append(error.at(row))
            left -= 1
            if not left:
                yield cut()
                left = size
        if left < size:
            yield cut()

    def __iter__(self) -> Iterator[RecordT | Rejected]:
        """Yield every row's record or rejection, chunk by chunk, the records of a chunk first."""
        for chunk in self.chunks():
            yield from chunk.records
            yield from chunk.rejected


def audit_chunks(source: Source[AuditRow], size: int = CHUNK) -> Iterator[Chunk[ImportedAudit]]:
    """Yield audits instead of rows; rows of one audit that stand together stay together.

    The last audit of a chunk waits for the next one, whose first rows may belong to it. Rows of an
    audit that stand elsewhere come as a second audit of the same key, to be added to the first.
    `read` counts rows.
    """
    waiting: tuple[AuditRow, ...] = ()
    for chunk in source.chunks(size):
        audits, conflicts = group_audits((*waiting, *chunk.records))
        waiting = audits.pop().rows if audits else ()
        rejected = tuple(sorted((*chunk.rejected, *conflicts), key=lambda each: each.row))
        yield Chunk(
            read=chunk.read, records=tuple(audits), rejected=rejected, assumed=chunk.assumed
        )
    if waiting:
        yield Chunk(read=0, records=(ImportedAudit(waiting),), rejected=(), assumed=0)


def open_source(
    file: Path | bytes,
    kind: Kind[RecordT],
    fmt: FileFormat,
    zone: str,
    now: datetime,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Source[RecordT]:
    """Open a file of one kind; times without offset are read in `zone`, `now` is aware.

    `name` is what errors call the file (else its own), `max_bytes` its limit once decompressed.
    Raises `IntakeError`, or `BadInput("unknown_zone")`.
    """
    checked_zone = clock.zone(zone)
    text = examine(file, shown_name(file, name), max_bytes, lists=may_be(kind.name, fmt))
    export = find(text, kind.name, fmt)
    if export is not None:
        among: Kind[Any] = WORK if kind.name is FileKind.SUBMISSIONS else kind
        return Source(text, export, among, checked_zone, now)
    as_json = fmt is FileFormat.JSONL or (fmt is FileFormat.AUTO and looks_like_json(text))
    table: Table = (JsonLines if as_json else CsvTable)(text, kind.layout)
    return Source(text, table, kind, checked_zone, now)
