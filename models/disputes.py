"""Disputes of findings with their rulings, and what a ruling puts up for review."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Dispute(Base):
    """A contributor's appeal of one finding; several with one `case_key` were opened together.

    `ruling` with its reason, section and (for a change of severity) `severity` is what `decided_by`
    said, within `ruled_s` seconds of their working time; `before` is the severity until then. A
    second opinion points to the dispute that it looks at again. `question_id` is a question of
    their own that the contributor attached.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        Index(None, "workspace_id", "state"),
        Index(None, "finding_id"),
        Index(None, "case_key"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    finding_id: Mapped[int] = reference("findings.id")
    opened_by: Mapped[int] = reference("people.id")
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    case_key: Mapped[str | None] = mapped_column(String(32))
    second_of: Mapped[int | None] = optional_reference("disputes.id")
    question_id: Mapped[int | None] = optional_reference("questions.id")
    due_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = optional_reference("people.id")
    decided_at: Mapped[datetime | None]
    ruling: Mapped[str | None] = mapped_column(String(16))
    severity: Mapped[str | None] = mapped_column(String(16))
    before: Mapped[str | None] = mapped_column(String(16))
    ruling_reason: Mapped[str | None] = mapped_column(Text)
    ruling_section: Mapped[str | None] = mapped_column(String(300))
    ruled_s: Mapped[int | None]


class FindingReview(Base):
    """A finding that cites the same rule as one that was overturned, to be looked at again."""

    __tablename__ = "finding_reviews"
    __table_args__ = (
        UniqueConstraint("workspace_id", "finding_id", "dispute_id"),
        Index(None, "dispute_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    dispute_id: Mapped[int] = reference("disputes.id")
    finding_id: Mapped[int] = reference("findings.id")
    state: Mapped[str] = mapped_column(String(16))
    reviewed_by: Mapped[int | None] = optional_reference("people.id")
    reviewed_at: Mapped[datetime | None]
