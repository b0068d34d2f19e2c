"""The label of a delivery in Slack's history."""

from typing import Final
from uuid import UUID, uuid5

from bot.rules.outbox import Delivery

_NAMESPACE: Final = UUID("5f1d2c3a-8f0e-5c41-9b57-2d6a3c1e7f10")


def key_of(delivery: Delivery) -> str:
    """Return the key by which a delivery is found again; it says nothing to who reads it."""
    return str(uuid5(_NAMESPACE, f"{delivery.workspace_id}:{delivery.id}"))
