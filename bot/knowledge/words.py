"""Text in, terms out: stems, codes as they are written, and words that are meant literally.

The same functions read guidelines and questions, so that both speak of a thing by one name.
Chinese is cut into words by rjieba, English is stemmed by Snowball; both are loaded when first
needed and not before.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import Final

from bot.knowledge.stopwords import STOP

WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
TOKEN: Final = re.compile(r"[^\W_]+(?:['’:=_][^\W_]+)*")
PART: Final = re.compile(r"[:=_]")
HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
CHINESE: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
QUOTED: Final = re.compile(
    r"(?<![^\s(\[/,;:：，（])(?P<open>['\"‘“„«`「『《])(?P<text>[^\n]{1,200}?)['\"’”»`」』》](?!\w)"
    r"|[“「『](?P<wide>[^\n]{1,200}?)[”」』]"
)

REMEMBERED: Final = 16_384
"""Tokens whose terms are kept at hand: few of them make up most of any text."""

LITERAL: Final = "="
"""Stands before a term that is the word itself, such as a quoted “that”, and not its stem."""

LITERAL_WORDS: Final = 3
"""What is quoted or emphasised and longer than this is an example rather than a word."""

_ENDING: Final = re.compile(r"'(?:s|re|ve|ll|d|m|t)$")


@cache
def _stemmer() -> Callable[[str], str]:
    from snowballstemmer import stemmer  # noqa: PLC0415 - a process that answers nothing skips it

    english, one_at_a_time = stemmer("english"), Lock()

    def stem(word: str) -> str:
        with one_at_a_time:  # it keeps the word in itself while it works
            return str(english.stemWord(word))

    return stem


@cache
def _segmenter() -> Callable[[str], list[str]]:
    import rjieba  # noqa: PLC0415 - its dictionary takes 30 MB, which only Chinese text is worth

    return rjieba.cut_for_search


def terms(text: str) -> Iterator[str]:
    """Yield the terms of a text in their order, stop words left out; codes whole and in parts."""
    for token in TOKEN.findall(text):
        yield from _of_token(token)


def sought(text: str) -> Iterator[str]:
    """Yield the terms of a text as the search counts them: with every two Chinese characters.

    The segmenter cuts the same noun in two ways when its neighbours differ; pairs of characters
    find it all the same, and less by chance than single ones would. A pair that is a word counts
    twice, which is what most nouns are.
    """
    yield from terms(text)
    for run in CHINESE.findall(text):
        pairs = (run[first : first + 2] for first in range(len(run) - 1))
        yield from (pair for pair in pairs if pair not in STOP)


@lru_cache(maxsize=REMEMBERED)
def _of_token(token: str) -> tuple[str, ...]:
    token = token.replace("’", "'")
    if CHINESE.search(token):
        return tuple(_chinese(token))
    parts = PART.split(token)
    whole = [token.lower()] if len(parts) > 1 else []
    return (*whole, *(term for part in parts for term in _of_part(part)))


def _of_part(part: str) -> Iterator[str]:
    yield from _of_word(part)
    humps = HUMP.split(part)
    if len(humps) > 1:
        for hump in humps:
            yield from _of_word(hump)


def _of_word(word: str) -> Iterator[str]:
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
            yield from (term for part in WORD.findall(word) for term in _of_word(part))


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
