"""Exports of Label Studio become rows of cells: JSON, JSON-MIN, CSV and TSV, one by one.

A row is an annotation, and its number that of its task in a list or of its line in a table. What
was skipped, and a task that nobody annotated, is a rejection, so that the report counts it. An
annotation marked as ground truth is a gold answer and nobody's submission.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

from bot.errors import IntakeError
from bot.intake import arrays, regions
from bot.intake.cells import CellError
from bot.intake.files import TextFile
from bot.intake.kinds import LIMITS
from bot.intake.layouts import LAYOUTS, match
from bot.intake.tables import Row, Shape
from bot.rules.intake import FileFormat, FileKind, Reason, Rejected

SOURCE: Final = "label-studio"
"""Under this source stand the ids of annotations and what the export calls people."""

COLUMNS: Final = (
    "task",
    "contributor",
    "submitted_at",
    "duration_s",
    "label",
    "source",
    "source_id",
    "gold",
)
"""The cells of a row; `gold` is empty unless the annotation is a gold answer."""

META: Final = frozenset(
    {
        "id",
        "annotator",
        "annotation_id",
        "created_at",
        "updated_at",
        "lead_time",
        "agreement",
        "history",
        "was_cancelled",
        "ground_truth",
    }
)
"""What the short forms write beside a task's data and its results."""

_TASKS: Final = LAYOUTS[FileKind.SUBMISSIONS]
_LOOKED_AT: Final = 100  # items that say what the list is
_MORE: Final = "…"
_YES: Final = frozenset({"true", "1", "yes"})
_NO: Final = frozenset({"", "false", "0", "no"})
_JSON_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "task": "id",
        "contributor": "completed_by",
        "submitted_at": "updated_at",
        "duration_s": "lead_time",
        "label": "result",
        "source_id": "annotations.id",
        "gold": "ground_truth",
    }
)
_Item = dict[str, Any]


class TaskList:
    """The annotations of a JSON or JSON-MIN export.

    Raises `IntakeError("file_is_json_array", name)` when it is made if none of the first hundred
    items is a task; `count` and `rows` raise as `arrays.items` does. With `gold` the rows are the
    gold answers, and nothing else.
    """

    def __init__(self, file: TextFile, *, gold: bool) -> None:
        self._file = file
        self._gold = gold
        first = list(map(_is_task, islice(arrays.items(file), _LOOKED_AT)))
        if first and not any(first):
            raise IntakeError("file_is_json_array", name=file.name)
        self.shape = Shape(
            format=FileFormat.LABEL_STUDIO,
            positions={column: at for at, column in enumerate(COLUMNS)},
            width=len(COLUMNS),
            columns=_JSON_COLUMNS,
            ignored=(),
        )

    def count(self) -> int:
        """Return how many rows there are, having read the list to its end."""
        return sum(1 for _ in self.rows())

    def rows(self) -> Iterator[Row]:
        """Yield the number of the task, first is 1, and an annotation's cells or its rejection."""
        for row, item in enumerate(arrays.items(self._file), 1):
            for cells in _annotations(row, item):
                if not self._gold or _concerns_gold(cells):
                    yield row, self._checked(row, cells)

    def _checked(self, row: int, cells: list[str] | Rejected) -> list[str] | Rejected:
        """Refuse a row with a byte that is no character, which came as a mark of its own."""
        if self._file.undecodable and not isinstance(cells, Rejected):
            for column, cell in zip(COLUMNS, cells, strict=True):
                if arrays.UNREADABLE in cell:
                    return Rejected(row, column, Reason.NOT_TEXT)
        return cells


