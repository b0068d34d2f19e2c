"""What becomes of a draw, from when it is made until it was audited or skipped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.audits import SCORING_ORIGIN, Origin
from bot.rules.risk import RiskReason

HELD_FOR: Final = timedelta(minutes=60)
"""A draw that its holder did not touch for so long is free for others."""

LAPSES_AFTER: Final = timedelta(weeks=4)
"""So long after the end of its week (a risk draw: after it was made) an open draw is given up.

It is as far back as weeks are drawn from; feedback on older work teaches nobody.
"""

_RISK_TURN: Final = 1_000_000
"""Behind the places of every frame that one week can bring."""


class DrawState(StrEnum):
    """Where a draw stands; who holds an open one is not a state of it."""

    OPEN = "open"
    AUDITED = "audited"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"  # a fix that need not be looked at (yet): its rework is disputed
    EXPIRED = "expired"  # nobody came to it while it could still say something


class SkipReason(StrEnum):
    """Why an auditor left a draw out; none of them depends on how good the work is."""

    NO_ACCESS = "no_access"  # the link or the tool does not open it
    CHANGED = "changed"  # it is no longer what was handed in
    OWN_WORK = "own_work"
    UNCLEAR = "unclear"  # the guidelines do not say what is right
    OTHER = "other"  # in the auditor's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnTask:
    """A draw as an auditor (and a certificate) needs it.

    Of a random one, `position` is its place in the order of its frame, counted from 0, of which
    the first `frame_prefix` of `frame_size` are drawn; a risk draw has `reasons` instead.
    """

    draw_id: int
    submission_id: int
    project_id: int
    squad_id: int
    contributor_id: int
    origin: Origin
    state: DrawState
    reasons: tuple[RiskReason, ...] = ()
    rework_id: int | None = None
    held_by: int | None = None
    held_at: datetime | None = None
    sitting_id: int | None = None
    audit_id: int | None = None
    frame_id: int | None = None
    frame_size: int | None = None
    frame_prefix: int | None = None
    position: int | None = None
    skip_reason: SkipReason | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether somebody has reserved it and was there lately."""
        return self.held_at is not None and self.held_at > now - HELD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What became of draws: drawn = audited + skipped + expired + open.

    `reasons` are of those skipped, `expired` are those that nobody came to in time.
    """

    drawn: int = 0
    audited: int = 0
    skipped: int = 0
    expired: int = 0
    reasons: Mapping[SkipReason, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """Draws that nobody has come to yet."""
        return self.drawn - self.audited - self.skipped - self.expired

    def __add__(self, other: "Coverage") -> "Coverage":
        named = [one for one in SkipReason if one in self.reasons or one in other.reasons]
        return Coverage(
            drawn=self.drawn + other.drawn,
            audited=self.audited + other.audited,
            skipped=self.skipped + other.skipped,
            expired=self.expired + other.expired,
            reasons={one: self.reasons.get(one, 0) + other.reasons.get(one, 0) for one in named},
        )


def turn_of(origin: Origin, *, position: int = 0, returned: bool = False) -> int:
    """Return when a draw's turn is; lower is earlier, and the older of equals comes first.

    What comes back from rework goes first, for somebody waits for it. Then random draws by their
    place in their frames, so that every frame is begun before any is finished: one without an audit
    can give no weight, and what is audited of one should be the beginning of its order. Follow-ups,
    a few a week, stand with the first of those. Risk comes last.
    """
    if returned:
        return 0
    if origin is Origin.FOLLOWUP:
        return 1
    return 1 + position if origin is SCORING_ORIGIN else _RISK_TURN + position
