"""Projects, their error taxonomy and their batches, as everybody passes them around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from datetime import date
from enum import StrEnum
from typing import Final

from bot.errors import BadInput
from bot.rules.audits import Severity

TASK_PLACE: Final = "{task}"

NAME_LIMIT: Final = 80
LINK_LIMIT: Final = 2000
CRITERIA_LIMIT: Final = 3000
CATEGORY_LIMIT: Final = 75
"""A category is an option of a menu, and Slack's menus show 75 characters."""
DEFINITION_LIMIT: Final = 2000
BATCH_LIMIT: Final = 120
CATEGORIES_LIMIT: Final = 100
"""Slack's menus hold 100 options (docs.slack.dev/reference/block-kit)."""
BATCHES_LIMIT: Final = 200
"""Lines in one form; a longer plan comes as a file."""
SIZE_LIMIT: Final = 100_000_000
VOLUME_LIMIT: Final = 10_000_000
AUDITS_LIMIT: Final = 1_000
PRIORITY_LIMIT: Final = 99

EMPTY: Final = "-"
"""Typed alone it empties a field; a field left as it was, or left empty, keeps what it had."""


class ReadyMade(StrEnum):
    """The ready-made error taxonomies; their words are the catalogue's."""

    TEXT = "text"
    SPANS = "spans"
    BOXES = "boxes"


class Change(StrEnum):
    """What storing something that may be there already did."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"


class Field(StrEnum):
    """The fields of the project form; also the ids of its blocks."""

    NAME = "project_name"
    LINK = "project_link"
    SET = "project_set"
    CATEGORIES = "project_categories"
    CRITERIA = "project_criteria"
    BATCHES = "project_batches"
    VOLUME = "project_volume"
    AUDITS = "project_audits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project; `planned_volume` is submissions per working day of all its squads together.

    `audits_per_week` is how many audits each contributor should get in an ISO week.
    """

    project_id: int
    name: str
    link_template: str | None = None
    acceptance_criteria: str | None = None
    planned_volume: int | None = None
    audits_per_week: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCategory:
    """A category about to be stored; a definition or section of None leaves what is there."""

    name: str
    definition: str | None = None
    severity: Severity = Severity.ERROR
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """An error category; a retired one is offered no longer and stays with its old findings."""

    category_id: int
    name: str
    definition: str | None
    severity: Severity
    section: str | None
    position: int
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """A batch about to be stored; None leaves what is there."""

    name: str
    size: int | None = None
    due: date | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A set of tasks: how many, the squad-local day it is due (inclusive), priority (1 first)."""

    batch_id: int
    name: str
    size: int | None
    due: date | None
    priority: int | None


@dataclass(frozen=True, slots=True)
class Stored:
    """Where something was stored, and whether that changed anything."""

    key: int
    change: Change


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read in one field; `line` counts from 1, None is the field as a whole."""

    field: Field
    code: str
    line: int | None = None
    values: Mapping[str, object] = with_default(default_factory=dict)


class UnreadableForm(BadInput):
    """Some fields of a form cannot be read; `problems` says which and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("form_problems", n=len(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectForm:
    """The form as read; None keeps what is stored, "" (or 0) empties it.

    `categories` are the lines in their order, `ready_made` are added to them. Of what the form
    showed (`shown_categories`, `shown_batches`), what is no longer among the lines is retired; what
    it did not show stays, whatever the lines say.
    """

    name: str | None = None
    link_template: str | None = None
    acceptance_criteria: str | None = None
    planned_volume: int | None = None
    audits_per_week: int | None = None
    categories: tuple[NewCategory, ...] | None = None
    ready_made: tuple[NewCategory, ...] = ()
    batches: tuple[NewBatch, ...] | None = None
    shown_categories: frozenset[int] = frozenset()
    shown_batches: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSheet:
    """A project with everything its form shows; `project` is None for one about to be made."""

    squad_id: int
    squad: str
    name: str
    project: Project | None = None
    categories: tuple[Category, ...] = ()
    batches: tuple[Batch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProject:
    """What saving a project did; `kept_batches` have work in them and were not removed."""

    project: Project
    squad_id: int
    squad: str
    is_new: bool
    categories: int
    batches: int
    retired: int = 0
