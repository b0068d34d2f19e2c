"""Why a score moved: a change taken apart into parts that add up to it exactly.

By a dimension of the work (version, batch, tenure) with levels l, shares of the work w and rates
of rejected work r,

    r_now - r_before = Σ_l (w_now,l - w_before,l) r_before,l  +  Σ_l w_now,l (r_now,l - r_before,l)
                                      mix                                    rate at l

which is Kitagawa (1955), J. Am. Stat. Assoc. 50, 1168, with the weights of Oaxaca (1973), Int.
Econ. Rev. 14, 693, and Blinder (1973), J. Hum. Resources 8, 436: the old rates value the new mix,
so that no interaction is left to explain. A level with hardly any work before has no rate of its
own then and is held against the whole. By a dimension of the errors (category, section) every
rejected audit is shared out among its errors, so that their rates add up to the rate.

Each dimension is such a way by itself. How one is chosen, and what may be claimed:

1. If the mix of work in some dimension evidently moved the score, the most evident mix is taken off
   first: `before` is reweighted to the mix of now, and rates are compared at equal mix.
2. A part is weighed by two questions, and the weaker answer counts: how far did it move, and did it
   move unlike the rest? Where everything gets worse alike, the biggest level moves most and is not
   the cause.
3. The way that holds the likeliest cause is taken: evidence, and the odds beforehand (`ODDS`),
   shared among the levels of a dimension so that a dimension of many levels has no advantage.
4. A part may be claimed only if its interval (Newcombe's, on Kish's effective n) excludes zero at
   95 % by Bonferroni's correction for all parts that were compared in any way, and if it moved
   unlike the rest. With no cause something is claimed in about 2 of 100 weeks.

What can be seen is limited by the audits. With 150 a week against 600, a cause that doubles a
squad's error rate of 10 % stands some 3.5 standard deviations out; one that doubles it in a tenth
of the work stands out by less than 1, and no method finds it.
"""

from collections import Counter
from collections.abc import Sequence
from math import inf, log
from typing import Final

from bot.rules.change_parts import (
    Comparison,
    compare,
    differing,
    error_rates,
    level_rates,
    levels_of,
    mix,
    rate_of,
    reweighted,
)
from bot.rules.changes import OF_ERRORS, Breakdown, Cause, Dimension, JudgedWork, Part
from bot.rules.numbers import CONFIDENCE

Kind = tuple[Cause, Dimension | None]

ODDS: Final[dict[Kind, float]] = {
    (Cause.MIX, None): 2.0,
    (Cause.RATE, Dimension.VERSION): 2.0,
    (Cause.RATE, Dimension.BATCH): 2.0,
    (Cause.RATE, Dimension.CATEGORY): 2.0,
    (Cause.RATE, Dimension.SECTION): 0.5,
    (Cause.RATE, Dimension.TENURE): 1.0,
}
"""How likely a kind of cause is beforehand, beside the others; it decides only near ties.

A section mostly repeats its category, which every error has; and that people of one tenure alone
change their ways is rarer than new work or a new rule for all.
"""


def take_apart(
    now: Sequence[JudgedWork], before: Sequence[JudgedWork], confidence: float = CONFIDENCE
) -> Breakdown | None:
    """Take the change of the score from `before` to `now` apart; None if either is empty.

    The two must not share an audit. The order of the audits does not matter.
    """
    if not now or not before:
        return None
    pair = compare(now, before, confidence)
    rates = rate_of(pair.now).rate, rate_of(pair.before).rate
    change = (rates[1] or 0.0) - (rates[0] or 0.0)
    return Breakdown(
        change=change,
        before=1 - (rates[1] or 0.0),
        n=len(now),
        n_before=len(before),
        parts=_likeliest_first(_ways(pair), change),
        compared=pair.compared,
    )


def _ways(pair: Comparison) -> list[tuple[Part, ...]]:
    """Return the ways that are compared; each adds up to the change."""
    levels = {each: levels_of(pair, each) for each in differing(pair.now, pair.before)}
    mixes = {each: mix(pair, each, its) for each, its in levels.items()}
    evident = (part for part in mixes.values() if part.evident)
    first = max(evident, key=lambda part: abs(part.evidence), default=None)
    if first is not None:
        levels = {first.dimension: levels[first.dimension]}
    ways = [(mixes[each], *level_rates(pair, each, its)) for each, its in levels.items()]
    if first is None:
        return ways + [error_rates(pair, pair.before, each) for each in OF_ERRORS]
    at_equal_mix = reweighted(pair, first.dimension, levels[first.dimension])
    return ways + [(first, *error_rates(pair, at_equal_mix, each)) for each in OF_ERRORS]


def _likeliest_first(ways: Sequence[tuple[Part, ...]], change: float) -> tuple[Part, ...]:
    """Return the way that holds the likeliest cause, its parts in that order."""
    rivals = Counter(_kind(part) for part in {*sum(ways, ())} if part.comparable)

    def likelihood(part: Part) -> float:
        """Return log odds; what moved against the change does not explain it."""
        if not part.comparable:
            return -inf
        evidence = max(0.0, part.evidence if change > 0 else -part.evidence)
        return evidence**2 / 2 + log(ODDS[_kind(part)] / rivals[_kind(part)])

    # A mix that was taken off is in every way and does not choose between them.
    common = set(ways[0]).intersection(*ways[1:])
    best = max(ways, key=lambda way: max(map(likelihood, {*way} - common), default=-inf))
    return tuple(sorted(best, key=lambda part: (-likelihood(part), part.level or "")))


def _kind(part: Part) -> Kind:
    return part.cause, part.dimension if part.cause is Cause.RATE else None
