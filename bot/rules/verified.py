"""Answers of experts kept as knowledge: owned, dated, and looked at again when they may be old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.people import PersonRef

EXPIRING: Final = "verified.expiring"
"""The kind of the line that asks a verifier whether an answer still holds."""

GOOD_FOR: Final = timedelta(days=90)
"""After a quarter whoever verified an answer is asked whether it still holds."""


ASKED_BEFORE: Final = timedelta(days=7)
"""The verifier is asked so long before: nothing lapses while they are away for some days."""


class VerifiedState(StrEnum):
    """Whether an answer is given; one in use that has expired is given no longer."""

    USED = "used"
    REVIEW = "review"  # its section changed: given with that said, until somebody looked at it
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerified:
    """An answer to be kept; `section` is the heading path that it rests on."""

    project_id: int
    squad_id: int | None
    escalation_id: int | None
    question: str
    answer: str
    section: str | None
    version_id: int | None
    verifier_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A kept answer as it stands."""

    verified_id: int
    workspace_id: int
    project_id: int
    squad_id: int | None
    question: str
    answer: str
    section: str | None
    version_id: int | None
    verifier_id: int
    state: VerifiedState
    verified_at: datetime
    expires_at: datetime

    def is_given(self, now: datetime) -> bool:
        """Tell whether it is given to who asks the same."""
        return self.state is not VerifiedState.DROPPED and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedNote:
    """A kept answer as people read it; `verifier` is None for one who is gone.

    `waits` says that its verifier still has to say whether it holds.
    """

    verified: Verified
    verifier: PersonRef | None
    version: str | None
    zone: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """What a verifier says of an answer: dropped, or kept with these words."""

    verified_id: int
    text: str | None
    drop: bool


def asks_at(expires_at: datetime) -> datetime:
    """Return when its verifier is asked about an answer."""
    return expires_at - ASKED_BEFORE
