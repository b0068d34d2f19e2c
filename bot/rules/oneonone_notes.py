"""Notes of a one-on-one: what a form brings, and how two who write at once lose nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from bot.errors import BadInput
from bot.rules.oneonones import OneOnOne
from bot.rules.people import PersonRef

NOTES_LIMIT: Final = 3000
"""Slack's own limit of a text field."""

SHARED_FIELD: Final = "shared"
OWN_FIELD: Final = "own"
MINE_FIELD: Final = "mine"
THEIRS_FIELD: Final = "theirs"
DUE_FIELD: Final = "due"
COACHED_FIELD: Final = "coached"

ACTIONS: Final = 10
"""Action items in one form: who says more of them at once does none."""


class Category(NamedTuple):
    """A category of a project's errors to choose from; `errors` are the person's, lately."""

    project_id: int
    category_id: int
    project: str
    name: str
    errors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote; `own` is None from whom may not write there, `revision` what they read.

    `mine` and `theirs` are action items of the manager and of the person, one a line.
    """

    shared: str
    own: str | None
    revision: int
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    due: date | None = None
    coached: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form as it stands for one of the two; `clash` is what the other saved meanwhile."""

    meeting: OneOnOne
    person: PersonRef
    zone: str
    manages: bool
    shared: str = ""
    own: str = ""
    revision: int = 0
    categories: tuple[Category, ...] = ()
    coached: tuple[int, int] | None = None
    clash: str | None = None


def lines(text: str, field: str) -> tuple[str, ...]:
    """Return action items, one a line. Raises BadInput("actions_many") at the field."""
    found = tuple(line for line in (" ".join(each.split()) for each in text.splitlines()) if line)
    if len(found) > ACTIONS:
        raise BadInput("actions_many", field=field, limit=ACTIONS)
    return found


def read_choice(value: str | None) -> tuple[int, int] | None:
    """Return (project, category) of a menu's value; None where nothing was chosen."""
    if not value:
        return None
    first, _, second = value.partition(":")
    if not (first.isdecimal() and second.isdecimal()):
        raise BadInput("old_button")
    return int(first), int(second)


def choice(category: Category) -> str:
    """Return the value of a category in a menu."""
    return f"{category.project_id}:{category.category_id}"


def in_order(categories: Sequence[Category]) -> tuple[Category, ...]:
    """Return categories as a menu lists them: the person's most frequent errors first."""
    return tuple(sorted(categories, key=lambda one: (-one.errors, one.project, one.name)))
