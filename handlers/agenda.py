"""`/agenda`, the buttons of a meeting's post, and the form of its notes."""

from datetime import date

from bot import clock
from bot.container import Container
from bot.errors import BadInput
from bot.rules import commands
from bot.rules.agenda import Listing
from bot.rules.agenda_input import read_kind, split_kind
from bot.rules.meetings import ACTIONS_IN_FORM, Clash, NewAction, NotesForm
from bot.rules.squads import SyncKind, Where
from bot.views import agenda as views
from bot.views import agenda_lists as lists
from bot.views import commands as command_views
from bot.views.blocks import View
from handlers import sessions
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form, Shortcut

ADD = "add"
SESSION = "session"


def register(doors: Doors) -> None:
    """Register the command, the buttons, the forms and the message shortcut."""
    doors.command("agenda", agenda)
    doors.click(views.ADD, open_topic)
    doors.click(views.NOTE, open_notes)
    doors.click(views.ALL, show_all)
    doors.click(lists.OLDER, turn)
    doors.click(lists.NEWER, turn)
    doors.click(views.SKIP, skip)
    doors.click(views.CLOSE, close)
    doors.click(lists.DONE, done)
    doors.form(lists.TOPIC_FORM, add_topic)
    doors.form(lists.NOTES_FORM, write_notes)
    doors.shortcut(lists.ABOUT_MESSAGE, about_message)


async def agenda(command: Command, container: Container) -> None:
    """Show what is on the next agenda, or put something on it."""
    text = commands.unescape(command.text).strip()
    first, _, rest = text.partition(" ")
    services = container.services.agenda
    if first.casefold() == ADD:
        await _add(command, container, rest.strip())
        return
    if commands.wants_help(text):
        await command.reply.privately(command_views.usage(command.words, "agenda"))
        return
    if first.casefold() == SESSION:
        await sessions.plan(command, container, rest.strip())
        return
    kind, named = read_kind(text)
    where = Where(named=named or None, channel=command.channel)
    found = await services.listing(command.caller, where, kind)
    await command.reply.privately(lists.listing(command.words, found))


async def _add(command: Command, container: Container, typed: str) -> None:
    services = container.services.agenda
    where = Where(channel=command.channel)
    kind, text = split_kind(typed)
    if not text:
        found = await services.listing(command.caller, where, kind)
        about = lists.NewTopicForm(squad_id=found.squad.id, kind=kind)
        await command.reply.open(lists.topic_form(command.words, about))
        return
    key = command.event_key or command.key
    added = await services.add(command.caller, where, kind, text, key)
    await command.reply.privately(lists.added(command.words, added))


async def open_topic(click: Click, container: Container) -> None:
    """Open the form of a new topic."""
    about = views.AboutAgenda.decode(click.value)
    # Whoever may not is told before they have written anything.
    where = Where(squad_id=about.squad_id)
    await container.services.agenda.listing(click.caller, where, about.kind)
    form = lists.NewTopicForm(squad_id=about.squad_id, kind=about.kind)
    await click.reply.open(lists.topic_form(click.words, form))


async def about_message(shortcut: Shortcut, container: Container) -> None:
    """Open the form with a message's words, and its link behind it."""
    found = await container.services.agenda.listing(
        shortcut.caller, Where(channel=shortcut.channel)
    )
    about = lists.NewTopicForm(
        squad_id=found.squad.id,
        channel=shortcut.channel,
        message_ts=shortcut.message_ts,
        thread_ts=shortcut.thread_ts,
    )
    text = commands.unescape(shortcut.text)
    await shortcut.reply.open(lists.topic_form(shortcut.words, about, text=text))


async def add_topic(form: Form, container: Container) -> Answer:
    """Put what was written on the agenda."""
    about = lists.NewTopicForm.decode(form.metadata)
    try:  # a menu that nobody touched may say nothing
        kind = SyncKind(_text(form, lists.KIND) or about.kind)
    except ValueError as error:
        raise BadInput("old_button") from error
    said = None
    if about.channel is not None:
        said = (about.channel, about.message_ts, about.thread_ts)
    added = await container.services.agenda.add(
        form.caller,
        Where(squad_id=about.squad_id),
        kind,
        _text(form, lists.TEXT) or "",
        form.key,
        said=said,
    )
    return Answer(update=lists.added_view(form.words, added))


