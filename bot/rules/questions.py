"""Questions as records: how they were asked, what was found for them, and what became of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from bot.errors import BadInput, NotFound
from bot.rules import commands
from bot.rules.edge_cases import EdgeCase
from bot.rules.escalations import EscalationState, Human
from bot.rules.guidelines import QUESTION_LIMIT, Cited
from bot.rules.people import PRESENT, Actor, PersonRef
from bot.rules.verified import VerifiedNote

ANSWER: Final = "questions.answer"
"""The kind of the message that answers a question where others may read it, or directly."""

SHOWN: Final = 3
"""Passages under an answer; more than three are not read."""

MISSING_LIMIT: Final = 1_000
"""Characters of what was missing in an answer."""

MISSING_FIELD: Final = "missing"

FOLLOWS_WITHIN: Final = timedelta(minutes=15)
"""In a direct message there are no threads to go by: what comes so soon after may be about it."""

FOLLOWED_FOR: Final = timedelta(days=2)
"""How long a thread is listened to for a follow-up without a mention; later people mention us."""


class AskedVia(StrEnum):
    """How a question reached us."""

    COMMAND = "command"  # typed for the asker's eyes only
    DIRECT = "direct"
    MENTION = "mention"  # in a channel, where others read it too
    THREAD = "thread"  # a follow-up without a mention
    SHORTCUT = "shortcut"  # about somebody's message


IN_CHANNEL: Final = frozenset({AskedVia.MENTION, AskedVia.THREAD})
"""Asked where others read it; all else is private, and its asker is shown to nobody."""

AT_ONCE: Final = frozenset({AskedVia.COMMAND, AskedVia.SHORTCUT})
"""Answered by the door itself, for the answer is worth something only now and to one person."""


class Outcome(StrEnum):
    """What was found."""

    WAITING = "waiting"  # the asker has not said yet which project it is about
    VERIFIED = "verified"  # an expert answered the same before
    EDGE = "edge"  # a case like it was ruled before
    SURE = "sure"
    UNSURE = "unsure"
    NONE = "none"  # the guidelines do not answer it
    UNLOADED = "unloaded"  # there are no guidelines


ANSWERED: Final = frozenset({Outcome.VERIFIED, Outcome.EDGE, Outcome.SURE, Outcome.UNSURE})
"""The asker was given something to go by."""


COMPOSED: Final = frozenset({Outcome.SURE, Outcome.UNSURE})
"""Answers that a model may put into words; what an expert said stands as it is."""


class Scope(NamedTuple):
    """A project that a squad of the asker's works on: what a question can be about."""

    squad_id: int
    squad: str
    project_id: int
    project: str


