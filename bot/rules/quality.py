"""The quality of work: one aggregation for the report, the digest, Home and every export.

The score (rate, interval, errors) is made of random audits only; the other origins are counted
beside it. What is not known is None, never guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from bot.rules.audits import SCORING_ORIGIN, Origin, Verdict
from bot.rules.numbers import (
    CONFIDENCE,
    Difference,
    Rate,
    Spread,
    WeightedSums,
    at_confidence,
    difference,
    rate,
    rate_of_sums,
)

UNKNOWN_SPREAD: Final = Spread(None, None, 0)
TOP_CATEGORIES: Final = 3
"""How many categories a digest names: as many as a team can talk about in a sync."""


class Standing(StrEnum):
    """Where a rate stands against its target."""

    BELOW = "below"
    ABOVE = "above"
    CANNOT_TELL = "cannot_tell"


class Direction(StrEnum):
    """Where a rate went; up and down need evidence."""

    UP = "up"
    DOWN = "down"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Sums over the audits of a tally of w = 1 / inclusion probability.

    `weight` is Σw, `squared` Σw², `errors` Σ(w × counting errors).
    """

    weight: float
    squared: float
    errors: float

    def __add__(self, other: "Weights") -> "Weights":
        return Weights(
            weight=self.weight + other.weight,
            squared=self.squared + other.squared,
            errors=self.errors + other.errors,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTally:
    """A count of scoring chain steps that share key, origin and verdict.

    `errors` is the sum of their counting errors. `weights` is None when the audits were drawn
    with equal probability, or when it is not recorded.
    """

    key: str | None = None
    origin: Origin
    verdict: Verdict
    count: int
    errors: int = 0
    weights: Weights | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTally:
    """A count of audits of one origin with at least one counting error of a category.

    `errors` is how many such errors they hold; `weights` as in `AuditTally`. `category` is None for
    errors that were recorded without one.
    """

    category: str | None
    origin: Origin
    count: int
    errors: int
    weights: Weights | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkTally:
    """The submissions of a key, with time per item and turnaround in seconds."""

    key: str | None = None
    submissions: int | None
    time_per_item: Spread = UNKNOWN_SPREAD
    turnaround: Spread = UNKNOWN_SPREAD


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityGroup:
    """One line of a quality report; `score`, `accepted` and `errors` are of random audits.

    `errors_per_audit` is weighted like the rate, so it is errors / n only under equal draws.
    `others` are the shares accepted of the other origins that occur, each by itself: they were
    not drawn at random, so they say nothing about all the work and never enter the score.
    """

    key: str | None
    audits: dict[Origin, int]
    accepted: int
    score: Rate
    errors: int
    errors_per_audit: float | None
    submissions: int | None
    time_per_item: Spread
    turnaround: Spread
    others: Mapping[Origin, Rate] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `muster report quality`."""
        return {
            "key": self.key,
            "audits": {origin.value: self.audits.get(origin, 0) for origin in Origin},
            "accepted": self.accepted,
            "rate": self.score.rate,
            "low": self.score.low,
            "high": self.score.high,
            "n": self.score.n,
            "n_effective": self.score.n_effective,
            "errors": self.errors,
            "errors_per_audit": self.errors_per_audit,
            "submissions": self.submissions,
            "time_per_item_s": self.time_per_item.to_json(),
            "turnaround_s": self.turnaround.to_json(),
            "others": {origin.value: of.to_json() for origin, of in self.others.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """Quality of one project over the squad-local days `from_` to `to`, both inclusive."""

    from_: date
    to: date
    project: str
    groups: tuple[QualityGroup, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON object of `muster report quality`."""
        return {
            "from": self.from_.isoformat(),
            "to": self.to.isoformat(),
            "project": self.project,
            "groups": [group.to_json() for group in self.groups],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A score beside an earlier one of other audits; `change` is None if either is unknown."""

    now: Rate
    before: Rate
    change: Difference | None

    @property
    def direction(self) -> Direction:
        """Up or down if the interval of the change leaves out zero, else cannot tell."""
        if self.change is None or not self.change.evident:
            return Direction.CANNOT_TELL
        return Direction.UP if self.change.delta > 0 else Direction.DOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryErrors:
    """An error category in a digest.

    `errors` and `audits` count random audits; `affected` is the share of audited work with at
    least one such error.
    """

    category: str
    errors: int
    audits: int
    affected: Rate


def quality_groups(
    audits: Iterable[AuditTally], work: Iterable[WorkTally] = ()
) -> tuple[QualityGroup, ...]:
    """Aggregate tallies to one group per key that either side names, in order of the key.

    The order is alphabetical because nobody is ranked. A key without a work tally has unknown
    submissions; two work tallies of one key are refused with ValueError, as medians do not add.
    """
    by_key: defaultdict[str | None, list[AuditTally]] = defaultdict(list)
    for tally in audits:
        by_key[tally.key].append(tally)
    work_of: dict[str | None, WorkTally] = {}
    for done in work:
        if done.key in work_of:
            raise ValueError("two work tallies of one key")
        work_of[done.key] = done
    keys = sorted({*by_key, *work_of}, key=_alphabetical)
    return tuple(_group(key, by_key.get(key, []), work_of.get(key)) for key in keys)


def total_group(audits: Iterable[AuditTally], work: WorkTally | None = None) -> QualityGroup:
    """Aggregate the tallies of all keys to the one group with key None."""
    return _group(None, list(audits), work)


def category_groups(
    audits: Iterable[AuditTally], categories: Iterable[CategoryTally]
) -> tuple[QualityGroup, ...]:
    """Aggregate to one group per error category, in order of the category, errors without first.

    An audit looks for all categories at once, so every category has all `audits` (of any key)
    below it: `rate` is the share of audited work without an error of that category, `accepted`
    the number of such audits, `errors` those of the category. Submissions and times do not belong
    to an error category and are unknown.
    """
    everything = list(audits)
    by_category: defaultdict[str | None, list[CategoryTally]] = defaultdict(list)
    for tally in categories:
        by_category[tally.category].append(tally)
    return tuple(
        _group(category, _free_of(category, everything, by_category[category]), None)
        for category in sorted(by_category, key=_alphabetical)
    )


def top_categories(
    audits: Iterable[AuditTally], categories: Iterable[CategoryTally], limit: int = TOP_CATEGORIES
) -> tuple[CategoryErrors, ...]:
    """Return the categories with most errors in random audits, most first, then by name.

    Errors without a category are not among them: there is nothing to look up.
    """
    groups = category_groups(audits, (c for c in categories if c.origin is SCORING_ORIGIN))
    found = [
        CategoryErrors(
            category=group.key,
            errors=group.errors,
            audits=group.score.n,
            affected=_complement(group.score),
        )
        for group in groups
        if group.errors and group.key is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.errors, one.category))[:limit])


def against_target(
    score: Rate, target: float | None, *, people: int = 1, confidence: float = CONFIDENCE
) -> Standing:
    """Return where a score stands: below or above only if its interval excludes the target.

    `people` is how many are compared with the target at once (the size of the squad; 1 for the
    squad itself); the interval is widened by Bonferroni's correction, so that in a squad that is
    on target the chance of calling anybody below or above stays under 1 - confidence.
    """
    corrected = 1 - (1 - confidence) / max(people, 1)
    interval = at_confidence(score, corrected)
    if interval is None or target is None or not interval.excludes(target):
        return Standing.CANNOT_TELL
    return Standing.BELOW if interval.high < target else Standing.ABOVE


def movement(now: Rate, before: Rate, confidence: float = CONFIDENCE) -> Movement:
    """Compare two scores of audits that do not overlap, say ten working days and the ten before."""
    return Movement(now=now, before=before, change=difference(now, before, confidence))


def _alphabetical(key: str | None) -> tuple[bool, str]:
    return key is not None, key or ""


def _group(key: str | None, tallies: Sequence[AuditTally], work: WorkTally | None) -> QualityGroup:
    counted: defaultdict[Origin, int] = defaultdict(int)
    for tally in tallies:
        counted[tally.origin] += tally.count
    scoring = [tally for tally in tallies if tally.origin is SCORING_ORIGIN and tally.count]
    sums, weighted_errors = _score(scoring)
    return QualityGroup(
        key=key,
        audits={origin: counted[origin] for origin in Origin},
        accepted=_accepted(scoring, SCORING_ORIGIN),
        score=rate_of_sums(sums),
        errors=sum(tally.errors for tally in scoring),
        errors_per_audit=weighted_errors / sums.weight if sums.n else None,
        submissions=work.submissions if work else None,
        time_per_item=work.time_per_item if work else UNKNOWN_SPREAD,
        turnaround=work.turnaround if work else UNKNOWN_SPREAD,
        others=_others(tallies, counted),
    )


def _others(tallies: Sequence[AuditTally], counted: Mapping[Origin, int]) -> dict[Origin, Rate]:
    return {
        origin: rate(_accepted(tallies, origin), counted[origin])
        for origin in Origin
        if origin is not SCORING_ORIGIN and counted[origin]
    }


def _accepted(tallies: Iterable[AuditTally], origin: Origin) -> int:
    return sum(t.count for t in tallies if t.origin is origin and t.verdict is Verdict.ACCEPTED)


def _score(scoring: Sequence[AuditTally]) -> tuple[WeightedSums, float]:
    """Return the sums of a score and its weighted errors.

    Weights are used only if every audit has one: a declared random sample without probabilities
    has no common scale with a weighted one, and so all audits then weigh the same.
    """
    weighted = all(tally.weights is not None for tally in scoring)
    sums, errors = WeightedSums(), 0.0
    for tally in scoring:
        weights = tally.weights if weighted and tally.weights else _equal(tally.count, tally.errors)
        accepted = tally.verdict is Verdict.ACCEPTED
        sums += WeightedSums(
            n=tally.count,
            weight=weights.weight,
            weight_squared=weights.squared,
            weight_successes=weights.weight if accepted else 0.0,
        )
        errors += weights.errors
    return sums, errors


def _equal(count: int, errors: int) -> Weights:
    return Weights(weight=float(count), squared=float(count), errors=float(errors))


def _free_of(
    category: str | None, audits: Sequence[AuditTally], hits: Sequence[CategoryTally]
) -> list[AuditTally]:
    """Return the audits as if only this category were judged: free of it is accepted."""
    tallies = []
    for origin in Origin:
        seen = [tally for tally in audits if tally.origin is origin]
        hit = [tally for tally in hits if tally.origin is origin]
        given_seen, given_hit = [t.weights for t in seen], [t.weights for t in hit]
        weighted = None not in given_seen and None not in given_hit
        count, affected = sum(t.count for t in seen), sum(t.count for t in hit)
        errors = sum(tally.errors for tally in hit)
        if affected > count:
            raise ValueError(f"category {category!r} was found in more audits than there are")
        in_all = _weights(given_seen) if weighted else _equal(count, 0)
        in_hit = _weights(given_hit) if weighted else _equal(affected, errors)
        free = Weights(
            weight=in_all.weight - in_hit.weight, squared=in_all.squared - in_hit.squared, errors=0
        )
        for verdict, number, found, weights in (
            (Verdict.ACCEPTED, count - affected, 0, free),
            (Verdict.REJECTED, affected, errors, in_hit),
        ):
            tallies.append(
                AuditTally(
                    key=category,
                    origin=origin,
                    verdict=verdict,
                    count=number,
                    errors=found,
                    weights=weights,
                )
            )
    return tallies


def _weights(given: Iterable[Weights | None]) -> Weights:
    known = (weights for weights in given if weights is not None)
    return sum(known, start=Weights(weight=0, squared=0, errors=0))


def _complement(of: Rate) -> Rate:
    """Return the rate of the opposite outcome."""
    if of.rate is None or of.low is None or of.high is None:
        return of
    return Rate(
        rate=1 - of.rate,
        low=1 - of.high,
        high=1 - of.low,
        n=of.n,
        n_effective=of.n_effective,
    )
