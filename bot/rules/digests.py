"""What a quality digest says: which days it speaks about, and the figures that stand in it.

The daily one is about the last ten working days and compares them with the ten before; the weekly
one about an ISO week and the week before. Both hold the days between their first and last, weekends
included, so that no work is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.rules.audits import Origin
from bot.rules.blockers import Lost
from bot.rules.calendar import SEARCH_DAYS, DateSpan, WorkCalendar, is_working_day
from bot.rules.coaching_effects import Effect
from bot.rules.draws import Coverage
from bot.rules.forecast import Outlook
from bot.rules.forecasts import BatchForecast
from bot.rules.numbers import Rate
from bot.rules.pulse_results import Results
from bot.rules.quality import (
    TOP_CATEGORIES,
    AuditTally,
    CategoryErrors,
    CategoryTally,
    Movement,
    QualityGroup,
    Standing,
    total_group,
)
from bot.rules.signals import Signal
from bot.rules.why import Why

WINDOW: Final = 10
"""Working days of daily quality: one day's audits are too few to tell anything."""

EARLY_IN_WEEK: Final = 3
"""Run on one of the first so many days of a week, a weekly digest is about the week before."""

LEAST_COACHED: Final = 3
"""Coached people whose number may stand in a channel: with fewer, everybody knows who."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


DAYS_DRAWN: Final = MappingProxyType({Cadence.DAILY: 10, Cadence.WEEKLY: 30})
"""Working days in a chart: two weeks, or six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which digest: of a squad, on a squad-local day.

    `so_far` means that it was asked for during that day and includes it; a planned daily one ends
    with the day before. `signals` are the keys of what it alone says (`bot.rules.signals`).
    """

    workspace_id: int
    squad_id: int
    cadence: Cadence
    day: date
    so_far: bool = False
    signals: tuple[int, ...] = ()

    @property
    def through(self) -> date:
        """The last day it knows of."""
        return self.day if self.so_far else self.day - _DAY


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a digest, those they are compared with, and those that are news."""

    now: DateSpan
    before: DateSpan
    news: DateSpan


@dataclass(frozen=True, slots=True)
class Progress:
    """So many of so many planned."""

    done: int
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCounts:
    """What became of the questions asked on some days.

    `alone` were answered without a person, `in_time` and `late` by people within the squad's
    promise or after it, and `waiting` still wait for one.
    """

    asked: int
    alone: int
    in_time: int
    late: int
    waiting: int


@dataclass(frozen=True, slots=True)
class TopCategory:
    """A frequent error category with the guideline section that it is explained in, if known."""

    errors: CategoryErrors
    section: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risks:
    """What was hunted for beside the score, and batches whose date may not hold.

    Of `looked` risk audits `faulty` were not accepted; `top` are the categories of their errors
    with how many, most first. The hunt follows the work, so it says nothing about anybody.
    """

    looked: int = 0
    faulty: int = 0
    top: tuple[tuple[str, int], ...] = ()
    batches: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.looked or self.batches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coaching:
    """The category of a project on which most `people` of a squad were coached in half a year.

    `effect` is None where so few were that it is known to say nothing yet.
    """

    category: str
    people: int
    effect: Effect | None = None

    @property
    def told(self) -> Effect | None:
        """The effect, if its figures are of enough people on both sides."""
        known = self.effect is not None and self.effect.pooled.value is not None
        return self.effect if known else None


NO_RISKS: Final = Risks()
NOT_DRAWN: Final = Coverage()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDigest:
    """One project's figures.

    `volume` compares submissions with the plan, of all squads of the project together (`squads` of
    them), less the share of their contributors' working time that was lost to blockers, and
    `coverage` random audits with the plan; both up to `until`, the last day that is
    over, and None where nothing is planned. `dates` are its batches, in the order they are due.
    `why` is why the score moved, None where it is not told; `signals` are days
    outside of what chance does, in the one digest that says so. `questions` are about it. `drawn`
    is what became of the random draws made on these days. `coaching` is what it did, in the weekly
    one.
    """

    project_id: int
    project: str
    target: float | None
    now: QualityGroup
    standing: Standing
    movement: Movement
    top: tuple[TopCategory, ...]
    until: date
    volume: Progress | None
    coverage: Progress | None
    squads: int = 1
    dates: tuple[BatchForecast, ...] = ()
    why: Why | None = None
    signals: tuple[Signal, ...] = ()
    questions: QuestionCounts | None = None
    risks: Risks = NO_RISKS
    drawn: Coverage = NOT_DRAWN
    coaching: Coaching | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A digest; `is_quiet` means that nothing was handed in, audited or lost on the days of `news`.

    `lost` is the working time of the squad's people that blockers took, up to now; None if none.
    `polls` were closed in the week, and may be read by everybody who reads the digest; `rarely_met`
    counts pairs who missed two one-on-ones in a row, in the weekly one.
    """

    edition: Edition
    squad: str
    period: Period
    is_quiet: bool
    projects: tuple[ProjectDigest, ...]
    lost: Lost | None = None
    polls: tuple[Results, ...] = ()
    rarely_met: int = 0


@dataclass(frozen=True, slots=True)
class DayScore:
    """The score as of a day, over `WINDOW` working days, and the random audits of the day alone."""

    day: date
    score: Rate
    audits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a chart shows: a project's score day by day, each over `window` working days."""

    project: str
    target: float | None
    days: tuple[DayScore, ...]
    window: int = field(default=WINDOW)


