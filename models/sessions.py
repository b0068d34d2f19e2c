"""Training and working sessions: when and for whom, who comes, and the quiz after one."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference, reference


class Session(Base):
    """One session of a squad; `delivery_id` is its one message's key in the outbox.

    `revision` counts changes of its time. `attended` is how many came, as a manager says. The
    sections of the quiz are of the guidelines of `project_id`. `next_at` is when the clock must
    look at it again.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_due", "next_at"),
        Index("ix_sessions_squad", "workspace_id", "squad_id", "ends_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    project_id: Mapped[int | None] = optional_reference("projects.id")
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(150))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    link: Mapped[str | None] = mapped_column(String(3000))
    audience: Mapped[str] = mapped_column(String(16))
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[datetime]
    revision: Mapped[int]
    changed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    attended: Mapped[int | None]
    delivery_id: Mapped[int | None] = mapped_column(BigInt)
    next_at: Mapped[datetime | None]


class SessionReply(Base):
    """Whether somebody comes; `answer` is null for whom was only chosen (`invited`) so far."""

    __tablename__ = "session_replies"
    __table_args__ = (
        UniqueConstraint("workspace_id", "session_id", "person_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    session_id: Mapped[int] = reference("sessions.id")
    person_id: Mapped[int] = reference("people.id")
    invited: Mapped[bool]
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[datetime | None]


class SessionQuestion(Base):
    """A question of a session's quiz; `correct` is the place of the right choice, from 0."""

    __tablename__ = "session_questions"
    __table_args__ = (UniqueConstraint("workspace_id", "session_id", "position"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    session_id: Mapped[int] = reference("sessions.id")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]]
    correct: Mapped[int]
    section: Mapped[str] = mapped_column(String(300))


class SessionAnswer(Base):
    """What somebody chose, once for each question; `choice` is its place from 0."""

    __tablename__ = "session_answers"
    __table_args__ = (
        UniqueConstraint("workspace_id", "question_id", "person_id"),
        Index(None, "session_id"),
        Index(None, "person_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    session_id: Mapped[int] = reference("sessions.id")
    question_id: Mapped[int] = reference("session_questions.id")
    person_id: Mapped[int] = reference("people.id")
    choice: Mapped[int]
    answered_at: Mapped[datetime]
