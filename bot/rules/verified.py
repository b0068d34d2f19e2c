"""Answers of experts kept as knowledge: owned, dated, and looked at again when they may be old."""

from enum import StrEnum


class VerifiedState(StrEnum):
    """Whether an answer is given; one in use that has expired is given no longer."""

    USED = "used"
    REVIEW = "review"  # its section changed: given with that said, until somebody looked at it
    DROPPED = "dropped"
