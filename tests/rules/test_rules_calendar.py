"""Working hours against a brute-force reader that looks at every quarter of an hour."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import calendar as rules
from bot.rules.calendar import DateSpan, PersonalHours, WorkCalendar, make_calendar, make_hours
from tests.rules.calendar_oracle import (
    MON_FRI,
    NIGHT,
    NINE_TO_FIVE,
    QUARTER,
    calendars,
    near,
    oracle_first,
    oracle_quiet,
    oracle_works,
)


def berlin(**changes: object) -> WorkCalendar:
    return make_calendar("Europe/Berlin", MON_FRI, NINE_TO_FIVE, **changes)


def at(text: str) -> datetime:
    """Read a Berlin wall-clock time; its clocks change on 29 March and 25 October 2026."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


APIA_NIGHTS = make_calendar("Pacific/Apia", range(7), NIGHT)
APIA_QUIET = make_calendar("Pacific/Apia", range(7), (time(6), time(14)), quiet=(time(20), time(8)))
AFTER_THE_LEFT_OUT_DAY = datetime(2011, 12, 30, 13, tzinfo=UTC)  # the 31st, 03:00

moments = st.builds(
    lambda day, quarter: datetime.combine(day, time(), UTC) + quarter * QUARTER,
    near,
    st.integers(0, 95),
)


@settings(deadline=None)
@given(calendars(), moments)
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY)
def test_working_time_agrees_with_the_wall_clock(cal: WorkCalendar, now: datetime) -> None:
    assert rules.is_working_time(cal, now) == oracle_works(cal, now)


@settings(deadline=None)
@given(calendars(), moments)
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY)
def test_the_next_working_instant_is_the_first_that_the_oracle_finds(
    cal: WorkCalendar, now: datetime
) -> None:
    expected = oracle_first(cal, now, oracle_works)
    if expected is not None:
        assert rules.next_working_instant(cal, now) == expected


@settings(deadline=None)
@given(calendars(), moments)
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY)
@example(APIA_QUIET, datetime(2011, 12, 30, tzinfo=UTC))
def test_the_next_reachable_instant_is_at_work_and_not_quiet(
    cal: WorkCalendar, now: datetime
) -> None:
    def reachable(cal: WorkCalendar, moment: datetime) -> bool:
        return oracle_works(cal, moment) and not oracle_quiet(cal, moment)

    expected = oracle_first(cal, now, reachable)
    if expected is not None:
        assert rules.next_reachable_instant(cal, now) == expected
    assert rules.is_reachable(cal, now) == reachable(cal, now)


@settings(deadline=None)
@given(calendars(), moments, st.integers(0, 96 * 9))
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY, 60)
def test_working_seconds_are_the_sum_of_the_working_quarters(
    cal: WorkCalendar, start: datetime, quarters: int
) -> None:
    worked = sum(oracle_works(cal, start + n * QUARTER) for n in range(quarters))
    end = start + quarters * QUARTER
    assert rules.working_seconds_between(cal, start, end) == worked * 900


@settings(deadline=None)
@given(calendars(), moments, st.integers(1, 200))
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY, 60)
def test_added_working_time_is_what_lies_between(
    cal: WorkCalendar, start: datetime, quarters: int
) -> None:
    amount = quarters * QUARTER
    end = rules.add_working_time(cal, start, amount)
    assert end is not None
    assert rules.working_seconds_between(cal, start, end) == amount.total_seconds()
    assert rules.is_working_time(cal, end - timedelta(seconds=1))


@settings(deadline=None)
@given(calendars(), moments, st.integers(1, 9))
def test_n_working_days_later_n_working_days_have_ended(
    cal: WorkCalendar, now: datetime, n: int
) -> None:
    deadline = rules.add_working_days(cal, now, n)
    assert deadline is not None
    today = rules.work_day_of(cal, now)
    ended = [
        window
        for window in (rules.window_of(cal, today + timedelta(days=k)) for k in range(1, 120))
        if window is not None and window.end <= deadline
    ]
    assert len(ended) == n
    assert ended[-1].end == deadline


@settings(deadline=None)
@given(calendars(), moments)
@example(APIA_NIGHTS, AFTER_THE_LEFT_OUT_DAY)
def test_every_instant_lies_in_the_day_it_counts_to(cal: WorkCalendar, now: datetime) -> None:
    day = rules.work_day_of(cal, now)
    begin, end = rules.work_day_range(cal, day, day)
    assert begin <= now < end


