"""Who audited which of the sample's work, when and with what result, by origin of the draw."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from bot import clock
from bot.demo import story, workspace
from bot.demo.shifts import SPREAD, WORKING_DAYS, Item, dice_of, hours_of
from bot.rules import calendar
from bot.rules.audits import Origin, Severity, Verdict
from bot.rules.intake import AuditRow, SubmissionRow

_SETTLE: Final = timedelta(hours=2)  # nothing is audited sooner
_AUDIT_SECONDS: Final = 190.0
_RISK_PER_WEEK: Final = 12
_CHOSEN_PER_WEEK: Final = 4


def audits_of(
    items: list[Item],
    submissions: tuple[SubmissionRow, ...],
    first_day: date,
    now: datetime,
    seed: int,
) -> dict[Origin, tuple[AuditRow, ...]]:
    """Return the audits done by `now`; `submissions[n]` is the row of `items[n]`."""
    random = _random_draw(items, first_day, now, seed)
    taken = set(random)
    risk = _hunt(items, taken, seed)
    chosen = _choose(items, taken | set(risk), seed)
    drawn = {Origin.RANDOM: random, Origin.RISK: risk, Origin.CHOSEN: chosen}
    by_origin: dict[Origin, list[AuditRow]] = {origin: [] for origin in drawn}
    desks: dict[str, list[tuple[int, Origin]]] = defaultdict(list)
    for origin, picked in drawn.items():
        desk = story.CHOSEN_AUDITOR if origin is Origin.CHOSEN else story.RISK_AUDITOR
        desks[desk].extend((n, origin) for n in picked)
    for auditor, waiting in desks.items():
        for n, origin, at in _worked_off(auditor, sorted(waiting), items, first_day, now, seed):
            rows = by_origin[origin]
            rows.extend(_audit_rows(items[n], submissions[n], auditor, at, len(rows) + 2))
    return {origin: tuple(rows) for origin, rows in by_origin.items()}


def _random_draw(items: list[Item], first_day: date, now: datetime, seed: int) -> list[int]:
    """Draw n per contributor and ISO week; of the week that still runs, its share so far.

    Within contributor and week every item has the same probability, n / N.
    """
    frames: dict[tuple[str, int], list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        frames[item.person, item.week].append(n)
    running = (clock.local_day(now, workspace.SQUAD_ZONE) - first_day).days // 7
    drawn: list[int] = []
    for (person, week), frame in frames.items():
        wanted = workspace.AUDITS_PER_WEEK
        if week == running:
            days = len({items[n].at.date() for n in frame})
            wanted = math.ceil(wanted * days / len(WORKING_DAYS))
        drawn += dice_of(seed, "random", person, week).sample(frame, min(wanted, len(frame)))
    return drawn


def _hunt(items: list[Item], taken: set[int], seed: int) -> list[int]:
    """Risk audits follow the work: the unclear section while version 1.3 was in force."""
    hunted: list[int] = []
    for week in range(story.UNCLEAR_FROM_WEEK, story.MENDED_FROM_WEEK):
        frame = [
            n
            for n, item in enumerate(items)
            if item.week == week and item.label in story.RISK_INTENTS and n not in taken
        ]
        hunted += dice_of(seed, "risk", week).sample(frame, min(_RISK_PER_WEEK, len(frame)))
    return hunted


def _choose(items: list[Item], taken: set[int], seed: int) -> list[int]:
    """Choose as the manager does, who looks into a newcomer's first two weeks."""
    joined = story.HABITS[story.NEWCOMER].joined_week
    chosen: list[int] = []
    for week in (joined, joined + 1):
        frame = [
            n
            for n, item in enumerate(items)
            if item.week == week and item.person == story.NEWCOMER and n not in taken
        ]
        chosen += dice_of(seed, "chosen", week).sample(frame, min(_CHOSEN_PER_WEEK, len(frame)))
    return chosen


def _worked_off(
    auditor: str,
    waiting: list[tuple[int, Origin]],
    items: list[Item],
    first_day: date,
    now: datetime,
    seed: int,
) -> Iterator[tuple[int, Origin, datetime]]:
    """Yield what the auditor gets done before now, one after the other in working hours."""
    person = next(one for one in workspace.PEOPLE if one.id == auditor)
    hours = hours_of(person, first_day)
    moment = items[waiting[0][0]].at if waiting else now
    for n, origin in waiting:
        ready = max(moment, items[n].at + _SETTLE)
        dice = dice_of(seed, "audit", n, origin)
        took = timedelta(seconds=round(dice.lognormvariate(math.log(_AUDIT_SECONDS), SPREAD)))
        done = calendar.add_working_time(hours, ready, took)
        if done is None or done > now:
            return
        yield n, origin, done
        moment = done


def _audit_rows(
    item: Item, submission: SubmissionRow, auditor: str, at: datetime, row: int
) -> Iterator[AuditRow]:
    """One row per finding, or one row that says accepted."""
    wrong = any(kind.severity is Severity.ERROR for kind, _ in item.findings)
    verdict = Verdict.REJECTED if wrong else Verdict.ACCEPTED
    found: list[tuple[str | None, Severity | None, str | None, str | None]] = [
        (kind.name, kind.severity, kind.section, note) for kind, note in item.findings
    ]
    if item.praise is not None:
        found.append((None, Severity.PRAISE, None, item.praise))
    for offset, (category, severity, section, note) in enumerate(
        found or [(None, None, None, None)]
    ):
        yield AuditRow(
            row=row + offset,
            task=submission.task,
            contributor=submission.contributor,
            auditor=auditor,
            audited_at=at,
            verdict=verdict,
            submitted_at=submission.submitted_at,
            category=category,
            severity=severity,
            section=section,
            note=note,
        )
