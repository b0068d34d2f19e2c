"""Buttons and forms with ids of another squad, or another workspace, open and change nothing.

What a button carries is a hint that years and copies may have made wrong; nothing is read or
written on its word. Each listener is tried with real ids that are not for whoever clicks.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.rules.findings import FINDINGS_FIELD, field_of
from bot.views import (
    audits,
    client_pages,
    coaching,
    disputes,
    duty,
    edge_cases,
    escalations,
    findings,
    questions,
    reworks,
    rulings,
    squad_forms,
    verified,
)
from bot.views import projects as project_views
from handlers.features import doors
from models import (
    Base,
    Escalation,
    Question,
    VerifiedAnswer,
    Workspace,
)
from tests.handlers import (
    gathering_doors,
    meeting_doors,
    oneonone_doors,
    pack_doors,
    schedule_doors,
    sitting_doors,
)
from tests.handlers.elsewhere import (
    OWN_FORMS,
    SECRET,
    WITHOUT_ID,
    YESTERDAY,
    Elsewhere,
    build,
    buttons,
    forms,
)
from tests.handlers.statuses import STATUS_FORMS, opened_status_form
from tests.harness import MORNING, House
from tests.scenes import Scene, open_scene


@pytest.fixture
async def scene(house: House) -> Scene:
    return await open_scene(house)


@pytest.fixture(params=["squad", "workspace"])
async def elsewhere(request: pytest.FixtureRequest, scene: Scene) -> Elsewhere:
    """The other squad: in our workspace, or in another one that the same database serves."""
    if request.param == "squad":
        return await build(scene)
    async with scene.house.database.write() as tx:
        values = {"team_id": "T0OTHER", "name": "Other", "created_at": YESTERDAY}
        statement = Workspace.__table__.insert().values(**values).returning(Workspace.id)
        workspace_id = int((await tx.execute(statement)).scalar_one())
    return await build(replace(scene, house=replace(scene.house, workspace_id=workspace_id)))


def everything(scene: Scene) -> dict[str, list[Any]]:
    """All rows there are, read past SQLAlchemy, for it is done hundreds of times."""
    with closing(sqlite3.connect(str(scene.house.database.url.database))) as connection:
        return {
            table.name: connection.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608
            for table in Base.metadata.sorted_tables
        }


def heard(scene: Scene, user: Any) -> tuple[int, list[str]]:
    """What a person has been told: how often in passing, and what stands where it stays."""
    slack = scene.house.slack
    passing = slack.ephemerals(scene.team, user)
    return len(passing), [each.shown for each in (*passing[:1], *slack.dm(user))]


def said(scene: Scene, user: Any, since: tuple[int, Sequence[str]] = (0, ())) -> str:
    """All that a person can read, anywhere, but what they had before."""
    slack = scene.house.slack
    passing, kept = since[0], list(since[1])
    seen = [each.shown for each in slack.ephemerals(scene.team, user)[passing:]]
    # The first of those in passing is the one with all the buttons.
    messages = [*heard(scene, user)[1]]
    seen += messages[len(kept) :] if messages[: len(kept)] == kept else messages
    return "\n".join([*seen, *(view.shown for view in slack.views(user))])


def test_every_button_and_form_is_tried() -> None:
    of = Elsewhere(**dict.fromkeys(Elsewhere.__dataclass_fields__, 1))
    tables = doors()
    sat = set(sitting_doors.buttons()) | sitting_doors.IN_FORMS
    assert set(buttons(of)) | WITHOUT_ID | sat == set(tables.clicks)
    assert set(forms(of)) | OWN_FORMS | set(sitting_doors.FORMS) == set(tables.forms)


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
    before = everything(scene)
    for action_id, value in {**buttons(elsewhere, file), **sitting_doors.buttons()}.items():
        before_it = heard(scene, user)
        await slack.click(message, action_id, user, old_value=value).deliver(scene.house.app)
        answer = said(scene, user, before_it)
        assert answer, action_id
        assert SECRET not in answer, action_id
        assert "reference" not in answer, action_id
        assert slack.views(user) == [], action_id
    assert everything(scene) == before


async def test_no_form_changes_what_is_not_ours(scene: Scene, elsewhere: Elsewhere) -> None:
    slack = scene.house.slack
    await scene.submission("T-1", scene.ana)
    await rejected(scene)
    for callback_id, (metadata, values) in {**forms(elsewhere), **sitting_doors.forms()}.items():
        theirs = {disputes.FORM, disputes.AGAIN_FORM, reworks.FORM}
        user = scene.ana if callback_id in theirs else scene.mia
        opens = gathering_doors.opened if callback_id in gathering_doors.FORMS else _opened
        opens = meeting_doors.opened if callback_id in meeting_doors.FORMS else opens
        opens = oneonone_doors.opened if callback_id in oneonone_doors.FORMS else opens
        opens = pack_doors.opened if callback_id in pack_doors.FORMS else opens
        view = await opens(scene, callback_id)
        view.body["private_metadata"] = metadata
        if callback_id == coaching.FORM:  # here it is the menu that says whom it is about
            member = coaching.Prefilled.decode(metadata).member
            element = view.blocks[0]["element"]
            for option in (element["options"][0], element["initial_option"]):
                option["value"] = member
        before = everything(scene)
        done = await slack.submit(view, user, values).deliver(scene.house.app)
        answer = f"{done.errors or slack.views(user)[-1].shown}"
        assert answer, callback_id
        assert SECRET not in answer, callback_id
        assert "reference" not in answer, callback_id
        assert everything(scene) == before, callback_id
        slack.stacks[user.id].clear()


async def rejected(scene: Scene) -> None:
    """Tell Ana of a finding in work of hers."""
    house = scene.house
    await house.command(scene.abe, "/audit", "T-1", scene.team)
    note = {"verdict": "rejected", field_of(0, "category"): str(scene.categories["Loose box"])}
    note |= {field_of(0, "note"): "too loose", field_of(0, "section"): "4.2"}
    await house.submit(house.slack.views(scene.abe)[-1], scene.abe, note)
    await house.drain()


async def _kept_form(scene: Scene) -> Any:
    """Open the form about an answer that Mia verified."""
    slack, house = scene.house.slack, scene.house
    kept = await scene.insert(
        VerifiedAnswer,
        project_id=scene.project_id,
        squad_id=scene.squad_id,
        question="Q",
        answer="A",
        verifier_id=scene.person(scene.mia),
        state="used",
        verified_at=MORNING,
        expires_at=MORNING + timedelta(days=90),
        created_at=MORNING,
    )
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    value = verified.AboutVerified(verified_id=kept).encode()
    await slack.click(shown, verified.LOOK, scene.mia, old_value=value).deliver(house.app)
    return slack.views(scene.mia)[-1]


async def _case_form(scene: Scene, callback_id: str) -> Any:
    """Open a form about two questions that the scene's own squad was asked."""
    slack, house = scene.house.slack, scene.house
    if not any(row.squad_id == scene.squad_id for row in await scene.rows(Escalation)):
        await house.command(scene.mia, "/squad", f"add <@{scene.oz.id}> delivery", scene.team)
        for text in ("Are trams boxed?", "Are boats boxed?"):
            await house.command(scene.ana, "/ask", text, scene.team)
            shown = slack.ephemerals(scene.team, scene.ana)[-1]
            await house.click(shown, escalations.OPEN, scene.ana)
            await house.submit(slack.views(scene.ana)[-1], scene.ana, {})
    case = next(row for row in await scene.rows(Escalation) if row.squad_id == scene.squad_id)
    value = duty.AboutCase(escalation_id=case.id).encode()
    action = {
        duty.ANSWER_FORM: duty.ANSWER,
        duty.HAND_ON_FORM: duty.HAND_ON,
        duty.SAME_FORM: duty.SAME,
    }[callback_id]
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    await slack.click(shown, action, scene.mia, old_value=value).deliver(house.app)
    view = slack.views(scene.mia)[-1]
    if callback_id == duty.SAME_FORM:
        same = next(each for each in view.blocks if each.get("block_id") == "same")
        slack.fill(view, {"same": same["element"]["options"][0]["value"]})
    return view


