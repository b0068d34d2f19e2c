"""Loads readers and search when they are first needed, and keeps what they cost a process small."""

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.knowledge.search import Search
from bot.rules.guidelines import Library, Passage


def read(path: Path) -> Library:
    """Read guidelines; see `bot.knowledge.reading.read_library`, which loads a Markdown parser."""
    from bot.knowledge.reading import read_library  # noqa: PLC0415 - most processes import nothing

    return read_library(path)


def build(passages: Sequence[Passage]) -> Search:
    """Return a search over passages; takes seconds for thousands, so call it in a thread."""
    # Each further thread of the linear algebra takes 30 MB and, beside a busy loop, gains nothing;
    # it is asked for before numpy is loaded or not at all.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # numpy and scipy take 40 MB, which a process that is never asked anything does not need.
    from bot.knowledge.ranking import RankedSearch  # noqa: PLC0415

    search = RankedSearch(passages)
    _give_back()
    return search


def _give_back() -> None:
    """Return to the system what building took; glibc keeps it otherwise, half as much again."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
