"""English sentences in and about charts."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "charts.percent": "{percent}%",
    "charts.interval": "{low} to {high}",
    "charts.day": "{day} {month}",
    "charts.month.1": "Jan",
    "charts.month.2": "Feb",
    "charts.month.3": "Mar",
    "charts.month.4": "Apr",
    "charts.month.5": "May",
    "charts.month.6": "Jun",
    "charts.month.7": "Jul",
    "charts.month.8": "Aug",
    "charts.month.9": "Sep",
    "charts.month.10": "Oct",
    "charts.month.11": "Nov",
    "charts.month.12": "Dec",
    "charts.trend.title": "Quality {rate}",
    "charts.trend.title.below": "Quality {rate}, below target",
    "charts.trend.title.above": "Quality {rate}, above target",
    "charts.trend.title.cannot_tell": "Quality {rate}, too close to target to tell",
    "charts.trend.subtitle.daily": "95% interval {interval}, n = {n} random audits on {day}",
    "charts.trend.subtitle.rolling": (
        "95% interval {interval}, n = {n} random audits in {window} working days"
    ),
    "charts.trend.target": "target {target}",
    "charts.trend.audits": "audits\nper day",
    "charts.trend.alt.daily": (
        "Line chart of quality, the share of random audits accepted, day by day from {first} "
        "to {last}, with a band for the 95% interval and bars for the audits of each day."
    ),
    "charts.trend.alt.rolling": (
        "Line chart of quality, the share of random audits accepted over {window} working days, "
        "from {first} to {last}, with a band for the 95% interval and bars for the audits of "
        "each day."
    ),
    "charts.trend.alt.point": "{day}: {rate} (interval {interval}, n = {n}).",
    "charts.trend.alt.extremes": (
        "Lowest {lowest} on {lowest_day}, highest {highest} on {highest_day}."
    ),
    "charts.trend.alt.below": "The last interval lies below the target of {target}.",
    "charts.trend.alt.above": "The last interval lies above the target of {target}.",
    "charts.trend.alt.cannot_tell": "The last interval includes the target of {target}.",
    "charts.trend.alt.audits": "Between {fewest} and {most} random audits a day.",
}
