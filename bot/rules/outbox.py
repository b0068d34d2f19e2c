"""Intents and deliveries: what must reach Slack, said without any rendered text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.rules.budget import DeliveryClass

TODAY: Final = "today"
"""The kind of the message that carries a person's lines of class today."""

REST: Final = "today.rest"
"""The kind of the answer that shows the lines of a Today message that it had no room for."""


class Operation(StrEnum):
    """What Slack is asked to do; an ephemeral is never queued."""

    POST = "post"
    UPDATE = "update"  # of an earlier delivery, `target_id`
    UPLOAD = "upload"  # three steps, kept in `ticket`
    PUBLISH = "publish"  # of a Home tab


class DeliveryState(StrEnum):
    """Where a delivery is; the last four are ends."""

    WAITING = "waiting"
    SENDING = "sending"  # claimed; found so after a crash it becomes unknown
    UNKNOWN = "unknown"  # it may have arrived; history decides
    CARRIED = "carried"  # a line of a Today message that is on its way
    SENT = "sent"
    DROPPED = "dropped"  # it no longer held, or was too late
    REFUSED = "refused"  # Slack said no; an admin hears of it
    PARKED = "parked"  # nobody can tell whether it arrived, and twice would be worse


ENDS: Final = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.DROPPED,
        DeliveryState.REFUSED,
        DeliveryState.PARKED,
    }
)

NOT_ARRIVED: Final = (DeliveryState.REFUSED, DeliveryState.PARKED)
"""Ends that somebody is told of: as far as is known, nobody read what was to be read."""


class Setback(StrEnum):
    """Why a delivery that Slack was, or may have been, told of is not settled yet.

    What is planned later for the same person or channel waits for it, so that order is kept.
    """

    LIMITED = "limited"  # Slack asked for patience
    NOT_SENT = "not_sent"  # no connection
    UNCERTAIN = "uncertain"  # no answer, or one that says nothing
    FOUND_SENDING = "found_sending"  # the process that sent it ended first
    ABSENT = "absent"  # proven not to have arrived: sent once more
    UNREADABLE = "unreadable"  # the history that would tell cannot be read


class EndReason(StrEnum):
    """Why we ended a delivery ourselves; other reasons are Slack's error codes, or `SendReason`."""

    REHEARSAL = "rehearsal"
    UNKNOWN_KIND = "unknown_kind"
    RENDERING_FAILED = "rendering_failed"
    USER_INACTIVE = "user_inactive"
    NOT_IN_SLACK = "not_in_slack"
    TARGET_GONE = "target_gone"  # the message to be changed never arrived
    ERASED = "erased"  # whom it was for is erased
    NOTHING_LEFT = "nothing_left"  # every line of a Today message was done by then
    UNREADABLE = "unreadable"  # nobody can tell whether it arrived


class UnknownPolicy(StrEnum):
    """What to do with a delivery whose fate cannot be read from history."""

    AT_MOST_ONCE = "at_most_once"
    AT_LEAST_ONCE = "at_least_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A message that must follow from what was just stored.

    Exactly one of `person_id` (their DM or Home) and `channel` names the recipient. `ids` are what
    the kind loads at send time: JSON-able keys and dates, no text that a person wrote.
    """

    kind: str
    delivery_class: DeliveryClass
    ids: Mapping[str, object] = field(default_factory=dict)
    person_id: int | None = None
    channel: str | None = None
    squad_id: int | None = None
    operation: Operation = Operation.POST
    kind_version: int = 1
    dedupe_key: str | None = None
    bundle_key: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    target_id: int | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A row of the outbox, as dispatch and the lists of people see it."""

    id: int
    workspace_id: int
    squad_id: int | None
    person_id: int | None
    channel: str | None
    thread_ts: str | None
    operation: Operation
    kind: str
    kind_version: int
    ids: Mapping[str, object]
    delivery_class: DeliveryClass
    bundle_key: str | None
    target_id: int | None
    carrier_id: int | None
    state: DeliveryState
    reason: str | None
    due_at: datetime
    not_after: datetime | None
    created_at: datetime
    claimed_at: datetime | None
    settled_at: datetime | None
    attempts: int
    lookups: int
    sent_channel: str | None
    sent_ts: str | None
    ticket: Mapping[str, object] | None

    @property
    def lane(self) -> str:
        """The key within which order is kept: one person, or one channel."""
        return f"p{self.person_id}" if self.person_id is not None else f"c{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The lines of a Today message: which were ticked off, and when those put off come back."""

    lines: tuple[Delivery, ...]
    ticked: frozenset[int]
    put_off: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery in a list for people; `recipient` is a name, or a channel's id."""

    delivery: Delivery
    recipient: str
