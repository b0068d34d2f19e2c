"""The parts that a change can be made of: a mix, rates at the levels of the work, kinds of errors.

Each way returned here adds up to the change by itself; `bot.rules.decomposition` chooses one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

from bot.rules.changes import OF_ERRORS, OF_WORK, Cause, Dimension, Fault, JudgedWork, Part
from bot.rules.distributions import deviance_root
from bot.rules.numbers import CONFIDENCE, Rate, WeightedSums, difference, rate_of_sums

OWN_BASELINE: Final = 10
"""Fewer audits before say too little of a level to hold it against itself."""
COMPARABLE: Final = 10
"""A level with fewer audits now is never a cause: nothing could be evident."""
COMPARABLE_ERRORS: Final = 5
"""The same for a kind of error, now and before together."""
NEARLY_ALL: Final = 0.9
"""A level that was there before and is so much of the work now is no part of it."""
UNLIKE: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""How far, in standard deviations, a part must stand out from the rest to be claimed."""
_NOTHING: Final = 1e-9


class Item(NamedTuple):
    """An audit with its share of all weight, so that a period's weights add up to 1."""

    work: JudgedWork
    weight: float


Items = Sequence[Item]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two periods, and how sure an interval must be for all that are `compared` to hold at once."""

    now: Items
    before: Items
    compared: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the work now; `reference` is the rate before that it is held against.

    That is its own if `own` is set, else the rate of everything before.
    """

    items: Items
    share: float
    share_before: float
    rate: Rate
    reference: Rate
    own: bool


Levels = dict[str | None, Level]


def compare(
    now: Sequence[JudgedWork], before: Sequence[JudgedWork], confidence: float
) -> Comparison:
    """Set two periods beside each other; neither may be empty."""
    first, second = _period(now), _period(before)
    compared = sum(len(_comparable_errors((first, second), each)) for each in OF_ERRORS)
    for dimension in differing(first, second):
        old = _split(second, dimension)
        levels = _split(first, dimension)
        compared += 1 + sum(_is_comparable(its, old.get(at, ())) for at, its in levels.items())
    return Comparison(first, second, compared, 1 - (1 - confidence) / max(compared, 1))


def differing(now: Items, before: Items) -> list[Dimension]:
    """Return the dimensions of the work that tell anything apart."""
    return [each for each in OF_WORK if len({*_split(now, each), *_split(before, each)}) > 1]


def rate_of(items: Items, wrong: float | None = None) -> Rate:
    """Return the rate of rejected audits, or that of the weight in `wrong`."""
    if wrong is None:
        wrong = fsum(item.weight for item in items if item.work.rejected)
    return rate_of_sums(
        WeightedSums(
            n=len(items),
            weight=_weight(items),
            weight_squared=fsum(item.weight**2 for item in items),
            weight_successes=wrong,
        )
    )


def levels_of(pair: Comparison, dimension: Dimension) -> Levels:
    """Return every level of a dimension that there is now."""
    old, whole = _split(pair.before, dimension), rate_of(pair.before)
    levels = {}
    for at, items in _split(pair.now, dimension).items():
        before = old.get(at, ())
        own = len(before) >= OWN_BASELINE
        levels[at] = Level(
            items=items,
            share=_weight(items),
            share_before=_weight(before),
            rate=rate_of(items),
            reference=rate_of(before) if own else whole,
            own=own,
        )
    return levels


def mix(pair: Comparison, dimension: Dimension, levels: Levels) -> Part:
    """Return what the new mix of work alone would have done at the old rates."""
    whole = _share(rate_of(pair.before))
    gain = {at: _share(its.reference) - whole for at, its in levels.items()}
    moved = fsum(its.share * gain[at] for at, its in levels.items())
    error = _mix_error(pair, dimension, levels, gain, moved)
    half = NormalDist().inv_cdf((1 + pair.confidence) / 2) * error
    comparable = error > _NOTHING
    at, share, share_before = _most_moved(pair, dimension, up=moved > 0)
    return Part(
        cause=Cause.MIX,
        dimension=dimension,
        level=at,
        effect=-moved,
        low=-moved - half,
        high=-moved + half,
        now=share,
        before=share_before,
        n=len(pair.now),
        n_before=len(pair.before),
        evidence=-moved / error if comparable else 0.0,
        comparable=comparable,
        evident=comparable and abs(moved) > half,
    )


