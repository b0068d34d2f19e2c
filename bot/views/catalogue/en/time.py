"""What is said of times, zones and calendars that cannot be read or do not fit together."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "error.unknown_zone": (
        "I do not know the time zone “{zone}”. Please use its IANA name, as in `{suggestion}`."
    ),
    "error.bad_instant": (
        "“{text}” is not a date and time I can read. Please write it as in `2026-03-10 09:30`,"
        " with an offset such as `+02:00` if it is not local time."
    ),
    "error.instant_without_time": (
        "“{text}” has no time of day. Please write it as in `2026-03-10 09:30`."
    ),
    "error.bad_time": (
        "“{text}” is not a time I can read. Please write it on the 24-hour clock, as in `17:30`."
    ),
    "error.time_is_24": "A day ends at `00:00` of the next one; please write that for {text}.",
    "error.bad_date": "“{text}” is not a date I can read. Please write it as in `2026-12-24`.",
    "error.date_out_of_range": (
        "{text} is too far away. I can plan from {first_year} to {last_year}."
    ),
    "error.range_ends_before_start": (
        "{first} to {last} ends before it begins. Please write the earlier day first, as in"
        " `{last}..{first}`."
    ),
    "error.no_working_days": "A week needs at least one working day, as in `mon-fri`.",
    "error.bad_weekday": "Weekdays count from 0 (Monday) to 6 (Sunday); {weekdays} does not fit.",
    "error.weekday_missing": "A weekly schedule needs its weekday, as in `Mon 09:30`.",
    "error.working_hours_empty": (
        "Working hours from {start} to {end} leave no time to work. Please write them as in"
        " `09:00-18:00`."
    ),
    "error.quiet_hours_empty": (
        "Quiet hours from {start} to {end} leave no quiet. Please write them as in `20:00-08:00`."
    ),
    "error.quiet_hours_cover_work": (
        "These quiet hours cover all of the working hours ({start}–{end}), so I could never write."
        " Please leave some time between them."
    ),
    "error.unknown_country": (
        "I know no public holidays for “{country}”. Please use the two-letter code of the country,"
        " as in `DE` or `IN`."
    ),
    "error.unknown_subdivision": (
        "I do not know “{subdivision}” in {country}. These I know: {choices}."
    ),
}
