"""Every kind of delivery there is, in one explicit list."""

from bot.dispatch.kind import Kind
from bot.dispatch.kinds import (
    audits,
    blockers,
    coaching,
    digests,
    escalations,
    gaps,
    home,
    questions,
    refusals,
    reworks,
    schedules,
    squads,
    status_cases,
    today,
    verified,
)


def all_kinds() -> tuple[Kind, ...]:
    """Return all kinds; a feature adds its own here."""
    return (
        today.KIND,
        home.KIND,
        refusals.KIND,
        schedules.KIND,
        *audits.KINDS,
        *blockers.KINDS,
        *coaching.KINDS,
        *digests.KINDS,
        *escalations.KINDS,
        *gaps.KINDS,
        *questions.KINDS,
        *reworks.KINDS,
        *squads.KINDS,
        *status_cases.KINDS,
        *verified.KINDS,
    )
