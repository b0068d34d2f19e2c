"""Draws from one week of a squad's work on a project: reads without a lock, then stores at once."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules.calendar import WorkCalendar
from bot.rules.frames import (
    PER_WEEK,
    StoredFrame,
    due_by,
    levelled,
    reach,
    week_range,
)
from bot.rules.reports import Scope
from bot.rules.sampling import SEED_BYTES, Gathering, IsoWeek
from bot.store import frames
from bot.store.frames import Drawn

FRAMES_AT_ONCE: Final = 25
"""Frames in one transaction, so that a click never waits for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where a week is cut, and how much is wanted of it by then.

    `since` is when the squad's work began to be drawn from. With `closing` all that is new makes
    frames; `extra` are wanted beyond what is due, of whomever the smallest share is drawn.
    """

    scope: Scope
    calendar: WorkCalendar
    week: IsoWeek
    since: datetime
    through: int
    at: datetime
    closing: bool = False
    extra: int = 0

    @property
    def wanted(self) -> int:
        """Random audits per contributor and week."""
        return self.scope.audits_per_week or PER_WEEK

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when until when the work was handed in, empty if all of it is history."""
        begin, end = week_range(self.week, self.scope.zone)
        return min(max(begin, self.since), end), end

    @property
    def is_over(self) -> bool:
        """Whether the week is."""
        return self.at >= self.span[1]


@dataclass(frozen=True, slots=True)
class _Target:
    """A frame, and how far it is to be drawn; `stored` is None for one that is to be made."""

    frame: StoredFrame
    stored: StoredFrame | None
    prefix: int

    @property
    def before(self) -> int:
        return self.stored.prefix if self.stored else 0


@dataclass(frozen=True, slots=True)
class Week:
    """What a cut draws of a week; `known` is frame -> prefix as it was before.

    `changed` are frames that should have been drawn further, but hold something else since.
    """

    known: Mapping[int, int]
    drawn: tuple[Drawn, ...]
    changed: tuple[StoredFrame, ...] = ()


async def draw(connection: AsyncConnection, cut: Cut) -> Week:
    """Draw from a week as it stands; nothing is stored."""
    stored = await frames.of_week(connection, cut.scope, cut.week)
    if not stored:
        return await _first(connection, cut)
    new = await frames.new_work(connection, cut.scope, cut.week, *cut.span, through=cut.through)
    targets = [each for each in _targets(cut, stored, new) if each.prefix > each.before]
    known = {one.frame_id: one.prefix for one in stored}
    if not targets:
        return Week(known, ())
    gathered = await gather(connection, cut.scope, [(one.frame, one.prefix) for one in targets])
    drawn, changed = [], []
    for target, gathering in zip(targets, gathered, strict=True):
        found = _drawn(target, gathering)
        if found is None:
            changed.append(target.frame)
        else:
            drawn.append(found)
    return Week(known, tuple(drawn), tuple(changed))


async def _first(connection: AsyncConnection, cut: Cut) -> Week:
    """Draw from a week of which nothing is stored: counted and drawn from in the same pass.

    Nobody is drawn further than what is wanted of a person, and all of the extra.
    """
    begin, end = cut.span
    expected = await frames.count(connection, cut.scope, begin, end, cut.through)
    gathered: dict[int, tuple[str, Gathering]] = {}
    passing = frames.passing(
        connection, cut.scope, begin, end, after=0, through=cut.through, expected=expected
    )
    async for contributor_id, group, ids in passing:
        if contributor_id not in gathered:
            seed = secrets.token_hex(SEED_BYTES)
            gathered[contributor_id] = seed, Gathering(seed, cut.wanted + cut.extra)
        gathered[contributor_id][1].offer(group, ids)
    sizes = {key: sum(each.groups.values()) for key, (_, each) in gathered.items()}
    drawn = []
    for target in _targets(cut, (), sizes):
        seed, gathering = gathered[target.frame.contributor_id]
        found = _drawn(replace(target, frame=replace(target.frame, seed=seed)), gathering)
        drawn += [found] if found is not None else []
    return Week({}, tuple(drawn))


