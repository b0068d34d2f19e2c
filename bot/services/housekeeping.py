"""The workspace's own occurrences: the report of what did not arrive, and tidying up."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.budget import DeliveryClass
from bot.rules.occurrences import DueOccurrence
from bot.rules.outbox import NOT_ARRIVED, Intent
from bot.services import blocking, retention, sitting_ends
from bot.services.occurring import OccurringService
from bot.store import housekeeping, occurrences, outbox, workspaces

REFUSALS: Final = "refusals"
"""The kind of the report (bot/dispatch/kinds/refusals.py)."""

EFFECTS_KEPT: Final = timedelta(hours=48)
"""Slack repeats an event for up to a day; twice that leaves room for clocks and long outages."""

CHUNK: Final = 500
"""Rows per transaction: some milliseconds, so that a click never waits for tidying up."""

_FIRST_REPORT: Final = timedelta(days=1)

Forget = Callable[[AsyncConnection, int, datetime, int], Awaitable[int]]


class Housekeeping(OccurringService):
    """The clock calls these."""

    async def report_refusals(self, occurrence: DueOccurrence) -> int:
        """Plan a line for each admin if anything was refused or parked since the last report.

        Managers have one of what their squads' channels did not get: it is theirs to name another
        one. Returns how many are told.
        """
        async with self.occurring(occurrence) as unit:
            if unit is None:
                return 0
            key = (unit.tx, unit.workspace_id)
            last = await occurrences.last_done_at(*key, occurrence.schedule.id, unit.now)
            since = last or unit.now - _FIRST_REPORT
            found = await outbox.by_state(*key, NOT_ARRIVED, 1, since=since)
            admins = await workspaces.admins(*key) if found else []
            reports = [_report(occurrence, person_id, since) for person_id in dict.fromkeys(admins)]
            lost = await outbox.squads_lost(*key, NOT_ARRIVED, since) if found else []
            for squad_id in lost:
                told = await blocking.managers(*key, squad_id)
                reports += [
                    _report(occurrence, person_id, since, squad_id)
                    for person_id in sorted(told - set(admins))
                ]
            await unit.send(*reports)
            return len(reports)

    async def tidy(self, occurrence: DueOccurrence) -> int:
        """Remove old effects, and what a workspace keeps no longer; return how many rows.

        Deleting comes first and the claim last: what a crash leaves is deleted the next time.
        """
        now = self._clock.now()
        workspace_id = occurrence.workspace_id
        gone = await self._in_pieces(housekeeping.forget_effects, workspace_id, now - EFFECTS_KEPT)
        async with self._database.read() as connection:
            terms = await retention.terms(connection, workspace_id)
        for forget, before in retention.forgetting(terms, now):
            gone += await self._in_pieces(forget, workspace_id, before)
        async with self.occurring(occurrence):
            return gone

    async def give_up(self, workspace_id: int) -> tuple[int, int]:
        """Give up draws whose time is over and end sittings that were left; return how many.

        What such a sitting found leaves now, and its auditor gets the certificate.
        """
        now = self._clock.now()
        lapsed = await self._in_pieces(housekeeping.lapse_draws, workspace_id, now)
        ended = 0
        async with self._database.write() as tx:
            for sitting in await sitting_ends.abandoned(tx, workspace_id, now):
                intents = await sitting_ends.end(tx, workspace_id, sitting, now, None)
                await outbox.add(tx, workspace_id, intents, now)
                ended += 1
        return lapsed, ended

    async def _in_pieces(self, forget: Forget, workspace_id: int, before: datetime) -> int:
        total = 0
        while True:
            async with self._database.write() as tx:
                gone = await forget(tx, workspace_id, before, CHUNK)
            total += gone
            if gone < CHUNK:
                return total


def _report(
    occurrence: DueOccurrence, person_id: int, since: datetime, squad_id: int | None = None
) -> Intent:
    of_squad = {} if squad_id is None else {"squad_id": squad_id}
    whose = f"{occurrence.schedule.id}:{occurrence.slot}:{person_id}"
    return Intent(
        kind=REFUSALS,
        delivery_class=DeliveryClass.TODAY,
        person_id=person_id,
        squad_id=squad_id,
        ids={"since": since.isoformat(), **of_squad},
        dedupe_key=f"{REFUSALS}:{whose}" + (f":{squad_id}" if of_squad else ""),
    )
