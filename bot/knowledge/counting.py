"""Passages in, counts out: which term stands in which section and page, and how heavily."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from bot.knowledge.parts import Integers
from bot.knowledge.words import bare, literal, quotations, sought
from bot.rules.guidelines import BlockKind, Passage

TITLE: Final = 4.0
HEADING: Final = 3.0
TAG: Final = 3.0
EXAMPLE: Final = 0.3
"""Field weights. A word of the title says more than one in the text; a word in an example is there
by accident, but for the few that the example is about."""

FEW_DOCUMENTS: Final = 4
"""Guidelines in so few files are books, and their chapters are what others call pages."""


class _Triples:
    """A sparse matrix being written down, in twelve bytes an entry rather than a hundred."""

    def __init__(self) -> None:
        self._rows = array("i")
        self._columns = array("i")
        self._values = array("f")

    def add(self, row: int, counts: Mapping[int, float]) -> None:
        self._rows.extend(repeat(row, len(counts)))
        self._columns.extend(counts.keys())
        self._values.extend(counts.values())

    def matrix(self, rows: int, columns: int) -> csr_matrix:
        places = (np.frombuffer(self._rows, np.int32), np.frombuffer(self._columns, np.int32))
        values = np.frombuffer(self._values, np.float32)
        made = csr_matrix((values, places), shape=(rows, columns), dtype=np.float32)
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
    pages: dict[tuple[str, ...], int] = {}
    sections, wholes, spoken = _Triples(), _Triples(), _Triples()
    texts: list[str] = []
    names = _pages(passages)
    for row, (passage, name) in enumerate(zip(passages, names, strict=True)):
        new = name not in pages
        page = pages.setdefault(name, len(pages))
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
        page_of=np.array([pages[name] for name in names], dtype=np.int64),
        texts="\n".join(f" {text} " for text in texts).encode(),
    )


def _pages(passages: Sequence[Passage]) -> list[tuple[str, ...]]:
    """Return the page of each passage: its document, or the chapter where documents are few."""
    if len({each.document for each in passages}) > FEW_DOCUMENTS:
        return [(each.document,) for each in passages]
    return [(each.document, *each.headings[:1]) for each in passages]


def _about(passage: Passage) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for weight, texts in ((TITLE, (passage.title,)), (TAG, passage.tags)):
        for text in texts:
            for term in sought(text):
                found[term] += weight
    return found


def _within(passage: Passage) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    parts = [(HEADING, text) for text in passage.headings]
    parts += [
        (EXAMPLE if kind is BlockKind.EXAMPLE else 1.0, text) for kind, text in passage.blocks
    ]
    for weight, text in parts:
        for term in sought(text):
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
    found = {literal(text) for text in texts}
    known = sorted(each for each in found if each is not None)  # in the same order everywhere
    return {literals.setdefault(each, len(literals)) for each in known}