class Place(NamedTuple):
    """Where a question was asked; a command leaves no message and begins no thread."""

    channel: str | None = None
    message_ts: str | None = None
    thread_ts: str | None = None


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question as it comes from a door. `text` is as Slack sends it, entities and all."""

    text: str
    via: AskedVia
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A stored question."""

    question_id: int
    workspace_id: int
    squad_id: int | None
    project_id: int | None
    asker_id: int
    text: str
    via: AskedVia
    private: bool
    asked_at: datetime
    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    context_id: int | None
    version_id: int | None
    outcome: Outcome
    confidence: float | None
    passages: tuple[tuple[int, float], ...]
    verified_id: int | None
    edge_id: int | None
    composed: tuple[tuple[str, tuple[int, ...]], ...] | None
    escalation_id: int | None

    @property
    def place(self) -> Place:
        """Where it was asked."""
        return Place(self.channel, self.message_ts, self.thread_ts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """What is stored of a question when it is asked."""

    squad_id: int | None
    project_id: int | None
    asker_id: int
    text: str
    via: AskedVia
    place: Place
    context_id: int | None
    version_id: int | None
    outcome: Outcome
    confidence: float | None
    passages: tuple[tuple[int, float], ...]
    verified_id: int | None = None
    edge_id: int | None = None

    @property
    def private(self) -> bool:
        """Whether nobody but the asker read it."""
        return self.via not in IN_CHANNEL


class Excuse(StrEnum):
    """Why an answer has no words of a model's although one is switched on."""

    FAILED = "failed"
    NOT_FOUND = "not_found"  # it says that the passages do not answer the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer as its asker sees it.

    `composed` are sentences with the numbers (from 1) of the passages they cite; `excuse` says why
    there are none where a model was asked. `vote` is the asker's own. `shareable` is the channel
    that a private answer may be shown in, if it was asked in one. `human` is what a person who was
    asked said to it, or that one was asked. `verified` and `edge` come before the passages: what an
    expert answered, or ruled in a case like it.
    """

    question_id: int
    asker: PersonRef
    text: str
    outcome: Outcome
    private: bool
    project: str
    version: str | None
    passages: tuple[Cited, ...] = ()
    composed: tuple[tuple[str, tuple[int, ...]], ...] = ()
    excuse: Excuse | None = None
    vote: bool | None = None
    shareable: str | None = None
    human: Human | None = None
    verified: VerifiedNote | None = None
    edge: EdgeCase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichProject:
    """The question is stored; the asker has to say which of these it is about."""

    question_id: int
    scopes: tuple[Scope, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """One of a person's own questions in a list; `person` is its state if one was asked."""

    question_id: int
    text: str
    outcome: Outcome
    asked_at: datetime
    person: EscalationState | None


# What Slack writes for an emoji, and what it leaves of formatting.
_EMOJI: Final = re.compile(r":[a-z0-9_+'-]+(?::skin-tone-\d)?:")
_LETTER: Final = re.compile(r"\w", re.UNICODE)


def question_text(text: str) -> str:
    """Return a question as it was meant, line breaks kept.

    Raises BadInput("question_empty", "question_no_words", "question_too_long").
    """
    meant = commands.unescape(text).strip()
    if not meant:
        raise BadInput("question_empty")
    if not _LETTER.search(_EMOJI.sub(" ", meant).replace("_", " ")):
        raise BadInput("question_no_words")
    if len(meant) > QUESTION_LIMIT:
        raise BadInput("question_too_long", length=len(meant), limit=QUESTION_LIMIT)
    return meant


def choose_scopes(actor: Actor, scopes: Iterable[Scope], channel: str | None) -> tuple[Scope, ...]:
    """Return what a question may be about: the channel's projects, else the asker's own.

    One is the answer, several have to be asked about. `scopes` are those of the workspace. An
    admin without a squad may ask about all of them. Raises NotFound("no_squad", "ask_no_project").
    """
    here = {
        membership.squad_id
        for membership in actor.memberships
        if membership.status in PRESENT and channel in membership.channels
    }
    mine = here or {each.squad_id for each in actor.memberships if each.status in PRESENT}
    known = tuple(scopes)
    if not mine:
        if not actor.is_admin:
            raise NotFound("no_squad")
        mine = {each.squad_id for each in known}
    chosen = tuple(each for each in known if each.squad_id in mine)
    if not chosen:
        raise NotFound("ask_no_project")
    return chosen


def scope_in(scopes: Iterable[Scope], squad_id: int, project_id: int) -> Scope | None:
    """Return the scope of a squad and a project, if it is among these."""
    return next(
        (each for each in scopes if (each.squad_id, each.project_id) == (squad_id, project_id)),
        None,
    )


_OPENING: Final = re.compile(
    r"^\W*(?:and|or|but|what|how|why|when|where|which|who|whose|is|are|do|does|did|can|could|should"
    r"|would|may|must|will|also|then|so|ok(?:ay)?,? (?:and|but|so))\b",
    re.IGNORECASE,
)
_CHINESE_QUESTION: Final = re.compile(r"[吗呢么嘛]\W*$|^(?:那|那么|还有|如果|怎么|什么|为什么|哪)")


def reads_as_follow_up(text: str) -> bool:
    """Tell whether words in a thread go on asking, rather than thank or talk to somebody else.

    Whoever mentions somebody talks to them.
    """
    if commands.users(text):
        return False
    said = commands.unescape(text).strip()
    if said.rstrip(" )”\"'").endswith(("?", "？")):
        return True
    return bool(_CHINESE_QUESTION.search(said)) or (
        bool(_OPENING.match(said)) and len(said.split()) > 2 and not said.endswith((".", "!"))
    )


def conversation(before: Sequence[Asked], now: datetime, *, threaded: bool) -> Asked | None:
    """Return the question that a new one may be about; `before` is newest first.

    In a thread that is the one before it; in a direct message only one asked just now.
    """
    last = next(iter(before), None)
    if last is None:
        return None
    return last if threaded or now - last.asked_at <= FOLLOWS_WITHIN else None
