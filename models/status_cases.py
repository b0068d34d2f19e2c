"""Changes of a member's status that take a second person's word, and what the member answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class StatusCase(Base):
    """Probation, a pause for quality or offboarding: proposed, confirmed by another, answered.

    `kind` says what it is for. `evidence` holds the person's figures as they stood when it was
    proposed, or null where the squad shows them to nobody but the person: {"from", "to",
    "projects": [{"project_id", "project", "n", "rate", "low", "high", "target", "standing"}, …]}.
    `before` is the status until then.
    """

    __tablename__ = "status_cases"
    __table_args__ = (Index("ix_status_cases_person", "workspace_id", "squad_id", "person_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    person_id: Mapped[int] = reference("people.id")
    status: Mapped[str] = mapped_column(String(16))
    before: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(16))
    proposed_by: Mapped[int] = reference("people.id")
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = optional_reference("people.id")
    confirmed_at: Mapped[datetime | None]
    answer_due: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_to: Mapped[int | None] = optional_reference("people.id")
    closed_by: Mapped[int | None] = optional_reference("people.id")
    closed_at: Mapped[datetime | None]
    remark: Mapped[str | None] = mapped_column(Text)
