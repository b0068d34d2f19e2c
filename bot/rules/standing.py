"""Where people of one squad stand against a target, so that hardly any squad is told wrongly.

Wilson's interval is right on average, and that is not enough here. Corrected for a squad of twenty
it asks for a tail of 0.13 %, where the normal curve under it is far from a binomial of ten audits:
with everybody exactly on a target of 92 %, it calls somebody below in one squad of nine, and on one
of 95 % in one of five. So a person is judged by the exact interval (`clopper_pearson`, on Kish's
effective n), neither of whose tails is ever larger than it says.

The correction is Šidák's (1967), J. Am. Stat. Assoc. 62, 626: people's draws are independent, since
each contributor's week is a frame of its own, and then the chance of calling anybody below or above
in a squad that is on target is at most 1 - confidence. Bonferroni's, which needs no independence,
would be a little wider for nothing.
"""

from bot.rules.distributions import clopper_pearson
from bot.rules.numbers import CONFIDENCE, Interval, Rate
from bot.rules.quality import Standing


def individual_interval(
    score: Rate, people: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Return the interval by which one of so many people is judged; None if nothing was counted."""
    if score.rate is None:
        return None
    corrected = confidence ** (1 / max(people, 1))
    return clopper_pearson(score.rate * score.n_effective, score.n_effective, corrected)


def individual_standing(
    score: Rate, target: float | None, people: int, confidence: float = CONFIDENCE
) -> Standing:
    """Return below or above if the interval, corrected for the squad's size, excludes the target.

    `people` is how many of the squad are compared with the target, this one included.
    """
    interval = individual_interval(score, people, confidence)
    if interval is None or target is None or not interval.excludes(target):
        return Standing.CANNOT_TELL
    return Standing.BELOW if interval.high < target else Standing.ABOVE
