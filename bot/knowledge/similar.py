"""Finds short texts that ask the same: questions asked before, answers kept, cases logged.

Cosine of term weights, each word weighing by how rare it is (Salton and Buckley 1988), less what
speaks against it: two questions that each have a subject of their own ("the shadow of the car",
"the antenna of the car") do not ask the same, however alike the rest is. It knows no synonyms, so
it misses some; what it finds can be trusted, which matters more where people are told "this was
asked".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import log, sqrt
from typing import Final, NamedTuple

from bot.knowledge.frame import frame, marks
from bot.knowledge.search import Hit

ALIKE: Final = 0.7
"""From here on two questions ask the same. Of 120 pairs labelled by hand, half of which ask the
same, it joins 58, 56 of them rightly; of 40 more, written after all was settled, 16, all of them
rightly (tests/knowledge). At 0.65 one of 17 of these is wrong; at 0.5, which finds hardly more, one
of nine of all. Wrong ones are worse: somebody would get the answer to another question."""

CLOSE: Final = 0.2
"""From here on two questions are about the same thing: enough to be counted together."""

READ: Final = 1_000
"""Characters of a text that are compared; what is asked stands at its beginning."""

FRAME: Final = 0.5
"""What a word counts for that annotators ask in, and not about."""

AGAINST: Final = 0.5
"""How much it counts against a pair that both have a subject that the other one lacks."""


class Background(NamedTuple):
    """How many texts of the same kind have each term, where those at hand are too few to tell."""

    texts: int
    having: Mapping[str, int]


def background(texts: Iterable[str]) -> Background:
    """Return the frequencies of terms in some texts, such as all that was ever asked."""
    having: Counter[str] = Counter()
    n = 0
    for n, text in enumerate(texts, 1):  # noqa: B007 - the last one is their number
        having.update(set(marks(text[:READ])))
    return Background(n, having)


class _Vector(NamedTuple):
    weights: dict[str, float]  # of length 1
    subject: float  # the sum of the squares of what is not frame


class Similar:
    """Some texts, to be asked which of them are like another; never changes once made."""

    def __init__(self, texts: Sequence[str], among: Background | None = None) -> None:
        self._texts = tuple(texts)
        counts = [Counter(marks(text[:READ])) for text in texts]
        self._n = len(counts) + (among.texts if among else 0)
        self._having = Counter(term for each in counts for term in each)
        if among:
            self._having.update(among.having)
        self._frame = frame()
        self._vectors = [self._vector(each) for each in counts]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, vector in enumerate(self._vectors):
            for term, weight in vector.weights.items():
                self._postings[term].append((position, weight))

    def nearest(self, text: str, top: int) -> list[Hit]:
        """Return at most `top` texts that share a word with this one, best first, scores 0 to 1."""
        found = self._scores(self._vector(Counter(marks(text[:READ]))))
        hits = (Hit(position, score) for position, score in found.items())
        return sorted(hits, key=lambda hit: (-hit.score, hit.position))[:top]

    def clusters(self, at_least: float = CLOSE) -> list[list[int]]:
        """Group the texts so that those of a group are like each other on average, largest first.

        Average linkage: the two most alike groups become one until none are alike by `at_least`.
        Chains of neighbours, each a little like the next, would otherwise join what has nothing in
        common. Texts are taken in the order of the alphabet, so that the order given changes no
        group.
        """
        order = sorted(range(len(self._texts)), key=self._texts.__getitem__)
        rank = {position: place for place, position in enumerate(order)}
        sums: dict[int, dict[int, float]] = {place: {} for place in range(len(order))}
        for place, position in enumerate(order):
            for other, score in self._scores(self._vectors[position]).items():
                if rank[other] > place:
                    sums[place][rank[other]] = sums[rank[other]][place] = score
        groups = _linked(sums, at_least)
        named = (sorted(order[place] for place in group) for group in groups)
        return sorted(named, key=lambda group: (-len(group), group))

    def _vector(self, counts: Counter[str]) -> _Vector:
        weights = {term: (1 + log(count)) * self._rarity(term) for term, count in counts.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        unit = {term: weight / length for term, weight in weights.items()}
        return _Vector(unit, sum(w * w for term, w in unit.items() if term not in self._frame))

    def _rarity(self, term: str) -> float:
        """Return the smoothed inverse document frequency; a word never seen is the rarest."""
        rarity = 1 + log((self._n + 1) / (self._having.get(term, 0) + 1))
        return rarity * FRAME if term in self._frame else rarity

    def _scores(self, asked: _Vector) -> dict[int, float]:
        """Return position -> score of each text that shares a term with this one."""
        cosine: dict[int, float] = defaultdict(float)
        mine: dict[int, float] = defaultdict(float)
        theirs: dict[int, float] = defaultdict(float)
        for term, weight in asked.weights.items():
            subject = term not in self._frame
            for position, other in self._postings.get(term, ()):
                cosine[position] += weight * other
                if subject:
                    mine[position] += weight * weight
                    theirs[position] += other * other
        return {
            position: _score(
                score,
                asked.subject - mine.get(position, 0.0),
                self._vectors[position].subject - theirs.get(position, 0.0),
            )
            for position, score in cosine.items()
        }


def _score(cosine: float, mine: float, theirs: float) -> float:
    """Take off what both have for themselves, but never more than half: they do share words."""
    against = AGAINST * max(0.0, min(mine, theirs))
    return min(1.0, max(cosine - against, cosine / 2))


def _linked(sums: dict[int, dict[int, float]], at_least: float) -> list[list[int]]:
    """Join groups, by the sums of the scores between their members; equal ones by their order."""
    members = {place: [place] for place in sums}
    waiting = [
        (-score, place, other)
        for place, near in sums.items()
        for other, score in near.items()
        if place < other and score >= at_least
    ]
    heapify(waiting)
    new = len(sums)
    while waiting:
        _, one, two = heappop(waiting)
        if one not in members or two not in members:
            continue  # one of them is part of a larger group by now
        members[new] = members.pop(one) + members.pop(two)
        near = _added(sums.pop(one), sums.pop(two), {one, two})
        sums[new] = near
        for other, total in near.items():
            for gone in (one, two):
                sums[other].pop(gone, None)
            sums[other][new] = total
            mean = total / (len(members[new]) * len(members[other]))
            if mean >= at_least:
                heappush(waiting, (-mean, other, new))
        new += 1
    return list(members.values())


def _added(one: dict[int, float], two: dict[int, float], leave: set[int]) -> dict[int, float]:
    found = {other: one.get(other, 0.0) + two.get(other, 0.0) for other in one.keys() | two.keys()}
    return {other: found[other] for other in sorted(found.keys() - leave)}