def _mix_error(
    pair: Comparison,
    dimension: Dimension,
    levels: Levels,
    gain: dict[str | None, float],
    moved: float,
) -> float:
    """Return the standard error of the effect of a mix.

    The shares of the mix are estimated from the audits too, so both periods add to the variance,
    which is that of the linearised estimate (Särndal, Swensson and Wretman (1992), Model Assisted
    Survey Sampling, 5.5).
    """
    whole = _share(rate_of(pair.before))
    known = fsum(its.share for its in levels.values() if its.own)
    variance = fsum((i.weight * (gain[_level(i.work, dimension)] - moved)) ** 2 for i in pair.now)
    for item in pair.before:
        wrong, its = float(item.work.rejected), levels.get(_level(item.work, dimension))
        pull = -known * (wrong - whole)
        if its is not None and its.own:
            pull += its.share / its.share_before * (wrong - _share(its.reference))
        variance += (item.weight * pull) ** 2
    return sqrt(variance)


def level_rates(pair: Comparison, dimension: Dimension, levels: Levels) -> tuple[Part, ...]:
    """Return what each level of the work added by being done better or worse."""
    old = _split(pair.before, dimension)
    return tuple(
        _rate_part(
            pair,
            (dimension, at),
            (its.rate, its.reference),
            scale=its.share,
            apart=_apart_from_other_work(its, [one for name, one in levels.items() if name != at]),
            comparable=_is_comparable(its.items, old.get(at, ())),
        )
        for at, its in levels.items()
    )


def error_rates(pair: Comparison, reference: Items, dimension: Dimension) -> tuple[Part, ...]:
    """Return what each kind of error added; `reference` is `before`, maybe at the mix of now."""
    now, before = _blamed(pair.now, dimension), _blamed(reference, dimension)
    total = _weight(reference)
    comparable = _comparable_errors((pair.now, pair.before), dimension)
    errors, errors_before = _counts(rate_of(pair.now))[0], _counts(rate_of(reference))[0]
    parts = []
    for kind in {**now, **before}:
        rates = (
            rate_of(pair.now, now.get(kind, 0.0)),
            rate_of(reference, before.get(kind, 0.0)),
        )
        part = _rate_part(
            pair,
            (dimension, kind),
            rates,
            scale=1.0,
            # Its share of all errors: when all kinds grow alike, none of them stands out.
            apart=deviance_root(
                (_counts(rates[0])[0], errors), (_counts(rates[1])[0], errors_before)
            ),
            comparable=kind in comparable and total > 0,
        )
        parts.append(part)
    return tuple(parts)


def reweighted(pair: Comparison, dimension: Dimension, levels: Levels) -> list[Item]:
    """Return what was before with the mix of now: direct standardisation, as weights.

    What has no level of its own before is spread over everything, as in `levels_of`.
    """
    unknown = fsum(its.share for its in levels.values() if not its.own)
    items = []
    for item in pair.before:
        its = levels.get(_level(item.work, dimension))
        factor = unknown
        if its is not None and its.own:
            factor += its.share / its.share_before
        if factor > 0:
            items.append(Item(item.work, item.weight * factor))
    return items


def _rate_part(
    pair: Comparison,
    what: tuple[Dimension, str | None],
    rates: tuple[Rate, Rate],
    *,
    scale: float,
    apart: float | None,
    comparable: bool,
) -> Part:
    """Return the part of a rate; `apart` is how far it moved unlike the rest, None if no rest."""
    now, before = rates
    change = difference(now, before, pair.confidence)
    assert change is not None, "both rates are known"  # noqa: S101
    return Part(
        cause=Cause.RATE,
        dimension=what[0],
        level=what[1],
        effect=-scale * change.delta,
        low=-scale * change.high,
        high=-scale * change.low,
        now=_share(now),
        before=_share(before),
        n=now.n,
        n_before=before.n,
        evidence=-_weaker(deviance_root(_counts(now), _counts(before)), apart),
        comparable=comparable,
        evident=comparable and change.evident and (apart is None or abs(apart) >= UNLIKE),
    )


