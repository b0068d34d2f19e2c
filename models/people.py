"""People with their own key, the identities and aliases that point to them, and their time off."""

from datetime import date, datetime, time

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Person(Base):
    """Somebody in Slack, or an external contributor known only by name or e-mail.

    Calendar columns are null where the squad's apply; `zone_set` tells a zone that the person
    chose from one that Slack reported.
    """

    __tablename__ = "people"
    __table_args__ = (Index(None, "workspace_id", "email"), Index(None, "workspace_id", "name"))

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    locale: Mapped[str | None] = mapped_column(String(16))
    zone: Mapped[str | None] = mapped_column(String(64))
    zone_set: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str | None] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(16))
    working_days: Mapped[str | None] = mapped_column(String(7))
    work_start: Mapped[time | None]
    work_end: Mapped[time | None]
    quiet_start: Mapped[time | None]
    quiet_end: Mapped[time | None]
    # Kept still until then, once; null or past for not.
    quiet_until: Mapped[datetime | None]
    merged_into: Mapped[int | None] = optional_reference("people.id")
    created_at: Mapped[datetime]
    # Set when the person was erased: what is left counts under a pseudonym.
    erased_at: Mapped[datetime | None]


class SlackIdentity(Base):
    """A Slack user id of a person; `kind` is member, guest, external or bot."""

    __tablename__ = "slack_identities"
    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    user_id: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = reference("people.id")
    kind: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    slack_admin: Mapped[bool] = mapped_column(default=False)
    dm_channel: Mapped[str | None] = mapped_column(String(32))
    refreshed_at: Mapped[datetime]


class Alias(Base):
    """What a source (a tool, a file) calls a person."""

    __tablename__ = "aliases"
    __table_args__ = (
        UniqueConstraint("workspace_id", "source", "external_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    source: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str] = mapped_column(String(320))
    person_id: Mapped[int] = reference("people.id")


class ErasedName(Base):
    """What an erased person was called, as a salted digest: a file that still names them finds it.

    `digest` is hex; whoever has this table can only try a name that they know.
    """

    __tablename__ = "erased_names"
    __table_args__ = (UniqueConstraint("workspace_id", "digest"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = reference("people.id")


class TimeOff(Base):
    """Days (inclusive, in the person's zone) on which somebody is away; the reason is private."""

    __tablename__ = "time_off"
    __table_args__ = (Index(None, "workspace_id", "person_id", "last_day"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    person_id: Mapped[int] = reference("people.id")
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
