"""What a squad's questions say about its guidelines; nobody's name is read for it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.errors import NotFound
from bot.knowledge.similar import ALIKE, CLOSE, Similar
from bot.rules import roles
from bot.rules.budget import DeliveryClass
from bot.rules.gaps import WEEK, WEEKLY, WINDOW, Gap, GapQuestion, Gaps, gather
from bot.rules.outbox import Intent
from bot.rules.people import Caller
from bot.rules.roles import Act
from bot.rules.squads import Where
from bot.services import lookup
from bot.services.unit import Service
from bot.store import gaps, squads


class GapFinder(Service):
    """For those who answer questions in a squad."""

    async def find(self, caller: Caller, where: Where) -> tuple[int, Gaps]:
        """Return a squad's key and its gaps of the last four weeks.

        Raises NotAllowed("not_allowed_answer_question") and as `lookup.find_squad`.
        """
        async with self.reading(caller) as unit:
            squad = await lookup.find_squad(unit, where)
            roles.require(unit.actor, Act.ANSWER_QUESTION, squad.id)
        until = unit.now + timedelta.resolution  # what is asked this very moment counts
        found = await self.between(unit.workspace_id, squad.id, unit.now - WINDOW, until)
        if found is None:
            raise NotFound("squad_gone")
        return squad.id, found

    async def one(self, caller: Caller, squad_id: int, key: str) -> Gap:
        """Return one gap with its questions. Raises as `find`, and NotFound("gap_gone")."""
        _, found = await self.find(caller, Where(squad_id=squad_id))
        for gap in found.gaps:
            if gap.key == key:
                return gap
        raise NotFound("gap_gone")

    async def between(
        self, workspace_id: int, squad_id: int, since: datetime, until: datetime
    ) -> Gaps | None:
        """Return what was asked in `[since, until)`; None if the squad is gone."""
        async with self._database.read() as connection:
            squad = await squads.get(connection, workspace_id, squad_id)
            if squad is None:
                return None
            asked = await gaps.questions(connection, workspace_id, squad_id, since, until)
            reviews = await gaps.reviews(connection, workspace_id, squad_id, until)
        return Gaps(
            squad=squad.name,
            since=since,
            asked=len(asked),
            without_person=sum(each.without_person for each in asked),
            gaps=await asyncio.to_thread(_gathered, asked),
            reviews=reviews,
        )

    async def week(self, workspace_id: int, squad_id: int, until: datetime) -> Gaps | None:
        """Return the week before an instant, for the message about it."""
        return await self.between(workspace_id, squad_id, until - WEEK, until)


def _gathered(asked: Sequence[GapQuestion]) -> tuple[Gap, ...]:
    among = Similar([each.text for each in asked])
    return gather(asked, among.clusters(ALIKE), among.clusters(CLOSE))


def weekly(squad_id: int, slot: str, managers: Sequence[int], now: datetime) -> list[Intent]:
    """Return each manager's line about the week's questions, beside the weekly digest."""
    return [
        Intent(
            kind=WEEKLY,
            delivery_class=DeliveryClass.TODAY,
            person_id=person_id,
            squad_id=squad_id,
            ids={"squad_id": squad_id, "until": now.isoformat()},
            dedupe_key=f"{WEEKLY}:{squad_id}:{slot}:{person_id}",
        )
        for person_id in managers
    ]
