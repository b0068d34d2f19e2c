"""The explicit list of features behind the Slack door."""

from handlers import audits, coaching, muster, projects, timeoff
from handlers.doors import Doors

FEATURES = (audits, coaching, muster, projects, timeoff)


def doors() -> Doors:
    """Return the tables with every feature registered."""
    tables = Doors()
    for feature in FEATURES:
        feature.register(tables)
    return tables
