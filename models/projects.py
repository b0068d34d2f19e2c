"""Projects, the squads that work on them, their error taxonomy and their batches."""

from datetime import date, datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class Project(Base):
    """The work: link template (`{task}` stands for the task), acceptance criteria, volume."""

    __tablename__ = "projects"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    name: Mapped[str] = mapped_column(String(80))
    link_template: Mapped[str | None] = mapped_column(String(2000))
    acceptance_criteria: Mapped[str | None] = mapped_column(Text)
    planned_volume: Mapped[int | None]
    audits_per_week: Mapped[int | None]
    created_at: Mapped[datetime]


class SquadProject(Base):
    """A squad works on a project; many to many."""

    __tablename__ = "squad_projects"
    __table_args__ = (UniqueConstraint("workspace_id", "squad_id", "project_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    project_id: Mapped[int] = reference("projects.id")


class Category(Base):
    """An error category of a project's taxonomy; a retired one stays for old findings."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("workspace_id", "project_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    name: Mapped[str] = mapped_column(String(75))
    definition: Mapped[str | None] = mapped_column(String(2000))
    severity: Mapped[str] = mapped_column(String(16))
    section: Mapped[str | None] = mapped_column(String(300))
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class Batch(Base):
    """A set of tasks with a size, a due day (squad-local, inclusive) and a priority (1 first).

    A retired one is no longer planned and stays for the work that was done in it.
    """

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("workspace_id", "project_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    name: Mapped[str] = mapped_column(String(120))
    size: Mapped[int | None]
    due: Mapped[date | None]
    priority: Mapped[int | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
