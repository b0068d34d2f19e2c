"""A squad that a scene has nothing to do with, and every id of it that buttons may carry."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.rules.blockers import BlockerKind
from bot.rules.coaching import CoachingKind
from bot.rules.edge_cases import RULING_FIELD, TITLE_FIELD
from bot.rules.intake import FileKind
from bot.rules.questions import MISSING_FIELD
from bot.views import (
    audits,
    blockers,
    coaching,
    duty,
    edge_cases,
    escalations,
    gaps,
    home,
    imports,
    privacy,
    questions,
    quiet,
    reworks,
    squad_forms,
    squads,
    standing,
    timeoff,
    verified,
)
from bot.views import projects as project_views
from models import (
    Audit,
    AuditChain,
    Blocker,
    Category,
    Coaching,
    Dispute,
    Escalation,
    Finding,
    FindingReview,
    Member,
    MemberRole,
    Person,
    Project,
    Question,
    Rework,
    Squad,
    SquadProject,
    StatusCase,
    TimeOff,
)
from tests.handlers import (
    audit_doors,
    elsewhere_digests,
    gathering_doors,
    meeting_doors,
    oneonone_doors,
    pack_doors,
    pulse_doors,
    schedule_doors,
    statuses,
)
from tests.harness import MORNING
from tests.scenes import Scene

SECRET = "quokka"
WORDS = {"answer": "words"}
YESTERDAY = MORNING - timedelta(days=1)


@dataclass
class Elsewhere:
    """Keys of a squad that the people of the scene have nothing to do with."""

    squad_id: int
    project_id: int
    person_id: int
    submission_id: int
    audit_id: int
    dispute_id: int
    review_id: int
    coaching_id: int
    absence_id: int
    question_id: int
    escalation_id: int
    verified_id: int
    blocker_id: int
    poll_id: int
    category_id: int
    page_id: int
    case_id: int
    rework_id: int
    announcement_id: int
    version_id: int
    session_id: int
    meeting_id: int
    pair_id: int
    one_on_one_id: int
    pair_topic_id: int
    topic_id: int
    action_id: int


async def build(scene: Scene) -> Elsewhere:
    """Put a squad with a secret in every text into the workspace of the scene's house."""
    at = YESTERDAY
    person = await scene.insert(Person, name="Quentin", created_at=at)
    project = await scene.insert(Project, name=f"{SECRET} boxes", created_at=at)
    squad = await scene.insert(Squad, **_SQUAD, created_at=at)
    await scene.insert(SquadProject, squad_id=squad, project_id=project)
    member = await scene.insert(
        Member, squad_id=squad, person_id=person, status="active", joined_at=at
    )
    await scene.insert(MemberRole, member_id=member, role="contributor")
    category = await scene.insert(
        Category, project_id=project, name=SECRET, severity="error", position=0
    )
    submission = await replace(
        scene, squad_id=squad, project_id=project, people={"Q": person}
    ).submission("X-1", _Known("Q"), label=SECRET)
    chain = await scene.insert(
        AuditChain, submission_id=submission, origin="chosen", weight=None, opened_at=at
    )
    audit = await scene.insert(
        Audit,
        project_id=project,
        squad_id=squad,
        submission_id=submission,
        chain_id=chain,
        contributor_id=person,
        auditor_id=person,
        step="draw",
        origin="chosen",
        verdict="rejected",
        errors=1,
        scoring=True,
        imported=False,
        audited_at=at,
    )
    finding = await scene.insert(
        Finding, audit_id=audit, category_id=category, severity="error", note=SECRET, state="open"
    )
    dispute = await scene.insert(
        Dispute, finding_id=finding, opened_by=person, reason=SECRET, state="open", opened_at=at
    )
    escalation = await scene.insert(
        Escalation,
        squad_id=squad,
        project_id=project,
        named=True,
        task=SECRET,
        state="open",
        opened_at=at,
    )
    told = {"squad_id": squad, "person_id": person, "by_id": person, "created_at": at}
    return Elsewhere(
        squad_id=squad,
        project_id=project,
        person_id=person,
        submission_id=submission,
        category_id=category,
        page_id=await elsewhere_digests.page(scene, squad, person, SECRET),
        audit_id=audit,
        dispute_id=dispute,
        review_id=await scene.insert(
            FindingReview, dispute_id=dispute, finding_id=finding, state="open"
        ),
        coaching_id=await scene.insert(Coaching, **told, kind="praise", body=SECRET),
        absence_id=await scene.insert(
            TimeOff,
            person_id=person,
            reason=SECRET,
            created_at=at,
            first_day=MORNING.date(),
            last_day=MORNING.date() + timedelta(days=9),
        ),
        escalation_id=escalation,
        **await gathering_doors.build(scene, squad, project, person, SECRET),
        **await meeting_doors.meeting(scene, squad, person, SECRET),
        **await oneonone_doors.one_on_one(scene, squad, person, SECRET),
        rework_id=await scene.insert(
            Rework,
            project_id=project,
            squad_id=squad,
            contributor_id=person,
            submission_id=submission,
            chain_id=chain,
            audit_id=audit,
            state="open",
            opened_at=at,
        ),
        case_id=await scene.insert(
            StatusCase,
            squad_id=squad,
            person_id=person,
            status="probation",
            before="active",
            kind="conduct",
            reason=SECRET,
            state="proposed",
            proposed_by=person,
            proposed_at=at,
        ),
        poll_id=await pulse_doors.add(scene, squad, person, SECRET),
        blocker_id=await scene.insert(
            Blocker,
            squad_id=squad,
            person_id=person,
            kind="tool_down",
            note=SECRET,
            opened_at=at,
            closed_at=MORNING + timedelta(hours=8),
            lost_s=0,
        ),
        verified_id=await elsewhere_digests.kept(scene, squad, project, person, SECRET),
        question_id=await scene.insert(
            Question,
            escalation_id=escalation,
            squad_id=squad,
            project_id=project,
            asker_id=person,
            text=SECRET,
            via="command",
            private=True,
            asked_at=at,
            channel=scene.team.id,
            outcome="none",
            passages=[],
        ),
    )


