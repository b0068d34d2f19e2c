"""Feedback, praise and coaching outside of an audit: who may be told, what is kept of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.rules.arrival import Arrival
from bot.rules.people import PersonRef

BODY_LIMIT: Final = 2000
BODY_FIELD: Final = "coach_body"
PERSON_FIELD: Final = "coach_person"


class CoachingKind(StrEnum):
    """What somebody is told."""

    FEEDBACK = "feedback"
    PRAISE = "praise"
    COACHING = "coaching"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachForm:
    """What is to be said to whom, as a member of which squad."""

    squad_id: int
    person_id: int
    kind: CoachingKind
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachChoice:
    """A member whom the caller may coach."""

    squad_id: int
    squad: str
    person: PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingNote:
    """What was said, as its reader sees it."""

    coaching_id: int
    workspace_id: int
    squad_id: int
    person: PersonRef
    by: PersonRef
    kind: CoachingKind
    body: str
    team_channel: str | None
    acknowledged_at: datetime | None
    shared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coached:
    """What became of it."""

    coaching_id: int
    kind: CoachingKind
    person: PersonRef
    arrival: Arrival


def split_kind(text: str) -> tuple[CoachingKind, str]:
    """Read `praise: well done` as praise of "well done"; without such a first word as feedback.

    Without the colon the word tells the kind as well but stays, for it may belong to the sentence.
    """
    stripped = text.strip()
    first, _, rest = stripped.partition(" ")
    for kind in CoachingKind:
        if first.casefold().rstrip(":") == kind.value:
            return kind, rest.strip() if first.endswith(":") else stripped
    return CoachingKind.FEEDBACK, stripped
