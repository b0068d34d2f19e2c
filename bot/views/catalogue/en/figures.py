"""English ways of writing figures."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "figures.unknown": "–",
    "figures.percent": "{percent}%",
    "figures.interval": "{low} to {high}",
    "figures.seconds": "{n} s",
    "figures.minutes": "{n} min",
    "figures.hours": "{n} h",
    "figures.days": "{n} days",
    "figures.spread": "{median} (90% within {p90})",
}
