"""The outbox: what dispatch does with deliveries, each step in one short transaction, and lists."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict, StoreError
from bot.rules.gate import Recipient, SquadFacts
from bot.rules.outbox import (
    NOT_ARRIVED,
    TODAY,
    Carried,
    Delivery,
    DeliveryState,
    EndReason,
    Listed,
    Operation,
    Setback,
)
from bot.rules.people import Caller
from bot.rules.roles import Act, require
from bot.services.unit import Service
from bot.store import lanes, leases, outbox, recipients, squads, today

LISTED = 200


def is_store_trouble(error: Exception) -> bool:
    """Tell whether the store was busy or away: it passes, what was tried may be tried again."""
    if isinstance(error, Conflict):
        return error.code == "database_busy"
    return isinstance(error, DBAPIError | PoolTimeout | StoreError)


class Outbox(Service):
    """Dispatch calls most of this on its own behalf; what a person may call says who."""

    # The lease.

    async def busy_workspaces(self) -> list[int]:
        """Return the workspaces that have anything due."""
        async with self._database.read() as connection:
            return await lanes.busy_workspaces(connection, self._clock.now())

    async def acquire(
        self, workspace_id: int, holder: str, length: timedelta, settle: timedelta
    ) -> int | None:
        """Take the right to send for a workspace; return its fencing number, None if taken.

        What an earlier holder left half-sent becomes unknown, to be looked at `settle` after it
        was claimed.
        """
        now = self._clock.now()
        async with self._database.write() as tx:
            fence = await leases.acquire(tx, workspace_id, holder, now, now + length)
            if fence is not None:
                await lanes.disown(tx, workspace_id, fence, now, settle)
            return fence

    async def renew(self, workspace_id: int, fence: int, length: timedelta) -> bool:
        """Keep the right to send; False if it is lost."""
        now = self._clock.now()
        async with self._database.write() as tx:
            return await leases.renew(tx, workspace_id, fence, now, now + length)

    async def release(self, workspace_id: int, fence: int) -> None:
        """Give the right to send back."""
        async with self._database.write() as tx:
            await leases.release(tx, workspace_id, fence, self._clock.now())

    # One delivery.

    async def heads(
        self, workspace_id: int, limit: int, paused: Collection[Operation] = ()
    ) -> list[Delivery]:
        """Return whose turn it is, at most one delivery of each person and channel."""
        async with self._database.read() as connection:
            now = self._clock.now()
            return await lanes.heads(connection, workspace_id, now, limit, paused)

    async def get(self, delivery_id: int) -> Delivery | None:
        """Return one delivery."""
        async with self._database.read() as connection:
            return await outbox.get(connection, delivery_id)

    async def facts(self, delivery: Delivery) -> tuple[Recipient | None, SquadFacts | None]:
        """Return the person and the squad of a delivery, as far as it names them.

        A person who is gone altogether comes back as one whom Slack does not know.
        """
        async with self._database.read() as connection:
            person = await self._recipient(connection, delivery)
            squad = None
            if delivery.squad_id is not None:
                squad = await recipients.squad_facts(connection, delivery.squad_id)
            return person, squad

    async def _recipient(self, connection: AsyncConnection, delivery: Delivery) -> Recipient | None:
        if delivery.person_id is None:
            return None
        return await recipients.recipient(
            connection, delivery.workspace_id, delivery.person_id, self._clock.now()
        )

    async def claim(self, delivery: Delivery, fence: int) -> bool:
        """Write down that we are about to send; False if it is not ours to send."""
        async with self._database.write() as tx:
            return await lanes.claim(tx, delivery, fence, self._clock.now())

    async def note_ticket(self, delivery: Delivery, fence: int, file_id: str) -> bool:
        """Write down that a file's bytes arrived; False if the delivery is no longer ours."""
        async with self._database.write() as tx:
            ticket: dict[str, object] = {"file_id": file_id, "uploaded": True}
            return await lanes.note_ticket(tx, delivery, fence, ticket)

    async def finish(
        self,
        delivery: Delivery,
        fence: int,
        state: DeliveryState,
        *,
        reason: str | None = None,
        sent: tuple[str, str] = ("", ""),
    ) -> None:
        """End a claimed delivery, and the lines it carried; `sent` is (channel, ts)."""
        now = self._clock.now()
        async with self._database.write() as tx:
            ended = await lanes.finish(
                tx,
                delivery,
                fence,
                state,
                now,
                reason=reason,
                sent_channel=sent[0] or None,
                sent_ts=sent[1] or None,
            )
            if ended and delivery.kind == TODAY:
                await today.settle_carried(tx, delivery.id, state, now, reason)

    async def put_back(
        self,
        delivery: Delivery,
        fence: int,
        state: DeliveryState,
        wait: timedelta,
        reason: Setback,
    ) -> None:
        """Let a claimed delivery wait, or be unknown, for so long."""
        async with self._database.write() as tx:
            due_at = self._clock.now() + wait
            await lanes.put_back(tx, delivery, fence, state, due_at, reason)

    async def conclude(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        reason: str | None = None,
        sent: tuple[str, str] = ("", ""),
    ) -> None:
        """End a delivery that was not claimed, and the lines it carried."""
        now = self._clock.now()
        async with self._database.write() as tx:
            ended = await lanes.conclude(
                tx,
                delivery,
                state,
                now,
                reason=reason,
                sent_channel=sent[0] or None,
                sent_ts=sent[1] or None,
            )
            if ended and delivery.kind == TODAY:
                await today.settle_carried(tx, delivery.id, state, now, reason)
            if ended and reason == EndReason.NOTHING_LEFT:
                await today.free_key(tx, delivery.id)

    async def hold(
        self, delivery: Delivery, until: datetime, reason: str, *, lookups: int | None = None
    ) -> None:
        """Look at an unclaimed delivery again at `until`."""
        async with self._database.write() as tx:
            await lanes.hold(tx, delivery, until, reason, lookups=lookups)

    async def send_again(self, delivery: Delivery, *, ticket: Mapping[str, object] | None) -> None:
        """Let an unknown delivery, which did not arrive, be sent once more, keeping its place."""
        async with self._database.write() as tx:
            await lanes.hold(
                tx,
                delivery,
                self._clock.now(),
                Setback.ABSENT,
                state=DeliveryState.WAITING,
                lookups=0,
                ticket=dict(ticket) if ticket else None,
            )

    async def fold(self, delivery: Delivery, reason: str) -> None:
        """Make a message a line of the person's next Today."""
        async with self._database.write() as tx:
            await lanes.fold(tx, delivery, reason)

    async def keep_dm(self, workspace_id: int, user_id: str, channel: str) -> None:
        """Remember the channel of the direct messages with a user."""
        async with self._database.write() as tx:
            await recipients.keep_dm(tx, workspace_id, user_id, channel)

    # Today.

    async def waiting_lines(
        self, workspace_id: int, per_person: int
    ) -> Mapping[int, list[Delivery]]:
        """Return the lines that wait for a Today message, by person."""
        async with self._database.read() as connection:
            return await today.waiting_lines(
                connection, workspace_id, self._clock.now(), per_person
            )

    async def open_today(
        self, workspace_id: int, person_id: int, dedupe_key: str, lines: Iterable[Delivery]
    ) -> bool:
        """Queue a Today message that carries these lines; False if there is one already."""
        async with self._database.write() as tx:
            carrier = await today.open_message(
                tx, workspace_id, person_id, dedupe_key, self._clock.now()
            )
            if carrier is not None:
                await today.carry(tx, [line.id for line in lines], carrier)
            return carrier is not None

    async def carried(self, carrier_id: int) -> Carried:
        """Return the lines of a Today message, and what became of them since."""
        async with self._database.read() as connection:
            lines = await today.carried(connection, carrier_id)
            return Carried(
                lines=tuple(lines),
                ticked=await today.ticked(connection, carrier_id),
                put_off=await today.come_back(connection, lines),
            )

    async def end_lines(self, ended: Mapping[int, tuple[DeliveryState, str]]) -> None:
        """End carried lines by themselves; `ended` maps them to their end and its reason."""
        now = self._clock.now()
        async with self._database.write() as tx:
            for line_id, (state, reason) in ended.items():
                await today.end_line(tx, line_id, state, now, reason)

    async def squads(self, squad_ids: Iterable[int]) -> Mapping[int, SquadFacts]:
        """Return squads as dispatch sees them."""
        async with self._database.read() as connection:
            found = {key: await recipients.squad_facts(connection, key) for key in squad_ids}
            return {key: facts for key, facts in found.items() if facts is not None}

    # Lists.

    async def counts(self, workspace_id: int) -> Mapping[str, int]:
        """Return how many deliveries are in each state. For the shell."""
        async with self._database.read() as connection:
            return await outbox.counts(connection, workspace_id)

    async def listing(
        self, workspace_id: int, states: Iterable[DeliveryState], limit: int = LISTED
    ) -> list[Listed]:
        """Return deliveries in these states, newest first. For the shell."""
        async with self._database.read() as connection:
            found = await outbox.by_state(connection, workspace_id, states, limit)
            return await self._named(connection, found)

    async def refusals(
        self, workspace_id: int, since: datetime, limit: int = LISTED
    ) -> list[Listed]:
        """Return what ended refused or parked since then, newest first. For the admins' report."""
        async with self._database.read() as connection:
            found = await outbox.by_state(
                connection,
                workspace_id,
                NOT_ARRIVED,
                limit,
                since=since,
            )
            return await self._named(connection, found)

    async def lost_posts(
        self, workspace_id: int, squad_id: int, since: datetime, limit: int = LISTED
    ) -> tuple[str, list[Listed]]:
        """Return a squad's name and what of it no channel got since then. For its managers."""
        async with self._database.read() as connection:
            found = await outbox.by_state(
                connection,
                workspace_id,
                NOT_ARRIVED,
                limit,
                since=since,
                squad_id=squad_id,
                in_channels=True,
            )
            squad = await squads.get(connection, workspace_id, squad_id)
            return "" if squad is None else squad.name, await self._named(connection, found)

    async def squad_refusals(
        self, caller: Caller, squad_id: int, since: datetime, limit: int = LISTED
    ) -> list[Listed]:
        """Return what of a squad's ended refused or parked since then: for its managers.

        Raises NotAllowed.
        """
        async with self.reading(caller) as unit:
            require(unit.actor, Act.SEE_DELIVERIES, squad_id)
            found = await outbox.by_state(
                unit.tx,
                unit.workspace_id,
                NOT_ARRIVED,
                limit,
                since=since,
                squad_id=squad_id,
            )
            return await self._named(unit.tx, found)

    async def rehearsed(
        self, caller: Caller, squad_id: int, since: datetime, limit: int = LISTED
    ) -> list[Listed]:
        """Return what a squad in rehearsal would have been sent, and who: for its managers.

        Raises NotAllowed.
        """
        async with self.reading(caller) as unit:
            require(unit.actor, Act.SEE_DELIVERIES, squad_id)
            found = await outbox.by_state(
                unit.tx,
                unit.workspace_id,
                (DeliveryState.DROPPED,),
                limit,
                since=since,
                squad_id=squad_id,
                reason=EndReason.REHEARSAL,
            )
            return await self._named(unit.tx, found)

    async def _named(self, connection: AsyncConnection, found: list[Delivery]) -> list[Listed]:
        people = frozenset(each.person_id for each in found if each.person_id is not None)
        known = await recipients.names(connection, people)
        return [
            Listed(
                each,
                known.get(each.person_id, "") if each.person_id is not None else each.channel or "",
            )
            for each in found
        ]
