"""One workspace's lane: while its lease lasts, sends what is due, each person's mail in order."""

import asyncio
import time
from functools import partial
from math import ceil
from typing import Final

import structlog

from bot.dispatch.pacing import COMPLETE, HISTORY, POST, PUBLISH, UPDATE, Pacing
from bot.dispatch.sending import Sending
from bot.dispatch.settling import LeaseLostError
from bot.dispatch.today import TodayPlanner
from bot.rules.outbox import Delivery, DeliveryState, Operation
from bot.services.outbox import Outbox, is_store_trouble

log = structlog.get_logger("muster.dispatch")

AHEAD: Final = 4
"""Deliveries in hand beyond a second's worth: a slow answer from Slack must not cost slots."""

BUFFER: Final = 4  # times what may be in hand
LOOK_S: Final = 0.05  # at least this long between two looks into the outbox,
LOOK_SHARE: Final = 0.1  # and at most this share of the time is spent on them
LINGER_S: Final = 10.0  # how long an idle lane keeps its lease
PLAN_S: Final = 15.0  # how often Today messages are planned
COOL_S: Final = 2.0  # how long a delivery is let be after the store failed under it

_METHODS: Final = {
    Operation.POST: POST,
    Operation.UPDATE: UPDATE,
    Operation.UPLOAD: COMPLETE,
    Operation.PUBLISH: PUBLISH,
}


class Lane:
    """Sends for one workspace. One lane at a time has its lease."""

    def __init__(
        self,
        *,
        workspace_id: int,
        outbox: Outbox,
        sending: Sending,
        pacing: Pacing,
        planner: TodayPlanner,
        rate: float,
        poll_s: float,
        plan_s: float = PLAN_S,
    ) -> None:
        self._workspace_id = workspace_id
        self._outbox = outbox
        self._sending = sending
        self._pacing = pacing
        self._planner = planner
        self._most = ceil(rate) + AHEAD
        self._poll_s = poll_s
        self._plan_s = plan_s
        self._signal = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._buffer: list[Delivery] = []
        self._ended: set[str] = set()
        self._cooling: dict[str, float] = {}
        self._stale = True
        self._pausing = True
        self._look_s = 0.0
        self._looked = float("-inf")
        self._planned = float("-inf")
        self._stopping = False
        self._lost = False

    def wake(self) -> None:
        """Look into the outbox at once."""
        self._stale = True
        self._signal.set()

    def stop(self) -> None:
        """Start nothing new; `run` returns when what is in hand is done."""
        self._stopping = True
        self._signal.set()

    def lose(self) -> None:
        """Stop because the lease is gone."""
        self._lost = True
        self.stop()

    async def run(self, *, linger_s: float) -> None:
        """Send until there has been nothing to do for `linger_s`, or until told to stop.

        Who does not linger looks into the outbox without pausing. Raises LeaseLostError, after what
        was in hand has ended, if the lease is gone.
        """
        idle_since: float | None = None
        self._pausing = linger_s > 0
        try:
            while not self._stopping:
                await self._gather()
                wait = self._start()
                if self._tasks or wait is not None:
                    idle_since = None
                else:
                    idle_since = idle_since or time.monotonic()
                    if time.monotonic() - idle_since >= linger_s:
                        break
                await self._rest(wait)
        except asyncio.CancelledError:
            await self._abandon()
            raise
        finally:
            await self._finish()
        if self._lost:
            raise LeaseLostError(self._workspace_id)

    async def _gather(self) -> None:
        """Plan Today messages and read whose turn it is; a busy store is asked again soon."""
        try:
            await self._plan()
            await self._look()
        except Exception as error:
            if not is_store_trouble(error):
                raise
            log.warning("the store is busy or away", error=type(error).__name__)
            self._stale = True
            self._looked = time.monotonic()

    async def _plan(self) -> None:
        if time.monotonic() - self._planned < self._plan_s:
            return
        self._planned = time.monotonic()
        if await self._planner.plan():
            self._stale = True

    async def _look(self) -> None:
        """Read whose turn it is, if anything may have changed since the last time."""
        begin = time.monotonic()
        age = begin - self._looked
        if (self._stale and age >= self._look_s) or age >= self._poll_s:
            self._stale = False
            self._ended.clear()
            limit = self._most * BUFFER + len(self._tasks)
            paused = [each for each, method in _METHODS.items() if self._pacing.pause_left(method)]
            found = await self._outbox.heads(self._workspace_id, limit, paused)
            # What ended meanwhile may have been read as it was before: not to be tried again.
            self._buffer = [each for each in found if each.lane not in self._ended]
            self._stale = self._stale or len(self._buffer) < len(found)
            self._looked = time.monotonic()
            if self._pausing:
                self._look_s = max(LOOK_S, (self._looked - begin) / LOOK_SHARE)

    def _start(self) -> float | None:
        """Start what may start; return the seconds until more may, None if nothing is left."""
        waits: list[float] = []
        left: list[Delivery] = []
        most = 1 if self._pacing.troubled else self._most
        for delivery in self._buffer:
            if delivery.lane in self._tasks:
                continue  # read again when the one before it is done
            wait = LOOK_S if len(self._tasks) >= most else self._wait_of(delivery)
            if wait is None:
                continue  # paused: its time comes by the clock, which the next look reads
            if wait > 0:
                waits.append(max(wait, LOOK_S))
                left.append(delivery)
                continue
            task = asyncio.create_task(self._one(delivery))
            self._tasks[delivery.lane] = task
            task.add_done_callback(partial(self._done, delivery.lane))
        self._buffer = left
        if self._stale:
            waits.append(self._look_s)
        return min(waits, default=None)

    def _wait_of(self, delivery: Delivery) -> float | None:
        """Return the seconds until a delivery may be taken in hand, None while it is paused."""
        unknown = delivery.state is DeliveryState.UNKNOWN
        method = HISTORY if unknown else _METHODS[delivery.operation]
        if self._pacing.pause_left(method):
            return None
        wait = self._cooling.get(delivery.lane, 0.0) - time.monotonic()
        if not unknown and method in {POST, COMPLETE}:
            wait = max(wait, self._pacing.channel_wait(delivery.lane))
        return max(wait, 0.0)

    async def _one(self, delivery: Delivery) -> None:
        try:
            await self._sending.handle(delivery)
        except LeaseLostError:
            self.lose()
        except Exception as error:
            self._cooling[delivery.lane] = time.monotonic() + COOL_S
            if is_store_trouble(error):
                log.warning("the store is busy or away", error=type(error).__name__)
            else:
                log.exception("not handled", delivery=delivery.id, kind=delivery.kind)

    def _done(self, lane: str, _: asyncio.Task[None]) -> None:
        del self._tasks[lane]
        self._ended.add(lane)
        # With enough at hand there is no hurry: what is next in this lane waits for its second.
        self._stale = self._stale or len(self._buffer) < self._most
        self._signal.set()

    async def _rest(self, wait: float | None) -> None:
        """Wait until something is done or called for, or more may start."""
        self._signal.clear()
        if self._stopping:
            return
        timeout = self._poll_s if wait is None else min(wait, self._poll_s)
        try:
            async with asyncio.timeout(timeout):
                await self._signal.wait()
        except TimeoutError:
            now = time.monotonic()
            self._cooling = {key: at for key, at in self._cooling.items() if at > now}

    async def _finish(self) -> None:
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def _abandon(self) -> None:
        """Cancel what is still in hand: whoever has the lease next finds out what became of it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
