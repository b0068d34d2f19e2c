"""The clock against an independent reader of the same zone data (zoneinfo)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import pytz
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import clock
from bot.clock import Clock
from bot.errors import BadInput

TRICKY = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",  # winter time is the "daylight" one
    "Africa/Casablanca",  # clocks go back for Ramadan
    "Africa/Cairo",  # changes at midnight
    "America/New_York",
    "America/St_Johns",  # changed at 00:01
    "America/Sao_Paulo",  # changed at midnight
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Pyongyang",  # moved its standard offset
    "Asia/Shanghai",
    "Asia/Beirut",
    "Australia/Lord_Howe",  # half an hour
    "Pacific/Apia",  # left out 2011-12-30
    "Pacific/Kwajalein",
    "Pacific/Chatham",
    "America/Caracas",
    "Antarctica/Troll",  # two hours
)
zones = st.sampled_from(TRICKY) | st.sampled_from(sorted(pytz.common_timezones))
days = st.dates(date(1974, 1, 1), date(2037, 12, 30))
times = st.times().map(lambda drawn: drawn.replace(fold=0))  # a typed time names no fold
naive_moments = st.builds(datetime.combine, days, times)


def oracle_zone(name: str) -> ZoneInfo:
    """Read the very file that pytz reads, so that only the algorithm differs."""
    with pytz.open_resource(name) as file:
        return ZoneInfo.from_file(file, key=name)


ORACLE = {name: oracle_zone(name) for name in set(TRICKY) | set(pytz.common_timezones)}


@settings(deadline=None)
@given(zones, days, times)
@example("Europe/Berlin", date(2026, 3, 29), time(2, 30))
@example("Europe/Berlin", date(2026, 10, 25), time(2, 30))
@example("Africa/Casablanca", date(2026, 2, 15), time(2, 30))
@example("Africa/Casablanca", date(2026, 3, 22), time(2, 30))
@example("Europe/Dublin", date(2026, 10, 25), time(1, 30))
@example("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15))
@example("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45))
@example("Pacific/Apia", date(2011, 12, 30), time(12, 0))
@example("America/St_Johns", date(2009, 11, 1), time(0, 0))
@example("Asia/Pyongyang", date(2015, 8, 15), time(0, 0))
def test_to_utc_takes_the_first_of_two_and_moves_forward_over_a_gap(
    name: str, day: date, at: time
) -> None:
    local = datetime.combine(day, at, ORACLE[name])  # fold=0 is this very rule in PEP 495
    assert clock.to_utc(day, at, name) == local.astimezone(UTC)


def test_every_change_of_the_clocks_is_turned_as_the_oracle_turns_it() -> None:
    for name in TRICKY:
        for change in getattr(pytz.timezone(name), "_utc_transition_times", []):
            if change.year < 1974:
                continue
            around = change.replace(tzinfo=UTC).astimezone(ORACLE[name]).replace(tzinfo=None)
            for minutes in range(-180, 181, 15):
                naive = around + timedelta(minutes=minutes)
                expected = naive.replace(tzinfo=ORACLE[name], fold=0).astimezone(UTC)
                assert clock.to_utc(naive.date(), naive.time(), name) == expected, (name, naive)


@settings(deadline=None)
@given(zones, st.builds(datetime.combine, days, times, st.just(UTC)))
def test_to_local_shows_what_the_oracle_shows(name: str, utc: datetime) -> None:
    local = clock.to_local(utc, name)
    assert local == utc
    assert local.replace(tzinfo=None) == utc.astimezone(ORACLE[name]).replace(tzinfo=None)
    assert clock.local_day(utc, name) == utc.astimezone(ORACLE[name]).date()


@pytest.mark.parametrize(
    ("name", "day", "at", "utc"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30Z"),  # 03:30 summer time
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z"),  # the first of two
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30Z"),
        ("Asia/Kolkata", "2026-07-01", "09:30", "2026-07-01T04:00Z"),
        ("Europe/Berlin", "2026-01-15", "09:00", "2026-01-15T08:00Z"),  # not 08:07 as in LMT
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30T19:00Z"),  # a day that was left out
    ],
)
def test_known_moments(name: str, day: str, at: str, utc: str) -> None:
    turned = clock.to_utc(date.fromisoformat(day), time.fromisoformat(at), name)
    assert turned == datetime.fromisoformat(utc)
    assert turned.tzinfo is UTC


def test_a_time_the_clocks_skip_shows_as_moved_forward_by_the_gap() -> None:
    utc = clock.to_utc(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    assert clock.to_local(utc, "Europe/Berlin").isoformat() == "2026-03-29T03:30:00+02:00"


@settings(deadline=None)
@given(zones, days, st.integers(0, 40))
def test_day_ranges_meet_without_gap_or_overlap(name: str, first: date, more: int) -> None:
    last = min(first + timedelta(days=more), date(2037, 12, 30))
    begin, end = clock.day_range(first, last, name)
    pieces = [
        clock.day_range(day, day, name)
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    assert pieces[0][0] == begin
    assert pieces[-1][1] == end
    assert all(a[1] == b[0] for a, b in pairwise(pieces))


def test_a_day_of_the_change_has_23_or_25_hours_and_a_left_out_day_none() -> None:
    def hours(day: date, name: str) -> float:
        begin, end = clock.day_range(day, day, name)
        return (end - begin) / timedelta(hours=1)

    assert hours(date(2026, 3, 29), "Europe/Berlin") == 23
    assert hours(date(2026, 10, 25), "Europe/Berlin") == 25
    assert hours(date(2026, 10, 4), "Australia/Lord_Howe") == 23.5
    assert hours(date(2011, 12, 30), "Pacific/Apia") == 0
    assert not clock.day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert clock.day_exists(date(2011, 12, 31), "Pacific/Apia")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-22T09:30", "2026-11-22T08:30+00:00"),
        ("2026-11-22 09:30:05", "2026-11-22T08:30:05+00:00"),
        (" 2026-11-22 09:30:05.250 ", "2026-11-22T08:30:05.250+00:00"),
        ("2026-11-22T09:30:05.123456789", "2026-11-22T08:30:05.123456+00:00"),
        ("2026-11-22T09:30:05Z", "2026-11-22T09:30:05+00:00"),
        ("2026-11-22 09:30:05 UTC", "2026-11-22T09:30:05+00:00"),
        ("2026-11-22t09:30z", "2026-11-22T09:30+00:00"),
        ("2026-11-22T09:30:05+05:30", "2026-11-22T04:00:05+00:00"),
        ("2026-11-22 09:30:05-0800", "2026-11-22T17:30:05+00:00"),
        ("2026-11-22 09:30:05+02", "2026-11-22T07:30:05+00:00"),
        ("2026-03-29 02:30", "2026-03-29T01:30+00:00"),
        ("1970-01-01T00:00:00+01:00", "1969-12-31T23:00:00+00:00"),
    ],
)
def test_instants_are_read_in_the_zone_unless_they_carry_an_offset(text: str, utc: str) -> None:
    read = clock.parse_instant(text, "Europe/Berlin")
    assert read == datetime.fromisoformat(utc)
    assert read.tzinfo is UTC


@settings(deadline=None)
@given(zones, naive_moments)
def test_an_instant_with_offset_reads_back_as_itself(name: str, naive: datetime) -> None:
    local = naive.replace(tzinfo=UTC).astimezone(ORACLE[name])
    if local.utcoffset() % timedelta(minutes=1):
        local = local.astimezone(UTC)  # ISO offsets in files have no seconds
    assert clock.parse_instant(local.isoformat(), "Asia/Tokyo") == local


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_instant"),
        ("yesterday", "bad_instant"),
        ("22.11.2026 09:30", "bad_instant"),
        ("2026-11-22x09:30", "bad_instant"),
        ("2026-13-22 09:30", "bad_instant"),
        ("2026-02-30 09:30", "bad_instant"),
        ("2026-11-22 24:00", "bad_instant"),
        ("2026-11-22 09:60", "bad_instant"),
        ("2026-11-22 09:30+25:00", "bad_instant"),
        ("2026-11-22 09:30+02:75", "bad_instant"),
        ("2026-11-22 09:30 CET", "bad_instant"),
        ("1764000000", "bad_instant"),
        ("٢٠٢٦-11-22 09:30", "bad_instant"),
        ("2026-11-22 09:30\x00", "bad_instant"),
        ("9" * 100_000, "bad_instant"),
        ("2026-11-22", "instant_without_time"),
        ("1969-12-31 10:00", "date_out_of_range"),
        ("2038-01-01 10:00Z", "date_out_of_range"),
        ("0001-01-01 00:00+14:00", "date_out_of_range"),
    ],
)
def test_an_unreadable_instant_says_which_kind(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        clock.parse_instant(text, "Europe/Berlin")
    assert caught.value.code == code
    assert len(str(caught.value.fields["text"])) <= 40


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_a_parser_in_any_other_way_than_bad_input(text: str) -> None:
    for parse in (
        lambda t: clock.parse_instant(t, "Europe/Berlin"),
        clock.parse_time,
        clock.parse_date,
        clock.parse_date_range,
        clock.zone,
    ):
        try:
            parse(text)
        except BadInput as error:
            assert error.code  # noqa: PT017 - either outcome is right, only its kind matters


@pytest.mark.parametrize(
    ("text", "read"),
    [("09:30", time(9, 30)), ("9:30", time(9, 30)), (" 00:00 ", time()), ("23:59", time(23, 59))],
)
def test_times(text: str, read: time) -> None:
    assert clock.parse_time(text) == read


def test_full_width_digits_and_colons_are_understood() -> None:
    assert clock.parse_time("０９：３０") == time(9, 30)
    assert clock.parse_date("２０２６-11-22") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("24:00", "time_is_24"),
        ("24:01", "bad_time"),
        ("09:60", "bad_time"),
        ("9", "bad_time"),
        ("9am", "bad_time"),
        ("09:30:00", "bad_time"),
        ("09:30" + " " * 50 + "x", "bad_time"),
        ("", "bad_time"),
    ],
)
def test_an_unreadable_time_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        clock.parse_time(text)
    assert caught.value.code == code


def test_date_ranges() -> None:
    span = (date(2026, 12, 24), date(2027, 1, 2))
    assert clock.parse_date_range("2026-12-24..2027-01-02") == span
    assert clock.parse_date_range("2026-12-24 .. 2027-01-02") == span
    assert clock.parse_date_range("2026-12-24") == (date(2026, 12, 24), date(2026, 12, 24))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-01-02..2026-12-24", "range_ends_before_start"),
        ("2026-12-24..", "bad_date"),
        ("..2026-12-24", "bad_date"),
        ("2026-12-24..2026-12-25..2026-12-26", "bad_date"),
        ("2026-02-30", "bad_date"),
        ("20261224", "bad_date"),
        ("2026-W52-4", "bad_date"),
        ("2050-01-01", "date_out_of_range"),
    ],
)
def test_an_unreadable_date_range_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        clock.parse_date_range(text)
    assert caught.value.code == code


def test_a_zone_gets_its_canonical_spelling() -> None:
    assert clock.zone("europe/BERLIN ") == "Europe/Berlin"
    assert clock.zone("UTC") == "UTC"
    assert all(clock.zone(name) == name for name in clock.known_zones())


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Berlin", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("../../etc/passwd", "Europe/Berlin"),
        ("", "Europe/Berlin"),
        ("x" * 10_000, "Europe/Berlin"),
        ("Zürich", "Europe/Zurich"),
    ],
)
def test_an_unknown_zone_comes_with_a_suggestion(name: str, suggestion: str) -> None:
    with pytest.raises(BadInput) as caught:
        clock.zone(name)
    assert caught.value.code == "unknown_zone"
    assert caught.value.fields["suggestion"] == suggestion
    with pytest.raises(BadInput):
        clock.to_utc(date(2026, 1, 1), time(9), name)


def test_zone_data_reaches_as_far_as_the_dates_that_are_accepted() -> None:
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        last = pytz.timezone(name)._utc_transition_times[-1]
        assert last.year >= clock.LAST_YEAR


def test_no_zone_changes_its_clocks_twice_within_two_days() -> None:
    for name in pytz.all_timezones:
        changes = getattr(pytz.timezone(name), "_utc_transition_times", [])
        real = [change for change in changes if change.year >= clock.FIRST_YEAR]
        gaps = [b - a for a, b in pairwise(real)]
        assert min(gaps, default=timedelta(days=9)) > timedelta(days=2), name


def test_the_clock_runs_ahead_by_its_offset_and_can_be_moved() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    ticking = Clock(timedelta(hours=1), lambda: noon)
    assert ticking.now() == noon + timedelta(hours=1)
    ticking.move(timedelta(days=1))
    assert ticking.now() == noon + timedelta(days=1, hours=1)
    assert ticking.offset == timedelta(days=1, hours=1)


def test_a_fast_clock_runs_from_when_it_was_made_and_knows_the_real_time() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    real = [noon]
    fast = Clock(timedelta(days=3), lambda: real[0], speed=60)
    assert fast.now() == noon + timedelta(days=3)
    real[0] += timedelta(minutes=1)
    assert fast.now() == noon + timedelta(days=3, hours=1)
    assert fast.offset == timedelta(days=3, minutes=59)
    assert fast.real(fast.now()) == real[0]
    assert fast.real(fast.now() + timedelta(hours=1)) == real[0] + timedelta(minutes=1)
    plain = Clock(timedelta(hours=1), lambda: noon)
    assert (plain.speed, plain.real(plain.now())) == (1.0, noon)


def test_the_clock_speaks_utc_and_refuses_a_naive_source() -> None:
    tokyo = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert Clock(source=lambda: tokyo).now() == datetime(2026, 11, 22, tzinfo=UTC)
    assert Clock(source=lambda: tokyo).now().tzinfo is UTC
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="naive"):
        Clock(source=lambda: datetime(2026, 11, 22)).now()  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="naive"):
        clock.to_local(datetime(2026, 11, 22), "UTC")  # noqa: DTZ001 - the point of the test
