"""Points of a p-chart that were outside of its limits, each said once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Signal(Base):
    """A day whose rate was outside of the limits, of a squad's project or of one category in it.

    `figures` are as they stood: {"n", "wrong", "rate", "center", "low", "high"}.
    """

    __tablename__ = "signals"
    __table_args__ = (
        Index(
            "uq_signals_whole",
            "workspace_id",
            "squad_id",
            "project_id",
            "day",
            unique=True,
            sqlite_where=text("category_id IS NULL"),
            postgresql_where=text("category_id IS NULL"),
        ),
        Index(
            "uq_signals_category",
            "workspace_id",
            "squad_id",
            "project_id",
            "day",
            "category_id",
            unique=True,
            sqlite_where=text("category_id IS NOT NULL"),
            postgresql_where=text("category_id IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    project_id: Mapped[int] = reference("projects.id")
    category_id: Mapped[int | None] = optional_reference("categories.id")
    day: Mapped[date]
    figures: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]
