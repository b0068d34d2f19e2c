"""One-on-ones: what a pair is, what a meeting is, and what may become of it.

A meeting belongs to a slot, the ISO week in which its round begins (`2026-W48`); one that makes up
for a missed one has that slot with a suffix (`2026-W48.2`). A round is as many weeks as the pair's
terms say, counted from a Monday that is the same for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.errors import BadInput
from bot.rules.people import PersonRef, Role

AHEAD: Final = timedelta(weeks=6)
"""How far ahead meetings are planned."""

REMIND_AHEAD: Final = timedelta(days=8)
"""Reminders are planned so long before; a weekend with two holidays around it lies within."""

SOON: Final = timedelta(minutes=10)
"""How long before a meeting its message comes."""

TOLD_AT_ONCE: Final = timedelta(days=1)
"""A meeting that is moved or dropped so shortly before is told of at once, else in Today."""

WEEKS: Final = (1, 2, 3, 4)
LENGTHS: Final = (15, 20, 25, 30, 45, 60)
DEFAULT_WEEKS: Final = 2
DEFAULT_MINUTES: Final = 30

TOPIC_LIMIT: Final = 1000
"""Longer than anything that is said in a line, and all of a pair's topics fit one message."""
TOPICS_LIMIT: Final = 50
"""Open topics of one person about one pair; nobody talks about more in half an hour."""

HAS_ONE: Final = frozenset({Role.CONTRIBUTOR, Role.AUDITOR, Role.MANAGER})
"""With whom a manager meets: the squad's people, not its delivery team and not its client."""

EVE: Final = "oneonone.eve"
SOON_KIND: Final = "oneonone.soon"
MOVED: Final = "oneonone.moved"
PLANNED: Final = "oneonone.planned"
LEFT: Final = "oneonone.left"


class MeetingState(StrEnum):
    """What became of a meeting; nobody's word on it counts as unknown."""

    PLANNED = "planned"
    HAPPENED = "happened"
    MISSED = "missed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


SETTLED: Final = frozenset({MeetingState.HAPPENED, MeetingState.MISSED, MeetingState.UNKNOWN})


class Why(StrEnum):
    """Why a meeting was cancelled, or missed without anybody's word."""

    NO_TIME = "no_time"  # the two share no free hour within the round
    LEFT = "left"  # one of them is not in the squad's everyday life any more
    TERMS = "terms"  # the manager changed how often they meet
    UNDONE = "undone"  # one of them cancelled it


class Takes(StrEnum):
    """Whom a manager meets."""

    REST = "rest"  # whoever in the squad has nobody else
    CHOSEN = "chosen"  # whom they named, and nobody else


@dataclass(frozen=True, slots=True)
class Home:
    """Where a pair's meetings belong: the week of a round, the weekday, the time of the zone."""

    week: int
    day: int
    at: time


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
class Pair:
    """Two people who meet; `home` is None where they share no hour, `ended` once they ceased to."""

    pair_id: int
    squad_id: int
    manager_id: int
    person_id: int
    every_weeks: int
    minutes: int
    zone: str
    home: Home | None
    link: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOnOne:
    """One meeting, `[starts_at, ends_at)` aware UTC; `revision` counts its moves."""

    one_on_one_id: int
    pair_id: int
    squad_id: int
    manager_id: int
    person_id: int
    slot: str
    starts_at: datetime
    ends_at: datetime
    revision: int
    state: MeetingState
    link: str | None = None
    why: Why | None = None
    by_hand: bool = False
    instead_of: int | None = None
    reminded: int = -1

    def other(self, person_id: int) -> int:
        """Return the other one of the two."""
        return self.person_id if person_id == self.manager_id else self.manager_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something to talk about; only its author reads it before it is shared."""

    topic_id: int
    pair_id: int
    author_id: int
    text: str
    shared: bool
    created_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What one of the two said they would do and is still open."""

    action_id: int
    owner: PersonRef
    text: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A pair as one of its two reads it: the other one, and what they may do.

    `upcoming` are planned meetings in order, `past` the latest ones newest first. `topics` are the
    reader's own and what the other shared, `actions` what both said they would do and is open.
    `squads` are names of further squads in which the same two people meet.
    """

    pair: Pair
    squad: str
    other: PersonRef
    manages: bool
    upcoming: tuple[OneOnOne, ...]
    past: tuple[OneOnOne, ...] = ()
    topics: tuple[Topic, ...] = ()
    actions: tuple[Action, ...] = ()
    missed_in_a_row: int = 0
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """All one-on-ones of somebody: with their managers first, then with their people by date.

    `squads` are those in which they may set one-on-ones up: (key, name).
    """

    seats: tuple[Seat, ...]
    zone: str | None
    squads: tuple[tuple[int, str], ...] = ()
    without: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A meeting for a message to one of its two: who the other is, and in which squad."""

    meeting: OneOnOne
    other: PersonRef
    squad: str
    manages: bool
    zone: str | None
    both_present: bool = True


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
class Draft:
    """A plan before it is stored: homes by person, and where the first meeting of each would be."""

    squad_id: int
    squad: str
    terms: Terms
    fits: Fits
    places: tuple[tuple[PersonRef, Home, datetime | None], ...]
    kept: int = 0
    others: tuple[tuple[PersonRef, int], ...] = ()
    chosen: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a plan that was stored."""

    draft: Draft
    meetings: int


def make_terms(
    *,
    every_weeks: int,
    days: Sequence[int],
    hours: tuple[time, time],
    zone: str,
    minutes: int,
    link: str | None,
    takes: Takes,
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
        takes=takes,
    )


def minutes_of(at: time) -> int:
    """Return the minutes since midnight."""
    return at.hour * 60 + at.minute


def read_topic(text: str) -> str:
    """Return a topic as it is kept. Raises BadInput("topic_empty", "topic_long")."""
    found = " ".join(text.split())
    if not found:
        raise BadInput("topic_empty")
    if len(found) > TOPIC_LIMIT:
        raise BadInput("topic_long", limit=TOPIC_LIMIT, n=len(found))
    return found


def visible(topics: Sequence[Topic], reader: int) -> tuple[Topic, ...]:
    """Return what one of a pair may read: their own, and what the other shared."""
    return tuple(each for each in topics if each.shared or each.author_id == reader)


def missed_in_a_row(latest_first: Sequence[OneOnOne]) -> int:
    """Count how many of the latest rounds passed without a meeting.

    A missed one that was made up for is none; what nobody said anything about ends the count, for
    it may have taken place, and so does nothing that was cancelled.
    """
    made_up = {
        each.instead_of
        for each in latest_first
        if each.instead_of is not None and each.state is MeetingState.HAPPENED
    }
    count = 0
    for each in latest_first:
        if each.instead_of is not None or each.state in {
            MeetingState.CANCELLED,
            MeetingState.PLANNED,
        }:
            continue
        if each.state is not MeetingState.MISSED or each.one_on_one_id in made_up:
            break
        count += 1
    return count


def may_settle(current: MeetingState) -> bool:
    """Tell whether somebody's word on a meeting counts still: it may be corrected later."""
    return current is not MeetingState.CANCELLED
