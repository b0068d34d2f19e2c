"""Training and working sessions: what is planned, who comes, and the quiz after one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from bot.errors import BadInput
from bot.rules.findings import SECTION_LIMIT
from bot.rules.guidelines import Cited
from bot.rules.people import IndividualFigures, PersonRef, Role
from bot.rules.squad_input import CLEAR

# Kinds of deliveries.
POST: Final = "session.post"  # the one message in the channel, and its changes
DAY: Final = "session.day"  # the line on the day
MOVED: Final = "session.moved"
CANCELLED: Final = "session.cancelled"
SOON: Final = "session.soon"  # the message ten minutes before
QUIZ: Final = "session.quiz"
COUNT: Final = "session.count"  # to whoever made it, when it is over

TITLE_FIELD: Final = "title"
SQUAD_FIELD: Final = "squad"
KIND_FIELD: Final = "kind"
STARTS_FIELD: Final = "starts"
ENDS_FIELD: Final = "ends"
LINK_FIELD: Final = "link"
AUDIENCE_FIELD: Final = "audience"
PEOPLE_FIELD: Final = "people"
QUIZ_FIELD: Final = "quiz"
ATTENDED_FIELD: Final = "attended"

TITLE_LIMIT: Final = 150  # models/sessions.py
QUIZ_LIMIT: Final = 3000  # of a text field in a form
QUESTIONS: Final = 5
CHOICES: Final = (2, 4)
CHOICE_LIMIT: Final = 75  # docs.slack.dev/reference/block-kit: of an option's text
QUESTION_LIMIT: Final = 500
ATTENDED_MOST: Final = 9999

SOON_BEFORE: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(hours=24)
CLOSE: Final = timedelta(hours=2)
"""What is called off so shortly before is a message, not a line of a Today that may come later."""

QUIZ_OPEN: Final = timedelta(days=14)
"""How long the quiz of a session can be taken after its end."""

FEW: Final = 3
"""Totals of fewer people would tell how one of them did."""


class SessionKind(StrEnum):
    """What a session is for."""

    TRAINING = "training"
    WORKING = "working"


class Audience(StrEnum):
    """Whom a session is for: the squad, one of its roles, or people chosen by name."""

    SQUAD = "squad"
    CONTRIBUTORS = "contributors"
    AUDITORS = "auditors"
    CHOSEN = "chosen"


class Rsvp(StrEnum):
    """Whether somebody comes."""

    YES = "yes"
    NO = "no"


class Phase(StrEnum):
    """Where a session stands."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    CANCELLED = "cancelled"


WORKING: Final = frozenset({Role.MANAGER, Role.AUDITOR, Role.CONTRIBUTOR})
"""The roles that sessions and announcements of a squad are for: not the client, nor delivery."""

