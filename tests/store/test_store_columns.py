"""What the columns hold fits into them: PostgreSQL refuses what is too long, SQLite keeps it."""

from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import String

from bot.dispatch.kinds import all_kinds
from bot.intake.kinds import LIMITS
from bot.rules import agenda, findings, guidelines, projects, pulse, squads, timeoff
from bot.rules.action_items import ActionSource
from bot.rules.agenda import CauseKind, ClosedWhy, MeetingState
from bot.rules.audits import DisputeState, FindingState, Origin, Severity, Step, Verdict
from bot.rules.blockers import BlockerKind
from bot.rules.budget import DeliveryClass
from bot.rules.client_pages import PageState
from bot.rules.coaching import CoachingKind
from bot.rules.composing import Composition
from bot.rules.disputes import ReviewState, Ruling
from bot.rules.draws import DrawState, SkipReason
from bot.rules.escalations import EscalationState
from bot.rules.occurrences import OccurrenceState
from bot.rules.oneonone_terms import Takes
from bot.rules.oneonones import MeetingState as OneOnOneState
from bot.rules.oneonones import Why
from bot.rules.outbox import DeliveryState, Operation
from bot.rules.people import IdentityKind, IndividualFigures, Role, SquadState, Status
from bot.rules.pulse_notes import NoteTo
from bot.rules.questions import AskedVia, Outcome
from bot.rules.retention import DataKind
from bot.rules.reworks import ReworkState
from bot.rules.schedules import ScheduleKind
from bot.rules.sessions import TITLE_LIMIT, Audience, Rsvp, SessionKind
from bot.rules.sittings import SittingState
from bot.rules.squads import SyncKind
from bot.rules.status_cases import CaseKind, CaseState
from bot.rules.verified import VerifiedState
from bot.views import catalogue
from models import (
    ActionItem,
    AgendaTopic,
    Alias,
    Audit,
    AuditChain,
    Base,
    Batch,
    Blocker,
    Category,
    ClientPage,
    Coaching,
    Dispute,
    Draw,
    Escalation,
    Finding,
    FindingReview,
    GoldAnswer,
    GuidelineVersion,
    LedgerEntry,
    Member,
    MemberRole,
    MemberTag,
    ModelUse,
    Occurrence,
    OneOnOne,
    OneOnOneSetup,
    OutboxRow,
    Person,
    Poll,
    PollQuestion,
    PollSeries,
    Project,
    PulseNote,
    Question,
    Retention,
    Rework,
    Schedule,
    Session,
    SessionQuestion,
    SessionReply,
    Sitting,
    SlackIdentity,
    Squad,
    StatusCase,
    Submission,
    Sync,
    SyncMeeting,
    TimeOff,
    VerifiedAnswer,
)
from tests.house import walk

# Every column that holds a value of an enumeration.
ENUMERATED: dict[Any, type[StrEnum]] = {
    ActionItem.source: ActionSource,
    AgendaTopic.cause_kind: CauseKind,
    AgendaTopic.closed_why: ClosedWhy,
    AgendaTopic.kind: SyncKind,
    Audit.origin: Origin,
    Blocker.kind: BlockerKind,
    Audit.step: Step,
    Audit.verdict: Verdict,
    AuditChain.origin: Origin,
    Category.severity: Severity,
    ClientPage.state: PageState,
    Coaching.kind: CoachingKind,
    Dispute.before: Severity,
    Dispute.ruling: Ruling,
    Dispute.severity: Severity,
    Dispute.state: DisputeState,
    Draw.adopted: Origin,
    Draw.origin: Origin,
    Draw.skip_reason: SkipReason,
    Draw.state: DrawState,
    Escalation.passed_role: Role,
    Escalation.state: EscalationState,
    Finding.severity: Severity,
    Finding.state: FindingState,
    FindingReview.state: ReviewState,
    Member.status: Status,
    MemberRole.role: Role,
    Occurrence.state: OccurrenceState,
    OneOnOne.state: OneOnOneState,
    OneOnOne.why: Why,
    OneOnOneSetup.takes: Takes,
    OutboxRow.delivery_class: DeliveryClass,
    ModelUse.outcome: Composition,
    OutboxRow.operation: Operation,
    OutboxRow.state: DeliveryState,
    Poll.state: pulse.PollState,
    PollQuestion.kind: pulse.QuestionKind,
    PollSeries.repeat: pulse.Repeat,
    PulseNote.recipient: NoteTo,
    Question.outcome: Outcome,
    Question.via: AskedVia,
    Retention.kind: DataKind,
    Rework.state: ReworkState,
    Schedule.kind: ScheduleKind,
    Session.audience: Audience,
    Session.kind: SessionKind,
    SessionReply.answer: Rsvp,
    Sitting.state: SittingState,
    SlackIdentity.kind: IdentityKind,
    Squad.individual_figures: IndividualFigures,
    Squad.state: SquadState,
    StatusCase.before: Status,
    StatusCase.kind: CaseKind,
    StatusCase.state: CaseState,
    StatusCase.status: Status,
    Sync.kind: squads.SyncKind,
    SyncMeeting.kind: SyncKind,
    SyncMeeting.state: MeetingState,
    VerifiedAnswer.state: VerifiedState,
}
# As short as those, and something else: slots, places and languages, a word of our own.
OTHERS = {
    "one_on_ones.slot",
    "people.locale",
    "people.subdivision",
    "schedules.effective_slot",
    "schedules.next_slot",
    "squads.language",
    "squads.subdivision",
}
NAMED_AS_ONE = {
    "kind",
    "origin",
    "outcome",
    "role",
    "severity",
    "state",
    "status",
    "step",
    "verdict",
}

