"""Half days: dates on which a squad works until, or from, some hour of its day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from bot import clock
from bot.errors import BadInput

HALF_DAYS_LIMIT: Final = 60
"""More than a week's worth in a year and more than half of a year's weeks: then the hours are
wrong, not the days."""

_SPOKEN: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\s+"
    r"(?:(?:from\s+)?(?P<from>[0-9]{1,2}:[0-9]{2})\s*(?:-|–|to|until)\s*(?P<to>[0-9]{1,2}:[0-9]{2})"
    r"|from\s+(?P<only_from>[0-9]{1,2}:[0-9]{2})"
    r"|(?:until|till|to)\s+(?P<only_to>[0-9]{1,2}:[0-9]{2}))",
    re.IGNORECASE,
)
_SHOWN: Final = 40

Moment = tuple[int, time]
"""A time of day, so many days after the day on which work begins."""


@dataclass(frozen=True, slots=True, order=True)
class HalfDay:
    """A local date on which work begins not before `start` and ends at `end`, where given."""

    day: date
    start: time | None = None
    end: time | None = None


def written(half: HalfDay) -> str:
    """Return a half day as it is stored and typed: `2026-12-24 until 13:00`."""
    if half.start is not None and half.end is not None:
        return f"{half.day} {half.start:%H:%M}-{half.end:%H:%M}"
    if half.start is not None:
        return f"{half.day} from {half.start:%H:%M}"
    return f"{half.day} until {half.end:%H:%M}"


def read_one(text: str) -> HalfDay:
    """Read what `written` writes, or somebody types.

    Raises BadInput("bad_half_day", text), ("half_day_empty", start, end), and what `clock`'s
    readers raise.
    """
    found = _SPOKEN.fullmatch(" ".join(text.split()))
    if found is None:
        raise BadInput("bad_half_day", text=text.strip()[:_SHOWN])
    start, end = found["from"] or found["only_from"], found["to"] or found["only_to"]
    half = HalfDay(
        clock.parse_date(found["day"]),
        clock.parse_time(start) if start else None,
        clock.parse_time(end) if end else None,
    )
    if half.start is not None and half.start == half.end:
        raise BadInput("half_day_empty", start=start, end=end)
    return half


def read(text: str) -> tuple[HalfDay, ...]:
    """Read several, one a line or with commas between them; a date named twice counts last.

    Raises as `read_one`, and BadInput("many_half_days", limit).
    """
    pieces = [piece for piece in re.split(r"[\n,;]+", text) if piece.strip()]
    found = {half.day: half for half in map(read_one, pieces)}
    if len(found) > HALF_DAYS_LIMIT:
        raise BadInput("many_half_days", limit=HALF_DAYS_LIMIT)
    return tuple(sorted(found.values(), key=lambda half: half.day))


def read_or_none(text: str) -> tuple[HalfDay, ...]:
    """Read several, or `none`. Raises as `read`."""
    return () if text.strip().casefold() in {"none", "off", "-", "–"} else read(text)


def stored(texts: Iterable[str] | None) -> tuple[HalfDay, ...]:
    """Read a column; None is none."""
    return tuple(read_one(text) for text in texts or ())


def cut(half: HalfDay, start: time, end: time) -> tuple[Moment, Moment] | None:
    """Return what is left on a half day of hours from `start` to `end`; None if nothing is.

    Hours over midnight have their small hours on the next day; "until 02:00" means that one.
    """
    overnight = end <= start

    def place(at: time) -> Moment:
        return (1 if overnight and at <= end else 0, at)

    first, last = (0, start), (1 if overnight else 0, end)
    if half.start is not None:
        first = max(first, place(half.start))
    if half.end is not None:
        last = min(last, place(half.end))
    return (first, last) if first < last else None


def at_work(half: HalfDay, at: time) -> bool:
    """Tell whether a time of day lies in what is worked on a half day."""
    return (half.start is None or at >= half.start) and (half.end is None or at < half.end)
