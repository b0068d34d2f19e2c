"""Buttons and forms with ids of another squad, or another workspace, open and change nothing.

What a button carries is a hint that years and copies may have made wrong; nothing is read or
written on its word. Each listener is tried with real ids that are not for whoever clicks.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.coaching import CoachingKind
from bot.rules.findings import FINDINGS_FIELD, field_of
from bot.rules.intake import FileKind
from bot.rules.questions import MISSING_FIELD
from bot.views import (
    audits,
    coaching,
    findings,
    home,
    imports,
    questions,
    squad_forms,
    squads,
    timeoff,
)
from bot.views import projects as project_views
from handlers.features import doors
from models import (
    Audit,
    AuditChain,
    Base,
    Category,
    Coaching,
    Dispute,
    Finding,
    Member,
    MemberRole,
    Person,
    Project,
    Question,
    Squad,
    SquadProject,
    TimeOff,
    Workspace,
)
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene

SECRET = "quokka"
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
    coaching_id: int
    absence_id: int
    question_id: int


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


@pytest.fixture(params=["squad", "workspace"])
async def elsewhere(request: pytest.FixtureRequest, scene: Scene) -> Elsewhere:
    """The other squad: in our workspace, or in another one that the same database serves."""
    if request.param == "squad":
        return await _build(scene)
    async with scene.house.database.write() as tx:
        values = {"team_id": "T0OTHER", "name": "Other", "created_at": YESTERDAY}
        statement = Workspace.__table__.insert().values(**values).returning(Workspace.id)
        workspace_id = int((await tx.execute(statement)).scalar_one())
    return await _build(replace(scene, house=replace(scene.house, workspace_id=workspace_id)))


async def _build(scene: Scene) -> Elsewhere:
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
    told = {"squad_id": squad, "person_id": person, "by_id": person, "created_at": at}
    return Elsewhere(
        squad_id=squad,
        project_id=project,
        person_id=person,
        submission_id=submission,
        audit_id=audit,
        dispute_id=dispute,
        coaching_id=await scene.insert(Coaching, **told, kind="praise", body=SECRET),
        absence_id=await scene.insert(
            TimeOff,
            person_id=person,
            reason=SECRET,
            created_at=at,
            first_day=MORNING.date(),
            last_day=MORNING.date() + timedelta(days=9),
        ),
        question_id=await scene.insert(
            Question,
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
    about = findings.About(audit_id=of.audit_id)
    told = coaching.About(coaching_id=of.coaching_id)
    asked = questions.AboutQuestion(question_id=of.question_id).encode()
    return {
        audits.CHOOSE: audits.Chosen(submission_id=of.submission_id).encode(),
        findings.READ: about.encode(),
        findings.ACKNOWLEDGE: about.encode(),
        findings.DISPUTE: about.encode(),
        findings.OPEN_DISPUTE: findings.AboutDispute(dispute_ids=[of.dispute_id]).encode(),
        coaching.READ: told.encode(),
        coaching.THANK: told.encode(),
        coaching.SHARE: told.encode(),
        imports.CHOOSE: rows,
        imports.RUN: rows,
        home.REHEARSED: home.Rehearsed(squad_id=of.squad_id).encode(),
        project_views.OPEN: project_views.OpenProject(
            squad_id=of.squad_id, project_id=of.project_id
        ).encode(),
        questions.HELPFUL: asked,
        questions.UNHELPFUL: asked,
        questions.SHARE: asked,
        questions.SHOW: asked,
        questions.PROJECT: questions.Chosen(
            question_id=of.question_id, squad_id=of.squad_id, project_id=of.project_id
        ).encode(),
        squads.LIVE: squads.GoLive(squad_id=of.squad_id).encode(),
        timeoff.CANCEL: timeoff.CancelTimeOff(absence_id=of.absence_id).encode(),
    }


# These carry no id: the form one opens is one's own, and the next row belongs to an open form.
WITHOUT_ID = {timeoff.OPEN, audits.MORE}


def forms(of: Elsewhere) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form that says in secret what it is about: what it says, and what is typed."""
    member = coaching.Member(squad_id=of.squad_id, person_id=of.person_id).encode()
    return {
        audits.FORM: (audits.FormState(submission_id=of.submission_id).encode(), {}),
        findings.DISPUTE_FORM: (
            findings.About(audit_id=of.audit_id).encode(),
            {"dispute_reason": "no"},
        ),
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
        questions.MISSING_FORM: (
            questions.AboutQuestion(question_id=of.question_id).encode(),
            {MISSING_FIELD: "words"},
        ),
        squad_forms.SETTINGS: (squad_forms.SettingsForm(squad_id=of.squad_id).encode(), {}),
    }


# One makes a squad of one's own, the other lists one's own days.
OWN_FORMS = {squad_forms.CREATE, timeoff.FORM}