async def show_all(click: Click, container: Container) -> None:
    """Open the first page of all topics."""
    await click.reply.open(lists.pages(click.words, await _page(click, container)))


async def turn(click: Click, container: Container) -> None:
    """Turn to another page."""
    view = lists.pages(click.words, await _page(click, container))
    await _show(click, view)


async def _page(click: Click, container: Container) -> Listing:
    about = views.AboutAgenda.decode(click.value)
    return await container.services.agenda.listing(
        click.caller, Where(squad_id=about.squad_id), about.kind, about.offset
    )


async def _show(click: Click, view: View) -> None:
    if click.view_id is None:
        await click.reply.open(view)
    else:
        await click.reply.update(click.view_id, view, click.view_hash)


async def close(click: Click, container: Container) -> None:
    """Close a topic: the list is shown anew, the post changes by itself."""
    about = views.AboutTopic.decode(click.value)
    services = container.services.agenda
    await services.close(click.caller, about.topic_id)
    if not about.listed:
        return
    found = await services.listing(
        click.caller, Where(squad_id=about.squad_id), about.kind, about.offset
    )
    await _again(click, found)


async def _again(click: Click, found: Listing) -> None:
    """Show a list anew where it was clicked."""
    if click.view_id is not None:
        await click.reply.update(click.view_id, lists.pages(click.words, found), click.view_hash)
    elif click.message_ts is not None:
        await click.reply.replace(lists.listing(click.words, found))


async def skip(click: Click, container: Container) -> None:
    """Skip a meeting; its post says so."""
    about = views.AboutMeeting.decode(click.value)
    await container.services.meetings.skip(click.caller, about.meeting_id)


async def open_notes(click: Click, container: Container) -> None:
    """Open the form of a meeting's notes."""
    about = views.AboutMeeting.decode(click.value)
    found = await container.services.meetings.notes(click.caller, about.meeting_id)
    await click.reply.open(lists.notes_form(click.words, found))


async def write_notes(form: Form, container: Container) -> Answer:
    """Keep what was noted; if somebody else wrote meanwhile, show both texts."""
    about = lists.NotesMetadata.decode(form.metadata)
    typed = NotesForm(
        meeting_id=about.meeting_id,
        revision=about.revision,
        decisions=_text(form, lists.DECISIONS),
        notes=_text(form, lists.NOTES),
        actions=tuple(_actions(form)),
    )
    # A form that is shown again after a clash is the same view: what it then says is a new effect.
    key = f"{form.key}:{about.revision}"
    found = await container.services.meetings.write(form.caller, typed, key)
    if isinstance(found, Clash):
        return Answer(update=lists.notes_form(form.words, found.notes, typed=typed))
    return Answer(update=lists.noted_view(form.words, found))


def _actions(form: Form) -> list[NewAction]:
    """Read the actions; a line without text and owner is no action."""
    found = []
    for number in range(ACTIONS_IN_FORM):
        text = _text(form, f"action{number}")
        owner = _text(form, f"owner{number}")
        if text is None and owner is None:
            continue
        if text is None:
            raise BadInput("action_empty", field=f"action{number}")
        if owner is None:
            raise BadInput("action_owner", field=f"owner{number}")
        found.append(
            NewAction(number=number, owner=owner, text=text, due=_day(form, f"due{number}"))
        )
    return found


def _day(form: Form, name: str) -> date | None:
    value = _text(form, name)
    return None if value is None else clock.parse_date(value)


def _text(form: Form, name: str) -> str | None:
    value = form.values.get(name)
    return value if isinstance(value, str) else None


async def done(click: Click, container: Container) -> None:
    """Say that an action is done: the list or message is changed, Today by itself."""
    about = lists.AboutAction.decode(click.value)
    services = container.services
    await services.action_items.done(click.caller, about.action_id)
    if about.listed:
        found = await services.agenda.listing(click.caller, Where(squad_id=about.squad_id))
        await _again(click, found)
