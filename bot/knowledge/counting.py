"""Passages in, counts out: which term stands in which section and page, and how heavily."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from bot.knowledge.words import bare, literal, quotations, terms
from bot.rules.guidelines import BlockKind, Passage

TITLE: Final = 3.0
HEADING: Final = 2.0
TAG: Final = 2.0
EXAMPLE: Final = 0.3
"""Field weights. A word of the title says more than one in the text; a word in an example is there
by accident, but for the few that the example is about."""

WEIGHTS: Final = MappingProxyType({BlockKind.PROSE: 1.0, BlockKind.EXAMPLE: EXAMPLE})

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(slots=True)
class _Triples:
    """A sparse matrix being written down."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, row: int, counts: dict[int, float]) -> None:
        self.rows += [row] * len(counts)
        self.columns += counts.keys()
        self.values += counts.values()

    def matrix(self, rows: int, columns: int) -> csr_matrix:
        shape = (rows, columns)
        made = csr_matrix((self.values, (self.rows, self.columns)), shape=shape, dtype=np.float32)
        made.sum_duplicates()
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Weighted counts: sections × terms and pages × terms, and sections × literals (0 or 1).

    `page_of` gives the page of each section; `texts` is every section's bare text, with a line
    each, in which quoted phrases are looked up.
    """

    terms: dict[str, int]
    literals: dict[str, int]
    sections: csr_matrix
    pages: csr_matrix
    spoken: csr_matrix
    page_of: Integers
    texts: bytes


def count(passages: Sequence[Passage]) -> Counts:
    """Count what stands where. The titles and tags of a page count once for the page."""
    known: dict[str, int] = {}
    literals: dict[str, int] = {}
    pages: dict[str, int] = {}
    sections, wholes, spoken = _Triples(), _Triples(), _Triples()
    texts: list[str] = []
    for row, passage in enumerate(passages):
        new = passage.document not in pages
        page = pages.setdefault(passage.document, len(pages))
        about = _numbered(_about(passage), known)
        within = _numbered(_within(passage), known)
        wholes.add(page, within)
        if new:
            wholes.add(page, about)
        sections.add(row, _sum(about, within))
        spoken.add(row, dict.fromkeys(_spoken(passage, literals), 1.0))
        texts.append(" ".join(bare(passage.text)))
    return Counts(
        terms=known,
        literals=literals,
        sections=sections.matrix(len(passages), len(known)),
        pages=wholes.matrix(len(pages), len(known)),
        spoken=spoken.matrix(len(passages), len(literals)),
        page_of=np.array([pages[each.document] for each in passages], dtype=np.int64),
        texts="\n".join(f" {text} " for text in texts).encode(),
    )


def _about(passage: Passage) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for weight, texts in ((TITLE, (passage.title,)), (TAG, passage.tags)):
        for text in texts:
            for term in terms(text):
                found[term] += weight
    return found


def _within(passage: Passage) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    parts = [(HEADING, text) for text in passage.headings]
    parts += [
        (EXAMPLE if kind is BlockKind.EXAMPLE else 1.0, text) for kind, text in passage.blocks
    ]
    for weight, text in parts:
        for term in terms(text):
            found[term] += weight
    return found


def _numbered(counts: dict[str, float], known: dict[str, int]) -> dict[int, float]:
    return {known.setdefault(term, len(known)): weight for term, weight in counts.items()}


def _sum(one: dict[int, float], other: dict[int, float]) -> dict[int, float]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}


def _spoken(passage: Passage, literals: dict[str, int]) -> set[int]:
    """Return the literals that a section speaks about: emphasised, set in code, or quoted."""
    texts = [*passage.mentions]
    for block in passage.blocks:
        texts += quotations(block.text)
    found = {literal(text) for text in texts} - {None}
    return {literals.setdefault(each, len(literals)) for each in found if each is not None}
