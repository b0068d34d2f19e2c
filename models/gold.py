"""Gold answers: the label that a task is known to deserve, one for each task of a project."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class GoldAnswer(Base):
    """The label that a task deserves, as it was imported last."""

    __tablename__ = "gold_answers"
    __table_args__ = (UniqueConstraint("workspace_id", "project_id", "task"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    task: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    imported_at: Mapped[datetime]


class GoldRevision(Base):
    """What a gold answer said before an import changed it."""

    __tablename__ = "gold_revisions"
    __table_args__ = (Index(None, "gold_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    gold_id: Mapped[int] = reference("gold_answers.id")
    revision: Mapped[int]
    label: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]
