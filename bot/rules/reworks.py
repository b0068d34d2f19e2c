"""Rework: a rejected task on its way back through its contributor, with its clock."""

from enum import StrEnum


class ReworkState(StrEnum):
    """Where a rework stands; a dispute stops its clock without being a state of it."""

    OPEN = "open"  # with its contributor
    FIXED = "fixed"  # waits for an auditor
    ACCEPTED = "accepted"
    RETURNED = "returned"  # the fix was rejected, and another round was opened
    CANCELLED = "cancelled"  # the finding was overturned, or nobody can mend it any more
