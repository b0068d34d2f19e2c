"""Why a score moved, for a squad's days against the four weeks before them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.rules.calendar import DateSpan
from bot.rules.changes import Breakdown

BEFORE: Final = timedelta(days=28)
"""Four weeks: what a score is held against, long enough to hold every kind of work."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The change of a project's score from the days `before` to `now`, taken apart."""

    squad: str
    project: str
    now: DateSpan
    before: DateSpan
    breakdown: Breakdown


def weeks_before(now: DateSpan) -> DateSpan:
    """Return the days that a period is compared with."""
    return DateSpan(now.first - BEFORE, now.first - _DAY)
