"""When a manager's two messages of a day come, and what a notes form brings."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.budget import DeliveryClass
from bot.rules.calendar import DateSpan, WorkCalendar, make_calendar, window_of, work_day_of
from bot.rules.oneonone_notes import Category, in_order, lines, read_choice
from bot.rules.oneonone_packs import AT_LAST, BEFORE_END, DAY_END, PACKS, asks_at, messages
from bot.rules.oneonones import MeetingState, OneOnOne

NOW = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
ZONES = ("UTC", "Asia/Kolkata", "America/New_York", "Pacific/Auckland")


def calendar(zone: str = "UTC", *off: date) -> WorkCalendar:
    away = [DateSpan(day, day) for day in off]
    return make_calendar(zone, range(5), (time(9), time(17)), time_off=away)


def meeting(n: int, start: datetime, manager: int = 1, minutes: int = 30) -> OneOnOne:
    return OneOnOne(
        one_on_one_id=n,
        pair_id=n,
        squad_id=1,
        manager_id=manager,
        person_id=100 + n,
        slot="2026-W11",
        starts_at=start,
        ends_at=start + timedelta(minutes=minutes),
        revision=0,
        state=MeetingState.PLANNED,
    )


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 7 * 24 * 4)), max_size=40),
    st.sampled_from(ZONES),
)
@settings(max_examples=50, deadline=None)
def test_each_manager_has_two_messages_a_working_day_and_within_its_hours(
    planned: list[tuple[int, int]], zone: str
) -> None:
    cal = calendar(zone)
    all_ = [
        meeting(i, NOW + timedelta(minutes=15 * quarter), manager)
        for i, (manager, quarter) in enumerate(planned)
    ]
    found = messages(all_, {1: cal, 2: cal}, NOW)
    keys = [each.dedupe_key for each in found]
    assert len(keys) == len(set(keys))
    days = {
        (one.manager_id, work_day_of(cal, one.starts_at))
        for one in all_
        if one.manager_id != 3 and window_of(cal, work_day_of(cal, one.starts_at))
    }
    assert len(found) <= 2 * len(days)
    for each in found:
        window = window_of(cal, date.fromisoformat(str(each.ids["day"])))
        assert window is not None
        assert each.delivery_class is DeliveryClass.NOW
        assert each.person_id in {1, 2}
        assert each.not_after is not None
        assert (each.not_after == window.end) == (each.kind == PACKS), "it may be a line tomorrow"
        wanted = window.start if each.kind == PACKS else window.end - BEFORE_END
        assert each.not_before == max(wanted, NOW)


def test_a_day_off_has_no_messages_and_a_day_that_is_over_neither() -> None:
    start = datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert messages([meeting(1, start)], {1: calendar("UTC", start.date())}, NOW) == []
    assert messages([meeting(1, start)], {}, NOW) == []
    late = datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    assert messages([meeting(1, start)], {1: calendar()}, late) == []
    kinds = [one.kind for one in messages([meeting(1, start)], {1: calendar()}, NOW)]
    assert kinds == [PACKS, DAY_END]


@pytest.mark.parametrize(
    ("begins", "asked"),
    [
        ([(10, 0)], (10, 30)),
        ([(16, 15), (10, 0)], (16, 45)),
        ([(16, 30)], (16, 55)),  # no later, or there is no time to answer
        ([(16, 50)], (16, 55)),
    ],
)
def test_it_is_asked_once_the_last_is_over(
    begins: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    day = datetime(2026, 3, 10, tzinfo=UTC)
    all_ = [meeting(i, day.replace(hour=h, minute=m)) for i, (h, m) in enumerate(begins)]
    found = asks_at(all_, calendar(), day.date())
    assert found == day.replace(hour=asked[0], minute=asked[1])
    assert day.replace(hour=17) - AT_LAST >= found
    assert asks_at([], calendar(), day.date()) is None


def test_action_items_stand_one_a_line() -> None:
    assert lines(" Read  4.2 \n\n\tTry it\n ", "mine") == ("Read 4.2", "Try it")
    assert lines("", "mine") == ()
    with pytest.raises(BadInput) as error:
        lines("x\n" * 11, "mine")
    assert (error.value.code, error.value.fields["field"]) == ("actions_many", "mine")


@pytest.mark.parametrize("value", ["1", "1:", ":2", "a:b", "1:2:3", "-1:2"])
def test_a_forged_category_is_refused(value: str) -> None:
    with pytest.raises(BadInput):
        read_choice(value)


def test_categories_begin_with_what_went_wrong_most() -> None:
    given_ = [Category(1, 1, "B", "x"), Category(2, 2, "A", "y"), Category(1, 3, "B", "a", 4)]
    assert [one.category_id for one in in_order(given_)] == [3, 2, 1]
    assert read_choice("12:34") == (12, 34)
    assert read_choice(None) is None
