"""Frames of work, and what was drawn from them (or hunted beside them) to be audited."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference, reference


class Frame(Base):
    """What one contributor handed in in one ISO week, closed at a cut; later imports make another.

    It holds the submissions of that week, handed in from `since` on, whose key is above `after_id`
    and not above `through_id`, the last one there was at `cut_at`: a re-import changes what a
    submission says, never its key.
    `groups` counts them as [[batch_id, version, n], …], `prefix` is how many of its order are
    drawn. `seed` is hex and never changes.
    """

    __tablename__ = "frames"
    __table_args__ = (
        UniqueConstraint(
            "workspace_id",
            "project_id",
            "squad_id",
            "iso_year",
            "iso_week",
            "contributor_id",
            "through_id",
            name="uq_frames_cut",
        ),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    contributor_id: Mapped[int] = reference("people.id")
    iso_year: Mapped[int]
    iso_week: Mapped[int]
    since: Mapped[datetime]
    after_id: Mapped[int] = mapped_column(BigInt)
    through_id: Mapped[int] = mapped_column(BigInt)
    cut_at: Mapped[datetime]
    seed: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    prefix: Mapped[int]
    groups: Mapped[list[Any]] = mapped_column(JSON)


class Draw(Base):
    """One submission that is to be audited, and what became of it.

    Random draws come from a frame, at a place of its order and with a probability; risk draws have
    `reasons` instead ([[kind, about], …]), and work that comes back has its rework. They are handed
    out by `turn`, lowest first. While somebody holds it, `held_by` and `held_at` say who and since
    when. `adopted` is the origin that an audit had before a random draw found it there.
    """

    __tablename__ = "draws"
    __table_args__ = (
        Index(
            "uq_draws_submission",
            "workspace_id",
            "submission_id",
            "origin",
            unique=True,
            sqlite_where=text("rework_id IS NULL"),
            postgresql_where=text("rework_id IS NULL"),
        ),
        Index("ix_draws_queue", "workspace_id", "squad_id", "project_id", "state", "turn", "id"),
        Index(None, "frame_id"),
        Index(None, "sitting_id"),
        Index(None, "submission_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    submission_id: Mapped[int] = reference("submissions.id")
    origin: Mapped[str] = mapped_column(String(16))
    frame_id: Mapped[int | None] = optional_reference("frames.id")
    position: Mapped[int | None]
    probability: Mapped[float | None]
    reasons: Mapped[list[Any] | None] = mapped_column(JSON)
    rework_id: Mapped[int | None] = optional_reference("reworks.id")
    turn: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    held_by: Mapped[int | None] = optional_reference("people.id")
    held_at: Mapped[datetime | None]
    sitting_id: Mapped[int | None] = optional_reference("sittings.id")
    audit_id: Mapped[int | None] = optional_reference("audits.id")
    adopted: Mapped[str | None] = mapped_column(String(16))
    skip_reason: Mapped[str | None] = mapped_column(String(24))
    skip_note: Mapped[str | None] = mapped_column(Text)
    drawn_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    # Whole seconds from when the form showed it until it was settled.
    seconds: Mapped[int | None]
