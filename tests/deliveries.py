"""A delivery to take apart in tests of what is pure."""

from datetime import UTC, datetime

from bot.rules.budget import DeliveryClass
from bot.rules.outbox import Delivery, DeliveryState, Operation

MORNING = datetime(2026, 3, 10, 10, tzinfo=UTC)
NOTE = Delivery(
    id=1,
    workspace_id=1,
    squad_id=1,
    person_id=1,
    channel=None,
    thread_ts=None,
    operation=Operation.POST,
    kind="note",
    kind_version=1,
    ids={},
    delivery_class=DeliveryClass.NOW,
    bundle_key=None,
    target_id=None,
    carrier_id=None,
    state=DeliveryState.WAITING,
    reason=None,
    due_at=MORNING,
    not_after=None,
    created_at=MORNING,
    claimed_at=None,
    settled_at=None,
    attempts=0,
    lookups=0,
    sent_channel=None,
    sent_ts=None,
    ticket=None,
)
