"""When a contributor's week is cut into frames, and how far each of them is drawn.

A week is drawn from while it goes on, so that auditors have a queue and people hear soon. Each cut
draws as many as are due by then, and a frame is made only where one more is due: what was handed in
since waits for the next cut. When the week is over, what is left becomes its last frame, and where
too few were drawn the earlier frames are drawn further, the one with the smallest share first,
which levels the weights.

History starts nothing: only work that was handed in after its squad went live and its project was
made is ever drawn, and only of the last `WEEKS_BACK` weeks; older work that is imported later is
drawn when somebody asks for it (`muster sample`).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from bot import clock
from bot.rules.calendar import WorkCalendar, window_of
from bot.rules.draws import Coverage
from bot.rules.sampling import Frame, Group, IsoWeek

PER_WEEK: Final = 5
"""Random audits per contributor and week where the project does not say."""

WEEKS_BACK: Final = 4
"""Weeks before the present one in which late work is still drawn from."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFrame:
    """A frame as it is kept: which submissions it holds, in what order, how far it is drawn.

    It holds what was handed in from `since` until its week's end under a key above `after_id` and
    not above `through_id`.
    """

    frame_id: int
    contributor_id: int
    week: IsoWeek
    since: datetime
    after_id: int
    through_id: int
    cut_at: datetime
    seed: str
    size: int
    prefix: int
    groups: tuple[tuple[Group, int], ...]

    @property
    def order(self) -> Frame:
        """What its order depends on."""
        return Frame(
            contributor_id=self.contributor_id,
            week=self.week,
            cut=self.cut_at,
            seed=self.seed,
            groups=dict(self.groups),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A frame for whoever wants to check it: its draws in their order, and what became of them.

    `redrawn` says whether the stored seed gives the stored draws again; None if what the frame
    holds changed since, by a re-import or a merge of people, so that it cannot be tried.
    """

    frame: StoredFrame
    contributor: str
    submission_ids: tuple[int, ...]
    tasks: tuple[str, ...]
    redrawn: bool | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a contributor's week is drawn: each stored frame's prefix, and that of a new one."""

    prefixes: tuple[int, ...]
    fresh: int = 0


def week_of(day: date) -> IsoWeek:
    """Return the ISO week of a local day."""
    year, week, _ = day.isocalendar()
    return IsoWeek(year, week)


def week_range(week: IsoWeek, zone: str) -> tuple[datetime, datetime]:
    """Return a squad-local ISO week as half-open aware UTC. Raises ValueError if there is none."""
    monday = date.fromisocalendar(week.year, week.week, 1)
    return clock.day_range(monday, monday + 6 * _DAY, zone)


def weeks_until(now: datetime, zone: str) -> tuple[IsoWeek, ...]:
    """Return the weeks that are drawn from at an instant, oldest first; the last goes on."""
    today = clock.local_day(now, zone)
    return tuple(week_of(today - 7 * back * _DAY) for back in range(WEEKS_BACK, -1, -1))


def due_by(calendar: WorkCalendar, week: IsoWeek, now: datetime, wanted: int) -> int:
    """Return how many of a week's `wanted` draws are due: its share of working days begun so far.

    All of them once the week is over, or if it has no working day.
    """
    monday = date.fromisocalendar(week.year, week.week, 1)
    days = [monday + n * _DAY for n in range(7)]
    if clock.local_day(now, calendar.zone) > days[-1]:
        return wanted
    worked = [window for day in days if (window := window_of(calendar, day)) is not None]
    begun = sum(window.start <= now for window in worked)
    return math.ceil(wanted * begun / len(worked)) if worked else wanted


def reach(stored: Sequence[tuple[int, int]], new: int, due: int, *, closing: bool) -> Reach:
    """Decide how far a contributor's week is drawn, whose frames are given as (size, prefix).

    `new` counts submissions in no frame yet. They become one if more are due, or when the week is
    `closing`; of each frame at least one is drawn, so that all work can be.
    """
    drawn = sum(prefix for _, prefix in stored)
    made = new > 0 and (closing or due > drawn)
    frames = [*stored, (new, 1)] if made else [*stored]
    prefixes = levelled(frames, due)
    return Reach(prefixes[: len(stored)], prefixes[-1] if made else 0)


def levelled(frames: Sequence[tuple[int, int]], total: int) -> tuple[int, ...]:
    """Draw frames, given as (size, prefix), further until `total` are drawn of them all.

    Always on in the one of which the smallest share is drawn; none goes back.
    """
    prefixes = [prefix for _, prefix in frames]
    neediest = [
        (prefix / size, place) for place, (size, prefix) in enumerate(frames) if prefix < size
    ]
    heapify(neediest)
    for _ in range(total - sum(prefixes)):
        if not neediest:
            break
        _, place = heappop(neediest)
        prefixes[place] += 1
        size = frames[place][0]
        if prefixes[place] < size:
            heappush(neediest, (prefixes[place] / size, place))
    return tuple(prefixes)
