"""`/pulse note` and `/pulse notes`: written without an author, read and answered by its readers."""

from bot.container import Container
from bot.rules.pulse_notes import REPLY_FIELD, TEXT_FIELD, TO_FIELD, NoteTo
from bot.rules.squads import Where
from bot.views import pulse_notes as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form, SecretClick, SecretForm


def register(doors: Doors) -> None:
    """Register the forms and buttons; the commands are parts of `/pulse`."""
    doors.secret_form(views.NOTE, note)
    doors.secret_click(views.FETCH, fetch)
    doors.click(views.READ, read)
    doors.click(views.REPLY, reply)
    doors.form(views.REPLY_FORM, answer)


async def open_note(command: Command, container: Container, named: str | None) -> None:
    """Open the form of a note; what was typed besides a squad is not looked at."""
    where = Where(named=named, channel=command.channel)
    squad_id, name, token, contact = await container.services.notes.open_form(command.caller, where)
    about = views.Addressed(squad_id=squad_id, token=token)
    await command.reply.open(views.form(command.words, name, about, contact=contact))


async def inbox(command: Command, container: Container) -> None:
    """Show the notes that this person may read."""
    found = await container.services.notes.inbox(command.caller)
    await command.reply.privately(views.inbox(command.words, found))


async def note(form: SecretForm, container: Container) -> Answer:
    """Keep a note; its author gets the token, which is kept nowhere."""
    about = views.Addressed.decode(form.metadata)
    to = NoteTo(fields.text(form.values.get(TO_FIELD)) or NoteTo.MANAGERS)
    text = fields.text(form.values.get(TEXT_FIELD))
    arrives = await container.services.notes.write(
        form.team_id, about.squad_id, about.token, to, text
    )
    await form.reply.privately(views.kept(form.words, about.token, arrives))
    return Answer(update=views.done(form.words))


async def fetch(click: SecretClick, container: Container) -> None:
    """Show the reply to whoever has the token."""
    token = views.Token.decode(click.value).token
    found = await container.services.notes.replies(click.team_id, token)
    await click.reply.privately(views.fetched(click.words, found))


async def read(click: Click, container: Container) -> None:
    """Show the notes of a line of Today."""
    views.Inbox.decode(click.value)
    found = await container.services.notes.inbox(click.caller)
    await click.reply.privately(views.inbox(click.words, found))


async def reply(click: Click, container: Container) -> None:
    """Open the form of a reply, to one who may read the note."""
    about = views.AboutNote.decode(click.value)
    await container.services.notes.inbox(click.caller)
    await click.reply.open(views.reply_form(click.words, about))


async def answer(form: Form, container: Container) -> Answer:
    """Keep a reply; its author fetches it."""
    about = views.AboutNote.decode(form.metadata)
    text = fields.text(form.values.get(REPLY_FIELD))
    await container.services.notes.answer(form.caller, bytes.fromhex(about.mark), text)
    return Answer(update=views.done(form.words))
