"""Sampling: cuts the squads' weeks into frames and draws from them, by the clock or when asked."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Conflict
from bot.rules.calendar import WorkCalendar
from bot.rules.frames import Explained, week_range, weeks_until
from bot.rules.occurrences import DueOccurrence
from bot.rules.people import SquadState
from bot.rules.reports import Scope
from bot.rules.risk import allowed, risk_draws
from bot.rules.sampling import SEED_BYTES, IsoWeek
from bot.rules.squads import Squad
from bot.services import coaching_effects, sampler
from bot.services.behind import named_scope
from bot.services.occurring import OccurringService
from bot.services.sampler import FRAMES_AT_ONCE, Cut, Week
from bot.store import (
    draws,
    frames,
    hunts,
    ledger,
    people,
    reports,
    schedules,
    squads,
    workspaces,
)
from bot.store.imports import StaleError

TRIES: Final = 5
"""Somebody else may draw from the same week at the same time."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all cuts of a squad's work on a project have in common."""

    scope: Scope
    squad: Squad
    calendar: WorkCalendar
    began: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What a cut of one week drew: frames made or drawn further, and new draws.

    `changed` counts frames that hold something else since, and could not be drawn further.
    """

    week: IsoWeek
    frames: int = 0
    drawn: int = 0
    changed: int = 0


class Sampling(OccurringService):
    """Draws work to be audited. Nobody chooses what is drawn, so no role is asked for here."""

    # For the clock.

    async def daily(self, occurrence: DueOccurrence) -> int:
        """Draw for all live squads of a workspace; return how many draws were made.

        Drawing comes first and the claim last: what a crash leaves is drawn the next time.
        """
        workspace_id = occurrence.workspace_id
        async with self._database.read() as connection:
            known = await squads.all_squads(connection, workspace_id)
        made = 0
        for squad in known.values():
            if squad.state is not SquadState.LIVE:
                continue
            async with self._database.read() as connection:
                scopes = await reports.scopes(connection, workspace_id, squad.id)
            for scope in scopes:
                made += await self.draw(scope)
        async with self.occurring(occurrence):
            return made

    async def draw(self, scope: Scope, *, closing: bool = False) -> int:
        """Draw what is due of a squad's recent weeks, and follow up and hunt beside it; how many.

        With `closing` what is new is drawn from at once, also if no more are due yet.
        """
        ground = await self._ground(scope)
        if ground is None:
            return 0
        now, through = self._clock.now(), await self._cut()
        made = 0
        for week in weeks_until(now, scope.zone):
            cut = _cut(ground, week, through, now, closing=closing)
            made += (await self._store(cut)).drawn
        made += await coaching_effects.follow(self._database, scope, through, now)
        return made + await self._hunt(ground, through, now)

    async def _hunt(self, ground: _Ground, through: int, now: datetime) -> int:
        """Draw where errors are expected, beside the random draws and never more than a share."""
        scope = ground.scope
        async with self._database.read() as connection:
            room = allowed(*await hunts.drawn_lately(connection, scope, now))
            if not room:
                return 0
            risks = await hunts.risks(connection, scope, now)
            works = await hunts.handed_in(connection, scope, ground.began, through, now)
        seed = secrets.token_hex(SEED_BYTES)
        found = risk_draws(works, risks, room, taken=frozenset(), seed=seed)
        async with self._database.write() as tx:
            return await hunts.add(tx, scope, found, now)

    # For those who want to audit.

    async def ensure(
        self, workspace_id: int, squad_id: int, project_id: int, auditor_id: int, count: int
    ) -> int:
        """Draw more if an auditor could not take so many; return how many they can take.

        What is new is drawn from at once. If that is too little, the present week is drawn further
        than is due, and then the weeks before it. Call it before the transaction that takes them.
        """
        free = await self._free(workspace_id, squad_id, project_id, auditor_id)
        if free >= count:
            return free
        async with self._database.read() as connection:
            scope = await reports.scope(connection, workspace_id, squad_id, project_id)
        ground = None if scope is None else await self._ground(scope)
        if scope is None or ground is None:
            return free
        await self.draw(scope, closing=True)
        now, through = self._clock.now(), await self._cut()
        for week in reversed(weeks_until(now, scope.zone)):
            free = await self._free(workspace_id, squad_id, project_id, auditor_id)
            if free >= count:
                break
            cut = _cut(ground, week, through, now, closing=True)
            await self._store(replace(cut, extra=count - free))
        return await self._free(workspace_id, squad_id, project_id, auditor_id)

    async def _free(
        self, workspace_id: int, squad_id: int, project_id: int, auditor_id: int
    ) -> int:
        async with self._database.read() as connection:
            return await draws.count_free(
                connection, workspace_id, auditor_id, squad_id, project_id, self._clock.now()
            )

    # For the shell.

    async def at_shell(
        self, squad: str, project: str, week: IsoWeek | None, *, dry: bool
    ) -> tuple[Sampled, ...]:
        """Draw from a week at once, also if its work is history; without a week, what is due.

        With `dry` nothing is stored. Raises NotFound("unknown_squad") or ("unknown_project"),
        Conflict("nothing_to_sample") for a squad that is not live, unless a week is named.
        """
        scope, ground = await self._named(squad, project)
        if week is None and ground is None:
            raise Conflict("nothing_to_sample", squad=squad)
        now, through = self._clock.now(), await self._cut()
        if week is not None:
            whole = await self._ground(scope, since=week_range(week, scope.zone)[0])
            cuts = [_cut(whole, week, through, now, closing=True)] if whole else []
        else:
            weeks = weeks_until(now, scope.zone)
            cuts = [_cut(ground, each, through, now, closing=False) for each in weeks if ground]
        found = tuple([await self._store(cut, dry=dry) for cut in cuts])
        if not dry:
            await self._log(scope, sum(each.drawn for each in found))
        return found

    async def explain(
        self, squad: str, project: str, week: IsoWeek | None
    ) -> tuple[IsoWeek, tuple[Explained, ...]]:
        """Return a week's frames, drawn once more from their seeds; by default the present week.

        Raises NotFound("unknown_squad") or ("unknown_project").
        """
        scope, _ = await self._named(squad, project)
        week = week or weeks_until(self._clock.now(), scope.zone)[-1]
        async with self._database.read() as connection:
            stored = await frames.of_week(connection, scope, week)
            again = await sampler.redrawn(connection, scope, stored)
            keys = [one.frame_id for one in stored]
            placed = await frames.positions(connection, scope.workspace_id, keys)
            named = await people.refs(connection, {one.contributor_id for one in stored})
        explained = []
        for one, ids in zip(stored, again, strict=True):
            rows = placed.get(one.frame_id, {})
            kept = {at: row[0] for at, row in rows.items()}
            same = None if ids is None else all(ids[at] == key for at, key in kept.items())
            explained.append(
                Explained(
                    frame=one,
                    contributor=named[one.contributor_id].name,
                    submission_ids=tuple(kept.values()),
                    tasks=tuple(row[1] for row in rows.values()),
                    redrawn=same,
                    coverage=draws.covered((row[2], row[3], 1) for row in rows.values()),
                )
            )
        return week, tuple(explained)

    async def _named(self, squad: str, project: str) -> tuple[Scope, _Ground | None]:
        async with self._database.write() as tx:
            workspace_id = await workspaces.local(tx, self._clock.now())
            scope = await named_scope(tx, workspace_id, squad, project)
        return scope, await self._ground(scope)

    async def _log(self, scope: Scope, drawn: int) -> None:
        async with self._database.write() as tx:
            await ledger.write(
                tx,
                scope.workspace_id,
                self._clock.now(),
                "draws.made",
                actor_id=None,
                squad_id=scope.squad_id,
                ids={"project_id": scope.project_id, "drawn": drawn},
            )

    # What all of them do.

    async def _ground(self, scope: Scope, since: datetime | None = None) -> _Ground | None:
        """Return what cuts stand on; None if the squad is not live, unless told since when."""
        now = self._clock.now()
        async with self._database.read() as connection:
            squad = await squads.get(connection, scope.workspace_id, scope.squad_id)
            made_at = await frames.made_at(connection, scope)
            calendar = await schedules.calendar(
                connection, scope.workspace_id, scope.squad_id, now, until=now
            )
        if squad is None or made_at is None or calendar is None:
            return None
        if since is None:
            if squad.state is not SquadState.LIVE:
                return None
            since = max(squad.live_at or squad.created_at, made_at)
        return _Ground(scope, squad, calendar, since)

    async def _cut(self) -> int:
        async with self._database.write() as tx:
            return await frames.cut(tx)

    async def _store(self, cut: Cut, *, dry: bool = False) -> Sampled:
        """Draw from a week and store it, some frames at a time; once more if somebody else did."""
        done = Sampled(week=cut.week)
        for attempt in range(1, TRIES + 1):
            async with self._database.read() as connection:
                week = await sampler.draw(connection, cut)
            try:
                made = _counted(week) if dry else await self._save(cut, week)
            except StaleError:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(0.01 * attempt)
            else:
                return replace(done, frames=len(week.drawn), drawn=made, changed=len(week.changed))
        return done

    async def _save(self, cut: Cut, week: Week) -> int:
        made, known = 0, dict(week.known)
        for start in range(0, len(week.drawn), FRAMES_AT_ONCE):
            some = week.drawn[start : start + FRAMES_AT_ONCE]
            async with self._database.write() as tx:
                made += await frames.save(tx, cut.scope, cut.week, known, some, cut.at)
                known = await _prefixes(tx, cut)
        return made


async def _prefixes(tx: AsyncConnection, cut: Cut) -> dict[int, int]:
    stored = await frames.of_week(tx, cut.scope, cut.week)
    return {one.frame_id: one.prefix for one in stored}


def _counted(week: Week) -> int:
    return sum(len(each.draws) for each in week.drawn)


def _cut(ground: _Ground, week: IsoWeek, through: int, at: datetime, *, closing: bool) -> Cut:
    return Cut(
        scope=ground.scope,
        calendar=ground.calendar,
        week=week,
        since=ground.began,
        through=through,
        at=at,
        closing=closing,
    )
