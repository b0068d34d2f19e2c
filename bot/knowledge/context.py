"""Makes a follow-up searchable: what was asked before goes with it, where it cannot stand alone.

"And for passives?" says nothing to a search; "How are agents labelled? And for passives?" does. A
question that stands on its own is left as it is, or the first subject would drown the second.

A question leans on the one before if it begins like a continuation, points at something that it
does not name, or is no sentence; unless it is long enough to be found by its own words. The rules
know closed classes of words only, so they fit guidelines about anything.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.knowledge.frame import frame
from bot.knowledge.words import CHINESE, QUOTED, terms
from bot.rules.guidelines import QUESTION_LIMIT

ENOUGH: Final = 5
"""Content words by which even a question that begins like a follow-up is found: a long "And …"
names its own subject."""

NAMED: Final = 2
"""Content words before "it" or "they" among which is what they stand for, a verb counting too."""

QUOTE: Final = " quotation "
"""Stands for what is quoted: one thing that is named, whose words are not the asker's."""

DEEP: Final = 3
"""Questions back to which a chain of follow-ups is followed."""

_LEADS: Final = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|yeah|no|right|sure|hm+|ah|oh|thanks|great|so|well)\W+)*"
    r"(?:and|but|or|also|plus|same|likewise|then|otherwise|what about|how about|what of|what if|"
    r"why not|how so|(?:even|only|except) (?:if|when|for|in)|in (?:that|this|which) case)\b",
    re.IGNORECASE,
)
_STANDS_FOR: Final = re.compile(
    r"\b(?:its?(?! own\b)|they|them|theirs?|he|him|his|she|hers?|same(?!.*\bas\b)|"
    r"both(?!.*\band\b)|either(?!.*\bor\b)|neither(?!.*\bnor\b))\b",
    re.IGNORECASE,
)
_THAT: Final = re.compile(r"\bthat\b", re.IGNORECASE)
_POINTS: Final = re.compile(
    r"\bthis(?! (?:project|guideline|tool|task|batch|squad|team|channel|week|month|year))\b|"
    r"\b(?:these|those)\b|\bsuch(?! as\b)|\b(?:the|these) (?:former|latter|above|others?)\b|"
    r"\b(?:for|of|with|in|on|to|like|about|after|before|at|by|from) that\b|"
    r"\b(?:that|there|here|then|too|as well|instead|else|ones?|again|above)\W*$",
    re.IGNORECASE,
)
_EMPTY_IT: Final = re.compile(
    r"\bit (?:ok(?:ay)?|fine|right|wrong|correct|allowed|acceptable|possible|necessary|required|"
    r"better|best|enough|true|normal|an? (?:mistake|error|problem)) (?:to|that|if|for)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(
    r"\b(?:is|are|was|were|am|be|do|does|did|can|could|may|might|must|shall|should|will|would|has|"
    r"have|had)(?:n?['’]t)?\b|\b(?:what|who|where|how|when|why|which)['’]s\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"\b(?:what|who|whom|whose|where|how|when|why|which)\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\w{3}[.!?]\s+\w")

_LEADS_CHINESE: Final = re.compile(
    r"^\W*(?:(?:好的?|嗯|哦|对|谢谢|明白了?)\W+)*"
    r"(?:那|还有|而且|并且|但|可是|不过|也|同样|然后|所以|另外|其他|换成|或者|反过来|即使|就算|至于)"
)
_STANDS_FOR_CHINESE: Final = re.compile(r"[它他她]们?|一样|同样|相同")
_POINTS_CHINESE: Final = re.compile(
    r"[这那][个种些样](?!项目|指南|工具|任务)|[这那]时|也|上述|刚才|前者|后者|上面[说提讲]|前面[说提讲]"
)
_ASKS_CHINESE: Final = re.compile(
    r"[吗谁几]|什么|怎|哪|还是|多[少久长大高远]|如何|为何|是否|(.)[不没]\1"
)


def with_context(question: str, before: Sequence[str]) -> str:
    """Return what to search for; `before` are the earlier questions, newest first.

    The one before is put in front of a question that leans on it, and what that one leans on in
    front of both. The whole is never longer than what a search reads of a question.
    """
    found: list[str] = []
    latest = question
    for earlier in before[:DEEP]:
        if not leans(latest):
            break
        found.insert(0, earlier)
        latest = earlier
    room = QUESTION_LIMIT - len(question) - 1
    context = "\n".join(found)[: max(0, room)]
    return f"{context}\n{question}" if context else question


def leans(question: str) -> bool:
    """Tell whether a question cannot be understood without the one before it."""
    own = QUOTED.sub(QUOTE, question)
    chinese = CHINESE.search(own)
    leaning = _leans_in_chinese(own) if chinese else _leans_in_english(_EMPTY_IT.sub(" ", own))
    said = _content(own)
    if leaning:
        return len(said) < ENOUGH
    return all(_only_frame(each) for each in said)


def _leans_in_english(question: str) -> bool:
    return bool(
        _LEADS.search(question)
        or _POINTS.search(question)
        or _unnamed(_STANDS_FOR, question, NAMED)
        or _unnamed(_THAT, question, 1)  # later on it joins clauses
        or not (_SENTENCE.search(question) or _asks_whole(question))
    )


def _asks_whole(question: str) -> bool:
    """Tell "who decides on labels" and "My parser fails. A bug?", whole without a helping verb."""
    about = [each for each in _content(question) if not _only_frame(each)]
    asks = _ASKS.search(question) or _SEVERAL.search(question)
    return bool(asks) and len(about) >= NAMED


def _leans_in_chinese(question: str) -> bool:
    asks = _ASKS_CHINESE.search(question)
    return bool(
        _LEADS_CHINESE.search(question)
        or _POINTS_CHINESE.search(question)
        or _unnamed(_STANDS_FOR_CHINESE, question, NAMED)
        or not asks  # "被动句呢？", "卡车？"
    )


def _unnamed(pattern: re.Pattern[str], question: str, named: int) -> bool:
    """Tell whether a word stands for something with fewer than `named` content words before it."""
    found = pattern.search(question)
    return found is not None and len(_content(question[: found.start()])) < named


def _content(text: str) -> set[str]:
    """Return the content words, without those that the segmenter finds inside of longer ones."""
    found = set(terms(text))
    parts = {
        one for one in found for two in found if one != two and one in two and CHINESE.search(one)
    }
    return found - parts


def _only_frame(term: str) -> bool:
    return term in frame() or (bool(CHINESE.search(term)) and frozenset(term) <= frame())
