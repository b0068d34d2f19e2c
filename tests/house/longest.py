"""The longest that each payload of a button or form gets, for tests/house/test_doors.py."""

from datetime import UTC, date, datetime, time

from bot.rules.blockers import BlockerKind
from bot.rules.coaching import CoachingKind
from bot.rules.draws import SkipReason
from bot.rules.findings import MOST_FINDINGS
from bot.rules.intake import FileKind
from bot.rules.oneonone_terms import LINK_LIMIT, PEOPLE_LIMIT
from bot.rules.payloads import Nothing, Payload
from bot.rules.people import Status
from bot.rules.projects import CATEGORIES_LIMIT, NAME_LIMIT
from bot.rules.schedules import ScheduleKind
from bot.rules.snoozing import Snooze
from bot.rules.squads import SyncKind
from bot.views import (
    agenda,
    agenda_lists,
    audits,
    blockers,
    bundles,
    certificates,
    client_pages,
    coaching,
    coaching_effects,
    commands,
    disputes,
    duty,
    edge_cases,
    escalations,
    figure_lists,
    findings,
    gaps,
    home,
    imports,
    oneonone_lists,
    oneonone_notes,
    oneonone_packs,
    oneonone_setups,
    oneonones,
    pulse,
    pulse_notes,
    pulse_results,
    questions,
    reworks,
    rulings,
    schedule_forms,
    sittings,
    squad_forms,
    squads,
    standing,
    status_cases,
    status_forms,
    timeoff,
    today,
    verified,
)
from bot.views import projects as project_views
from tests.handlers import gathering_doors

OPTION_LIMIT = 150  # docs.slack.dev/reference/block-kit: the value of a menu's option
DAY = date(2026, 12, 31)
KEY = 10**12  # more rows than a table of ours will hold

