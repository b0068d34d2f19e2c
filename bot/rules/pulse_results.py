"""What of a poll may be shown: nothing below k replies, and nothing that says what all answered.

The same rule holds for each question, for comments and for each point of a trend. It is applied
once, when the poll is closed: what may not be shown is not even stored.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.rules.distributions import student_reach
from bot.rules.numbers import Interval
from bot.rules.pulse import RANGES, Poll, Question, QuestionKind

PROMOTERS: Final = range(9, 11)
DETRACTORS: Final = range(7)
# Where everybody answered alike, the range that is shown instead of the answer.
BANDS: Final[Mapping[QuestionKind, tuple[tuple[int, int], ...]]] = {
    QuestionKind.SCALE: ((1, 2), (2, 4), (4, 5)),
    QuestionKind.ENPS: ((0, 6), (7, 8), (9, 10)),
}
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is kept of a question's answers: all None or empty where fewer than k answered."""

    n: int | None = None
    counts: Mapping[int, int]
    low: int | None = None
    high: int | None = None
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % interval; an eNPS is a score from -100 to 100."""

    value: float
    interval: Interval
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """A question as it is shown; `earlier` are the means of earlier polls, oldest first."""

    question: Question
    counts: Mapping[int, int]
    mean: Mean | None
    earlier: tuple[tuple[datetime, Mean], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A closed poll; `share` is the participation in tens of percent."""

    poll: Poll
    squads: tuple[str, ...]
    questions: tuple[QuestionResult, ...]
    share: int | None
    comments: int
    comments_at: datetime | None
    zone: str


def settle(kind: QuestionKind, answers: Sequence[str], k: int) -> Settled:
    """Return what may be kept of the answers to one question."""
    if len(answers) < k:
        return Settled(counts={})
    if kind is QuestionKind.TEXT:
        shuffled = list(answers)
        random.SystemRandom().shuffle(shuffled)
        return Settled(n=len(answers), counts={}, comments=tuple(shuffled))
    counts = Counter(int(answer) for answer in answers)
    if len(counts) > 1:
        return Settled(n=len(answers), counts=dict(sorted(counts.items())))
    low, high = band(kind, next(iter(counts)))
    return Settled(n=len(answers), counts={}, low=low, high=high)


def band(kind: QuestionKind, value: int) -> tuple[int, int]:
    """Return the range that stands for an answer which everybody gave."""
    middle = {2: 0, 3: 1}.get(value, -1) if kind is QuestionKind.SCALE else -1
    if middle >= 0:
        return BANDS[kind][middle]
    return next((low, high) for low, high in BANDS[kind] if low <= value <= high)


def mean(kind: QuestionKind, counts: Mapping[int, int]) -> Mean | None:
    """Return the mean of a scale, or the eNPS; None where there is nothing to count.

    The interval is Student's, cut to the scale.
    """
    n = sum(counts.values())
    if kind is QuestionKind.TEXT or n < 2:
        return None
    values = {_scored(kind, value): 0 for value in counts}
    for value, count in counts.items():
        values[_scored(kind, value)] += count
    middle = sum(value * count for value, count in values.items()) / n
    squares = sum(count * (value - middle) ** 2 for value, count in values.items())
    reach = student_reach(_CONFIDENCE, n - 1) * math.sqrt(squares / (n - 1) / n)
    lowest, highest = (-100, 100) if kind is QuestionKind.ENPS else (1, 5)
    interval = Interval(max(lowest, middle - reach), min(highest, middle + reach))
    return Mean(middle, interval, n)


def _scored(kind: QuestionKind, value: int) -> int:
    if kind is not QuestionKind.ENPS:
        return value
    return 100 if value in PROMOTERS else -100 if value in DETRACTORS else 0


def changed(before: Mean, now: Mean) -> int:
    """Return 1 or -1 where two means differ beyond their intervals, else 0.

    Intervals that do not touch are stricter than a test of the difference: an arrow is evidence.
    """
    if now.interval.low > before.interval.high:
        return 1
    return -1 if now.interval.high < before.interval.low else 0


def share(replied: int | None, asked: int | None) -> int | None:
    """Return the participation in whole tens of percent; None where it may not be said."""
    if replied is None or not asked:
        return None
    return min(100, round(10 * replied / asked) * 10)


def values(kind: QuestionKind) -> range:
    """Return the answers that a scale offers."""
    return RANGES.get(kind, range(0))
