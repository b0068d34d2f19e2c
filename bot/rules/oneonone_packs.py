"""What each of the two takes into a one-on-one, and the manager's two messages of the day about it.

One message as the manager's day begins has all of its packs, and one shortly before it ends asks
what became of each. What a pack holds depends on who reads it: the manager reads figures of a
person under the squad's setting, the person reads their own, and neither a private question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.rules.action_items import ActionItem
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import Window, WorkCalendar, window_of, windows, work_day_of
from bot.rules.coaching_effects import Change
from bot.rules.numbers import Difference, Rate, Spread
from bot.rules.oneonones import MeetingState, OneOnOne, Topic
from bot.rules.outbox import Intent
from bot.rules.people import IndividualFigures, PersonRef
from bot.rules.quality import Standing
from bot.rules.questions import Mine as Question
from bot.rules.standing import OwnCases, OwnCategory

PACKS: Final = "oneonone.packs"
"""The kind of the morning's message."""

DAY_END: Final = "oneonone.day_end"
"""The kind of the message at the day's end."""

BEFORE_END: Final = timedelta(minutes=30)
"""The day's end comes so long before the manager's hours are over: there is time to answer."""

AT_LAST: Final = timedelta(minutes=5)
"""It waits for the day's last meeting to end, but no longer than this before the hours are over."""

DAYS: Final = timedelta(days=28)
"""A pack's figures are of so many days, beside those of as many before."""

TOP: Final = 3
"""Categories of errors in a pack: what can be talked about in half an hour."""

QUESTIONS: Final = 5
"""Of one's own latest questions, offered to bring along."""

LAST_NOTES: Final = 3
"""Meetings whose notes a pack shows."""


@dataclass(frozen=True, slots=True)
class Topped:
    """A category of errors, with the section of the guidelines that says how it is done."""

    own: OwnCategory
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPack:
    """One person's work on one project: the score, `change` against the days before, and errors.

    Without `score` the reader may not see figures; then only what is open stands here.
    """

    project_id: int
    project: str
    cases: OwnCases
    score: Rate | None = None
    change: Difference | None = None
    before_n: int = 0
    target: float | None = None
    standing: Standing = Standing.CANNOT_TELL
    top: tuple[Topped, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditorPack:
    """An auditor's own figures: how others saw what they judged, and how long feedback took.

    Of their findings that were `disputed` and decided, how many were `overturned` or changed in
    severity; of tasks that a second auditor judged as well, how many both judged alike. `feedback`
    is in seconds, from the audit until its findings were told.
    """

    audits: int = 0
    disputed: int = 0
    overturned: int = 0
    doubled: int = 0
    alike: int = 0
    feedback: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPack:
    """How long people wait for somebody who leads: rulings and answers, in seconds."""

    rulings: Spread
    answers: Spread

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.rulings.n or self.answers.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of a meeting at `starts_at`; `own` is None to whom it is not shown."""

    one_on_one_id: int
    starts_at: datetime
    shared: str
    own: str | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachedOn:
    """A category that the person was coached on, and what can be said of them alone since."""

    category: str
    project: str
    at: datetime
    change: Change | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """All that one of a meeting's two takes along; `manages` says which of them reads it.

    `zone` is the reader's. What is None the person has no part in. `questions` are the reader's own
    and shown to nobody else: they become topics if the reader wants them to.
    """

    meeting: OneOnOne
    person: PersonRef
    manager: PersonRef
    squad: str
    setting: IndividualFigures
    zone: str
    manages: bool
    projects: tuple[ProjectPack, ...] = ()
    auditor: AuditorPack | None = None
    lead: LeadPack | None = None
    topics: tuple[Topic, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    notes: tuple[Notes, ...] = ()
    coached: tuple[CoachedOn, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The packs of a manager's day, in the order of the meetings."""

    day: date
    zone: str
    packs: tuple[Pack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A meeting at the day's end: whether there are notes, and for a missed one what comes next.

    `offered` is the next place that is free for both, `again` when another is planned already.
    """

    meeting: OneOnOne
    person: PersonRef
    squad: str
    noted: bool = False
    offered: datetime | None = None
    again: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether nobody has said yet what became of it."""
        return self.meeting.state in {MeetingState.PLANNED, MeetingState.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """A manager's meetings of a day, when it ends."""

    day: date
    zone: str
    meetings: tuple[Ended, ...]

    @property
    def asks(self) -> bool:
        """Whether there is anything to be said still."""
        return any(each.asks for each in self.meetings)


def messages(
    meetings: Iterable[OneOnOne], calendars: Mapping[int, WorkCalendar], now: datetime
) -> list[Intent]:
    """Return the two messages of each day on which managers have these meetings.

    Each day has them once, however often its meetings move; a day without hours has none.
    """
    found: dict[str, tuple[Intent, Intent]] = {}
    for meeting in meetings:
        calendar = calendars.get(meeting.manager_id)
        if calendar is None:
            continue
        day = work_day_of(calendar, meeting.starts_at)
        window = window_of(calendar, day)
        if window is None or window.end <= now:
            continue
        whose = f"{meeting.manager_id}:{day.isoformat()}"
        # With the day's budget spent it is a line of the next day's Today, which must find it.
        later = next((each.end for each in windows(calendar, window.end)), window.end)
        found[whose] = _two(meeting, day, window, later, now)
    return [intent for two in found.values() for intent in two]


def _two(
    meeting: OneOnOne, day: date, window: Window, later: datetime, now: datetime
) -> tuple[Intent, Intent]:
    whose = f"{meeting.manager_id}:{day.isoformat()}"
    morning = Intent(
        kind=PACKS,
        delivery_class=DeliveryClass.NOW,
        person_id=meeting.manager_id,
        squad_id=meeting.squad_id,
        ids={"day": day.isoformat()},
        dedupe_key=f"{PACKS}:{whose}",
        not_before=max(window.start, now),
        not_after=window.end,
    )
    evening = Intent(
        kind=DAY_END,
        delivery_class=DeliveryClass.NOW,
        person_id=meeting.manager_id,
        squad_id=meeting.squad_id,
        ids={"day": day.isoformat()},
        dedupe_key=f"{DAY_END}:{whose}",
        not_before=max(window.end - BEFORE_END, now),
        not_after=later,
    )
    return morning, evening


def asks_at(day_end: Sequence[OneOnOne], calendar: WorkCalendar, day: date) -> datetime | None:
    """Return when to ask what became of a day's meetings: after the last, while there is time."""
    window = window_of(calendar, day)
    ends = [each.ends_at for each in day_end if each.state is MeetingState.PLANNED]
    if window is None or not ends:
        return None
    return min(max(ends), window.end - AT_LAST)
