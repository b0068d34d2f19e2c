"""The explicit list of features behind the Slack door."""

from handlers import audits, coaching, muster
from handlers.doors import Doors

FEATURES = (audits, coaching, muster)


def doors() -> Doors:
    """Return the tables with every feature registered."""
    tables = Doors()
    for feature in FEATURES:
        feature.register(tables)
    return tables
