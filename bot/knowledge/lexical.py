"""BM25 over weighted counts, held by term, so that a question touches only its own terms.

Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond; the inverse
document frequency is Lucene's, which is never negative.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from bot.knowledge.parts import Floats, Integers, Postings

K1: Final = 1.2
B: Final = 0.75
"""The customary values; on our questions neighbours of them do no better."""


def rarity(n: int, having: Integers | int) -> Floats:
    """Return Lucene's inverse document frequency of terms that `having` of `n` texts have."""
    counted = np.asarray(having, dtype=np.float32)
    found: Floats = np.log1p((n - counted + 0.5) / (counted + 0.5))
    return found


class Lexical:
    """Scores `n` texts against weighted terms."""

    def __init__(self, counts: Postings, n: int) -> None:
        lengths = np.bincount(counts.rows, weights=counts.counts, minlength=n)
        norm = (K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))).astype(np.float32)
        having = np.diff(counts.starts)
        weights = counts.counts * (K1 + 1) / (counts.counts + norm[counts.rows])
        weights *= np.repeat(rarity(n, having), having)
        self._by_term = Postings(counts.starts, counts.rows, weights)
        self._n = n

    def scores(self, wanted: Mapping[int, float]) -> Floats:
        """Return a score for each text."""
        found = np.zeros(self._n, dtype=np.float32)
        for term, weight in wanted.items():
            part = self._by_term.of(term)
            found[self._by_term.rows[part]] += weight * self._by_term.counts[part]
        return found
