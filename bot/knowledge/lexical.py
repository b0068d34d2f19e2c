"""BM25 over weighted counts, held by term, so that a question touches only its own terms.

Robertson and Zaragoza (2009), The Probabilistic Relevance Framework: BM25 and Beyond; the inverse
document frequency is Lucene's, which is never negative.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from bot.knowledge.counting import Floats, Integers

K1: Final = 1.2
B: Final = 0.75
"""The customary values; on our questions neighbours of them do no better."""


def rarity(n: int, having: Integers | int) -> Floats:
    """Return Lucene's inverse document frequency of terms that `having` of `n` texts have."""
    counted = np.asarray(having, dtype=np.float32)
    found: Floats = np.log1p((n - counted + 0.5) / (counted + 0.5))
    return found


class Lexical:
    """Scores texts against weighted terms; texts × terms are given as weighted counts."""

    def __init__(self, counts: csr_matrix) -> None:
        n, terms = counts.shape
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
        self.idf = rarity(n, np.bincount(counts.indices, minlength=terms))
        rows = np.repeat(np.arange(n), np.diff(counts.indptr))
        weighted = counts.copy()
        weighted.data = (
            self.idf[counts.indices] * counts.data * (K1 + 1) / (counts.data + norm[rows])
        ).astype(np.float32)
        self._by_term = weighted.tocsc()
        self._n = n

    def scores(self, wanted: Mapping[int, float]) -> Floats:
        """Return a score for each text."""
        found = np.zeros(self._n, dtype=np.float32)
        pointers, rows, values = (
            self._by_term.indptr, self._by_term.indices, self._by_term.data,
        )  # fmt: skip
        for term, weight in wanted.items():
            part = slice(pointers[term], pointers[term + 1])
            found[rows[part]] += weight * values[part]
        return found
