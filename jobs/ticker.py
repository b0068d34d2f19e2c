"""The ticker: asks what is due, and has each occurrence carried out once or skipped, and said so.

Several processes may tick. Which of them carries an occurrence out is decided by its claim, in the
transaction that stores what it causes; nothing here is remembered but how often something failed.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.container import Container
from bot.rules.occurrences import DueOccurrence, Pending, SkipReason
from bot.rules.schedules import ScheduleKind
from bot.services.schedules import Calendars
from jobs import gatherings, pulse
from jobs.table import BATCHES, JOBS, BatchJob, Job

BATCH: Final = 100
"""Schedules read at a time, and at most carried out together: a click waits for all of them."""

TOGETHER: Final = 2
"""From so many of a kind and workspace on, what can be is carried out in one transaction."""

FIRST_RETRY: Final = timedelta(seconds=30)
LAST_RETRY: Final = timedelta(minutes=15)
"""A failed job is tried again after so long, twice as long each time, until it is too late."""

BEAT_EVERY: Final = timedelta(minutes=1)
"""How exactly a downtime is known, for one small write."""

FINISH_WITHIN_S: Final = 8.0
"""Of the ten seconds a supervisor grants; what is cut off then was not claimed, and comes again."""

LONG_S: Final = 60.0
"""Ten thousand schedules at once take some five; a tick that takes this long may be stuck."""

log = structlog.get_logger("muster.jobs")


@dataclass(frozen=True, slots=True)
class _Failed:
    """How often the awaited slot of a schedule failed, and when it is tried again."""

    slot: str | None
    times: int
    again_at: datetime


def _say_long() -> None:
    log.warning("tick_takes_long", seconds=LONG_S)


class Ticker:
    """One process's clock. `failures` counts the jobs that failed since it started."""

    def __init__(
        self,
        container: Container,
        jobs: Mapping[ScheduleKind, Job] = JOBS,
        batches: Mapping[ScheduleKind, BatchJob] = BATCHES,
    ) -> None:
        self._container = container
        self._jobs = jobs
        self._batches = batches
        self._failed: dict[int, _Failed] = {}
        self._ticking = asyncio.Lock()
        self._stop = asyncio.Event()
        self._beat_at: datetime | None = None
        self.failures = 0

    async def tick(self) -> None:
        """Carry out what is due; with nothing due it is one look into an index.

        Never raises: what fails is logged under a reference and tried again.
        """
        async with self._ticking:
            late = asyncio.get_running_loop().call_later(LONG_S, _say_long)
            try:
                await self._beat()
                acted = await self._carry_out_all()
                if await self._polls() or acted:
                    self._container.dispatcher.wake()
            except Exception:
                self.failures += 1
                log.exception("tick_failed", reference=secrets.token_hex(4))
            finally:
                late.cancel()

    async def finish(self) -> None:
        """Begin nothing new, and wait for what is in hand, at most `FINISH_WITHIN_S`."""
        self._stop.set()
        try:
            await asyncio.wait_for(self._ticking.acquire(), FINISH_WITHIN_S)
        except TimeoutError:
            log.warning("tick_cut_off")
        else:
            self._ticking.release()

    async def _beat(self) -> None:
        """Say once a minute that somebody keeps watch; first of all, so that a gap is known."""
        now = self._container.clock.now()
        if self._beat_at is None or not timedelta() <= now - self._beat_at < BEAT_EVERY:
            await self._container.services.schedules.beat()
            self._beat_at = now

    async def _polls(self) -> bool:
        """Do what is due with polls and gatherings, whose moments are their own, no schedule's."""
        if self._stop.is_set():
            return False
        polls = await pulse.tick(self._container)
        return await gatherings.tick(self._container) or polls

    async def _carry_out_all(self) -> bool:
        acted = False
        after: tuple[datetime, int] | None = None
        while not self._stop.is_set():
            schedules = self._container.services.schedules
            due = await schedules.due(BATCH, after)
            known = await schedules.calendars(due) if due else {}
            done = await self._together(due, known)
            acted |= bool(done)
            for pending in due:
                if self._stop.is_set():
                    break
                if pending.schedule.id not in done:
                    acted |= await self._guarded(pending, known)
            if len(due) < BATCH:
                break
            last = due[-1]
            after = (last.due_at or self._container.clock.now(), last.schedule.id)
        return acted

    async def _together(self, due: list[Pending], known: Calendars) -> set[int]:
        """Carry out together what can be; return the schedules that need no more looking at.

        What is late, failed before, or fails now as a whole, is carried out one by one.
        """
        done: set[int] = set()
        for (_, workspace_id, kind), found in self._groups(due, known).items():
            if len(found) < TOGETHER or self._stop.is_set():
                continue
            try:
                await self._batches[kind](self._container, workspace_id, found)
            except Exception:
                log.exception("jobs_failed_together", kind=kind.value, count=len(found))
            else:
                done |= {each.schedule.id for each in found}
        return done

    def _groups(
        self, due: list[Pending], known: Calendars
    ) -> dict[tuple[int, int, ScheduleKind], list[DueOccurrence]]:
        """Return what can be carried out together, by turn, workspace and kind, in this order.

        What a squad waits for keeps its order, for a digest says what no earlier one has said:
        another kind has the next turn, and what follows something that stays alone is alone too.
        """
        turns: dict[int | None, tuple[int, ScheduleKind]] = {}
        alone: set[int | None] = set()
        groups: dict[tuple[int, int, ScheduleKind], list[DueOccurrence]] = {}
        for pending in due:
            plan = pending.schedule
            occurrence = None
            if plan.squad_id not in alone:
                occurrence = self._plain(pending, known)
            if occurrence is None:
                alone.add(plan.squad_id)
                continue
            turn, before = turns.get(plan.squad_id, (0, plan.kind))
            turn += before is not plan.kind
            turns[plan.squad_id] = (turn, plan.kind)
            groups.setdefault((turn, plan.workspace_id, plan.kind), []).append(occurrence)
        return dict(sorted(groups.items(), key=lambda group: group[0][0]))

    def _plain(self, pending: Pending, known: Calendars) -> DueOccurrence | None:
        """Return an occurrence that need not be alone; None if it is late, or failed before."""
        if pending.schedule.kind not in self._batches or self._failed_before(pending) is not None:
            return None
        return self._container.services.schedules.plain(pending, known)

    async def _guarded(self, pending: Pending, known: Calendars) -> bool:
        """Carry one schedule's backlog out; True if anything was done, False also if it failed."""
        plan = pending.schedule
        try:
            acted = await self._carry_out(pending, known)
        except Exception:
            self.failures += 1
            reference = secrets.token_hex(4)
            log.exception("job_failed", reference=reference, kind=plan.kind.value, schedule=plan.id)
            self._put_off(pending)
            return False
        if acted:
            self._failed.pop(plan.id, None)
        return acted

    async def _carry_out(self, pending: Pending, known: Calendars) -> bool:
        schedules = self._container.services.schedules
        failed = self._failed_before(pending)
        if failed is not None and self._container.clock.now() < failed.again_at:
            return False
        backlog, occurrence = await schedules.sort(pending, known)
        skipped = False
        if backlog.missed:
            reason = SkipReason.ASLEEP if failed is None else SkipReason.FAILED
            waits = await schedules.skip(pending, backlog, reason)
            if waits is None:
                return False
            skipped = True
            log.warning(
                "occurrences_skipped",
                kind=pending.schedule.kind.value,
                schedule=pending.schedule.id,
                count=len(backlog.missed),
                reason=reason.value,
            )
            backlog, occurrence = await schedules.sort(waits, known)
        if occurrence is None:
            return skipped
        await self._run(occurrence)
        return True

    async def _run(self, occurrence: DueOccurrence) -> None:
        """Run the job of its kind. Raises LookupError for a kind that nobody carries out."""
        kind = occurrence.schedule.kind
        job = self._jobs.get(kind)
        if job is None:
            raise LookupError(f"no job for {kind.value}")
        await job(self._container, occurrence)

    def _failed_before(self, pending: Pending) -> _Failed | None:
        failed = self._failed.get(pending.schedule.id)
        return failed if failed is not None and failed.slot == pending.slot else None

    def _put_off(self, pending: Pending) -> None:
        before = self._failed_before(pending)
        times = 1 if before is None else before.times + 1
        wait = min(FIRST_RETRY * 2 ** min(times - 1, 10), LAST_RETRY)
        self._failed[pending.schedule.id] = _Failed(
            pending.slot, times, self._container.clock.now() + wait
        )
