"""Words of time off."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "command.timeoff.usage": "/timeoff FIRST..LAST [reason, private]   or   /timeoff list"
    "   or   /timeoff cancel DAY",
    "command.timeoff.example": "/timeoff 2026-12-24..2027-01-02",
    "command.timeoff.what": "Say when you are away. Alone it opens a form.",
    "error.timeoff_unreadable": "I cannot read “{text}” as days. Please write"
    " `/timeoff 2026-12-24..2027-01-02`, or `/timeoff` alone for the form.",
    "error.timeoff_past": "That ended on {last}; I can only note days from today ({today}) on.",
    "error.timeoff_too_long": "That is {days} days; I note at most a year at a time. For longer,"
    " a manager can pause you in the squad.",
    "error.timeoff_too_far": "{first} is more than two years away. Is the year right?",
    "error.timeoff_too_many": "You have {limit} absences planned already; please take one back"
    " first: `/timeoff list`.",
    "error.timeoff_over": "That ended on {last} and is history now.",
    "error.timeoff_nothing": "Please choose a first day, or tick what you want to take back.",
    "error.no_timeoff": "I have no such time off of yours. `/timeoff list` shows what I have.",
    "timeoff.form.title": "Time off",
    "timeoff.form.timeoff_first": "First day away",
    "timeoff.form.timeoff_last": "Last day away",
    "timeoff.form.choose_day": "Choose a day",
    "timeoff.form.reason": "Reason",
    "timeoff.form.reason_hint": "For yourself. Managers see the days, nobody else sees the reason.",
    "timeoff.form.take_back": "Planned; tick what you want to take back",
    "timeoff.form.more": "{n} more are planned; `/timeoff list` shows them.",
    "timeoff.list.title.one": "Your coming time off",
    "timeoff.list.title.other": "Your coming time off: {n} times",
    "timeoff.list.none": "You have no time off planned.",
    "timeoff.list.with_reason": "{days} · _{reason}_",
    "timeoff.list.cancel": "Take back",
    "timeoff.list.add": "Add time off",
    "timeoff.list.cut": "There is more than fits here.",
    "timeoff.squad.nobody": "*{squad}*, next four weeks: nobody else is away.",
    "timeoff.squad.title": "*{squad}*, next four weeks:",
    "timeoff.squad.item": "• {person}: {days}",
    "timeoff.noted": "Noted: you are away {days} ({length}).",
    "timeoff.joined": "Noted, and joined with what you had planned next to it: you are away"
    " {days} ({length}).",
    "timeoff.unchanged": "That is noted already: you are away {days} ({length}).",
    "timeoff.days.one": "one day",
    "timeoff.days.other": "{n} days",
    "timeoff.follows": (
        "I keep quiet on those days. Your managers see the days, nobody else sees why."
    ),
    "timeoff.cancelled": "Taken back: {days}.",
}
