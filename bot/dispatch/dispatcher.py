"""Runs a lane for every workspace that has something to send and whose lease can be had."""

import asyncio
import os
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import uuid4

import structlog

from bot.clock import Clock
from bot.dispatch.desks import Desks
from bot.dispatch.drawing import Drawer
from bot.dispatch.kind import Kind
from bot.dispatch.lane import LINGER_S, PLAN_S, Lane
from bot.dispatch.pacing import Pacing
from bot.dispatch.sending import Sending
from bot.dispatch.settling import LeaseLostError, Tools
from bot.dispatch.today import TodayPlanner
from bot.services.bundle import Services
from bot.services.outbox import is_store_trouble
from bot.slack.gateway import Gateway
from bot.slack.gateways import Gateways
from bot.views.words import Languages

log = structlog.get_logger("muster.dispatch")

POLL_S: Final = 1.0
"""How soon a message planned by another process is noticed; our own handlers call `wake`."""

HEARTBEATS: Final = 3  # within the length of a lease


@dataclass(frozen=True, slots=True)
class _Memory:
    """What outlives a lane: Slack counts on while the lease changes hands."""

    pacing: Pacing
    planner: TodayPlanner
    failures: Counter[int]


def _all_kinds() -> tuple[Kind, ...]:
    from bot.dispatch.kinds import all_kinds  # noqa: PLC0415 - with the first message, not before

    return all_kinds()


class Dispatcher:
    """Delivers what stands in the outbox; any number of processes may run one.

    `posts_per_second` is for each workspace, `settle_s` how long Slack's history may lag,
    `lease_s` how long a process that stopped responding keeps its right to send; it must exceed
    `http_timeout_s`, the longest that one request takes. `seconds` is what slots are paced by.
    """

    def __init__(  # noqa: PLR0913 - the composition root names every part
        self,
        *,
        services: Services,
        gateways: Gateways,
        languages: Languages,
        drawer: Drawer,
        clock: Clock,
        posts_per_second: float,
        settle_s: float,
        lease_s: float,
        http_timeout_s: float = 15.0,
        poll_s: float = POLL_S,
        kinds: Iterable[Kind] | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._outbox = services.outbox
        self._gateways = gateways
        self._clock = clock
        self._rate = posts_per_second
        # These are of real seconds, and a demo's clock may run many times as fast.
        self._settle = timedelta(seconds=settle_s) * clock.speed
        self._timeout = timedelta(seconds=http_timeout_s) * clock.speed
        self._lease = timedelta(seconds=lease_s) * clock.speed
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._seconds = seconds
        self._desks = Desks(
            services=services,
            languages=languages,
            drawer=drawer,
            clock=clock,
            kinds=_all_kinds if kinds is None else lambda: kinds,
        )
        self._holder = f"{socket.gethostname()[:32]}:{os.getpid()}:{uuid4().hex[:8]}"
        self._memories: dict[int, _Memory] = {}
        self._lanes: dict[int, Lane] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._signal = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look into the outbox at once: something was just planned here."""
        self._signal.set()
        for lane in self._lanes.values():
            lane.wake()

    async def run(self) -> None:
        """Deliver until `stop`."""
        while not self._stopping:
            try:
                await self._start_lanes(LINGER_S)
            except Exception as error:
                if not is_store_trouble(error):
                    log.exception("dispatch stumbled")
                else:
                    log.warning("the store is busy or away", error=type(error).__name__)
            try:
                async with asyncio.timeout(self._poll_s):
                    await self._signal.wait()
            except TimeoutError:
                continue
            self._signal.clear()

    async def stop(self, grace_s: float) -> None:
        """Start nothing new, let what is in hand end within `grace_s`, give the leases back."""
        self._stopping = True
        self._signal.set()
        for lane in self._lanes.values():
            lane.stop()
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def drain(self) -> None:
        """Deliver everything that is due now, then return; for a shell and for tests."""
        await self._start_lanes(0.0)
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))
            await asyncio.sleep(0)  # the lanes' own endings come first

    async def _start_lanes(self, linger_s: float) -> None:
        for workspace_id in await self._outbox.busy_workspaces():
            gateway = self._gateways.for_workspace(workspace_id)
            if gateway is None or workspace_id in self._tasks or self._stopping:
                continue
            task = asyncio.create_task(self._serve(workspace_id, gateway, linger_s))
            self._tasks[workspace_id] = task
            task.add_done_callback(partial(self._ended, workspace_id))

    def _ended(self, workspace_id: int, _: asyncio.Task[None]) -> None:
        del self._tasks[workspace_id]

    async def _serve(self, workspace_id: int, gateway: Gateway, linger_s: float) -> None:
        """Run one workspace's lane while we have its lease."""
        try:
            fence = await self._outbox.acquire(
                workspace_id,
                self._holder,
                self._lease,
                self._timeout + self._settle,
            )
            if fence is None:
                return  # another process sends
            lane = self._lane(workspace_id, gateway, fence)
            async with self._heartbeat(workspace_id, fence, lane):
                await lane.run(linger_s=linger_s)
        except LeaseLostError:
            log.warning("lease lost", workspace=workspace_id)
        except Exception as error:
            if is_store_trouble(error):
                log.warning("the store is busy or away", error=type(error).__name__)
            else:
                log.exception("a lane stumbled", workspace=workspace_id)

    def _lane(self, workspace_id: int, gateway: Gateway, fence: int) -> Lane:
        memory = self._memories.get(workspace_id)
        if memory is None:
            pacing = Pacing(self._rate, self._clock, seconds=self._seconds)
            planner = TodayPlanner(self._outbox, self._clock, workspace_id)
            memory = self._memories[workspace_id] = _Memory(pacing, planner, Counter())
        tools = Tools(
            outbox=self._outbox,
            gateway=gateway,
            pacing=memory.pacing,
            clock=self._clock,
            settle=self._settle,
            fence=fence,
            failures=memory.failures,
        )
        return Lane(
            workspace_id=workspace_id,
            outbox=self._outbox,
            sending=Sending(tools, self._desks),
            pacing=memory.pacing,
            planner=memory.planner,
            rate=self._rate,
            poll_s=self._poll_s,
            plan_s=PLAN_S / self._clock.speed,
        )

    @asynccontextmanager
    async def _heartbeat(self, workspace_id: int, fence: int, lane: Lane) -> AsyncIterator[None]:
        """Keep the lease while the lane runs, and give it back afterwards."""
        self._lanes[workspace_id] = lane
        beat = asyncio.create_task(self._beat(workspace_id, fence, lane))
        try:
            yield
        finally:
            beat.cancel()
            del self._lanes[workspace_id]
            try:
                await self._outbox.release(workspace_id, fence)
            except Exception as error:
                if not is_store_trouble(error):
                    raise
                log.warning("lease not given back", workspace=workspace_id)  # it runs out

    async def _beat(self, workspace_id: int, fence: int, lane: Lane) -> None:
        while True:
            await asyncio.sleep(self._lease_s / HEARTBEATS)
            try:
                kept = await self._outbox.renew(workspace_id, fence, self._lease)
            except Exception as error:
                if is_store_trouble(error):
                    continue  # if it runs out meanwhile, no claim will hold
                log.exception("no heartbeat", workspace=workspace_id)
                kept = False
            if not kept:
                lane.lose()
                return
