"""Pages about a squad's work that a manager drafts, edits and releases to the client."""

from datetime import date, datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class ClientPage(Base):
    """A page about a squad's work for the client: drafted, edited and released by a manager."""

    __tablename__ = "client_pages"
    __table_args__ = (Index(None, "workspace_id", "squad_id", "state"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    first_day: Mapped[date]
    last_day: Mapped[date]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    drafted_by: Mapped[int] = reference("people.id")
    drafted_at: Mapped[datetime]
    edited_by: Mapped[int | None] = optional_reference("people.id")
    edited_at: Mapped[datetime | None]
    released_by: Mapped[int | None] = optional_reference("people.id")
    released_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(String(32))
