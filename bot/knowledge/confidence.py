"""How sure an answer is: raw evidence turned into the chance that a right page was found.

Two logistic regressions, multiplied. The first says from the evidence itself whether the
guidelines speak of what is asked at all; that alone decides whether there is an answer. The second
says whether the ranking agrees on a page. The fused score is best for ordering passages and tells
nothing about whether any of them is good, so it has no part in the first.

The parameters were fitted on 52 questions that a published guideline of 264 pages answers, ten that
it does not, and 40 written about other kinds of annotation work; tenfold cross-validation gave the
figures in `benchmarks/SEARCH.md`, where `benchmarks/check_search.py` can repeat them.
"""

from math import exp, log
from typing import Final

WORDS: Final = 3.93
KEPT: Final = 4.21
SPEAKS: Final = 4.50
"""Of the first regression: the weights of both logarithms, and the intercept."""

LEAD: Final = 4.86
AGREES: Final = -0.30
"""Of the second one: the weight of the lead, and the intercept."""

ANSWERS: Final = 0.4
"""Where the first falls below it, the guidelines do not answer the question."""

SURE: Final = 0.8
"""From this product on, at least 9 of 10 answers cite a right page among the first three."""

_NEVER_ZERO: Final = (0.1, 0.02)


def speaks(words: float, kept: float) -> float:
    """Return the estimated chance that the guidelines speak of what is asked.

    `words` and `kept` are those of `bot.knowledge.ranking.Evidence`.
    """
    in_words, in_meaning = log(words + _NEVER_ZERO[0]), log(kept + _NEVER_ZERO[1])
    return _logistic(SPEAKS + WORDS * in_words + KEPT * in_meaning)


def agrees(lead: float) -> float:
    """Return the estimated chance that an answer that exists is among the first three pages.

    `lead` is how far the first page is ahead of the fourth, as a share of all there can be.
    """
    return _logistic(AGREES + LEAD * lead)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value))
