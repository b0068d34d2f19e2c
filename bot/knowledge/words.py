"""Text in, terms out: stems, codes as they are written, and words that are meant literally.

The same functions read guidelines and questions, so that both speak of a thing by one name.
Chinese is cut into words by rjieba, English is stemmed by Snowball; both are loaded when first
needed and not before.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from bot.knowledge.stopwords import STOP

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
CODE: Final = re.compile(r"[^\W_]+(?:[:=_][^\W_]+)+")
HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
CHINESE: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
QUOTED: Final = re.compile(
    r"(?<![^\s(\[/,;:：，（])(?P<open>['\"‘“„«`「『《])(?P<text>[^\n]{1,200}?)['\"’”»`」』》](?!\w)"
    r"|[“「『](?P<wide>[^\n]{1,200}?)[”」』]"
)

LITERAL: Final = "="
"""Stands before a term that is the word itself, such as a quoted “that”, and not its stem."""

LITERAL_WORDS: Final = 3
"""What is quoted or emphasised and longer than this is an example rather than a word."""

_ENDING: Final = re.compile(r"'(?:s|re|ve|ll|d|m|t)$")


@cache
def _stemmer() -> Callable[[str], str]:
    from snowballstemmer import stemmer  # noqa: PLC0415 - a process that answers nothing skips it

    return cache(stemmer("english").stemWord)


@cache
def _segmenter() -> Callable[[str], list[str]]:
    import rjieba  # noqa: PLC0415 - its dictionary takes 30 MB, which only Chinese text is worth

    return rjieba.cut_for_search


def terms(text: str) -> Iterator[str]:
    """Yield the terms of a text in their order, stop words left out; codes whole and in parts."""
    text = text.replace("’", "'")
    for code in CODE.findall(text):
        yield code.lower()
    for word in WORD.findall(text):
        if CHINESE.search(word):
            yield from _chinese(word)
            continue
        yield from _term(word)
        humps = HUMP.split(word)
        if len(humps) > 1:
            for hump in humps:
                yield from _term(hump)


def _term(word: str) -> Iterator[str]:
    plain = word.lower()
    if plain in STOP:
        return
    plain = _ENDING.sub("", plain)
    if plain and plain not in STOP:
        yield _stemmer()(plain)


def _chinese(run: str) -> Iterator[str]:
    for word in _segmenter()(run):
        if CHINESE.search(word):
            if word not in STOP:
                yield word
        else:
            yield from _term(word)


def bare(text: str) -> list[str]:
    """Return the words of a text as they are written, in lower case."""
    return WORD.findall(text.lower().replace("’", "'"))


def quotations(text: str) -> list[str]:
    """Return what stands in quotation marks, of whichever form."""
    return [match["text"] or match["wide"] for match in QUOTED.finditer(text)]


def literal(text: str) -> str | None:
    """Return the literal term of a short quoted or emphasised text; None for an example."""
    words = bare(text)
    return LITERAL + " ".join(words) if 0 < len(words) <= LITERAL_WORDS else None
