"""What keeps people from working: who acts, by when, and how much working time is lost to it.

A blocker is a person's in one squad. It holds until somebody ends it, and at the latest until the
end of that person's working hours, for whoever is still stuck the next day says so again. Lost time
is the working time of the person within it; it leaves what is said of turnaround and pace.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.errors import BadInput, Conflict
from bot.rules.arrival import Arrival, Reach
from bot.rules.calendar import (
    WorkCalendar,
    add_working_time,
    end_of_window,
    next_reachable_instant,
    working_seconds_between,
)
from bot.rules.people import PersonRef

MINE: Final = "blockers.mine"
TOLD: Final = "blockers.told"
NEXT: Final = "blockers.next"
LATE: Final = "blockers.late"
FIXED: Final = "blockers.fixed"
"""Kinds of messages: what the blocked person keeps, the first manager, the next one at half of the
time, the others when it is over, and to the person that it is done."""

NOTE_LIMIT: Final = 200
"""Characters of the note: a sentence. Whoever has more to say writes to the one who has it."""

NO_CALENDAR: Final = timedelta(days=1)
"""How long a blocker of somebody without working hours in sight holds; nothing is lost in it."""

LISTED_FOR: Final = timedelta(days=3)
"""How long one that ran out, with nobody having ended it, stays in lists: over a weekend."""


class BlockerKind(StrEnum):
    """Why somebody cannot work."""

    NO_WORK = "no_work"
    TOOL_DOWN = "tool_down"
    NO_ACCESS = "no_access"


WITHIN: Final[Mapping[BlockerKind, timedelta]] = MappingProxyType(
    {
        # Tasks come from elsewhere: whoever assigns them needs the time to ask and to load them.
        BlockerKind.NO_WORK: timedelta(minutes=120),
        # A call or a click of whoever owns the tool; nobody on it can work meanwhile.
        BlockerKind.TOOL_DOWN: timedelta(minutes=60),
        BlockerKind.NO_ACCESS: timedelta(minutes=60),
    }
)
"""Working time, of whoever must act, until a blocker should be gone."""

_SAID: Final[Mapping[str, BlockerKind]] = MappingProxyType(
    {kind.value.replace("_", " "): kind for kind in BlockerKind}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row; `closed_at` is when it ends by itself until somebody, `closed_by`, ends it."""

    blocker_id: int
    workspace_id: int
    squad_id: int
    person_id: int
    kind: BlockerKind
    note: str | None
    opened_at: datetime
    due_at: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    closed_by: int | None
    closed_at: datetime
    lost_s: int

    @property
    def settled(self) -> bool:
        """Whether somebody ended it, so that nobody has to act any more."""
        return self.closed_by is not None

    def holds(self, now: datetime) -> bool:
        """Tell whether it still keeps the person from working."""
        return not self.settled and now < self.closed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBlocker:
    """What is stored of a new one."""

    squad_id: int
    person_id: int
    kind: BlockerKind
    note: str | None
    due_at: datetime | None
    closed_at: datetime
    lost_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who was told first: at `at`, or will read it by `reach` and `when` while that is None."""

    person: PersonRef
    at: datetime | None
    reach: Reach
    when: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A blocker as its person reads it; `told` is None where nobody manages the squad."""

    stored: Stored
    squad: str
    told: Told | None
    taken_by: PersonRef | None
    closed_by: PersonRef | None
    zone: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What whoever is blocked is told; `already` says that it was known."""

    mine: Blocked
    already: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A blocker as the squad's managers, `managers`, read it, on the wall clock of `zone`."""

    stored: Stored
    squad: str
    person: PersonRef
    taken_by: PersonRef | None
    closed_by: PersonRef | None
    managers: frozenset[int]
    zone: str


class Place(NamedTuple):
    """A squad in which a person may say that they cannot work."""

    squad_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What somebody who cannot work chooses from, and the blockers that they have already.

    `kind` was typed; with one squad left nothing has to be chosen.
    """

    places: tuple[Place, ...]
    kind: BlockerKind | None
    note: str | None
    mine: tuple[Blocked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Working time lost in a squad, in seconds, and how many blockers of each kind cost it."""

    seconds: float
    counts: Mapping[BlockerKind, int]


class Typed(NamedTuple):
    """What stood behind `blocked`."""

    kind: BlockerKind | None
    note: str | None
    squad_id: int | None


