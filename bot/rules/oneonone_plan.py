"""When pairs meet: from each pair's home, every meeting of every round.

A meeting whose home is off (time off, a holiday, the clocks) moves within its own round, into hours
that nobody's home claims, or is said to have no time. What stands is left alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot import clock
from bot.rules.oneonone_homes import grid, instant, monday, round_of, slot_of, week_of
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_terms import Terms, minutes_of
from bot.rules.oneonones import MeetingState, OneOnOne, Pair, Why

NOTICE: Final = timedelta(days=1)
"""A meeting that moves by itself moves no nearer than this, so that both hear of it before."""

_DAY: Final = timedelta(days=1)


class Taken:
    """Who meets when already."""

    def __init__(self, meetings: Iterable[OneOnOne] = ()) -> None:
        self._taken: dict[tuple[int, date], list[tuple[datetime, datetime]]] = {}
        for each in meetings:
            self.add((each.manager_id, each.person_id), each.starts_at, each.ends_at)

    def add(self, people: Iterable[int], start: datetime, end: datetime) -> None:
        """Note that people meet in `[start, end)`."""
        for person_id in people:
            self._taken.setdefault((person_id, start.date()), []).append((start, end))

    def free(self, person_id: int, start: datetime, end: datetime) -> bool:
        """Tell whether somebody has no meeting that overlaps `[start, end)`."""
        # A meeting lasts an hour at most, so it begins on the day before only around midnight.
        day, last = start.date(), end.date()
        days = [day] if last == day else [day, last]
        if start.hour == 0:
            days.append(day - _DAY)
        return not any(
            begin < end and start < until
            for each in days
            for begin, until in self._taken.get((person_id, each), ())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A meeting that is to be: where `start` is None there is no time for it in its round.

    `before` is the meeting that it was so far, None for a new one.
    """

    pair: Pair
    slot: str
    home: datetime
    start: datetime | None
    before: OneOnOne | None = None


