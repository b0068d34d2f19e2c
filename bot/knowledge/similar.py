"""Finds short texts that ask the same: questions asked before, answers kept, cases logged.

Cosine of term weights, each word weighing by how rare it is among the texts at hand (Salton and
Buckley 1988), over the same stems and segments as the search. It knows no synonyms, so it misses
some; what it finds can be trusted, which matters more where people are told "this was asked".
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log, sqrt
from typing import Final

from bot.knowledge.search import Hit
from bot.knowledge.words import terms

ALIKE: Final = 0.65
"""From here on two questions ask the same: of 80 pairs labelled by hand (tests/knowledge) it joins
37, of which 34 are right, out of 40 that should be; at 0.55 nine of 47 are wrong."""

CLOSE: Final = 0.3
"""From here on two questions are about the same thing: enough to be counted together."""

READ: Final = 1_000
"""Characters of a text that are compared; what is asked stands at its beginning."""


class Similar:
    """Some texts, to be asked which of them are like another; never changes once made."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(terms(text[:READ])) for text in texts]
        self._n = len(counts)
        self._frequency = Counter(term for each in counts for term in each)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._vectors = [self._vector(each) for each in counts]
        for position, vector in enumerate(self._vectors):
            for term, weight in vector.items():
                self._postings[term].append((position, weight))

    def nearest(self, text: str, top: int) -> list[Hit]:
        """Return at most `top` texts that share a word with this one, best first, scores 0 to 1."""
        return self._nearest(self._vector(Counter(terms(text[:READ]))))[:top]

    def clusters(self, at_least: float = CLOSE) -> list[list[int]]:
        """Group the texts: each joins the first group whose members it is like on average.

        Texts are taken by how many others they are like, so that groups grow from their middle;
        ties go by position, and the order of the texts given does not matter beyond that. Groups
        come largest first.
        """
        near = [
            {hit.position: hit.score for hit in self._nearest(vector)} for vector in self._vectors
        ]
        degree = [sum(score >= at_least for score in each.values()) for each in near]
        groups: list[list[int]] = []
        for position in sorted(range(self._n), key=lambda each: (-degree[each], each)):
            scores = [
                sum(near[position].get(member, 0.0) for member in group) / len(group)
                for group in groups
            ]
            best = max(range(len(groups)), key=lambda each: (scores[each], -each), default=None)
            if best is not None and scores[best] >= at_least:
                groups[best].append(position)
            else:
                groups.append([position])
        return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        weights = {term: (1 + log(count)) * self._rarity(term) for term, count in counts.items()}
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()} if length else {}

    def _rarity(self, term: str) -> float:
        """Return the smoothed inverse document frequency; a word never seen is the rarest."""
        return 1 + log((self._n + 1) / (self._frequency.get(term, 0) + 1))

    def _nearest(self, vector: dict[str, float]) -> list[Hit]:
        scores: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            for position, other in self._postings.get(term, ()):
                scores[position] += weight * other
        found = [Hit(position, min(1.0, score)) for position, score in scores.items()]
        return sorted(found, key=lambda hit: (-hit.score, hit.position))
