"""Gathers the lines that can wait into Today messages: when each person's next one is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.rules.budget import today_due
from bot.rules.calendar import work_day_of
from bot.rules.gate import Recipient, Refuse, SquadFacts, unsendable
from bot.rules.outbox import Delivery, DeliveryState, EndReason
from bot.services.outbox import Outbox

LINES: Final = 30
"""As many as one message holds; the rest waits for the next."""

LOOK_AGAIN: Final = timedelta(minutes=5)
"""Hours, time off and squads change; by then the change has taken effect."""


class TodayPlanner:
    """Plans for one workspace; remembers for whom it is too early, so that looking is cheap."""

    def __init__(self, outbox: Outbox, clock: Clock, workspace_id: int) -> None:
        self._outbox = outbox
        self._clock = clock
        self._workspace_id = workspace_id
        self._later: dict[int, tuple[int, datetime]] = {}

    async def plan(self) -> int:
        """Queue every Today message that is due; return how many."""
        now = self._clock.now()
        people = await self._outbox.waiting_lines(self._workspace_id, LINES)
        self._later = {key: later for key, later in self._later.items() if key in people}
        planned = 0
        for person_id, lines in people.items():
            count, when = self._later.get(person_id, (0, now))
            if count == len(lines) and now < when:
                continue
            if await self._plan_for(person_id, lines):
                planned += 1
        return planned

    async def _plan_for(self, person_id: int, lines: Sequence[Delivery]) -> bool:
        now = self._clock.now()
        recipient, _ = await self._outbox.facts(lines[0])
        squad_ids = {line.squad_id for line in lines if line.squad_id is not None}
        squads = await self._outbox.squads(squad_ids) if squad_ids else {}
        kept = [
            line
            for line in lines
            if not await self._ended(line, recipient, squads.get(line.squad_id or 0))
        ]
        if recipient is None or not kept:
            return False
        if recipient.today_waits:  # it is on its way, and takes no more lines
            self._later[person_id] = (len(kept), now + LOOK_AGAIN)
            return False
        due = today_due(
            now=recipient.left_alone_until(now),
            calendar=recipient.calendar,
            sent=recipient.sent,
            budget=recipient.budget,
            active=recipient.active,
            has_lines=True,
        )
        self._later[person_id] = (len(kept), min(due or now + LOOK_AGAIN, now + LOOK_AGAIN))
        if due is None or due > now:
            return False
        number = recipient.sent.today_messages + 1
        day = work_day_of(recipient.calendar, now)
        key = f"today:{person_id}:{day.isoformat()}:{number}"
        opened = await self._outbox.open_today(self._workspace_id, person_id, key, kept)
        if not opened:  # the one before it was refused
            self._later[person_id] = (len(kept), now + LOOK_AGAIN)
        return opened

    async def _ended(
        self, line: Delivery, recipient: Recipient | None, squad: SquadFacts | None
    ) -> bool:
        """End a line that nobody will or may read."""
        if recipient is None:
            await self._end(line, DeliveryState.REFUSED, EndReason.NOT_IN_SLACK)
            return True
        obstacle = unsendable(line, recipient, squad, self._clock.now())
        if obstacle is None:
            return False
        state = DeliveryState.REFUSED if isinstance(obstacle, Refuse) else DeliveryState.DROPPED
        await self._end(line, state, obstacle.reason)
        return True

    async def _end(self, line: Delivery, state: DeliveryState, reason: str) -> None:
        await self._outbox.conclude(line, state, reason=reason)
