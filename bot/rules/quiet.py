"""A person's own quiet hours: every day between two times, or once until a time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot import clock
from bot.errors import BadInput
from bot.rules import squad_input

_UNTIL = "until"
_DAY = timedelta(days=1)


class Field(StrEnum):
    """The fields of the form; their names are block ids."""

    START = "start"
    END = "end"
    UNTIL = "until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """When a person is written nothing unprompted: `hours` of every day, and once `until` then."""

    hours: tuple[time, time] | None
    until: datetime | None
    zone: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; None leaves `hours` or `until` as they are, empty takes them away."""

    hours: tuple[time, time] | tuple[()] | None = None
    until: time | tuple[()] | None = None


def read(text: str) -> Wish:
    """Read `20:00-08:00`, `until 15:00` or `off`.

    Raises BadInput("bad_quiet") or what `clock.parse_time` raises.
    """
    word, _, rest = text.strip().partition(" ")
    if word.casefold() == _UNTIL and rest:
        return Wish(until=clock.parse_time(rest))
    hours = squad_input.quiet_hours(text)
    return Wish(hours=(), until=()) if hours is None else Wish(hours=hours)


def filled(start: str | None, end: str | None, until: str | None) -> Wish:
    """Read what the form holds; an empty field takes away.

    Raises BadInput("quiet_half", field) or what `clock.parse_time` raises, with its field.
    """
    if (start is None) != (end is None):
        raise BadInput("quiet_half", field=(Field.END if end is None else Field.START).value)
    once = () if until is None else _time(until, Field.UNTIL)
    if start is None or end is None:
        return Wish(hours=(), until=once)
    return Wish(hours=(_time(start, Field.START), _time(end, Field.END)), until=once)


def _time(text: str, field: Field) -> time:
    try:
        return clock.parse_time(text)
    except BadInput as error:
        raise BadInput(error.code, **error.fields, field=field.value) from error


def next_time(face: time, now: datetime, zone: str) -> datetime:
    """Return when a wall clock of a zone shows `face` next, as aware UTC: always after `now`."""
    today = clock.local_day(now, zone)
    days = (today + n * _DAY for n in range(3))
    return next(at for day in days if (at := clock.to_utc(day, face, zone)) > now)
