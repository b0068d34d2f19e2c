"""What is stored: every table of Muster, importing nothing of the floors above."""

from models.audits import Audit, AuditChain, Coaching, Finding
from models.base import Base, UtcDateTime
from models.client_pages import ClientPage
from models.disputes import Dispute, FindingReview
from models.gold import GoldAnswer, GoldRevision
from models.guidelines import (
    GuidelineIndex,
    GuidelineIndexPart,
    GuidelinePassage,
    GuidelineVersion,
)
from models.ledger import Effect, LedgerEntry
from models.outbox import Lease, OutboxRow
from models.people import Alias, ErasedName, Person, SlackIdentity, TimeOff
from models.projects import Batch, Category, Project, SquadProject
from models.pulse import (
    Ballot,
    Poll,
    PollComment,
    PollCount,
    PollQuestion,
    PollSecret,
    PollSeries,
    PulseContact,
    PulseNote,
)
from models.questions import (
    AnswerVote,
    Blocker,
    EdgeCase,
    Escalation,
    ModelUse,
    Question,
    VerifiedAnswer,
)
from models.reworks import Rework
from models.sampling import Draw, Frame
from models.schedules import Occurrence, Schedule
from models.signals import Signal
from models.sittings import Sitting, Snippet
from models.squads import Member, MemberRole, MemberTag, Squad, Sync
from models.status_cases import StatusCase
from models.submissions import Submission, SubmissionRevision
from models.workspaces import Admin, Retention, Workspace

__all__ = [
    "Admin",
    "Alias",
    "AnswerVote",
    "Audit",
    "AuditChain",
    "Ballot",
    "Base",
    "Batch",
    "Blocker",
    "Category",
    "ClientPage",
    "Coaching",
    "Dispute",
    "Draw",
    "EdgeCase",
    "Effect",
    "ErasedName",
    "Escalation",
    "Finding",
    "FindingReview",
    "Frame",
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
    "Poll",
    "PollComment",
    "PollCount",
    "PollQuestion",
    "PollSecret",
    "PollSeries",
    "Project",
    "PulseContact",
    "PulseNote",
    "Question",
    "Retention",
    "Rework",
    "Schedule",
    "Signal",
    "Sitting",
    "SlackIdentity",
    "Snippet",
    "Squad",
    "SquadProject",
    "StatusCase",
    "Submission",
    "SubmissionRevision",
    "Sync",
    "TimeOff",
    "UtcDateTime",
    "VerifiedAnswer",
    "Workspace",
]
