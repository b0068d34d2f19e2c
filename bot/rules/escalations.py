"""Questions that a person answers: claimed, answered, passed on, within a promised time.

Whoever may answer is on duty: a squad's managers and auditors. The clock runs in the working time
of the one who can act first, for a promise that nobody is there to keep would be none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from bot.errors import BadInput, Conflict
from bot.rules.calendar import WorkCalendar, add_working_time, next_working_instant
from bot.rules.guidelines import Cited
from bot.rules.people import PersonRef, Role

POST: Final = "escalations.post"
ASKED: Final = "escalations.asked"
HALF: Final = "escalations.half"
OVERDUE: Final = "escalations.overdue"
PASSED: Final = "escalations.passed"
PASSED_OVERDUE: Final = "escalations.passed_late"
ANSWER: Final = "escalations.answer"
"""Kinds of messages: the post in the questions channel, the same to one person where there is no
channel, the reminders, what is passed on, and the answer to each asker."""

ANSWER_WITHIN: Final = timedelta(hours=4)
"""Working time until an answer is due, unless the squad says otherwise: half a day."""

CLAIM_FOR: Final = timedelta(hours=1)
"""A claim that was forgotten must not keep the others from answering; an answer takes minutes."""

PASSED_WITHIN: Final = timedelta(hours=16)
"""Working time of those it was passed to: two days, for they have to ask others too."""

TASK_LIMIT: Final = 200
ANSWER_LIMIT: Final = 3_000
NOTE_LIMIT: Final = 1_000
SECTION_LIMIT: Final = 1_000
RULE_LIMIT: Final = 1_000
MINUTES_LIMIT: Final = 5 * 8 * 60
"""Characters of what is typed, and the longest promise a squad can make: a week."""

TASK_FIELD: Final = "task"
NAMED_FIELD: Final = "named"
ANSWER_FIELD: Final = "answer"
SECTION_FIELD: Final = "section"
KEEP_FIELD: Final = "keep"
TO_FIELD: Final = "to"
NOTE_FIELD: Final = "note"
SAME_FIELD: Final = "same"

KEEP_VERIFIED: Final = "verified"
KEEP_EDGE: Final = "edge"


class EscalationState(StrEnum):
    """Where a question stands that a person answers; a claim that ran out reads as open."""

    OPEN = "open"
    CLAIMED = "claimed"
    PASSED = "passed"  # to the delivery team or the client
    ANSWERED = "answered"
    MERGED = "merged"  # it asked the same as another one, which its askers now wait for
    WITHDRAWN = "withdrawn"  # its asker needs no answer any more


WAITING: Final = frozenset({EscalationState.OPEN, EscalationState.CLAIMED, EscalationState.PASSED})
"""Somebody still has to answer."""

OUTSIDE: Final = (Role.DELIVERY, Role.CLIENT)
"""To whom a question can be passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """When an answer is due, when half of that is over, and who can read it first, and when.

    All None where nobody works in the time that can be foreseen.
    """

    half_at: datetime | None = None
    due_at: datetime | None = None
    reader_id: int | None = None
    read_at: datetime | None = None


def promise(calendars: Mapping[int, WorkCalendar], now: datetime, amount: timedelta) -> Promise:
    """Return what can be promised: `amount` of working time of whoever is there first."""
    reading = {
        person_id: when
        for person_id, calendar in calendars.items()
        if (when := next_working_instant(calendar, now)) is not None
    }
    if not reading:
        return Promise()
    reader = min(reading, key=lambda person_id: (reading[person_id], person_id))
    return Promise(
        half_at=_first(calendars, now, amount / 2),
        due_at=_first(calendars, now, amount),
        reader_id=reader,
        read_at=reading[reader],
    )


def _first(
    calendars: Mapping[int, WorkCalendar], now: datetime, amount: timedelta
) -> datetime | None:
    ends = (add_working_time(calendar, now, amount) for calendar in calendars.values())
    return min((end for end in ends if end is not None), default=None)


