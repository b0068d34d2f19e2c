"""Packs of one-on-ones and what coaching did: windows behind buttons."""

from bot.container import Container
from bot.views import coaching_effects as effects
from bot.views import oneonone_packs as views
from bot.views.blocks import View
from handlers.doors import Doors
from handlers.requests import Click


def register(doors: Doors) -> None:
    """Register the buttons."""
    doors.click(views.DAY, day)
    doors.click(views.OPEN, open_pack)
    doors.click(views.BRING, bring)
    doors.click(effects.SHOW, effect)


async def _show(click: Click, view: View) -> None:
    """Show a window, in place of the one that the button stands in if it stands in one."""
    if click.view_id is not None and click.metadata:  # the Home tab has none
        await click.reply.update(click.view_id, view, click.view_hash)
    else:
        await click.reply.open(view)


async def day(click: Click, container: Container) -> None:
    """Show the packs of a manager's day, from a line of Today."""
    about = views.OfDay.decode(click.value)
    found = await container.services.packs.of_caller(click.caller, about.day)
    await _show(click, views.shown_day(click.words, found))


async def open_pack(click: Click, container: Container) -> None:
    """Show one meeting's pack to one of its two."""
    about = views.OfMeeting.decode(click.value)
    found = await container.services.packs.open(click.caller, about.one_on_one_id)
    await _show(click, views.pack(click.words, found))


async def bring(click: Click, container: Container) -> None:
    """Make a question of one's own a topic of the meeting."""
    about = views.Bringing.decode(click.value)
    await container.services.meeting_notes.bring(
        click.caller, about.one_on_one_id, about.question_id, click.key
    )
    found = await container.services.packs.open(click.caller, about.one_on_one_id)
    await _show(click, views.pack(click.words, found))


async def effect(click: Click, container: Container) -> None:
    """Show a manager what coaching did in the squad."""
    about = effects.OfSquadPayload.decode(click.value)
    found = await container.services.effects.of_squad(click.caller, about.squad_id)
    await _show(click, effects.squad(click.words, found))
