"""Where people stand: `/audit mine` for oneself, and a button for the managers of a squad."""

from bot.container import Container
from bot.rules import squad_input
from bot.rules.squads import Where
from bot.views import standing as views
from handlers.doors import Doors
from handlers.requests import Click, Command


def register(doors: Doors) -> None:
    """Register the button."""
    doors.click(views.PEOPLE, open_people)


async def mine(command: Command, container: Container) -> None:
    """Show the caller's own figures."""
    found = await container.services.standings.mine(command.caller)
    await command.reply.privately(views.mine(command.words, found))


async def people(command: Command, container: Container, text: str) -> None:
    """Show a manager where contributors stand: `/squad people [SQUAD]`."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    found = await container.services.standings.people(command.caller, where)
    await command.reply.open(views.people(command.words, found))


async def open_people(click: Click, container: Container) -> None:
    """Show the same for the squad that a button is about."""
    where = Where(squad_id=views.OfSquad.decode(click.value).squad_id)
    found = await container.services.standings.people(click.caller, where)
    await click.reply.open(views.people(click.words, found))
