"""`/ask gaps`: where the guidelines fell short, for those who answer questions."""

from bot.container import Container
from bot.rules import squad_input
from bot.rules.squads import Where
from bot.views import gaps as views
from handlers.doors import Doors
from handlers.requests import Click, Command

UTC = "UTC"


def register(doors: Doors) -> None:
    """Register the buttons of the list and of the weekly line."""
    doors.click(views.SHOW, questions)
    doors.click(views.WEEK, week)


async def gaps(command: Command, container: Container, text: str) -> None:
    """List the gaps of a squad: `/ask gaps [in SQUAD]`."""
    named = squad_input.squad_at_end(text, arguments=False)
    where = Where(named=named.squad, channel=command.channel)
    squad_id, found = await container.services.gaps.find(command.caller, where)
    zone = (await container.services.people.actor(command.caller)).zone or UTC
    await command.reply.privately(views.listed(command.words, squad_id, found, zone))


async def week(click: Click, container: Container) -> None:
    """List the gaps of the squad that a line of Today is about."""
    about = views.AboutSquad.decode(click.value)
    where = Where(squad_id=about.squad_id)
    squad_id, found = await container.services.gaps.find(click.caller, where)
    zone = (await container.services.people.actor(click.caller)).zone or UTC
    await click.reply.privately(views.listed(click.words, squad_id, found, zone))


async def questions(click: Click, container: Container) -> None:
    """Show the questions of one gap."""
    about = views.AboutGap.decode(click.value)
    gap = await container.services.gaps.one(click.caller, about.squad_id, about.key)
    await click.reply.open(views.questions(click.words, gap))
