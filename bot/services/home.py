"""The Home tab: opening it queues it, and what it shows is read when its turn comes."""

from datetime import timedelta
from typing import Final

from bot import clock
from bot.rules import roles
from bot.rules.findings import Feedback
from bot.rules.home import (
    FIGURES,
    RECENT,
    OwnFigures,
    OwnPart,
    contributes,
    home_intents,
)
from bot.rules.outbox import Delivery
from bot.rules.people import Caller
from bot.rules.quality import quality_groups
from bot.services.timeoff import own_today
from bot.services.unit import Service, Unit
from bot.store import findings, home, questions, reports, squads, timeoff

RECENT_SHOWN: Final = 8
QUESTIONS_SHOWN: Final = 5
LINES: Final = 30
LINES_SINCE: Final = timedelta(days=3)
"""A line of Friday's Today that is not done is still there on Monday."""


class Home(Service):
    """Everybody has a Home tab and sees their own part of everything there."""

    async def opened(self, caller: Caller, cause: str) -> None:
        """Queue the caller's Home tab; the same event again is the same tab."""
        async with self.writing(caller) as unit:
            await unit.send(*home_intents([unit.actor.person_id], cause))

    async def own(self, caller: Caller) -> OwnPart:
        """Return what concerns the caller themselves."""
        async with self.reading(caller) as unit:
            recent, count = await _recent(unit)
            today = await own_today(unit)
            away = await timeoff.coming(unit.tx, unit.workspace_id, unit.actor.person_id, today)
            return OwnPart(
                recent=tuple(recent),
                more_recent=count - len(recent),
                figures=tuple(await _figures(unit)),
                away=tuple(away),
                questions=tuple(
                    await questions.mine(
                        unit.tx, unit.workspace_id, unit.actor.person_id, QUESTIONS_SHOWN
                    )
                ),
            )

    # For dispatch, which writes the tab.

    async def caller(self, workspace_id: int, person_id: int) -> Caller | None:
        """Return the person as the one who looks; None for somebody not in Slack."""
        async with self._database.read() as connection:
            return await home.caller_of(connection, workspace_id, person_id)

    async def has_squads(self, workspace_id: int) -> bool:
        """Tell whether the workspace has any squad."""
        async with self._database.read() as connection:
            return bool(await squads.all_squads(connection, workspace_id))

    async def lines(self, workspace_id: int, person_id: int, zone: str) -> list[Delivery]:
        """Return the lines of the person's Today that nobody ticked off, oldest first.

        What waits for a later day of `zone`, which is theirs, is left to that day.
        """
        now = self._clock.now()
        today = clock.local_day(now, zone)
        span = now - LINES_SINCE, clock.day_range(today, today, zone)[1]
        async with self._database.read() as connection:
            return await home.lines(connection, workspace_id, person_id, span, LINES)


async def _recent(unit: Unit) -> tuple[list[Feedback], int]:
    keys, count = await home.recent_audits(
        unit.tx, unit.workspace_id, unit.actor.person_id, unit.now - RECENT, RECENT_SHOWN
    )
    found = [await findings.feedback(unit.tx, unit.workspace_id, key) for key in keys]
    return [each for each in found if each is not None], count


async def _figures(unit: Unit) -> list[OwnFigures]:
    """Return the actor's own figures in each project, as far as their squads show them."""
    me = unit.actor.person_id
    found = []
    for squad_id in contributes(unit.actor):
        for scope in await reports.scopes(unit.tx, unit.workspace_id, squad_id):
            setting = scope.individual_figures
            if not roles.may_see_person(unit.actor, me, squad_id=squad_id, setting=setting):
                continue
            last = clock.local_day(unit.now, scope.zone)
            first = last - FIGURES + timedelta(days=1)
            tallies = await reports.tally_people(unit.tx, scope, *scope.period(first, last))
            found += [
                OwnFigures(
                    squad=scope.squad,
                    project=scope.project,
                    first=first,
                    last=last,
                    score=group.score,
                )
                for group in quality_groups(tallies.audits, tallies.work)
                if group.key is not None and tallies.people.get(group.key) == me
            ]
    return found
