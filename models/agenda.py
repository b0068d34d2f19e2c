"""What a squad talks about: topics of its meetings, the meetings, and what was to be done after."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference

_KEY = BigInteger().with_variant(Integer(), "sqlite")


class AgendaTopic(Base):
    """Something to talk about in the squad's next meeting of a kind; open until it is closed.

    `cause_id` is the key of what it is about, in the table that `cause_kind` means: it closes by
    itself once that is settled. `source` is the link of the message that it was taken from.
    """

    __tablename__ = "agenda_topics"
    __table_args__ = (
        Index("ix_agenda_topics_open", "workspace_id", "squad_id", "kind", "closed_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    kind: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[int] = reference("people.id")
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(500))
    cause_kind: Mapped[str | None] = mapped_column(String(16))
    cause_id: Mapped[int | None] = mapped_column(_KEY)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = optional_reference("people.id")
    closed_why: Mapped[str | None] = mapped_column(String(16))


class SyncMeeting(Base):
    """One meeting of a squad: who leads it, what was decided, what was noted.

    The next one says what changed since `planned_at`, when this one's post was planned.
    """

    __tablename__ = "sync_meetings"
    __table_args__ = (
        UniqueConstraint("workspace_id", "sync_id", "slot"),
        Index("ix_sync_meetings_squad", "workspace_id", "squad_id", "kind", "starts_at"),
        Index("ix_sync_meetings_leader", "workspace_id", "facilitator_id", "starts_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    sync_id: Mapped[int] = reference("syncs.id")
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    slot: Mapped[str] = mapped_column(String(32))
    starts_at: Mapped[datetime]
    planned_at: Mapped[datetime]
    facilitator_id: Mapped[int | None] = optional_reference("people.id")
    state: Mapped[str] = mapped_column(String(16))
    decisions: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=0)
    edited_by: Mapped[int | None] = optional_reference("people.id")
    edited_at: Mapped[datetime | None]


class ActionItem(Base):
    """What somebody said they would do; it comes back in their Today from its day on, until done.

    `source_id` is the key of the meeting that `source` means. `next_at` is when it is to be said
    next, `said_on` the day for which it was planned last; `private` ones are read by the owner and
    whoever wrote it down alone.
    """

    __tablename__ = "action_items"
    __table_args__ = (
        Index("ix_action_items_owner", "workspace_id", "owner_id", "done_at"),
        Index("ix_action_items_squad", "workspace_id", "squad_id", "done_at"),
        Index("ix_action_items_source", "workspace_id", "source", "source_id"),
        Index("ix_action_items_next", "workspace_id", "next_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    owner_id: Mapped[int] = reference("people.id")
    text: Mapped[str] = mapped_column(Text)
    due: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[int] = mapped_column(_KEY)
    private: Mapped[bool]
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    said_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = optional_reference("people.id")
