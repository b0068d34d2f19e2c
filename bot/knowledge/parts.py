"""An index as arrays: what answering needs of one version's passages, as bytes and back.

It holds counts rather than scores, which fit into a third of the bytes, and no Python objects, so
that reading it can run nothing. Two processes that read the same bytes answer alike.
"""

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]

_SEPARATOR: Final = "\n"


class Postings(NamedTuple):
    """Texts × terms by term: those that have term t are `rows[starts[t]:starts[t + 1]]`."""

    starts: Places
    rows: Places
    counts: Floats

    def of(self, term: int) -> slice:
        """Return where a term's texts stand in `rows` and `counts`."""
        return slice(self.starts[term], self.starts[term + 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Weighted counts of sections and pages, what is spoken of literally, places in meaning.

    `page_of` gives the page of each section; `texts` is every section's bare text, with a line
    each. `column` gives the row of `axes` (terms × dimensions) that a term has, -1 for none;
    `near_sections` and `near_pages` are the places of the texts, of length 1.
    """

    terms: tuple[str, ...]
    literals: tuple[str, ...]
    sections: Postings
    pages: Postings
    spoken: Postings
    page_of: Integers
    texts: bytes
    column: Places
    axes: Floats
    near_sections: Floats
    near_pages: Floats


def pack(parts: Parts) -> bytes:
    """Return an index as the bytes of a compressed .npz file."""
    arrays: dict[str, Any] = {
        "terms": _bytes(_SEPARATOR.join(parts.terms).encode()),
        "literals": _bytes(_SEPARATOR.join(parts.literals).encode()),
        "texts": _bytes(parts.texts),
        "page_of": parts.page_of,
        "column": parts.column,
        "axes": parts.axes,
        "near_sections": parts.near_sections,
        "near_pages": parts.near_pages,
    }
    for name in ("sections", "pages", "spoken"):
        postings: Postings = getattr(parts, name)
        for field, array in zip(Postings._fields, postings, strict=True):
            arrays[f"{name}_{field}"] = array
    body = BytesIO()
    np.savez_compressed(body, **arrays)
    return body.getvalue()


def unpack(body: bytes) -> Parts | None:
    """Return the index of these bytes, None if they are not what `pack` returned."""
    try:
        with np.load(BytesIO(body), allow_pickle=False) as found:
            return _parts(found)
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, EOFError, OSError):
        return None


def _parts(found: Any) -> Parts:  # noqa: ANN401 - numpy's reader of .npz has no public type
    def postings(name: str) -> Postings:
        return Postings(*(found[f"{name}_{field}"] for field in Postings._fields))

    return Parts(
        terms=_words(found["terms"]),
        literals=_words(found["literals"]),
        sections=postings("sections"),
        pages=postings("pages"),
        spoken=postings("spoken"),
        page_of=found["page_of"],
        texts=found["texts"].tobytes(),
        column=found["column"],
        axes=found["axes"],
        near_sections=found["near_sections"],
        near_pages=found["near_pages"],
    )


def _bytes(text: bytes) -> Bytes:
    return np.frombuffer(text, dtype=np.uint8)


def _words(text: Bytes) -> tuple[str, ...]:
    whole = text.tobytes().decode()
    return tuple(whole.split(_SEPARATOR)) if whole else ()