# The longest that each payload gets; text is cut where it is built, see below.
LONGEST: list[Payload] = [
    Nothing(),
    agenda.AboutAgenda(squad_id=KEY, kind=SyncKind.TOUCHPOINT, offset=KEY),
    agenda.AboutMeeting(meeting_id=KEY),
    agenda.AboutTopic(
        topic_id=KEY, squad_id=KEY, kind=SyncKind.TOUCHPOINT, offset=KEY, listed=True
    ),
    agenda_lists.AboutAction(action_id=KEY, squad_id=KEY, listed=True),
    agenda_lists.NewTopicForm(
        squad_id=KEY, channel="C" * 20, message_ts="1" * 20, thread_ts="1" * 20
    ),
    agenda_lists.NotesMetadata(meeting_id=KEY, revision=KEY),
    *gathering_doors.payloads(KEY),
    audits.Chosen(submission_id=KEY),
    audits.FormState(submission_id=KEY, findings=MOST_FINDINGS),
    blockers.AboutBlocker(blocker_id=KEY, here=False),
    blockers.Picked(squad_id=KEY, kind=BlockerKind.TOOL_DOWN),
    client_pages.AboutPage(page_id=KEY),
    coaching.Member(squad_id=KEY, person_id=KEY),
    coaching.Prefilled(member="x" * OPTION_LIMIT, kind=CoachingKind.COACHING, body=""),
    coaching.About(coaching_id=KEY, here=False),
    coaching_effects.OfSquadPayload(squad_id=KEY),
    oneonone_packs.OfDay(day=DAY),
    oneonone_packs.OfMeeting(one_on_one_id=KEY),
    oneonone_packs.Bringing(one_on_one_id=KEY, question_id=KEY),
    oneonone_notes.Offer(one_on_one_id=KEY, revision=KEY, start=datetime(2026, 12, 31, tzinfo=UTC)),
    oneonone_notes.Noting(one_on_one_id=KEY, revision=KEY, manages=False),
    oneonone_lists.Listed(pair_id=KEY, offset=KEY, one_on_one_id=KEY),
    oneonones.AboutPair(pair_id=KEY),
    oneonones.AboutTopic(topic_id=KEY),
    oneonones.AboutMeeting(one_on_one_id=KEY, revision=KEY),
    oneonones.SetupIn(squad_id=KEY),
    oneonone_setups.PlanFor(squad_id=KEY, zone="America/Argentina/ComodRivadavia"),
    oneonone_setups.PlanIt(
        squad_id=KEY,
        every=4,
        minutes=60,
        days=list(range(7)),
        start=time(10),
        end=time(16),
        zone="America/Argentina/ComodRivadavia",
        link="x" * LINK_LIMIT,
        people=[10**8] * PEOPLE_LIMIT,
    ),
    commands.RunCommand(command="timeoff"),
    duty.AboutCase(escalation_id=KEY),
    figure_lists.AboutFigures(squad_id=KEY, project_id=KEY, first=DAY, last=DAY),
    figure_lists.AboutCategory(squad_id=KEY, project_id=KEY, first=DAY, last=DAY, category_id=KEY),
    gaps.AboutGap(squad_id=KEY, key="0" * 16),
    gaps.AboutSquad(squad_id=KEY),
    pulse_notes.Addressed(squad_id=KEY, token="0" * 40),
    pulse_notes.Token(token="0" * 40),
    pulse_notes.AboutNote(mark="0" * 64),
    pulse_notes.Inbox(),
    pulse.AboutPoll(poll_id=KEY),
    pulse_results.AboutComments(poll_id=KEY, first=KEY),
    pulse.Vote(poll_id=KEY, question_id=KEY, value=10, token="0" * 40),
    pulse.Written(poll_id=KEY, question_id=KEY, token="0" * 40),
    edge_cases.EdgeMeta(squad_id=KEY, project_id=KEY, finding_id=KEY),
    verified.AboutVerified(verified_id=KEY),
    duty.TermsOf(squad_id=KEY),
    escalations.AboutAsked(question_id=KEY),
    escalations.Joining(question_id=KEY, escalation_id=KEY),
    findings.About(audit_id=KEY, here=False),
    bundles.OfBundle(sitting_id=KEY, window=KEY, here=False),
    certificates.Opening(sitting_id=KEY),
    sittings.OfSitting(sitting_id=KEY),
    sittings.SeatState(
        sitting_id=KEY, draw_id=KEY, revision=KEY, shown=10**14, findings=MOST_FINDINGS, turn=KEY
    ),
    sittings.Skipping(reason=SkipReason.NO_ACCESS),
    sittings.Using(snippet_id=KEY),
    disputes.AboutCase(dispute_id=KEY, here=False),
    rulings.AboutDispute(dispute_ids=[KEY] * MOST_FINDINGS),
    rulings.Deciding(dispute_ids=[KEY] * MOST_FINDINGS),
    rulings.AboutReviews(dispute_id=KEY, squad_id=KEY),
    rulings.AboutReview(review_id=KEY),
    home.Rehearsed(squad_id=KEY),
    imports.ImportFile(file="F" + "0" * 12, kind=FileKind.SUBMISSIONS, squad=KEY, project=KEY),
    project_views.OpenProject(squad_id=KEY, project_id=KEY),
    questions.AboutQuestion(question_id=KEY),
    questions.Chosen(question_id=KEY, squad_id=KEY, project_id=KEY),
    project_views.ProjectMeta(
        squad_id=KEY,
        project_id=KEY,
        name='"' * NAME_LIMIT,
        categories=tuple([10**8] * CATEGORIES_LIMIT),
        batches=tuple([10**8] * project_views.BATCHES_SHOWN),
    ),
    squad_forms.CreateForm(zone="America/Argentina/ComodRivadavia"),
    schedule_forms.SchedulePart(squad_id=KEY, kind=ScheduleKind.REFUSALS_REPORT, sync_id=KEY),
    squad_forms.SettingsForm(squad_id=KEY),
    reworks.AboutRework(rework_id=KEY),
    reworks.AboutSquad(squad_id=KEY),
    reworks.Own(),
    squads.GoLive(squad_id=KEY),
    status_cases.AboutCase(case_id=KEY),
    status_forms.CaseForm(squad_id=KEY, person_id=KEY, status=Status.OFFBOARDED),
    standing.OfSquad(squad_id=KEY),
    timeoff.CancelTimeOff(absence_id=KEY, listed=False),
    today.OfLine(delivery_id=KEY, choice=Snooze.TOMORROW),
    today.OfToday(carrier_id=KEY),
]
# What forms carry makes no key: theirs is the id of the view.
IN_FORMS = (
    audits.FormState,
    coaching.Prefilled,
    gathering_doors.IN_FORM,
    oneonone_setups.PlanFor,
    oneonone_setups.PlanIt,
    sittings.SeatState,
    project_views.ProjectMeta,
    squad_forms.CreateForm,
    squad_forms.SettingsForm,
    status_forms.CaseForm,
)
IN_MENUS = (
    audits.Chosen,
    coaching.Member,
    imports.ImportFile,
    questions.Chosen,
    sittings.Skipping,
    sittings.Using,
    today.OfLine,
)
