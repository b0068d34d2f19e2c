"""Time and zones: what the time is, and how a squad's wall clock and UTC turn into each other.

Everything stored or passed around is an aware UTC datetime; a zone is an IANA name. This is the
only module that knows pytz. Local times are turned with `localize`; a local time that the clocks
skip moves forward by the gap (02:30 → 03:30), one that they show twice means the first.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NewType

import pytz

from bot.errors import BadInput

Zone = NewType("Zone", str)
"""An IANA zone name that was checked, in its canonical spelling."""

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2037
"""pytz knows the changes of the clocks up to 2037; later ones would silently be an hour off."""

_MIDNIGHT: Final = time()
_DAY: Final = timedelta(days=1)
_SHOWN: Final = 40  # how much of an unreadable text an error repeats
_EXAMPLE_ZONE: Final = "Europe/Berlin"
_INSTANT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
    r"(?: ?(Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _system_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """The one source of "now"; the demo moves it, a test replaces its source.

    `source` returns an aware datetime; `offset` is added to it. With a `speed` other than 1 it
    runs so many times as fast as its source, from when it was made.
    """

    def __init__(
        self,
        offset: timedelta = timedelta(),
        source: Callable[[], datetime] = _system_now,
        speed: float = 1.0,
    ) -> None:
        self._offset = offset
        self._source = source
        self.speed: Final = speed
        self._since = None if speed == 1.0 else self._real()

    @property
    def offset(self) -> timedelta:
        """How far this clock runs ahead of its source, by now."""
        return self.now() - self._real() if self._since else self._offset

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        real = self._real()
        if self._since is not None:
            real = self._since + (real - self._since) * self.speed
        return real + self._offset

    def real(self, moment: datetime) -> datetime:
        """Return what the source showed, or will show, at a moment of this clock."""
        real = moment - self._offset
        if self._since is not None:
            real = self._since + (real - self._since) / self.speed
        return real

    def _real(self) -> datetime:
        return _aware(self._source()).astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Move the clock by so much from now on; a negative step goes back."""
        self._offset += by


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a naive datetime where an aware one is needed")
    return moment


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """Return every IANA name that `zone` accepts, sorted, older names and links included."""
    return tuple(sorted(pytz.all_timezones))


@lru_cache(maxsize=1)
def common_zones() -> tuple[str, ...]:
    """Return the names worth offering to people: one per place, without older names and links."""
    return tuple(pytz.common_timezones)


@lru_cache(maxsize=1024)
def _tz(name: str) -> pytz.BaseTzInfo:
    try:
        return pytz.timezone(name)
    except pytz.UnknownTimeZoneError:
        raise BadInput("unknown_zone", zone=name[:_SHOWN], suggestion=_nearest_zone(name)) from None


def _nearest_zone(name: str) -> str:
    """Guess what was meant, by whole name or by city; an example when nothing is near."""
    spoken: dict[str, str] = {}
    for known in common_zones():
        spoken.setdefault(known.lower(), known)
        spoken.setdefault(known.rsplit("/", 1)[-1].lower(), known)
    wanted = name[:_SHOWN].strip().lower().replace(" ", "_")
    near = get_close_matches(wanted, spoken, n=1, cutoff=0.7)
    return spoken[near[0]] if near else _EXAMPLE_ZONE


def zone(name: str) -> Zone:
    """Check an IANA zone name (any case) and return its canonical spelling.

    Raises `BadInput("unknown_zone", zone, suggestion)`.
    """
    return Zone(str(_tz(name.strip())))


def to_utc(local_date: date, local_time: time, zone_name: str) -> datetime:
    """Turn a wall-clock time of a zone into aware UTC.

    A skipped time moves forward by the gap, a doubled one means the first.
    Raises `BadInput("unknown_zone")`.
    """
    offset = _whole_day_offset(zone_name, local_date)
    if offset is not None:
        return datetime.combine(local_date, local_time, UTC) - offset
    return _to_utc_slowly(_tz(zone_name), datetime.combine(local_date, local_time))


@lru_cache(maxsize=16_384)
def _whole_day_offset(zone_name: str, day: date) -> timedelta | None:
    """Return the offset that holds all day, or None if the clocks change on it.

    Both midnights having the same offset is proof enough: no zone changed its clocks twice within
    a day. It spares an import a `localize` per row, 12 µs each.
    """
    tz = _tz(zone_name)
    midnight = datetime.combine(day, _MIDNIGHT)
    try:
        first = tz.localize(midnight, is_dst=None).utcoffset()
        last = tz.localize(midnight + _DAY, is_dst=None).utcoffset()
    except pytz.InvalidTimeError:
        return None
    return first if first == last else None


def changes_on(day: date, zone_name: str) -> bool:
    """Tell whether the clocks of a zone change on a local day."""
    return _whole_day_offset(zone_name, day) is None


