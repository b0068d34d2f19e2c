"""Which work is audited: random draws of known probability, which make the score.

The frame of a draw is what one contributor handed in in one ISO week, closed at a stated cut; what
is imported later makes a new frame. A seed puts a frame into an order, and what is drawn is a
prefix of it, so every piece of work is drawn with probability prefix / N, and a longer draw of the
same frame goes on where the shorter one ended.

The order is even in batches and guideline versions: every prefix holds of each group (batch and
version) what is due to it, give or take a few. It is a systematic sample: think of the frame laid
out in a circle, group after group; the order starts anywhere and goes on in steps of about 0.618 of
the circle, which by the three-distance theorem (Sós (1958), Ann. Univ. Sci. Budapest 1, 127) leaves
no part of it out for long. The start being random, each place of the order falls on a group with
probability N_group / N. Within a group the order is that of submissions mixed with the seed, so
nothing but the sizes of the groups and the draws themselves is held in memory, and whoever has the
seed gets the same draws again.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from heapq import heapify, heappop, heappush, nsmallest
from itertools import accumulate, islice
from math import gcd, sqrt
from typing import Final, NamedTuple, TypeVar

from bot.rules.numbers import Rate, WeightedSums, rate_of_sums

SEED_BYTES: Final = 16
_GOLDEN: Final = (sqrt(5) - 1) / 2
_NEAR: Final = 30
"""Among so many numbers on either side there are some without a common divisor."""
_MIX: Final = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_SLACK: Final = 64
"""Ranks kept beyond twice those needed, so that small draws do not sort at every step."""

_LAST: Final = 2**64 - 1
_MANY: Final = 64
"""So many numbers are worth loading NumPy for."""
_CHANGED: Final = "this is not the frame as it stood at its cut"

Key = TypeVar("Key")
Rank = tuple[int, int]


class IsoWeek(NamedTuple):
    """An ISO 8601 week of the squad's local time."""

    year: int
    week: int


class Group(NamedTuple):
    """What a draw is even in; None where nothing is recorded."""

    batch: str | None = None
    version: str | None = None


