"""How tests propose, confirm and answer a change of status."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.rules.people import Status
from bot.rules.status_cases import ANSWER_FIELD, KIND_FIELD, REASON_FIELD
from bot.views import status_cases, status_forms
from models import Admin, Audit, AuditChain, Member, MemberRole, Squad, StatusCase
from tests.harness import MORNING
from tests.scenes import Scene

STATUS_FORMS = (status_forms.FORM, status_forms.DECLINE_FORM, status_forms.ANSWER_FORM)
REASON = "Three deadlines were missed without a word."


def buttons(of: Any) -> dict[str, str]:
    """Every button about a case elsewhere: what it carries."""
    ours = (
        status_cases.SHOW,
        status_cases.CONFIRM,
        status_cases.DECLINE,
        status_cases.WITHDRAW,
        status_cases.ANSWER,
        status_cases.LIFT,
    )
    return dict.fromkeys(ours, status_cases.AboutCase(case_id=of.case_id).encode())


def forms(of: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every form about a case elsewhere: what it says in secret, and what is typed."""
    about = status_cases.AboutCase(case_id=of.case_id).encode()
    proposed = status_forms.CaseForm(
        squad_id=of.squad_id, person_id=of.person_id, status=Status.PROBATION
    )
    return {
        status_forms.FORM: (proposed.encode(), {REASON_FIELD: "words"}),
        status_forms.DECLINE_FORM: (about, {}),
        status_forms.ANSWER_FORM: (about, {ANSWER_FIELD: "words"}),
    }


async def add_member(scene: Scene, user: Any, role: str) -> int:
    """Put somebody into the scene's squad; returns the membership's key."""
    member = await scene.insert(
        Member,
        squad_id=scene.squad_id,
        person_id=scene.person(user),
        status="active",
        joined_at=MORNING,
    )
    return await scene.insert(MemberRole, member_id=member, role=role)


async def audits_of(scene: Scene, user: Any, accepted: int, rejected: int) -> None:
    """Let random audits of somebody's work be there, and a target of 92 %."""
    async with scene.house.database.write() as tx:
        await tx.execute(Squad.__table__.update().values(quality_target=0.92))
    for n in range(accepted + rejected):
        at = MORNING - timedelta(days=2, minutes=n)
        work = await scene.submission(f"R-{user.id}-{n}", user)
        chain = await scene.insert(
            AuditChain, submission_id=work, origin="random", weight=1.0, opened_at=at
        )
        await scene.insert(
            Audit,
            project_id=scene.project_id,
            squad_id=scene.squad_id,
            submission_id=work,
            chain_id=chain,
            contributor_id=scene.person(user),
            auditor_id=scene.person(scene.abe),
            step="draw",
            origin="random",
            verdict="accepted" if n < accepted else "rejected",
            errors=0 if n < accepted else 1,
            weight=1.0,
            scoring=True,
            imported=True,
            audited_at=at,
        )


async def proposal_form(scene: Scene, user: Any = None, text: str = "probation") -> Any:
    """Open the form about Ana; None if none was opened."""
    user = user or scene.mia
    scene.house.slack.stacks.pop(user.id, None)
    verb, _, rest = text.partition(" ")
    typed = f"{verb} <@{scene.ana.id}> {rest}".strip()
    await scene.house.command(user, "/squad", typed, scene.team)
    opened = scene.house.slack.views(user)
    return opened[-1] if opened else None


async def propose(
    scene: Scene, kind: str = "conduct", *, user: Any = None, text: str = "probation"
) -> Any:
    """Propose something for Ana; returns what became of the form."""
    user = user or scene.mia
    view = await proposal_form(scene, user, text)
    return await scene.house.submit(view, user, {KIND_FIELD: kind, REASON_FIELD: REASON})


async def confirmed(scene: Scene, kind: str = "conduct", text: str = "probation") -> Any:
    """Let Oz, a second manager, confirm what Mia proposes; returns Ana's message."""
    await add_member(scene, scene.oz, "manager")
    await propose(scene, kind, text=text)
    await scene.house.drain()
    await scene.house.click(scene.house.slack.dm(scene.oz)[-1], status_cases.CONFIRM, scene.oz)
    await scene.house.drain()
    return scene.house.slack.dm(scene.ana)[-1]


async def status_of(scene: Scene, user: Any) -> str:
    async with scene.house.database.read() as connection:
        found = await connection.scalar(
            select(Member.status).where(Member.person_id == scene.person(user))
        )
    return str(found)


async def opened_status_form(scene: Scene, callback_id: str) -> Any:
    """Open one of the forms, as a starting point for a forged one."""
    house, slack = scene.house, scene.house.slack
    if not await scene.rows(Admin):
        await scene.insert(Admin, person_id=scene.person(scene.oz), created_at=MORNING)
    if callback_id == status_forms.FORM:
        view = await proposal_form(scene)
        slack.fill(view, {KIND_FIELD: "conduct"})
        return view
    about = {"state": "proposed", "proposed_by": scene.person(scene.oz), "person": scene.ana}
    if callback_id == status_forms.ANSWER_FORM:
        about = {"state": "in_force", "proposed_by": scene.person(scene.abe), "person": scene.mia}
    person = about.pop("person")
    case_id = await scene.insert(
        StatusCase,
        squad_id=scene.squad_id,
        person_id=scene.person(person),
        status="probation",
        before="active",
        kind="conduct",
        reason="x",
        proposed_at=MORNING,
        **about,
    )
    await house.command(scene.mia, "/muster", channel=scene.team)
    shown = slack.ephemerals(scene.team, scene.mia)[-1]
    value = status_cases.AboutCase(case_id=case_id).encode()
    forms = {
        status_forms.DECLINE_FORM: status_cases.DECLINE,
        status_forms.ANSWER_FORM: status_cases.ANSWER,
    }
    click = slack.click(shown, forms[callback_id], scene.mia, old_value=value)
    await click.deliver(house.app)
    return slack.views(scene.mia)[-1]
