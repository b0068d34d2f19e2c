"""Submissions, unique by the source's id or by task, contributor and second; with revisions."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Submission(Base):
    """One contributor's finished work on one task; `content` is a digest that tells revisions."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index(
            "uq_submissions_source",
            "workspace_id",
            "project_id",
            "source",
            "source_id",
            unique=True,
            sqlite_where=text("source_id IS NOT NULL"),
            postgresql_where=text("source_id IS NOT NULL"),
        ),
        Index(
            "uq_submissions_task",
            "workspace_id",
            "project_id",
            "task",
            "contributor_id",
            "submitted_at",
            unique=True,
            sqlite_where=text("source_id IS NULL"),
            postgresql_where=text("source_id IS NULL"),
        ),
        # Covers a squad-period's throughput and time per item without touching the table.
        Index(
            "ix_submissions_report",
            "workspace_id",
            "project_id",
            "squad_id",
            "submitted_at",
            "duration_s",
        ),
        # With the contributor, or SQLite without statistics finds one piece of work by reading
        # the squad's whole index above, which then has more columns that match.
        Index("ix_submissions_task", "workspace_id", "project_id", "task", "contributor_id"),
        Index("ix_submissions_contributor", "contributor_id"),
        # How far a batch is, and on which days it was worked on.
        Index(
            "ix_submissions_batch",
            "batch_id",
            "submitted_at",
            sqlite_where=text("batch_id IS NOT NULL"),
            postgresql_where=text("batch_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    contributor_id: Mapped[int] = reference("people.id")
    batch_id: Mapped[int | None] = optional_reference("batches.id")
    task: Mapped[str] = mapped_column(String(200))
    submitted_at: Mapped[datetime]
    duration_s: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(3000))
    guideline_version: Mapped[str | None] = mapped_column(String(80))
    source: Mapped[str | None] = mapped_column(String(64))
    source_id: Mapped[str | None] = mapped_column(String(200))
    revision: Mapped[int] = mapped_column(default=1)
    content: Mapped[str] = mapped_column(String(32))
    imported_at: Mapped[datetime]


class SubmissionRevision(Base):
    """What a submission said before a re-import changed it."""

    __tablename__ = "submission_revisions"
    __table_args__ = (Index(None, "submission_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    submission_id: Mapped[int] = reference("submissions.id")
    revision: Mapped[int]
    submitted_at: Mapped[datetime]
    duration_s: Mapped[float | None]
    label: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(3000))
    guideline_version: Mapped[str | None] = mapped_column(String(80))
    replaced_at: Mapped[datetime]
