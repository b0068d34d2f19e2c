"""Homes of one-on-ones after hours changed for good: who has to moves, nobody else does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import DateSpan, WorkCalendar
from bot.rules.half_days import HalfDay
from bot.rules.oneonone_homes import SAMPLED, instant, places, resettled, usual, week_of
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_plan import NOTICE
from bot.rules.oneonone_terms import Terms, minutes_of
from bot.rules.oneonones import MeetingState, Pair
from tests.rules.test_rules_oneonone_plan import (
    BOSS,
    NOW,
    offers,
    office,
    plan,
    settle,
    shapes,
    squads,
    stored,
    terms,
    works,
)

WEEK = week_of(NOW.date())
People = dict[int, WorkCalendar]


def again(how: Terms, pairs: Sequence[Pair], people: Mapping[int, WorkCalendar]) -> list[Pair]:
    """Return all pairs after somebody looked at their homes."""
    moved = {each.pair_id: each for each in resettled(pairs, {1: how}, people, WEEK)}
    return [moved.get(each.pair_id, each) for each in pairs]


def at_home(how: Terms, pair: Pair, people: Mapping[int, WorkCalendar]) -> bool:
    hours = Hours({key: usual(each) for key, each in people.items()})
    home = pair.home
    both = (pair.manager_id, pair.person_id)
    return home is not None and (home.day, home.at) in places(how, hours, both, WEEK)


def clash(one: Pair, two: Pair) -> bool:
    if one.home is None or two.home is None:
        return False
    if (one.home.week, one.home.day) != (two.home.week, two.home.day):
        return False
    return abs(minutes_of(one.home.at) - minutes_of(two.home.at)) < one.minutes


def changed(people: People, which: int, shape: WorkCalendar) -> tuple[int, People]:
    key = sorted(people)[which % len(people)]
    return key, {**people, key: shape}


@settings(deadline=None, max_examples=40)
@given(offers, squads, st.integers(0, 8), shapes)
def test_after_any_change_of_hours_only_who_has_to_gets_another_home(
    how: Terms, people: People, which: int, shape: WorkCalendar
) -> None:
    pairs, _ = settle(how, people)
    key, new = changed(people, which, shape)
    found = again(how, pairs, new)
    for before, after in zip(pairs, found, strict=True):
        if key not in (BOSS, before.person_id) or at_home(how, before, new):
            assert after == before
        elif after != before:
            assert replace(after, home=before.home) == before
            assert at_home(how, after, new)
            others = [each for each in found if each.pair_id != after.pair_id]
            assert not any(clash(after, other) for other in others)
    # Who found a home stays there, and who found none finds none the next night either.
    assert again(how, found, new) == found


@settings(deadline=None, max_examples=40)
@given(offers, squads, st.integers(0, 8), shapes)
def test_meetings_that_can_stay_stay(
    how: Terms, people: People, which: int, shape: WorkCalendar
) -> None:
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    standing = [each for each in meetings if each.state is MeetingState.PLANNED]
    key, new = changed(people, which, shape)
    found = again(how, pairs, new)
    moved = {each.before.one_on_one_id for each in plan(how, found, new, meetings) if each.before}
    for each in standing:
        fits = all(works(new[who], each.starts_at, how.minutes) for who in (BOSS, each.person_id))
        if fits:
            assert each.one_on_one_id not in moved
        else:
            assert key in (BOSS, each.person_id)


@settings(deadline=None, max_examples=40)
@given(offers, squads, st.integers(0, 8), shapes)
def test_a_change_and_its_reversal_end_in_a_home_and_move_nobody_else(
    how: Terms, people: People, which: int, shape: WorkCalendar
) -> None:
    pairs, _ = settle(how, people)
    key, new = changed(people, which, shape)
    there = again(how, pairs, new)
    back = again(how, there, people)
    assert again(how, back, people) == back
    for before, between, after in zip(pairs, there, back, strict=True):
        if key not in (BOSS, before.person_id) or between == before:
            assert after == before
        elif at_home(how, between, people):
            assert after == between


def test_an_hour_that_goes_and_comes_back_moves_once() -> None:
    how = terms()
    people = {BOSS: office(), **{key: office() for key in range(2, 8)}}
    pairs, _ = settle(how, people)
    hit = next(each for each in pairs if each.home and each.home.at < time(12))
    people[hit.person_id] = office(hours=(13, 17))
    there = again(how, pairs, people)
    (moved,) = [each for each in there if each not in pairs]
    assert moved.person_id == hit.person_id
    assert moved.home is not None
    assert moved.home.at >= time(13)
    people[hit.person_id] = office()
    assert again(how, there, people) == there


def test_a_manager_who_works_at_other_hours_has_everybody_at_another_place_evenly() -> None:
    how = terms(every_weeks=1, hours=(time(9), time(17)))
    people = {BOSS: office(hours=(9, 12)), **{key: office() for key in range(2, 22)}}
    pairs, left = settle(how, people)
    assert left == []
    people[BOSS] = office(hours=(13, 16))
    found = again(how, pairs, people)
    homes = {each.home for each in found}
    assert len(homes) == len(found)
    assert all(each is not None and each.at >= time(13) for each in homes)
    assert set(Counter(each.day for each in homes if each).values()) == {4}


def test_who_finds_no_other_home_keeps_theirs_and_nobody_takes_it() -> None:
    how = terms(every_weeks=1, days=frozenset({0}), hours=(time(10), time(12)), minutes=60)
    people = {BOSS: office(), 2: office(), 3: office()}
    pairs, left = settle(how, people)
    assert left == []
    first = next(each for each in pairs if each.home and each.home.at == time(10))
    other = next(each for each in pairs if each != first)
    # One cannot meet at all any more, the other only where the first one's home is.
    people[first.person_id] = office(hours=(14, 17))
    people[other.person_id] = office(hours=(9, 11))
    assert again(how, pairs, people) == pairs
    people[first.person_id] = office()
    assert again(how, pairs, people) == pairs


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 60), st.integers(0, 200), st.sets(st.integers(0, 60), max_size=9))
def test_time_off_holidays_and_half_days_choose_no_home_again(
    first: int, days: int, off: set[int]
) -> None:
    how = terms()
    people = {BOSS: office(), **{key: office() for key in range(2, 6)}}
    pairs, _ = settle(how, people)
    start = NOW.date() + timedelta(days=first)
    several = {NOW.date() + timedelta(days=each) for each in off}
    for key in (BOSS, 2):
        people[key] = replace(
            people[key],
            time_off=(DateSpan(start, start + timedelta(days=days)),),
            holidays=frozenset(several),
            half_days=tuple(HalfDay(each, end=time(9, 30)) for each in sorted(several)),
        )
    assert again(how, pairs, people) == pairs


def test_half_days_on_all_the_days_that_are_tried_choose_no_home_again() -> None:
    how = terms()
    people = {BOSS: office(), 2: office()}
    pairs, _ = settle(how, people)
    home = pairs[0].home
    assert home is not None
    days = [instant("UTC", WEEK + ahead, home.day, home.at).date() for ahead in SAMPLED]
    people[2] = replace(people[2], half_days=tuple(HalfDay(day, end=time(9, 30)) for day in days))
    assert again(how, pairs, people) == pairs


def test_nothing_moves_nearer_than_both_can_hear_of() -> None:
    how = terms(every_weeks=1, days=frozenset({0, 1}))
    people = {BOSS: office(), 2: office(hours=(9, 12))}
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    now = NOW + timedelta(days=7, hours=1)  # its next meeting is this morning
    assert min(each.starts_at for each in meetings if each.starts_at > now) < now + NOTICE
    people[2] = office(hours=(13, 17))
    (pair,) = again(how, pairs, people)
    assert pair.home is not None
    assert instant("UTC", WEEK + 1, pair.home.day, pair.home.at) < now + NOTICE
    starts = [each.start for each in plan(how, [pair], people, meetings, now)]
    assert instant("UTC", WEEK + 1, 1, pair.home.at) in starts  # the day after, this week
    assert all(each is not None and each >= now + NOTICE for each in starts)


def test_a_home_is_looked_at_in_the_zone_of_its_terms() -> None:
    how = terms(zone="Europe/Berlin", hours=(time(10), time(15)))
    people = {BOSS: office("Europe/Berlin"), 2: office("Europe/Berlin")}
    (pair,), _ = settle(how, people)
    people[2] = office("America/New_York", hours=(8, 16))  # from 14:00 in Berlin, 13:00 for weeks
    (moved,) = again(how, [pair], people)
    assert moved.home is not None
    assert moved.home.at >= time(14)
    start = instant("Europe/Berlin", WEEK, moved.home.day, moved.home.at)
    assert start.date() >= date(2026, 3, 2)
    assert works(people[2], start, how.minutes)
