"""Workspaces, the tenants to which every row belongs, and their admins."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class Workspace(Base):
    """One Slack team; `team_id` is null for the shell's own until a team takes it over."""

    __tablename__ = "workspaces"

    id: Mapped[Key]
    team_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    app_id: Mapped[str | None] = mapped_column(String(32))
    bot_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Admin(Base):
    """A person who may do what only the workspace's admins may."""

    __tablename__ = "admins"
    __table_args__ = (UniqueConstraint("workspace_id", "person_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    person_id: Mapped[int] = reference("people.id")
    created_at: Mapped[datetime]


class Retention(Base):
    """How many days one kind of data is kept in a workspace, where it is not the default."""

    __tablename__ = "retentions"
    __table_args__ = (UniqueConstraint("workspace_id", "kind"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    kind: Mapped[str] = mapped_column(String(24))
    days: Mapped[int]
    changed_at: Mapped[datetime]
