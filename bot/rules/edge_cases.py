"""Cases that the guidelines do not settle, with their rulings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

TITLE_LIMIT: Final = 1_000
RULING_LIMIT: Final = 3_000
EXAMPLES_LIMIT: Final = 3_000
SECTION_LIMIT: Final = 1_000
TASK_LIMIT: Final = 200
"""Characters of what is typed."""

TITLE_FIELD: Final = "edge_title"
RULING_FIELD: Final = "edge_ruling"
SECTION_FIELD: Final = "edge_section"
EXAMPLES_FIELD: Final = "edge_examples"
TASK_FIELD: Final = "edge_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdgeCase:
    """A case to be logged; `version` names the guidelines it was ruled under."""

    project_id: int
    squad_id: int | None
    title: str
    ruling: str
    section: str | None
    version: str | None
    ruled_by: int
    examples: str | None = None
    task: str | None = None
    escalation_id: int | None = None
    finding_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeCase:
    """A logged case as it stands; `by` is the name of who ruled."""

    edge_id: int
    project_id: int
    project: str
    title: str
    ruling: str
    section: str | None
    version: str | None
    examples: str | None
    task: str | None
    by: str
    ruled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeForm:
    """A case as it is filled in."""

    squad_id: int
    project_id: int
    title: str | None
    ruling: str | None
    section: str | None = None
    examples: str | None = None
    task: str | None = None
    finding_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSheet:
    """What the form of a case begins with: its project, and what a finding on the task says."""

    squad_id: int
    project_id: int
    project: str
    title: str = ""
    section: str | None = None
    task: str | None = None
    finding_id: int | None = None


COLUMNS: Final = (
    "project",
    "case",
    "ruling",
    "section",
    "version",
    "examples",
    "task",
    "ruled_by",
    "ruled_at",
)


def cells(case: EdgeCase) -> tuple[str, ...]:
    """Return a case as a row of `COLUMNS`; a day is the ruling's in UTC."""
    return (
        case.project,
        case.title,
        case.ruling,
        case.section or "",
        case.version or "",
        case.examples or "",
        case.task or "",
        case.by,
        case.ruled_at.date().isoformat(),
    )


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Source: OWASP, CSV injection: a cell that begins with one of these signs is led by a quote.
    """
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
