"""What people asked, how it was answered, and what became of it when a person had to answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, WorkspaceKey, optional_reference, reference


class Question(Base):
    """One question as it was asked; `private` ones are shown with a name to nobody but the asker.

    `passages` is a list of [position, score] in the guideline version, best first; `composed` is
    what a model made of them: a list of [sentence, [numbers of passages]]. The project is unknown
    until the asker has said which.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_asker", "workspace_id", "asker_id", "asked_at"),
        Index("ix_questions_thread", "workspace_id", "channel", "thread_ts"),
        Index("ix_questions_project", "workspace_id", "project_id", "asked_at"),
        Index("ix_questions_escalation", "escalation_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    project_id: Mapped[int | None] = optional_reference("projects.id")
    asker_id: Mapped[int] = reference("people.id")
    text: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(String(16))
    private: Mapped[bool]
    asked_at: Mapped[datetime]
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    # The question before it in the same conversation.
    context_id: Mapped[int | None] = optional_reference("questions.id")
    version_id: Mapped[int | None] = optional_reference("guideline_versions.id")
    outcome: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float | None]
    passages: Mapped[list[Any]] = mapped_column(JSON)
    verified_id: Mapped[int | None] = optional_reference("verified_answers.id")
    edge_id: Mapped[int | None] = optional_reference("edge_cases.id")
    composed: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    escalation_id: Mapped[int | None] = optional_reference("escalations.id")


class AnswerVote(Base):
    """Whether an answer helped somebody, and what they said was missing."""

    __tablename__ = "answer_votes"
    __table_args__ = (UniqueConstraint("workspace_id", "question_id", "person_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    question_id: Mapped[int] = reference("questions.id")
    person_id: Mapped[int] = reference("people.id")
    helpful: Mapped[bool]
    missing: Mapped[str | None] = mapped_column(Text)
    voted_at: Mapped[datetime]


class ModelUse(Base):
    """One call of a language model: tokens and cost (in the operator's currency), no text."""

    __tablename__ = "model_uses"
    __table_args__ = (Index("ix_model_uses_at", "workspace_id", "used_at"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    question_id: Mapped[int | None] = optional_reference("questions.id")
    model: Mapped[str] = mapped_column(String(120))
    outcome: Mapped[str] = mapped_column(String(24))
    tokens_in: Mapped[int]
    tokens_out: Mapped[int]
    cost: Mapped[float | None]
    used_at: Mapped[datetime]


class Escalation(Base):
    """A question that a person answers; several people's questions may point to it.

    The oldest of them is the one it began with; `named` says whether its asker agreed to be named.
    `section` is the guideline section that came nearest. Claims end by themselves at
    `claimed_until`; `due_at` is the squad's promise, `passed_due_at` that of whom it was passed to.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_open", "workspace_id", "squad_id", "state", "opened_at"),
        Index("ix_escalations_task", "workspace_id", "project_id", "task"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    project_id: Mapped[int | None] = optional_reference("projects.id")
    named: Mapped[bool]
    task: Mapped[str | None] = mapped_column(String(200))
    section: Mapped[str | None] = mapped_column(String(1000))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    half_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = optional_reference("people.id")
    claimed_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    passed_role: Mapped[str | None] = mapped_column(String(16))
    passed_by: Mapped[int | None] = optional_reference("people.id")
    passed_note: Mapped[str | None] = mapped_column(Text)
    passed_at: Mapped[datetime | None]
    passed_due_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answer_section: Mapped[str | None] = mapped_column(String(1000))
    answered_by: Mapped[int | None] = optional_reference("people.id")
    answered_at: Mapped[datetime | None]


class VerifiedAnswer(Base):
    """An expert's answer kept as knowledge until it expires or its section changes.

    `section` is the heading path it rests on, `version_id` the guidelines it was given under.
    """

    __tablename__ = "verified_answers"
    __table_args__ = (
        Index("ix_verified_answers_project", "workspace_id", "project_id", "state"),
        Index("ix_verified_answers_expiry", "workspace_id", "state", "expires_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    escalation_id: Mapped[int | None] = optional_reference("escalations.id")
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(String(1000))
    version_id: Mapped[int | None] = optional_reference("guideline_versions.id")
    verifier_id: Mapped[int] = reference("people.id")
    state: Mapped[str] = mapped_column(String(16))
    verified_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]


class EdgeCase(Base):
    """A case that the guidelines do not settle, with its ruling; `examples` is free text."""

    __tablename__ = "edge_cases"
    __table_args__ = (Index("ix_edge_cases_project", "workspace_id", "project_id", "ruled_at"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int | None] = optional_reference("squads.id")
    title: Mapped[str] = mapped_column(Text)
    ruling: Mapped[str] = mapped_column(Text)
    section: Mapped[str | None] = mapped_column(String(1000))
    version: Mapped[str | None] = mapped_column(String(80))
    examples: Mapped[str | None] = mapped_column(Text)
    task: Mapped[str | None] = mapped_column(String(200))
    escalation_id: Mapped[int | None] = optional_reference("escalations.id")
    finding_id: Mapped[int | None] = optional_reference("findings.id")
    ruled_by: Mapped[int] = reference("people.id")
    ruled_at: Mapped[datetime]


class Blocker(Base):
    """Why somebody cannot work, from `opened_at` until `closed_at`.

    Until somebody, `closed_by`, ends it, `closed_at` is the end of the person's working hours, when
    it ends by itself. `lost_s` is the working time of the person in between, in seconds; it leaves
    the paces that are measured. `due_at` is when whoever must act should have acted.
    """

    __tablename__ = "blockers"
    __table_args__ = (
        Index("ix_blockers_squad", "workspace_id", "squad_id", "opened_at"),
        Index("ix_blockers_person", "workspace_id", "person_id", "opened_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    person_id: Mapped[int] = reference("people.id")
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    taken_by: Mapped[int | None] = optional_reference("people.id")
    taken_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = optional_reference("people.id")
    closed_at: Mapped[datetime | None]
    lost_s: Mapped[int | None]