def _is_task(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    long = "annotations" in item or ("data" in item and "predictions" in item)
    return long or _is_short(item)


def _is_short(item: _Item) -> bool:
    """Tell JSON-MIN, in which a task with one annotation is one flat object."""
    return "annotations" not in item and "annotator" in item and "annotation_id" in item


def _annotations(row: int, item: object) -> Iterator[list[str] | Rejected]:
    """Yield what became of each annotation of a task, or of the task if it has none."""
    if not isinstance(item, dict) or not _is_task(item):
        yield Rejected(row, None, Reason.NOT_A_TASK)
        return
    if _is_short(item):
        yield _tried(row, item, item)
        return
    listed = item.get("annotations")
    if not listed:
        yield Rejected(row, None, Reason.NOT_ANNOTATED)
    elif not isinstance(listed, list):
        yield Rejected(row, "annotations", Reason.WRONG_SHAPE)
    else:
        for annotation in listed:
            if isinstance(annotation, dict):
                yield _tried(row, item, annotation)
            else:
                yield Rejected(row, "annotations", Reason.WRONG_SHAPE)


def _tried(row: int, task: _Item, annotation: _Item) -> list[str] | Rejected:
    try:
        return cells_of(task, annotation)
    except CellError as error:
        return error.at(row)


def _concerns_gold(cells: list[str] | Rejected) -> bool:
    return not isinstance(cells, Rejected) and bool(cells[-1])


def cells_of(task: _Item, annotation: _Item) -> list[str]:
    """Return the cells in the order of `COLUMNS`.

    Of the short forms task and annotation are the same object. Raises `CellError` for a skipped
    annotation and for values that Label Studio never writes there.
    """
    short = task is annotation
    if flag(annotation.get("was_cancelled"), "was_cancelled"):
        raise CellError(None, Reason.CANCELLED)
    gold = flag(annotation.get("ground_truth"), "ground_truth")
    who = "annotator" if short else "completed_by"
    said = _controls(task) if short else regions.of_results(annotation.get("result"))
    moment = annotation.get("updated_at") or annotation.get("created_at")
    if not (moment or gold):
        raise CellError("updated_at", Reason.NO_TIME)
    number = "annotation_id" if short else "id"
    return [
        _text(task.get("id"), "task") or _reference(task.get("data")),
        _person(annotation.get(who), who),
        _text(moment, "submitted_at"),
        _text(annotation.get("lead_time"), "lead_time"),
        clipped(said),
        SOURCE,
        _text(annotation.get(number), number),
        "gold" if gold else "",
    ]


def flag(value: object, column: str) -> bool:
    """Read a yes or no, also as it is written in a table. Raises `CellError` for anything else."""
    if value is None:
        return False
    word = str(value).strip().casefold()
    if word in _YES:
        return True
    if word not in _NO:
        raise CellError(column, Reason.WRONG_SHAPE)
    return False


def clipped(text: str) -> str:
    """Cut a label at the limit of labels; somebody may mark a thousand regions."""
    limit = LIMITS["label"]
    return text if len(text) <= limit else text[: limit - len(_MORE)] + _MORE


def _text(value: object, column: str) -> str:
    """Return a text or number as a cell, "" for null. Raises `CellError` for anything else."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise CellError(column, Reason.WRONG_SHAPE)
    return value if isinstance(value, str) else str(value).removesuffix(".0")


def _person(value: object, column: str) -> str:
    """Return the e-mail address of an object that stands for somebody, else the number."""
    if isinstance(value, dict):
        return _text(value.get("email") or value.get("id"), column)
    return _text(value, column)


def _reference(data: object) -> str:
    """Return what the task's own data calls it: a key that means so, else the only one there is."""
    if not isinstance(data, dict):
        return ""
    known = match(_TASKS, list(data)).columns.get("task")
    if known is None and len(data) == 1:
        known = next(iter(data))
    return "" if known is None else _text(data[known], "task")


def _controls(item: _Item) -> str:
    """Return what the results in a flat object say; they stand behind the task's id."""
    names = results_among(list(item), appended=False)
    return regions.of_controls([(name, regions.of_value(item[name])) for name in names])


_TELLING: Final = ("label", "labels", "choice", "choices", "taxonomy", "rating", "sentiment")


def results_among(headings: list[str], *, appended: bool) -> list[str]:
    """Return which of the flat names hold results, in order.

    Label Studio writes data, id, results, annotator; with `appended` results that the first rows
    did not have may stand at the end, as in its tables. Where the names were sorted, only a name
    that says so itself is taken for a result, since data and results cannot be told apart.
    """
    at = {name: n for n, name in reversed(list(enumerate(headings)))}
    if at.get("id", len(headings)) < at.get("annotator", -1):
        later = headings[at["id"] : None if appended else at["annotator"]]
        return [name for name in later if name and name not in META]
    return [name for name in headings if name not in META and name.casefold().endswith(_TELLING)]
