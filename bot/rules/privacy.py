"""What is stored about a person, and how a name is recognised without being kept."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.rules.people import PersonRef
from bot.rules.retention import DataKind, Kept

EXPORT: Final = "privacy.export"
"""The kind of the message that carries the file."""

LOOKS_SHOWN: Final = 20

LOOKS: Final = ("figures.seen", "dispute.read", "person.exported")
"""What the ledger calls a look at what is somebody else's."""


class Holding(StrEnum):
    """What is stored about somebody, as they would look for it."""

    IDENTITY = "identity"  # name, address, zone, hours, what tools call them
    SQUADS = "squads"
    TIME_OFF = "time_off"
    WORK = "work"
    AUDITS = "audits"  # of their work, with findings
    DISPUTES = "disputes"
    REWORKS = "reworks"
    COACHING = "coaching"
    QUESTIONS = "questions"
    BLOCKERS = "blockers"
    STATUSES = "statuses"
    SNIPPETS = "snippets"
    ANNOUNCEMENTS = "announcements"  # what they got, and replied
    SESSIONS = "sessions"  # whether they came, and what they answered in a quiz
    MEETINGS = "meetings"  # topics they put on an agenda, and what they said they would do
    ACTS = "acts"  # what they did for others: audits, answers, rulings; without the others' words
    LEDGER = "ledger"
    MESSAGES = "messages"


TERM_OF: Final[Mapping[Holding, DataKind]] = {
    Holding.TIME_OFF: DataKind.TIME_OFF,
    Holding.WORK: DataKind.WORK,
    Holding.AUDITS: DataKind.WORK,
    Holding.DISPUTES: DataKind.DISPUTES,
    Holding.COACHING: DataKind.COACHING,
    Holding.QUESTIONS: DataKind.QUESTIONS,
    Holding.BLOCKERS: DataKind.BLOCKERS,
    Holding.STATUSES: DataKind.STATUSES,
    Holding.ANNOUNCEMENTS: DataKind.ANNOUNCEMENTS,
    Holding.SESSIONS: DataKind.SESSIONS,
    Holding.MEETINGS: DataKind.MEETINGS,
    Holding.LEDGER: DataKind.LEDGER,
    Holding.MESSAGES: DataKind.MESSAGES,
}
"""The term after which a holding loses its words; the others stay until somebody is erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked; `by` is None for the operator at the shell, or for whoever is erased."""

    at: datetime
    by: PersonRef | None
    action: str
    squad: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutMe:
    """What a person is told of what is stored about them; `zone` is theirs."""

    counts: Mapping[Holding, int]
    looks: tuple[Look, ...]
    terms: Mapping[DataKind, Kept]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing:
    """What erasing a person does, or did: what is counted goes on under `pseudonym`."""

    person: PersonRef
    pseudonym: str
    counts: Mapping[Holding, int]
    done: bool


def digest(salt: str, name: str) -> str:
    """Return what a file's name for somebody is compared with, as 64 hex digits.

    Spelling counts, capitals and outer spaces do not. Who has salt and digest can try a name.
    """
    meant = " ".join(name.split()).casefold()
    return hmac.new(salt.encode(), meant.encode(), hashlib.sha256).hexdigest()