def state_at(
    state: EscalationState, claimed_until: datetime | None, now: datetime
) -> EscalationState:
    """Return where a question stands by now: claims end by themselves."""
    ran_out = claimed_until is None or claimed_until <= now
    if state is EscalationState.CLAIMED and ran_out:
        return EscalationState.OPEN
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row, with the state it has by now."""

    escalation_id: int
    workspace_id: int
    squad_id: int
    project_id: int | None
    named: bool
    task: str | None
    section: str | None
    state: EscalationState
    opened_at: datetime
    half_at: datetime | None
    due_at: datetime | None
    claimed_by: int | None
    claimed_at: datetime | None
    claimed_until: datetime | None
    passed_role: Role | None
    passed_by: int | None
    passed_note: str | None
    passed_at: datetime | None
    passed_due_at: datetime | None
    answer: str | None
    answer_section: str | None
    answered_by: int | None
    answered_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in WAITING

    def claimed_by_other(self, person_id: int) -> bool:
        """Tell whether somebody else is answering it now."""
        return self.state is EscalationState.CLAIMED and self.claimed_by != person_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question as those who answer read it.

    `asker` is None where the asker did not want to be named; `others` counts who joined. `zone`
    is the reader's, or the squad's in a channel.
    """

    stored: Stored
    squad: str
    project: str
    text: str
    asker: PersonRef | None
    others: int
    link: str | None
    passages: tuple[Cited, ...]
    claimed_by: PersonRef | None
    passed_by: PersonRef | None
    answered_by: PersonRef | None
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """An open question in a list: no names, for lists are read over shoulders."""

    escalation_id: int
    text: str
    project: str
    task: str | None
    state: EscalationState
    opened_at: datetime
    due_at: datetime | None


class AskedBefore(NamedTuple):
    """What was asked a person about a task, and what came of it."""

    text: str
    asked_at: datetime
    answered_at: datetime | None
    answer: str | None
    asker_id: int

    def was_open(self, person_id: int, at: datetime) -> bool:
        """Tell whether this person's question waited for its answer at an instant."""
        begun = self.asker_id == person_id and self.asked_at <= at
        return begun and (self.answered_at is None or self.answered_at > at)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingSheet:
    """What the form is made of in which somebody asks a person; `similar` can be joined."""

    question_id: int
    text: str
    project: str
    private: bool
    similar: tuple[OpenCase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationForm:
    """A question that goes to a person, as it is filled in."""

    question_id: int
    task: str | None = None
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """What whoever asked is told: who reads it when, until when, and what to do meanwhile.

    `joined` says that an open question is waited for together. `zone` is the asker's.
    """

    escalation_id: int
    reader: PersonRef | None
    read_at: datetime | None
    due_at: datetime | None
    zone: str
    interim_rule: str | None
    task: str | None
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringSheet:
    """What the answer's form is made of; `sections` are those that may be cited, best first."""

    case: Case
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """An answer as it is filled in; `keep` and `edge` also put it into knowledge and log."""

    escalation_id: int
    text: str | None
    section: str | None = None
    keep: bool = False
    edge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the answerer is told: how many people hear, and what was kept."""

    askers: int
    keep: bool
    edge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingSheet:
    """To whom a question can be passed: how many people have each role in the squad."""

    case: Case
    delivery: int
    client: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A person's answer as its asker reads it, or that one is coming.

    `by` is None where whoever answered is gone. `at` is when it was answered; `due_at` until when
    it will be.
    """

    state: EscalationState
    answer: str | None = None
    section: str | None = None
    by: PersonRef | None = None
    at: datetime | None = None
    due_at: datetime | None = None
    zone: str = "UTC"


def require_waiting(found: Stored) -> None:
    """Raise Conflict("answered_already", "escalation_closed") if it waits for nobody any more."""
    if found.state is EscalationState.ANSWERED:
        raise Conflict("answered_already")
    if not found.waits:
        raise Conflict("escalation_closed")


def answer_minutes(text: str) -> int:
    """Read a squad's promise: `4`, `4 h`, `90 min` of working time; returns minutes.

    Raises BadInput("bad_answer_time").
    """
    words = text.strip().casefold().split()
    number = words[0].rstrip("hmin.") if words else ""
    unit = (words[1] if len(words) > 1 else words[0][len(number) :]) if words else ""
    scale = {"": 60, "h": 60, "hour": 60, "hours": 60, "min": 1, "m": 1, "minutes": 1}.get(unit)
    try:
        minutes = round(float(number.replace(",", ".")) * (scale or 0))
    except ValueError:
        minutes = 0
    if scale is None or not 1 <= minutes <= MINUTES_LIMIT:
        raise BadInput("bad_answer_time")
    return minutes
