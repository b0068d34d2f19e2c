"""The clock of a rework: working time of its contributor, and no stop of it counted twice."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules import reworks
from bot.rules.calendar import make_calendar, working_seconds_between
from bot.rules.reworks import ReworkState, Stored

# A Tuesday, ten in the morning.
START = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
OFFICE = make_calendar("UTC", range(5), (time(9), time(17)))
OPEN = Stored(
    rework_id=1,
    workspace_id=1,
    project_id=1,
    squad_id=1,
    contributor_id=1,
    submission_id=1,
    chain_id=1,
    audit_id=1,
    round=1,
    state=ReworkState.OPEN,
    due_at=datetime(2026, 3, 11, 17, 0, tzinfo=UTC),
    opened_at=START,
    stopped_at=None,
    stopped_s=0,
    fixed_at=None,
    took_s=None,
    note=None,
    settled_at=None,
    result_id=None,
)


def at(**by: float) -> datetime:
    return START + timedelta(**by)


def test_it_is_due_at_the_end_of_the_next_working_day() -> None:
    assert reworks.due(OFFICE, START) == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)
    friday = datetime(2026, 3, 13, 16, 0, tzinfo=UTC)
    assert reworks.due(OFFICE, friday) == datetime(2026, 3, 16, 17, 0, tzinfo=UTC)
    assert reworks.due(None, START) is None


def test_only_working_time_counts() -> None:
    fixed = reworks.fix(OPEN, OFFICE, at(days=1))
    assert (fixed.state, fixed.took_s) == (ReworkState.FIXED, 8 * 3600)
    assert reworks.fix(OPEN, None, at(days=1)).took_s == 24 * 3600


def test_a_stop_takes_no_time_and_moves_the_deadline() -> None:
    stopped = reworks.stop(OPEN, at(hours=1))
    going = reworks.go_on(stopped, OFFICE, at(hours=3))
    assert (going.stopped_at, going.stopped_s) == (None, 2 * 3600)
    assert going.due_at == datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
    assert reworks.fix(going, OFFICE, at(hours=4)).took_s == 2 * 3600


def test_stopped_twice_it_stands_still_once() -> None:
    stopped = reworks.stop(OPEN, at(hours=1))
    assert reworks.stop(stopped, at(hours=2)) == stopped
    going = reworks.go_on(stopped, OFFICE, at(hours=3))
    assert reworks.go_on(going, OFFICE, at(hours=5)) == going


def test_fixed_while_it_stands_still_its_clock_ended_where_it_stopped() -> None:
    stopped = reworks.stop(OPEN, at(hours=1))
    fixed = reworks.fix(stopped, OFFICE, at(hours=3))
    assert (fixed.took_s, fixed.stopped_at) == (3600, at(hours=1))
    going = reworks.go_on(fixed, OFFICE, at(hours=9))
    assert (going.took_s, going.stopped_s, going.due_at) == (3600, 2 * 3600, OPEN.due_at)


def test_a_stop_of_a_fix_takes_no_time() -> None:
    fixed = reworks.fix(OPEN, OFFICE, at(hours=2))
    stopped = reworks.stop(fixed, at(hours=3))
    assert stopped.stopped_at == at(hours=3)
    assert reworks.go_on(stopped, OFFICE, at(hours=6)).took_s == 2 * 3600


def test_what_is_over_is_not_stopped() -> None:
    for state in (ReworkState.ACCEPTED, ReworkState.RETURNED, ReworkState.CANCELLED):
        over = replace(OPEN, state=state)
        assert reworks.stop(over, at(hours=1)) == over


def test_due_today_and_overdue_exclude_each_other() -> None:
    assert not reworks.due_today(OPEN, OFFICE, at())
    assert reworks.due_today(OPEN, OFFICE, at(days=1))
    assert not OPEN.is_overdue(at(days=1))
    assert OPEN.is_overdue(at(days=2))
    assert not reworks.due_today(OPEN, OFFICE, at(days=2))
    assert not reworks.stop(OPEN, at()).is_overdue(at(days=2))


def test_a_file_says_when_it_was_mended_if_that_can_be() -> None:
    assert reworks.handed_in(OPEN, at(hours=1), at(hours=5)) == at(hours=1)
    assert reworks.handed_in(OPEN, at(hours=-1), at(hours=5)) == at(hours=5)
    assert reworks.handed_in(OPEN, at(hours=9), at(hours=5)) == at(hours=5)


EVENTS = st.lists(st.tuples(st.sampled_from(["stop", "go_on"]), st.integers(0, 2_000)), max_size=12)


@given(EVENTS, st.integers(0, 2_000))
def test_time_runs_exactly_while_nothing_is_disputed(
    events: list[tuple[str, int]], last: int
) -> None:
    """Stops and ends in any order, minutes apart, however they nest or repeat."""
    rework, now = OPEN, START
    ran, running = 0.0, True
    for event, minutes in events:
        later = now + timedelta(minutes=minutes)
        ran += working_seconds_between(OFFICE, now, later) if running else 0
        now = later
        if event == "stop":
            rework, running = reworks.stop(rework, now), False
        else:
            rework, running = reworks.go_on(rework, OFFICE, now), True
        assert (rework.stopped_at is None) is running
    end = now + timedelta(minutes=last)
    ran += working_seconds_between(OFFICE, now, end) if running else 0
    assert reworks.fix(rework, OFFICE, end).took_s == ran


@given(EVENTS)
def test_a_deadline_is_later_by_what_the_stops_took(events: list[tuple[str, int]]) -> None:
    rework, now = OPEN, START
    for event, minutes in events:
        now += timedelta(minutes=minutes)
        rework = (
            reworks.stop(rework, now) if event == "stop" else reworks.go_on(rework, OFFICE, now)
        )
    assert OPEN.due_at is not None
    assert rework.due_at is not None
    moved = working_seconds_between(OFFICE, OPEN.due_at, rework.due_at)
    assert moved == rework.stopped_s
