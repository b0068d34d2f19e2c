"""How sure an answer is: raw evidence turned into the chance that a right page was found.

A logistic regression of two numbers. The fused score of a ranking says which passage is best and
nothing about whether any is good, so it has no part in this.
"""

from math import exp
from typing import Final

WORDS: Final = 1.65
KEPT: Final = 4.84
INTERCEPT: Final = -5.13

ANSWERS: Final = 0.25
"""Below it the guidelines do not answer the question."""

SURE: Final = 0.8
"""From here on at least 9 of 10 answers cite a right page."""


def confidence(words: float, kept: float) -> float:
    """Return the estimated chance that one of the first three pages answers the question.

    `words` and `kept` are those of `bot.knowledge.ranking.Evidence`.
    """
    return 1 / (1 + exp(-(INTERCEPT + WORDS * words + KEPT * kept)))
