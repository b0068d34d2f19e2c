"""The CSV and TSV exports of Label Studio, and how any of its exports is told from other files."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from bot.errors import IntakeError
from bot.intake import arrays, labelstudio, regions
from bot.intake.cells import CellError
from bot.intake.files import TextFile
from bot.intake.gold import GOLD
from bot.intake.kinds import Context, Kind
from bot.intake.labelstudio import COLUMNS, META, TaskList
from bot.intake.layouts import Layout
from bot.intake.submissions import SUBMISSIONS
from bot.intake.tables import CsvTable, Row, Shape, Table
from bot.rules.intake import FileFormat, FileKind, GoldRow, Rejected, SubmissionRow

LAYOUT: Final = Layout(
    dict.fromkeys(META - {"agreement", "history"}, ()),
    (("id",), ("annotator",), ("annotation_id",), ("updated_at", "created_at")),
)
"""The columns that every table of Label Studio has; the others are data and results."""

_OWN: Final = frozenset({"task", "contributor", "submitted_at"})
_READ: Final = frozenset({FileKind.SUBMISSIONS, FileKind.GOLD})


class _Headed(CsvTable):
    """A table that tells its headings, in order."""

    @property
    def headings(self) -> tuple[str, ...]:
        return self._head.match.headings


class FlatTable:
    """The annotations of a CSV or TSV export; raises as `CsvTable` when it is made."""

    def __init__(self, file: TextFile, *, gold: bool) -> None:
        self._table = _Headed(file, LAYOUT)
        self._gold = gold
        headings = self._table.headings
        self._at = self._table.shape.positions
        names = labelstudio.results_among(list(headings), appended=True)
        self._results = [(name, headings.index(name)) for name in names]
        self.shape = Shape(
            format=FileFormat.LABEL_STUDIO,
            positions={column: at for at, column in enumerate(COLUMNS)},
            width=len(COLUMNS),
            columns=self._table.shape.columns,
            ignored=tuple(each for each in self._table.shape.ignored if each not in names),
            delimiter=self._table.shape.delimiter,
        )

    def means_own(self) -> bool:
        """Tell whether it names columns as this program does, and so is no tool's own export."""
        return not _OWN.isdisjoint(self._table.headings)

    def count(self) -> int:
        """Return how many rows there are."""
        return sum(1 for _ in self.rows()) if self._gold else self._table.count()

    def rows(self) -> Iterator[Row]:
        """Yield row number and cells, or the row's rejection."""
        for row, cells in self._table.rows():
            found = cells if isinstance(cells, Rejected) else self._tried(row, cells)
            if not self._gold or (not isinstance(found, Rejected) and found[-1]):
                yield row, found

    def _tried(self, row: int, cells: list[str]) -> list[str] | Rejected:
        item: dict[str, object] = {name: cells[at] for name, at in self._at.items()}
        said = regions.of_controls([(name, _said(cells[at])) for name, at in self._results])
        try:
            found = labelstudio.cells_of(item, item)
        except CellError as error:
            return error.at(row)
        found[COLUMNS.index("label")] = labelstudio.clipped(said)
        return found


def _said(cell: str) -> str:
    """Read a result in a cell: a word, or several as JSON."""
    if cell[:1] not in {"[", "{"}:
        return cell.strip()
    try:
        return regions.of_value(json.loads(cell))
    except (ValueError, RecursionError):
        return cell.strip()


def find(file: TextFile, kind: FileKind, fmt: FileFormat) -> Table | None:
    """Return the table of an export of Label Studio, or None if the file is something else.

    Raises `IntakeError`: `file_is_json_array` (name) for a list of other things,
    `file_not_label_studio` (name) if the format was stated and is another one,
    `file_without_times` (name) for an export of it that says of no annotation when it was made.
    """
    stated = fmt is FileFormat.LABEL_STUDIO
    if may_be(kind, fmt):
        gold = kind is FileKind.GOLD
        if arrays.opens_list(file):
            return TaskList(file, gold=gold)
        try:
            table = FlatTable(file, gold=gold)
        except IntakeError as error:
            if error.code not in {"columns_missing", "column_twice"}:
                raise
            if _lacks_times(error):
                raise IntakeError("file_without_times", name=file.name) from error
        else:
            if stated or not (table.means_own() or gold):
                return table
    if stated:
        raise IntakeError("file_not_label_studio", name=file.name)
    return None


def _lacks_times(error: IntakeError) -> bool:
    """Tell whether a file would be an export of Label Studio if it said when things were done."""
    found = error.fields.get("found", ())
    names = {str(each) for each in found} if isinstance(found, list) else set()
    return error.fields.get("missing") == ["updated_at/created_at"] and _OWN.isdisjoint(names)


def may_be(kind: FileKind, fmt: FileFormat) -> bool:
    """Tell whether a file of that kind, said to be in that format, can be such an export."""
    return kind in _READ and fmt in {FileFormat.AUTO, FileFormat.LABEL_STUDIO}


def _either(context: Context) -> Callable[[int, list[str]], SubmissionRow | GoldRow]:
    """Return the reader of submissions with gold answers among them."""
    submission, gold = SUBMISSIONS.reader(context), GOLD.reader(context)
    marked = COLUMNS.index("gold")

    def read(row: int, cells: list[str]) -> SubmissionRow | GoldRow:
        return gold(row, cells) if cells[marked] else submission(row, cells)

    return read


WORK: Final = Kind(FileKind.SUBMISSIONS, _either)
"""What an export holds where submissions are asked for."""
