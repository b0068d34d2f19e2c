"""`/ask blocked` and its buttons: somebody cannot work, a manager has it, it is over."""

from bot.container import Container
from bot.rules import commands
from bot.views import blockers as views
from handlers.doors import Doors
from handlers.requests import Click, Command

WORD = "blocked"
"""The sub-command's name, which may stand in front of what was typed."""


def register(doors: Doors) -> None:
    """Register the buttons; the command is a part of `/ask` and of `/muster`."""
    doors.click(views.ASK, ask)
    doors.click(views.NO_WORK, pick)
    doors.click(views.TOOL_DOWN, pick)
    doors.click(views.NO_ACCESS, pick)
    doors.click(views.AGAIN, pick)
    doors.click(views.RESUME, resume)
    doors.click(views.TAKE, take)
    doors.click(views.DONE, done)
    doors.click(views.SHOW, show)


async def ask_blocked(command: Command, container: Container) -> None:
    """Say that one cannot work: `/ask blocked [tool down] [note] [in SQUAD]`.

    With a kind, where one squad is meant, that is enough; else its buttons are shown.
    """
    typed = commands.unescape(command.text).strip()
    first, _, rest = typed.partition(" ")
    text = rest if first.casefold() == WORD else typed
    services = container.services.blockers
    asking = await services.asking(command.caller, text, command.channel)
    if asking.kind is None or len(asking.places) > 1:
        await command.reply.privately(views.ask(command.words, asking))
        return
    key = command.event_key or command.key
    (place,) = asking.places
    opened = await services.open(command.caller, place.squad_id, asking.kind, asking.note, key)
    await command.reply.privately(views.opened(command.words, opened))


async def ask(click: Click, container: Container) -> None:
    """Show the choice from the Home tab."""
    asking = await container.services.blockers.asking(click.caller, "", click.channel)
    await click.reply.privately(views.ask(click.words, asking))


async def pick(click: Click, container: Container) -> None:
    """Keep what it is, and put the receipt in place of the choice."""
    picked = views.Picked.decode(click.value)
    # Each choice is an effect of its own: after the next one it may be the same again.
    key = f"{click.key}:{click.message_ts}"
    opened = await container.services.blockers.open(
        click.caller, picked.squad_id, picked.kind, None, key
    )
    await click.reply.replace(views.opened(click.words, opened))


async def resume(click: Click, container: Container) -> None:
    """Keep that one can work again."""
    about = views.AboutBlocker.decode(click.value)
    mine = await container.services.blockers.resume(click.caller, about.blocker_id)
    if about.here and click.message_ts is not None:
        await click.reply.replace(views.mine(click.words, mine))


async def take(click: Click, container: Container) -> None:
    """Keep that one looks after it."""
    about = views.AboutBlocker.decode(click.value)
    case = await container.services.blockers.take(click.caller, about.blocker_id)
    if about.here and click.message_ts is not None:
        await click.reply.replace(views.case(click.words, case, container.clock.now()))


async def done(click: Click, container: Container) -> None:
    """Keep that it is gone."""
    about = views.AboutBlocker.decode(click.value)
    case = await container.services.blockers.done(click.caller, about.blocker_id)
    if about.here and click.message_ts is not None:
        await click.reply.replace(views.case(click.words, case, container.clock.now()))


async def show(click: Click, container: Container) -> None:
    """Show what a line of Today is about."""
    about = views.AboutBlocker.decode(click.value)
    case = await container.services.blockers.read(click.caller, about.blocker_id)
    await click.reply.open(views.shown(click.words, case, container.clock.now()))
