"""Where a pair's meetings belong: a home of week, weekday and time, chosen for each pair.

Nobody moves for another's sake: a newcomer gets a free place on the least loaded day, and whoever
leaves leaves a gap. Only those who are placed in one go make room for each other. A home is chosen
again once it lies outside of the ordinary hours that the two share.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from math import gcd
from typing import Final, NamedTuple

from bot import clock
from bot.rules.calendar import WorkCalendar
from bot.rules.oneonone_hours import Hours, Regular
from bot.rules.oneonone_terms import Terms, minutes_of
from bot.rules.oneonones import Home, Pair

SAMPLED: Final = (1, 14, 27, 40)
"""Weeks from now in which a home is tried: clocks change between them, in both hemispheres."""

_DAY: Final = timedelta(days=1)
_TRIES: Final = 400
"""Steps at most that even out a plan; more would be no fairer to anybody."""


def week_of(day: date) -> int:
    """Return the number of a week, counted from a Monday long ago."""
    return (day.toordinal() - 1) // 7


def monday(week: int) -> date:
    """Return the first day of a week by its number."""
    return date.fromordinal(week * 7 + 1)


def slot_of(week: int, every_weeks: int) -> str:
    """Return the slot of the round that a week lies in: the ISO week in which the round begins."""
    year, number, _ = monday(week - week % every_weeks).isocalendar()
    return f"{year:04}-W{number:02}"


def round_of(slot: str) -> int:
    """Return the number of the week in which a slot's round begins."""
    return week_of(date.fromisoformat(slot.partition(".")[0]))


def round_ends(slot: str, every_weeks: int) -> date:
    """Return the first day after a slot's round."""
    return monday(round_of(slot) + every_weeks)


