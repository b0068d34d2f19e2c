"""Pulse polls: what may be asked, of whom, when, and who sees the results; frozen at launch."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.people import Actor, Role

POLL: Final = "pulse.poll"
REMINDER: Final = "pulse.reminder"
CLOSED: Final = "pulse.closed"
RESULTS: Final = "pulse.results"
RESULTS_LINE: Final = "pulse.results_line"
CHART: Final = "pulse.chart"

K_DEFAULT: Final = 5
K_FLOOR: Final = 3
"""With two replies, each of the two knows the other's."""

K_CHOICES: Final = (3, 4, 5, 7, 10)
DAYS_OPEN: Final = (1, 2, 3, 5, 7, 10, 14)
DAYS_PRESET: Final = 5
MOST_QUESTIONS: Final = 10
TEXT_LIMIT: Final = 200
COMMENT_LIMIT: Final = 1000
COMMENTS_WAIT: Final = timedelta(days=1)
"""Comments come a day after the figures, so that nobody reads the one beside the other."""

SQUADS_LIMIT: Final = 20
MOST_OFTEN: Final = timedelta(days=6)
"""A squad is not polled twice within a week; six days let a weekly poll open an hour earlier."""

LOOK_AGAIN: Final = timedelta(hours=1)
"""How often an open poll looks for people who joined."""

CLOSE_AGAIN: Final = timedelta(seconds=30)
KEY_WAIT: Final = timedelta(days=7)
"""How long a close waits for a key that is missing; then the replies are destroyed unread."""

# Columns and forms
SET_FIELD: Final = "pulse_set"
OWN_FIELD: Final = "pulse_own"
SQUADS_FIELD: Final = "pulse_squads"
OPENS_FIELD: Final = "pulse_opens"
DAYS_FIELD: Final = "pulse_days"
REPEAT_FIELD: Final = "pulse_repeat"
VIEWERS_FIELD: Final = "pulse_viewers"
K_FIELD: Final = "pulse_k"
MODEL_FIELD: Final = "pulse_model"
COMMENT_FIELD: Final = "pulse_comment"


class PollState(StrEnum):
    """Where a poll is; nothing of it is shown before it is closed."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"  # no vote counts any more; the ballots are not counted yet
    WIPING = "wiping"  # counted; what is left of the ballots is being destroyed
    CLOSED = "closed"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # 1 to 5
    ENPS = "enps"  # 0 to 10
    TEXT = "text"


class Repeat(StrEnum):
    """When a poll comes again."""

    ONCE = "once"
    WEEKLY = "weekly"
    TWO_WEEKS = "two_weeks"
    THREE_WEEKS = "three_weeks"
    FOUR_WEEKS = "four_weeks"
    SIX_WEEKS = "six_weeks"
    MONTHLY = "monthly"


WEEKS: Final[Mapping[Repeat, int]] = MappingProxyType(
    {
        Repeat.WEEKLY: 1,
        Repeat.TWO_WEEKS: 2,
        Repeat.THREE_WEEKS: 3,
        Repeat.FOUR_WEEKS: 4,
        Repeat.SIX_WEEKS: 6,
    }
)


class Viewer(StrEnum):
    """Who sees the results; never the client."""

    SQUAD = "squad"
    MANAGERS = "managers"
    DELIVERY = "delivery"


class ReadySet(StrEnum):
    """Questions that are ready to be asked."""

    MOOD = "mood"
    WEEKLY = "weekly"
    ENPS = "enps"
    WORKLOAD = "workload"
    CLARITY = "clarity"
    OWN = "own"


RANGES: Final[Mapping[QuestionKind, range]] = MappingProxyType(
    {QuestionKind.SCALE: range(1, 6), QuestionKind.ENPS: range(11)}
)

READY: Final[Mapping[ReadySet, tuple[str, ...]]] = MappingProxyType(
    {
        ReadySet.MOOD: ("mood", "comment"),
        ReadySet.WEEKLY: ("mood", "workload", "clarity", "support", "growth", "comment"),
        ReadySet.ENPS: ("enps", "comment"),
        ReadySet.WORKLOAD: ("workload", "comment"),
        ReadySet.CLARITY: ("clarity", "comment"),
    }
)
"""The questions of each set by key; their words stand in the catalogue."""

KINDS_OF_READY: Final[Mapping[str, QuestionKind]] = MappingProxyType(
    {"enps": QuestionKind.ENPS, "comment": QuestionKind.TEXT}
)
ASKED_ROLES: Final = frozenset({Role.CONTRIBUTOR, Role.AUDITOR})
"""Whose work it is; a manager who also does it is asked as everybody, once."""
READERS: Final[Mapping[Viewer, frozenset[Role]]] = MappingProxyType(
    {
        Viewer.SQUAD: frozenset({Role.CONTRIBUTOR, Role.AUDITOR, Role.MANAGER}),
        Viewer.MANAGERS: frozenset({Role.MANAGER}),
        Viewer.DELIVERY: frozenset({Role.DELIVERY}),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is to be asked; `text` is empty for a ready one."""

    kind: QuestionKind
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A poll as its form describes it; empty `opens` is at once."""

    questions: tuple[Asked, ...]
    squad_ids: tuple[int, ...]
    viewers: frozenset[Viewer]
    k: int
    days_open: int
    repeat: Repeat
    opens: str = ""
    to_model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a poll; `n`, `low` and `high` as they were published, None before."""

    id: int
    poll_id: int
    kind: QuestionKind
    key: str
    text: str
    n: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll as it is stored; `replied` and `asked` are None where fewer than `k` replied.

    `to_model`: it was declared that comments go to a language model.
    """

    id: int
    workspace_id: int
    series_id: int | None
    state: PollState
    squad_ids: tuple[int, ...]
    viewers: frozenset[Viewer]
    k: int
    created_by: int
    opens_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    replied: int | None
    asked: int | None
    to_model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A poll that comes again."""

    id: int
    workspace_id: int
    questions: tuple[Asked, ...]
    squad_ids: tuple[int, ...]
    viewers: frozenset[Viewer]
    k: int
    repeat: Repeat
    first_day: date
    local_time: time
    zone: str
    days_open: int
    created_by: int
    paused: bool
    next_at: datetime | None
    to_model: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A poll as one person is shown it: the questions, each with its token."""

    poll: Poll
    squads: tuple[str, ...]
    questions: tuple[tuple[Question, str], ...]
    zone: str


def ready(chosen: ReadySet) -> tuple[Asked, ...]:
    """Return the questions of a ready-made set."""
    return tuple(
        Asked(KINDS_OF_READY.get(key, QuestionKind.SCALE), key) for key in READY.get(chosen, ())
    )


def own_questions(typed: str) -> tuple[Asked, ...]:
    """Read own questions, one a line; `enps:` or `text:` in front says how they are answered.

    Raises BadInput("pulse_no_questions", "pulse_many_questions", "pulse_long_question").
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise BadInput("pulse_no_questions", field=OWN_FIELD)
    if len(lines) > MOST_QUESTIONS:
        raise BadInput("pulse_many_questions", limit=MOST_QUESTIONS, field=OWN_FIELD)
    return tuple(_own(line) for line in lines)


