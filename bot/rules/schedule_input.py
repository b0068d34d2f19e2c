"""Reads what people type about a schedule: `daily-digest 17:30`, `weekly-digest Mon 09:30`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from bot import clock
from bot.errors import BadInput
from bot.rules.schedules import BY_WEEK, ScheduleKind
from bot.rules.squad_input import plain_text
from bot.rules.squads import NAME_LIMIT

CHANGEABLE: Final[Mapping[str, ScheduleKind]] = MappingProxyType(
    {
        "daily-digest": ScheduleKind.DAILY_DIGEST,
        "weekly-digest": ScheduleKind.WEEKLY_DIGEST,
    }
)
"""What a squad's managers may move; the rest is the workspace's own."""

ZONES_SHOWN: Final = 100  # Slack's limit of a menu
LONGEST_MEETING: Final = 480
LONGEST_LEAD: Final = 24 * 60

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


def sync_name(text: str) -> str:
    """Read the name of a sync. Raises BadInput("sync_unnamed"), ("text_too_long")."""
    return plain_text(text, limit=NAME_LIMIT, missing="sync_unnamed")


def minutes(text: str, most: int) -> int:
    """Read a number of minutes, 0 allowed. Raises BadInput("bad_minutes", text, most)."""
    typed = text.strip().casefold().removesuffix("minutes").removesuffix("min").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1
    if not 0 <= number <= most:
        raise BadInput("bad_minutes", text=text[:_SHOWN], most=most)
    return number


def zones_like(typed: str) -> list[str]:
    """Return IANA zones for a part of a name: cities that begin with it first, then the rest."""
    wanted = typed.strip().casefold().replace(" ", "_")
    found = [name for name in clock.common_zones() if wanted in name.casefold()]
    return sorted(
        found, key=lambda name: not name.rsplit("/", 1)[-1].casefold().startswith(wanted)
    )[:ZONES_SHOWN]