def grid(terms: Terms) -> tuple[tuple[int, time], ...]:
    """Return all (weekday, time) at which a meeting of these terms may begin."""
    first, last = (minutes_of(each) for each in terms.hours)
    starts = range(first, last - terms.minutes + 1, terms.minutes)
    times = [time(each // 60, each % 60) for each in starts]
    return tuple(product(sorted(terms.days), times))


def instant(zone: str, week: int, day: int, at: time) -> datetime:
    """Return when a place of a week is, aware UTC."""
    return clock.to_utc(monday(week) + day * _DAY, at, zone)


# Homes.


class Merit(NamedTuple):
    """How well a place suits: in how many of `SAMPLED` both work, and in how many they are ready.

    A place in all of them stays when the clocks change.
    """

    lasts: int
    ready: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Somebody for whom a home is looked for; of `places` the better ones come first."""

    person_id: int
    places: Mapping[tuple[int, time], Merit]


def usual(calendar: WorkCalendar) -> WorkCalendar:
    """Return a calendar without holidays, half days and time off: a home is for ordinary weeks."""
    return replace(calendar, holidays=frozenset(), time_off=(), half_days=())


def places(
    terms: Terms, hours: Hours, people: tuple[int, int], this_week: int
) -> dict[tuple[int, time], Merit]:
    """Return where two people could meet in ordinary weeks, and how well; the best first.

    `hours` are of `usual` calendars.
    """
    length = timedelta(minutes=terms.minutes)
    found: dict[tuple[int, time], Merit] = {}
    for day, at in grid(terms):
        lasts = ready = 0
        for ahead in SAMPLED:
            start = instant(terms.zone, this_week + ahead, day, at)
            if all(hours.ready(each, start, start + length) for each in people):
                lasts += 1
                ready += 1
            elif all(hours.at_work(each, start, start + length) for each in people):
                lasts += 1
        if lasts:
            found[day, at] = Merit(lasts, ready)
    return dict(sorted(found.items(), key=lambda each: each[1], reverse=True))


def _still_home(pair: Pair, home: Home, hours: Hours, this_week: int) -> bool:
    """Tell whether the two could meet at their home in an ordinary week, now or later this year."""
    length = timedelta(minutes=pair.minutes)
    starts = [instant(pair.zone, this_week + ahead, home.day, home.at) for ahead in SAMPLED]
    return any(all(hours.at_work(each, at, at + length) for each in pair.two) for at in starts)


def wanted(
    terms: Terms,
    calendars: Mapping[int, WorkCalendar],
    manager_id: int,
    people: Iterable[int],
    this_week: int,
    regulars: Mapping[int, frozenset[Regular]] | None = None,
) -> list[Wanted]:
    """Return for each of some people where they could meet the manager in ordinary weeks.

    `regulars` are the meetings that people have besides. People with the same ordinary week have
    the same places, which are looked for once.
    """
    weeks = {key: usual(each) for key, each in calendars.items()}
    besides = regulars or {}
    hours = Hours(weeks, besides)
    known: dict[tuple[WorkCalendar, frozenset[Regular]], Mapping[tuple[int, time], Merit]] = {}
    found = []
    for key in people:
        if key not in weeks:
            continue
        week = (weeks[key], besides.get(key, frozenset()))
        if week not in known:
            known[week] = places(terms, hours, (manager_id, key), this_week)
        found.append(Wanted(person_id=key, places=known[week]))
    return found


class Homes:
    """The homes of one manager's pairs, and of those that are added."""

    def __init__(self, terms: Terms, held: Sequence[Pair]) -> None:
        self._terms = terms
        self._held = [
            (each.home, each.every_weeks, each.minutes) for each in held if each.home is not None
        ]
        self._new: dict[int, Home] = {}
        self._wanted: dict[int, Wanted] = {}

    def assign(self, wanted: Sequence[Wanted]) -> dict[int, Home]:
        """Return a home for everybody for whom there is one: whoever has fewest choices first.

        Those that are placed in one call make room for each other; the homes there are stay.
        """
        self._wanted = {each.person_id: each for each in wanted}
        for each in sorted(wanted, key=lambda one: (len(one.places), one.person_id)):
            if not self._place(each):
                self._make_room(each, set())
        self._even_out()
        return dict(self._new)

    def load(self, home: Home, but: int | None = None) -> float:
        """Return how many meetings lie on a home's day already, in its weeks on average."""
        n = self._terms.every_weeks
        total = 0.0
        for other, every, _ in self._all(but):
            step = gcd(n, every)
            if other.day == home.day and (other.week - home.week) % step == 0:
                total += step / every
        return total

    def _all(self, but: int | None = None) -> Iterator[tuple[Home, int, int]]:
        yield from self._held
        n, minutes = self._terms.every_weeks, self._terms.minutes
        for person_id, home in self._new.items():
            if person_id != but:
                yield home, n, minutes

    def _clashes(self, home: Home, other: Home, every: int, minutes: int) -> bool:
        step = gcd(self._terms.every_weeks, every)
        if home.day != other.day or (home.week - other.week) % step:
            return False
        a, b = minutes_of(home.at), minutes_of(other.at)
        return a < b + minutes and b < a + self._terms.minutes

    def _free(self, home: Home, but: int | None = None) -> bool:
        return not any(self._clashes(home, *other) for other in self._all(but))

    def _choices(self, wanted: Wanted) -> Iterator[tuple[Home, Merit]]:
        for (day, at), merit in wanted.places.items():
            for week in range(self._terms.every_weeks):
                yield Home(week, day, at), merit

    def _place(self, wanted: Wanted) -> bool:
        """Take the free place that suits best, on the least loaded day of the least loaded week."""
        weeks = [
            sum(
                gcd(self._terms.every_weeks, every) / every
                for home, every, _ in self._all()
                if (home.week - week) % gcd(self._terms.every_weeks, every) == 0
            )
            for week in range(self._terms.every_weeks)
        ]
        days = {
            key: self.load(Home(key[0], key[1], time()))
            for key in product(range(self._terms.every_weeks), range(7))
        }
        best = min(
            (
                (
                    (-merit.lasts, -merit.ready),
                    (days[home.week, home.day], weeks[home.week]),
                    (home.day, home.week, home.at),
                )
                for home, merit in self._choices(wanted)
                if self._free(home)
            ),
            default=None,
        )
        if best is None:
            return False
        day, week, at = best[2]
        self._new[wanted.person_id] = Home(week, day, at)
        return True

    def _make_room(self, wanted: Wanted, asked: set[int]) -> bool:
        """Let one newcomer give their place to another who has none (Kuhn's augmenting path)."""
        for home, _ in self._choices(wanted):
            if any(self._clashes(home, *other) for other in self._held):
                continue
            n, minutes = self._terms.every_weeks, self._terms.minutes
            there = [key for key, it in self._new.items() if self._clashes(home, it, n, minutes)]
            if len(there) != 1 or there[0] in asked:
                continue
            asked.add(there[0])
            before = self._new.pop(there[0])
            self._new[wanted.person_id] = home
            owner = self._wanted[there[0]]
            if self._place(owner) or self._make_room(owner, asked):
                return True
            del self._new[wanted.person_id]
            self._new[there[0]] = before
        return False

    def _even_out(self) -> None:
        """Move newcomers from the fullest days to emptier ones while that makes it more even."""
        for _ in range(_TRIES):
            if not any(self._eased(key) for key in sorted(self._new, key=self._fullness)):
                return

    def _fullness(self, person_id: int) -> tuple[float, int]:
        return -self.load(self._new[person_id], person_id), person_id

    def _eased(self, person_id: int) -> bool:
        now = self._new[person_id]
        lasts = self._wanted[person_id].places[now.day, now.at].lasts
        most = self.load(now, person_id)
        loads: dict[tuple[int, int], float] = {}
        for home, merit in self._choices(self._wanted[person_id]):
            key = (home.week, home.day)
            if key not in loads:
                loads[key] = self.load(home, person_id)
            if merit.lasts < lasts or loads[key] > most - 1:
                continue
            if self._free(home, person_id):
                self._new[person_id] = home
                return True
        return False


def resettled(
    pairs: Sequence[Pair],
    terms: Mapping[int, Terms],
    calendars: Mapping[int, WorkCalendar],
    this_week: int,
    regulars: Mapping[int, frozenset[Regular]] | None = None,
) -> list[Pair]:
    """Return those of a manager's pairs whose home their hours have left, each with a new one.

    `terms` are by squad. Nobody else's home moves or is taken, nor is one that was left: whoever
    finds no other keeps it, and is at home again once the hours are as they were.
    """
    hours = Hours({key: usual(each) for key, each in calendars.items()})
    held = {each.pair_id: each for each in pairs if each.home is not None and not each.ended}
    astray = [
        each
        for each in held.values()
        if each.home is not None
        and each.squad_id in terms
        and set(each.two) <= calendars.keys()
        and not _still_home(each, each.home, hours, this_week)
    ]
    found: list[Pair] = []
    for pair, looking in _looking(astray, terms, calendars, this_week, regulars):
        others = [each for each in held.values() if each.pair_id != pair.pair_id]
        home = Homes(terms[pair.squad_id], others).assign([looking]).get(pair.person_id)
        if home is not None:
            held[pair.pair_id] = replace(pair, home=home)
            found.append(held[pair.pair_id])
    return found


def _looking(
    astray: Sequence[Pair],
    terms: Mapping[int, Terms],
    calendars: Mapping[int, WorkCalendar],
    this_week: int,
    regulars: Mapping[int, frozenset[Regular]] | None,
) -> list[tuple[Pair, Wanted]]:
    """Return pairs with where they could meet, whoever has fewest choices first."""
    found: list[tuple[Pair, Wanted]] = []
    for squad_id in sorted({each.squad_id for each in astray}):
        those = {each.person_id: each for each in astray if each.squad_id == squad_id}
        manager_id = next(iter(those.values())).manager_id
        places_of = wanted(terms[squad_id], calendars, manager_id, those, this_week, regulars)
        found += [(those[each.person_id], each) for each in places_of]
    return sorted(found, key=lambda each: (len(each[1].places), each[0].pair_id))
