"""Makes a follow-up searchable: what was asked before goes with it, where it cannot stand alone.

"And for passives?" says nothing to a search; "How are agents labelled? And for passives?" does. A
question that stands on its own is left as it is, or the first subject would drown the second.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.knowledge.words import CHINESE, terms

FEW: Final = 2
"""Content words that a question needs to stand alone; with fewer it leans on the one before."""

FEW_WHEN_LEANING: Final = 5
"""The same for one that begins like a follow-up: a long "And …" names its own subject."""

_LEANS: Final = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|no|right|sure|hm+|so|then)\W+)*"
    r"(?:and|but|or|also|same|what about|how about|what if|what of|even if|only if|"
    r"why|why not|how so|really|then|so|does (?:it|that|this)|is (?:it|that|this)|"
    r"are (?:they|those|these))\b",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|there|such|same|one|ones|both|either|"
    r"neither|former|latter|above|instead|too)\b",
    re.IGNORECASE,
)
_LEANS_CHINESE: Final = re.compile(
    r"^\W*(?:那么?|还有|如果|要是|但是?|可是|也|同样|为什么|然后|所以|这个?|它)|呢\W*$"
)
_POINTS_CHINESE: Final = re.compile(r"它|这个|那个|这种|那种|这些|那些|一样|同样|上面")


def with_context(question: str, before: Sequence[str]) -> str:
    """Return what to search for; `before` are the earlier questions, newest first.

    The words of the one before are put in front of a question that leans on it.
    """
    if not before or not _leans(question):
        return question
    return f"{before[0]}\n{question}"


def _leans(question: str) -> bool:
    own = len(set(terms(question)))
    if CHINESE.search(question):
        leaning = bool(_LEANS_CHINESE.search(question) or _POINTS_CHINESE.search(question))
    else:
        leaning = bool(_LEANS.search(question) or _POINTS.search(question))
    return own < (FEW_WHEN_LEANING if leaning else FEW)
