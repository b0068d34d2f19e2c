"""What came back to a contributor: fixed, listed, or cancelled by a manager."""

from bot.container import Container
from bot.rules.reworks import NOTE_FIELD
from bot.views import reworks as views
from handlers.doors import Doors
from handlers.guard import Answer
from handlers.requests import Click, Form


def register(doors: Doors) -> None:
    """Register the buttons and the form."""
    doors.click(views.FIX, fix)
    doors.form(views.FORM, fixed)
    doors.click(views.MINE, mine)
    doors.click(views.SQUAD, squad)
    doors.click(views.CANCEL, cancel)


async def fix(click: Click, container: Container) -> None:
    """Open the form that says that a task is mended."""
    about = views.AboutRework.decode(click.value)
    task = await container.services.reworks.fixable(click.caller, about.rework_id)
    await click.reply.open(views.fix_form(click.words, task))


async def fixed(form: Form, container: Container) -> Answer:
    """Keep it, and say who looks at it now."""
    about = views.AboutRework.decode(form.metadata)
    typed = form.values.get(NOTE_FIELD)
    note = typed if isinstance(typed, str) else None
    task = await container.services.reworks.fixed(form.caller, about.rework_id, note, form.key)
    return Answer(update=views.fixed(form.words, task))


async def mine(click: Click, container: Container) -> None:
    """Show what came back to oneself."""
    views.Own.decode(click.value)
    tasks = await container.services.reworks.mine(click.caller)
    await click.reply.privately(views.mine(click.words, tasks, container.clock.now()))


async def squad(click: Click, container: Container) -> None:
    """Show a manager what is with the contributors of a squad."""
    about = views.AboutSquad.decode(click.value)
    found = await container.services.reworks.managed(click.caller, about.squad_id)
    await click.reply.open(views.managed(click.words, found, container.clock.now()))


async def cancel(click: Click, container: Container) -> None:
    """Cancel a rework, and show what is left in the window that it was cancelled in."""
    about = views.AboutRework.decode(click.value)
    found = await container.services.reworks.cancel(click.caller, about.rework_id)
    if click.view_id is not None:
        view = views.managed(click.words, found, container.clock.now())
        await click.reply.update(click.view_id, view, click.view_hash)
