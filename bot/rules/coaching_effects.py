"""Whether coaching on a category of errors helped, told so that chance does not flatter it.

People are coached on what went worst lately, and what went worst was partly bad luck: most of them
do better afterwards whatever was said to them (regression to the mean, Galton 1886). So what was
audited in the weeks that led to the coaching is no part of the baseline, which is older. It says
instead where somebody started, and they are compared with people who started there at the same time
and were not coached on it: those had the same luck. The figure is a difference in differences of
shares of audits with an error of the category: (after - before) of the coached less that of the
others, within a level and a time of start, weighted by how much each coached person's audits tell.

Its interval is by Student's t on the spread between people, each person being one cluster (Liang
and Zeger 1986, Biometrika 73, 13), for one person's audits resemble each other. An audit counts
afterwards if the work was handed in after the coaching; somebody who is coached later counts among
the others until then, so that nobody is left out for what came after.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from math import sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from bot.rules.distributions import student_reach

FOLLOWED: Final = timedelta(weeks=12)
"""For so long after a coaching its effect is looked at, and follow-up draws are made."""

BEFORE: Final = timedelta(weeks=12)
"""The baseline reaches so far back before what led to the coaching."""

LED: Final = timedelta(days=28)
"""What was audited so shortly before led to the coaching: it is what the pack shows."""

WINDOW: Final = timedelta(weeks=24)
"""Coachings that count in a verdict began within it, so that the older half is followed through."""

KNOWN: Final = WINDOW + LED + BEFORE
"""How far back a verdict reads."""

FOLLOWUPS_A_WEEK: Final = 3
"""Follow-up draws of one person's work a week, beside the random ones."""

BLOCK: Final = timedelta(weeks=4)
"""Who started within the same so many weeks started at the same time."""

LEVELS: Final = (0.0, 0.1, 0.2, 0.35)
"""Shares of audits with an error that part the levels of starting; above the last is the highest.

What a level is decides nothing about who is called better, for it is read from audits that are
in neither side of the difference.
"""

SURE: Final = 0.985
"""Wider than the usual 0.95: where people are coached round after round, somebody who was not
coached earlier on what they are bad at was lucky then, which makes their baseline a little better
than they were. The simulation in the tests has that, and stays within one claim in twenty.
"""

LEAST_AUDITS: Final = 5
"""Of one person, before and after."""
LEAST_OTHERS: Final = 3
"""Uncoached people at a level and time, to know how much they differ."""
LEAST_PEOPLE: Final = 8
"""Coached people, and others, for a verdict: with fewer, one of them would decide it."""
LEAST_OWN: Final = 30
"""Audits of one person, before and after, for a word on that person alone."""