def risks_of(
    group: QualityGroup, categories: Iterable[CategoryTally], dates: Iterable[BatchForecast]
) -> Risks:
    """Return what risk audits found, most errors first and then by name, and batches at risk."""
    hunted = group.others.get(Origin.RISK)
    looked = 0 if hunted is None else hunted.n
    found = [
        (one.category, one.errors)
        for one in categories
        if one.origin is Origin.RISK and one.category is not None and one.errors
    ]
    return Risks(
        looked=looked,
        faulty=looked - round((hunted.rate or 0.0) * looked) if hunted is not None else 0,
        top=tuple(sorted(found, key=lambda each: (-each[1], each[0]))[:TOP_CATEGORIES]),
        batches=tuple(one.batch.name for one in dates if one.forecast.outlook is Outlook.AT_RISK),
    )


def period(calendar: WorkCalendar, edition: Edition) -> Period:
    """Return the days of an edition."""
    if edition.cadence is Cadence.DAILY:
        return _daily(calendar, edition)
    return _weekly(edition)


def news_of(calendar: WorkCalendar, edition: Edition) -> DateSpan:
    """Return the days of which an edition is the first to speak."""
    if edition.cadence is Cadence.WEEKLY:
        return _weekly(edition).news
    return DateSpan(working_days(calendar, edition.day - _DAY, 1)[0], edition.through)


def _daily(calendar: WorkCalendar, edition: Edition) -> Period:
    first = working_days(calendar, edition.through, WINDOW)[0]
    eve = first - _DAY
    before = working_days(calendar, eve, WINDOW)[0]
    return Period(
        DateSpan(first, edition.through), DateSpan(before, eve), news_of(calendar, edition)
    )


def _weekly(edition: Edition) -> Period:
    monday, last = edition.day - edition.day.weekday() * _DAY, edition.day
    if edition.day.weekday() < EARLY_IN_WEEK:
        monday, last = monday - _WEEK, monday - _DAY
    week = DateSpan(monday, last)
    return Period(week, DateSpan(monday - _WEEK, monday - _DAY), week)


def working_days(calendar: WorkCalendar, last: date, n: int) -> list[date]:
    """Return the n working days up to `last`, in order, never none.

    Of a squad that has not worked for `SEARCH_DAYS`, the calendar days themselves.
    """
    found: list[date] = []
    for back in range(SEARCH_DAYS):
        day = last - back * _DAY
        if is_working_day(calendar, day):
            found.append(day)
            if len(found) == n:
                break
    if not found:
        found = [last - back * _DAY for back in range(n)]
    return found[::-1]


def count_working_days(calendar: WorkCalendar, span: DateSpan) -> int:
    """Return how many days of a span are worked."""
    days = (span.last - span.first).days + 1
    return sum(is_working_day(calendar, span.first + n * _DAY) for n in range(days))


def planned_audits(
    calendar: WorkCalendar, span: DateSpan, *, contributors: int, per_week: int | None
) -> int | None:
    """Return how many random audits are due in a span, None if that is not planned.

    A week's number per contributor falls evenly on the working days of an ordinary week.
    """
    if per_week is None:
        return None
    days = count_working_days(calendar, span)
    return round(contributors * per_week * days / len(calendar.working_days))


def trend_days(calendar: WorkCalendar, edition: Edition) -> list[date]:
    """Return the working days that a chart shows, in order."""
    last = period(calendar, edition).now.last
    return working_days(calendar, last, DAYS_DRAWN[edition.cadence])


def window_of(calendar: WorkCalendar, day: date) -> date:
    """Return the first day that the score as of a day is made of."""
    return working_days(calendar, day, WINDOW)[0]


def day_scores(
    calendar: WorkCalendar,
    shown: Sequence[date],
    through: date,
    audits: Iterable[tuple[date, AuditTally]],
) -> tuple[DayScore, ...]:
    """Return the score as of each day, from random audits with their squad-local days.

    Audits of days off count with the working day before, as in the digest of the day after; those
    after the last day shown count up to `through`. So every score is the one that the daily digest
    of the next working day gave.
    """
    known = list(audits)
    ends = [day - _DAY for day in shown[1:]] + [max(through, shown[-1])]

    def between(first: date, last: date) -> QualityGroup:
        return total_group(tally for day, tally in known if first <= day <= last)

    return tuple(
        DayScore(
            day=day,
            score=between(window_of(calendar, day), end).score,
            audits=between(day, end).score.n,
        )
        for day, end in zip(shown, ends, strict=True)
    )
