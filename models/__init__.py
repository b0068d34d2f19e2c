"""What is stored: every table of Muster, importing nothing of the floors above."""

from models.agenda import ActionItem, AgendaTopic, SyncMeeting
from models.announcements import Announcement, AnnouncementReceipt, AnnouncementSquad
from models.audits import Audit, AuditChain, Coaching, Finding
from models.base import Base, UtcDateTime
from models.client_pages import ClientPage
from models.coaching_effects import Coached, OneOnOneNote
from models.disputes import Dispute, FindingReview
from models.gold import GoldAnswer, GoldRevision
from models.guidelines import (
    GuidelineIndex,
    GuidelineIndexPart,
    GuidelinePassage,
    GuidelineVersion,
)
from models.ledger import Effect, LedgerEntry
from models.oneonones import OneOnOne, OneOnOnePair, OneOnOneSetup, OneOnOneTopic
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
from models.schedules import Downtime, Heartbeat, Occurrence, Schedule
from models.sessions import Session, SessionAnswer, SessionQuestion, SessionReply
from models.signals import Signal
from models.sittings import Sitting, Snippet
from models.squads import Member, MemberRole, MemberTag, Squad, Sync
from models.status_cases import StatusCase
from models.submissions import Submission, SubmissionRevision
from models.workspaces import Admin, Retention, Workspace

__all__ = [
    "ActionItem",
    "Admin",
    "AgendaTopic",
    "Alias",
    "Announcement",
    "AnnouncementReceipt",
    "AnnouncementSquad",
    "AnswerVote",
    "Audit",
    "AuditChain",
    "Ballot",
    "Base",
    "Batch",
    "Blocker",
    "Category",
    "ClientPage",
    "Coached",
    "Coaching",
    "Dispute",
    "Downtime",
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
    "Heartbeat",
    "Lease",
    "LedgerEntry",
    "Member",
    "MemberRole",
    "MemberTag",
    "ModelUse",
    "Occurrence",
    "OneOnOne",
    "OneOnOneNote",
    "OneOnOnePair",
    "OneOnOneSetup",
    "OneOnOneTopic",
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
    "Session",
    "SessionAnswer",
    "SessionQuestion",
    "SessionReply",
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
    "SyncMeeting",
    "TimeOff",
    "UtcDateTime",
    "VerifiedAnswer",
    "Workspace",
]
