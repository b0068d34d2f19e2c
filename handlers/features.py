"""The explicit list of features behind the Slack door."""

from handlers import (
    agenda,
    announcements,
    audits,
    blockers,
    client_pages,
    coaching,
    digests,
    disputes,
    duty,
    edge_cases,
    escalations,
    gaps,
    home,
    imports,
    muster,
    oneonone_notes,
    oneonone_packs,
    oneonones,
    privacy,
    projects,
    pulse,
    pulse_notes,
    questions,
    quiet,
    reworks,
    sections,
    sessions,
    sittings,
    squads,
    standing,
    status_cases,
    timeoff,
    today,
    verified,
)
from handlers.doors import Doors

FEATURES = (
    agenda,
    announcements,
    audits,
    blockers,
    client_pages,
    coaching,
    digests,
    disputes,
    duty,
    edge_cases,
    escalations,
    gaps,
    home,
    imports,
    muster,
    oneonone_notes,
    oneonone_packs,
    oneonones,
    privacy,
    projects,
    pulse,
    pulse_notes,
    questions,
    quiet,
    reworks,
    sections,
    sessions,
    sittings,
    squads,
    standing,
    status_cases,
    timeoff,
    today,
    verified,
)


def doors() -> Doors:
    """Return the tables with every feature registered."""
    tables = Doors()
    for feature in FEATURES:
        feature.register(tables)
    return tables