class Planner:
    """Plans the meetings of one manager; `taken` holds everybody's, and is added to."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        terms: Mapping[int, Terms],
        hours: Hours,
        taken: Taken,
        now: datetime,
    ) -> None:
        self._pairs = [each for each in pairs if each.home is not None and not each.ended]
        self._terms = terms
        self._hours = hours
        self._taken = taken
        self._now = now
        self._settled: set[tuple[int, str]] = set()
        self._loose: frozenset[int] = frozenset()

    def plan(
        self,
        meetings: Sequence[OneOnOne],
        through: datetime,
        loose: frozenset[int] = frozenset(),
    ) -> list[Placed]:
        """Return what is to change up to the rounds that begin before `through`.

        `meetings` are those there are of these pairs, past ones of the rounds under way included;
        planned ones of them are in `taken` exactly if they stand. `loose` are the keys of those
        that are to go to a new home, though they could stay.
        """
        self._loose = loose
        known = {(each.pair_id, each.slot): each for each in meetings}
        fixed = {key for key, each in known.items() if not self._open(each)}
        self._settled = set(fixed)
        at_home: list[Placed] = []
        astray: list[Placed] = []
        for pair in self._pairs:
            for week in self._weeks(pair, through):
                slot = slot_of(week, pair.every_weeks)
                key = (pair.pair_id, slot)
                if key in fixed:
                    continue
                placed = self._at_home(pair, week, slot, known.get(key))
                if placed is None:
                    continue
                (at_home if placed.start is not None else astray).append(placed)
        # Those who cannot be at home look for a place last, or they would take another's home.
        return at_home + [self._elsewhere(each) for each in astray]

    def stands(self, meeting: OneOnOne) -> bool:
        """Tell whether a planned meeting can take place as it is: both work then."""
        return all(
            self._hours.at_work(each, meeting.starts_at, meeting.ends_at)
            for each in (meeting.manager_id, meeting.person_id)
        )

    def _open(self, meeting: OneOnOne) -> bool:
        """Tell whether a meeting's place is to be looked for: it has none, or has lost it."""
        if meeting.starts_at <= self._now and meeting.state is not MeetingState.CANCELLED:
            return False
        if meeting.state is MeetingState.PLANNED:
            return meeting.one_on_one_id in self._loose or not self.stands(meeting)
        # Whoever called one off meant that round; a pair that begins anew takes its rounds again.
        return meeting.state is MeetingState.CANCELLED and meeting.why is not Why.UNDONE

    def _weeks(self, pair: Pair, through: datetime) -> Iterator[int]:
        home = pair.home
        if home is None:
            return
        first = week_of(clock.local_day(self._now, pair.zone))
        week = first - first % pair.every_weeks + home.week
        last = week_of(clock.local_day(through, pair.zone))
        while week - home.week <= last:
            yield week
            week += pair.every_weeks

    def _at_home(self, pair: Pair, week: int, slot: str, before: OneOnOne | None) -> Placed | None:
        home = pair.home
        if home is None:
            return None
        start = instant(pair.zone, week, home.day, home.at)
        soon = start < self._now + NOTICE
        if soon and before is None:
            return None  # too soon for both to hear of it: a new pair meets in its next round
        self._settled.add((pair.pair_id, slot))
        known = before is not None and before.starts_at == start > self._now
        if (known or not soon) and self._fits(pair, start):
            self._take(pair, start)
            return Placed(pair=pair, slot=slot, home=start, start=start, before=before)
        return Placed(pair=pair, slot=slot, home=start, start=None, before=before)

    def _elsewhere(self, placed: Placed) -> Placed:
        """Look for a place within the round, the nearest to the home first."""
        pair, home = placed.pair, clock.to_local(placed.home, placed.pair.zone)
        terms = self._terms.get(pair.squad_id)
        if terms is None:
            return placed
        first = monday(round_of(placed.slot))
        days = [first + n * _DAY for n in range(7 * pair.every_weeks)]
        days = [each for each in days if each.weekday() in terms.days]
        times = sorted({at for _, at in grid(terms)}, key=lambda at: _apart(at, home.time()))
        for day in sorted(days, key=lambda each: (abs(each - home.date()), each)):
            found: datetime | None = None
            for at in times:
                start = clock.to_utc(day, at, terms.zone)
                if start < self._now + NOTICE or not self._fits(pair, start, strange=True):
                    continue
                found = found or start
                if self.both_ready(pair, start):
                    found = start
                    break
            if found is not None:
                self._take(pair, found)
                return replace(placed, start=found)
        return placed

    def _take(self, pair: Pair, start: datetime) -> None:
        end = start + timedelta(minutes=pair.minutes)
        self._taken.add(pair.two, start, end)

    def both_work(self, pair: Pair, start: datetime, end: datetime) -> bool:
        """Tell whether both of a pair are at work in all of `[start, end)`."""
        return all(self._hours.at_work(each, start, end) for each in pair.two)

    def both_free(self, pair: Pair, start: datetime, end: datetime) -> bool:
        """Tell whether neither of a pair has another one-on-one in `[start, end)`."""
        return all(self._taken.free(each, start, end) for each in pair.two)

    def _fits(self, pair: Pair, start: datetime, *, strange: bool = False) -> bool:
        end = start + timedelta(minutes=pair.minutes)
        if not (self.both_free(pair, start, end) and self.both_work(pair, start, end)):
            return False
        return not (strange and self._claimed(pair, start, end))

    def _elsewhere_then(self, pair: Pair, start: datetime) -> bool:
        end = start + timedelta(minutes=pair.minutes)
        return any(self._hours.meets(each, start, end) for each in pair.two)

    def both_ready(self, pair: Pair, start: datetime) -> bool:
        """Tell whether both of a pair can come prepared, and from no other meeting, at `start`."""
        end = start + timedelta(minutes=pair.minutes)
        return all(self._hours.ready(each, start, end) for each in pair.two)

    def _claimed(self, pair: Pair, start: datetime, end: datetime) -> bool:
        """Tell whether the place is the home of another pair whose meeting is not placed yet."""
        for other in self._pairs:
            home = other.home
            if other.pair_id == pair.pair_id or home is None:
                continue
            week = week_of(clock.local_day(start, other.zone))
            if (week - home.week) % other.every_weeks:
                continue
            if (other.pair_id, slot_of(week, other.every_weeks)) in self._settled:
                continue
            begin = instant(other.zone, week, home.day, home.at)
            if begin < end and start < begin + timedelta(minutes=other.minutes):
                return True
        return False

    def free_places(self, pair: Pair, since: datetime, until: datetime) -> Iterator[datetime]:
        """Yield when a pair could meet besides, in order: free for both and nobody's home.

        Nobody is offered an hour in which one of the two has another meeting.
        """
        terms = self._terms.get(pair.squad_id)
        if terms is None:
            return
        week, last = (week_of(clock.local_day(each, terms.zone)) for each in (since, until))
        while week <= last:
            for day, at in grid(terms):
                start = instant(terms.zone, week, day, at)
                if not since <= start < until or self._elsewhere_then(pair, start):
                    continue
                if self._fits(pair, start, strange=True):
                    yield start
            week += 1


def _apart(a: time, b: time) -> tuple[int, time]:
    return abs(minutes_of(a) - minutes_of(b)), a
