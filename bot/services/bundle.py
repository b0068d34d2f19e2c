"""All services, made once by the composition root."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.services.housekeeping import Housekeeping
from bot.services.installations import Installations
from bot.services.members import Members
from bot.services.outbox import Outbox
from bot.services.people import People
from bot.services.reports import Reports
from bot.services.schedules import Schedules
from bot.services.squads import Squads
from bot.services.workspaces import Workspaces
from bot.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One field a capability, named like its file on every floor."""

    housekeeping: Housekeeping
    installations: Installations
    members: Members
    outbox: Outbox
    people: People
    schedules: Schedules
    reports: Reports
    squads: Squads
    workspaces: Workspaces


def build(database: Database, clock: Clock) -> Services:
    """Return the services on one database and one clock."""
    return Services(
        housekeeping=Housekeeping(database, clock),
        installations=Installations(database, clock),
        members=Members(database, clock),
        outbox=Outbox(database, clock),
        people=People(database, clock),
        schedules=Schedules(database, clock),
        reports=Reports(database, clock),
        squads=Squads(database, clock),
        workspaces=Workspaces(database, clock),
    )
