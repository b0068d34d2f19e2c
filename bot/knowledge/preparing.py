"""Passages in, an index out; the one place that needs scipy, and the one that takes seconds."""

from collections.abc import Sequence

from scipy.sparse import csr_matrix

from bot.knowledge.counting import count
from bot.knowledge.fitting import fit
from bot.knowledge.parts import Parts, Postings
from bot.rules.guidelines import Passage


def prepare(passages: Sequence[Passage]) -> Parts:
    """Return the index over passages."""
    counts = count(passages)
    fitted = fit(counts.sections, counts.pages)
    return Parts(
        terms=tuple(counts.terms),
        literals=tuple(counts.literals),
        sections=_by_term(counts.sections),
        pages=_by_term(counts.pages),
        spoken=_by_term(counts.spoken),
        page_of=counts.page_of,
        texts=counts.texts,
        column=fitted.column,
        axes=fitted.axes,
        near_sections=fitted.near_sections,
        near_pages=fitted.near_pages,
    )


def _by_term(counts: csr_matrix) -> Postings:
    turned = counts.tocsc()
    return Postings(turned.indptr, turned.indices, turned.data)
