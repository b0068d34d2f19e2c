"""Where people stand: to a squad's managers each contributor, and to everybody themselves.

Both are about the last four weeks, one project at a time, beside the squad's target, and under the
squad's setting (`individual_figures`); each look at somebody else goes to the ledger.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot import clock
from bot.errors import NotAllowed, NotFound
from bot.rules import roles
from bot.rules.home import FIGURES, contributes
from bot.rules.people import Caller, IndividualFigures
from bot.rules.quality import QualityGroup, Standing, quality_groups
from bot.rules.reports import Scope
from bot.rules.roles import Act
from bot.rules.squads import Where
from bot.rules.standing import (
    OwnStanding,
    PeopleOfProject,
    PeopleOfSquad,
    PersonLine,
    in_order,
    standings,
)
from bot.services import lookup
from bot.services.reports import SEEN
from bot.services.unit import Service, Unit
from bot.store import ledger, people, reports
from bot.store import standing as store
from bot.store.reports import Tallies

TOP: Final = 3
"""Categories of one's own errors that are named: what one can work on at a time."""


class Standings(Service):
    """Contributors beside their squad's target, to those who may see it."""

    async def people(self, caller: Caller, where: Where) -> PeopleOfSquad:
        """Return where a squad's contributors stand, to its managers; alphabetical, never ranked.

        Raises NotAllowed("not_allowed_see_people_figures") to others, and
        ("individual_figures_hidden") where the squad's setting shows them to nobody but
        themselves; as `lookup.find_squad`.
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            roles.require(unit.actor, Act.SEE_PEOPLE_FIGURES, squad.id)
            if squad.individual_figures is not IndividualFigures.SELF_AND_MANAGERS:
                raise NotAllowed("individual_figures_hidden", squad=squad.name)
            scopes = await reports.scopes(unit.tx, unit.workspace_id, squad.id)
            last = clock.local_day(unit.now, squad.zone)
            first = _first(last)
            found = [await _people(unit, scope, first, last) for scope in scopes]
            looked = [
                (line.person.person_id, scope.project_id)
                for scope, project in zip(scopes, found, strict=True)
                for line in project.people
            ]
        async with self.writing_as(unit.actor) as unit:
            await _note(unit, squad.id, looked)
        return PeopleOfSquad(
            squad_id=squad.id, squad=squad.name, first=first, last=last, projects=tuple(found)
        )

    async def mine(self, caller: Caller) -> list[OwnStanding]:
        """Return the caller's own figures in every project that they contribute to.

        Raises NotFound("no_work_of_own") for somebody whose work nobody audits.
        """
        async with self.reading(caller) as unit:
            found = [
                await _mine(unit, scope)
                for squad_id in contributes(unit.actor)
                for scope in await reports.scopes(unit.tx, unit.workspace_id, squad_id)
            ]
        if not found:
            raise NotFound("no_work_of_own")
        return found


def _first(last: date) -> date:
    return last - FIGURES + timedelta(days=1)


async def _note(unit: Unit, squad_id: int, looked: Sequence[tuple[int, int]]) -> None:
    """Write each look at somebody else into the ledger."""
    await ledger.write_all(
        unit.tx,
        unit.workspace_id,
        unit.now,
        SEEN,
        actor_id=unit.actor.person_id,
        squad_id=squad_id,
        about=[
            (person_id, {"project_id": project_id})
            for person_id, project_id in looked
            if person_id != unit.actor.person_id
        ],
    )


async def _groups(
    unit: Unit, scope: Scope, first: date, last: date
) -> tuple[Tallies, tuple[QualityGroup, ...], dict[str, Standing]]:
    tallies = await reports.tally_people(unit.tx, scope, *scope.period(first, last))
    groups = quality_groups(tallies.audits, tallies.work)
    return tallies, groups, standings(groups, scope.target)


async def _people(unit: Unit, scope: Scope, first: date, last: date) -> PeopleOfProject:
    tallies, groups, stand = await _groups(unit, scope, first, last)
    named = await people.refs(unit.tx, tallies.people.values())
    lines = [
        PersonLine(
            person=named[tallies.people[group.key]],
            score=group.score,
            standing=stand[group.key],
        )
        for group in groups
        if group.key is not None
        and roles.may_see_person(
            unit.actor,
            tallies.people[group.key],
            squad_id=scope.squad_id,
            setting=scope.individual_figures,
        )
    ]
    return PeopleOfProject(
        project=scope.project,
        target=scope.target,
        compared=sum(group.score.n > 0 for group in groups),
        people=in_order(lines),
    )


async def _mine(unit: Unit, scope: Scope) -> OwnStanding:
    me = unit.actor.person_id
    last = clock.local_day(unit.now, scope.zone)
    first = _first(last)
    period = scope.period(first, last)
    shown = roles.may_see_person(
        unit.actor, me, squad_id=scope.squad_id, setting=scope.individual_figures
    )
    cases = await store.own_cases(unit.tx, scope, me, *period)
    own = OwnStanding(
        squad=scope.squad,
        project=scope.project,
        zone=scope.zone,
        first=first,
        last=last,
        setting=scope.individual_figures,
        cases=cases,
    )
    return await _with_figures(unit, scope, own) if shown else own


async def _with_figures(unit: Unit, scope: Scope, own: OwnStanding) -> OwnStanding:
    me = unit.actor.person_id
    tallies, groups, stand = await _groups(unit, scope, own.first, own.last)
    audited = [group for group in groups if group.score.n]
    mine = next((g for g in groups if g.key is not None and tallies.people.get(g.key) == me), None)
    if mine is None or mine.key is None:
        return own
    period = scope.period(own.first, own.last)
    return replace(
        own,
        score=mine.score,
        accepted=mine.accepted,
        others=sum(rate.n for rate in mine.others.values()),
        target=scope.target,
        standing=stand[mine.key],
        alone=len(audited) == 1 and audited[0] is mine,
        top=tuple(await store.own_categories(unit.tx, scope, me, *period, TOP)),
    )
