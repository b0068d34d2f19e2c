"""On what terms a manager holds one-on-ones, and whether their hours suffice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from bot.errors import BadInput
from bot.rules.oneonones import Home
from bot.rules.people import PersonRef

LINK_LIMIT: Final = 500
"""Of a meeting's link; it travels through a form together with everybody's key."""

PEOPLE_LIMIT: Final = 100
"""People that one manager may name; more than anybody could meet in four weeks."""

WEEKS: Final = (1, 2, 3, 4)
LENGTHS: Final = (15, 20, 25, 30, 45, 60)
DEFAULT_WEEKS: Final = 2
DEFAULT_MINUTES: Final = 30


class Takes(StrEnum):
    """Whom a manager meets."""

    REST = "rest"  # whoever in the squad has nobody else
    CHOSEN = "chosen"  # whom they named, and nobody else


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a manager holds one-on-ones in a squad; hours are on the wall clock of `zone`.

    Built by `make_terms`, which checks it.
    """

    every_weeks: int
    days: frozenset[int]
    hours: tuple[time, time]
    zone: str
    minutes: int
    link: str | None = None
    takes: Takes = Takes.REST


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """What the numbers say of a manager's terms: minutes a week that are needed and that there are.

    `without` are people with whom there is no common hour at all, `crowded` those for whom no place
    was left, `twice` those whom somebody in another squad meets as well.
    """

    people: int
    needed: int
    held: int
    without: tuple[PersonRef, ...] = ()
    crowded: tuple[PersonRef, ...] = ()
    twice: tuple[PersonRef, ...] = ()

    @property
    def suffices(self) -> bool:
        """Whether everybody has a place."""
        return not (self.without or self.crowded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody's one-on-ones would be; `first` is when the first one would begin."""

    person: PersonRef
    home: Home | None
    first: datetime | None
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan as it would be, or was, stored; `places` are in the order of the week.

    `taken` are people whom another manager of the squad meets and this one does not,
    `left` those whom the manager would not meet any more.
    """

    squad_id: int
    squad: str
    terms: Terms
    named: tuple[int, ...]
    fits: Fits
    places: tuple[Place, ...]
    taken: tuple[tuple[PersonRef, PersonRef], ...] = ()
    left: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What the form of a manager's terms starts with; `named` are user ids."""

    squad_id: int
    squad: str
    terms: Terms
    named: tuple[str, ...]
    stored: bool


def make_terms(
    *,
    every_weeks: int,
    days: Sequence[int],
    hours: tuple[time, time],
    zone: str,
    minutes: int,
    link: str | None,
) -> Terms:
    """Check and build terms.

    Raises BadInput: `oneonone_weeks`, `oneonone_days`, `oneonone_minutes`, `oneonone_hours` (they
    end before they begin), `oneonone_short` (shorter than one meeting).
    """
    if every_weeks not in WEEKS:
        raise BadInput("oneonone_weeks")
    if not days or not set(days) <= set(range(7)):
        raise BadInput("oneonone_days")
    if minutes not in LENGTHS:
        raise BadInput("oneonone_minutes")
    start, end = hours
    if end <= start:
        raise BadInput("oneonone_hours")
    if minutes_of(end) - minutes_of(start) < minutes:
        raise BadInput("oneonone_short", minutes=minutes)
    return Terms(
        every_weeks=every_weeks,
        days=frozenset(days),
        hours=hours,
        zone=zone,
        minutes=minutes,
        link=link,
    )


def minutes_of(at: time) -> int:
    """Return the minutes since midnight."""
    return at.hour * 60 + at.minute
