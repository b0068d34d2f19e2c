"""What the guidelines mean by words that go together: latent semantic analysis of their sections.

Deerwester et al. (1990), Indexing by Latent Semantic Analysis. The decomposition is the randomised
one of Halko, Martinsson and Tropp (2011), algorithm 4.4, with a fixed seed: the same guidelines
give the same space in every process.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from bot.knowledge.counting import Floats, Integers

DIMENSIONS: Final = 150
TERMS: Final = 20_000
"""Terms that have a place, the most common ones: what bounds the memory."""

SPARE: Final = 20
ROUNDS: Final = 4
SEED: Final = 7


class Latent:
    """A space of at most `DIMENSIONS` dimensions, with the place of each section and page in it."""

    def __init__(self, sections: csr_matrix, pages: csr_matrix) -> None:
        n, terms = sections.shape
        having = np.bincount(sections.indices, minlength=terms)
        self._idf = (np.log((1 + n) / (1 + having)) + 1).astype(np.float32)
        self.unknown = float(np.log1p(n) + 1)
        # What stands in one section only goes together with nothing.
        shared = np.flatnonzero(having > 1)
        shared = np.sort(shared[np.argsort(-having[shared], kind="stable")[:TERMS]])
        self._column = np.full(terms, -1, dtype=np.int32)
        self._column[shared] = np.arange(len(shared))
        weighted = self._weighted(sections, shared)
        self._axes = _axes(weighted, min(DIMENSIONS, max(1, min(weighted.shape) - 1)))
        self.sections = _unit(weighted @ self._axes)
        self.pages = _unit(self._weighted(pages, shared) @ self._axes)

    def place(self, wanted: Mapping[int, float], unknown: int) -> tuple[Floats, float]:
        """Return where a question lies, of length 1, and how much of it lies in the space at all.

        `unknown` is the number of its terms that the guidelines never use. The second value, 0 to
        1, is the length of the projection over that of the question: the share of what is asked
        that these guidelines speak of.
        """
        inside = np.zeros(self._axes.shape[1], dtype=np.float32)
        total = unknown * (np.log(2) * self.unknown) ** 2
        for term, weight in wanted.items():
            value = np.log1p(weight) * self._idf[term]
            total += value**2
            if self._column[term] >= 0:
                inside += value * self._axes[self._column[term]]
        length = float(np.linalg.norm(inside))
        kept = length / float(np.sqrt(total)) if total else 0.0
        return (inside / length if length else inside), kept

    def _weighted(self, counts: csr_matrix, shared: Integers) -> csr_matrix:
        made = counts.copy()
        made.data = (np.log1p(counts.data) * self._idf[counts.indices]).astype(np.float32)
        lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel()) + 1e-9
        made.data /= np.repeat(lengths, np.diff(made.indptr)).astype(np.float32)
        return made[:, shared]


def _axes(weighted: csr_matrix, dimensions: int) -> Floats:
    """Return terms × dimensions, the leading right singular vectors."""
    random = np.random.default_rng(SEED)
    width = min(dimensions + SPARE, *weighted.shape)
    basis = weighted @ random.standard_normal((weighted.shape[1], width), dtype=np.float32)
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(basis)
        basis = weighted @ (weighted.T @ basis)
    basis, _ = np.linalg.qr(basis)
    _, _, right = np.linalg.svd((weighted.T @ basis).T, full_matrices=False)
    return np.ascontiguousarray(right[:dimensions].T, dtype=np.float32)


def _unit(places: Floats) -> Floats:
    lengths = np.linalg.norm(places, axis=1, keepdims=True)
    unit: Floats = (places / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
