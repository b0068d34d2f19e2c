"""All services, made once by the composition root."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.installations import Installations
from bot.services.members import Members
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.reports import Reports
from bot.services.squads import Squads
from bot.services.workspaces import Workspaces
from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One field a capability, named like its file on every floor."""

    installations: Installations
    members: Members
    outbox: Outbox
    people: People
    reports: Reports
    squads: Squads
    workspaces: Workspaces


def build(database: Database, clock: Clock) -> Services:
    """Return the services on one database and one clock."""
    return Services(
        installations=Installations(database, clock),
        members=Members(database, clock),
        outbox=Outbox(database, clock),
        people=People(database, clock),
        reports=Reports(database, clock),
        squads=Squads(database, clock),
        workspaces=Workspaces(database, clock),
    )
