"""How long each kind of data is kept, and why; what counts is kept until somebody sets a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.errors import BadInput

NEVER: Final = 0
"""How the table keeps "never": as no days."""

_NEVER_WORDS: Final = frozenset({"never", "forever", "off", "none"})
_MOST: Final = 36_500


class DataKind(StrEnum):
    """Data that is kept for a time of its own; after it the text goes and what counts stays."""

    QUESTIONS = "questions"  # what people asked, and what they said was missing
    MESSAGES = "messages"  # the bookkeeping of what was sent; never any text
    LEDGER = "ledger"  # who did and saw what
    TIME_OFF = "time_off"  # its reasons; the days stay, for past figures rest on them
    COACHING = "coaching"  # the words of feedback, praise and coaching
    STATUSES = "statuses"  # reasons, figures and answers of what no longer holds
    BLOCKERS = "blockers"  # what people wrote to them
    ANNOUNCEMENTS = "announcements"  # their words and the replies; who has got one stays
    SESSIONS = "sessions"  # who said that they come, and answers in a quiz; totals stay
    MEETINGS = "meetings"  # topics, decisions, notes and actions that are done
    DISPUTES = "disputes"  # reasons of decided ones; the rulings stay, for they are rules
    WORK = "work"  # labels, links and auditors' notes; the counts stay


@dataclass(frozen=True, slots=True)
class Term:
    """For how many days a kind is kept (None: for good), and the fewest that can be set."""

    days: int | None
    least: int


TERMS: Final[Mapping[DataKind, Term]] = {
    # Two rounds of a yearly audit would be more than anybody looks at; gaps look back weeks.
    DataKind.QUESTIONS: Term(365, 30),
    # As long as a free workspace keeps the messages themselves; older ones cannot be changed.
    DataKind.MESSAGES: Term(90, 30),
    # People can ask who looked at their figures, and disputes about access come late.
    DataKind.LEDGER: Term(730, 90),
    # A reason helps to plan the days around it, and nobody afterwards.
    DataKind.TIME_OFF: Term(90, 1),
    # What somebody was told a year ago may be looked at again in a yearly talk.
    DataKind.COACHING: Term(730, 30),
    # Long enough to be looked into after somebody left, and not a record for life.
    DataKind.STATUSES: Term(365, 90),
    DataKind.BLOCKERS: Term(180, 7),
    # People are reminded for four weeks; who was told of a rule is asked within the year.
    DataKind.ANNOUNCEMENTS: Term(365, 30),
    # A quiz helps its person to learn, and nobody a year later.
    DataKind.SESSIONS: Term(365, 30),
    # What was decided is looked up within the year; topics still open stay.
    DataKind.MEETINGS: Term(365, 30),
    # A second opinion and its ruling are weeks away at most; the reasons are somebody's own words.
    DataKind.DISPUTES: Term(730, 90),
    # What figures are counted from; a contract may say otherwise.
    DataKind.WORK: Term(None, 90),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long a workspace keeps a kind: `days` None for good; `standard` if nobody set it."""

    kind: DataKind
    days: int | None
    standard: bool

    def before(self, now: datetime) -> datetime | None:
        """Return the instant before which it goes; None if it is kept for good."""
        return None if self.days is None else now - timedelta(days=self.days)


def kept(chosen: Mapping[DataKind, int]) -> dict[DataKind, Kept]:
    """Return how long each kind is kept, from what was set in a workspace (0: never goes)."""
    return {
        kind: Kept(
            kind=kind,
            days=(chosen[kind] or None) if kind in chosen else term.days,
            standard=kind not in chosen,
        )
        for kind, term in TERMS.items()
    }


def read_kind(text: str) -> DataKind:
    """Read a kind of data. Raises BadInput("retention_kind") with the known ones."""
    wanted = text.strip().casefold().replace("-", "_")
    if wanted not in set(DataKind):
        known = ", ".join(kind.value for kind in DataKind)
        raise BadInput("retention_kind", kind=text[:40], known=known)
    return DataKind(wanted)


def read_days(kind: DataKind, text: str) -> int:
    """Read a number of days, or `never` as 0.

    Raises BadInput("retention_days") for what is neither, and ("retention_short", least).
    """
    wanted = text.strip().casefold()
    if wanted in _NEVER_WORDS:
        return NEVER
    if not wanted.isdecimal() or int(wanted) > _MOST:
        raise BadInput("retention_days", text=text[:40])
    days = int(wanted)
    if days < TERMS[kind].least:
        raise BadInput("retention_short", kind=kind.value, least=TERMS[kind].least)
    return days
