"""A row of cells becomes a submission, a million times.

What an ordinary row holds is settled by a few checks of the row as a whole, and only a row that
fails them is looked at cell by cell.
"""

from collections.abc import Callable, Sequence
from typing import Final

from bot.intake.cells import CellError, free_text, link, name_text, refusal, seconds
from bot.intake.kinds import LIMITS, Context, Kind
from bot.rules.intake import FileKind, Reason, SubmissionRow

_SHORT: Final = 200  # a row whose texts are no longer than this together breaks no limit of 200

_COLUMNS: Final = (
    "task",
    "contributor",
    "submitted_at",
    "duration_s",
    "label",
    "url",
    "batch",
    "guideline_version",
    "source",
    "source_id",
    "started_at",
)
_FREE: Final = frozenset({"label"})
# These are read as values of their own, whose readers check every character.
_NOT_TEXTS: Final = frozenset({"submitted_at", "duration_s", "started_at", "url"})


def _reader(context: Context) -> Callable[[int, list[str]], SubmissionRow]:
    """Return the reader of submissions."""
    pick = context.pick_raw(_COLUMNS)
    instant = context.instants.read
    comma = context.decimal_comma
    version_limit, source_limit = LIMITS["guideline_version"], LIMITS["source"]
    batch_limit = LIMITS["batch"]

    def read(row: int, cells: list[str]) -> SubmissionRow:
        cells.append("")
        picked = pick(cells)
        together = "".join(picked)
        if " " in together or not together.isprintable():  # of blanks only " " is printable
            picked = tuple(map(str.strip, picked))
            together = "".join(picked)
        if (
            len(together) > _SHORT
            or not together.isprintable()
            or len(picked[8]) > source_limit
            or len(picked[7]) > version_limit
            or len(picked[6]) > batch_limit
        ):
            picked = _checked_texts(picked)
        task, contributor, when, spent, label, url, batch, version, source, source_id, begun = (
            picked
        )
        if not (task and contributor and when):
            raise CellError(_first_empty(picked), Reason.EMPTY)
        submitted_at = instant(when, "submitted_at")
        duration: float | None = None
        if spent:
            duration = seconds(spent, "duration_s", decimal_comma=comma)
        elif begun:
            duration = (submitted_at - instant(begun, "started_at")).total_seconds()
            if duration < 0:
                raise refusal("started_at", Reason.STARTED_AFTER, begun)
        return tuple.__new__(  # half the time of calling the class
            SubmissionRow,
            (
                row,
                task,
                contributor,
                submitted_at,
                duration,
                label or None,
                link(url, "url", LIMITS["url"]) if url else None,
                batch or None,
                version or None,
                source or None,
                source_id or None,
            ),
        )

    return read


def _first_empty(picked: Sequence[str]) -> str:
    return next(name for name, text in zip(_COLUMNS, picked, strict=True) if not text)


def _checked_texts(picked: Sequence[str]) -> tuple[str, ...]:
    checked = []
    for column, text in zip(_COLUMNS, picked, strict=True):
        if not text or column in _NOT_TEXTS:
            checked.append(text)
        elif column in _FREE:
            checked.append(free_text(text, column, LIMITS[column]))
        else:
            checked.append(name_text(text, column, LIMITS[column]))
    return tuple(checked)


SUBMISSIONS: Final = Kind(FileKind.SUBMISSIONS, _reader)
