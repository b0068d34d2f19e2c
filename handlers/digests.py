"""`/digest now [squad]`: the quality digest at once, for the squad's managers."""

from bot.container import Container
from bot.rules import commands
from bot.rules.squads import Where
from bot.views import commands as command_views
from bot.views import digests as views
from handlers.doors import Doors
from handlers.requests import Command

NOW = "now"


def register(doors: Doors) -> None:
    """Register the command."""
    doors.command("digest", digest)


async def digest(command: Command, container: Container) -> None:
    """Post the digest, or show how the command is used."""
    word, _, rest = command.text.strip().partition(" ")
    if word.casefold() != NOW:
        await command.reply.privately(command_views.usage(command.words, "digest"))
        return
    named = " ".join(commands.arguments(commands.unescape(rest))) or None
    posting = await container.services.digests.post_now(
        command.caller, Where(named=named, channel=command.channel), command.key
    )
    await command.reply.privately(views.posting(command.words, posting.squad, posting.channel))
