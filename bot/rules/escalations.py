"""Questions that a person answers: claimed, answered, passed on, within a promised time."""

from enum import StrEnum


class EscalationState(StrEnum):
    """Where a question stands that a person answers; a claim that ran out reads as open."""

    OPEN = "open"
    CLAIMED = "claimed"
    PASSED = "passed"  # to the delivery team or the client
    ANSWERED = "answered"
    MERGED = "merged"  # it asked the same as another one, which its askers now wait for
    WITHDRAWN = "withdrawn"  # its asker needs no answer any more
