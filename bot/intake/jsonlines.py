"""A JSON Lines file becomes rows of cells, in the order of the layout's columns."""

import json
import math
from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.errors import IntakeError
from bot.intake.files import TextFile
from bot.intake.layouts import Layout, check, match
from bot.intake.tables import Row, Shape
from bot.rules.intake import FileFormat, Reason, Rejected

_LOOKED_AT: Final = 100  # objects that say which keys the file has
_KNOWN_SHAPES: Final = 1_000  # key orders remembered; a hostile file has a new one in every line

_Shape = tuple[tuple[int, str], ...]


class JsonLines:
    """The objects of a JSON Lines file; a key that an object lacks is an empty cell.

    Raises `IntakeError` `file_is_json_array`, `file_not_json_lines` or `columns_missing` when it is
    made: required keys have to be in one of the first hundred objects at least.
    """

    def __init__(self, file: TextFile, layout: Layout) -> None:
        self._file = file
        self._layout = layout
        self._positions = {column: at for at, column in enumerate(layout.names)}
        keys = self._first_keys()
        found = match(layout, keys)
        check(layout, found.positions, keys, file.name)
        self.shape = Shape(
            format=FileFormat.JSONL,
            positions=self._positions,
            width=len(self._positions),
            columns=found.columns,
            ignored=found.ignored,
        )

    def count(self) -> int:
        """Return how many rows there are: lines that are not blank."""
        with self._file.lines() as lines:
            return sum(1 for line in lines if line.strip())

    def rows(self) -> Iterator[Row]:
        """Yield line number and cells, or the line's rejection; blank lines are left out."""
        shapes: dict[tuple[str, ...], _Shape] = {}
        with self._file.lines() as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                item = _parsed(line)
                yield (
                    number,
                    (
                        Rejected(number, None, Reason.NOT_JSON)
                        if item is None
                        else self._cells(item, shapes)
                    ),
                )

    def _first_keys(self) -> list[str]:
        keys: dict[str, None] = {}
        with self._file.lines() as lines:
            filled = filter(str.strip, lines)
            items = [_parsed(line) for line in islice(filled, _LOOKED_AT)]
        for item in items:
            keys.update(dict.fromkeys(item or ()))
        if not any(item is not None for item in items):
            raise IntakeError("file_not_json_lines", name=self._file.name)
        return list(keys)

    def _cells(self, item: dict[str, object], shapes: dict[tuple[str, ...], _Shape]) -> list[str]:
        keys = tuple(item)
        shape = shapes.get(keys)
        if shape is None:
            if len(shapes) >= _KNOWN_SHAPES:
                shapes.clear()
            shape = shapes[keys] = self._shape(keys)
        cells = [""] * len(self._positions)
        for at, key in shape:
            cells[at] = _cell(item[key])
        return cells

    def _shape(self, keys: tuple[str, ...]) -> _Shape:
        found = match(self._layout, keys)
        return tuple((self._positions[column], key) for column, key in found.columns.items())


def _parsed(line: str) -> dict[str, object] | None:
    """Return the line's object, or None if it is not one."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):  # ValueError: also a number of thousands of digits
        return None
    return item if isinstance(item, dict) else None


def _cell(value: object) -> str:
    """Write a value as a cell: text as it is, null as empty, lists and objects as JSON."""
    match value:
        case str():
            return value
        case None:
            return ""
        case float() if value.is_integer() and math.isfinite(value):
            return str(int(value))  # 17.0 is task 17
        case bool() | list() | dict():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case _:
            return str(value)


def looks_like_json(file: TextFile) -> bool:
    """Whether the first character that is not blank opens a JSON object.

    Raises `IntakeError("file_is_json_array", name)` if it opens an array: not one record a line.
    """
    with file.lines() as lines:
        first = next(filter(None, map(str.strip, lines)), "")
    if first.startswith("["):
        raise IntakeError("file_is_json_array", name=file.name)
    return first.startswith("{")
