"""Schedules, the occurrences that each happen once, ever, and when nothing kept watch."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Schedule(Base):
    """A plan in local time; `next_due_at` is what the ticker looks for."""

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "target", "kind"),
        Index("ix_schedules_due", "enabled", "next_due_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    # "workspace", "squad:3", "sync:7": never null, or uniqueness would not hold.
    target: Mapped[str] = mapped_column(String(48))
    kind: Mapped[str] = mapped_column(String(32))
    local_time: Mapped[time]
    weekday: Mapped[int | None]
    zone: Mapped[str] = mapped_column(String(64))
    lateness_s: Mapped[int]
    # It runs so long before its local time: the agenda of a meeting.
    lead_s: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    effective_slot: Mapped[str | None] = mapped_column(String(16))
    # What holds for the slots before `effective_slot`, after a change that came too late for one.
    earlier_time: Mapped[time | None]
    earlier_weekday: Mapped[int | None]
    enabled: Mapped[bool] = mapped_column(default=True)
    next_slot: Mapped[str | None] = mapped_column(String(16))
    next_due_at: Mapped[datetime | None]


class Occurrence(Base):
    """One planned run; unique on (schedule, slot, target), so that it cannot happen twice."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("schedule_id", "slot", "target"),
        Index(None, "workspace_id", "due_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    schedule_id: Mapped[int] = reference("schedules.id")
    slot: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any] | None]


class Heartbeat(Base):
    """The one row that says when a clock of any process last ticked."""

    __tablename__ = "heartbeats"

    id: Mapped[Key]
    beat_at: Mapped[datetime]


class Downtime(Base):
    """A stretch of time in which no clock ticked, found by the first one that did again."""

    __tablename__ = "downtimes"
    __table_args__ = (Index("ix_downtimes_ended", "ended_at"),)

    id: Mapped[Key]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
