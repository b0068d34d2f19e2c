"""The demo's clock: everybody is at work, it never goes back, and it moves only when it must."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import clock
from bot.demo import workspace
from bot.demo.hours import AT_LEAST, clock_offset

START, END = time(9), time(18)


def _at_work(moment: datetime) -> bool:
    """Tell by the wall clocks alone whether all ten people are at their desks."""
    return all(
        local.weekday() < 5 and START <= local.time() < END
        for local in (clock.to_local(moment, person.zone) for person in workspace.PEOPLE)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(
        datetime(2024, 1, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
        datetime(2032, 12, 31),  # noqa: DTZ001 - the same
        timezones=st.just(UTC),
    ),
    st.integers(min_value=0, max_value=10**7),
)
def test_everybody_is_at_work_and_stays_for_a_while(real_now: datetime, before: int) -> None:
    offset = clock_offset(real_now, before)
    assert offset >= before
    begins = real_now + timedelta(seconds=offset)
    assert _at_work(begins)
    assert _at_work(begins + AT_LEAST - timedelta(seconds=2))


@pytest.mark.parametrize(
    ("real_now", "begins"),
    [
        # A Sunday night: Monday, when Warsaw, the last to start, opens.
        (datetime(2026, 11, 22, 3, 30, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        # Everybody is at work: the real time.
        (datetime(2026, 11, 23, 8, 40, tzinfo=UTC), datetime(2026, 11, 23, 8, 40, tzinfo=UTC)),
        # Manila closes in half an hour: the next morning.
        (datetime(2026, 11, 23, 9, 30, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        # Summer time in Warsaw.
        (datetime(2026, 7, 1, 20, 0, tzinfo=UTC), datetime(2026, 7, 2, 7, 0, tzinfo=UTC)),
        # Independence Day in Poland, a Wednesday.
        (datetime(2026, 11, 10, 12, 0, tzinfo=UTC), datetime(2026, 11, 12, 8, 0, tzinfo=UTC)),
    ],
)
def test_where_it_lands(real_now: datetime, begins: datetime) -> None:
    assert real_now + timedelta(seconds=clock_offset(real_now)) == begins


def test_a_second_start_goes_on_from_the_first() -> None:
    first = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
    offset = clock_offset(first)
    assert clock_offset(first + timedelta(minutes=20), offset) == offset
    much_later = clock_offset(first + timedelta(hours=5), offset)
    assert much_later > offset
