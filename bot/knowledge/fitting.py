"""Finds what the guidelines mean by words that go together: latent semantic analysis of sections.

Deerwester et al. (1990), Indexing by Latent Semantic Analysis. The decomposition is the randomised
one of Halko, Martinsson and Tropp (2011), algorithm 4.4, with a fixed seed: the same guidelines
give the same space in every process.
"""

from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from bot.knowledge.latent import rarity
from bot.knowledge.parts import Floats, Integers, Places

DIMENSIONS: Final = 150
TERMS: Final = 20_000
"""Terms that have a place, the most common ones: what bounds the memory."""

SMALL: Final = 200
"""From so many sections on a term has to stand in two of them: in one it goes together with
nothing. In smaller guidelines nearly every term stands in one, and without those they would seem
not to speak of what they speak of (benchmarks/SEARCH.md)."""

SPARE: Final = 20
ROUNDS: Final = 4
SEED: Final = 7


class Fitted(NamedTuple):
    """A space of at most `DIMENSIONS` dimensions; the fields are those of `Parts`."""

    column: Places
    axes: Floats
    near_sections: Floats
    near_pages: Floats


def fit(sections: csr_matrix, pages: csr_matrix) -> Fitted:
    """Return the space of sections, and the place of each section and page in it."""
    n, terms = sections.shape
    having = np.bincount(sections.indices, minlength=terms)
    idf = rarity(n, having)
    shared = np.flatnonzero(having > (0 if n < SMALL else 1))
    shared = np.sort(shared[np.argsort(-having[shared], kind="stable")[:TERMS]])
    column = np.full(terms, -1, dtype=np.int32)
    column[shared] = np.arange(len(shared))
    weighted = _weighted(sections, idf, shared)
    axes = _axes(weighted, min(DIMENSIONS, max(1, min(weighted.shape) - 1)))
    return Fitted(column, axes, _unit(weighted @ axes), _unit(_weighted(pages, idf, shared) @ axes))


def _weighted(counts: csr_matrix, idf: Floats, shared: Integers) -> csr_matrix:
    made = counts.copy()
    made.data = (np.log1p(counts.data) * idf[counts.indices]).astype(np.float32)
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
