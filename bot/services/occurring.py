"""What must happen once: an occurrence is claimed in the transaction that stores what it causes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.occurrences import DueOccurrence, OccurrenceState
from bot.rules.outbox import Intent
from bot.services.unit import Service
from bot.store import ledger, occurrences, outbox


class Occurring:
    """What a service does an occurrence's work with, inside one transaction."""

    def __init__(self, tx: AsyncConnection, occurrence: DueOccurrence, now: datetime) -> None:
        self.tx = tx
        self.occurrence = occurrence
        self.now = now
        self.workspace_id = occurrence.workspace_id
        self.squad_id = occurrence.squad_id

    async def send(self, *intents: Intent) -> None:
        """Queue messages that must follow from this occurrence."""
        await outbox.add(self.tx, self.workspace_id, intents, self.now)

    async def log(self, action: str, **ids: object) -> None:
        """Write a line of the ledger: the clock did `action`."""
        await ledger.write(
            self.tx,
            self.workspace_id,
            self.now,
            action,
            actor_id=None,
            squad_id=self.squad_id,
            ids=ids,
        )


class OccurringService(Service):
    """Base of the services that the clock calls."""

    @asynccontextmanager
    async def occurring(self, occurrence: DueOccurrence) -> AsyncIterator[Occurring | None]:
        """Claim an occurrence; what is stored and queued inside is committed with the claim.

        Gives None if it happened already, is happening elsewhere, or was changed meanwhile: there
        is then nothing to do. If the body raises, nothing is claimed and the next tick tries again.
        """
        now = self._clock.now()
        async with self._database.write() as tx:
            ours = occurrence.awaited is None or await occurrences.advance(
                tx, occurrence.schedule, occurrence.awaited, occurrence.following
            )
            if ours:
                ours = await occurrences.claim(tx, occurrence, now, OccurrenceState.DONE)
            yield Occurring(tx, occurrence, now) if ours else None

    @asynccontextmanager
    async def occurring_all(
        self, due: Sequence[DueOccurrence]
    ) -> AsyncIterator[tuple[AsyncConnection, list[DueOccurrence], datetime]]:
        """Claim several occurrences of one workspace in one transaction; give those that are ours.

        If the body raises, none of them is claimed.
        """
        now = self._clock.now()
        async with self._database.write() as tx:
            yield tx, await occurrences.take(tx, due, now), now
