"""When somebody will read what was just written for them, told to whoever wrote it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.budget import (
    DeliveryClass,
    FoldIntoToday,
    HoldUntil,
    SendNow,
    SendReason,
    decide,
    today_due,
)
from bot.rules.gate import Recipient
from bot.rules.people import SquadState


class Reach(StrEnum):
    """Whether and when a message reaches its reader."""

    NOW = "now"
    LATER = "later"  # at `when`, in their working hours
    SOMETIME = "sometime"  # they have no working time in sight
    REHEARSAL = "rehearsal"  # the squad is not live: nobody is sent anything
    NOT_IN_SLACK = "not_in_slack"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What to expect of a message: `when` (aware UTC) is read on the wall clock of `zone`."""

    reach: Reach
    when: datetime | None = None
    zone: str = "UTC"


def expect(recipient: Recipient | None, squad: SquadState, now: datetime) -> Arrival:
    """Foresee what dispatch will do with a message of class now; it decides for itself later."""
    if squad is SquadState.REHEARSAL:
        return Arrival(Reach.REHEARSAL)
    if recipient is None or recipient.user_id is None or not recipient.active:
        return Arrival(Reach.NOT_IN_SLACK)
    at = recipient.left_alone_until(now)
    verdict = decide(
        DeliveryClass.NOW,
        now=at,
        calendar=recipient.calendar,
        sent=recipient.spent,
        budget=recipient.budget,
        active=recipient.active,
        not_after=None,
    )
    zone = recipient.calendar.zone
    when = None
    if isinstance(verdict, SendNow):
        when = at
    if isinstance(verdict, HoldUntil) and verdict.reason is not SendReason.NO_WORK_IN_SIGHT:
        when = verdict.when
    if isinstance(verdict, FoldIntoToday):
        when = today_due(
            now=at,
            calendar=recipient.calendar,
            sent=recipient.sent,
            budget=recipient.budget,
            active=True,
            has_lines=True,
        )
    if when is None:
        return Arrival(Reach.SOMETIME)
    return Arrival(Reach.NOW if when <= now else Reach.LATER, when, zone)
