"""Rework: a rejected task that went back to its contributor, until the fix is accepted."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Rework(Base):
    """One round of mending one submission, after the audit that rejected it.

    `stopped_at` is set while a dispute stops the clock, `stopped_s` are whole working seconds that
    it stood still before, `took_s` those until the fix without them. `note` is what the contributor
    wrote to the auditor, `result_id` the audit of the fix.
    """

    __tablename__ = "reworks"
    __table_args__ = (
        Index("ix_reworks_contributor", "workspace_id", "contributor_id", "state"),
        Index("ix_reworks_squad", "workspace_id", "squad_id", "project_id", "opened_at"),
        Index(None, "audit_id"),
        Index(None, "submission_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    contributor_id: Mapped[int] = reference("people.id")
    submission_id: Mapped[int] = reference("submissions.id")
    chain_id: Mapped[int] = reference("audit_chains.id")
    audit_id: Mapped[int] = reference("audits.id")
    round: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_s: Mapped[int] = mapped_column(default=0)
    fixed_at: Mapped[datetime | None]
    took_s: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    result_id: Mapped[int | None] = optional_reference("audits.id")