class Verdict(StrEnum):
    """What can be said."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


class Tally(NamedTuple):
    """Audits of one person's work and how many had an error of the category; both instants UTC.

    What is wrong may stand in a tally of its own, without audits, at the same instants. A verdict
    on a large squad reads some ten thousand, so they are tuples.
    """

    person_id: int
    handed_in: datetime
    audited_at: datetime
    audits: int
    wrong: int


class Taught(NamedTuple):
    """That somebody was coached on the category; what was audited from `led_from` on led to it."""

    person_id: int
    led_from: datetime
    coached_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """`wrong` of `audits`."""

    wrong: int = 0
    audits: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.wrong + other.wrong, self.audits + other.audits)

    @property
    def rate(self) -> float | None:
        """The share itself, None of nothing."""
        return self.wrong / self.audits if self.audits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of the share of errors: `value` is after less before, less that of the others.

    `low` and `high` are its interval; all three are None where there is nothing to compare with.
    """

    verdict: Verdict
    before: Share
    after: Share
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The pooled change of all coached, how many they and the others are, and each one's own."""

    pooled: Change
    coached: int
    others: int
    people: Mapping[int, Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCategory:
    """What coaching on one category of a project's errors did in a squad."""

    project: str
    category: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSquad:
    """A squad's results by category, those with most coached people first."""

    squad: str
    found: tuple[OfCategory, ...]


@dataclass(frozen=True)
class _Course:
    """One person around a coaching (their own, or that of somebody at the same time)."""

    person_id: int
    block: int
    start: Share
    before: Share
    after: Share

    @cached_property
    def cell(self) -> tuple[int, int]:
        """When and at which level they started."""
        rate = self.start.rate or 0.0
        return self.block, sum(rate > bound for bound in LEVELS)

    @property
    def change(self) -> float:
        return (self.after.rate or 0.0) - (self.before.rate or 0.0)

    @property
    def weight(self) -> float:
        """How much the change tells: 1 / (1/n + 1/m), as its variance goes."""
        return self.after.audits * self.before.audits / (self.after.audits + self.before.audits)

    @property
    def counts(self) -> bool:
        return min(self.before.audits, self.after.audits) >= LEAST_AUDITS and self.start.audits > 0


@dataclass(frozen=True)
class _Cell:
    """The others at one level and time, taken together."""

    courses: Sequence[_Course]

    @cached_property
    def before(self) -> Share:
        return sum((one.before for one in self.courses), Share())

    @cached_property
    def after(self) -> Share:
        return sum((one.after for one in self.courses), Share())

    @property
    def change(self) -> float:
        return (self.after.rate or 0.0) - (self.before.rate or 0.0)

    def pull(self, one: _Course) -> float:
        """Return how much one of them moves the change; their sum is 0."""
        count = len(self.courses)
        after = (one.after.wrong - one.after.audits * (self.after.rate or 0)) / self.after.audits
        before = (one.before.wrong - one.before.audits * (self.before.rate or 0)) / (
            self.before.audits
        )
        return (after - before) * sqrt(count / (count - 1))


def effect(
    tallies: Iterable[Tally],
    taught: Iterable[Taught],
    now: datetime,
    confidence: float = SURE,
) -> Effect:
    """Return what coaching on one category did in one squad.

    `tallies` are of random and follow-up audits of the last `KNOWN`, `taught` all coachings on the
    category in that time. Of somebody coached more than once the first one counts; if that was
    before the window, they are neither coached nor uncoached here.
    """
    by_person: defaultdict[int, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_person[tally.person_id].append(tally)
    of = {key: _History(mine) for key, mine in by_person.items()}
    first: dict[int, Taught] = {}
    for one in sorted(taught, key=lambda each: each.coached_at):
        first.setdefault(one.person_id, one)
    lately = [one for one in first.values() if now - WINDOW <= one.coached_at <= now]
    courses = [
        of[one.person_id].course(one, _block(one, now), now)
        for one in lately
        if one.person_id in of
    ]
    coached = [one for one in courses if one.counts]
    cells = _others(of, first, lately, now)
    matched = [one for one in coached if one.cell in cells]
    everybody = {one.person_id: one for one in coached}
    pooled, others = _pooled(matched, coached, cells, confidence)
    alone = 1 - (1 - confidence) / max(1, len(matched))
    return Effect(
        pooled=pooled,
        coached=len(matched),
        others=others,
        people={key: _own(one, cells.get(one.cell), alone) for key, one in everybody.items()},
    )


def reads_from(taught: Iterable[Taught], now: datetime) -> datetime:
    """Return from when on `effect` looks at audits: the baseline of the earliest that counts."""
    lately = [one.led_from for one in taught if now - WINDOW <= one.coached_at <= now]
    return min(lately, default=now) - BEFORE


def _block(one: Taught, now: datetime) -> int:
    return int((now - one.coached_at) / BLOCK)


class _History:
    """One person's audits in order, summed up, so that any stretch is two looks."""

    def __init__(self, tallies: Iterable[Tally]) -> None:
        mine = list(tallies)
        self._audited = _Sums((each.audited_at, each) for each in mine)
        self._handed_in = _Sums((each.handed_in, each) for each in mine)

    def course(self, at: Taught, block: int, until: datetime) -> _Course:
        """Return the course around a coaching, what was handed in before `until`."""
        return _Course(
            at.person_id,
            block,
            self._audited.between(at.led_from, at.coached_at),
            self._audited.between(at.led_from - BEFORE, at.led_from),
            self._handed_in.between(at.coached_at, min(until, at.coached_at + FOLLOWED)),
        )


class _Sums:
    def __init__(self, at: Iterable[tuple[datetime, Tally]]) -> None:
        ordered = sorted(at, key=lambda pair: pair[0])
        self._at = [instant for instant, _ in ordered]
        self._wrong = [0, *accumulate(each.wrong for _, each in ordered)]
        self._audits = [0, *accumulate(each.audits for _, each in ordered)]

    def between(self, begin: datetime, end: datetime) -> Share:
        first, last = bisect_left(self._at, begin), bisect_left(self._at, max(begin, end))
        return Share(
            self._wrong[last] - self._wrong[first], self._audits[last] - self._audits[first]
        )


def _others(
    of: Mapping[int, _History],
    first: Mapping[int, Taught],
    lately: Iterable[Taught],
    now: datetime,
) -> dict[tuple[int, int], _Cell]:
    """Return those who were not coached by then: of each block as its middle one was."""
    blocks: defaultdict[int, list[Taught]] = defaultdict(list)
    for one in lately:
        blocks[_block(one, now)].append(one)
    cells: defaultdict[tuple[int, int], list[_Course]] = defaultdict(list)
    for block, some in blocks.items():
        middle = sorted(some, key=lambda each: each.coached_at)[len(some) // 2]
        last = max(one.coached_at for one in some)
        for person_id, mine in of.items():
            own = first.get(person_id)
            if own is not None and own.coached_at <= last:
                continue
            at = middle._replace(person_id=person_id)
            course = mine.course(at, block, min(now, own.coached_at) if own else now)
            if course.counts:
                cells[course.cell].append(course)
    return {key: _Cell(some) for key, some in cells.items() if len(some) >= LEAST_OTHERS}


def _pooled(
    matched: Sequence[_Course],
    coached: Sequence[_Course],
    cells: Mapping[tuple[int, int], _Cell],
    confidence: float,
) -> tuple[Change, int]:
    """Return the pooled change, and with how many others it is compared."""
    before = sum((one.before for one in coached), Share())
    after = sum((one.after for one in coached), Share())
    used = {one.cell for one in matched}
    others = {one.person_id for key in used for one in cells[key].courses}
    nothing = Change(verdict=Verdict.CANNOT_TELL, before=before, after=after)
    if min(len(matched), len(others)) < LEAST_PEOPLE:
        return nothing, len(others)
    total = sum(one.weight for one in matched)
    value = sum(one.weight * (one.change - cells[one.cell].change) for one in matched) / total
    pulls: defaultdict[int, float] = defaultdict(float)
    share: defaultdict[tuple[int, int], float] = defaultdict(float)
    for one in matched:
        pulls[one.person_id] += one.weight * (one.change - cells[one.cell].change - value) / total
        share[one.cell] += one.weight / total
    for key in used:
        for other in cells[key].courses:
            pulls[other.person_id] -= share[key] * cells[key].pull(other)
    count = len(matched)
    spread = sqrt(sum(pull**2 for pull in pulls.values()) * count / (count - 1))
    return _judged(nothing, value, spread * student_reach(confidence, count - 1)), len(others)


def _judged(plain: Change, value: float, reach: float) -> Change:
    low, high = value - reach, value + reach
    verdict = Verdict.CANNOT_TELL
    if high < 0:
        verdict = Verdict.BETTER
    elif low > 0:
        verdict = Verdict.WORSE
    return Change(
        verdict=verdict, before=plain.before, after=plain.after, value=value, low=low, high=high
    )


def _own(one: _Course, cell: _Cell | None, confidence: float) -> Change:
    """Return one person's change, with the interval of Agresti and Caffo (2000).

    The American Statistician 54, 280: one more error and one more audit without on either side;
    what the others differ by is added.
    """
    plain = Change(verdict=Verdict.CANNOT_TELL, before=one.before, after=one.after)
    if cell is None:
        return plain
    spread = sum(cell.pull(other) ** 2 for other in cell.courses)
    for side in (one.before, one.after):
        n, share = side.audits + 2, (side.wrong + 1) / (side.audits + 2)
        spread += share * (1 - share) / n
    found = _judged(
        plain, one.change - cell.change, sqrt(spread) * NormalDist().inv_cdf((1 + confidence) / 2)
    )
    if min(one.before.audits, one.after.audits) >= LEAST_OWN:
        return found
    return replace(found, verdict=Verdict.CANNOT_TELL)
