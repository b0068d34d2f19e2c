"""Tells from its columns what a file is about, where nobody says so."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot.errors import IntakeError
from bot.intake.files import MAX_BYTES, examine, shown_name
from bot.intake.gold import GOLD
from bot.intake.jsonlines import JsonLines, looks_like_json
from bot.intake.kinds import Kind
from bot.intake.labeltables import find
from bot.intake.rows import AUDITS, PLAN, ROSTER, TAXONOMY
from bot.intake.source import Source, open_source
from bot.intake.submissions import SUBMISSIONS
from bot.intake.tables import CsvTable
from bot.rules.intake import FileFormat, FileKind

KINDS: Final[Mapping[FileKind, Kind[Any]]] = MappingProxyType(
    {kind.name: kind for kind in (AUDITS, SUBMISSIONS, ROSTER, PLAN, TAXONOMY, GOLD)}
)
"""Every kind of file, the most telling columns first: of equal matches the first one wins."""


def detect(file: Path | bytes, *, name: str | None = None, max_bytes: int = MAX_BYTES) -> FileKind:
    """Return the kind most of whose columns a file has.

    Raises `IntakeError("kind_unknown", name, found)` if it has the required columns of none, and
    whatever makes a file unreadable.
    """
    text = examine(file, shown_name(file, name), max_bytes, lists=True)
    if find(text, FileKind.SUBMISSIONS, FileFormat.AUTO) is not None:
        return FileKind.SUBMISSIONS
    reader = JsonLines if looks_like_json(text) else CsvTable
    matches: dict[FileKind, int] = {}
    found: object = ()
    for kind in KINDS.values():
        try:
            shape = reader(text, kind.layout).shape
        except IntakeError as error:
            if error.code != "columns_missing":
                raise
            found = error.fields["found"]
        else:
            # Two columns are few: a file that has others beside them is about something else.
            if kind is not GOLD or not shape.ignored:
                matches[kind.name] = len(shape.columns)
    if matches:
        return max(matches, key=lambda each: matches[each])
    raise IntakeError("kind_unknown", name=text.name, found=found)


def open_kind(
    kind: FileKind,
    file: Path | bytes,
    fmt: FileFormat,
    zone: str,
    now: datetime,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Source[Any]:
    """Open a file of a kind known by name only; as `open_source`, and raises as it does."""
    return open_source(file, KINDS[kind], fmt, zone, now, name=name, max_bytes=max_bytes)
