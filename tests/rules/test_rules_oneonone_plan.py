"""One-on-ones' planner: hours of both, no overlaps, even days, and nobody moves for another."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock
from bot.rules.calendar import DateSpan, WorkCalendar, make_calendar
from bot.rules.oneonone_homes import Homes, Wanted, grid, places, slot_of, usual, week_of
from bot.rules.oneonone_hours import Hours
from bot.rules.oneonone_plan import Placed, Planner, Taken
from bot.rules.oneonone_terms import Takes, Terms
from bot.rules.oneonones import Home, MeetingState, OneOnOne, Pair, Why
from tests.rules.calendar_oracle import oracle_works

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday; clocks change in the weeks after it
SIX = timedelta(weeks=6)
BOSS = 1
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def office(zone: str = "UTC", hours: tuple[int, int] = (9, 17), off: object = ()) -> WorkCalendar:
    return make_calendar(zone, range(5), (time(hours[0]), time(hours[1])), time_off=off)


def terms(**changes: object) -> Terms:
    found = Terms(
        every_weeks=2,
        days=frozenset(range(5)),
        hours=(time(10), time(15)),
        zone="UTC",
        minutes=30,
        takes=Takes.REST,
    )
    return replace(found, **changes)


def settle(
    how: Terms, people: Mapping[int, WorkCalendar], held: Sequence[Pair] = ()
) -> tuple[list[Pair], list[int]]:
    """Return pairs with a home for everybody who has none yet, and who found no place."""
    hours = Hours({key: usual(each) for key, each in people.items()})
    there = {each.person_id for each in held}
    new = [
        Wanted(person_id=key, places=places(how, hours, (BOSS, key), week_of(NOW.date())))
        for key in sorted(people)
        if key != BOSS and key not in there
    ]
    homes = Homes(how, held).assign(new)
    return [*held, *(pair(how, key, home) for key, home in sorted(homes.items()))], [
        each.person_id for each in new if each.person_id not in homes
    ]


def pair(how: Terms, person_id: int, home: Home | None) -> Pair:
    return Pair(
        pair_id=person_id,
        squad_id=1,
        manager_id=BOSS,
        person_id=person_id,
        every_weeks=how.every_weeks,
        minutes=how.minutes,
        zone=how.zone,
        home=home,
    )


def plan(
    how: Terms,
    pairs: Sequence[Pair],
    people: Mapping[int, WorkCalendar],
    meetings: Sequence[OneOnOne] = (),
    now: datetime = NOW,
) -> list[Placed]:
    hours = Hours(people)
    planner = Planner(pairs, {1: how}, hours, Taken(), now)
    stand = [
        each for each in meetings if each.state is MeetingState.PLANNED and planner.stands(each)
    ]
    return Planner(pairs, {1: how}, hours, Taken(stand), now).plan(meetings, now + SIX)


KEYS = count(1)


def stored(placed: Placed, how: Terms) -> OneOnOne:
    start = placed.start or placed.home
    return OneOnOne(
        one_on_one_id=next(KEYS),
        pair_id=placed.pair.pair_id,
        squad_id=1,
        manager_id=BOSS,
        person_id=placed.pair.person_id,
        slot=placed.slot,
        starts_at=start,
        ends_at=start + timedelta(minutes=how.minutes),
        revision=0,
        state=MeetingState.PLANNED if placed.start else MeetingState.CANCELLED,
        why=None if placed.start else Why.NO_TIME,
    )


def works(calendar: WorkCalendar, start: datetime, minutes: int) -> bool:
    """Ask the brute-force reader of every quarter of an hour."""
    steps = range(0, minutes, 15)
    return all(oracle_works(calendar, start + timedelta(minutes=each)) for each in steps)


@pytest.mark.parametrize(
    ("day", "every", "slot"),
    [
        (date(2026, 3, 2), 1, "2026-W10"),
        (date(2026, 3, 8), 1, "2026-W10"),
        (date(2026, 12, 31), 1, "2026-W53"),
        (date(2027, 1, 3), 1, "2026-W53"),
    ],
)
def test_a_slot_is_the_week_in_which_the_round_begins(day: date, every: int, slot: str) -> None:
    assert slot_of(week_of(day), every) == slot


def test_a_round_of_two_weeks_has_one_slot() -> None:
    weeks = {slot_of(week_of(NOW.date()) + n, 2) for n in range(6)}
    assert len(weeks) in {3, 4}


def test_the_grid_holds_whole_meetings_only() -> None:
    found = grid(terms(days=frozenset({2}), hours=(time(10), time(11, 10)), minutes=30))
    assert found == ((2, time(10)), (2, time(10, 30)))


@pytest.mark.parametrize("n", [1, 7, 10, 23, 61, 100])
def test_people_without_a_wish_are_spread_evenly_over_all_days(n: int) -> None:
    how = terms()
    pairs, left = settle(how, {BOSS: office(), **{key: office() for key in range(2, n + 2)}})
    days = Counter((each.home.week, each.home.day) for each in pairs if each.home)
    loads = [days[week, day] for week in range(2) for day in range(5)]
    assert left == []
    assert max(loads) - min(loads) <= 1


def test_more_people_than_places_leaves_exactly_the_surplus() -> None:
    how = terms(days=frozenset({1}), hours=(time(10), time(12)))  # 4 places a week, 8 in two
    _, left = settle(how, {BOSS: office(), **{key: office() for key in range(2, 14)}})
    assert len(left) == 4


def test_those_with_few_choices_get_them_though_others_come_first() -> None:
    how = terms(every_weeks=1, days=frozenset({0}), hours=(time(10), time(12)))
    people = {
        BOSS: office(),
        2: office(),
        3: office(hours=(9, 11)),
        4: office(hours=(10, 11)),
        5: office(),
    }
    pairs, left = settle(how, people)
    assert left == []
    assert len({each.home for each in pairs}) == 4


def test_no_common_hour_is_no_place_at_all() -> None:
    hours = Hours({BOSS: office(), 2: office("Pacific/Auckland")})
    assert places(terms(), hours, (BOSS, 2), week_of(NOW.date())) == {}


shapes = st.builds(
    office,
    st.sampled_from(ZONES),
    st.sampled_from([(9, 17), (8, 12), (12, 20), (7, 15)]),
    st.lists(
        st.builds(
            lambda first, days: DateSpan(
                NOW.date() + timedelta(days=first), NOW.date() + timedelta(days=first + days)
            ),
            st.integers(0, 45),
            st.integers(0, 20),
        ),
        max_size=2,
    ).map(tuple),
)
offers = st.builds(
    lambda every, days, hours, zone, minutes: terms(
        every_weeks=every, days=frozenset(days), hours=hours, zone=zone, minutes=minutes
    ),
    st.sampled_from([1, 2, 3]),
    st.sets(st.integers(0, 4), min_size=1),
    st.sampled_from([(time(10), time(12)), (time(9), time(17)), (time(13), time(16))]),
    st.sampled_from(ZONES[:3]),
    st.sampled_from([30, 45, 60]),
)
squads = st.lists(shapes, min_size=2, max_size=9).map(lambda all_: dict(enumerate(all_, BOSS)))


@settings(deadline=None, max_examples=40)
@given(offers, squads)
def test_meetings_lie_in_the_hours_of_both_and_never_overlap(
    how: Terms, people: dict[int, WorkCalendar]
) -> None:
    pairs, _ = settle(how, people)
    placed = plan(how, pairs, people)
    held = [each for each in placed if each.start is not None]
    assert len({(each.pair.pair_id, each.slot) for each in placed}) == len(placed)
    length = timedelta(minutes=how.minutes)
    for each in held:
        assert each.start is not None
        assert works(people[BOSS], each.start, how.minutes)
        assert works(people[each.pair.person_id], each.start, how.minutes)
        local = clock.to_local(each.start, how.zone)
        assert local.weekday() in how.days
        assert how.hours[0] <= local.time() < how.hours[1]
        assert slot_of(week_of(local.date()), how.every_weeks) == each.slot
    for one, two in combinations([each.start for each in held], 2):
        assert one is not None
        assert two is not None
        assert abs(one - two) >= length


@settings(deadline=None, max_examples=40)
@given(offers, squads, st.integers(0, 8), shapes)
def test_who_joins_or_leaves_moves_nobody_else(
    how: Terms, people: dict[int, WorkCalendar], which: int, shape: WorkCalendar
) -> None:
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    standing = [each for each in meetings if each.state is MeetingState.PLANNED]
    later = NOW + timedelta(days=3)

    joined = {**people, 50: shape}
    more, _ = settle(how, joined, pairs)
    assert more[: len(pairs)] == pairs
    changes = plan(how, more, joined, meetings, later)
    before = {each.one_on_one_id for each in standing if each.starts_at > later}
    moved = {each.before.one_on_one_id for each in changes if each.before}
    assert not moved & before
    fresh = [each for each in changes if each.start and each.pair.person_id == 50]
    for each in fresh:
        for other in standing:
            assert each.start is not None
            assert each.start >= other.ends_at or other.starts_at >= each.start + timedelta(
                minutes=how.minutes
            )

    gone = pairs[which % len(pairs)] if pairs else None
    rest = [each for each in pairs if each != gone]
    kept = [each for each in meetings if gone is None or each.pair_id != gone.pair_id]
    changes = plan(how, rest, people, kept, later)
    moved = {each.before.one_on_one_id for each in changes if each.before}
    assert not moved & {each.one_on_one_id for each in kept if each.state is MeetingState.PLANNED}


@settings(deadline=None, max_examples=25)
@given(offers, squads)
def test_planning_again_changes_nothing(how: Terms, people: dict[int, WorkCalendar]) -> None:
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    again = plan(how, pairs, people, meetings)
    assert [each for each in again if each.start is not None] == []


def test_time_off_moves_one_meeting_within_its_round_and_no_other() -> None:
    how = terms()
    people = {BOSS: office(), **{key: office() for key in range(2, 10)}}
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    hit = next(each for each in meetings if each.starts_at > NOW + timedelta(weeks=2))
    day = hit.starts_at.date()
    people[hit.person_id] = office(off=(DateSpan(day, day),))
    changes = plan(how, pairs, people, meetings)
    assert [each.before for each in changes] == [hit]
    start = changes[0].start
    assert start is not None
    assert start.date() != day
    assert slot_of(week_of(start.date()), 2) == hit.slot
    assert all(start != each.starts_at for each in meetings)


def test_a_month_away_leaves_rounds_without_time_and_they_come_back() -> None:
    how = terms()
    people = {BOSS: office(), 2: office()}
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    away = {**people, BOSS: office(off=(DateSpan(date(2026, 3, 9), date(2026, 4, 10)),))}
    changes = plan(how, pairs, away, meetings)
    lost = [each for each in changes if each.start is None]
    assert lost
    assert all(each.before for each in lost)
    now = [
        replace(each, state=MeetingState.CANCELLED, why=Why.NO_TIME)
        if each in [lost_one.before for lost_one in lost]
        else each
        for each in meetings
    ]
    back = plan(how, pairs, people, now)
    assert {each.before for each in back} == {each for each in now if each.why is Why.NO_TIME}
    assert all(each.start is not None for each in back)


def test_free_places_avoid_meetings_and_homes() -> None:
    how = terms(days=frozenset({1}), hours=(time(10), time(12)), every_weeks=1)
    people = {BOSS: office(), 2: office(), 3: office()}
    pairs, _ = settle(how, people)
    meetings = [stored(each, how) for each in plan(how, pairs, people)]
    planner = Planner(pairs, {1: how}, Hours(people), Taken(meetings), NOW)
    found = list(planner.free_places(pairs[0], NOW, NOW + timedelta(days=7)))
    homes = {each.home.at for each in pairs if each.home}
    assert {each.time() for each in found} == {
        time(10),
        time(10, 30),
        time(11),
        time(11, 30),
    } - homes
