"""What was said in one-on-ones, and which kind of error somebody was coached on, from when on."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class OneOnOneNote(Base):
    """The notes of a meeting: `shared` by both, `own` the manager's alone.

    `revision` counts the saves, so that nobody overwrites what they have not read.
    """

    __tablename__ = "one_on_one_notes"
    __table_args__ = (UniqueConstraint("workspace_id", "one_on_one_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    one_on_one_id: Mapped[int] = reference("one_on_ones.id")
    shared: Mapped[str] = mapped_column(Text)
    own: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    edited_by: Mapped[int] = reference("people.id")
    edited_at: Mapped[datetime]


class Coached(Base):
    """The category of errors that somebody was coached on in a meeting.

    What was audited from `led_from` until `coached_at` led to it, and is no part of the baseline.
    """

    __tablename__ = "coached"
    __table_args__ = (
        UniqueConstraint("workspace_id", "one_on_one_id"),
        Index("ix_coached_category", "workspace_id", "squad_id", "project_id", "category_id"),
        Index("ix_coached_person", "workspace_id", "person_id", "coached_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    one_on_one_id: Mapped[int] = reference("one_on_ones.id")
    squad_id: Mapped[int] = reference("squads.id")
    project_id: Mapped[int] = reference("projects.id")
    person_id: Mapped[int] = reference("people.id")
    category_id: Mapped[int] = reference("categories.id")
    by_id: Mapped[int] = reference("people.id")
    led_from: Mapped[datetime]
    coached_at: Mapped[datetime]
