"""`/announce`, its forms, and the buttons of announcements."""

from datetime import timedelta
from typing import Final

from bot.container import Container
from bot.errors import BadInput, Conflict
from bot.rules import announcements as rules
from bot.rules.announcements import Draft
from bot.rules.squads import Squad
from bot.views import announcement_forms as form_views
from bot.views import announcements as views
from bot.views.blocks import View
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Command, Form

# People press Enter again when Slack is slow; what they typed then is one command.
SAME_COMMAND: Final = timedelta(seconds=30)


def register(doors: Doors) -> None:
    """Register the command, its forms and buttons."""
    doors.command("announce", announce)
    doors.form(form_views.NEW, new)
    doors.form(form_views.EDITED, edited)
    doors.form(form_views.ASKED, asked)
    doors.form(views.REPLIED, replied)
    doors.click(views.GOT, got)
    doors.click(views.READ, read)
    doors.click(views.DETAILS, details)
    doors.click(views.EDIT, edit)
    doors.click(views.ASK, ask)
    doors.click(views.WITHDRAW, withdraw)
    doors.click(form_views.OFFERED, offered)
    doors.click(form_views.ONCE_MORE, once_more)


async def announce(command: Command, container: Container) -> None:
    """Announce what was typed; open the form for nothing, or if several squads may be meant."""
    service = container.services.announcements
    squads = await service.squads_to_tell(command.caller)
    meant = _meant(squads, command.channel)
    if not command.text.strip() or len(meant) != 1:
        text = rules.read_text(command.text) if command.text.strip() else ""
        ticked = [each.id for each in meant] if len(meant) == 1 else []
        await command.reply.open(form_views.form(command.words, squads, ticked=ticked, text=text))
        return
    draft = Draft(text=command.text, squad_ids=(meant[0].id,))
    key = command.event_key or command.key
    own = await service.create(command.caller, draft, key, SAME_COMMAND)
    await command.reply.privately(form_views.made_message(command.words, own, squads))


def _meant(squads: list[Squad], channel: str | None) -> list[Squad]:
    """Return the squads whose channel this is, else all that the person may announce to."""
    return [each for each in squads if channel in each.channels] or squads


async def new(form: Form, container: Container) -> Answer:
    """Announce what the form says."""
    service = container.services.announcements
    about = form_views.NewAnnouncement.decode(form.metadata)
    chosen = form.values.get(rules.SQUADS_FIELD)
    if not isinstance(chosen, list) or not chosen:
        raise BadInput("announcement_nobody", field=rules.SQUADS_FIELD)
    draft = Draft(
        text=fields.text(form.values.get(rules.TEXT_FIELD)),
        squad_ids=tuple(map(int, chosen)),
        reply_by=fields.text(form.values.get(rules.REPLY_BY_FIELD)),
        version_id=about.version_id,
        instead_of=about.instead_of,
    )
    own = await service.create(form.caller, draft, form.key)
    squads = await service.squads_to_tell(form.caller)
    return Answer(update=views.closed(form.words, form_views.made(form.words, own, squads)))


async def got(click: Click, container: Container) -> None:
    """Keep that the person has got it; where a reply is asked for meanwhile, ask them for it."""
    about = views.AboutAnnouncement.decode(click.value)
    service = container.services.announcements
    try:
        own = await service.confirm(click.caller, about.announcement_id)
    except Conflict as conflict:
        if conflict.code != "announcement_reply":
            raise
        own = await service.own(click.caller, about.announcement_id)
        await click.reply.open(views.reading(click.words, own))
        return
    if click.message_ts is not None:  # Home and Today change by themselves
        await click.reply.privately(views.thanks(click.words, own))


async def read(click: Click, container: Container) -> None:
    """Show the whole text, with the way to confirm it or to reply."""
    about = views.AboutAnnouncement.decode(click.value)
    own = await container.services.announcements.own(click.caller, about.announcement_id)
    await click.reply.open(views.reading(click.words, own))


async def replied(form: Form, container: Container) -> Answer:
    """Keep the reply, or that the person has got it."""
    about = views.AboutAnnouncement.decode(form.metadata)
    service = container.services.announcements
    if rules.REPLY_FIELD in form.values:
        text = fields.text(form.values.get(rules.REPLY_FIELD))
        own = await service.reply(form.caller, about.announcement_id, text)
    else:
        own = await service.confirm(form.caller, about.announcement_id)
    return Answer(update=views.closed(form.words, views.thanks(form.words, own)["text"]))


async def details(click: Click, container: Container) -> None:
    """Show how many have got it and, to managers, who."""
    about = views.AboutAnnouncement.decode(click.value)
    found = await container.services.announcements.details(click.caller, about.announcement_id)
    await click.reply.open(views.details(click.words, found))


async def edit(click: Click, container: Container) -> None:
    """Open the form that changes the words."""
    about = views.AboutAnnouncement.decode(click.value)
    own = await container.services.announcements.changeable(click.caller, about.announcement_id)
    await _show(click, form_views.edit_form(click.words, own))


async def _show(click: Click, view: View) -> None:
    if click.view_id is None:
        await click.reply.open(view)
    else:
        await click.reply.update(click.view_id, view, click.view_hash)


async def edited(form: Form, container: Container) -> Answer:
    """Change the words."""
    about = views.AboutAnnouncement.decode(form.metadata)
    text = fields.text(form.values.get(rules.TEXT_FIELD))
    await container.services.announcements.edit(form.caller, about.announcement_id, text, form.key)
    return Answer(update=views.saved(form.words))


async def ask(click: Click, container: Container) -> None:
    """Open the form that asks for replies."""
    about = views.AboutAnnouncement.decode(click.value)
    own = await container.services.announcements.changeable(click.caller, about.announcement_id)
    await _show(click, form_views.ask_form(click.words, own))


async def asked(form: Form, container: Container) -> Answer:
    """Ask for replies to what was announced."""
    about = views.AboutAnnouncement.decode(form.metadata)
    by = fields.text(form.values.get(rules.REPLY_BY_FIELD))
    service = container.services.announcements
    await service.ask_replies(form.caller, about.announcement_id, by, form.key)
    return Answer(update=views.saved(form.words))


async def withdraw(click: Click, container: Container) -> None:
    """Take an announcement back."""
    about = views.AboutAnnouncement.decode(click.value)
    await container.services.announcements.withdraw(click.caller, about.announcement_id)
    await _show(click, views.taken_back(click.words))


async def offered(click: Click, container: Container) -> None:
    """Open the form with what a new version of guidelines changed."""
    about = form_views.AboutVersion.decode(click.value)
    offer = await container.services.announcement_offers.offer(click.caller, about.version_id)
    squads = await container.services.announcements.squads_to_tell(click.caller)
    view = form_views.form(
        click.words,
        squads,
        ticked=offer.squad_ids,
        text=form_views.offer_text(click.words, offer),
        about=form_views.NewAnnouncement(version_id=offer.version_id),
    )
    await click.reply.open(view)


async def once_more(click: Click, container: Container) -> None:
    """Open the form with what a squad was not told of while it rehearsed."""
    about = views.AboutAnnouncement.decode(click.value)
    service = container.services.announcements
    held = await service.held(click.caller, about.announcement_id)
    squads = await service.squads_to_tell(click.caller)
    view = form_views.held_form(click.words, held, squads, container.clock.now())
    await click.reply.open(view)
