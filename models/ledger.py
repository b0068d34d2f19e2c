"""Effects, which make a repeated click harmless, and the ledger of who did and saw what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference


class Effect(Base):
    """The key of one effect and a reference to its result, stored in the effect's transaction."""

    __tablename__ = "effects"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), Index(None, "created_at"))

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    key: Mapped[str] = mapped_column(String(200))
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


class LedgerEntry(Base):
    """One act: ids only, no text; `actor_id` is null for the operator at the shell."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = optional_reference("people.id")
    action: Mapped[str] = mapped_column(String(48))
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    person_id: Mapped[int | None] = optional_reference("people.id")
    ids: Mapped[dict[str, Any] | None]
