"""`/agenda session`, its forms, and the buttons of sessions and their quizzes."""

from dataclasses import replace

from bot.container import Container
from bot.rules import sessions as rules
from bot.rules.sessions import Audience, Draft, Own, Quiz, Results, Rsvp, SessionKind
from bot.views import session_forms as form_views
from bot.views import session_quizzes as quiz_views
from bot.views import sessions as views
from bot.views.blocks import View
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form


def register(doors: Doors) -> None:
    """Register the forms and buttons; the command is a part of `/agenda`."""
    doors.form(form_views.NEW, new)
    doors.form(form_views.CHANGED, changed)
    doors.form(form_views.COUNTED, counted)
    doors.form(quiz_views.FORM, taken)
    doors.click(views.YES, yes)
    doors.click(views.NO, no)
    doors.click(views.SHOW, show)
    doors.click(views.TAKE, take)
    doors.click(form_views.CHANGE, change)
    doors.click(form_views.CANCEL, cancel)
    doors.click(form_views.COUNT, count)


async def plan(command: Command, container: Container, title: str) -> None:
    """Open the form of a new session."""
    squads = await container.services.sessions.squads_to_convene(command.caller)
    here = [each.id for each in squads if command.channel in each.channels]
    chosen = here[0] if here else None
    await command.reply.open(form_views.form(command.words, squads, chosen, title))


async def new(form: Form, container: Container) -> Answer:
    """Plan what the form says."""
    about = form_views.NewSession.decode(form.metadata)
    squad_id = about.squad_id or int(fields.text(form.values.get(rules.SQUAD_FIELD)) or 0)
    questions = rules.read_quiz(fields.text(form.values.get(rules.QUIZ_FIELD)))
    draft = replace(
        _draft(form, squad_id, about.title),
        audience=_audience(form) or Audience.SQUAD,
        user_ids=_people(form),
        questions=questions,
    )
    services = container.services
    project = await services.session_quizzes.project(form.caller, squad_id, questions)
    own = await services.sessions.create(form.caller, draft, project, form.key)
    squads = await services.sessions.squads_to_convene(form.caller)
    squad = next((each for each in squads if each.id == squad_id), None)
    return Answer(update=views.closed(form.words, form_views.made(form.words, own, squad)))


def _draft(form: Form, squad_id: int, title: str = "") -> Draft:
    return Draft(
        squad_id=squad_id,
        kind=SessionKind(fields.text(form.values.get(rules.KIND_FIELD)) or SessionKind.TRAINING),
        title=fields.text(form.values.get(rules.TITLE_FIELD)) or title,
        starts=fields.text(form.values.get(rules.STARTS_FIELD)),
        ends=fields.text(form.values.get(rules.ENDS_FIELD)),
        link=fields.text(form.values.get(rules.LINK_FIELD)),
    )


def _audience(form: Form) -> Audience | None:
    typed = fields.text(form.values.get(rules.AUDIENCE_FIELD))
    return Audience(typed) if typed else None


def _people(form: Form) -> tuple[str, ...]:
    chosen = form.values.get(rules.PEOPLE_FIELD)
    return tuple(chosen) if isinstance(chosen, list) else ()


async def yes(click: Click, container: Container) -> None:
    """Keep that the person comes."""
    await _answer(click, container, Rsvp.YES)


async def no(click: Click, container: Container) -> None:
    """Keep that the person cannot come."""
    await _answer(click, container, Rsvp.NO)


async def _answer(click: Click, container: Container, said: Rsvp) -> None:
    about = views.AboutSession.decode(click.value)
    own = await container.services.sessions.answer(click.caller, about.session_id, said)
    if click.view_id is not None:
        await _show(click, await _shown(click, container, own))
    else:
        await click.reply.privately(views.answered(click.words, own))


async def show(click: Click, container: Container) -> None:
    """Show a session; to its managers who comes and how the quiz went."""
    about = views.AboutSession.decode(click.value)
    own = await container.services.sessions.own(click.caller, about.session_id)
    await _show(click, await _shown(click, container, own))


async def _shown(click: Click, container: Container, own: Own) -> View:
    now = container.clock.now()
    if not own.manages:
        return views.shown(click.words, own, now)
    quizzes = container.services.session_quizzes
    totals = await quizzes.totals(click.caller, own.sheet.session.id)
    return form_views.managed(click.words, totals, own, now)


async def take(click: Click, container: Container) -> None:
    """Open the quiz, or one's results for whoever took it."""
    about = views.AboutSession.decode(click.value)
    found = await container.services.session_quizzes.begin(click.caller, about.session_id)
    if isinstance(found, Results):
        await _show(click, quiz_views.results(click.words, found))
    else:
        await _show(click, quiz_views.form(click.words, *found))


async def taken(form: Form, container: Container) -> Answer:
    """Keep the answers, and show how they were."""
    about = quiz_views.OpenQuiz.decode(form.metadata)
    prefix = quiz_views.field_of(0).removesuffix("0")
    typed = {
        int(name.removeprefix(prefix)): fields.text(value)
        for name, value in form.values.items()
        if name.removeprefix(prefix).isdecimal()
    }
    quizzes = container.services.session_quizzes
    results = await quizzes.take(form.caller, about.session_id, typed, about.edition)
    return Answer(update=quiz_views.results(form.words, results))


async def _show(click: Click, view: View) -> None:
    # A Home tab has an id as well, but no form can take its place; it carries no metadata.
    if click.view_id is not None and click.metadata:
        await click.reply.update(click.view_id, view, click.view_hash)
    else:
        await click.reply.open(view)


async def change(click: Click, container: Container) -> None:
    """Open the form that changes a session."""
    about = views.AboutSession.decode(click.value)
    found = await container.services.sessions.changeable(click.caller, about.session_id)
    view = form_views.change_form(click.words, found, container.clock.now())
    await _show(click, view)


async def changed(form: Form, container: Container) -> Answer:
    """Change a session."""
    about = views.AboutSession.decode(form.metadata)
    services = container.services
    before = await services.sessions.changeable(form.caller, about.session_id)
    session = before.own.sheet.session
    draft = replace(
        _draft(form, session.squad_id),
        audience=_audience(form) or session.audience,
        user_ids=_people(form),
    )
    questions = rules.read_quiz_change(fields.text(form.values.get(rules.QUIZ_FIELD)))
    quiz = None
    # What stays is not looked up: its sections may be gone from the guidelines since.
    if questions is not None and not rules.same_quiz(questions, before.quiz):
        quizzes = services.session_quizzes
        project_id = await quizzes.project(form.caller, session.squad_id, questions)
        quiz = Quiz(questions=questions, project_id=project_id)
    await services.sessions.change(form.caller, session.id, draft, form.key, quiz)
    return Answer(update=form_views.saved(form.words))


async def cancel(click: Click, container: Container) -> None:
    """Call a session off."""
    about = views.AboutSession.decode(click.value)
    await container.services.sessions.cancel(click.caller, about.session_id)
    await _show(click, form_views.called_off(click.words))


async def count(click: Click, container: Container) -> None:
    """Open the form that asks how many came."""
    about = views.AboutSession.decode(click.value)
    own = await container.services.sessions.countable(click.caller, about.session_id)
    await _show(click, form_views.count_form(click.words, own))


async def counted(form: Form, container: Container) -> Answer:
    """Keep how many came."""
    about = views.AboutSession.decode(form.metadata)
    number = rules.read_attended(fields.text(form.values.get(rules.ATTENDED_FIELD)))
    await container.services.sessions.attended(form.caller, about.session_id, number)
    return Answer(update=form_views.saved(form.words))
