"""Loads readers and search when they are first needed, and keeps what they cost a process small."""

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.knowledge.search import Search
from bot.rules.guidelines import Library, Passage

if TYPE_CHECKING:  # it loads numpy
    from bot.knowledge.parts import Parts


def read(path: Path) -> Library:
    """Read guidelines; see `bot.knowledge.reading.read_library`, which loads a Markdown parser."""
    from bot.knowledge.reading import read_library  # noqa: PLC0415 - most processes import nothing

    return read_library(path)


FORMAT: Final = 2
"""Of a stored index. Whoever changes `Parts`, or how text is cut into terms, raises it; an index
of another format is built anew."""


def prepare(passages: Sequence[Passage]) -> "Parts":
    """Return the index over passages; takes seconds for thousands, so call it in a thread."""
    _few_threads()
    # numpy and scipy take 40 MB, which a process that is never asked anything does not need.
    from bot.knowledge.preparing import prepare  # noqa: PLC0415

    parts = prepare(passages)
    give_back()
    return parts


def pack(parts: "Parts") -> bytes:
    """Return an index as bytes to be stored; takes a second for thousands of passages."""
    from bot.knowledge.parts import pack  # noqa: PLC0415 - as above

    return pack(parts)


def search(parts: "Parts") -> Search:
    """Return the search over an index."""
    from bot.knowledge.ranking import RankedSearch  # noqa: PLC0415 - as above

    return RankedSearch(parts)


def build(passages: Sequence[Passage]) -> Search:
    """Return a search over passages, built now; takes as long as `prepare`."""
    found = search(prepare(passages))
    give_back()
    return found


def unpack(body: bytes) -> Search | None:
    """Return the search over a stored index, None if the bytes are none; call it in a thread."""
    _few_threads()
    from bot.knowledge.parts import unpack  # noqa: PLC0415 - as above

    parts = unpack(body)
    found = None if parts is None else search(parts)
    del parts
    give_back()
    return found


def _few_threads() -> None:
    """Ask the linear algebra for one thread: each further one takes 30 MB and gains nothing here.

    It is asked before numpy is loaded or not at all.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def give_back() -> None:
    """Return to the system what was let go of; glibc keeps it otherwise, half as much again."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