@dataclass
class _Known:
    id: str


_SQUAD = {
    "name": "Heron",
    "state": "rehearsal",
    "individual_figures": "self+managers",
    "language": "en",
    "zone": "Europe/London",
    "working_days": "01234",
    "work_start": MORNING.time(),
    "work_end": MORNING.replace(hour=17).time(),
}


def buttons(of: Elsewhere, file: str = "F1") -> dict[str, str]:
    """Every button that carries an id, with one from elsewhere; the file is one's own."""
    rows = imports.ImportFile(
        file=file, kind=FileKind.SUBMISSIONS, squad=of.squad_id, project=of.project_id
    ).encode()
    told = coaching.About(coaching_id=of.coaching_id)
    asked = questions.AboutQuestion(question_id=of.question_id).encode()
    waiting = escalations.AboutAsked(question_id=of.question_id).encode()
    case = duty.AboutCase(escalation_id=of.escalation_id).encode()
    stuck = blockers.AboutBlocker(blocker_id=of.blocker_id, here=True).encode()
    picked = blockers.Picked(squad_id=of.squad_id, kind=BlockerKind.TOOL_DOWN).encode()
    return {
        blockers.NO_WORK: picked,
        blockers.TOOL_DOWN: picked,
        blockers.NO_ACCESS: picked,
        blockers.AGAIN: picked,
        blockers.RESUME: stuck,
        blockers.TAKE: stuck,
        blockers.DONE: stuck,
        blockers.SHOW: stuck,
        **audit_doors.buttons(of),
        coaching.READ: told.encode(),
        coaching.THANK: told.encode(),
        coaching.SHARE: told.encode(),
        imports.CHOOSE: rows,
        imports.RUN: rows,
        home.REHEARSED: home.Rehearsed(squad_id=of.squad_id).encode(),
        project_views.OPEN: project_views.OpenProject(
            squad_id=of.squad_id, project_id=of.project_id
        ).encode(),
        duty.ANSWER: case,
        duty.CLAIM: case,
        duty.HAND_ON: case,
        duty.SAME: case,
        duty.SHOW: case,
        escalations.JOIN: escalations.Joining(
            question_id=of.question_id, escalation_id=of.escalation_id
        ).encode(),
        escalations.OPEN: waiting,
        escalations.WITHDRAW: waiting,
        questions.HELPFUL: asked,
        questions.UNHELPFUL: asked,
        questions.SHARE: asked,
        questions.SHOW: asked,
        questions.PROJECT: questions.Chosen(
            question_id=of.question_id, squad_id=of.squad_id, project_id=of.project_id
        ).encode(),
        **statuses.buttons(of),
        squads.LIVE: squads.GoLive(squad_id=of.squad_id).encode(),
        **schedule_doors.buttons(of),
        standing.PEOPLE: standing.OfSquad(squad_id=of.squad_id).encode(),
        **elsewhere_digests.buttons(of),
        **gathering_doors.buttons(of),
        **meeting_doors.buttons(of),
        **oneonone_doors.buttons(of),
        **pack_doors.buttons(of),
        gaps.SHOW: gaps.AboutGap(squad_id=of.squad_id, key="0" * 16).encode(),
        gaps.WEEK: gaps.AboutSquad(squad_id=of.squad_id).encode(),
        **pulse_doors.buttons(of.poll_id),
        verified.LOOK: verified.AboutVerified(verified_id=of.verified_id).encode(),
        timeoff.CANCEL: timeoff.CancelTimeOff(absence_id=of.absence_id).encode(),
    }