def read(text: str, places: Iterable[Place]) -> Typed:
    """Read `tool down since 9 in Kestrel`: the kind, a note, and a squad of one's own at the end.

    All three may be missing. An "in" that no such squad follows belongs to the note. Raises
    BadInput("text_too_long").
    """
    rest = " ".join(text.split())
    kind = None
    for words, meant in _SAID.items():
        said = rest.casefold().replace("_", " ")
        if said == words or said.startswith((f"{words} ", f"{words},", f"{words}:")):
            kind, rest = meant, rest[len(words) :].lstrip(" ,:")
            break
    squad_id = None
    for place in places:
        whole, size = f" {rest}", len(" in ") + len(place.name)
        if whole[-size:].casefold() == f" in {place.name}".casefold():
            squad_id, rest = place.squad_id, whole[:-size].strip(" ,:")
            break
    if len(rest) > NOTE_LIMIT:
        raise BadInput("text_too_long", length=len(rest), limit=NOTE_LIMIT)
    return Typed(kind, rest or None, squad_id)


def in_turn(arrivals: Mapping[int, Arrival]) -> list[int]:
    """Return who is told first, second, ...: whoever reads it first; the rest have no hour.

    Told by when a message would really be read (hours, time off, quiet hours, budget), so that
    among several at work it is one who still gets it as a message of its own.
    """
    hours = {key: arrival.when for key, arrival in arrivals.items()}
    known = sorted((when, key) for key, when in hours.items() if when is not None)
    return [key for _, key in known] + sorted(key for key, when in hours.items() if when is None)


def follower(calendars: Mapping[int, WorkCalendar], at: datetime) -> int | None:
    """Return who is there first from `at` on, None if nobody is in sight."""
    there = {
        key: when
        for key, calendar in calendars.items()
        if (when := next_reachable_instant(calendar, at)) is not None
    }
    return min(there, key=lambda key: (there[key], key), default=None)


def deadlines(
    calendar: WorkCalendar, kind: BlockerKind, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return when half of the time is over, and when all of it; by whoever must act's hours."""
    within = WITHIN[kind]
    return add_working_time(calendar, now, within / 2), add_working_time(calendar, now, within)


def ends_by_itself(calendar: WorkCalendar, now: datetime) -> datetime:
    """Return the end of the person's working hours, of the next ones if they do not work now."""
    return end_of_window(calendar, now) or now + NO_CALENDAR


def lost_seconds(calendar: WorkCalendar, begin: datetime, end: datetime) -> int:
    """Return the whole seconds of the person's working time in `[begin, end)`."""
    return round(working_seconds_between(calendar, begin, end))


Span = tuple[datetime, datetime]


def joined(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    """Return the parts of half-open spans within `[begin, end)`, in order and without overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        first = max(span[0], found[-1][1] if found else begin, begin)
        last = min(span[1], end)
        if first < last:
            found.append((first, last))
    return found


def seconds_within(spans: Iterable[Span], begin: datetime, end: datetime) -> float:
    """Return how many seconds of `[begin, end)` lie in the spans, none of them counted twice."""
    return sum((last - first).total_seconds() for first, last in joined(spans, begin, end))


def working_time_lost(
    calendar: WorkCalendar, spans: Iterable[Span], begin: datetime, end: datetime
) -> float:
    """Return how many seconds of working time in `[begin, end)` the spans take, none twice."""
    return sum(
        working_seconds_between(calendar, first, last) for first, last in joined(spans, begin, end)
    )


def lost_of(
    calendars: Mapping[int, WorkCalendar],
    blockers: Iterable[Stored],
    begin: datetime,
    end: datetime,
) -> Lost | None:
    """Return what people lost in `[begin, end)`, each by their own calendar; None if nothing.

    A blocker that lies outside of its person's working time costs nothing and is not counted.
    """
    spans: dict[int, list[Span]] = {}
    counts: dict[BlockerKind, int] = {}
    for each in blockers:
        calendar = calendars.get(each.person_id)
        span = (each.opened_at, each.closed_at)
        if calendar is not None and working_time_lost(calendar, [span], begin, end):
            spans.setdefault(each.person_id, []).append(span)
            counts[each.kind] = counts.get(each.kind, 0) + 1
    seconds = sum(
        working_time_lost(calendars[person_id], theirs, begin, end)
        for person_id, theirs in spans.items()
    )
    return Lost(seconds=seconds, counts=counts) if counts else None


def share_lost(
    calendars: Mapping[int, WorkCalendar],
    blockers: Iterable[Stored],
    begin: datetime,
    end: datetime,
) -> float:
    """Return the share of people's working time in `[begin, end)` that they lost, 0 to 1.

    Of the people in `calendars` alone, each by their own hours, holidays and time off: the same
    people stand above and below the line. 0 where nobody works.
    """
    lost = lost_of(calendars, blockers, begin, end)
    if lost is None:
        return 0.0
    whole = sum(working_seconds_between(each, begin, end) for each in calendars.values())
    return lost.seconds / whole


def plan_left(planned: int, share: float) -> int:
    """Return what can be expected of a plan when a share of the working time was lost."""
    return round(planned * (1 - share))


def require_unsettled(found: Stored) -> None:
    """Raise Conflict("blocker_closed") if somebody ended it already."""
    if found.settled:
        raise Conflict("blocker_closed")
