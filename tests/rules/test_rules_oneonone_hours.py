"""When people are there for a one-on-one: prepared, and in no sync; and where that leads homes."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.oneonone_homes import Home, Homes, Merit, wanted, week_of
from bot.rules.oneonone_hours import PREPARED, Hours, Regular
from bot.rules.oneonone_plan import Planner, Taken
from bot.rules.oneonone_terms import Terms
from bot.rules.oneonones import SOON
from tests.rules.test_rules_oneonone_plan import BOSS, NOW, SIX, office, pair, plan, stored, terms

WEEK = week_of(NOW.date())
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
EVERY_DAY = frozenset(range(5))


def sync(
    at: str, minutes: int = 30, days: frozenset[int] = EVERY_DAY, zone: str = "UTC"
) -> Regular:
    return Regular(zone=zone, days=days, at=time.fromisoformat(at), minutes=minutes)


def homes(
    how: Terms, n: int, regulars: Mapping[int, frozenset[Regular]] | None = None
) -> list[Home]:
    """Return the homes of `n` people who work from nine to five as their manager does."""
    people = {key: office() for key in range(1, n + 2)}
    those = wanted(how, people, BOSS, range(2, n + 2), WEEK, regulars)
    return list(Homes(how, []).assign(those).values())


@pytest.mark.parametrize(
    ("start", "ready"),
    [("08:50", False), ("09:00", False), ("09:14", False), ("09:15", True), ("16:30", True)],
)
def test_ready_is_who_is_at_work_a_little_before(start: str, ready: bool) -> None:
    begin = datetime.fromisoformat(f"2026-03-03T{start}+00:00")
    assert Hours({2: office()}).ready(2, begin, begin + timedelta(minutes=30)) is ready


def test_nobody_is_ready_who_comes_out_of_the_middle_of_a_sync() -> None:
    hours = Hours({2: office()}, {2: [sync("10:00", 20)]})
    for start, meets in (("09:30", False), ("09:45", True), ("10:15", True), ("10:20", False)):
        begin = datetime.fromisoformat(f"2026-03-03T{start}+00:00")
        end = begin + timedelta(minutes=30)
        assert hours.meets(2, begin, end) is meets, start
        assert hours.ready(2, begin, end) is not meets, start
    saturday = datetime.fromisoformat("2026-03-07T10:00+00:00")
    assert not hours.meets(2, saturday, saturday + timedelta(minutes=30))


@given(
    zone=st.sampled_from(ZONES),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    at=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    minutes=st.integers(1, 480),
    after=st.integers(0, 364 * 24 * 60),
    length=st.sampled_from((15, 30, 60)),
)
def test_a_sync_takes_its_minutes_in_any_zone(
    zone: str, days: frozenset[int], at: time, minutes: int, after: int, length: int
) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=after)
    end = begin + timedelta(minutes=length)
    hours = Hours({}, {2: [Regular(zone=zone, days=days, at=at, minutes=minutes)]})
    expected = False
    for n in range(-2, 3):
        day = (begin + timedelta(days=n)).date()
        wall = datetime.combine(day, at, ZoneInfo(zone))
        there = wall.astimezone(UTC)
        if there.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None):
            return  # the hour that a change leaves out; where it is held instead is the clock's
        if day.weekday() in days:
            expected |= there < end and begin < there + timedelta(minutes=minutes)
    assert hours.meets(2, begin, end) is expected


def test_homes_leave_the_first_quarter_of_an_hour_and_syncs_alone() -> None:
    how = terms(hours=(time(9), time(12)), every_weeks=1)  # six places a day
    assert {each.at for each in homes(how, 10)} == {time(9, 30), time(10)}
    besides = {key: frozenset({sync("09:30", 40)}) for key in range(1, 12)}
    found = homes(how, 10, besides)
    assert {each.at for each in found} == {time(10, 30), time(11)}
    assert {each.day for each in found} == EVERY_DAY


def test_where_there_is_no_better_place_they_are_taken_all_the_same() -> None:
    how = terms(hours=(time(9), time(10)), every_weeks=1)
    found = homes(how, 10)
    assert len(set(found)) == 10
    assert {each.at for each in found} == {time(9), time(9, 30)}
    besides = {BOSS: frozenset({sync("09:00", 60)})}
    assert len(set(homes(how, 10, besides))) == 10


def test_days_are_even_although_one_suits_better() -> None:
    how = terms(hours=(time(9), time(11)), days=frozenset({0, 1}), every_weeks=1)
    besides = {BOSS: frozenset({sync("09:00", 120, frozenset({0}))})}
    found = homes(how, 4, besides)
    assert sorted(each.day for each in found) == [0, 0, 1, 1]


def test_lasting_through_the_year_comes_before_being_ready() -> None:
    # In winter alone Berlin is at work at three o'clock; before, the manager comes out of syncs.
    how = terms(hours=(time(8), time(15, 30)), every_weeks=1)
    people = {BOSS: office(hours=(8, 17)), 2: office("Europe/Berlin")}
    besides = {BOSS: frozenset({sync("08:00", 420)})}
    (those,) = wanted(how, people, BOSS, [2], WEEK, besides)
    assert those.places[0, time(8)] == Merit(lasts=4, ready=0)
    assert those.places[0, time(15)] == Merit(lasts=2, ready=2)
    assert Homes(how, []).assign([those])[2].at < time(15)


def test_a_meeting_that_moves_goes_where_both_are_ready() -> None:
    how = terms(hours=(time(9), time(12)), days=frozenset({1}), every_weeks=1)
    people = {BOSS: office(), 2: office()}
    two = pair(how, 2, Home(0, 1, time(9, 30)))
    moved = plan(how, [two], people)
    assert {each.start.time() for each in moved if each.start} == {time(9, 30)}
    late = {BOSS: office(hours=(10, 17)), 2: office()}
    found = plan(how, [two], late, [stored(each, how) for each in moved])
    assert found
    assert {each.start.time() for each in found if each.start} == {time(10, 30)}


def test_nobody_is_offered_the_time_of_a_sync() -> None:
    how = terms(hours=(time(10), time(12)), days=frozenset({1}), every_weeks=1)
    people = {BOSS: office(), 2: office()}
    pairs = [pair(how, 2, Home(0, 1, time(10)))]
    for who in (BOSS, 2):
        hours = Hours(people, {who: [sync("11:00")]})
        planner = Planner(pairs, {1: how}, hours, Taken(), NOW)
        found = list(planner.free_places(pairs[0], NOW + timedelta(days=7), NOW + SIX))
        assert found
        assert {each.time() for each in found} == {time(10), time(10, 30), time(11, 30)}


def test_prepared_is_longer_than_the_reminder_is_early() -> None:
    assert PREPARED > SOON
