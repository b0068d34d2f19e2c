"""What becomes of a draw, from when it is made until it was audited or skipped."""

from enum import StrEnum


class DrawState(StrEnum):
    """Where a draw stands; who holds an open one is not a state of it."""

    OPEN = "open"
    AUDITED = "audited"
    SKIPPED = "skipped"


class SkipReason(StrEnum):
    """Why an auditor left a draw out; none of them depends on how good the work is."""

    NO_ACCESS = "no_access"  # the link or the tool does not open it
    CHANGED = "changed"  # it is no longer what was handed in
    OWN_WORK = "own_work"
    UNCLEAR = "unclear"  # the guidelines do not say what is right
    OTHER = "other"  # in the auditor's own words
