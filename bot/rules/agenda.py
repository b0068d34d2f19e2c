"""What a squad talks about in a meeting: its topics, who leads it, and what changed since the last.

A topic is carried from one meeting to the next by being open, and closes by itself once what it is
about is settled. Nothing is copied.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.rules.action_items import ActionItem
from bot.rules.calendar import WorkCalendar, is_working_day
from bot.rules.explaining import Explained
from bot.rules.forecasts import BatchForecast
from bot.rules.guidelines import Cited
from bot.rules.people import Actor, PersonRef
from bot.rules.roles import Act, may
from bot.rules.squads import Squad, Sync, SyncKind

POST: Final = "agenda.post"
"""The kind of the post in the channel, and of the managers' line where there is none."""

TOPIC_LIMIT: Final = 3000
SOURCE_LIMIT: Final = 500
"""Slack's length of a text field, and the column's of a link."""

READ: Final = 60
"""Topics read for a post, oldest first; a squad with more sees how many there are."""

MOST_TOPICS: Final = 500
"""Open topics of a squad and kind: more is no agenda any more, and nobody can look through it."""

FIRST_LOOK: Final[Mapping[SyncKind, timedelta]] = MappingProxyType(
    {
        SyncKind.SYNC: timedelta(days=1),
        SyncKind.REVIEW: timedelta(days=7),
        SyncKind.TOUCHPOINT: timedelta(days=7),
    }
)
"""How far back the first agenda of a kind looks, for there was none before it."""

FARTHEST_LOOK: Final = timedelta(days=14)
"""However long ago the last one was: older news are no news, and the bound keeps reading cheap."""

ERRORS_AT_LEAST: Final = 2
"""One error is one person's, and nothing for a group."""

PEOPLE_FOR_EXAMPLE: Final = 3
"""A group is shown an error only if at least so many people made it."""

ROTATION: Final = 60
"""Past meetings that decide whose turn it is."""


class CauseKind(StrEnum):
    """What a topic can be about, so that it closes once that is settled."""

    DISPUTE = "dispute"  # decided or withdrawn
    FEEDBACK = "feedback"  # the findings of an audit: acknowledged, or settled otherwise
    QUESTION = "question"  # answered or withdrawn


class ClosedWhy(StrEnum):
    """How a topic ended."""

    PERSON = "person"  # somebody closed it
    SETTLED = "settled"  # what it was about is settled
    ERASED = "erased"  # its author is


class MeetingState(StrEnum):
    """What became of a meeting."""

    PLANNED = "planned"
    SKIPPED = "skipped"  # by one click, for there was nothing to talk about
    HELD = "held"  # something was noted


