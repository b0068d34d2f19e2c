"""Six weeks of the sample squad's work up to a given now, the same for the same seed and now.

Every person's day is drawn from a seed of its own, so a later now within a week adds submissions
and changes none. Rows are those that the readers of `bot.intake` yield: the demo's history enters
by the door that everybody's does. The first day is the Monday six weeks before now's week.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot import clock
from bot.demo import story, workspace
from bot.demo.audited import audits_of
from bot.demo.shifts import WORKING_DAYS, Item, all_items, away_of
from bot.rules.audits import Origin
from bot.rules.calendar import DateSpan
from bot.rules.intake import AuditRow, PlanRow, RosterRow, SubmissionRow, TaxonomyRow
from bot.rules.people import Status

WEEKS: Final = 6
SEED: Final = 20_260_611
SOURCE: Final = "demo-tool"

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class SampleTimeOff:
    """Days on which a contributor is away, both included, on the person's own calendar."""

    slack_id: str
    days: DateSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleWork:
    """All that the demo imports. Audits stand under the origin they are imported with."""

    first_day: date
    roster: tuple[RosterRow, ...]
    taxonomy: tuple[TaxonomyRow, ...]
    plan: tuple[PlanRow, ...]
    time_off: tuple[SampleTimeOff, ...]
    submissions: tuple[SubmissionRow, ...]
    audits: Mapping[Origin, tuple[AuditRow, ...]]


def sample_work(now: datetime, seed: int = SEED) -> SampleWork:
    """Return the sample's history up to `now` (aware UTC); nothing in it is later."""
    first_day = _first_day(now)
    items = sorted(all_items(first_day, now, seed), key=lambda item: (item.at, item.person))
    submissions = tuple(_submission(n, item) for n, item in enumerate(items))
    return SampleWork(
        first_day=first_day,
        roster=_roster(),
        taxonomy=_taxonomy(),
        plan=_plan(first_day, len(items)),
        time_off=tuple(
            SampleTimeOff(habit.person, span)
            for habit in story.HABITS.values()
            for span in away_of(habit, first_day)
        ),
        submissions=submissions,
        audits=audits_of(items, submissions, first_day, now, seed),
    )


def _first_day(now: datetime) -> date:
    today = clock.local_day(now, workspace.SQUAD_ZONE)
    return today - _DAY * today.weekday() - _WEEK * WEEKS


def _submission(n: int, item: Item) -> SubmissionRow:
    task = f"RV-{n + 1:06d}"
    return SubmissionRow(
        row=n + 2,
        task=task,
        contributor=item.person,
        submitted_at=item.at,
        duration_s=item.seconds,
        label=item.label,
        url=workspace.LINK_TEMPLATE.format(task=task),
        batch=_batch(n),
        guideline_version=item.version,
        source=SOURCE,
        source_id=f"{task}-1",
    )


def _roster() -> tuple[RosterRow, ...]:
    return tuple(
        RosterRow(
            row=n,
            name=person.name,
            slack_id=person.id,
            email=person.email,
            roles=(person.role,),
            status=Status.ACTIVE,
            tags=tuple(tag for tag, users in workspace.TAGS.items() if person.id in users),
            zone=person.zone,
            country=person.country,
        )
        for n, person in enumerate(workspace.PEOPLE, start=2)
    )


def _taxonomy() -> tuple[TaxonomyRow, ...]:
    kinds = (*story.ERROR_KINDS, *story.WARNING_KINDS)
    return tuple(
        TaxonomyRow(
            row=n,
            category=kind.name,
            definition=kind.definition,
            severity=kind.severity,
            section=kind.section,
        )
        for n, kind in enumerate(kinds, start=2)
    )


def _batch(n: int) -> str:
    return f"Reviews {n // story.BATCH_SIZE + 1:02d}"


def _plan(first_day: date, done: int) -> tuple[PlanRow, ...]:
    begun = max(1, math.ceil(done / story.BATCH_SIZE))
    per_week = workspace.PLANNED_PER_DAY * len(WORKING_DAYS)
    rows = []
    for n in range(begun + story.OPEN_BATCHES_AHEAD):
        weeks = math.ceil((n + 1) * story.BATCH_SIZE / per_week)
        friday = first_day + (weeks - 1) * _WEEK + 4 * _DAY
        rows.append(
            PlanRow(
                row=n + 2,
                batch=_batch(n * story.BATCH_SIZE),
                size=story.BATCH_SIZE,
                due=friday,
                priority=1 if n < begun else 2,
                planned_volume=workspace.PLANNED_PER_DAY,
            )
        )
    return tuple(rows)
