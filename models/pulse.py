"""Pulse polls: what is asked, the sealed ballots while a poll is open, and sums once it is closed.

Nothing here links a reply to a person. A ballot has no number of its own, no time and no foreign
key: PostgreSQL would mark the poll's row with each vote, and a number or a time would be an order.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference, reference

# SQLite numbers the rows of a table in the order in which they came, unless told not to.
_UNNUMBERED = {"sqlite_with_rowid": False}


class PollSeries(Base):
    """A poll that comes again: what its rounds ask, whom, and when the next one opens.

    `questions` is a list of [kind, key, text]; the local time is of `zone`. `to_model`: comments
    go to a language model, which each round says.
    """

    __tablename__ = "poll_series"
    __table_args__ = (Index("ix_poll_series_due", "next_at"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    questions: Mapped[list[Any]] = mapped_column(JSON)
    squad_ids: Mapped[list[Any]] = mapped_column(JSON)
    viewers: Mapped[list[str]]
    to_model: Mapped[bool]
    k: Mapped[int]
    repeat: Mapped[str] = mapped_column(String(16))
    first_day: Mapped[date]
    local_time: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    days_open: Mapped[int]
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]


class Poll(Base):
    """One round of questions; all that it declares is frozen when it is made.

    `next_at` is when the clock must look at it again. `replied` and `asked` are counts, kept only
    if at least `k` replied; `anew` counts the rounds of a series.
    """

    __tablename__ = "polls"
    __table_args__ = (
        Index("ix_polls_due", "next_at"),
        Index("ix_polls_workspace", "workspace_id", "state"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    series_id: Mapped[int | None] = optional_reference("poll_series.id")
    state: Mapped[str] = mapped_column(String(16))
    squad_ids: Mapped[list[Any]] = mapped_column(JSON)
    viewers: Mapped[list[str]]
    to_model: Mapped[bool]
    k: Mapped[int]
    created_by: Mapped[int] = reference("people.id")
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    replied: Mapped[int | None]
    asked: Mapped[int | None]


class PollQuestion(Base):
    """One question of a poll; questions of the same `key` are compared over time.

    `n`, and `low` and `high` where everybody answered alike, are written when the poll is closed,
    and only if at least `k` answered. `themes` are what a model called its groups of comments.
    """

    __tablename__ = "poll_questions"
    __table_args__ = (Index("ix_poll_questions_poll", "poll_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    poll_id: Mapped[int] = reference("polls.id")
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    n: Mapped[int | None]
    low: Mapped[int | None]
    high: Mapped[int | None]
    themes: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class PollSecret(Base):
    """The salt of a poll that is not closed yet, and by what its key is recognised."""

    __tablename__ = "poll_secrets"

    poll_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    key_check: Mapped[bytes] = mapped_column(LargeBinary)


class Ballot(Base):
    """One answer to one question of an open poll, sealed; `mark` is the hash of its token."""

    __tablename__ = "ballots"
    __table_args__ = _UNNUMBERED

    poll_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PollCount(Base):
    """How many gave one answer to a question of a closed poll."""

    __tablename__ = "poll_counts"
    __table_args__ = (Index("ix_poll_counts_question", "question_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    question_id: Mapped[int] = reference("poll_questions.id")
    value: Mapped[int]
    n: Mapped[int]


class PollComment(Base):
    """What somebody wrote in a closed poll; its key is random, and orders the rows.

    `theme` is its place in the question's `themes`.
    """

    __tablename__ = "poll_comments"
    __table_args__ = (Index("ix_poll_comments_question", "question_id"), _UNNUMBERED)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[WorkspaceKey]
    question_id: Mapped[int] = reference("poll_questions.id")
    text: Mapped[str] = mapped_column(Text)
    theme: Mapped[int | None]


class PulseNote(Base):
    """A note without its author; `mark` is the hash of the token that fetches the reply."""

    __tablename__ = "pulse_notes"
    __table_args__ = (Index("ix_pulse_notes_due", "arrives_at"), _UNNUMBERED)

    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    recipient: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    arrives_at: Mapped[datetime]
    arrived: Mapped[bool]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[int | None] = optional_reference("people.id")


class PulseContact(Base):
    """Who reads the notes that managers never see; the operator names them."""

    __tablename__ = "pulse_contacts"

    workspace_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = reference("people.id")
