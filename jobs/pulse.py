"""Opens, continues and closes polls; each tick asks what is due."""

from bot.container import Container


async def tick(container: Container) -> bool:
    """Do what is due with polls; True if there was anything."""
    return await container.services.pulse_clock.step()
