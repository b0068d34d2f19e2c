"""What was announced to squads, where it was posted, and who has got it."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference, reference


class Announcement(Base):
    """A text for one or more squads; `reply_by` is null where a click is enough.

    `version_id` is the version of guidelines that it announces, if any. `next_at` is when the clock
    must look for whom it still waits, null once that is over.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_due", "next_at"),
        Index("ix_announcements_made", "workspace_id", "created_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    author_id: Mapped[int] = reference("people.id")
    text: Mapped[str] = mapped_column(Text)
    reply_by: Mapped[datetime | None]
    version_id: Mapped[int | None] = optional_reference("guideline_versions.id")
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]


class AnnouncementSquad(Base):
    """A squad that an announcement is for; `delivery_id` is its post's key in the outbox.

    Null where the squad has no team channel. Squads that share a channel share the post; its row in
    the outbox may be gone after that one's time.
    """

    __tablename__ = "announcement_squads"
    __table_args__ = (
        UniqueConstraint("workspace_id", "announcement_id", "squad_id"),
        Index(None, "squad_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    announcement_id: Mapped[int] = reference("announcements.id")
    squad_id: Mapped[int] = reference("squads.id")
    delivery_id: Mapped[int | None] = mapped_column(BigInt)


class AnnouncementReceipt(Base):
    """Somebody has got an announcement, and what they replied."""

    __tablename__ = "announcement_receipts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "announcement_id", "person_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    announcement_id: Mapped[int] = reference("announcements.id")
    person_id: Mapped[int] = reference("people.id")
    confirmed_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