async def everything(scene: Scene) -> dict[str, list[Any]]:
    async with scene.house.database.read() as connection:
        return {
            table.name: [tuple(row) for row in await connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def said(scene: Scene, user: Any) -> str:
    """All that a person can read now, anywhere."""
    slack = scene.house.slack
    seen = [*slack.ephemerals(scene.team, user), *slack.dm(user)]
    return "\n".join([*(each.shown for each in seen), *(view.shown for view in slack.views(user))])


def test_every_button_and_form_is_tried() -> None:
    of = Elsewhere(**dict.fromkeys(Elsewhere.__dataclass_fields__, 1))
    tables = doors()
    assert set(buttons(of)) | WITHOUT_ID == set(tables.clicks)
    assert set(forms(of)) | OWN_FORMS == set(tables.forms)


@pytest.mark.parametrize("who", ["mia", "ana", "oz"])
async def test_no_button_opens_or_changes_what_is_not_ours(
    scene: Scene, elsewhere: Elsewhere, who: str
) -> None:
    user = getattr(scene, who)
    slack = scene.house.slack
    await scene.house.command(user, "/muster", channel=scene.team)
    (message,) = slack.ephemerals(scene.team, user)
    rows = f"task,contributor,submitted_at\nX-9,{user.name},2026-03-09T10:00:00Z\n".encode()
    await slack.drop_file("rows.csv", rows, user=user).deliver(scene.house.app)
    (file,) = slack.files
    before = await everything(scene)
    for action_id, value in buttons(elsewhere, file).items():
        told = said(scene, user)
        await slack.click(message, action_id, user, old_value=value).deliver(scene.house.app)
        answer = said(scene, user).removeprefix(told)
        assert answer, action_id
        assert SECRET not in answer, action_id
        assert "reference" not in answer, action_id
        assert slack.views(user) == [], action_id
    assert await everything(scene) == before


async def test_no_form_changes_what_is_not_ours(scene: Scene, elsewhere: Elsewhere) -> None:
    slack = scene.house.slack
    await scene.submission("T-1", scene.ana)
    await rejected(scene)
    for callback_id, (metadata, values) in forms(elsewhere).items():
        user = scene.ana if callback_id == findings.DISPUTE_FORM else scene.mia
        view = await _opened(scene, callback_id)
        view.body["private_metadata"] = metadata
        if callback_id == coaching.FORM:  # here it is the menu that says whom it is about
            member = coaching.Prefilled.decode(metadata).member
            element = view.blocks[0]["element"]
            for option in (element["options"][0], element["initial_option"]):
                option["value"] = member
        before = await everything(scene)
        done = await slack.submit(view, user, values).deliver(scene.house.app)
        answer = f"{done.errors or slack.views(user)[-1].shown}"
        assert answer, callback_id
        assert SECRET not in answer, callback_id
        assert "reference" not in answer, callback_id
        assert await everything(scene) == before, callback_id
        slack.stacks[user.id].clear()


async def rejected(scene: Scene) -> None:
    """Tell Ana of a finding in work of hers."""
    house = scene.house
    await house.command(scene.abe, "/audit", "T-1", scene.team)
    note = {"verdict": "rejected", field_of(0, "category"): str(scene.categories["Loose box"])}
    note |= {field_of(0, "note"): "too loose", field_of(0, "section"): "4.2"}
    await house.submit(house.slack.views(scene.abe)[-1], scene.abe, note)
    await house.drain()


async def _opened(scene: Scene, callback_id: str) -> Any:
    """Open a form of the scene's own, as a starting point for a forged one."""
    slack, house = scene.house.slack, scene.house
    if callback_id == findings.DISPUTE_FORM:
        await house.click(slack.dm(scene.ana)[-1], findings.DISPUTE, scene.ana)
        view = slack.views(scene.ana)[-1]
        chosen = next(each for each in view.blocks if each.get("block_id") == FINDINGS_FIELD)
        slack.fill(view, {FINDINGS_FIELD: [chosen["element"]["options"][0]["value"]]})
        return view
    if callback_id == questions.MISSING_FORM:
        await house.command(scene.mia, "/ask", "Are trams boxed?", scene.team)
        asked = (await scene.rows(Question))[-1]
        shown = slack.ephemerals(scene.team, scene.mia)[-1]
        value = questions.AboutQuestion(question_id=asked.id).encode()
        click = slack.click(shown, questions.UNHELPFUL, scene.mia, old_value=value)
        await click.deliver(house.app)
        return slack.views(scene.mia)[-1]
    name, text = {
        audits.FORM: ("/audit", "T-1"),
        coaching.FORM: ("/coach", f"<@{scene.ana.id}>"),
        project_views.FORM: ("/squad", "project"),
        squad_forms.SETTINGS: ("/squad", "settings"),
    }[callback_id]
    await house.command(scene.mia, name, text, scene.team)
    return slack.views(scene.mia)[-1]


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("/audit", "X-1"),
        ("/audit", "X-1 in Heron"),
        ("/squad", "list Heron"),
        ("/squad", "rehearsal Heron"),
        ("/squad", "live Heron"),
        ("/squad", "settings Heron"),
        ("/squad", "project in Heron"),
        ("/squad", "schedule Heron"),
        ("/digest", "now Heron"),
    ],
)
async def test_no_command_names_its_way_elsewhere(
    scene: Scene, elsewhere: Elsewhere, command: str, text: str
) -> None:
    assert elsewhere
    before = await everything(scene)
    await scene.house.command(scene.mia, command, text, scene.team)
    answer = said(scene, scene.mia)
    assert answer
    assert SECRET not in answer
    assert "reference" not in answer
    assert await everything(scene) == before
