"""What must have happened, worked out with the standard library alone.

Nothing of the program is used here: zones are read by zoneinfo, days and hours are counted anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LIMITS = {"contributor": (3, 12), "manager": (5, 25)}


def instant(day: date, face: time, zone: str) -> datetime:
    """A wall clock's time as UTC: the first of two, and moved on by the gap where it is skipped."""
    return datetime.combine(day, face, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class Team:
    """A squad: where it is, when it works, when its posts are due and how long before."""

    number: int
    zone: str
    working_days: frozenset[int]
    work: tuple[time, time]
    digest: time
    sync: time
    lead: timedelta
    channels: dict[str, str] = field(default_factory=dict)

    def due(self, what: str, first: datetime, last: datetime) -> Iterator[datetime]:
        """When one kind of post is due after `first`, until `last`, by its own working days."""
        day = first.date() - DAY
        while day <= last.date() + DAY:
            if day.weekday() in self.working_days:
                at = instant(day, self.digest if what == "digest" else self.sync, self.zone)
                if what == "sync":
                    at = max(at - self.lead, instant(day, time(0), self.zone))
                if first < at <= last:
                    yield at
            day += DAY


@dataclass(frozen=True, kw_only=True)
class Mate:
    """A person: their role, zone and hours, when they want quiet, and when they are away."""

    name: str
    role: str
    zone: str
    working_days: frozenset[int]
    work: tuple[time, time]
    quiet: tuple[time, time] | None = None
    away: tuple[date, date] | None = None

    def day_of(self, at: datetime) -> date:
        """The day that an instant counts to; of a night shift, the evening's."""
        local = at.astimezone(ZoneInfo(self.zone))
        start, end = self.work
        return local.date() - DAY if end <= start and local.time() < start else local.date()

    def works_at(self, at: datetime) -> bool:
        """Whether they work at an instant and want no quiet."""
        day = self.day_of(at)
        if day.weekday() not in self.working_days:
            return False
        if self.away is not None and self.away[0] <= day <= self.away[1]:
            return False
        start, end = self.work
        last = day if start < end else day + DAY
        if not instant(day, start, self.zone) <= at < instant(last, end, self.zone):
            return False
        face = at.astimezone(ZoneInfo(self.zone)).time()
        return self.quiet is None or not self.quiet[0] <= face < self.quiet[1]


def broken_budgets(mate: Mate, got: Iterable[datetime]) -> list[str]:
    """Every day and week on which a person got more than was promised, and what came at night."""
    per_day, per_week = LIMITS[mate.role]
    times = list(got)
    days = Counter(mate.day_of(at) for at in times)
    weeks = Counter(mate.day_of(at).isocalendar()[:2] for at in times)
    wrong = [f"{mate.name} {day}: {n} messages" for day, n in days.items() if n > per_day]
    wrong += [f"{mate.name} week {week}: {n}" for week, n in weeks.items() if n > per_week]
    return wrong + [f"{mate.name} at {at:%a %F %H:%M}Z" for at in times if not mate.works_at(at)]


def unmatched(
    due: Iterable[datetime], came: Iterable[datetime], within: timedelta
) -> tuple[list[datetime], list[datetime]]:
    """What did not come within so long after it was due, and what came without being due."""
    missing: list[datetime] = []
    left = sorted(came)
    for at in sorted(due):
        found = next((each for each in left if at <= each <= at + within), None)
        if found is None:
            missing.append(at)
        else:
            left.remove(found)
    return missing, left
