"""What random audits say of one person in a squad, for a change of their status."""

from datetime import date, timedelta

from bot import clock
from bot.rules.numbers import NOTHING_COUNTED
from bot.rules.people import IndividualFigures, Role
from bot.rules.quality import quality_groups
from bot.rules.reports import Scope
from bot.rules.squads import Squad
from bot.rules.standing import individual_interval, individual_standing
from bot.rules.status_cases import EVIDENCE, Evidence, Figures
from bot.services.reports import SEEN
from bot.services.unit import Unit
from bot.store import reports


async def gather(unit: Unit, squad: Squad, person_id: int) -> Evidence | None:
    """Return a person's figures in each project of the squad, and note that they were looked at.

    None where the squad's setting keeps them from managers, and for an admin who is none: whoever
    only arranges squads reads nobody's figures.
    """
    shown = squad.individual_figures is IndividualFigures.SELF_AND_MANAGERS
    if not shown or Role.MANAGER not in unit.actor.roles_in(squad.id):
        return None
    last = clock.local_day(unit.now, squad.zone)
    first = last - EVIDENCE + timedelta(days=1)
    scopes = await reports.scopes(unit.tx, unit.workspace_id, squad.id)
    figures = [await _figures(unit, scope, first, last, person_id) for scope in scopes]
    await unit.log(SEEN, squad_id=squad.id, person_id=person_id)
    return Evidence(first=first, last=last, figures=tuple(figures))


async def _figures(unit: Unit, scope: Scope, first: date, last: date, person_id: int) -> Figures:
    """Return the figures of one project, judged as every report of it judges them."""
    tallies = await reports.tally_people(unit.tx, scope, *scope.period(first, last))
    groups = quality_groups(tallies.audits)
    compared = sum(group.score.n > 0 for group in groups)
    score = next(
        (
            group.score
            for group in groups
            if group.key is not None and tallies.people.get(group.key) == person_id
        ),
        NOTHING_COUNTED,
    )
    interval = individual_interval(score, compared)
    return Figures(
        project_id=scope.project_id,
        project=scope.project,
        n=score.n,
        rate=score.rate,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        target=scope.target,
        standing=individual_standing(score, scope.target, compared),
    )
