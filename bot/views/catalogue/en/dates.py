"""Days, months, how they are put together, and days that cannot be read."""

from collections.abc import Mapping
from typing import Final

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

SENTENCES: Final[Mapping[str, str]] = {
    "date.day": "{weekday} {day} {month} {year}",
    "date.span": "{first} – {last}",
    **{f"date.weekday.{n}": name for n, name in enumerate(_WEEKDAYS)},
    **{f"date.month.{n}": name for n, name in enumerate(_MONTHS, 1)},
}
