"""Rework: a rejected task that went back to its contributor, until the fix is accepted."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Rework(Base):
    """One round of mending one submission; `stopped_s` are whole seconds its clock stood still.

    `stopped_at` is set while a dispute stops the clock. `result_id` is the audit of the fix.
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
    settled_at: Mapped[datetime | None]
    result_id: Mapped[int | None] = optional_reference("audits.id")
