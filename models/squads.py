"""Squads, their syncs, and who belongs to them with which roles, status and tags."""

from datetime import datetime, time

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, reference


class Squad(Base):
    """A group led by managers; `working_days` lists weekdays as digits, 0 is Monday."""

    __tablename__ = "squads"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    individual_figures: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(64))
    working_days: Mapped[str] = mapped_column(String(7))
    work_start: Mapped[time]
    work_end: Mapped[time]
    quiet_start: Mapped[time | None]
    quiet_end: Mapped[time | None]
    country: Mapped[str | None] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(16))
    quality_target: Mapped[float | None]
    team_channel: Mapped[str | None] = mapped_column(String(32))
    questions_channel: Mapped[str | None] = mapped_column(String(32))
    digest_channel: Mapped[str | None] = mapped_column(String(32))
    # Of open questions: working minutes until an answer is due (None: the default), and the rule
    # that people go by until it is there.
    answer_minutes: Mapped[int | None]
    interim_rule: Mapped[str | None] = mapped_column(Text)
    # Days on which it works for some hours only, as `bot.rules.half_days` writes them.
    half_days: Mapped[list[str] | None]
    live_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Sync(Base):
    """A regular meeting of a squad: what for, when, how long, with whom.

    A removed one keeps its row, for what was said at it points there.
    """

    __tablename__ = "syncs"
    __table_args__ = (UniqueConstraint("workspace_id", "squad_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    name: Mapped[str] = mapped_column(String(80))
    local_time: Mapped[time]
    link: Mapped[str | None] = mapped_column(String(3000))
    kind: Mapped[str] = mapped_column(String(16))
    weekday: Mapped[int | None]
    minutes: Mapped[int]
    lead_minutes: Mapped[int]
    # "squad", or roles in the order of their names: "delivery,manager".
    audience: Mapped[str] = mapped_column(String(64))
    removed_at: Mapped[datetime | None]


class Member(Base):
    """A person in a squad; leaving sets `status`, the row stays for the numbers."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("workspace_id", "squad_id", "person_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    person_id: Mapped[int] = reference("people.id")
    status: Mapped[str] = mapped_column(String(16))
    welcomed_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]


class MemberRole(Base):
    """One role of one membership."""

    __tablename__ = "member_roles"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "role"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    member_id: Mapped[int] = reference("members.id")
    role: Mapped[str] = mapped_column(String(16))


class MemberTag(Base):
    """One worker tag of one membership."""

    __tablename__ = "member_tags"
    __table_args__ = (UniqueConstraint("workspace_id", "member_id", "tag"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    member_id: Mapped[int] = reference("members.id")
    tag: Mapped[str] = mapped_column(String(40))
