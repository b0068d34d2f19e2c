"""`/muster`: help for the person's roles, status and version; setting up; admins and managers."""

from bot.container import Container
from bot.views import commands as command_views
from handlers.doors import Doors
from handlers.requests import Command


def register(doors: Doors) -> None:
    """Register the command and its buttons."""
    doors.command("muster", muster)


async def muster(command: Command, container: Container) -> None:
    """Show what the bot can do for this person."""
    actor = await container.services.people.actor(command.caller)
    shown = command_views.overview(
        command.words,
        actor.name,
        ["muster"],
        [command.words("command.version", version=container.version)],
    )
    await command.reply.privately(shown)
