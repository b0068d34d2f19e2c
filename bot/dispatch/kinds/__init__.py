"""Every kind of delivery there is, in one explicit list."""

from bot.dispatch.kind import Kind
from bot.dispatch.kinds import (
    agenda,
    announcements,
    audits,
    blockers,
    client_pages,
    coaching,
    digests,
    disputes,
    escalations,
    gaps,
    home,
    privacy,
    pulse,
    questions,
    refusals,
    reworks,
    schedules,
    sittings,
    squads,
    status_cases,
    today,
    verified,
)


def all_kinds() -> tuple[Kind, ...]:
    """Return all kinds; a feature adds its own here."""
    return (
        *today.KINDS,
        home.KIND,
        refusals.KIND,
        *schedules.KINDS,
        *announcements.KINDS,
        *agenda.KINDS,
        *audits.KINDS,
        *blockers.KINDS,
        *client_pages.KINDS,
        *coaching.KINDS,
        *digests.KINDS,
        *disputes.KINDS,
        *escalations.KINDS,
        *gaps.KINDS,
        *privacy.KINDS,
        *pulse.KINDS,
        *questions.KINDS,
        *reworks.KINDS,
        *sittings.KINDS,
        *squads.KINDS,
        *status_cases.KINDS,
        *verified.KINDS,
    )