# --- tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-20 08:59", "2026-11-20 09:00"),
        ("2026-11-20 09:00", "2026-11-20 09:00"),
        ("2026-11-20 16:59:59", "2026-11-20 16:59:59"),
        ("2026-11-20 17:00", "2026-11-23 09:00"),  # Friday evening
        ("2026-12-23 18:00", "2026-12-28 09:00"),  # 24 off, 25 a holiday, then the weekend
        ("2026-03-27 18:00", "2026-03-30 09:00"),  # over the change of the clocks
    ],
)
def test_next_working_instant(now: str, expected: str) -> None:
    cal = berlin(
        holidays=[date(2026, 12, 25)],
        time_off=[DateSpan(date(2026, 12, 24), date(2026, 12, 24))],
    )
    assert rules.next_working_instant(cal, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("now", "n", "deadline"),
    [
        ("2026-11-16 10:00", 7, "2026-11-25 17:00"),  # a Monday
        ("2026-11-16 23:00", 1, "2026-11-17 17:00"),
        ("2026-11-21 10:00", 1, "2026-11-23 17:00"),  # a Saturday is not a working day itself
        ("2026-12-22 10:00", 3, "2026-12-28 17:00"),  # 25 is a holiday
        ("2026-10-23 10:00", 1, "2026-10-26 17:00"),
    ],
)
def test_a_deadline_is_the_end_of_the_nth_working_day_after(
    now: str, n: int, deadline: str
) -> None:
    cal = berlin(holidays=[date(2026, 12, 25)])
    assert rules.add_working_days(cal, at(now), n) == at(deadline)


def test_hours_over_midnight_belong_to_the_evening() -> None:
    cal = make_calendar("Europe/Berlin", MON_FRI, NIGHT, holidays=[date(2026, 11, 18)])
    assert rules.is_working_time(cal, at("2026-11-17 23:00"))
    assert rules.is_working_time(cal, at("2026-11-18 05:59"))  # Tuesday's night runs on
    assert not rules.is_working_time(cal, at("2026-11-18 22:00"))  # Wednesday is a holiday
    assert not rules.is_working_time(cal, at("2026-11-19 05:00"))
    assert rules.is_working_time(cal, at("2026-11-21 05:00"))  # Friday's night ends on Saturday
    assert not rules.is_working_time(cal, at("2026-11-23 05:00"))
    assert rules.work_day_of(cal, at("2026-11-18 05:00")) == date(2026, 11, 17)
    assert rules.add_working_days(cal, at("2026-11-17 05:00"), 1) == at("2026-11-18 06:00")


def test_the_end_of_the_window() -> None:
    assert rules.end_of_window(berlin(), at("2026-11-20 10:00")) == at("2026-11-20 17:00")
    assert rules.end_of_window(berlin(), at("2026-11-20 17:00")) == at("2026-11-23 17:00")


def test_working_time_pauses_overnight_and_ends_at_closing_time() -> None:
    hours = timedelta(hours=1)
    add = rules.add_working_time
    assert add(berlin(), at("2026-11-19 16:00"), 4 * hours) == at("2026-11-20 12:00")
    assert add(berlin(), at("2026-11-19 16:00"), hours) == at("2026-11-19 17:00")
    assert add(berlin(), at("2026-11-19 20:00"), 0 * hours) == at("2026-11-20 09:00")
    with pytest.raises(ValueError, match="taken back"):
        add(berlin(), at("2026-11-19 16:00"), -hours)
    with pytest.raises(ValueError, match="no later day"):
        rules.add_working_days(berlin(), at("2026-11-19 16:00"), 0)


def test_a_night_of_the_change_is_an_hour_longer() -> None:
    cal = make_calendar("Europe/Berlin", range(7), NIGHT)
    longer = rules.window_of(cal, date(2026, 10, 24))
    shorter = rules.window_of(cal, date(2026, 3, 28))
    assert longer is not None
    assert longer.end - longer.start == timedelta(hours=9)
    assert shorter is not None
    assert shorter.end - shorter.start == timedelta(hours=7)


def test_hours_that_the_clocks_skip_are_no_hours() -> None:
    cal = make_calendar("Europe/Berlin", range(7), (time(2), time(3)))
    assert rules.window_of(cal, date(2026, 3, 29)) is None
    assert rules.window_of(cal, date(2026, 3, 30)) is not None


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    cal = make_calendar("Pacific/Apia", range(7), NINE_TO_FIVE)
    start = datetime(2011, 12, 29, 12, tzinfo=UTC)
    starts = [window.start.date() for window in islice(rules.windows(cal, start), 3)]
    assert len(set(starts)) == 3
    assert rules.window_of(cal, date(2011, 12, 30)) is None


def test_a_year_and_more_of_time_off_is_nothing_in_sight() -> None:
    cal = berlin(time_off=[DateSpan(date(2026, 1, 1), date(2027, 12, 31))])
    now = at("2026-02-02 10:00")
    assert rules.next_working_instant(cal, now) is None
    assert rules.next_reachable_instant(cal, now) is None
    assert rules.end_of_window(cal, now) is None
    assert rules.add_working_days(cal, now, 1) is None
    assert rules.add_working_time(cal, now, timedelta(hours=1)) is None
    assert (
        rules.working_seconds_between(cal, at("2025-12-31 16:00"), at("2028-01-03 10:00")) == 7200
    )


def test_a_year_of_time_off_that_ends_is_seen() -> None:
    cal = berlin(time_off=[DateSpan(date(2026, 1, 1), date(2026, 12, 31))])
    assert rules.next_working_instant(cal, at("2026-01-02 10:00")) == at("2027-01-01 09:00")


