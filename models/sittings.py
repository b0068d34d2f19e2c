"""Sittings: an auditor's run through drawn tasks, and the notes that they keep for reuse."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class Sitting(Base):
    """A run through the draws that point to it; `wanted` is what was asked for.

    `party` is shared by the sittings that one command split between auditors.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        Index("ix_sittings_auditor", "workspace_id", "auditor_id", "state"),
        Index("ix_sittings_state", "workspace_id", "state", "seen_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    auditor_id: Mapped[int] = reference("people.id")
    started_by: Mapped[int] = reference("people.id")
    party: Mapped[str] = mapped_column(String(32))
    wanted: Mapped[int]
    due_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Snippet(Base):
    """A note that an auditor keeps under a short name, for findings that come up again."""

    __tablename__ = "snippets"
    __table_args__ = (UniqueConstraint("workspace_id", "person_id", "project_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    person_id: Mapped[int] = reference("people.id")
    project_id: Mapped[int] = reference("projects.id")
    name: Mapped[str] = mapped_column(String(75))
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
