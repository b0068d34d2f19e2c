"""Audit chains, audits, findings, and coaching."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, WorkspaceKey, optional_reference, reference


class AuditChain(Base):
    """What one draw (or choice) of one submission started; its last audit scores."""

    __tablename__ = "audit_chains"
    __table_args__ = (Index(None, "workspace_id", "submission_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    submission_id: Mapped[int] = reference("submissions.id")
    origin: Mapped[str] = mapped_column(String(16))
    # 1 / inclusion probability of the draw; 1.0 where everything is audited, null where unknown.
    weight: Mapped[float | None]
    opened_at: Mapped[datetime]


class Audit(Base):
    """An auditor's judgement; `scoring` marks the last of its chain, `errors` its error findings.

    Project, squad, contributor, origin and weight repeat what the chain and the submission say,
    so that a period's figures come from one index. So does `waited_s`, the seconds from handing in
    to the opening of the submission's first chain, without those in which a blocker kept the
    auditor who opened it from working; null on other chains. A ruling has no findings of its own:
    `stands_on` is the audit whose findings it scores with.
    """

    __tablename__ = "audits"
    __table_args__ = (
        Index(
            "ix_audits_report",
            "workspace_id",
            "project_id",
            "squad_id",
            "audited_at",
            # From here on it only covers: a report of a week reads no table.
            "scoring",
            "origin",
            "verdict",
            "errors",
            "weight",
            "waited_s",
            "contributor_id",
        ),
        UniqueConstraint("workspace_id", "submission_id", "auditor_id", "audited_at"),
        Index("ix_audits_chain", "chain_id"),
        Index("ix_audits_contributor", "workspace_id", "contributor_id", "audited_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    project_id: Mapped[int] = reference("projects.id")
    squad_id: Mapped[int] = reference("squads.id")
    submission_id: Mapped[int] = reference("submissions.id")
    chain_id: Mapped[int] = reference("audit_chains.id")
    contributor_id: Mapped[int] = reference("people.id")
    auditor_id: Mapped[int] = reference("people.id")
    step: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    verdict: Mapped[str] = mapped_column(String(16))
    errors: Mapped[int]
    weight: Mapped[float | None]
    waited_s: Mapped[int | None]
    scoring: Mapped[bool]
    imported: Mapped[bool]
    audited_at: Mapped[datetime]
    # Without a foreign key: to add one, SQLite would have to write the whole table anew.
    stands_on: Mapped[int | None] = mapped_column(BigInt)


class Finding(Base):
    """One thing wrong, or worth praising, in an audited submission."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_audit", "audit_id"),
        Index("ix_findings_state", "workspace_id", "state"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    audit_id: Mapped[int] = reference("audits.id")
    category_id: Mapped[int | None] = optional_reference("categories.id")
    severity: Mapped[str] = mapped_column(String(16))
    section: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    delivered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class Coaching(Base):
    """Feedback, praise or coaching that somebody gave to a member, outside of an audit."""

    __tablename__ = "coachings"
    __table_args__ = (Index(None, "workspace_id", "person_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[WorkspaceKey]
    squad_id: Mapped[int] = reference("squads.id")
    person_id: Mapped[int] = reference("people.id")
    by_id: Mapped[int] = reference("people.id")
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    # Set when the praised person agreed that the team may read it.
    shared_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
