"""Answers of experts kept as knowledge: owned, dated, and looked at again when they may be old."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

GOOD_FOR: Final = timedelta(days=90)
"""After a quarter whoever verified an answer is asked whether it still holds."""


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
