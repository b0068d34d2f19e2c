"""The sample's history as the CSV files that a team would export from its tools.

They are imported by the door that everybody's files use, and stay in the demo's folder to be looked
at. One file is left for the person who tries the demo to drop into Slack: the latest work, which
the import has not seen, and a row that cannot be read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot.demo.sample import SampleWork
from bot.rules.audits import Origin
from bot.rules.imports import Sampling
from bot.rules.intake import AuditRow, FileKind, RosterRow, SubmissionRow

NEW_WORK: Final = "new-work.csv"
_HELD_BACK: Final = 24

_SUBMISSION: Final = (
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
)
_AUDIT: Final = (
    "task",
    "contributor",
    "auditor",
    "audited_at",
    "verdict",
    "submitted_at",
    "category",
    "severity",
    "section",
    "note",
)
_ROSTER: Final = ("name", "slack_id", "email", "roles", "status", "tags", "zone", "country")

_SAMPLING: Final[Mapping[Origin, Sampling]] = MappingProxyType(
    {
        Origin.RANDOM: Sampling.RANDOM,
        # A file cannot claim draws of Muster's own; what was hunted for was chosen.
        Origin.RISK: Sampling.CHOSEN,
        Origin.CHOSEN: Sampling.CHOSEN,
    }
)


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A written file, and what the import is to be told about it."""

    path: Path
    kind: FileKind
    sampling: Sampling = Sampling.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFiles:
    """All files: those to import, in order, and the one to drop into Slack."""

    imported: tuple[SampleFile, ...]
    new_work: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all of them."""
        return (*(each.path.name for each in self.imported), self.new_work.name)


def write(work: SampleWork, folder: Path) -> SampleFiles:
    """Write the files into `folder`, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    audited = {row.task for rows in work.audits.values() for row in rows}
    late = [row for row in work.submissions if row.task not in audited][-_HELD_BACK:]
    held_back = {row.task for row in late}
    known = [row for row in work.submissions if row.task not in held_back]
    imported = [
        SampleFile(_csv(folder / "roster.csv", _ROSTER, work.roster), FileKind.ROSTER),
        SampleFile(_csv(folder / "submissions.csv", _SUBMISSION, known), FileKind.SUBMISSIONS),
    ]
    for origin, rows in work.audits.items():
        path = _csv(folder / f"audits-{origin.value}.csv", _AUDIT, rows)
        imported.append(SampleFile(path, FileKind.AUDITS, _SAMPLING[origin]))
    new_work = _csv(folder / NEW_WORK, _SUBMISSION, late, _unreadable(late[-1]))
    return SampleFiles(imported=tuple(imported), new_work=new_work)


def _unreadable(last: SubmissionRow) -> list[str]:
    cells = _cells(last, _SUBMISSION)
    cells[_SUBMISSION.index("task")] += "-copy"
    cells[_SUBMISSION.index("submitted_at")] = "yesterday, after lunch"
    return cells


def _csv(
    path: Path,
    columns: tuple[str, ...],
    rows: Iterable[SubmissionRow | AuditRow | RosterRow],
    *more: list[str],
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(_cells(row, columns) for row in rows)
        writer.writerows(more)
    return path


def _cells(row: object, columns: tuple[str, ...]) -> list[str]:
    return [_cell(getattr(row, column)) for column in columns]


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
