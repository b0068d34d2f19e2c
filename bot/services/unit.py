"""The unit of work: one transaction, the acting person, the effect key and what must follow."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import MusterError
from bot.rules.outbox import Intent
from bot.rules.people import Actor, Caller
from bot.store import effects, ledger, outbox, people
from bot.store.database import Database

# Who was looked up within one view of the store.
_known: ContextVar[dict[Caller, Actor] | None] = ContextVar("known", default=None)


class StrangerError(MusterError):
    """We have not met this Slack user; the door asks Slack who it is and tries once more."""

    def __init__(self, caller: Caller) -> None:
        super().__init__(caller.user_id)
        self.caller = caller


class Unit:
    """What a service does its work with, inside one transaction."""

    def __init__(self, tx: AsyncConnection, actor: Actor, now: datetime) -> None:
        self.tx = tx
        self.actor = actor
        self.now = now
        self.workspace_id = actor.workspace_id
        self._intents: list[Intent] = []

    async def begin(
        self, key: str | None, window: timedelta | None = None
    ) -> Mapping[str, Any] | None:
        """Claim an effect key; return None if the work is ours to do, else the earlier result."""
        if key is None:
            return None
        return await effects.begin(self.tx, self.workspace_id, key, self.now, window)

    async def finish(self, key: str | None, **result: object) -> None:
        """Store the ids of the result under the key, for whoever comes second."""
        if key is not None:
            await effects.finish(self.tx, self.workspace_id, key, result)

    async def send(self, *intents: Intent) -> None:
        """Queue messages that must follow; all of them are stored at the transaction's end."""
        self._intents += intents

    async def store_intents(self) -> None:
        """Store the messages that must follow, in one statement."""
        await outbox.add(self.tx, self.workspace_id, self._intents, self.now)
        self._intents.clear()

    async def close(self) -> None:
        """Store what is left of the messages that must follow."""
        await self.store_intents()

    async def log(
        self,
        action: str,
        *,
        squad_id: int | None = None,
        person_id: int | None = None,
        **ids: object,
    ) -> None:
        """Write a line of the ledger: the actor did `action`, about `person_id` if any."""
        await ledger.write(
            self.tx,
            self.workspace_id,
            self.now,
            action,
            actor_id=self.actor.person_id,
            squad_id=squad_id,
            person_id=person_id,
            ids=ids,
        )


class Service:
    """Base of all services: the store's doors and the clock, and nothing else."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def writing(self, caller: Caller) -> AsyncIterator[Unit]:
        """Open a writing transaction for a caller. Raises StrangerError for an unknown one."""
        async with self._database.write() as tx:
            unit = await self._unit(tx, caller)
            yield unit
            await unit.close()

    @asynccontextmanager
    async def writing_as(self, actor: Actor) -> AsyncIterator[Unit]:
        """Open a writing transaction for somebody who was read, and may do it, a moment ago.

        For what is done often: all that can be read before is then read without SQLite's one
        write lock. Whatever two people could change at once must still be read in here.
        """
        async with self._database.write() as tx:
            unit = Unit(tx, actor, self._clock.now())
            yield unit
            await unit.close()

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Let whatever services read inside be one view of the store, callers looked up once."""
        async with self._database.together():
            token = _known.set({})
            try:
                yield
            finally:
                _known.reset(token)

    @asynccontextmanager
    async def reading(self, caller: Caller) -> AsyncIterator[Unit]:
        """Open a reading transaction for a caller. Raises StrangerError for an unknown one."""
        async with self._database.read() as connection:
            known = _known.get()
            actor = None if known is None else known.get(caller)
            if actor is not None:
                yield Unit(connection, actor, self._clock.now())
                return
            unit = await self._unit(connection, caller)
            if known is not None:
                known[caller] = unit.actor
            yield unit

    async def _unit(self, connection: AsyncConnection, caller: Caller) -> Unit:
        actor = await people.actor(connection, caller)
        if actor is None:
            raise StrangerError(caller)
        return Unit(connection, actor, self._clock.now())
