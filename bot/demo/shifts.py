"""Who worked when on what, and what was wrong with it: the sample's work before anybody audits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bot import clock
from bot.demo import story, workspace
from bot.demo.story import ErrorKind, Habit
from bot.demo.workspace import DemoPerson
from bot.rules import calendar
from bot.rules.calendar import DateSpan, WorkCalendar

WORKING_DAYS: Final = range(5)
WORKING_HOURS: Final = (time(9), time(17))
SPREAD: Final = 0.5
"""Sigma of a task's log-duration; times on task are close to lognormal."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)
_LUNCH: Final = (time(12, 30), timedelta(minutes=60))
_PAUSE_SECONDS: Final = 40.0  # mean time between two tasks
_PRACTICE: Final = 0.35  # how much slower a newcomer's first task is


@dataclass(frozen=True, slots=True)
class Item:
    """A finished task and what an auditor would find in it."""

    person: str
    at: datetime
    seconds: float
    week: int
    intent: str
    label: str
    version: str
    findings: tuple[tuple[ErrorKind, str], ...]
    praise: str | None


def dice_of(*seed: object) -> Random:
    """Return the source of chance that belongs to these words."""
    # A text as seed gives the same numbers in every process and version.
    return Random("/".join(map(str, seed)))  # noqa: S311 - a sample to look at, not a secret


def away_of(habit: Habit, first_day: date) -> Iterator[DateSpan]:
    """Yield a contributor's time off."""
    for week, weekday, days in habit.away:
        first = first_day + week * _WEEK + weekday * _DAY
        yield DateSpan(first, first + (days - 1) * _DAY)


def hours_of(person: DemoPerson, first_day: date) -> WorkCalendar:
    """Return when somebody works, without public holidays and time off."""
    habit = story.HABITS.get(person.id)
    return calendar.make_calendar(
        person.zone,
        WORKING_DAYS,
        WORKING_HOURS,
        holidays=calendar.public_holidays(
            person.country, None, (first_day.year, first_day.year + 1)
        ),
        time_off=() if habit is None else away_of(habit, first_day),
    )


def all_items(first_day: date, now: datetime, seed: int) -> Iterator[Item]:
    """Yield everybody's finished tasks from `first_day` to `now` (aware UTC), person by person."""
    for person in workspace.CONTRIBUTORS:
        habit = story.HABITS[person.id]
        hours = hours_of(person, first_day)
        start = first_day + max(0, habit.joined_week) * _WEEK
        for offset in range((clock.local_day(now, person.zone) - start).days + 1):
            day = start + offset * _DAY
            if calendar.is_working_day(hours, day):
                yield from _one_day(habit, person.zone, day, first_day, now, seed)


def _one_day(
    habit: Habit, zone: str, day: date, first_day: date, now: datetime, seed: int
) -> Iterator[Item]:
    dice = dice_of(seed, habit.person, day)
    week = (day - first_day).days // 7
    practised = (day - first_day).days - habit.joined_week * 7
    slower = 1 + _PRACTICE * math.exp(-practised / habit.learning_days)
    moment = clock.to_utc(day, WORKING_HOURS[0], zone) + timedelta(minutes=dice.uniform(2, 25))
    end = clock.to_utc(day, WORKING_HOURS[1], zone) - timedelta(minutes=dice.uniform(0, 40))
    lunch = clock.to_utc(day, _LUNCH[0], zone) + timedelta(minutes=dice.uniform(-20, 20))
    fed = False
    while True:
        if not fed and moment >= lunch:
            moment, fed = moment + _LUNCH[1], True
        seconds = round(dice.lognormvariate(math.log(habit.seconds * slower), SPREAD), 1)
        moment += timedelta(seconds=seconds)
        if moment > min(end, now):
            return
        # Whole seconds, as annotation tools export them.
        yield _item(habit, dice, moment.replace(microsecond=0), seconds, week, practised)
        moment += timedelta(seconds=dice.expovariate(1 / _PAUSE_SECONDS))


def _item(
    habit: Habit, dice: Random, at: datetime, seconds: float, week: int, practised: int
) -> Item:
    intent = dice.choices(list(story.INTENTS), list(story.INTENTS.values()))[0]
    version = _version(week)
    findings = []
    label = intent
    mistake = _mistake(habit, dice, intent, version, practised)
    if mistake is not None:
        findings.append((mistake, dice.choice(mistake.notes)))
        label = mistake.labelled or label
        if mistake is story.ERROR_KINDS[0]:
            label = dice.choice([other for other in story.INTENTS if other != intent])
    if dice.random() < story.WARNING_RATE:
        weights = [kind.weight for kind in story.WARNING_KINDS]
        warning = dice.choices(story.WARNING_KINDS, weights)[0]
        findings.append((warning, dice.choice(warning.notes)))
    praised = not findings and dice.random() < story.PRAISE_RATE
    praise = dice.choice(story.PRAISE_NOTES) if praised else None
    return Item(habit.person, at, seconds, week, intent, label, version, tuple(findings), praise)


def _version(week: int) -> str:
    if week < story.UNCLEAR_FROM_WEEK:
        return story.OLD_VERSION
    return story.UNCLEAR_VERSION if week < story.MENDED_FROM_WEEK else story.MENDED_VERSION


def _mistake(
    habit: Habit, dice: Random, intent: str, version: str, practised: int
) -> ErrorKind | None:
    unclear = version == story.UNCLEAR_VERSION and intent == "return_request"
    if unclear and dice.random() < story.UNCLEAR_MISS_RATE:
        return next(kind for kind in story.ERROR_KINDS if kind.name == story.MISSED_RETURN)
    learnt = math.exp(-practised / habit.learning_days)
    rate = habit.later_errors + (habit.first_errors - habit.later_errors) * learnt
    if dice.random() >= rate:
        return None
    possible = [kind for kind in story.ERROR_KINDS if kind.only in (None, intent)]
    return dice.choices(possible, [kind.weight for kind in possible])[0]
