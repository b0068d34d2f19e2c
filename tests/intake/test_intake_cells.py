"""Instants, numbers, links, text: what is read, and that nothing is guessed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.intake import cells
from bot.intake.cells import CellError, Instants
from bot.rules.intake import Reason

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def read(text: str, zone: str = "UTC") -> datetime:
    return Instants(zone, NOW).read(text, "submitted_at")


def reason(call: Callable[..., object], *args: object, **kwargs: object) -> Reason:
    with pytest.raises(CellError) as caught:
        call(*args, **kwargs)
    return caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04T05:06:07Z",
        "2026-03-04 05:06:07Z",
        "2026-03-04T05:06:07.000Z",
        "2026-03-04T06:06:07+01:00",
        "2026-03-04 06:06:07 +0100",
        "2026-03-04 05:06:07 UTC",
        "2026-03-03T23:36:07-05:30",
        "1772600767",
        "1772600767.0",
        "1772600767000",
    ],
)
def test_instants_with_their_own_offset_do_not_ask_for_the_zone(text: str) -> None:
    instants = Instants(BERLIN, NOW)
    assert instants.read(text, "submitted_at") == datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert instants.assumed == 0


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-04 05:06:07", datetime(2026, 3, 4, 4, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07", datetime(2026, 3, 4, 4, 6, 7, tzinfo=UTC)),
        ("2026-03-04 05:06", datetime(2026, 3, 4, 4, 6, tzinfo=UTC)),
        ("2026-03-04 05:06:07.5", datetime(2026, 3, 4, 4, 6, 7, 500_000, tzinfo=UTC)),
        ("2026-03-29 01:59:59", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
        ("2026-03-29 02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # skipped: 03:30
        (
            "2025-10-26 02:30:00",
            datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        ),  # twice: the first
        ("2025-10-26 03:00:00", datetime(2025, 10, 26, 2, 0, tzinfo=UTC)),
    ],
)
def test_instants_without_offset_are_read_in_the_zone_and_counted(text: str, utc: datetime) -> None:
    instants = Instants(BERLIN, NOW)
    assert instants.read(text, "submitted_at") == utc
    assert instants.assumed == 1


@given(
    moment=st.datetimes(datetime.fromisoformat("2000-01-03"), datetime.fromisoformat("2026-05-30")),
    zone=st.sampled_from(
        [
            "UTC",
            BERLIN,
            "Australia/Lord_Howe",
            "America/St_Johns",
            "Africa/Casablanca",
            "Pacific/Apia",
            "America/Sao_Paulo",
            "Asia/Kathmandu",
        ]
    ),
)
def test_the_fast_way_says_what_the_clock_says(moment: datetime, zone: str) -> None:
    local = moment.replace(microsecond=0)
    instants = Instants(zone, NOW)
    for text in (str(local), local.isoformat()):
        assert instants.read(text, "x") == clock.to_utc(local.date(), local.time(), zone)
    assert instants.read(f"{local}Z", "x") == local.replace(tzinfo=UTC)
    assert instants.read(f"{local}Z", "x").tzinfo is UTC


def test_every_minute_around_a_change_at_one_past_midnight() -> None:
    instants = Instants("America/St_Johns", NOW)
    start = datetime.fromisoformat("2010-11-06T22:00")
    for minute in range(300):
        local = start + timedelta(minutes=minute)
        expected = clock.to_utc(local.date(), local.time(), "America/St_Johns")
        assert instants.read(str(local), "x") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", Reason.NOT_A_TIME),
        ("04/03/2026 05:06:07", Reason.NOT_A_TIME),
        ("2026-13-04 05:06:07", Reason.NOT_A_TIME),
        ("2026-02-30 05:06:07", Reason.NOT_A_TIME),
        ("2026-03-04 25:06:07", Reason.NOT_A_TIME),
        ("2026-03-04x05:06:07", Reason.NOT_A_TIME),
        ("2026-03-04 05:06:07 CEST", Reason.NOT_A_TIME),
        ("Z", Reason.NOT_A_TIME),
        ("nan", Reason.NOT_A_TIME),
        ("17", Reason.NOT_A_TIME),
        ("17726007670001", Reason.NOT_A_TIME),
        ("１７７２６００７６７", Reason.NOT_A_TIME),
        ("2026-03-04", Reason.DATE_ONLY),
        ("20260304", Reason.DATE_ONLY),
        ("1999-12-31 23:59:59", Reason.TOO_EARLY),
        ("1999-12-31T23:59:59Z", Reason.TOO_EARLY),
        ("1900-01-01 00:00:00", Reason.TOO_EARLY),
        ("0001-01-01 00:00:00", Reason.TOO_EARLY),
        ("2026-06-03 00:00:00", Reason.IN_FUTURE),
        ("2099-01-01 00:00:00", Reason.IN_FUTURE),
        ("9999-12-31 23:59:59", Reason.IN_FUTURE),
        ("9999-12-31T23:59:59-12:00", Reason.IN_FUTURE),
        ("9999999999", Reason.IN_FUTURE),
        ("9999999999999", Reason.IN_FUTURE),
    ],
)
def test_instants_that_are_refused(text: str, expected: Reason) -> None:
    for zone in ("UTC", "Asia/Shanghai"):
        assert reason(read, text, zone) is expected


def test_a_day_ahead_is_a_zone_mistaken_and_let_through() -> None:
    assert read(str((NOW + timedelta(hours=23)).replace(tzinfo=None))) > NOW


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CellError):
        assert read(text, BERLIN).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("0", False, 0.0),
        ("12.50", False, 12.5),
        (".5", False, 0.5),
        ("1e3", False, 1000.0),
        ("12,5", True, 12.5),
        ("12.5", True, 12.5),
        ("-0", False, 0.0),
    ],
)
def test_seconds(text: str, comma: bool, number: float) -> None:
    assert cells.seconds(text, "duration_s", decimal_comma=comma) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1", Reason.NEGATIVE),
        ("-0.001", Reason.NEGATIVE),
        ("nan", Reason.NOT_A_NUMBER),
        ("inf", Reason.NOT_A_NUMBER),
        ("1e999", Reason.NOT_A_NUMBER),
        ("12,5", Reason.NOT_A_NUMBER),
        ("1_000", Reason.NOT_A_NUMBER),
        ("0:45", Reason.NOT_A_NUMBER),
        ("45 s", Reason.NOT_A_NUMBER),
        ("١٢", Reason.NOT_A_NUMBER),
        ("9" * 5000, Reason.NOT_A_NUMBER),
    ],
)
def test_seconds_that_are_refused(text: str, expected: Reason) -> None:
    assert reason(cells.seconds, text, "duration_s", decimal_comma=False) is expected


def test_a_comma_that_reads_two_ways_is_refused_even_with_decimal_comma() -> None:
    assert reason(cells.seconds, "1,234,567", "x", decimal_comma=True) is Reason.NOT_A_NUMBER
    assert reason(cells.seconds, "1.234,5", "x", decimal_comma=True) is Reason.NOT_A_NUMBER


def test_whole_numbers() -> None:
    assert cells.whole_number("17.0", "size", 20) == 17
    for text in ("17.5", "21", "x"):
        assert reason(cells.whole_number, text, "size", 20) is Reason.NOT_A_NUMBER
    assert reason(cells.whole_number, "-1", "size", 20) is Reason.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "http://a",
        "https://tool.example.com/tasks/1?x=1#y",
        "HTTPS://a.b",
        "https://tool.example/任务/1",
    ],
)
def test_links(text: str) -> None:
    assert cells.link(text, "url", 3000) == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://a.b",
        "tool.example.com/1",
        "https://",
        "https:///path",
        "https://a b",
        "https://a\u00a0b",
        "https://a\nb",
        "https://a\u202eb",
    ],
)
def test_links_that_are_refused(text: str) -> None:
    assert reason(cells.link, text, "url", 3000) is Reason.NOT_A_LINK


def test_a_link_too_long() -> None:
    assert reason(cells.link, "https://a/" + "x" * 3000, "url", 3000) is Reason.TOO_LONG


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\x00b", "a\x7fb", "a\u2028b", "a\x85b"])
def test_names_hold_no_control_characters(text: str) -> None:
    assert reason(cells.name_text, text, "task", 200) is Reason.CONTROL_CHARACTER


def test_prose_keeps_line_breaks_and_loses_other_control_characters() -> None:
    assert cells.free_text("a\r\nb\rc\n\td\x00\x1b[e\x9c", "note", 99) == "a\nb\nc\n\td[e"
    assert cells.free_text("\x00\x01", "note", 99) == ""


@pytest.mark.parametrize("check", [cells.name_text, cells.free_text])
def test_text_that_cannot_be_kept(
    check: Callable[[str, str, int], str],
) -> None:
    assert check("é\u00a0\u200d😀", "note", 4) == "é\u00a0\u200d😀"
    assert reason(check, "a\ud800", "note", 99) is Reason.NOT_TEXT
    assert reason(check, "abc", "note", 2) is Reason.TOO_LONG


def test_days_zones_and_lists() -> None:
    assert cells.day("2026-12-24", "due") == date(2026, 12, 24)
    assert reason(cells.day, "24.12.2026", "due") is Reason.NOT_A_DATE
    assert cells.zone("europe/berlin", "zone") == BERLIN
    with pytest.raises(CellError) as caught:
        cells.zone("Berlim", "zone")
    assert caught.value.fields == {"value": "Berlim", "suggestion": BERLIN}
    assert cells.several("b, a;;a|c\n", str) == ("b", "a", "c")


def test_what_a_cell_said_is_repeated_cut_short() -> None:
    with pytest.raises(CellError) as caught:
        read("x" * 500)
    assert caught.value.at(7).row == 7
    assert caught.value.at(7).fields == {"value": "x" * 60}
