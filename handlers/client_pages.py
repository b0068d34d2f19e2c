"""`/digest client [from to]`: drafts, edits and releases pages for a client."""

from bot.clock import parse_date
from bot.container import Container
from bot.errors import BadInput
from bot.rules.calendar import DateSpan
from bot.rules.client_pages import BODY_FIELD, CHANNEL_FIELD, PageFigures
from bot.rules.commands import arguments, unescape
from bot.rules.squads import Where
from bot.views import client_pages as views
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

DAYS = 2


def register(doors: Doors) -> None:
    """Register the button and the form; the command is `handlers.digests`'."""
    doors.click(views.OPEN, edit)
    doors.click(views.DISCARD, discard)
    doors.form(views.FORM, save)


async def client(command: Command, container: Container, text: str) -> None:
    """Draft a page for a manager; show others what was released."""
    days = _days(arguments(unescape(text)))
    pages = container.services.client_pages
    found = await pages.begin(command.caller, Where(channel=command.channel), days)
    if isinstance(found, PageFigures):
        body = views.draft(command.words, found)
        page = await pages.draft(command.caller, found, body, command.key)
        await command.reply.privately(views.drafted(command.words, page))
    else:
        await command.reply.privately(views.listed(command.words, found))


def _days(given: list[str]) -> DateSpan | None:
    if not given:
        return None
    if len(given) != DAYS:
        raise BadInput("client_page_days")
    return DateSpan(parse_date(given[0]), parse_date(given[1]))


async def edit(click: Click, container: Container) -> None:
    """Open a draft."""
    about = views.AboutPage.decode(click.value)
    page = await container.services.client_pages.open(click.caller, about.page_id)
    view = views.form(click.words, page)
    if click.view_id is None:
        await click.reply.open(view)
    else:
        await click.reply.update(click.view_id, view, click.view_hash)


async def discard(click: Click, container: Container) -> None:
    """Remove a draft, and say so in its place."""
    about = views.AboutPage.decode(click.value)
    await container.services.client_pages.discard(click.caller, about.page_id)
    await click.reply.replace(views.discarded(click.words))


async def save(form: Form, container: Container) -> Answer:
    """Store a draft, and release it if a channel was chosen."""
    about = views.AboutPage.decode(form.metadata)
    page = await container.services.client_pages.save(
        form.caller,
        about.page_id,
        fields.text(form.values.get(BODY_FIELD)),
        fields.text(form.values.get(CHANNEL_FIELD)) or None,
        form.key,
    )
    return Answer(update=views.saved(form.words, page))
