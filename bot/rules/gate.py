"""What dispatch checks before every send: hours, budgets, rehearsal, and whether it still matters.

The gate is where D8 is kept: whoever plans a message may forget all of it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.budget import (
    LOOK_AGAIN,
    Budget,
    DeliveryClass,
    Drop,
    HoldUntil,
    SendNow,
    SendReason,
    Sent,
    Verdict,
    decide,
    today_due,
)
from bot.rules.calendar import WorkCalendar, next_reachable_instant
from bot.rules.outbox import TODAY, Delivery, EndReason, Operation
from bot.rules.people import SquadState


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person as dispatch sees them; `user_id` is None for one whom Slack does not know.

    Besides the hours of their calendar they may want quiet once, until `quiet_until`.
    `today_waits` tells that a Today message is planned for them, which takes its place.
    """

    person_id: int
    user_id: str | None
    active: bool
    dm_channel: str | None
    locale: str | None
    calendar: WorkCalendar
    budget: Budget
    sent: Sent
    quiet_until: datetime | None = None
    today_waits: bool = False

    @property
    def spent(self) -> Sent:
        """What they got, with the Today message that is planned and on its way."""
        if not self.today_waits:
            return self.sent
        return Sent(
            today=self.sent.today + 1,
            week=self.sent.week + 1,
            today_messages=self.sent.today_messages + 1,
        )

    def left_alone_until(self, now: datetime) -> datetime:
        """Return from when on they may be written to at all, their hours apart; at least `now`."""
        return now if self.quiet_until is None else max(now, self.quiet_until)


@dataclass(frozen=True, slots=True)
class SquadFacts:
    """What dispatch asks of the squad that a delivery is about."""

    state: SquadState
    language: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """It cannot reach this person; an admin hears of it."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class Cancel:
    """It must not be sent; no harm is done."""

    reason: EndReason


Passage = Verdict | Refuse | Cancel


def is_unprompted(delivery: Delivery) -> bool:
    """Tell whether nobody asked for this message just now; a quiet change of one does not count."""
    return delivery.delivery_class is not DeliveryClass.ANSWER and delivery.operation in {
        Operation.POST,
        Operation.UPLOAD,
    }


def unsendable(
    delivery: Delivery, recipient: Recipient | None, squad: SquadFacts | None, now: datetime
) -> Drop | Cancel | Refuse | None:
    """Return why a delivery must not go out at all; `recipient` is None for a channel."""
    if delivery.not_after is not None and now > delivery.not_after:
        return Drop(SendReason.PAST_NOT_AFTER)
    if is_unprompted(delivery) and squad is not None and squad.state is SquadState.REHEARSAL:
        return Cancel(EndReason.REHEARSAL)
    unreachable = _unreachable(recipient) if recipient is not None else None
    return None if unreachable is None else Refuse(unreachable)


def gate(
    delivery: Delivery, recipient: Recipient | None, squad: SquadFacts | None, now: datetime
) -> Passage:
    """Decide whether a delivery may go out now; `recipient` is None for a channel."""
    obstacle = unsendable(delivery, recipient, squad, now)
    if obstacle is not None:
        return obstacle
    if recipient is None or not is_unprompted(delivery):
        return SendNow()
    return _unprompted(delivery, recipient, now)


def _unreachable(recipient: Recipient) -> EndReason | None:
    if recipient.user_id is None:
        return EndReason.NOT_IN_SLACK
    return None if recipient.active else EndReason.USER_INACTIVE


def _unprompted(delivery: Delivery, recipient: Recipient, now: datetime) -> Verdict:
    quiet = recipient.left_alone_until(now)
    verdict = _in_hours(delivery, recipient, quiet)
    if quiet > now and isinstance(verdict, SendNow):
        return HoldUntil(quiet, SendReason.QUIET_HOURS)
    return verdict


def _in_hours(delivery: Delivery, recipient: Recipient, now: datetime) -> Verdict:
    if delivery.kind == TODAY:
        return _today(recipient, now)
    return decide(
        delivery.delivery_class,
        now=now,
        calendar=recipient.calendar,
        sent=recipient.spent,
        budget=recipient.budget,
        active=recipient.active,
        not_after=delivery.not_after,
    )


def _today(recipient: Recipient, now: datetime) -> SendNow | HoldUntil:
    """Hold a Today message outside hours, and where something took its place since it was planned.

    Whatever else is for them leaves it its place, so that this is rare.
    """
    sent, budget = recipient.sent, recipient.budget
    if sent.today >= budget.per_day or sent.week >= budget.per_week:
        due = today_due(
            now=now,
            calendar=recipient.calendar,
            sent=sent,
            budget=budget,
            active=True,
            has_lines=True,
        )
        day_used = sent.today >= budget.per_day
        reason = SendReason.DAY_USED if day_used else SendReason.WEEK_USED
        return HoldUntil(due or now + LOOK_AGAIN, reason)
    when = next_reachable_instant(recipient.calendar, now)
    if when == now:
        return SendNow()
    if when is None:
        return HoldUntil(now + LOOK_AGAIN, SendReason.NO_WORK_IN_SIGHT)
    return HoldUntil(when, SendReason.OUTSIDE_HOURS)