_ROLES: Final[Mapping[Audience, frozenset[Role]]] = {
    Audience.SQUAD: WORKING,
    Audience.CONTRIBUTORS: frozenset({Role.CONTRIBUTOR}),
    Audience.AUDITORS: frozenset({Role.AUDITOR}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a quiz; `correct` is the place of the right choice, `section` is cited."""

    text: str
    choices: tuple[str, ...]
    correct: int
    section: str
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a session is to be; times are typed, and read in the squad's zone."""

    squad_id: int
    kind: SessionKind
    title: str
    starts: str
    ends: str
    link: str | None = None
    audience: Audience = Audience.SQUAD
    user_ids: tuple[str, ...] = ()
    questions: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """What a quiz is to be; its sections are of the guidelines of `project_id`."""

    questions: tuple[Asked, ...] = ()
    project_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session as it is stored."""

    id: int
    workspace_id: int
    squad_id: int
    project_id: int | None
    kind: SessionKind
    title: str
    starts_at: datetime
    ends_at: datetime
    link: str | None
    audience: Audience
    created_by: int
    revision: int
    changed_at: datetime | None
    cancelled_at: datetime | None
    attended: int | None
    delivery_id: int | None
    next_at: datetime | None

    def phase(self, now: datetime) -> Phase:
        """Return where it stands."""
        if self.cancelled_at is not None:
            return Phase.CANCELLED
        if now < self.starts_at:
            return Phase.COMING
        return Phase.RUNNING if now < self.ends_at else Phase.OVER

    def quiz_open(self, now: datetime) -> bool:
        """Tell whether its quiz, if there is one, can be taken now."""
        return self.phase(now) is Phase.OVER and now < self.ends_at + QUIZ_OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A session as its messages show it; `questions` is how many its quiz has."""

    session: Session
    squad: str
    zone: str
    coming: int
    not_coming: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A session as one person's messages show it: whether they come, and took the quiz."""

    sheet: Sheet
    invited: bool
    answer: Rsvp | None
    taken: bool
    manages: bool = False

    def may_take(self, now: datetime) -> bool:
        """Tell whether they may take its quiz now."""
        sheet = self.sheet
        return self.invited and sheet.questions > 0 and sheet.session.quiz_open(now)

    def waits(self, now: datetime) -> bool:
        """Tell whether it is worth a line on their Home: it comes, or its quiz waits for them."""
        phase = self.sheet.session.phase(now)
        if phase is Phase.OVER:
            return self.answer is Rsvp.YES and not self.taken and self.may_take(now)
        return phase is not Phase.CANCELLED and self.answer is not Rsvp.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeable:
    """A session as the form that changes it begins: its quiz, and whom it asks by name."""

    own: Own
    quiz: tuple[Asked, ...]
    chosen: tuple[PersonRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One question as somebody answered it; `cited` is its section, quoted, if it is found."""

    question: Asked
    choice: int
    cited: Cited | None = None

    @property
    def right(self) -> bool:
        """Whether the answer was right."""
        return self.choice == self.question.correct


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Somebody's own results, question by question."""

    title: str
    marked: tuple[Marked, ...]

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(each.right for each in self.marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a manager reads of a session.

    `taken` is how many took the quiz; `right` has, for each question, how many were right, and is
    empty where so few took it that it would tell how one of them did. `people` are single results
    (who, right answers), None where the squad shows none to managers.
    """

    sheet: Sheet
    questions: tuple[Asked, ...]
    taken: int
    right: tuple[int, ...]
    people: tuple[tuple[PersonRef, int], ...] | None
    yes: tuple[PersonRef, ...] = ()


def is_for(audience: Audience, roles: frozenset[Role], *, invited: bool) -> bool:
    """Tell whether somebody with these roles in the squad is asked to come."""
    return invited if audience is Audience.CHOSEN else bool(roles & _ROLES[audience])


def check_times(
    starts_at: datetime, ends_at: datetime, now: datetime, *, begun: bool = False
) -> None:
    """Raise BadInput("session_past", "session_backwards", "session_long") at the field it is in.

    What has `begun` already may only end later.
    """
    if starts_at <= now and not begun:
        raise BadInput("session_past", field=STARTS_FIELD)
    if ends_at <= starts_at:
        raise BadInput("session_backwards", field=ENDS_FIELD)
    if ends_at <= now:
        raise BadInput("session_past", field=ENDS_FIELD)
    if ends_at - starts_at > LONGEST:
        raise BadInput("session_long", field=ENDS_FIELD)


def next_look(session: Session, day_at: datetime, now: datetime) -> datetime | None:
    """Return when the clock must look at a session again after `now`.

    `day_at` is when its day begins: lines for Today are planned then; then comes the message ten
    minutes before, and the end.
    """
    if session.cancelled_at is not None:
        return None
    moments = (day_at, session.starts_at - SOON_BEFORE, session.ends_at)
    return next((moment for moment in moments if moment > now), None)


def totals_shown(taken: int, setting: IndividualFigures) -> bool:
    """Tell whether totals of so many may be shown where the squad shows single results or not."""
    return taken >= FEW or (taken > 0 and setting is IndividualFigures.SELF_AND_MANAGERS)


def read_quiz(text: str) -> tuple[Asked, ...]:
    """Read a quiz as it is typed: a question, `[section]` behind it, then a line a choice.

    Choices begin with `-`, the right one with `*`; an empty line, or the next line that is no
    choice, begins the next question. Typed in one line, `|` stands for the ends of lines. Raises
    BadInput with the question's number.
    """
    asked: list[tuple[str, list[str]]] = []
    lines = text.strip().splitlines()
    if len(lines) == 1:
        lines = text.split("|")
    for line in filter(None, (each.strip() for each in lines)):
        if line[0] in "-*•":
            if not asked:
                raise BadInput("quiz_no_question", field=QUIZ_FIELD)
            asked[-1][1].append(line)
        else:
            asked.append((line, []))
    if len(asked) > QUESTIONS:
        raise BadInput("quiz_too_many", n=len(asked), limit=QUESTIONS, field=QUIZ_FIELD)
    return tuple(_question(n, said, lines) for n, (said, lines) in enumerate(asked, start=1))


def _question(number: int, said: str, lines: Sequence[str]) -> Asked:
    text, opened, section = said.rpartition("[")
    section = section.strip()
    if not opened or not section.endswith("]") or not section[:-1].strip() or not text.strip():
        raise BadInput("quiz_no_section", number=number, field=QUIZ_FIELD)
    fewest, most = CHOICES
    if not fewest <= len(lines) <= most:
        raise BadInput("quiz_choices", number=number, n=len(lines), field=QUIZ_FIELD)
    right = [place for place, line in enumerate(lines) if line.startswith("*")]
    if len(right) != 1:
        raise BadInput("quiz_right_one", number=number, n=len(right), field=QUIZ_FIELD)
    choices = tuple(line[1:].strip() for line in lines)
    if not all(choices) or len(set(choices)) < len(choices):
        raise BadInput("quiz_same_choice", number=number, field=QUIZ_FIELD)
    for part, limit in ((text, QUESTION_LIMIT), (section, SECTION_LIMIT), *_limited(choices)):
        if len(part.strip()) > limit:
            raise BadInput("quiz_too_long", number=number, limit=limit, field=QUIZ_FIELD)
    return Asked(text=text.strip(), choices=choices, correct=right[0], section=section[:-1].strip())


def _limited(choices: Sequence[str]) -> list[tuple[str, int]]:
    return [(choice, CHOICE_LIMIT) for choice in choices]


def read_quiz_change(text: str) -> tuple[Asked, ...] | None:
    """Read what a quiz is to become: None if it stays, no question if it is to go.

    Raises as `read_quiz`.
    """
    typed = text.strip()
    if not typed:
        return None
    return () if typed.casefold() in CLEAR else read_quiz(typed)


def write_quiz(asked: Sequence[Asked]) -> str:
    """Return a quiz as `read_quiz` reads it, never longer than the shortest way to type it.

    It is spaced for reading where that fits into the form.
    """
    spaced = "\n\n".join(_written(each, " ") for each in asked)
    return spaced if len(spaced) <= QUIZ_LIMIT else "\n".join(_written(each, "") for each in asked)


def _written(asked: Asked, space: str) -> str:
    marked = enumerate(asked.choices)
    lines = [f"{'*' if n == asked.correct else '-'}{space}{choice}" for n, choice in marked]
    return "\n".join([f"{asked.text}{space}[{asked.section}]", *lines])


def same_quiz(first: Sequence[Asked], second: Sequence[Asked]) -> bool:
    """Tell whether two quizzes ask the same, whatever their questions' keys are."""
    return [replace(each, id=0) for each in first] == [replace(each, id=0) for each in second]


def quiz_edition(asked: Sequence[Asked]) -> str:
    """Return what tells a quiz from another: a database may give a key to a second question."""
    texts = [part for each in asked for part in (str(each.id), _written(each, " "))]
    return blake2b("\x1f".join(texts).encode(), digest_size=8).hexdigest()


def read_attended(text: str) -> int:
    """Read how many came. Raises BadInput("session_attended")."""
    wanted = text.strip()
    if not wanted.isdecimal() or int(wanted) > ATTENDED_MOST:
        raise BadInput("session_attended", field=ATTENDED_FIELD)
    return int(wanted)
