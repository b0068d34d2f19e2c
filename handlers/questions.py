"""`/ask`, words said to us that are no command, follow-ups in threads, and the answers' buttons."""

from bot.container import Container
from bot.errors import BadInput
from bot.rules.commands import Via
from bot.rules.questions import (
    MISSING_FIELD,
    Ask,
    AskedVia,
    Place,
    Told,
    WhichProject,
    reads_as_follow_up,
)
from bot.views import commands as command_views
from bot.views import questions as views
from handlers import blockers, fields, gaps
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Event, Form, Shortcut

SUBCOMMANDS = {"gaps": gaps.gaps}
"""What `/ask` does beside answering; only these very words, for a question may begin with one."""

_VIA = {Via.DIRECT: AskedVia.DIRECT, Via.MENTION: AskedVia.MENTION}


def register(doors: Doors) -> None:
    """Register the command, the events that may be follow-ups, and what is under an answer."""
    doors.command("ask", ask)
    doors.event("message.channels", overheard)
    doors.event("message.groups", overheard)
    doors.shortcut(views.ABOUT_MESSAGE, about_message)
    doors.click(views.PROJECT, choose)
    doors.click(views.HELPFUL, helpful)
    doors.click(views.UNHELPFUL, unhelpful)
    doors.form(views.MISSING_FORM, missing)
    doors.click(views.SHARE, share)
    doors.click(views.SHOW, show)


async def ask(command: Command, container: Container) -> None:
    """Answer a question: privately if it was typed, else where it was said."""
    if not command.text:
        await command.reply.privately(command_views.usage(command.words, "ask"))
        return
    first, _, rest = command.text.partition(" ")
    if first.casefold() == blockers.WORD and not command.text.endswith("?"):
        await blockers.ask_blocked(command, container)
        return
    run = SUBCOMMANDS.get(first.casefold())
    if run is not None and (not rest or rest.casefold().startswith("in ")):
        await run(command, container, rest)
        return
    via = _VIA.get(command.via, AskedVia.COMMAND)
    # A mention begins a thread, or goes on in the one it stands in; a direct message need not.
    begins = command.message_ts if via is AskedVia.MENTION else None
    question = Ask(
        text=command.text,
        via=via,
        place=Place(command.channel, command.message_ts, command.thread_ts or begins),
    )
    key = command.event_key or command.key
    found = await container.services.questions.ask(command.caller, question, key)
    if isinstance(found, WhichProject):
        await command.reply.privately(views.which_project(command.words, found))
        return
    if via is AskedVia.COMMAND:
        await command.reply.privately(views.answer(command.words, found, quoted=True))
    await _put_into_words(command, container, found, here=via is AskedVia.COMMAND)


async def _put_into_words(
    request: Command | Event | Shortcut, container: Container, told: Told, *, here: bool
) -> None:
    """Let a model put an answer into words: below the one that stands `here`.

    Slack lets nothing take the place of what a command was answered with; what was sent as a
    message is changed by the service.
    """
    composed = await container.services.questions.compose(request.caller, told.question_id)
    if composed is not None and here:
        await request.reply.privately(views.in_words(request.words, composed))


async def overheard(event: Event, container: Container) -> None:
    """Answer a follow-up in the thread of somebody's own question; drop all else unread."""
    channel, thread_ts = event.payload.get("channel"), event.payload.get("thread_ts")
    text, said_ts = event.payload.get("text") or "", event.payload.get("ts")
    if event.payload.get("subtype") or not (channel and thread_ts and said_ts):
        return
    if not reads_as_follow_up(text):
        return
    if not await container.services.questions.follows(event.caller, channel, thread_ts):
        return
    question = Ask(text=text, via=AskedVia.THREAD, place=Place(channel, said_ts, thread_ts))
    found = await container.services.questions.ask(event.caller, question, event.key)
    if isinstance(found, Told):
        await _put_into_words(event, container, found, here=False)


async def about_message(shortcut: Shortcut, container: Container) -> None:
    """Answer the words of a message, to whoever chose it from its menu."""
    question = Ask(
        text=shortcut.text, via=AskedVia.SHORTCUT, place=Place(shortcut.channel, None, None)
    )
    found = await container.services.questions.ask(shortcut.caller, question, shortcut.key)
    if isinstance(found, WhichProject):
        await shortcut.reply.privately(views.which_project(shortcut.words, found))
        return
    await shortcut.reply.privately(views.answer(shortcut.words, found, quoted=True))
    await _put_into_words(shortcut, container, found, here=True)


async def choose(click: Click, container: Container) -> None:
    """Answer a question whose asker now says which project it is about."""
    chosen = views.Chosen.decode(click.value)
    told = await container.services.questions.about(
        click.caller, chosen.question_id, chosen.squad_id, chosen.project_id
    )
    if told.private:
        await click.reply.replace(views.answer(click.words, told, quoted=True))
    else:
        await click.reply.replace(views.answered_in_thread(click.words))
    composed = await container.services.questions.compose(click.caller, told.question_id)
    if composed is not None and told.private:
        await click.reply.replace(views.answer(click.words, composed, quoted=True))


async def helpful(click: Click, container: Container) -> None:
    """Keep that an answer helped."""
    about = views.AboutQuestion.decode(click.value)
    told = await container.services.questions.vote(click.caller, about.question_id, helpful=True)
    if told.private and click.message_ts is not None:
        await click.reply.replace(views.answer(click.words, told, quoted=True))
    else:
        await click.reply.privately(views.thanks(click.words))


async def unhelpful(click: Click, container: Container) -> None:
    """Keep that an answer did not help, and ask what was missing."""
    about = views.AboutQuestion.decode(click.value)
    await container.services.questions.vote(click.caller, about.question_id, helpful=False)
    await click.reply.open(views.missing_form(click.words, about.question_id))


async def missing(form: Form, container: Container) -> Answer:
    """Keep what was missing."""
    about = views.AboutQuestion.decode(form.metadata)
    said = fields.text(form.values.get(MISSING_FIELD))
    if not said:
        raise BadInput("empty_text", field=MISSING_FIELD)
    await container.services.questions.vote(
        form.caller, about.question_id, helpful=False, missing=said
    )
    return Answer(update=views.missing_noted(form.words))


async def share(click: Click, container: Container) -> None:
    """Show a private answer in the channel it was asked in."""
    about = views.AboutQuestion.decode(click.value)
    channel = await container.services.questions.share(click.caller, about.question_id, click.key)
    await click.reply.privately(views.was_shared(click.words, channel))


async def show(click: Click, container: Container) -> None:
    """Open one's own question over the Home tab."""
    about = views.AboutQuestion.decode(click.value)
    told = await container.services.questions.own(click.caller, about.question_id)
    await click.reply.open(views.own(click.words, told))
