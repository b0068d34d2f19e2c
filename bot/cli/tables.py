"""Tables in the shell in which nothing is cut off: what a narrow terminal cannot hold, folds."""

import os
from collections.abc import Sequence
from typing import Final

import typer
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table

from bot.views.reports import Sheet

UNBOUNDED: Final = 10_000
"""The width of what no person looks at, such as a pipe or a file: a row is a line there."""

_EDGES: Final = 2  # what the box itself takes, left and right


def table(columns: Sequence[str], *, title: str | None = None, figures: bool = False) -> Table:
    """Return an empty table; with `figures` all columns but the first stand at the right."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    for position, name in enumerate(columns):
        made.add_column(name, justify="right" if figures and position else "left", overflow="fold")
    return made


def show(made: Table) -> None:
    """Print a table as wide as the terminal; `COLUMNS` says how wide where there is none."""
    console = Console(markup=False, emoji=False, highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = UNBOUNDED
    _fit(made, console.width)
    console.print(made)


def print_sheet(shown: Sheet) -> None:
    """Print a table of figures, and what stands below it."""
    made = table(shown.columns, title=shown.title, figures=True)
    for row in shown.rows:
        made.add_row(*row)
    if shown.rows:
        show(made)
    for note in shown.notes:
        typer.echo(note)


def _fit(made: Table, width: int) -> None:
    """Narrow the widest columns until all fit, headers' words whole for as long as that goes.

    Rich narrows without regard to what a column needs, and then crops at the right.
    """
    wide = [_longest([str(column.header), *_cells(column)]) for column in made.columns]
    least = [_longest(str(column.header).split()) for column in made.columns]
    room = width - _EDGES - (len(wide) - 1)
    while sum(wide) > room:
        could = [place for place, least_here in enumerate(least) if wide[place] > least_here]
        if not could:
            could = [place for place, now in enumerate(wide) if now > 1]
        if not could:
            break
        widest = max(could, key=wide.__getitem__)
        wide[widest] -= 1
    for column, found in zip(made.columns, wide, strict=True):
        column.width = found


def _cells(column: Column) -> list[str]:
    return [str(cell) for cell in column.cells]


def _longest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=1)
