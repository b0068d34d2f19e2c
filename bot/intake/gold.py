"""A row of gold answers becomes its record: a task, and what its label ought to be."""

from collections.abc import Callable
from typing import Final

from bot.intake.cells import CellError, free_text, name_text
from bot.intake.kinds import LIMITS, Context, Kind
from bot.rules.intake import FileKind, GoldRow, Reason

_COLUMNS: Final = ("task", "label")


def _reader(context: Context) -> Callable[[int, list[str]], GoldRow]:
    """Return the reader of gold answers."""
    pick = context.pick(_COLUMNS)

    def read(row: int, cells: list[str]) -> GoldRow:
        task, label = pick(cells)
        if not task:
            raise CellError("task", Reason.EMPTY)
        answer = free_text(label, "label", LIMITS["label"])
        if not answer:
            raise CellError("label", Reason.EMPTY)
        return GoldRow(row=row, task=name_text(task, "task", LIMITS["task"]), label=answer)

    return read


GOLD: Final = Kind(FileKind.GOLD, _reader)
