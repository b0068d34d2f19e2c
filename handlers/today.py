"""What stands beside a reminder: putting it off, ticking it off, and showing the rest of Today."""

from bot.container import Container
from bot.rules.snoozing import Snooze
from bot.views import today as views
from handlers.doors import Doors
from handlers.requests import Click


def register(doors: Doors) -> None:
    """Register the menu and the button."""
    doors.click(views.LINE, choose)
    doors.click(views.REST, show_rest)


async def choose(click: Click, container: Container) -> None:
    """Put a reminder off, or tick it off; Today changes by itself, and says until when."""
    wanted = views.OfLine.decode(click.value)
    reminders = container.services.reminders
    if wanted.choice is Snooze.DONE:
        await reminders.tick(click.caller, wanted.delivery_id)
        return
    found = await reminders.snooze(click.caller, wanted.delivery_id, wanted.choice)
    await click.reply.privately(views.put_off(click.words, found))


async def show_rest(click: Click, container: Container) -> None:
    """Send what the Today message had no room for."""
    wanted = views.OfToday.decode(click.value)
    await container.services.reminders.show_rest(click.caller, wanted.carrier_id)