UNGROUPED: Final = Group()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A contributor's week as it stood at the cut: how many submissions of each group.

    `seed` is hex, made once and stored with the frame.
    """

    contributor_id: int
    week: IsoWeek
    cut: datetime
    seed: str
    groups: Mapping[Group, int]

    @property
    def size(self) -> int:
        """How many submissions can be drawn."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A submission drawn at random: at which place of its frame's order, counted from 0.

    `probability` is that of the draw it came with: prefix / N.
    """

    submission_id: int
    position: int
    group: Group
    probability: float


class Ranking:
    """The order of submissions by a keyed mixing of their numbers into 64 bits.

    Two rounds of the finalizer of SplitMix64 (Steele, Lea and Flood (2014), OOPSLA, fig. 19), with
    64 bits of BLAKE2b of the seed added before each. Every step can be undone, so no two
    submissions share a rank, and a million of them take some hundredths of a second in NumPy.
    """

    def __init__(self, seed: str) -> None:
        key = bytes.fromhex(seed)
        if len(key) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes")
        self._keyed = blake2b(key=key, digest_size=8)
        self._rounds = tuple(self._word(b"round %d" % n) for n in range(2))

    def __call__(self, submission_id: int) -> Rank:
        """Return where a submission stands; lower comes first."""
        mixed = submission_id
        for added in self._rounds:
            mixed = mixed + added & _LAST
            mixed = (mixed ^ mixed >> 30) * _MIX[0] & _LAST
            mixed = (mixed ^ mixed >> 27) * _MIX[1] & _LAST
            mixed ^= mixed >> 31
        return mixed, submission_id

    def lowest(self, submission_ids: Sequence[int], count: int, below: int) -> list[Rank]:
        """Return the `count` lowest of those that are not above `below`, in any order."""
        if len(submission_ids) < _MANY:
            ranks = (self(one) for one in submission_ids)
            return nsmallest(count, (rank for rank in ranks if rank[0] <= below))
        import numpy as np  # noqa: PLC0415 - only where there is a lot

        numbers = np.array(submission_ids, dtype=np.uint64)
        mixed = numbers.copy()
        for added in self._rounds:
            mixed += np.uint64(added)
            mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(_MIX[0])
            mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(_MIX[1])
            mixed ^= mixed >> np.uint64(31)
        (near,) = np.nonzero(mixed <= np.uint64(below))
        if len(near) > count:
            near = near[np.argpartition(mixed[near], count)[:count]] if count else near[:0]
        return list(zip(mixed[near].tolist(), numbers[near].tolist(), strict=True))

    def number(self, below: int, label: bytes) -> int:
        """Return a number in 0..below - 1 that depends on the seed and the label alone.

        Its bias is below / 2^64.
        """
        return self._word(label) % below

    def _word(self, label: bytes) -> int:
        hashed = self._keyed.copy()
        hashed.update(label)
        return int.from_bytes(hashed.digest(), "big")


def quota(size: int, wanted: int, drawn_before: int = 0) -> int:
    """Return how many of a frame to draw: at least one, so that all work can be drawn.

    `drawn_before` counts draws of the same contributor and week in earlier frames.
    """
    return min(size, max(1, wanted - drawn_before))


def quotas(sizes: Mapping[Key, int], at_least: int, total: int = 0) -> dict[Key, int]:
    """Return how many to draw of each stratum: `at_least` each, and what is left of `total`.

    The rest goes one by one to the stratum of which the smallest share is drawn, which levels the
    weights. Never more than there are, none of what is empty, and more than `total` if `at_least`
    asks for it.
    """
    drawn = {key: quota(size, at_least) if size > 0 else 0 for key, size in sizes.items()}
    # The place among the strata keeps equal shares apart, as keys need not have an order.
    neediest = [
        (drawn[key] / size, place, key)
        for place, (key, size) in enumerate(sizes.items())
        if drawn[key] < size
    ]
    heapify(neediest)
    for _ in range(total - sum(drawn.values())):
        if not neediest:
            break
        _, place, key = heappop(neediest)
        drawn[key] += 1
        if drawn[key] < sizes[key]:
            heappush(neediest, (drawn[key] / sizes[key], place, key))
    return drawn


def group_order(frame: Frame) -> Iterator[Group]:
    """Yield the group of each place of a frame's order, as often as it has submissions."""
    size = frame.size
    if not size:
        return
    groups = sorted(frame.groups, key=lambda group: [(part is None, part or "") for part in group])
    ends = list(accumulate(frame.groups[group] for group in groups))
    step = _even_step(size)
    place = Ranking(frame.seed).number(size, b"start")
    for _ in range(size):
        yield groups[bisect_right(ends, place)]
        place = (place + step) % size


def _even_step(size: int) -> int:
    """Return the step by which to go around a circle of so many places, all of them once.

    Near the golden section and without a common divisor; of those the one whose continued fraction
    has the smallest sum of terms, which bounds how uneven a prefix can be (Niederreiter (1992),
    Random Number Generation and Quasi-Monte Carlo Methods, 3.2).
    """
    golden = round(size * _GOLDEN)
    near = range(max(1, golden - _NEAR), min(size, golden + _NEAR) + 1)
    steps = [step for step in near if gcd(step, size) == 1]
    return min(steps, key=lambda step: (_terms(step, size), abs(step - golden)))


def _terms(numerator: int, denominator: int) -> int:
    """Return the sum of the terms of a fraction's continued fraction."""
    total = 0
    while denominator:
        total += numerator // denominator
        numerator, denominator = denominator, numerator % denominator
    return total


