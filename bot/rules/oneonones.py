"""One-on-ones: what a pair is, what a meeting is, and what may become of it.

A meeting belongs to a slot, the ISO week in which its round begins (`2026-W48`); one that makes up
for a missed one has that slot with a suffix (`2026-W48.2`). A round is as many weeks as the pair's
terms say, counted from a Monday that is the same for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.errors import BadInput, Conflict
from bot.rules.people import PersonRef, Role
from bot.rules.squads import SquadMember

AHEAD: Final = timedelta(weeks=6)
"""How far ahead meetings are planned."""

REMIND_AHEAD: Final = timedelta(days=8)
"""Reminders are planned so long before; a weekend with two holidays around it lies within."""

SOON: Final = timedelta(minutes=10)
"""How long before a meeting its message comes."""

SOON_UNTIL: Final = timedelta(minutes=5)
"""So long into a meeting its message may come, for whose working day begins with it."""

TOLD_AT_ONCE: Final = timedelta(days=1)
"""A meeting that is moved or dropped so shortly before is told of at once, else in Today."""

FARTHEST: Final = timedelta(weeks=6)
"""A meeting is moved no further than this: what is planned beyond is not there yet."""

TOO_MANY_MISSED: Final = 2
"""Rounds in a row without a meeting after which the manager is reminded of it."""

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


@dataclass(frozen=True, slots=True)
class Home:
    """Where a pair's meetings belong: the week of a round, the weekday, the time of the zone."""

    week: int
    day: int
    at: time


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

    @property
    def two(self) -> tuple[int, int]:
        """The keys of the manager and of the other one."""
        return self.manager_id, self.person_id


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

    `upcoming` are planned meetings in order, `unplaced` those for which a round that is not over
    has no time, `past` the latest ones newest first. `topics` are the
    reader's own and what the other shared, `actions` what both said they would do and is open.
    `squads` are names of further squads in which the same two people meet.
    """

    pair: Pair
    squad: str
    other: PersonRef
    manages: bool
    upcoming: tuple[OneOnOne, ...]
    unplaced: tuple[OneOnOne, ...] = ()
    past: tuple[OneOnOne, ...] = ()
    topics: tuple[Topic, ...] = ()
    actions: tuple[Action, ...] = ()
    missed_in_a_row: int = 0
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """All one-on-ones of somebody: with their managers first, then with their people by date.

    `squads` are those in which they may set one-on-ones up: (key, name). `without` are people there
    who have nobody to meet, `rarely` those whom they missed twice in a row or more.
    """

    seats: tuple[Seat, ...]
    zone: str | None
    squads: tuple[tuple[int, str], ...] = ()
    without: tuple[PersonRef, ...] = ()
    rarely: tuple[PersonRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A meeting for a message to one of its two: who the other is, and in which squad."""

    meeting: OneOnOne
    other: PersonRef
    squad: str
    manages: bool
    zone: str | None
    both_present: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """Where a meeting may be put."""

    told: Told
    places: tuple[datetime, ...]


def read_topic(text: str) -> str:
    """Return a topic as it is kept.

    Raises BadInput("oneonone_topic_empty", "oneonone_topic_long").
    """
    found = " ".join(text.split())
    if not found:
        raise BadInput("oneonone_topic_empty")
    if len(found) > TOPIC_LIMIT:
        raise BadInput("oneonone_topic_long", limit=TOPIC_LIMIT, n=len(found))
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


def is_missed(meeting: OneOnOne) -> bool:
    """Tell whether a round passed without it, so that another takes its place."""
    return meeting.state in {MeetingState.MISSED, MeetingState.UNKNOWN}


def require_movable(meeting: OneOnOne, now: datetime) -> None:
    """Raise Conflict for what cannot be moved: `oneonone_over`, `oneonone_off`.

    Planned ones can before they begin, missed ones are made up for, and one that had no time may
    be given one.
    """
    if meeting.state is MeetingState.CANCELLED and meeting.why is not Why.NO_TIME:
        raise Conflict("oneonone_off")
    if meeting.state is MeetingState.HAPPENED:
        raise Conflict("oneonone_over")
    if meeting.state is MeetingState.PLANNED and meeting.starts_at <= now:
        raise Conflict("oneonone_over")


def require_ahead(start: datetime, now: datetime) -> None:
    """Raise BadInput("oneonone_past") or ("oneonone_far") for a time that is no use."""
    if start <= now:
        raise BadInput("oneonone_past")
    if start > now + FARTHEST:
        raise BadInput("oneonone_far")


def leads(member: SquadMember | None) -> bool:
    """Tell whether somebody manages the squad and Slack can reach them."""
    return member is not None and member.present and member.active and Role.MANAGER in member.roles


def entitled(member: SquadMember | None, *, named: bool = False) -> bool:
    """Tell whether somebody meets with a manager of the squad.

    Contributors and auditors do by themselves, other managers of it if one `named` them.
    """
    if member is None or not (member.present and member.active):
        return False
    if not named and Role.MANAGER in member.roles:
        return False
    return bool(member.roles & HAS_ONE)


def may_settle(current: MeetingState) -> bool:
    """Tell whether somebody's word on a meeting counts still: it may be corrected later."""
    return current is not MeetingState.CANCELLED
