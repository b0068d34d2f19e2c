"""`/squad probation|offboard|pause|reinstate` and what follows: confirmed, declined, answered."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands, squad_input
from bot.rules.commands import Via
from bot.rules.people import Status
from bot.rules.squads import Where
from bot.rules.status_cases import (
    ANSWER_FIELD,
    KIND_FIELD,
    REASON_FIELD,
    REMARK_FIELD,
    Case,
    CaseKind,
    Proposal,
)
from bot.views import commands as command_views
from bot.views import status_cases as views
from bot.views import status_forms as forms
from bot.views.blocks import View
from handlers import fields, members
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form


def register(doors: Doors) -> None:
    """Register the forms and buttons; the commands are parts of `/squad`."""
    doors.form(forms.FORM, propose)
    doors.click(views.SHOW, show)
    doors.click(views.CONFIRM, confirm)
    doors.click(views.DECLINE, open_decline)
    doors.form(forms.DECLINE_FORM, decline)
    doors.click(views.WITHDRAW, withdraw)
    doors.click(views.ANSWER, open_answer)
    doors.form(forms.ANSWER_FORM, answer)
    doors.click(views.LIFT, lift)


async def probation(command: Command, container: Container, text: str) -> None:
    """Open the form that proposes probation: `@ana [in SQUAD]`, or a name not in Slack."""
    await _open(command, container, text, Status.PROBATION)


async def offboard(command: Command, container: Container, text: str) -> None:
    """Open the form that proposes to offboard somebody: `@ana [in SQUAD]`."""
    await _open(command, container, text, Status.OFFBOARDED)


async def pause(command: Command, container: Container, text: str) -> None:
    """Pause somebody for a coded reason, or open the form of a pause for quality.

    `@ana leave [in SQUAD]` is the same as `/squad status @ana paused leave`.
    """
    named = squad_input.squad_at_end(text, arguments=True)
    words = commands.without_mentions(named.text).split()
    mentioned = " ".join(f"<@{user}>" for user in commands.users(named.text))
    squad = f" in {named.squad}" if named.squad else ""
    if words and words[-1].casefold() == CaseKind.QUALITY.value:
        whom = f"{mentioned} {' '.join(words[:-1])}".strip()
        await _open(command, container, f"{whom}{squad}", Status.PAUSED)
        return
    typed = f"{mentioned} {Status.PAUSED.value} {' '.join(words)}".strip() + squad
    await members.status(command, container, typed)


async def reinstate(command: Command, container: Container, text: str) -> None:
    """Set somebody active again: `@ana [in SQUAD]`."""
    if await _carried_out_privately(command):
        return
    where, user_id, name = _named(command, text)
    squad, person, before = await container.services.status_cases.reinstate(
        command.caller, where, user_id, name
    )
    await command.reply.privately(views.reinstated(command.words, squad, person, before))


async def _open(command: Command, container: Container, text: str, status: Status) -> None:
    if await _carried_out_privately(command):
        return
    where, user_id, name = _named(command, text)
    sheet = await container.services.status_cases.sheet(
        command.caller, where, user_id, status, name
    )
    await command.reply.open(forms.form(command.words, sheet))


async def _carried_out_privately(command: Command) -> bool:
    """Offer a button instead where others read what was typed; tell whether that was done."""
    if command.via is not Via.MENTION:
        return False
    shown = command_views.continue_privately(command.words, "squad", command.text)
    await command.reply.privately(shown)
    return True


def _named(command: Command, text: str) -> tuple[Where, str | None, str]:
    """Return the squad and the one person, by mention or by name. Raises BadInput("case_whom")."""
    named = squad_input.squad_at_end(text, arguments=True)
    mentioned = commands.users(named.text)
    name = commands.unescape(commands.without_mentions(named.text)).strip().strip('"“”„').strip()
    if len(mentioned) > 1 or bool(mentioned) == bool(name):
        raise BadInput("case_whom")
    return Where(named=named.squad, channel=command.channel), next(iter(mentioned), None), name


async def propose(form: Form, container: Container) -> Answer:
    """Store the proposal, and ask whoever may confirm it."""
    about = forms.CaseForm.decode(form.metadata)
    chosen = fields.text(form.values.get(KIND_FIELD))
    if chosen not in set(CaseKind):
        raise BadInput("case_kind", field=KIND_FIELD)
    wanted = Proposal(
        squad_id=about.squad_id,
        person_id=about.person_id,
        status=about.status,
        kind=CaseKind(chosen),
        reason=fields.text(form.values.get(REASON_FIELD)),
    )
    case, people = await container.services.status_cases.propose(form.caller, wanted, form.key)
    return Answer(update=forms.proposed(form.words, case, people))


async def show(click: Click, container: Container) -> None:
    """Show a case from Home or from a line of Today."""
    about = views.AboutCase.decode(click.value)
    case = await container.services.status_cases.read(click.caller, about.case_id)
    await click.reply.open(views.shown(click.words, case, container.clock.now()))


async def confirm(click: Click, container: Container) -> None:
    """Put a proposal in force."""
    about = views.AboutCase.decode(click.value)
    service = container.services.status_cases
    await _again(click, container, await service.confirm(click.caller, about.case_id, click.key))


async def open_decline(click: Click, container: Container) -> None:
    """Open the form of declining."""
    about = views.AboutCase.decode(click.value)
    await container.services.status_cases.decidable(click.caller, about.case_id)
    await _form(click, forms.decline_form(click.words, about))


async def decline(form: Form, container: Container) -> Answer:
    """Decline a proposal."""
    about = views.AboutCase.decode(form.metadata)
    remark = fields.text(form.values.get(REMARK_FIELD))
    service = container.services.status_cases
    case = await service.decline(form.caller, about.case_id, remark, form.key)
    return Answer(update=forms.declined(form.words, case))


async def withdraw(click: Click, container: Container) -> None:
    """Take one's own proposal back."""
    about = views.AboutCase.decode(click.value)
    service = container.services.status_cases
    await _again(click, container, await service.withdraw(click.caller, about.case_id))


async def open_answer(click: Click, container: Container) -> None:
    """Open the form of the person's answer."""
    about = views.AboutCase.decode(click.value)
    case = await container.services.status_cases.answerable(click.caller, about.case_id)
    await _form(click, forms.answer_form(click.words, case))


async def answer(form: Form, container: Container) -> Answer:
    """Pass the person's answer on."""
    about = views.AboutCase.decode(form.metadata)
    said = fields.text(form.values.get(ANSWER_FIELD))
    service = container.services.status_cases
    case = await service.answer(form.caller, about.case_id, said, form.key)
    return Answer(update=forms.answer_sent(form.words, case))


async def lift(click: Click, container: Container) -> None:
    """Reinstate whom a case is about."""
    about = views.AboutCase.decode(click.value)
    service = container.services.status_cases
    await _again(click, container, await service.lift(click.caller, about.case_id))


async def _form(click: Click, view: View) -> None:
    """Open a form, in place of the window that its button stands in."""
    if click.message_ts is None and click.view_id is not None:
        await click.reply.update(click.view_id, view, click.view_hash)
    else:
        await click.reply.open(view)


async def _again(click: Click, container: Container, case: Case) -> None:
    """Show what holds now, where it was clicked: in the message, or in the open window."""
    now = container.clock.now()
    if click.message_ts is None and click.view_id is not None:
        view = views.shown(click.words, case, now)
        await click.reply.update(click.view_id, view, click.view_hash)
    else:
        await click.reply.replace(views.case(click.words, case, now))