class Gathering:
    """Counts the submissions of a frame as they pass by once, in any order, and keeps the first.

    It may be cut at any time: what passed by is then the frame, and up to `most` of its order can
    be drawn, in memory for about twice as many of each group.
    """

    def __init__(self, seed: str, most: int) -> None:
        self._seed = seed
        self._most = most
        self._rank = Ranking(seed)
        self._lowest: dict[Group, _Lowest] = {}

    @property
    def groups(self) -> dict[Group, int]:
        """How many submissions of each group passed by."""
        return {group: lowest.seen for group, lowest in self._lowest.items() if lowest.seen}

    def offer(self, group: Group, submission_ids: Sequence[int]) -> None:
        """Take note of submissions of one group."""
        lowest = self._lowest.get(group)
        if lowest is None:
            lowest = self._lowest[group] = _Lowest(self._most)
        lowest.seen += len(submission_ids)
        lowest.keep(self._rank.lowest(submission_ids, self._most, lowest.highest))

    def draws(self, frame: Frame, prefix: int) -> tuple[Draw, ...]:
        """Return the first draws of a frame, in its order.

        Raises ValueError if other submissions passed by than the frame counted at its cut (what
        came or went since belongs to another frame), or if it has not so many.
        """
        if not 0 <= prefix <= min(frame.size, self._most):
            raise ValueError(f"{prefix} of {frame.size} cannot be drawn")
        counted = {group: n for group, n in frame.groups.items() if n}
        if frame.seed != self._seed or self.groups != counted:
            raise ValueError(_CHANGED)
        ranked = {group: iter(lowest.taken()) for group, lowest in self._lowest.items()}
        return tuple(
            Draw(
                submission_id=next(ranked[group])[1],
                position=position,
                group=group,
                probability=prefix / frame.size,
            )
            for position, group in enumerate(islice(group_order(frame), prefix))
        )


class _Lowest:
    """The lowest few of many ranks, in memory for about twice as many."""

    def __init__(self, count: int) -> None:
        self.seen = 0
        self.highest = _LAST
        self._count = count
        self._kept: list[Rank] = []

    def keep(self, ranks: Iterable[Rank]) -> None:
        """Take note of ranks that are not above `highest`."""
        self._kept.extend(ranks)
        if len(self._kept) >= 2 * self._count + _SLACK:
            self.highest = self.taken()[-1][0]

    def taken(self) -> list[Rank]:
        """Return the lowest so far, lowest first."""
        self._kept = sorted(self._kept)[: self._count]
        return self._kept


def weight_of(size: int, audited: int) -> float:
    """Return what each audit of a frame stands for: N / audited.

    With every draw done that is 1 / the draw's probability. A skipped or open draw is missing for
    reasons that have nothing to do with its verdict, so the audited are themselves a random draw of
    the frame, only a smaller one (weighting-class adjustment; Särndal, Swensson and Wretman (1992),
    Model Assisted Survey Sampling, 15.6). N / prefix would let those frames count less in which
    more was skipped. Raises ValueError if nothing was audited: such a frame has no weight to give,
    and shows in the coverage.
    """
    if not 0 < audited <= size:
        raise ValueError(f"{audited} of {size} have no weight")
    return size / audited


def frame_sums(size: int, audited: int, accepted: int) -> WeightedSums:
    """Return what a frame adds to the score of a squad; nothing if nothing was audited."""
    if not audited:
        return WeightedSums()
    weight = weight_of(size, audited)
    return WeightedSums(
        n=audited,
        weight=float(size),
        weight_squared=weight * size,
        weight_successes=weight * accepted,
    )


def score(frames: Iterable[tuple[int, int, int]]) -> Rate:
    """Return the score of frames given as (size, audited, accepted).

    It is the share of accepted work as if all of it were audited, each frame counting by its size,
    with Wilson's interval on Kish's effective n. That interval takes every audit for one of the
    whole squad, though people differ; this makes it a little wide, and a little narrow where the
    busiest do worst. In simulated squads (20 to 800 a week each, draws of 5 to 30) it covers 95 to
    96 % of true rates, and 94 % where errors grow with the 0.4th power of volume. The exact one
    covers 97 %; one from the variance seen within each frame 91 %, since five audits without an
    error show no variance.
    """
    return rate_of_sums(sum((frame_sums(*frame) for frame in frames), start=WeightedSums()))
