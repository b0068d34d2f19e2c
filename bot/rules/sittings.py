"""A sitting: an auditor's run through drawn tasks, from start to certificate."""

from enum import StrEnum


class SittingState(StrEnum):
    """Whether an auditor is still at it."""

    OPEN = "open"
    ENDED = "ended"
