"""A squad's schedules: what comes when, changes of it, and what was not posted."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "schedule.name.daily_digest": "daily digest",
    "schedule.name.weekly_digest": "weekly digest",
    "schedule.name.today": "Today message",
    "schedule.name.sync": "sync",
    "schedule.name.refusals_report": "report of refused messages",
    "schedule.name.housekeeping": "tidying up",
    "schedule.name.draws": "drawing of audits",
    "schedule.moment": "{day}, {time}",
    "schedule.plan.title": "What {squad} gets, and when",
    "schedule.plan.none": (
        "{squad} has no schedules. They are made with the squad; an admin can look into it."
    ),
    "schedule.plan.daily": "*{name}* at {time} on working days ({zone})",
    "schedule.plan.weekly": "*{name}* on {weekday} at {time} ({zone})",
    "schedule.plan.next": "next: {moment}",
    "schedule.plan.nothing": "nothing planned: no working day in sight",
    "schedule.plan.hint": (
        "To move one: `/squad schedule daily-digest 17:30`, or"
        " `/squad schedule weekly-digest Mon 09:30`."
    ),
    "schedule.changed.from": ("The {name} of {squad} comes at {time} ({zone}), from {moment} on."),
    "schedule.changed.from_weekly": (
        "The {name} of {squad} comes on {weekday} at {time} ({zone}), from {moment} on."
    ),
    "schedule.changed.sync": "{squad}: {sync}, from {moment} on.",
    "schedule.sync.daily": "{name} at {time} on working days ({zone})",
    "schedule.sync.weekly": "{name} on {weekday} at {time} ({zone})",
    "schedule.sync.lead.one": "{sync}, its agenda {n} minute before",
    "schedule.sync.lead.other": "{sync}, its agenda {n} minutes before",
    "schedule.changed.nothing": (
        "Saved, but no working day is in sight for {squad}, so nothing is planned. Please look at"
        " its working days and holidays."
    ),
    "schedule.changed.ran_today": (
        "Today's has already run, so the change counts from the next one."
    ),
    "schedule.changed.ran_this_week": (
        "This week's has already run, so the change counts from the next one."
    ),
    "schedule.changed.passed_today": (
        "That time has passed for today, so the change counts from the next working day."
    ),
    "schedule.changed.passed_this_week": (
        "That time has passed for this week, so the change counts from next week."
    ),
    "schedule.changed.still": "Before that, one still comes as planned: {moment}.",
    "schedule.skipped.asleep.one": (
        "{squad}: the {name} of {first} was not posted. Muster was not running from then until"
        " {found}, and by then it was too late."
    ),
    "schedule.skipped.asleep.other": (
        "{squad}: {n} times the {name} was not posted ({first} – {last}). Muster was not running"
        " until {found}."
    ),
    "schedule.skipped.down.one": (
        "{squad}: the {name} of {first} was not posted: Muster was down from {down} to {found}, and"
        " by then it was too late."
    ),
    "schedule.skipped.down.other": (
        "{squad}: {n} times the {name} was not posted ({first} – {last}): Muster was down from"
        " {down} to {found}."
    ),
    "schedule.skipped.agenda": "agenda of {sync}",
    "schedule.not_posted.down": (
        "Today's {name} was not posted: Muster was down from {down} to {found}. Its topics are kept"
        " for the next one; `/agenda` shows them."
    ),
    "schedule.not_posted.asleep": (
        "Today's {name} was not posted: Muster was not running until {found}. Its topics are kept"
        " for the next one; `/agenda` shows them."
    ),
    "schedule.not_posted.failed": (
        "Today's {name} could not be put together. Its topics are kept for the next one; `/agenda`"
        " shows them."
    ),
    "schedule.skipped.failed.one": (
        "{squad}: the {name} of {first} was not posted. Muster tried until it was too late; its"
        " log says why."
    ),
    "schedule.skipped.failed.other": (
        "{squad}: {n} times the {name} was not posted ({first} – {last}). Muster tried until it"
        " was too late; its log says why."
    ),
    "schedule.skipped.next": "Next: {moment}.",
    "error.unknown_schedule": (
        "There is no schedule called “{schedule}”. These can be moved: {known}; as in"
        " `/squad schedule daily-digest 17:30`."
    ),
    "error.schedule_without_time": (
        "At what time? Please write it as in `/squad schedule {schedule} 17:30`."
    ),
    "error.weekday_for_daily": (
        "The {schedule} comes on every working day, so it needs only a time, as in"
        " `/squad schedule {schedule} 17:30`. `/squad days` changes the working days."
    ),
    "error.bad_weekday_name": (
        "“{text}” is not a weekday I can read. Please write it as in"
        " `/squad schedule weekly-digest Mon 09:30`."
    ),
    "error.bad_half_day": (
        "“{text}” is not a half day I can read. Please write one a line, as in"
        " `2026-12-24 until 13:00` or `2026-12-31 from 12:00`."
    ),
    "error.half_day_empty": "From {start} to {end} there is no time to work in.",
    "error.half_day_off": (
        "On {day} nobody works anyway: no working day, a public holiday, or no hours left. Please"
        " leave it out."
    ),
    "error.many_half_days": "A squad can have {limit} half days. Please take past ones away first.",
    "error.sync_gone": "That sync is not there any more. `/squad schedule` shows what there is.",
    "error.sync_exists": "There is a sync called “{sync}” already; please choose another name.",
    "error.many_syncs": (
        "A squad can have {limit} syncs. Please take one away first, as in `/squad sync Daily off`."
    ),
    "error.no_schedule": "{squad} has no {schedule}. An admin can look into it.",
}