@dataclass(frozen=True, slots=True)
class Cause:
    """What a topic is about."""

    kind: CauseKind
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something to talk about."""

    id: int
    squad_id: int
    kind: SyncKind
    author: PersonRef
    text: str
    created_at: datetime
    source: str | None = None
    cause: Cause | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be talked about."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTopic:
    """A topic as somebody adds it."""

    squad_id: int
    kind: SyncKind
    text: str
    source: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting; `since` is up to when the one before it spoke."""

    id: int
    workspace_id: int
    squad_id: int
    sync_id: int
    kind: SyncKind
    name: str
    slot: str
    starts_at: datetime
    planned_at: datetime
    state: MeetingState = MeetingState.PLANNED
    facilitator_id: int | None = None
    decisions: str | None = None
    notes: str | None = None
    revision: int = 0
    edited_by: int | None = None

    @property
    def day(self) -> date:
        """The squad-local day of the meeting."""
        return date.fromisoformat(self.slot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is on the next agenda, as one person reads it: a page of its open topics from `offset`.

    `closable` are the topics that they may close; `starts_at` is None where no meeting is planned.
    """

    squad: Squad
    kind: SyncKind
    topics: tuple[Topic, ...]
    total: int
    offset: int
    ages: Mapping[int, int]
    closable: frozenset[int]
    actions: tuple[ActionItem, ...] = ()
    doable: frozenset[int] = frozenset()
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A topic that was put on an agenda; `starts_at` is None where no meeting is planned."""

    topic: Topic
    squad: Squad
    starts_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The commonest error since the last meeting, and what the guidelines say about it.

    `example` is a task's label that somebody handed in, given only where several people made it;
    otherwise `own` is the guidelines' own.
    """

    category: str
    project: str
    errors: int
    people: int
    section: str | None = None
    cited: Cited | None = None
    example: str | None = None
    own: Cited | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A ruling or a kept answer: what it is about, and what holds."""

    title: str
    text: str
    project: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is overdue in the squad; counts only."""

    feedback: int = 0
    questions: int = 0
    disputes: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.feedback + self.questions + self.disputes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A project since the last meeting: handed in, against `planned` (None: nothing is planned)."""

    project: str
    done: int
    planned: int | None
    dates: tuple[BatchForecast, ...] = ()


@dataclass(frozen=True, slots=True)
class Praised:
    """Praise that its reader agreed to show."""

    person: PersonRef
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a meeting's post says, as of `now`; `ages` are working days that topics are open.

    `topics` are at most `READ` of `topics_open`, oldest first. Of a weekly meeting, `left_out` are
    the next ones that do not take place, `resumes` is the day of the next that does.
    """

    squad: Squad
    sync: Sync | None
    meeting: Meeting
    now: datetime
    since: datetime
    facilitator: PersonRef | None = None
    topics: tuple[Topic, ...] = ()
    topics_open: int = 0
    ages: Mapping[int, int] = field(default_factory=dict)
    focus: Focus | None = None
    rulings: tuple[News, ...] = ()
    answers: tuple[News, ...] = ()
    answered: int = 0
    waiting: Waiting = Waiting()
    pace: tuple[Pace, ...] = ()
    away: tuple[PersonRef, ...] = ()
    back: tuple[PersonRef, ...] = ()
    praise: tuple[Praised, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    left_out: tuple[Explained, ...] = ()
    resumes: date | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to talk about: absence and pace are no reason to meet."""
        return not (
            self.topics_open
            or self.focus
            or self.rulings
            or self.answers
            or self.waiting.total
            or self.praise
            or any(item.due is not None and item.due <= self.meeting.day for item in self.actions)
        )


def post_key(meeting_id: int) -> str:
    """Return the key of a meeting's post."""
    return f"{POST}:{meeting_id}"


def may_lead(actor: Actor, squad_id: int, leaders: Collection[int]) -> bool:
    """Tell whether somebody may skip a meeting or close its topics: whose turn it is, a manager."""
    if not may(actor, Act.JOIN_MEETING, squad_id):
        return False
    return actor.person_id in leaders or may(actor, Act.LEAD_MEETING, squad_id)


def may_close(actor: Actor, topic: Topic, leaders: Collection[int]) -> bool:
    """Tell whether somebody may close a topic: who added it, and whoever leads."""
    if may_lead(actor, topic.squad_id, leaders):
        return True
    mine = actor.person_id == topic.author.person_id
    return mine and may(actor, Act.JOIN_MEETING, topic.squad_id)


def since(
    last: datetime | None, first: datetime | None, kind: SyncKind, planned_at: datetime
) -> datetime:
    """Return from when on a meeting's news are news.

    Up to `last` the one before it spoke. If none could be read so far, what the `first` would have
    said is news as well.
    """
    begin = (first or planned_at) - FIRST_LOOK[kind] if last is None else last
    return max(begin, planned_at - FARTHEST_LOOK)


def facilitator(
    able: Mapping[int, WorkCalendar], past: Sequence[int], day: date, joined: Mapping[int, datetime]
) -> int | None:
    """Return whose turn it is to lead, among those who work on `day`; None if nobody does.

    Whoever led longest ago, those who never did first, in the order they joined. `past` are the
    leaders of the meetings before, newest first. Somebody away keeps their turn.
    """
    present = [person for person, calendar in able.items() if is_working_day(calendar, day)]
    if not present:
        return None
    last = {person: past.index(person) for person in set(past)}
    never = len(past)

    def turn(person: int) -> tuple[int, datetime, int]:
        return (-last.get(person, never), joined[person], person)

    return min(present, key=turn)


def working_days_open(calendar: WorkCalendar, created: date, today: date) -> int:
    """Return on how many working days before `today` a topic was open; today's has age 0.

    Counted no farther back than a year: "over 200 days" says it as well.
    """
    day = max(created, today - timedelta(days=365))
    count = 0
    while day < today:
        count += is_working_day(calendar, day)
        day += timedelta(days=1)
    return count