def _own(line: str) -> Asked:
    before, colon, rest = line.partition(":")
    word = before.strip().casefold()
    kind, text = QuestionKind.SCALE, line
    if colon and word in set(QuestionKind):
        kind, text = QuestionKind(word), rest.strip()
    if not 0 < len(text) <= TEXT_LIMIT:
        raise BadInput("pulse_long_question", limit=TEXT_LIMIT, field=OWN_FIELD)
    digest = hashlib.sha256(f"{kind.value}:{text.casefold()}".encode()).hexdigest()[:32]
    return Asked(kind, f"own-{digest}", text)


def checked_value(kind: QuestionKind, value: int) -> int:
    """Return an answer on a scale if there is such a one. Raises BadInput("old_button")."""
    if value not in RANGES.get(kind, ()):
        raise BadInput("old_button")
    return value


def next_day(repeat: Repeat, first: date, after: date) -> date | None:
    """Return the first day of a series later than `after`; None for what comes once.

    A monthly one keeps its day of the month, or takes the last where there is none such.
    """
    weeks = WEEKS.get(repeat)
    if weeks is not None:
        step = timedelta(weeks=weeks)
        passed = max(0, (after - first) // step) + 1 if after >= first else 0
        return first + step * passed
    if repeat is Repeat.ONCE:
        return None
    if after < first:
        return first
    found = _in_month(first, after.year * 12 + after.month - 1)
    return found if found > after else _in_month(first, after.year * 12 + after.month)


def _in_month(first: date, months: int) -> date:
    year, month = divmod(months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(first.day, last))


def next_opening(series: Series, now: datetime) -> datetime | None:
    """Return when the next round of a series opens."""
    day = next_day(series.repeat, series.first_day, clock.local_day(now, series.zone))
    return None if day is None else clock.to_utc(day, series.local_time, series.zone)


def closing(opens_at: datetime, days_open: int, zone: str) -> datetime:
    """Return when a poll closes: so many days later at the same local time."""
    local = clock.to_local(opens_at, zone)
    return clock.to_utc(local.date() + timedelta(days=days_open), local.time(), zone)


def half_way(opens_at: datetime, closes_at: datetime) -> datetime:
    """Return when everybody is reminded."""
    return opens_at + (closes_at - opens_at) / 2


def readers(viewers: Iterable[Viewer]) -> frozenset[Role]:
    """Return the roles that may see results which were declared to these; never the client."""
    return frozenset().union(*(READERS[each] for each in viewers))


def may_see(actor: Actor, poll: Poll) -> bool:
    """Tell whether somebody is among those for whom a poll declared its results."""
    held = frozenset().union(*(actor.roles_in(squad_id) for squad_id in poll.squad_ids))
    return bool(held & readers(poll.viewers))


def has_results(poll: Poll) -> bool:
    """Tell whether there is anything to say of a poll: one that was called off never opened."""
    return (
        poll.state is PollState.CLOSED
        and poll.closed_at is not None
        and poll.closed_at >= poll.opens_at
    )


def is_asked(actor: Actor, squad_ids: Iterable[int]) -> bool:
    """Tell whether somebody is among those whom a poll asks."""
    return any(actor.roles_in(squad_id) & ASKED_ROLES for squad_id in squad_ids)


def overlaps(some: Sequence[int], others: Sequence[int]) -> bool:
    """Tell whether two polls ask a squad in common."""
    return bool(set(some) & set(others))
