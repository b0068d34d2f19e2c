"""Days, months, how they are put together, and days that cannot be read."""

from collections.abc import Mapping
from typing import Final

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    + ("Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
)  # fmt: skip

SENTENCES: Final[Mapping[str, str]] = {
    "error.bad_date": "“{text}” is no day I can read; please write it as 2026-12-24.",
    "error.date_out_of_range": "“{text}” is not between {first_year} and {last_year}.",
    "error.range_ends_before_start": "The last day ({last}) lies before the first ({first}).",
    "date.day": "{weekday} {day} {month} {year}",
    "date.span": "{first} – {last}",
    **{f"date.weekday.{n}": name for n, name in enumerate(_WEEKDAYS)},
    **{f"date.month.{n}": name for n, name in enumerate(_MONTHS, 1)},
}