# These carry no id: the form one opens is one's own, and the next row belongs to an open form.
WITHOUT_ID = {privacy.EXPORT, timeoff.OPEN, audits.MORE, blockers.ASK, reworks.MINE}


def forms(of: Elsewhere) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form that says in secret what it is about: what it says, and what is typed."""
    member = coaching.Member(squad_id=of.squad_id, person_id=of.person_id).encode()
    return {
        **elsewhere_digests.forms(of),
        **gathering_doors.forms(of),
        **meeting_doors.forms(of),
        **oneonone_doors.forms(of),
        **pack_doors.forms(of),
        **audit_doors.forms(of),
        coaching.FORM: (
            coaching.Prefilled(member=member, kind=CoachingKind.FEEDBACK, body="x").encode(),
            {"coach_body": "words"},
        ),
        project_views.FORM: (
            project_views.ProjectMeta(
                squad_id=of.squad_id, project_id=of.project_id, name="Mine"
            ).encode(),
            {},
        ),
        duty.ANSWER_FORM: (duty.AboutCase(escalation_id=of.escalation_id).encode(), WORDS),
        duty.HAND_ON_FORM: (duty.AboutCase(escalation_id=of.escalation_id).encode(), {}),
        duty.SAME_FORM: (duty.AboutCase(escalation_id=of.escalation_id).encode(), {}),
        edge_cases.FORM: (
            edge_cases.EdgeMeta(squad_id=of.squad_id, project_id=of.project_id).encode(),
            {TITLE_FIELD: "words", RULING_FIELD: "words"},
        ),
        verified.FORM: (verified.AboutVerified(verified_id=of.verified_id).encode(), {}),
        duty.TERMS_FORM: (duty.TermsOf(squad_id=of.squad_id).encode(), {}),
        escalations.FORM: (escalations.AboutAsked(question_id=of.question_id).encode(), {}),
        questions.MISSING_FORM: (
            questions.AboutQuestion(question_id=of.question_id).encode(),
            {MISSING_FIELD: "words"},
        ),
        **statuses.forms(of),
        squad_forms.SETTINGS: (squad_forms.SettingsForm(squad_id=of.squad_id).encode(), {}),
        **schedule_doors.forms(of),
    }


# One makes a squad of one's own, the other lists one's own days.
OWN_FORMS = gathering_doors.NEW | {
    pulse_doors.NEW,
    pulse_doors.REPLY,
    quiet.FORM,
    squad_forms.CREATE,
    timeoff.FORM,
}
