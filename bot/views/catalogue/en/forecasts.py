"""English sentences about batches and whether their dates hold."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "forecasts.title": "*Dates*",
    "forecasts.more.one": "…and 1 more batch.",
    "forecasts.more.other": "…and {n} more batches.",
    "forecasts.line": "• *{batch}:* {parts}",
    "forecasts.done": "{done} of {size}",
    "forecasts.done.no_size": "{done} handed in",
    "forecasts.pace": "{n} a day",
    "forecasts.finish": "→ {finish} (80%: {early} to {late})",
    "forecasts.finish.day": "→ {finish} (80% sure)",
    "forecasts.finish.open": "→ {finish} (80%: {early} or later, the end cannot be told)",
    "forecasts.finish.wide": "→ {finish}, how surely cannot be told",
    "forecasts.finished": "all {size} done",
    "forecasts.unknown.no_size": "how many there are in all is not known",
    "forecasts.unknown.few_days": "fewer than 5 days of work, so no date can be told yet",
    "forecasts.unknown.no_pace": "nothing was handed in for 10 working days, so no date in sight",
    "forecasts.unknown.beyond": "at this pace not done within a year",
    "forecasts.due.holds": "due {due}: *holds*",
    "forecasts.due.at_risk": "due {due}: *at risk*",
    "forecasts.due.cannot_tell": "due {due}: cannot be told yet",
    "forecasts.due.overdue": "*{left} left, and it was due {due}*",
    "forecasts.due.none": "no due date",
    "forecasts.needed": "{n} a day needed",
    "forecasts.list.title": "Dates",
    "forecasts.list.head": (
        "*{project}*, as of {day}. Pace and date are of the last 10 working days, for everybody"
        " who is there; time off ahead is counted in."
    ),
    "forecasts.list.none": "No batches are planned in {project}. `/squad project` adds them.",
    "forecasts.sheet.title": "{squad} · {project} · dates as of {day}",
    "forecasts.column.batch": "Batch",
    "forecasts.column.done": "Done",
    "forecasts.column.size": "Size",
    "forecasts.column.pace": "A day",
    "forecasts.column.finish": "Finish",
    "forecasts.column.range": "80% range",
    "forecasts.column.due": "Due",
    "forecasts.column.outlook": "Outlook",
    "forecasts.column.needed": "Needed",
    "forecasts.outlook.finished": "finished",
    "forecasts.outlook.holds": "holds",
    "forecasts.outlook.at_risk": "at risk",
    "forecasts.outlook.cannot_tell": "cannot tell",
}
