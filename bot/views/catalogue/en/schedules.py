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
        "Typed it is `/squad schedule daily-digest 17:30`, `/squad schedule weekly-digest Mon"
        " 09:30`, `/squad sync Daily 09:30 LINK`."
    ),
    "schedule.plan.time": "{label}: {value}",
    "schedule.button.add": "Add a sync",
    "schedule.button.times": "Working time",
    "schedule.button.change": "Change",
    "schedule.form.move": "Move a digest",
    "schedule.form.sync": "Sync",
    "schedule.form.times": "Working time",
    "schedule.form.kind.sync": "Sync of the squad",
    "schedule.form.kind.review": "Delivery review",
    "schedule.form.kind.touchpoint": "Client touchpoint",
    "schedule.form.every_day": "every working day",
    "schedule.form.everybody": "everybody in the squad",
    "schedule.form.remove": "Take this sync away",
    "schedule.form.zone": "Search for a city",
    "schedule.form.label.name": "Name",
    "schedule.form.label.kind": "What is it for?",
    "schedule.form.label.time": "Time",
    "schedule.form.label.weekday": "Day",
    "schedule.form.label.minutes": "Minutes it takes",
    "schedule.form.label.lead": "Minutes before it, when its agenda is posted",
    "schedule.form.label.link": "Meeting link",
    "schedule.form.label.audience": "Who takes part",
    "schedule.form.label.remove": "Not needed any more?",
    "schedule.form.label.zone": "Time zone",
    "schedule.form.label.zone_typed": "Or type the time zone",
    "schedule.form.label.hours": "Working hours",
    "schedule.form.label.quiet": "Quiet hours",
    "schedule.form.label.holidays": "Public holidays",
    "schedule.form.label.half_days": "Half days",
    "schedule.form.hint.time": "As in 09:30, on the squad's clock.",
    "schedule.form.hint.link": "`none` takes it away.",
    "schedule.form.hint.zone_typed": "As in Europe/Berlin. What you type here counts.",
    "schedule.form.hint.hours": "As in 09:00-18:00. An end before the start is on the next day.",
    "schedule.form.hint.quiet": (
        "As in 20:00-08:00: I write to nobody then who set no hours of their own. `none` takes them"
        " away."
    ),
    "schedule.form.hint.holidays": "Country and part of it, as in DE BY. `none` takes them away.",
    "schedule.form.hint.half_days": (
        "One a line: 2026-12-24 until 13:00, or 2026-12-31 from 12:00. `none` takes them away."
    ),
    "schedule.changed.skipped": ("On {day} the clocks skip {time}, so it is at {at} that day."),
    "schedule.changed.twice": "On {day} the clocks show {time} twice; the first one counts.",
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
    # Why an occurrence becomes what it does, for the shell.
    "schedule.why.as_set": "as set: {time} ({zone})",
    "schedule.why.earlier": "as it was set before; the change counts from a later one",
    "schedule.why.moved_day": "{cause}, so it comes on the next working day: {moment}",
    "schedule.why.moved_clock": "the clocks skip {time} that day, so it is at {moment}",
    "schedule.why.twice": "the clocks show {time} twice that day; the first counts",
    "schedule.why.day_off": "{cause}",
    "schedule.why.time_off": "{cause}",
    "schedule.why.holiday": "{cause}",
    "schedule.why.no_date": "{cause}",
    "schedule.why.half_day": "on this half day nobody works at {time} ({detail})",
    "schedule.why.not_yet": "it was set up for a later day",
    "schedule.why.too_late": "nothing ran in time; found at {happened}, later than {limit} minutes",
    "schedule.why.down": "Muster was down from {began} to {ended}; it was then too late",
    "schedule.why.failed": "it was tried until it was too late; the log says why",
    "schedule.why.ran": "ran at {happened}",
    "schedule.why.no_channel": "the squad has no channel for it",
    "schedule.why.archived": "the squad is archived",
    "schedule.cause.day_off": "no working day",
    "schedule.cause.time_off": "time off",
    "schedule.cause.holiday": "a public holiday",
    "schedule.cause.holiday_named": "a public holiday ({name})",
    "schedule.cause.no_date": "the zone has no such date",
    "error.schedule_of_which": (
        "Which squad, and which days? As in `muster schedule --squad Kestrel --from 2026-03-01"
        " --to 2026-03-07`; `--explain` needs neither."
    ),
    "error.explain_too_long": "That is too long a time. Please ask for {days} days at the most.",
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
    "error.sync_unnamed": "Please give the sync a name, as in “Daily sync”.",
    "error.bad_minutes": "“{text}” is no number of minutes from 0 to {most}.",
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
