"""Reads what people type about a schedule: `daily-digest 17:30`, `weekly-digest Mon 09:30`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.schedules import BY_WEEK, ScheduleKind

CHANGEABLE: Final[Mapping[str, ScheduleKind]] = MappingProxyType(
    {
        "daily-digest": ScheduleKind.DAILY_DIGEST,
        "weekly-digest": ScheduleKind.WEEKLY_DIGEST,
    }
)
"""What a squad's managers may move; the rest is the workspace's own."""

_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_SHORTEST: Final = 3
_SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """A new local time, and a new weekday (0 = Monday) unless that stays."""

    kind: ScheduleKind
    local_time: time
    weekday: int | None = None


def name_of(kind: ScheduleKind) -> str:
    """Return how a kind is typed and exported: `daily-digest`."""
    return kind.value.replace("_", "-")


def kind_of(name: str) -> ScheduleKind:
    """Read the name of a schedule that a squad has. Raises BadInput("unknown_schedule")."""
    folded = "-".join(name.casefold().replace("_", "-").split())
    kind = CHANGEABLE.get(folded) or CHANGEABLE.get(f"{folded}-digest")
    if kind is None:
        raise BadInput("unknown_schedule", schedule=name[:_SHOWN], known=", ".join(CHANGEABLE))
    return kind


def change(text: str) -> ScheduleChange:
    """Read a whole change.

    Raises BadInput: `unknown_schedule`, `schedule_without_time` (schedule), `weekday_for_daily`,
    `bad_weekday_name` (text), and what `clock.parse_time` raises.
    """
    name, *rest = text.split()
    kind = kind_of(name)
    spoken = [word for word in rest if word.casefold() not in {"at", "on"}]
    if not spoken:
        raise BadInput("schedule_without_time", schedule=name_of(kind))
    *days, last = spoken
    if not days:
        return ScheduleChange(kind, clock.parse_time(last))
    if kind not in BY_WEEK:
        raise BadInput("weekday_for_daily", schedule=name_of(kind))
    return ScheduleChange(kind, clock.parse_time(last), weekday(" ".join(days)))


def weekday(text: str) -> int:
    """Read `Mon`, `monday` or `Mondays`; 0 is Monday. Raises BadInput("bad_weekday_name")."""
    folded = text.strip(" ,.").casefold()
    for number, name in enumerate(_WEEKDAYS):
        if len(folded) >= _SHORTEST and f"{name}s".startswith(folded):
            return number
    raise BadInput("bad_weekday_name", text=text[:_SHOWN])
