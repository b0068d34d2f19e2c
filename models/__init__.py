"""What is stored: every table of Muster, importing nothing of the floors above."""

from models.audits import Audit, AuditChain, Coaching, Dispute, Finding
from models.base import Base, UtcDateTime
from models.gold import GoldAnswer, GoldRevision
from models.guidelines import (
    GuidelineIndex,
    GuidelineIndexPart,
    GuidelinePassage,
    GuidelineVersion,
)
from models.ledger import Effect, LedgerEntry
from models.outbox import Lease, OutboxRow
from models.people import Alias, Person, SlackIdentity, TimeOff
from models.projects import Batch, Category, Project, SquadProject
from models.questions import (
    AnswerVote,
    Blocker,
    EdgeCase,
    Escalation,
    ModelUse,
    Question,
    VerifiedAnswer,
)
from models.schedules import Occurrence, Schedule
from models.squads import Member, MemberRole, MemberTag, Squad, Sync
from models.submissions import Submission, SubmissionRevision
from models.workspaces import Admin, Workspace

__all__ = [
    "Admin",
    "Alias",
    "AnswerVote",
    "Audit",
    "AuditChain",
    "Base",
    "Batch",
    "Blocker",
    "Category",
    "Coaching",
    "Dispute",
    "EdgeCase",
    "Effect",
    "Escalation",
    "Finding",
    "GoldAnswer",
    "GoldRevision",
    "GuidelineIndex",
    "GuidelineIndexPart",
    "GuidelinePassage",
    "GuidelineVersion",
    "Lease",
    "LedgerEntry",
    "Member",
    "MemberRole",
    "MemberTag",
    "ModelUse",
    "Occurrence",
    "OutboxRow",
    "Person",
    "Project",
    "Question",
    "Schedule",
    "SlackIdentity",
    "Squad",
    "SquadProject",
    "Submission",
    "SubmissionRevision",
    "Sync",
    "TimeOff",
    "UtcDateTime",
    "VerifiedAnswer",
    "Workspace",
]
