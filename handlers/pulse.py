"""`/pulse` and its buttons. Votes and comments come through a door that brings no person."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules import pulse as rules
from bot.rules.pulse import Asked, Draft, ReadySet, Repeat, Viewer
from bot.rules.squads import Where
from bot.views import commands as command_views
from bot.views import pulse as views
from bot.views import pulse_notes as note_views
from bot.views import pulse_results
from handlers import fields, pulse_notes
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form, SecretClick, SecretForm


def register(doors: Doors) -> None:
    """Register the command, its forms and buttons."""
    doors.command("pulse", pulse, private=True)
    doors.form(pulse_results.NEW, new)
    doors.click(views.ANSWER, answer)
    doors.click(pulse_results.SHOW, show)
    doors.click(pulse_results.COMMENTS, comments)
    doors.click(pulse_results.TREND, trend)
    doors.click(pulse_results.PAGE, page)
    doors.secret_click(views.VOTE, vote)
    doors.secret_click(views.WRITE, write)
    doors.secret_form(views.COMMENT, comment)


async def pulse(command: Command, container: Container) -> None:
    """Show what is open, or run a sub-command."""
    word = command.text.strip().partition(" ")[0].casefold()
    services = container.services
    if word == "":
        await overview(command, container)
    elif word == "new":
        squads = await services.pulse.squads_to_ask(command.caller)
        await command.reply.open(pulse_results.form(command.words, squads))
    elif word == "note":
        # Only a squad is taken from what was typed; a note is written in the form.
        before, within, squad = commands.unescape(command.text).partition(" in ")
        named = squad.strip() if within and before.strip() == word else None
        await pulse_notes.open_note(command, container, named)
    elif word == "notes":
        await pulse_notes.inbox(command, container)
    elif word == "contact":
        await contact(command, container)
    elif word == "privacy":
        await command.reply.privately(views.privacy(command.words))
    elif word == "results":
        found = await services.pulse_results.results(command.caller)
        await command.reply.privately(pulse_results.results(command.words, found))
    elif word == "close":
        _, within, squad = commands.unescape(command.text).partition(" in ")
        where = Where(named=squad.strip() if within else None, channel=command.channel)
        closed = await services.pulse.close(command.caller, where, services.pulse_clock)
        await command.reply.privately(pulse_results.closed_by_hand(command.words, closed))
    elif word in {"pause", "resume"}:
        paused = word == "pause"
        n = await services.pulse.pause(command.caller, paused=paused)
        await command.reply.privately(pulse_results.paused(command.words, n, now=paused))
    else:
        await command.reply.privately(command_views.usage(command.words, "pulse"))


async def contact(command: Command, container: Container) -> None:
    """Name who reads the notes that managers never see, or nobody; for admins."""
    mentioned = commands.users(command.text)
    await container.services.notes.name_contact(command.caller, next(iter(mentioned), None))
    await command.reply.privately(note_views.contact_named(command.words, named=bool(mentioned)))


async def overview(command: Command, container: Container) -> None:
    """Show what is open for this person, what they run, and results that they may see."""
    service = container.services.pulse
    asks, running, seen = await service.overview(command.caller)
    shown = container.services.pulse_results
    results = [await shown.results(command.caller, each.id) for each in seen[:5]]
    await command.reply.privately(pulse_results.overview(command.words, asks, running, results))


async def new(form: Form, container: Container) -> Answer:
    """Keep a new poll; the clock opens it."""
    draft = _draft(form)
    poll = await container.services.pulse.create(form.caller, draft, form.key)
    actor = await container.services.people.actor(form.caller)
    now = container.clock.now()
    return Answer(update=pulse_results.made(form.words, poll, actor.zone or "UTC", now))


def _draft(form: Form) -> Draft:
    squads = form.values.get(rules.SQUADS_FIELD)
    viewers = form.values.get(rules.VIEWERS_FIELD)
    if not isinstance(squads, list) or not squads:
        raise BadInput("pulse_nobody", field=rules.SQUADS_FIELD)
    if not isinstance(viewers, list) or not viewers:
        raise BadInput("pulse_no_viewer", field=rules.VIEWERS_FIELD)
    return Draft(
        questions=_questions(form),
        squad_ids=tuple(map(int, squads)),
        viewers=frozenset(map(Viewer, viewers)),
        k=max(rules.K_FLOOR, int(fields.text(form.values.get(rules.K_FIELD)) or rules.K_DEFAULT)),
        days_open=int(fields.text(form.values.get(rules.DAYS_FIELD)) or rules.DAYS_PRESET),
        repeat=Repeat(fields.text(form.values.get(rules.REPEAT_FIELD)) or Repeat.ONCE),
        opens=fields.text(form.values.get(rules.OPENS_FIELD)),
        to_model=bool(form.values.get(rules.MODEL_FIELD)),
    )


def _questions(form: Form) -> tuple[Asked, ...]:
    chosen = ReadySet(fields.text(form.values.get(rules.SET_FIELD)) or ReadySet.MOOD)
    if chosen is ReadySet.OWN:
        return rules.own_questions(fields.text(form.values.get(rules.OWN_FIELD)))
    return rules.ready(chosen)


async def answer(click: Click, container: Container) -> None:
    """Show an open poll to one who was asked."""
    about = views.AboutPoll.decode(click.value)
    found = await container.services.pulse.own_sheet(click.caller, about.poll_id)
    await click.reply.privately(views.sheet(click.words, found))


async def show(click: Click, container: Container) -> None:
    """Show results."""
    about = views.AboutPoll.decode(click.value)
    found = await container.services.pulse_results.results(click.caller, about.poll_id)
    await click.reply.privately(pulse_results.results(click.words, found))


async def trend(click: Click, container: Container) -> None:
    """Send the trend as a picture."""
    about = views.AboutPoll.decode(click.value)
    await container.services.pulse_results.ask_chart(click.caller, about.poll_id, click.key)
    await click.reply.privately(pulse_results.chart_coming(click.words))


async def comments(click: Click, container: Container) -> None:
    """Show comments by theme, a day after the close."""
    about = views.AboutPoll.decode(click.value)
    found = await container.services.pulse_themes.read(click.caller, about.poll_id)
    first = pulse_results.AboutComments(poll_id=about.poll_id)
    await click.reply.open(pulse_results.comments(click.words, found, first))


async def page(click: Click, container: Container) -> None:
    """Show the comments before or after those that are shown."""
    about = pulse_results.AboutComments.decode(click.value)
    found = await container.services.pulse_themes.read(click.caller, about.poll_id)
    view = pulse_results.comments(click.words, found, about)
    if click.view_id is not None:
        await click.reply.update(click.view_id, view, click.view_hash)


async def vote(click: SecretClick, container: Container) -> None:
    """Keep an answer; the message it was clicked in stays as it is."""
    cast = views.Vote.decode(click.value)
    await container.services.ballots.cast(
        click.team_id, cast.poll_id, cast.question_id, cast.token, cast.value
    )
    await click.reply.privately(views.kept(click.words))


async def write(click: SecretClick, container: Container) -> None:  # noqa: ARG001 - as all are
    """Open the form for words of one's own."""
    about = views.Written.decode(click.value)
    await click.reply.open(views.comment_form(click.words, about))


async def comment(form: SecretForm, container: Container) -> Answer:
    """Keep words of one's own."""
    about = views.Written.decode(form.metadata)
    text = fields.text(form.values.get(rules.COMMENT_FIELD))
    await container.services.ballots.cast(
        form.team_id, about.poll_id, about.question_id, about.token, text
    )
    return Answer(update=views.comment_kept(form.words))
