"""All services, made once by the composition root."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.installations import Installations
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One field a capability, named like its file on every floor."""

    installations: Installations
    outbox: Outbox
    people: People


def build(database: Database, clock: Clock) -> Services:
    """Return the services on one database and one clock."""
    return Services(
        installations=Installations(database, clock),
        outbox=Outbox(database, clock),
        people=People(database, clock),
    )
