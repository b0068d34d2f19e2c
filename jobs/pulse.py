"""Opens and closes polls, groups comments, lets notes arrive; each tick asks what is due."""

from bot.container import Container


async def tick(container: Container) -> bool:
    """Do what is due with polls; True if there was anything."""
    if not await container.services.pulse_clock.anything_due():
        return False
    polls = await container.services.pulse_clock.step()
    themes = await container.services.pulse_themes.step()
    return await container.services.notes.step() or polls or themes
