"""Time off: days on which somebody is away, how they are typed, and what joins what.

The reason is the person's own: no list for anybody else and no ledger entry carries it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.people import PersonRef

LONGEST: Final = timedelta(days=366)
"""A year; whoever is away for longer is better paused in the squad."""

FURTHEST: Final = timedelta(days=2 * 366)
"""Further ahead than this is a typing mistake rather than a plan."""

REASON_LIMIT: Final = 500
COMING_LIMIT: Final = 50
"""Planned absences of one person; more is not a plan for time off."""

SQUAD_AHEAD: Final = timedelta(days=28)

_DAY: Final = timedelta(days=1)
_RANGE: Final = re.compile(
    r"(?P<first>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
    r"(?:\s*(?:\.{2,3}|…|[–—]|\bto\b|\buntil\b)\s*(?P<last>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}))?"
    r"(?P<reason>[\s,:;].*)?",
    re.DOTALL,
)


class Field(StrEnum):
    """The fields of the form; also the ids of its blocks."""

    FIRST = "timeoff_first"
    LAST = "timeoff_last"
    REASON = "timeoff_reason"
    CANCEL = "timeoff_cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Stored time off of one person; both days are included, on the person's own calendar."""

    absence_id: int
    person_id: int
    first: date
    last: date
    reason: str | None = None

    @property
    def days(self) -> int:
        """How many calendar days it has."""
        return (self.last - self.first + _DAY).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody typed: from when to when, and a reason that stays theirs."""

    first: date
    last: date
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of it: the absence as it stands, what was joined into it, what was taken back."""

    absence: Absence | None
    joined: bool = False
    unchanged: bool = False
    cancelled: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class AwayOfSquad:
    """Who of a squad will be away, without reasons, first day first."""

    squad: str
    away: tuple[tuple[PersonRef, Absence], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A person's coming time off, and that of the squads they manage; `today` is their own."""

    today: date
    own: tuple[Absence, ...]
    squads: tuple[AwayOfSquad, ...] = ()


def read_plan(text: str) -> Plan:
    """Read `2026-12-24..2027-01-02 [reason]`, or a single day.

    Raises BadInput: `timeoff_unreadable` (text), `text_too_long`, or as `clock.parse_date_range`.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise BadInput("timeoff_unreadable", text=text.strip()[:40])
    first, last = clock.parse_date_range(f"{match['first']}..{match['last'] or match['first']}")
    return Plan(
        first=first, last=last, reason=checked_reason((match["reason"] or "").lstrip(" ,:;\n"))
    )


def checked_reason(text: str | None) -> str | None:
    """Return a reason without outer spaces, None for none. Raises BadInput("text_too_long")."""
    reason = (text or "").strip()
    if len(reason) > REASON_LIMIT:
        raise BadInput(
            "text_too_long", length=len(reason), limit=REASON_LIMIT, field=Field.REASON.value
        )
    return reason or None


def check(plan: Plan, today: date) -> None:
    """Refuse what cannot be meant; `today` is the person's own day.

    Raises BadInput: `range_ends_before_start`, `timeoff_past`, `timeoff_too_far`,
    `timeoff_too_long`, each with the `field` of the form that it is about.
    """
    first, last = plan.first, plan.last
    if last < first:
        raise BadInput("range_ends_before_start", first=first, last=last, field=Field.LAST.value)
    if last < today:
        raise BadInput("timeoff_past", last=last, today=today, field=Field.LAST.value)
    if last - first + _DAY > LONGEST:
        raise BadInput("timeoff_too_long", days=(last - first + _DAY).days, field=Field.LAST.value)
    if first - today > FURTHEST:
        raise BadInput("timeoff_too_far", first=first, field=Field.FIRST.value)


def meets(absence: Absence, plan: Plan) -> bool:
    """Tell whether two ranges share a day, or one begins on the day after the other's last."""
    return absence.first <= plan.last + _DAY and plan.first <= absence.last + _DAY


def covers(absence: Absence, plan: Plan) -> bool:
    """Tell whether a stored absence says everything that the plan says."""
    within = absence.first <= plan.first and plan.last <= absence.last
    return within and plan.reason in {None, absence.reason}


def joined(plan: Plan, others: Sequence[Absence]) -> Plan:
    """Return one range over all; a new reason replaces the earlier ones."""
    reasons = dict.fromkeys(each.reason for each in others if each.reason)
    earlier = "; ".join(reason for reason in reasons if reason)[:REASON_LIMIT]
    return Plan(
        first=min([plan.first, *(each.first for each in others)]),
        last=max([plan.last, *(each.last for each in others)]),
        reason=plan.reason or earlier or None,
    )