# What people and files may give, at the most, and where it goes.
TYPED: list[tuple[Any, int]] = [
    (Squad.name, squads.NAME_LIMIT),
    (Sync.name, squads.NAME_LIMIT),
    (Sync.link, squads.LINK_LIMIT),
    (MemberTag.tag, squads.TAG_LIMIT),
    (MemberTag.tag, LIMITS["tags"]),
    (Project.name, projects.NAME_LIMIT),
    (Project.link_template, projects.LINK_LIMIT),
    (Category.name, projects.CATEGORY_LIMIT),
    (Category.name, LIMITS["category"]),
    (Category.definition, projects.DEFINITION_LIMIT),
    (Category.definition, LIMITS["definition"]),
    (Category.section, LIMITS["section"]),
    (Batch.name, projects.BATCH_LIMIT),
    (Batch.name, LIMITS["batch"]),
    (Finding.section, findings.SECTION_LIMIT),
    (Finding.section, LIMITS["section"]),
    (TimeOff.reason, timeoff.REASON_LIMIT),
    (AgendaTopic.source, agenda.SOURCE_LIMIT),
    (SyncMeeting.name, squads.NAME_LIMIT),
    (Session.title, TITLE_LIMIT),
    (Session.link, squads.LINK_LIMIT),
    (SessionQuestion.section, findings.SECTION_LIMIT),
    (GuidelineVersion.version, guidelines.VERSION_LIMIT),
    (GoldAnswer.task, LIMITS["task"]),
    (Submission.task, LIMITS["task"]),
    (Submission.url, LIMITS["url"]),
    (Submission.guideline_version, LIMITS["guideline_version"]),
    (Submission.source, LIMITS["source"]),
    (Submission.source_id, LIMITS["source_id"]),
    (Alias.source, LIMITS["source"]),
    (Alias.external_id, LIMITS["contributor"]),
    (Alias.external_id, LIMITS["auditor"]),
    (Person.name, LIMITS["name"]),
    (Person.email, LIMITS["email"]),
    (Person.subdivision, LIMITS["subdivision"]),
]


def width(column: Any) -> int:
    assert isinstance(column.type, String)
    return column.type.length or 10**9


def called(column: Any) -> str:
    return f"{column.class_.__tablename__}.{column.key}"


@pytest.mark.parametrize("column", ENUMERATED, ids=called)
def test_every_value_of_an_enumeration_fits(column: Any) -> None:
    longest = max(ENUMERATED[column], key=lambda each: len(each.value))
    assert len(longest.value) <= width(column)


def test_no_column_of_an_enumeration_is_forgotten() -> None:
    listed = {called(column) for column in ENUMERATED}
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String)
        and (column.type.length == 16 or column.name in NAMED_AS_ONE)
    }
    assert found - listed - OTHERS == {"outbox.kind"}
    assert (listed | OTHERS) - found - {
        called(Squad.individual_figures),
        called(Draw.skip_reason),
    } == set()


@pytest.mark.parametrize(("column", "limit"), TYPED, ids=lambda each: getattr(each, "key", each))
def test_what_may_be_typed_fits(column: Any, limit: int) -> None:
    assert limit <= width(column)


def test_every_kind_of_delivery_fits() -> None:
    assert max(len(kind.name) for kind in all_kinds()) <= width(OutboxRow.kind)


def test_every_act_in_the_ledger_fits() -> None:
    acts = [
        str(walk.resolved(module, call.args[0]))
        for module in walk.modules()
        if module.within("bot/services")
        for call in module.calls("log")
        if call.args
    ]
    assert len(acts) > 20
    assert max(map(len, acts)) <= width(LedgerEntry.action)


def test_a_language_fits_into_the_squads_column() -> None:
    assert len(catalogue.load().of(None).language) <= width(Squad.language)
