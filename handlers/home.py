"""The Home tab: opening it publishes it anew, and what is looked at from there opens privately."""

from bot.container import Container
from bot.rules.home import REHEARSED
from bot.rules.squads import Where
from bot.views import home as home_views
from handlers.doors import Doors
from handlers.requests import Click, Event


def register(doors: Doors) -> None:
    """Register the event and the buttons that are the tab's own."""
    doors.event("app_home_opened", opened)
    doors.click(home_views.REHEARSED, rehearsed)


async def opened(event: Event, container: Container) -> None:
    """Publish the tab to whoever looks at it; the messages tab is left alone."""
    if event.payload.get("tab") == "home":
        await container.services.home.opened(event.caller, event.key)


async def rehearsed(click: Click, container: Container) -> None:
    """Show what a squad in rehearsal would have been sent."""
    wanted = home_views.Rehearsed.decode(click.value)
    squad = await container.services.squads.managed(click.caller, Where(squad_id=wanted.squad_id))
    since = container.clock.now() - REHEARSED
    found = await container.services.outbox.rehearsed(click.caller, squad.id, since)
    await click.reply.open(home_views.rehearsed(click.words, squad, found, REHEARSED.days))
