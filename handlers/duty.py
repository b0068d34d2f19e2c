"""Questions that a person answers, from the side of those who do; and a squad's promise."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules import squad_input
from bot.rules.escalations import (
    ANSWER_FIELD,
    KEEP_EDGE,
    KEEP_FIELD,
    KEEP_VERIFIED,
    NOTE_FIELD,
    SAME_FIELD,
    SECTION_FIELD,
    TO_FIELD,
    AnswerForm,
    answer_minutes,
)
from bot.rules.people import Role
from bot.rules.squads import Where
from bot.views import duty as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form


def register(doors: Doors) -> None:
    """Register the post's buttons and their forms."""
    doors.click(views.CLAIM, claim)
    doors.click(views.SHOW, show)
    doors.click(views.ANSWER, open_answer)
    doors.form(views.ANSWER_FORM, answer)
    doors.click(views.HAND_ON, open_passing)
    doors.form(views.HAND_ON_FORM, pass_on)
    doors.click(views.SAME, open_merging)
    doors.form(views.SAME_FORM, merge)
    doors.form(views.TERMS_FORM, save_terms)


async def claim(click: Click, container: Container) -> None:
    """Say that one answers it."""
    about = views.AboutCase.decode(click.value)
    await container.services.duty.claim(click.caller, about.escalation_id)
    await click.reply.privately(views.claimed(click.words))


async def show(click: Click, container: Container) -> None:
    """Show a question that a line of Today, or Home, is about."""
    about = views.AboutCase.decode(click.value)
    case = await container.services.duty.read(click.caller, about.escalation_id)
    await click.reply.open(views.shown(click.words, case))


async def open_answer(click: Click, container: Container) -> None:
    """Open the answer's form."""
    about = views.AboutCase.decode(click.value)
    sheet = await container.services.duty.answering(click.caller, about.escalation_id)
    await click.reply.open(views.answering(click.words, sheet))


async def answer(form: Form, container: Container) -> Answer:
    """Send the answer to all who wait, and keep it as the form says."""
    about = views.AboutCase.decode(form.metadata)
    kept = form.values.get(KEEP_FIELD)
    chosen = kept if isinstance(kept, list) else []
    filled = AnswerForm(
        escalation_id=about.escalation_id,
        text=fields.text(form.values.get(ANSWER_FIELD)),
        section=await _section(form, container, about.escalation_id),
        keep=KEEP_VERIFIED in chosen,
        edge=KEEP_EDGE in chosen,
    )
    done = await container.services.duty.answer(form.caller, filled, form.key)
    return Answer(update=views.answered(form.words, done))


async def _section(form: Form, container: Container, escalation_id: int) -> str | None:
    """Return the section that was chosen; the menu holds numbers, for paths are long."""
    chosen = fields.text(form.values.get(SECTION_FIELD))
    if not chosen:
        return None
    sections = await container.services.duty.sections(form.caller, escalation_id)
    number = int(chosen) if chosen.isdecimal() else len(sections)
    return sections[number] if number < len(sections) else None


async def open_passing(click: Click, container: Container) -> None:
    """Open the form that passes a question on."""
    about = views.AboutCase.decode(click.value)
    sheet = await container.services.duty.passing(click.caller, about.escalation_id)
    await click.reply.open(views.passing(click.words, sheet))


async def pass_on(form: Form, container: Container) -> Answer:
    """Pass a question on to the delivery team or the client."""
    about = views.AboutCase.decode(form.metadata)
    to = fields.text(form.values.get(TO_FIELD))
    if to not in set(Role):
        raise BadInput("pass_to_whom", field=TO_FIELD)
    note = fields.text(form.values.get(NOTE_FIELD))
    await container.services.duty.pass_on(
        form.caller, about.escalation_id, Role(to), note, form.key
    )
    return Answer(update=views.passed_on(form.words))


async def open_merging(click: Click, container: Container) -> None:
    """Open the form that brings a question together with another."""
    about = views.AboutCase.decode(click.value)
    case, others = await container.services.duty.others(click.caller, about.escalation_id)
    await click.reply.open(views.merging(click.words, case, others))


async def merge(form: Form, container: Container) -> Answer:
    """Let all wait for one answer."""
    about = views.AboutCase.decode(form.metadata)
    into = fields.text(form.values.get(SAME_FIELD))
    if not into.isdecimal():
        raise BadInput("which_same", field=SAME_FIELD)
    await container.services.duty.merge(form.caller, about.escalation_id, int(into))
    return Answer(update=views.merged(form.words))


async def terms(command: Command, container: Container, text: str) -> None:
    """Open the form of a squad's promise: `/squad questions [in SQUAD]`."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    squad, minutes, rule = await container.services.duty.terms(command.caller, where)
    shown = None if minutes is None else f"{minutes} min"
    await command.reply.open(views.terms(command.words, squad.id, shown, rule))


async def save_terms(form: Form, container: Container) -> Answer:
    """Save a squad's promise and its interim rule."""
    about = views.TermsOf.decode(form.metadata)
    typed = fields.text(form.values.get(views.TIME_FIELD))
    given = fields.Fields(form.words)
    minutes = given.read(views.TIME_FIELD, answer_minutes, typed) if typed else None
    if given.errors:
        return Answer(errors=given.errors)
    rule = fields.text(form.values.get(views.RULE_FIELD)) or None
    where = Where(squad_id=about.squad_id)
    squad, kept = await container.services.duty.set_terms(form.caller, where, minutes, rule)
    shown = views.span(form.words, kept)
    return Answer(update=views.terms_saved(form.words, squad.name, shown, rule))
