"""Themes of a poll's comments: every comment in exactly one, and no theme of fewer than k.

Two ways lead to groups: words that comments share, or a language model, if the poll declared it.
Either way the groups pass through `merged` before anybody sees them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from bot.rules.composing import Composition

MODEL_AGAIN: Final = timedelta(hours=1)
"""When a model that could not be reached is asked again."""

MODEL_GIVEN_UP: Final = timedelta(days=2)
"""How long after the close; from then on words that comments share make the themes."""

MODEL_COMMENTS: Final = 200
"""The most comments of a question that a model is given; with more, shared words make the themes.
"""

PASSING: Final = frozenset(
    {Composition.TIMED_OUT, Composition.UNREACHABLE, Composition.BUSY, Composition.REJECTED}
)
"""Trouble that may pass, or that the operator may mend."""


@dataclass(frozen=True, slots=True)
class Group:
    """Comments that belong together, by their places, and what the group is called."""

    title: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme as it is shown; the title is empty for comments that share nothing."""

    title: str
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Themes:
    """The comments on one question; `text` and `key` are the question's."""

    key: str
    text: str
    by_model: bool
    themes: tuple[Theme, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """What a model made of comments: groups only if it `ANSWERED`."""

    outcome: Composition
    model: str
    groups: tuple[Group, ...] = field(default=())
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


class Grouper(Protocol):
    """Puts comments into groups; never raises for trouble with the model."""

    async def group(self, comments: Sequence[str]) -> Grouped:
        """Return groups of these comments."""


def merged(groups: Sequence[Group], n: int, k: int) -> tuple[Group, ...]:
    """Return groups of at least k of n comments, largest first; what is left over has no title.

    Where fewer than k would be left over, the smallest group joins them.
    """
    kept = sorted(
        (each for each in groups if each.title and len(each.places) >= k),
        key=lambda each: (-len(each.places), each.title),
    )
    rest = set(range(n)).difference(*(each.places for each in kept))
    while kept and 0 < len(rest) < k:
        rest.update(kept.pop().places)
    left = (Group("", tuple(sorted(rest))),) if rest else ()
    return (*kept, *left)
