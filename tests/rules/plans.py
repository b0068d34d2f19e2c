"""Plans and calendars of a Berlin squad, and every zone as the database itself reads it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytz

from bot.rules import schedules as rules
from bot.rules.calendar import WorkCalendar, make_calendar
from bot.rules.schedules import (
    BY_WEEK,
    DEFAULT_LATENESS,
    PlannedOccurrence,
    Schedule,
    ScheduleKind,
)

DAY = timedelta(days=1)
TRICKY = (
    "UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "Africa/Casablanca",
    "Africa/Cairo", "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Antarctica/Troll",
)  # fmt: skip


def _oracle_zone(name: str) -> ZoneInfo:
    with pytz.open_resource(name) as file:
        return ZoneInfo.from_file(file, key=name)


ORACLE = {name: _oracle_zone(name) for name in set(TRICKY) | set(pytz.common_timezones)}


def schedule(kind: ScheduleKind = ScheduleKind.DAILY_DIGEST, **changes: object) -> Schedule:
    values: dict[str, object] = {
        "id": 7,
        "workspace_id": 1,
        "squad_id": 3,
        "kind": kind,
        "target": "squad:3",
        "local_time": time(9),
        "zone": "Europe/Berlin",
        "lateness": DEFAULT_LATENESS[kind],
        "weekday": 4 if kind in BY_WEEK else None,
    }
    return Schedule(**(values | changes))


def working(
    zone: str = "Europe/Berlin", days: object = range(5), **changes: object
) -> WorkCalendar:
    return make_calendar(zone, days, (time(9), time(17)), **changes)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ORACLE["Europe/Berlin"]).astimezone(UTC)


def planned(plan: Schedule, cal: WorkCalendar, first: str, last: str) -> list[PlannedOccurrence]:
    """Return what is planned between two Berlin wall-clock times."""
    return list(rules.occurrences(plan, cal, at(first), at(last)))


def slots(plan: Schedule, cal: WorkCalendar, first: str, last: str) -> list[str]:
    return [one.slot for one in planned(plan, cal, first, last)]
