"""What coaching did, for managers; and the follow-up draws by which it is seen."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.rules import roles
from bot.rules.coaching_effects import (
    FOLLOWED,
    FOLLOWUPS_A_WEEK,
    KNOWN,
    LEAST_PEOPLE,
    WINDOW,
    Effect,
    OfCategory,
    OfSquad,
    effect,
    reads_from,
)
from bot.rules.digests import LEAST_COACHED, Coaching
from bot.rules.people import Caller
from bot.rules.reports import Scope
from bot.rules.roles import Act
from bot.services.unit import Service
from bot.store import coaching_effects as store
from bot.store import oneonone_notes, reports, squads
from bot.store.database import Database

SHOWN: Final = 8
"""Categories that one look holds, those with most coachings."""

_WEEK: Final = timedelta(days=7)
_NIGHT: Final = timedelta(hours=20)
"""One follow-up a night and person: those of a week are then of several days' work."""


class CoachingEffects(Service):
    """For managers; it names nobody."""

    async def of_squad(self, caller: Caller, squad_id: int) -> OfSquad:
        """Return what coaching did in a squad of the last half year.

        Raises NotAllowed("not_allowed_hold_one_on_ones").
        """
        async with self.reading(caller) as unit:
            roles.require(unit.actor, Act.HOLD_ONE_ON_ONES, squad_id)
            squad = await squads.get(unit.tx, unit.workspace_id, squad_id)
            if squad is None:
                raise NotFound("oneonone_gone")
            since = unit.now - WINDOW
            lessons = await oneonone_notes.lessons(unit.tx, unit.workspace_id, squad_id, since)
            names = {
                (each.project_id, each.category_id): (each.on.project, each.on.category)
                for each in lessons
            }
            often = Counter((each.project_id, each.category_id) for each in lessons)
            most = {key for key, _ in often.most_common(SHOWN)}
            found = []
            for scope in await reports.scopes(unit.tx, unit.workspace_id, squad_id):
                keys = [category for project, category in most if project == scope.project_id]
                for key, one in (await effects(unit.tx, scope, keys, unit.now)).items():
                    project, category = names[scope.project_id, key]
                    found.append(OfCategory(project=project, category=category, effect=one))
        found.sort(key=lambda each: (-each.effect.coached, each.project, each.category))
        return OfSquad(squad=squad.name, found=tuple(found))


async def effects(
    connection: AsyncConnection, scope: Scope, category_ids: Collection[int], now: datetime
) -> dict[int, Effect]:
    """Return what coaching on some categories did, by category."""
    if not category_ids:
        return {}
    since = now - KNOWN
    ours = (connection, scope.workspace_id, scope.squad_id)
    taught = {key: await oneonone_notes.taught(*ours, key, since) for key in category_ids}
    begin = min(reads_from(each, now) for each in taught.values())
    tallies = await store.tallies(connection, scope, category_ids, max(since, begin))
    found = {}
    for key in category_ids:
        found[key] = effect(tallies[key], taught[key], now)
        await asyncio.sleep(0)  # a quarter of a second in a very large squad: let others through
    return found


async def lately(connection: AsyncConnection, scope: Scope, now: datetime) -> Coaching | None:
    """Return what coaching did on the category that most people were coached on, naming nobody.

    None where they were so few that everybody knows who. Audits are read only where they are
    enough for a verdict.
    """
    most = await store.most_coached(connection, scope, now - WINDOW, LEAST_COACHED)
    if most is None:
        return None
    key, category, people = most
    if people < LEAST_PEOPLE:
        return Coaching(category=category, people=people)
    found = await effects(connection, scope, [key], now)
    return Coaching(category=category, people=people, effect=found[key])


async def follow(database: Database, scope: Scope, through: int, now: datetime) -> int:
    """Draw follow-ups of whom was coached lately: by chance, whatever the work is like.

    Of a person at most `FOLLOWUPS_A_WEEK` in seven days and one a night, of work handed in after
    the coaching that nobody audits otherwise. Return how many.
    """
    chosen = []
    async with database.read() as connection:
        people = await store.followed(connection, scope, now - FOLLOWED)
        if not people:
            return 0
        drawn = await store.drawn_since(connection, scope, people, now - _WEEK)
        for person_id, coached_at in sorted(people.items()):
            count, last = drawn.get(person_id, (0, None))
            if count >= FOLLOWUPS_A_WEEK or (last is not None and last > now - _NIGHT):
                continue
            since = max(coached_at, now - _WEEK)
            if work := await store.work_since(connection, scope, person_id, since, through):
                chosen.append(secrets.choice(work))
    async with database.write() as tx:
        return await store.add(tx, scope, chosen, now)