async def _appeal_form(scene: Scene, callback_id: str) -> Any:
    slack = scene.house.slack
    message = next(each for each in slack.dm(scene.ana) if findings.DISPUTE in each.actions)
    await scene.house.click(message, findings.DISPUTE, scene.ana)
    view = slack.views(scene.ana)[-1]
    view.body["callback_id"] = callback_id  # that of a second opinion has the same fields
    chosen = next(each for each in view.blocks if each.get("block_id") == FINDINGS_FIELD)
    slack.fill(view, {FINDINGS_FIELD: [chosen["element"]["options"][0]["value"]]})
    return view


async def _ruling_form(scene: Scene) -> Any:
    view = await _appeal_form(scene, disputes.FORM)
    await scene.house.submit(view, scene.ana, {"dispute_reason": "no"})
    await scene.house.open_home(scene.mia)
    await scene.house.drain()
    await scene.house.click(scene.house.slack.home(scene.mia), rulings.OPEN, scene.mia)
    return scene.house.slack.views(scene.mia)[-1]


async def _opened(scene: Scene, callback_id: str) -> Any:  # noqa: C901, PLR0911 - one a form
    """Open a form of the scene's own, as a starting point for a forged one."""
    slack, house = scene.house.slack, scene.house
    if callback_id == reworks.FORM:
        message = next(each for each in slack.dm(scene.ana) if reworks.FIX in each.actions)
        await house.click(message, reworks.FIX, scene.ana)
        return slack.views(scene.ana)[-1]
    if callback_id in {disputes.FORM, disputes.AGAIN_FORM}:
        return await _appeal_form(scene, callback_id)
    if callback_id == rulings.FORM:
        return await _ruling_form(scene)
    if callback_id == verified.FORM:
        return await _kept_form(scene)
    if callback_id == client_pages.FORM:
        await house.command(scene.mia, "/digest", "client", scene.team)
        await house.click(slack.ephemerals(scene.team, scene.mia)[-1], client_pages.OPEN, scene.mia)
        return slack.views(scene.mia)[-1]
    if callback_id in sitting_doors.FORMS:
        return await sitting_doors.opened(scene, callback_id)
    if callback_id in STATUS_FORMS:
        return await opened_status_form(scene, callback_id)
    if callback_id in {duty.ANSWER_FORM, duty.HAND_ON_FORM, duty.SAME_FORM}:
        return await _case_form(scene, callback_id)
    if callback_id in {questions.MISSING_FORM, escalations.FORM}:
        await house.command(scene.mia, "/ask", "Are trams boxed?", scene.team)
        asked = (await scene.rows(Question))[-1]
        shown = slack.ephemerals(scene.team, scene.mia)[-1]
        action, value = {
            questions.MISSING_FORM: (
                questions.UNHELPFUL,
                questions.AboutQuestion(question_id=asked.id).encode(),
            ),
            escalations.FORM: (
                escalations.OPEN,
                escalations.AboutAsked(question_id=asked.id).encode(),
            ),
        }[callback_id]
        click = slack.click(shown, action, scene.mia, old_value=value)
        await click.deliver(house.app)
        return slack.views(scene.mia)[-1]
    if callback_id in schedule_doors.FORMS:
        return await schedule_doors.opened(scene, callback_id)
    name, text = {
        audits.FORM: ("/audit", "T-1"),
        coaching.FORM: ("/coach", f"<@{scene.ana.id}>"),
        project_views.FORM: ("/squad", "project"),
        squad_forms.SETTINGS: ("/squad", "settings"),
        duty.TERMS_FORM: ("/squad", "questions"),
        edge_cases.FORM: ("/log", "edge"),
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
    before = everything(scene)
    await scene.house.command(scene.mia, command, text, scene.team)
    answer = said(scene, scene.mia)
    assert answer
    assert SECRET not in answer
    assert "reference" not in answer
    assert everything(scene) == before
