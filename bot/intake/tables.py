"""A CSV file becomes rows of cells: any of four delimiters, quoted line breaks, broken quotes.

One bad row never takes others with it. A quote that is opened and never closed would swallow what
follows; such a row is given up and reading goes on with the next physical line.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final, Protocol

from bot.errors import IntakeError
from bot.intake.files import TextFile
from bot.intake.layouts import Layout, Match, check, check_unique, match
from bot.rules.intake import FileFormat, Reason, Rejected

DELIMITERS: Final = (",", ";", "\t", "|")

MAX_CELL: Final = 131_072
"""The csv module's own limit, in characters; raising it would be a change for the whole process."""

MAX_LINES: Final = 10_000
"""A row of more physical lines than this is an open quote, not a cell."""

_AT_ONCE: Final = 500
_HEADER_LINES: Final = 50
_SEPARATOR_LINE: Final = "sep="

Row = tuple[int, list[str] | Rejected]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the cells of a file's rows lie.

    `positions` says where our columns stand among the `width` cells, `columns` what the file calls
    them, `ignored` what else it has. `delimiter` is None where the format has none.
    """

    format: FileFormat
    positions: Mapping[str, int]
    width: int
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    delimiter: str | None = None


class Table(Protocol):
    """What a format of files has to offer; the export of one more tool is one more class."""

    @property
    def shape(self) -> Shape:
        """How the cells lie, known before the first row is read."""

    def count(self) -> int:
        """Return how many rows `rows` yields."""

    def rows(self) -> Iterator[Row]:
        """Yield row number and cells, or the row's rejection, from the start at every call."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The header: where it stands (1 is the first row) and how it separates."""

    row: int
    delimiter: str
    match: Match


class CsvTable:
    """The data rows of a CSV file; each is exactly as wide as the header.

    Raises `IntakeError` `file_without_header`, `columns_missing` or `column_twice` when it is made.
    """

    def __init__(self, file: TextFile, layout: Layout) -> None:
        self._file = file
        with file.lines() as lines:
            self._head = _read_head(lines, layout, file.name)
        found = self._head.match
        self.shape = Shape(
            format=FileFormat.CSV,
            positions=found.positions,
            width=len(found.headings),
            columns=found.columns,
            ignored=found.ignored,
            delimiter=self._head.delimiter,
        )

    def count(self) -> int:
        """Return how many rows there are, without taking apart those that are a line each."""
        n = 0
        blank = f"{self._head.delimiter} \r\n"
        with self._file.lines() as lines:
            left_out = self._head.row
            while some := list(islice(lines, _AT_ONCE)):
                if '"' in "".join(some) or max(map(len, some)) > MAX_CELL:
                    return sum(1 for _ in self.rows())
                n += sum(1 for line in some[left_out:] if line.strip(blank))
                left_out = max(0, left_out - len(some))
        return n

    def rows(self) -> Iterator[Row]:
        """Yield row number and cells, or the row's rejection; blank rows are left out."""
        width = self.shape.width
        with self._file.lines() as lines:
            numbered = enumerate(_records(lines, self._head.delimiter), 1)
            for row, record in islice(numbered, self._head.row, None):
                if isinstance(record, Reason):
                    yield row, _given_up(row, record)
                elif any(record):
                    yield row, record if len(record) == width else _fitted(row, record, width)


def _given_up(row: int, reason: Reason) -> Rejected:
    return Rejected(row, None, reason, {"limit": MAX_CELL})


def _fitted(row: int, record: list[str], width: int) -> list[str] | Rejected:
    """Take off empty cells beyond the header; any other width means that something was cut off."""
    found = len(record)
    if found < width:
        return Rejected(row, None, Reason.TOO_FEW_CELLS, {"expected": width, "found": found})
    if any(cell.strip() for cell in record[width:]):
        return Rejected(row, None, Reason.TOO_MANY_CELLS, {"expected": width, "found": found})
    return record[:width]


def _read_head(lines: Iterator[str], layout: Layout, name: str) -> _Head:
    """Find the first row that is not blank and the delimiter that makes most sense of it."""
    row = 1
    given = ""
    for line in lines:
        text = line.strip()
        if text.lower().startswith(_SEPARATOR_LINE) and len(text) == len(_SEPARATOR_LINE) + 1:
            given = text[-1]  # how Excel is told the delimiter
        elif text.strip("".join(DELIMITERS)):
            break
        row += 1
    else:
        raise IntakeError("file_without_header", name=name)
    start = [line, *islice(lines, _HEADER_LINES)]
    found = [
        (match(layout, headings), delimiter, headings)
        for delimiter in ((given,) if given else DELIMITERS)
        for headings in (_first_record(start, delimiter),)
    ]
    best, delimiter, headings = max(found, key=lambda each: (len(each[0].positions), len(each[2])))
    check(layout, best.positions, headings, name)
    check_unique(layout, headings, name)
    return _Head(row, delimiter, best)


def _first_record(lines: list[str], delimiter: str) -> list[str]:
    first = next(_records(iter(lines), delimiter))
    headings = [] if isinstance(first, Reason) else [cell.strip() for cell in first]
    while headings and not headings[-1]:
        headings.pop()
    return headings


class _Feed:
    """Hands lines to csv.reader and keeps those of the record it is in the middle of."""

    __slots__ = ("_lines", "_pending", "held", "over")

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._pending: Iterator[str] = iter(())
        self.held: list[str] = []
        self.over = False

    def __iter__(self) -> Iterator[str]:
        held = self.held
        for line in chain(self._pending, self._lines):
            held.append(line)
            if len(held) > MAX_LINES:
                raise csv.Error("a record of too many lines")
            yield line
        self.over = True

    def give_up(self) -> None:
        """Drop the first line of the record and hand out its other lines once more."""
        # A list, not a chain of chains: ten thousand bad rows would nest as deep.
        self._pending = iter([*self.held[1:], *self._pending])
        self.held = []
        self.over = False


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | Reason]:
    """Yield every record, blank ones (`[]`) included, or why one was given up.

    Lines without a quote are a record each, and most files have no others.
    """
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        if '"' in "".join(some) or max(map(len, some)) > MAX_CELL:
            yield from _carefully(chain(some, rest), delimiter)
            return
        done = 0
        try:
            for record in csv.reader(some, delimiter=delimiter, skipinitialspace=True):
                yield record
                done += 1
        except csv.Error:
            yield from _carefully(chain(some[done:], rest), delimiter)
            return


def _carefully(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | Reason]:
    """Yield records of lines that may be quoted, broken or too long."""
    feed = _Feed(lines)
    while True:
        reason = None
        held = feed.held
        reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
        try:
            for record in reader:
                if len(held) > 1 and _is_torn(held, delimiter):
                    break
                if feed.over:  # the reader asked for more and got the end of the file
                    break
                yield record
                held.clear()
            else:
                return
        except csv.Error:
            if len(held) == 1:
                reason = Reason.TOO_LONG
        yield reason or Reason.UNCLOSED_QUOTE
        feed.give_up()


def _is_torn(held: list[str], delimiter: str) -> bool:
    """Whether a record of several lines is only one because of a stray quote.

    The csv module forgives what stands behind a closing quote. Over several lines that is no slip
    but the opening quote of a later cell, mistaken for the closing one.
    """
    strict = csv.reader(iter(held), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return len(list(strict)) != 1
    except csv.Error:
        return True
