"""Blockers: what is typed, whose turn it is, the clock, and what of a time was lost."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, Conflict
from bot.rules import blockers as rules
from bot.rules.arrival import Arrival, Reach
from bot.rules.blockers import BlockerKind, Place, Stored
from bot.rules.calendar import WorkCalendar, make_calendar

# A Tuesday.
NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = [Place(1, "Kestrel"), Place(2, "Night & Day"), Place(3, "Straße")]


def calendar(zone: str = "UTC", start: int = 9, end: int = 17) -> WorkCalendar:
    return make_calendar(zone, range(5), (time(start), time(end)))


def stored(person_id: int = 1, kind: str = "tool_down", **hours: float) -> Stored:
    """A blocker from `begin` to `end`, in hours after nine."""
    return Stored(
        blocker_id=1,
        workspace_id=1,
        squad_id=1,
        person_id=person_id,
        kind=BlockerKind(kind),
        note=None,
        opened_at=NINE + hours["begin"] * HOUR,
        due_at=None,
        taken_by=None,
        taken_at=None,
        closed_by=None,
        closed_at=NINE + hours["end"] * HOUR,
        lost_s=0,
    )


@pytest.mark.parametrize(
    ("text", "kind", "note", "squad_id"),
    [
        ("", None, None, None),
        ("tool down", "tool_down", None, None),
        ("Tool  Down since 9", "tool_down", "since 9", None),
        ("tool_down, since 9", "tool_down", "since 9", None),
        ("no access: VPN in kestrel", "no_access", "VPN", 1),
        ("no work in Night & Day", "no_work", None, 2),
        ("no work in STRASSE", "no_work", "in STRASSE", None),
        ("no work in straße", "no_work", None, 3),
        ("in Kestrel", None, None, 1),
        ("tool down in the morning", "tool_down", "in the morning", None),
        ("tool downtown", None, "tool downtown", None),
        ("the printer", None, "the printer", None),
    ],
)
def test_what_is_typed(text: str, kind: str | None, note: str | None, squad_id: int | None) -> None:
    assert rules.read(text, PLACES) == (kind, note, squad_id)


def test_a_note_is_a_sentence() -> None:
    assert rules.read("x" * rules.NOTE_LIMIT, PLACES).note == "x" * rules.NOTE_LIMIT
    with pytest.raises(BadInput, match="text_too_long"):
        rules.read("tool down " + "x" * (rules.NOTE_LIMIT + 1), PLACES)


def test_whoever_reads_it_first_comes_first() -> None:
    turns = rules.in_turn(
        {
            5: Arrival(Reach.SOMETIME),
            4: Arrival(Reach.LATER, NINE + HOUR),
            3: Arrival(Reach.NOW, NINE),
            2: Arrival(Reach.NOW, NINE),
            1: Arrival(Reach.LATER, NINE + 2 * HOUR),
        }
    )
    assert turns == [2, 3, 4, 1, 5]
    assert rules.in_turn({}) == []


def test_the_next_is_who_is_there_at_half_of_the_time() -> None:
    calendars = {1: calendar("America/New_York"), 2: calendar(), 3: calendar()}
    assert rules.follower(calendars, NINE) == 2
    assert rules.follower(calendars, NINE + 9 * HOUR) == 1, "London went home"
    assert rules.follower({}, NINE) is None


@pytest.mark.parametrize(
    ("kind", "at", "half", "due"),
    [
        ("tool_down", 0, 0.5, 1),
        ("no_access", 0, 0.5, 1),
        ("no_work", 0, 1, 2),
        ("tool_down", -3, 0.5, 1),  # at six it begins to run at nine
        ("tool_down", 7.75, 24.25, 24.75),  # a quarter of an hour today, the rest tomorrow
    ],
)
def test_the_clock_is_the_working_time_of_who_must_act(
    kind: str, at: float, half: float, due: float
) -> None:
    found = rules.deadlines(calendar(), BlockerKind(kind), NINE + at * HOUR)
    assert found == (NINE + half * HOUR, NINE + due * HOUR)


@pytest.mark.parametrize(("at", "ends"), [(0, 8), (7.5, 8), (-2, 8), (9, 32), (8, 32)])
def test_it_ends_with_the_working_hours(at: float, ends: float) -> None:
    assert rules.ends_by_itself(calendar(), NINE + at * HOUR) == NINE + ends * HOUR


def test_without_hours_in_sight_it_ends_a_day_later_and_costs_nothing() -> None:
    days_off = make_calendar(
        "UTC", [0], (time(9), time(17)), holidays=[NINE.date() + timedelta(n) for n in range(900)]
    )
    ends = rules.ends_by_itself(days_off, NINE)
    assert ends == NINE + timedelta(days=1)
    assert rules.lost_seconds(days_off, NINE, ends) == 0


def test_only_what_nobody_ended_can_be_ended() -> None:
    found = stored(begin=0, end=8)
    rules.require_unsettled(found)
    assert found.holds(NINE)
    assert not found.holds(NINE + 8 * HOUR)


def test_what_somebody_ended_is_over() -> None:
    values = {name: getattr(stored(begin=0, end=8), name) for name in Stored.__dataclass_fields__}
    ended = Stored(**values | {"closed_by": 1})
    assert not ended.holds(NINE)
    with pytest.raises(Conflict, match="blocker_closed"):
        rules.require_unsettled(ended)


# What is lost

moments = st.integers(0, 200).map(lambda n: NINE + n * timedelta(minutes=30))
spans = st.lists(st.tuples(moments, moments).map(lambda ends: (min(ends), max(ends))), max_size=6)


@given(spans, moments, moments)
def test_no_instant_counts_twice(given_: list[rules.Span], one: datetime, other: datetime) -> None:
    begin, end = min(one, other), max(one, other)
    found = rules.joined(given_, begin, end)
    assert found == sorted(found)
    assert all(begin <= first < last <= end for first, last in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    # Counted half an hour by half an hour, which is as fine as these are.
    step = timedelta(minutes=30)
    ticks = [begin + n * step for n in range(int((end - begin) / step))]
    inside = sum(any(first <= tick < last for first, last in given_) for tick in ticks)
    assert rules.seconds_within(given_, begin, end) == inside * 1800


@given(spans, moments, moments)
def test_what_is_lost_is_a_share(given_: list[rules.Span], one: datetime, other: datetime) -> None:
    begin, end = min(one, other), max(one, other)
    blockers = [
        stored(n % 2 + 1, begin=(first - NINE) / HOUR, end=(last - NINE) / HOUR)
        for n, (first, last) in enumerate(given_)
    ]
    share = rules.share_lost({1: calendar(), 2: calendar()}, blockers, begin, end)
    assert 0 <= share <= 1 + 1e-12
    assert 0 <= rules.plan_left(100, share) <= 100


def test_the_lost_working_time_and_what_it_was_lost_to() -> None:
    blockers = [
        stored(1, begin=-12, end=1),  # the night is not lost
        stored(2, begin=0, end=2),
        stored(2, begin=1, end=3.5),  # with another overlapping one
        stored(1, "no_access", begin=9, end=12),  # after work
        stored(3, "no_access", begin=0, end=8),  # of whom nothing is known
        stored(1, "no_work", begin=7, end=40),
    ]
    found = rules.lost_of({1: calendar(), 2: calendar()}, blockers, NINE, NINE + 24 * HOUR)
    assert found is not None
    assert found.seconds == (1 + 3.5 + 1) * 3600
    assert found.counts == {BlockerKind.TOOL_DOWN: 3, BlockerKind.NO_WORK: 1}
    assert rules.lost_of({}, blockers, NINE, NINE + HOUR) is None


def test_half_a_day_of_one_in_two_is_a_quarter_by_each_ones_own_hours() -> None:
    calendars = {1: calendar(), 2: calendar()}
    day = (NINE - 9 * HOUR, NINE + 15 * HOUR)
    assert rules.share_lost(calendars, [stored(begin=0, end=4)], *day) == 0.25
    part_time = {1: calendar(end=13), 2: calendar()}
    assert rules.share_lost(part_time, [stored(begin=0, end=4)], *day) == pytest.approx(4 / 12)
    assert rules.share_lost(calendars, [], *day) == 0
    assert rules.share_lost({}, [stored(begin=0, end=4)], *day) == 0


@pytest.mark.parametrize(
    ("planned", "share", "left"), [(100, 0, 100), (100, 0.25, 75), (7, 0.5, 4), (10, 1, 0)]
)
def test_a_plan_shrinks_by_the_share(planned: int, share: float, left: int) -> None:
    assert rules.plan_left(planned, share) == left
