"""The day's end of one-on-ones: happened or missed, another time by one click, and the notes."""

from bot.clock import parse_date
from bot.container import Container
from bot.rules import oneonone_notes as rules
from bot.rules.oneonone_notes import Written
from bot.rules.oneonones import MeetingState
from bot.views import oneonone_notes as views
from bot.views.oneonone_packs import NOTES, OfDay, OfMeeting
from handlers import fields
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Form


def register(doors: Doors) -> None:
    """Register the buttons and the form."""
    doors.click(views.DAY_END, day_end)
    doors.click(views.HAPPENED, happened)
    doors.click(views.MISSED, missed)
    doors.click(views.AGAIN, again)
    doors.click(NOTES, open_notes)
    doors.form(views.FORM, save)


async def day_end(click: Click, container: Container) -> None:
    """Ask what became of a day's meetings, from a line of Today."""
    about = OfDay.decode(click.value)
    found = await container.services.packs.day_end_of(click.caller, about.day)
    await click.reply.open(views.shown_day_end(click.words, found))


async def _refresh(click: Click, container: Container, one_on_one_id: int) -> None:
    """Put the day as it stands now in place of what was clicked."""
    found = await container.services.packs.day_end_with(click.caller, one_on_one_id)
    if click.view_id is None:
        await click.reply.replace(views.day_end(click.words, found))
    else:
        view = views.shown_day_end(click.words, found)
        await click.reply.update(click.view_id, view, click.view_hash)


async def happened(click: Click, container: Container) -> None:
    """Keep that a meeting happened; its notes are one click further."""
    about = OfMeeting.decode(click.value)
    await container.services.oneonones.settle(
        click.caller, about.one_on_one_id, MeetingState.HAPPENED
    )
    await _refresh(click, container, about.one_on_one_id)


async def missed(click: Click, container: Container) -> None:
    """Keep that a meeting did not happen, and offer another time."""
    about = OfMeeting.decode(click.value)
    await container.services.oneonones.settle(
        click.caller, about.one_on_one_id, MeetingState.MISSED
    )
    await _refresh(click, container, about.one_on_one_id)


async def again(click: Click, container: Container) -> None:
    """Plan another meeting for a missed one, at the time that was offered."""
    about = views.Offer.decode(click.value)
    await container.services.oneonones.move(
        click.caller, about.one_on_one_id, about.revision, about.start, click.key
    )
    await _refresh(click, container, about.one_on_one_id)


async def open_notes(click: Click, container: Container) -> None:
    """Open the notes of a meeting."""
    about = OfMeeting.decode(click.value)
    sheet = await container.services.meeting_notes.open(click.caller, about.one_on_one_id)
    view = views.form(click.words, sheet)
    if click.view_id is not None and click.metadata:  # the Home tab has none
        await click.reply.update(click.view_id, view, click.view_hash)
    else:
        await click.reply.open(view)


async def save(form: Form, container: Container) -> Answer:
    """Keep notes, actions and what was coached; if somebody saved meanwhile show both."""
    about = views.Noting.decode(form.metadata)
    typed = {name: fields.text(form.values.get(name)) for name in _FIELDS}
    due = typed[rules.DUE_FIELD]
    written = Written(
        shared=typed[rules.SHARED_FIELD],
        own=typed[rules.OWN_FIELD] if about.manages else None,
        revision=about.revision,
        mine=rules.lines(typed[rules.MINE_FIELD], rules.MINE_FIELD),
        theirs=rules.lines(typed[rules.THEIRS_FIELD], rules.THEIRS_FIELD),
        due=parse_date(due) if due else None,
        coached=rules.read_choice(typed[rules.COACHED_FIELD]),
    )
    notes = container.services.meeting_notes
    clash = await notes.save(form.caller, about.one_on_one_id, written, form.key)
    if clash is not None:
        return Answer(update=views.form(form.words, clash, typed))
    followed = about.manages and written.coached is not None
    return Answer(update=views.saved(form.words, followed=followed))


_FIELDS = (
    rules.SHARED_FIELD,
    rules.OWN_FIELD,
    rules.MINE_FIELD,
    rules.THEIRS_FIELD,
    rules.DUE_FIELD,
    rules.COACHED_FIELD,
)
