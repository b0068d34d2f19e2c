"""A reader of calendars that knows nothing of windows: it looks at every quarter of an hour."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytz
from hypothesis import assume
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.calendar import DateSpan, WorkCalendar, make_calendar

MON_FRI = range(5)
NINE_TO_FIVE = (time(9), time(17))
NIGHT = (time(22), time(6))
QUARTER = timedelta(minutes=15)


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
         "Africa/Cairo", "America/Sao_Paulo", "Pacific/Apia")  # fmt: skip


def _oracle_zone(name: str) -> ZoneInfo:
    with pytz.open_resource(name) as file:
        return ZoneInfo.from_file(file, key=name)


ORACLE = {name: _oracle_zone(name) for name in ZONES}


def _inside(local: datetime, start: time, end: time) -> date | None:
    """Return the date on which the hours that hold this wall-clock time began."""
    now = local.time()
    if start < end:
        return local.date() if start <= now < end else None
    if now >= start:
        return local.date()
    before = local.date() - timedelta(days=1)
    if (str(local.tzinfo), before) == ("Pacific/Apia", date(2011, 12, 30)):  # never was
        before -= timedelta(days=1)
    return before if now < end else None


def oracle_works(cal: WorkCalendar, now: datetime) -> bool:
    day = _inside(now.astimezone(ORACLE[cal.zone]), cal.start, cal.end)
    return (
        day is not None
        and day.weekday() in cal.working_days
        and day not in cal.holidays
        and all(not span.first <= day <= span.last for span in cal.time_off)
    )


def oracle_quiet(cal: WorkCalendar, now: datetime) -> bool:
    return cal.quiet is not None and bool(_inside(now.astimezone(ORACLE[cal.zone]), *cal.quiet))


def oracle_first(cal: WorkCalendar, now: datetime, test: object) -> datetime | None:
    """Look at each quarter of an hour of three weeks; `now` must lie on one."""
    moments = (now + n * QUARTER for n in range(21 * 96))
    return next((moment for moment in moments if test(cal, moment)), None)


# Hours keep clear of 00:00-06:00, where the clocks change and a wall clock alone cannot tell.
day_hours = st.sampled_from(
    [(time(9), time(17)), (time(6), time(14)), (time(6, 30), time(23, 45)), (time(13), time(21))]
)
night_hours = st.sampled_from([(time(22), time(6)), (time(18, 30), time(7)), (time(12), time(9))])
near = st.dates(date(2011, 12, 20), date(2012, 1, 10)) | st.dates(
    date(2026, 3, 1), date(2026, 11, 30)
)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    first = draw(near)
    quiet = draw(st.none() | st.sampled_from([(time(12), time(13)), (time(20), time(8))]))
    hours = draw(day_hours | night_hours)
    try:
        return make_calendar(
            draw(st.sampled_from(ZONES)),
            draw(st.frozensets(st.integers(0, 6), min_size=1)),
            hours,
            holidays=draw(st.frozensets(near, max_size=4)),
            time_off=[DateSpan(first, first + timedelta(days=draw(st.integers(0, 5))))],
            quiet=quiet,
        )
    except BadInput as refused:
        assume(refused.code != "quiet_hours_cover_work")
        raise
