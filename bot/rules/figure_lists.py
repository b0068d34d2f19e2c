"""What stands behind a digest's numbers: errors by category, and the tasks with one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.rules.calendar import DateSpan
from bot.rules.draws import Coverage, SkipReason
from bot.rules.guidelines import Cited
from bot.rules.quality import CategoryErrors, QualityGroup

SHOWN: Final = 25
"""Categories and tasks in a list: more than that nobody reads in a window."""
ENOUGH: Final = 3
"""An error is shown to others as an example only if at least so many people made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLine:
    """A category with its errors in random audits, and the section that explains it."""

    category_id: int | None
    errors: CategoryErrors
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryList:
    """A project's errors by category, most first; `quality` is of all the work."""

    squad_id: int
    project_id: int
    project: str
    span: DateSpan
    quality: QualityGroup
    lines: tuple[CategoryLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A task with an error; `person_id` and `name` are None for who may not know whose it is."""

    task: str
    url: str | None
    section: str | None
    audited_at: datetime
    person_id: int | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """The tasks with an error of a category, latest first.

    `withheld` says that there are some, of too few people for others to see them; `example` is
    then the guidelines' own, if they have one.
    """

    category: str
    section: str | None
    span: DateSpan
    cases: tuple[Case, ...]
    withheld: bool = False
    example: Cited | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedDraw:
    """A drawn task that was left out, and why; whose work it is is not in it.

    `note` is the auditor's, for those who audit; `day` is the squad's.
    """

    task: str
    url: str | None
    day: date
    reason: SkipReason
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawList:
    """What became of a project's random draws of some days; `skipped` are the latest of those."""

    project: str
    span: DateSpan
    coverage: Coverage
    skipped: tuple[SkippedDraw, ...]


def for_others(found: Sequence[Case]) -> tuple[tuple[Case, ...], bool]:
    """Return the cases that whoever may not see people's cases sees, and whether any are kept back.

    Without names, and only what at least three people did.
    """
    if len({case.person_id for case in found}) < ENOUGH:
        return (), bool(found)
    return tuple(replace(case, person_id=None, name=None) for case in found), False
