"""What short texts are compared by, and the words in which annotators ask whatever they ask about.

Two questions that share only such words do not ask the same; two that differ only in them may.
"""

from functools import cache
from typing import Final

from bot.knowledge.stopwords import STOP
from bot.knowledge.words import CHINESE, terms

_ENGLISH: Final = """
add allow annotate annotation annotator belong call case choose consider contain correct count
cover decide difference distinguish enter fall form get give guideline handle include inclusion
inside kind label leave mark mean mention merge need part piece place put question rule select
separate separately single tag treat treatment type write
"""
_CHINESE: Final = "标注签算包括含部分单独处理区需写选择记属是否能办候个一问题情况该应"


@cache
def frame() -> frozenset[str]:
    """Return their terms: stems in English, characters in Chinese."""
    return frozenset(terms(_ENGLISH)) | frozenset(_CHINESE)


def marks(text: str) -> list[str]:
    """Return what short texts are compared by: stems, and Chinese by its characters.

    A question is too short for a segmenter to cut the same noun in it always alike: by its words
    four of 13 Chinese pairs that ask the same are found, by their characters twelve.
    """
    runs = CHINESE.findall(text)
    if not runs:
        return list(terms(text))
    return [
        *terms(CHINESE.sub(" ", text)),
        *(each for run in runs for each in run if each not in STOP),
    ]