def _weaker(moved: float, apart: float | None) -> float:
    if apart is None:
        return moved
    if moved * apart <= 0:
        return 0.0
    return min(moved, apart, key=abs)


def _apart_from_other_work(level: Level, others: Sequence[Level]) -> float | None:
    """Return how far a level's rate moved beyond that of the other work, in standard deviations.

    The difference of the two differences, each rate with one more success and failure as Agresti
    and Caffo (2000), Am. Stat. 54, 280, do. Of a level without a rate of its own before, today's
    rates are compared.
    """
    rest = [item for other in others for item in other.items]
    if len(rest) < COMPARABLE:
        return None
    now = rate_of(rest)
    total = fsum(other.share for other in others)
    before = fsum(other.share * _share(other.reference) for other in others) / total
    moved = _share(level.rate) - _share(now)
    variance = _variance(level.rate) + _variance(now)
    if level.own:
        moved -= _share(level.reference) - before
        variance += _variance(level.reference)
        variance += fsum((o.share / total) ** 2 * _variance(o.reference) for o in others)
    return moved / sqrt(variance)


def _variance(of: Rate) -> float:
    wrong, n = _counts(of)
    share = (wrong + 1) / (n + 2)
    return share * (1 - share) / (n + 2)


def _most_moved(
    pair: Comparison, dimension: Dimension, *, up: bool
) -> tuple[str | None, float, float]:
    """Return the level whose change of share moved the rate most in a direction, and its shares."""
    now, before = _split(pair.now, dimension), _split(pair.before, dimension)
    whole = _share(rate_of(pair.before))

    def moved(at: str | None) -> float:
        share = _weight(now.get(at, ())) - _weight(before.get(at, ()))
        step = share * (_share(rate_of(before[at])) - whole) if at in before else 0.0
        return step if up else -step

    most = max(sorted({**now, **before}, key=lambda at: at or ""), key=moved)
    return most, _weight(now.get(most, ())), _weight(before.get(most, ()))


def _period(works: Sequence[JudgedWork]) -> list[Item]:
    total = fsum(work.weight for work in works)
    return [Item(work, work.weight / total) for work in works]


def _weight(items: Items) -> float:
    return fsum(item.weight for item in items)


def _level(work: JudgedWork, dimension: Dimension) -> str | None:
    if dimension is Dimension.VERSION:
        return work.version
    return work.batch if dimension is Dimension.BATCH else work.tenure


def _split(items: Items, dimension: Dimension) -> dict[str | None, list[Item]]:
    split: defaultdict[str | None, list[Item]] = defaultdict(list)
    for item in items:
        split[_level(item.work, dimension)].append(item)
    return dict(split)


def _blamed(items: Items, dimension: Dimension) -> dict[str | None, float]:
    """Share the weight of rejected audits out among their errors, equally."""
    blamed: defaultdict[str | None, float] = defaultdict(float)
    for item in items:
        if item.work.rejected:
            faults = item.work.faults or (Fault(None, None),)
            for fault in faults:
                kind = fault.category if dimension is Dimension.CATEGORY else fault.section
                blamed[kind] += item.weight / len(faults)
    return dict(blamed)


def _share(of: Rate) -> float:
    """Return the share of a rate of something; 0 of nothing."""
    return of.rate or 0.0


def _counts(of: Rate) -> tuple[float, float]:
    return _share(of) * of.n_effective, of.n_effective


def _is_comparable(now: Items, before: Items) -> bool:
    all_along = len(before) >= OWN_BASELINE and _weight(now) >= NEARLY_ALL
    return len(now) >= COMPARABLE and not all_along


def _comparable_errors(periods: Sequence[Items], dimension: Dimension) -> set[str | None]:
    """Return the kinds of errors that were seen often enough in all periods together."""
    seen: defaultdict[str | None, float] = defaultdict(float)
    for items in periods:
        for kind, weight in _blamed(items, dimension).items():
            seen[kind] += weight * len(items)
    return {kind for kind, count in seen.items() if kind is not None and count >= COMPARABLE_ERRORS}
