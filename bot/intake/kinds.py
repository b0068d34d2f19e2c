"""What a reader of rows is given, and what makes a kind of file: layout and reader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from bot.intake.cells import Instants
from bot.intake.layouts import LAYOUTS, Layout
from bot.rules.intake import FileKind

LIMITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "task": 200,
        "contributor": 320,
        "auditor": 320,
        "label": 2000,
        "url": 3000,
        "batch": 120,
        "guideline_version": 80,
        "source": 64,
        "source_id": 200,
        "category": 75,
        "section": 300,
        "note": 3000,
        "definition": 2000,
        "name": 200,
        "email": 320,
        "tags": 40,
        "subdivision": 16,
    }
)
"""The longest text of each column, in characters."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader knows of its file: where the columns stand, zone, decimal comma."""

    positions: Mapping[str, int]
    width: int
    instants: Instants
    decimal_comma: bool = False

    def pick_raw(self, names: Sequence[str]) -> Callable[[list[str]], tuple[str, ...]]:
        """Return what takes these columns out of a row that one empty cell was appended to."""
        return itemgetter(*(self.positions.get(name, self.width) for name in names))

    def pick(self, names: Sequence[str]) -> Callable[[list[str]], tuple[str, ...]]:
        """Return a function that takes these columns out of a row, stripped, "" for absent ones.

        It appends one cell to the row it is given.
        """
        getter = self.pick_raw(names)

        def picked(cells: list[str]) -> tuple[str, ...]:
            cells.append("")
            return tuple(map(str.strip, getter(cells)))

        return picked


RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True)
class Kind(Generic[RecordT]):
    """A kind of file; `reader` is called once per pass and returns (row, cells) → record."""

    name: FileKind
    reader: Callable[[Context], Callable[[int, list[str]], RecordT]]

    @property
    def layout(self) -> Layout:
        """The columns of this kind."""
        return LAYOUTS[self.name]
