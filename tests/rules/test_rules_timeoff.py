"""Time off: how it is typed, what is refused, what joins what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.timeoff import LONGEST, Absence, Plan, check, covers, joined, meets, read_plan

TODAY = date(2026, 3, 10)
XMAS = date(2026, 12, 24)
AFTER = date(2027, 1, 2)


@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ("2026-12-24..2027-01-02", Plan(first=XMAS, last=AFTER)),
        ("2026-12-24 .. 2027-01-02", Plan(first=XMAS, last=AFTER)),
        ("2026-12-24…2027-01-02", Plan(first=XMAS, last=AFTER)),
        ("2026-12-24–2027-01-02", Plan(first=XMAS, last=AFTER)),
        ("2026-12-24 to 2027-01-02", Plan(first=XMAS, last=AFTER)),
        ("2026-12-24", Plan(first=XMAS, last=XMAS)),
        (
            " 2026-12-24..2027-01-02 to my mother ",
            Plan(first=XMAS, last=AFTER, reason="to my mother"),
        ),
        ("2026-12-24, dentist", Plan(first=XMAS, last=XMAS, reason="dentist")),
    ],
)
def test_a_range_is_read_as_people_write_it(typed: str, plan: Plan) -> None:
    assert read_plan(typed) == plan


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("tomorrow", "timeoff_unreadable"),
        ("24.12.2026", "timeoff_unreadable"),
        ("<!channel>", "timeoff_unreadable"),
        ("2026-12-24..", "timeoff_unreadable"),
        ("2026-12-242", "timeoff_unreadable"),
        ("2026-12-40", "bad_date"),
        ("2026-1-2", "bad_date"),
        ("2050-01-01", "date_out_of_range"),
        ("2027-01-02..2026-12-24", "range_ends_before_start"),
        ("2026-12-24 " + "x" * 501, "text_too_long"),
        ("x" * 10_000, "timeoff_unreadable"),
    ],
)
def test_what_is_no_range_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_plan(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("first", "days", "code", "field"),
    [
        (TODAY - timedelta(days=9), 9, "timeoff_past", "timeoff_last"),
        (TODAY, 367, "timeoff_too_long", "timeoff_last"),
        (TODAY + timedelta(days=733), 1, "timeoff_too_far", "timeoff_first"),
        (TODAY, 0, "range_ends_before_start", "timeoff_last"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    first: date, days: int, code: str, field: str
) -> None:
    with pytest.raises(BadInput) as caught:
        check(Plan(first=first, last=first + timedelta(days=days - 1)), TODAY)
    assert (caught.value.code, caught.value.fields["field"]) == (code, field)


def test_the_edges_are_allowed() -> None:
    check(Plan(first=TODAY - timedelta(days=9), last=TODAY), TODAY)
    check(Plan(first=TODAY, last=TODAY + LONGEST - timedelta(days=1)), TODAY)
    check(Plan(first=TODAY + timedelta(days=732), last=TODAY + timedelta(days=732)), TODAY)


def absence(first: int, last: int, reason: str | None = None) -> Absence:
    day = timedelta(days=1)
    return Absence(
        absence_id=1, person_id=1, first=TODAY + day * first, last=TODAY + day * last, reason=reason
    )


def plan(first: int, last: int, reason: str | None = None) -> Plan:
    return Plan(
        first=TODAY + timedelta(days=first), last=TODAY + timedelta(days=last), reason=reason
    )


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)


@given(SPANS, SPANS)
def test_ranges_meet_when_no_day_lies_between_them(one: list[int], two: list[int]) -> None:
    together = set(range(one[0], one[1] + 1)) | set(range(two[0], two[1] + 1))
    gapless = together == set(range(min(together), max(together) + 1))
    assert meets(absence(*one), plan(*two)) is gapless


@given(SPANS, SPANS)
def test_joining_covers_both_and_nothing_else(one: list[int], two: list[int]) -> None:
    whole = joined(plan(*two), [absence(*one)])
    assert whole.first == TODAY + timedelta(days=min(one[0], two[0]))
    assert whole.last == TODAY + timedelta(days=max(one[1], two[1]))
    assert covers(absence(min(one[0], two[0]), max(one[1], two[1])), plan(*two))


def test_a_new_reason_replaces_the_old_ones_and_without_one_they_stay() -> None:
    others = [absence(0, 1, "dentist"), absence(3, 4, "moving"), absence(5, 6, "dentist")]
    assert joined(plan(2, 2), others).reason == "dentist; moving"
    assert joined(plan(2, 2, "private"), others).reason == "private"
    assert not covers(absence(0, 4, "dentist"), plan(1, 2, "moving"))