def _targets(cut: Cut, stored: Sequence[StoredFrame], new: Mapping[int, int]) -> list[_Target]:
    of: defaultdict[int, list[StoredFrame]] = defaultdict(list)
    for one in stored:
        of[one.contributor_id].append(one)
    due = due_by(cut.calendar, cut.week, cut.at, cut.wanted)
    targets = []
    for contributor_id in sorted({*of, *new}):
        mine, count = of[contributor_id], new.get(contributor_id, 0)
        sizes = [(one.size, one.prefix) for one in mine]
        far = reach(sizes, count, due, closing=cut.closing or cut.is_over)
        targets += [
            _Target(one, one, prefix) for one, prefix in zip(mine, far.prefixes, strict=True)
        ]
        if far.fresh:
            fresh = _fresh(cut, contributor_id, mine, count)
            targets.append(_Target(fresh, None, far.fresh))
    if cut.extra:
        sizes = [(one.frame.size, one.prefix) for one in targets]
        total = sum(one.prefix for one in targets) + cut.extra
        further = levelled(sizes, total)
        targets = [
            replace(one, prefix=prefix) for one, prefix in zip(targets, further, strict=True)
        ]
    return targets


def _fresh(cut: Cut, contributor_id: int, before: Sequence[StoredFrame], size: int) -> StoredFrame:
    return StoredFrame(
        frame_id=0,
        contributor_id=contributor_id,
        week=cut.week,
        since=cut.span[0],
        after_id=max((one.through_id for one in before), default=0),
        through_id=cut.through,
        cut_at=cut.at,
        seed=secrets.token_hex(SEED_BYTES),
        size=size,
        prefix=0,
        groups=(),
    )


async def gather(
    connection: AsyncConnection, scope: Scope, wanted: Sequence[tuple[StoredFrame, int]]
) -> list[Gathering]:
    """Let the submissions of some frames of one week pass by; each is given with its prefix."""
    found = [(frame, Gathering(frame.seed, prefix)) for frame, prefix in wanted]
    by_start = sorted(found, key=lambda each: each[0].since)
    for since, some in groupby(by_start, key=lambda each: each[0].since):
        await _pass(connection, scope, since, list(some))
    return [gathering for _, gathering in found]


async def _pass(
    connection: AsyncConnection,
    scope: Scope,
    since: datetime,
    some: Sequence[tuple[StoredFrame, Gathering]],
) -> None:
    of: defaultdict[int, list[tuple[StoredFrame, Gathering]]] = defaultdict(list)
    for frame, gathering in some:
        of[frame.contributor_id].append((frame, gathering))
    _, end = week_range(some[0][0].week, scope.zone)
    after = min(frame.after_id for frame, _ in some)
    through = max(frame.through_id for frame, _ in some)
    passing = frames.passing(
        connection,
        scope,
        since,
        end,
        contributors=list(of),
        after=after,
        through=through,
        expected=sum(frame.size for frame, _ in some),
    )
    async for contributor_id, group, ids in passing:
        for frame, gathering in of.get(contributor_id, ()):
            # Mostly all of them; a look at each costs as much as reading it.
            if frame.after_id == after and frame.through_id == through:
                gathering.offer(group, ids)
            elif mine := [one for one in ids if frame.after_id < one <= frame.through_id]:
                gathering.offer(group, mine)


def _drawn(target: _Target, gathering: Gathering) -> Drawn | None:
    """Return what is to be stored of a frame; None if it holds something else by now."""
    frame = target.frame
    if target.stored is None:
        groups = tuple(gathering.groups.items())
        frame = replace(frame, groups=groups, size=sum(n for _, n in groups))
    made = replace(frame, prefix=min(target.prefix, frame.size))
    try:
        draws = gathering.draws(frame.order, made.prefix)
    except ValueError:
        return None
    if not draws:
        return None
    return Drawn(frame=target.stored, made=made, before=target.before, draws=draws[target.before :])


async def redrawn(
    connection: AsyncConnection, scope: Scope, stored: Sequence[StoredFrame]
) -> list[tuple[int, ...] | None]:
    """Draw stored frames once more from their seeds; None for one that holds something else."""
    gathered = await gather(connection, scope, [(one, one.prefix) for one in stored])
    found: list[tuple[int, ...] | None] = []
    for one, gathering in zip(stored, gathered, strict=True):
        try:
            draws = gathering.draws(one.order, one.prefix)
        except ValueError:
            found.append(None)
        else:
            found.append(tuple(each.submission_id for each in draws))
    return found
