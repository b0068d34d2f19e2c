from datetime import date, time, timedelta

import pytest

from bot.rules.audits import Origin, Verdict
from bot.rules.calendar import DateSpan, WorkCalendar, make_calendar
from bot.rules.digests import (
    WINDOW,
    Cadence,
    DayScore,
    Edition,
    count_working_days,
    day_scores,
    period,
    planned_audits,
    trend_days,
    window_of,
    working_days,
)
from bot.rules.quality import AuditTally

WEEKDAYS = make_calendar("UTC", range(5), (time(9), time(17)))
# March 2026 begins on a Sunday.
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 13)


def edition(day: date, cadence: Cadence = Cadence.DAILY, *, so_far: bool = False) -> Edition:
    return Edition(workspace_id=1, squad_id=1, cadence=cadence, day=day, so_far=so_far)


def span(first: tuple[int, int], last: tuple[int, int]) -> DateSpan:
    return DateSpan(date(2026, *first), date(2026, *last))


def test_a_planned_daily_digest_ends_with_the_day_before() -> None:
    found = period(WEEKDAYS, edition(TUESDAY))
    assert found.now == span((2, 24), (3, 9))
    assert found.before == span((2, 10), (2, 23))
    assert found.news == span((3, 9), (3, 9))


def test_mondays_digest_holds_the_weekend() -> None:
    found = period(WEEKDAYS, edition(MONDAY))
    assert found.now == span((2, 23), (3, 8))
    assert found.news == span((3, 6), (3, 8))


def test_one_asked_for_holds_today_as_well() -> None:
    found = period(WEEKDAYS, edition(TUESDAY, so_far=True))
    assert found.now == span((2, 25), (3, 10))
    assert found.news == span((3, 9), (3, 10))


def test_one_asked_for_on_a_sunday_has_the_last_working_days() -> None:
    found = period(WEEKDAYS, edition(date(2026, 3, 8), so_far=True))
    assert found.now == span((2, 23), (3, 8))
    assert found.news == span((3, 6), (3, 8))


def test_holidays_are_no_working_days() -> None:
    calendar = make_calendar(
        "UTC", range(5), (time(9), time(17)), holidays=[date(2026, 3, 6), date(2026, 3, 9)]
    )
    found = period(calendar, edition(TUESDAY))
    assert found.now == span((2, 20), (3, 9))
    assert found.news == span((3, 5), (3, 9))


@pytest.mark.parametrize("day", [TUESDAY, MONDAY, FRIDAY, date(2026, 3, 8)])
@pytest.mark.parametrize("so_far", [True, False])
def test_what_is_compared_meets_and_never_overlaps(day: date, so_far: bool) -> None:
    for cadence in Cadence:
        found = period(WEEKDAYS, edition(day, cadence, so_far=so_far))
        assert found.before.last + timedelta(days=1) == found.now.first
        assert found.before.first <= found.before.last


@pytest.mark.parametrize("day", [9, 10, 11])
def test_early_in_the_week_the_weekly_digest_is_about_the_week_before(day: int) -> None:
    found = period(WEEKDAYS, edition(date(2026, 3, day), Cadence.WEEKLY))
    assert found.now == found.news == span((3, 2), (3, 8))
    assert found.before == span((2, 23), (3, 1))


@pytest.mark.parametrize("day", [12, 13, 15])
def test_late_in_the_week_it_is_about_this_week(day: int) -> None:
    found = period(WEEKDAYS, edition(date(2026, 3, day), Cadence.WEEKLY))
    assert found.now == span((3, 9), (3, day))
    assert found.before == span((3, 2), (3, 8))


def test_a_squad_that_never_works_still_has_days() -> None:
    asleep = WorkCalendar(zone="UTC", working_days=frozenset(), start=time(9), end=time(17))
    assert working_days(asleep, MONDAY, 3) == [MONDAY - timedelta(days=n) for n in (2, 1, 0)]


def test_working_days_and_the_audits_due_on_them() -> None:
    fortnight = span((2, 23), (3, 8))
    assert count_working_days(WEEKDAYS, fortnight) == 10
    assert planned_audits(WEEKDAYS, fortnight, contributors=8, per_week=8) == 128
    assert planned_audits(WEEKDAYS, span((3, 2), (3, 4)), contributors=8, per_week=8) == 38
    assert planned_audits(WEEKDAYS, fortnight, contributors=8, per_week=None) is None


def test_a_chart_ends_where_the_digest_ends() -> None:
    daily = trend_days(WEEKDAYS, edition(MONDAY))
    assert (len(daily), daily[0], daily[-1]) == (10, date(2026, 2, 23), date(2026, 3, 6))
    weekly = trend_days(WEEKDAYS, edition(MONDAY, Cadence.WEEKLY))
    assert (len(weekly), weekly[-1]) == (30, date(2026, 3, 6))


def audit(*, good: bool) -> AuditTally:
    verdict = Verdict.ACCEPTED if good else Verdict.REJECTED
    return AuditTally(origin=Origin.RANDOM, verdict=verdict, count=1)


def test_a_days_score_is_the_one_of_the_digest_of_the_next_working_day() -> None:
    shown = [date(2026, 3, 5), date(2026, 3, 6), MONDAY]
    audits = [
        (date(2026, 2, 19), audit(good=False)),  # before every window
        (date(2026, 2, 20), audit(good=False)),  # the first day of Thursday's
        (date(2026, 3, 5), audit(good=True)),
        (date(2026, 3, 7), audit(good=True)),  # a Saturday: counts with Friday
        (MONDAY, audit(good=True)),
        (TUESDAY, audit(good=False)),  # after the end
    ]
    found = day_scores(WEEKDAYS, shown, MONDAY, audits)
    assert [(day.score.rate, day.score.n, day.audits) for day in found] == [
        (0.5, 2, 1),
        (1.0, 2, 1),
        (1.0, 3, 1),
    ]
    for this, tomorrow in zip(shown, [date(2026, 3, 6), MONDAY, TUESDAY], strict=True):
        now = period(WEEKDAYS, edition(tomorrow)).now
        assert now.first == window_of(WEEKDAYS, this)
        inside = sum(now.first <= day <= now.last for day, _ in audits)
        (score,) = [day.score for day in found if day.day == this]
        assert score.n == inside


def test_days_without_audits_have_no_score() -> None:
    (found,) = day_scores(WEEKDAYS, [MONDAY], MONDAY, [])
    assert isinstance(found, DayScore)
    assert (found.score.rate, found.audits) == (None, 0)
    assert WINDOW == 10
