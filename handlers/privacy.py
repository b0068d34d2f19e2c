"""`/muster me`: what is stored about oneself, who looked, what waits, and the export."""

from bot.container import Container
from bot.rules.payloads import Nothing
from bot.views import blocks, today
from bot.views import privacy as views
from handlers.doors import Doors
from handlers.requests import Click, Command


def register(doors: Doors) -> None:
    """Register the button; the command is a part of `/muster`."""
    doors.click(views.EXPORT, export)


async def me(command: Command, container: Container) -> None:
    """Show what is stored about the person who asks, to them alone."""
    found = await container.services.privacy.about_me(command.caller)
    held = today.held(command.words, *await container.services.reminders.held(command.caller))
    await command.reply.privately(views.about_me(command.words, found, held))


async def export(click: Click, container: Container) -> None:
    """Have the file written and sent to the person who asks."""
    Nothing.decode(click.value)
    await container.services.privacy.request_export(click.caller, click.key)
    await click.reply.privately(blocks.message(click.words("privacy.export.asked")))