def test_days_off_between_working_days_do_not_add_up_to_nothing_in_sight() -> None:
    mondays = make_calendar("Europe/Berlin", [0], NINE_TO_FIVE)
    deadline = rules.add_working_days(mondays, at("2026-01-05 10:00"), 90)
    assert deadline == at("2027-09-27 17:00")  # 90 weeks and 540 days off later


def test_an_empty_stretch_has_no_working_time() -> None:
    later, earlier = at("2026-11-20 15:00"), at("2026-11-20 10:00")
    assert rules.working_seconds_between(berlin(), later, earlier) == 0
    assert rules.working_seconds_between(berlin(), later, later) == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"working_days": []}, "no_working_days"),
        ({"working_days": [7]}, "bad_weekday"),
        ({"hours": (time(9), time(9))}, "working_hours_empty"),
        ({"quiet": (time(9), time(9))}, "quiet_hours_empty"),
        ({"quiet": (time(9), time(17))}, "quiet_hours_cover_work"),
        ({"quiet": (time(17), time(16, 59)), "hours": (time(18), time(8))},
         "quiet_hours_cover_work"),
        ({"zone": "Mars/Olympus"}, "unknown_zone"),
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_lived_is_refused(changes: dict[str, object], code: str) -> None:
    values = {"zone": "Europe/Berlin", "working_days": MON_FRI, "hours": NINE_TO_FIVE} | changes
    with pytest.raises(BadInput) as caught:
        make_calendar(**values)
    assert caught.value.code == code


def test_personal_hours_are_checked_too() -> None:
    for changes, code in (
        ({"working_days": []}, "no_working_days"),
        ({"hours": (time(8), time(8))}, "working_hours_empty"),
        ({"quiet": (time(8), time(8))}, "quiet_hours_empty"),
        ({"zone": "Nowhere"}, "unknown_zone"),
    ):
        with pytest.raises(BadInput) as caught:
            make_hours(**changes)
        assert caught.value.code == code


def test_what_a_person_set_goes_over_the_squads_and_time_off_adds_up() -> None:
    shutdown = DateSpan(date(2026, 12, 28), date(2026, 12, 31))
    holiday = DateSpan(date(2026, 8, 1), date(2026, 8, 9))
    squad = berlin(holidays=[date(2026, 12, 25)], time_off=[shutdown], quiet=(time(12), time(13)))
    assert rules.merge(squad, PersonalHours()) == squad
    mine = rules.merge(
        squad,
        make_hours(
            zone="asia/kolkata",
            working_days=[6, 0, 1, 2, 3],
            hours=(time(7), time(15)),
            holidays=[date(2026, 8, 15)],
            time_off=[holiday],
            quiet=(time(8), time(9)),
        ),
    )
    assert mine == WorkCalendar(
        zone="Asia/Kolkata",
        working_days=frozenset({6, 0, 1, 2, 3}),
        start=time(7),
        end=time(15),
        holidays=frozenset({date(2026, 8, 15)}),
        time_off=(shutdown, holiday),
        quiet=(time(8), time(9)),
    )
    only_zone = rules.merge(squad, make_hours(zone="Asia/Manila", holidays=[]))
    assert (only_zone.start, only_zone.zone) == (time(9), "Asia/Manila")
    assert only_zone.holidays == frozenset()


def test_quiet_hours_over_all_of_a_persons_work_are_told_and_leave_no_instant() -> None:
    mine = rules.merge(berlin(), make_hours(quiet=(time(20), time(19))))
    assert rules.quiet_covers_work(mine)
    assert rules.next_reachable_instant(mine, at("2026-11-20 10:00")) is None
    assert rules.is_working_time(mine, at("2026-11-20 10:00"))


def test_public_holidays_by_country_and_subdivision() -> None:
    germany = rules.public_holidays("de", None, [2026, 2027])
    bavaria = rules.public_holidays("DE", "by", [2026])
    assert {date(2026, 10, 3), date(2027, 1, 1)} <= germany
    assert date(2026, 1, 6) in bavaria
    assert date(2026, 1, 6) not in germany
    assert rules.public_holidays("DE", "Bayern", [2026]) == bavaria
    assert rules.public_holidays("US", "", [2026]) >= {date(2026, 7, 3), date(2026, 11, 26)}
    assert rules.public_holidays("IN", None, []) == frozenset()
    assert rules.check_country(" us ", "california") == ("US", "CA")


def test_an_unknown_country_or_subdivision_comes_with_the_choices() -> None:
    with pytest.raises(BadInput) as country:
        rules.public_holidays("Atlantis", None, [2026])
    assert country.value.code == "unknown_country"
    assert {"DE", "IN", "PH", "US"} <= set(country.value.fields["choices"])
    with pytest.raises(BadInput) as subdivision:
        rules.public_holidays("DE", "XX", [2026])
    assert subdivision.value.code == "unknown_subdivision"
    assert "BY" in subdivision.value.fields["choices"]
    with pytest.raises(BadInput) as none_at_all:
        rules.check_country("PH", "Manila")
    assert none_at_all.value.fields["choices"] == ()
