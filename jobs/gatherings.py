"""Announcements and sessions: each tick asks whom they wait for, and what begins or ended."""

from bot.container import Container


async def tick(container: Container) -> bool:
    """Do what is due with announcements and sessions; True if there was anything."""
    told = await container.services.announcements.step()
    return await container.services.sessions.step() or told
