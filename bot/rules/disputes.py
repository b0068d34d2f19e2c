"""Disputes: who decides a contributor's appeal by when, and what a ruling changes."""

from enum import StrEnum


class Ruling(StrEnum):
    """What was decided about a disputed finding."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    SEVERITY = "severity"  # it stands, and weighs differently


class ReviewState(StrEnum):
    """What became of a finding that cites the same rule as one that was overturned."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
