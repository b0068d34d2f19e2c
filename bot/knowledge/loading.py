"""Loads readers and search when they are first needed, and keeps what they cost a process small."""

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.knowledge.search import Search
from bot.rules.guidelines import Library, Passage

if TYPE_CHECKING:  # it loads numpy
    from bot.knowledge.parts import Parts


FORMAT: Final = 2
"""Of a stored index. Whoever changes `Parts`, or how text is cut into terms, raises it; an index
of another format is built anew."""

_MMAP_THRESHOLD: Final = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE: Final = 1_000_000  # bytes; an index has some ten arrays of this size


def read(path: Path) -> Library:
    """Read guidelines; see `bot.knowledge.reading.read_library`, which loads a Markdown parser."""
    from bot.knowledge.reading import read_library  # noqa: PLC0415 - most processes import nothing

    return read_library(path)


def prepare(passages: Sequence[Passage]) -> "Parts":
    """Return the index over passages; takes seconds for thousands, so call it in a thread."""
    _stay_small()
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
    _stay_small()
    from bot.knowledge.parts import unpack  # noqa: PLC0415 - as above

    parts = unpack(body)
    found = None if parts is None else search(parts)
    del parts
    give_back()
    return found


def _stay_small() -> None:
    """Ask the linear algebra for one thread, and glibc to keep no large block that was freed.

    Each further thread takes 30 MB and, beside a busy loop, gains nothing; it is asked for before
    numpy is loaded or not at all. Without the second the process grows by half when a new version
    takes the place of an old one.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Return to the system what was let go of; glibc keeps it otherwise, half as much again."""
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return a function of the C library that only glibc has."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
