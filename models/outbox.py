"""The outbox of intents, and the leases that say which process may send for a workspace."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference


class OutboxRow(Base):
    """An intent: who must learn what, by which ids; never any rendered text."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace_id", "dedupe_key"),
        Index("ix_outbox_due", "workspace_id", "state", "due_at", "id"),
        Index("ix_outbox_person", "workspace_id", "person_id", "delivery_class", "settled_at"),
        Index("ix_outbox_carrier", "carrier_id"),
        Index("ix_outbox_target", "target_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    person_id: Mapped[int | None] = optional_reference("people.id")
    channel: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    operation: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(48))
    kind_version: Mapped[int] = mapped_column(default=1)
    ids: Mapped[dict[str, Any]]
    delivery_class: Mapped[str] = mapped_column(String(16))
    bundle_key: Mapped[str | None] = mapped_column(String(120))
    dedupe_key: Mapped[str | None] = mapped_column(String(200))
    # For an update: the delivery that it changes.
    target_id: Mapped[int | None] = optional_reference("outbox.id")
    # For a line of a Today message: the message that carried it.
    carrier_id: Mapped[int | None] = optional_reference("outbox.id")
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))
    # not-before to begin with; moved on by retries, held messages and settle times.
    due_at: Mapped[datetime]
    not_after: Mapped[datetime | None]
    created_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lookups: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int | None] = mapped_column(BigInt)
    sent_channel: Mapped[str | None] = mapped_column(String(32))
    sent_ts: Mapped[str | None] = mapped_column(String(32))
    # The three steps of a file: {"file_id", "uploaded", "completed"}.
    ticket: Mapped[dict[str, Any] | None]


class Lease(Base):
    """The right of one process to send for one workspace, with heartbeat and fencing number."""

    __tablename__ = "leases"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    name: Mapped[str] = mapped_column(String(32))
    holder: Mapped[str] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(BigInt)
    expires_at: Mapped[datetime]