def _to_utc_slowly(tz: pytz.BaseTzInfo, naive: datetime) -> datetime:
    try:
        return tz.localize(naive, is_dst=None).astimezone(UTC)
    except pytz.NonExistentTimeError:
        # is_dst=False reads it with the offset before the gap, which is "forward by the gap".
        return tz.localize(naive, is_dst=False).astimezone(UTC)
    except pytz.AmbiguousTimeError:
        # Which of the two is_dst means differs where winter time is the "daylight" one (Casablanca,
        # Dublin), so ask for both and take the first.
        return min(tz.localize(naive, is_dst=dst).astimezone(UTC) for dst in (True, False))


def from_milliseconds(count: int) -> datetime:
    """Return the instant so many milliseconds after 1970."""
    return datetime.fromtimestamp(count / 1000, UTC)


def to_local(utc: datetime, zone_name: str) -> datetime:
    """Show an aware datetime on a zone's wall clock (aware). Do no arithmetic on the result."""
    return _aware(utc).astimezone(_tz(zone_name))


def local_day(utc: datetime, zone_name: str) -> date:
    """Return the date on a zone's wall clock at an aware datetime."""
    return to_local(utc, zone_name).date()


def day_range(first: date, last: date, zone_name: str) -> tuple[datetime, datetime]:
    """Turn local days, `last` included, into half-open UTC `[begin, end)`.

    Adjacent ranges meet without gap or overlap; a day that a zone left out has an empty range.
    """
    return to_utc(first, _MIDNIGHT, zone_name), to_utc(last + _DAY, _MIDNIGHT, zone_name)


def day_exists(day: date, zone_name: str) -> bool:
    """Tell whether a zone has that date at all (Apia left out 30 December 2011)."""
    begin, end = day_range(day, day, zone_name)
    return begin < end


def parse_instant(text: str, zone_name: str) -> datetime:
    """Read `YYYY-MM-DD[T ]HH:MM[:SS[.ffffff]]` with or without offset (`Z`, `UTC`, `+02:00`).

    Without offset it is a wall-clock time of `zone_name`. Returns aware UTC. Raises `BadInput`
    `bad_instant`, `instant_without_time`, `date_out_of_range` (text, ...) or `unknown_zone`.
    """
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise BadInput("bad_instant", text=text[:_SHOWN])
    day, clock_time, offset = match.groups()
    if clock_time is None:
        raise BadInput("instant_without_time", text=text[:_SHOWN])
    try:
        naive = datetime.fromisoformat(f"{day}T{clock_time}")
        shift = _offset(offset)
    except ValueError:
        raise BadInput("bad_instant", text=text[:_SHOWN]) from None
    _check_year(naive.date(), text)
    if shift is not None:
        return naive.replace(tzinfo=UTC) - shift
    return to_utc(naive.date(), naive.time(), zone_name)


def _offset(text: str | None) -> timedelta | None:
    """Read an offset; None stands for none given. Raises ValueError beyond 23:59."""
    if text is None:
        return None
    if text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    face = time(int(digits[:2]), int(digits[2:]))  # refuses hour 24 and minute 60
    size = timedelta(hours=face.hour, minutes=face.minute)
    return -size if text[0] == "-" else size


def _check_year(day: date, text: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadInput(
            "date_out_of_range", text=text[:_SHOWN], first_year=FIRST_YEAR, last_year=LAST_YEAR
        )


def _folded(text: str) -> str:
    """Strip, and turn full-width digits, colons and dots into plain ones."""
    stripped = text.strip()
    return unicodedata.normalize("NFKC", stripped) if len(stripped) <= _SHOWN else stripped


def parse_time(text: str) -> time:
    """Read `09:30` or `9:30`.

    Raises `BadInput` `bad_time` or, for 24:00, `time_is_24` (the day ends at 00:00 of the next).
    """
    match = _TIME.fullmatch(_folded(text))
    if match is None:
        raise BadInput("bad_time", text=text[:_SHOWN])
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        raise BadInput("time_is_24", text=text[:_SHOWN])
    try:
        return time(hour, minute)
    except ValueError:
        raise BadInput("bad_time", text=text[:_SHOWN]) from None


def parse_date(text: str) -> date:
    """Read `YYYY-MM-DD`. Raises `BadInput` `bad_date` or `date_out_of_range`."""
    folded = _folded(text)
    try:
        day = date.fromisoformat(folded) if _DATE.fullmatch(folded) else None
    except ValueError:
        day = None
    if day is None:
        raise BadInput("bad_date", text=text[:_SHOWN])
    _check_year(day, text)
    return day


def parse_date_range(text: str) -> tuple[date, date]:
    """Read `2026-12-24..2027-01-02`, both included, or a single day.

    Raises `BadInput` `range_ends_before_start` (first, last) or what `parse_date` raises.
    """
    begin, dots, end = _folded(text).partition("..")
    first = parse_date(begin)
    last = parse_date(end) if dots else first
    if last < first:
        raise BadInput("range_ends_before_start", first=first, last=last)
    return first, last
