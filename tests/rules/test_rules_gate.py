"""The gate before every send, each obstacle by itself."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.rules.budget import (
    CONTRIBUTOR_BUDGET,
    DeliveryClass,
    Drop,
    FoldIntoToday,
    HoldUntil,
    SendNow,
    SendReason,
    Sent,
)
from bot.rules.calendar import DateSpan, make_calendar
from bot.rules.gate import Cancel, Recipient, Refuse, SquadFacts, gate
from bot.rules.outbox import EndReason, Operation
from bot.rules.people import SquadState
from tests.deliveries import MORNING, NOTE

NIGHT = MORNING.replace(hour=23)
LIVE = SquadFacts(SquadState.LIVE, "en")
REHEARSAL = SquadFacts(SquadState.REHEARSAL, "en")
LAN = Recipient(
    person_id=1,
    user_id="U1",
    active=True,
    dm_channel=None,
    locale=None,
    calendar=make_calendar("Europe/London", range(5), (time(9), time(17))),
    budget=CONTRIBUTOR_BUDGET,
    sent=Sent(),
)
ANSWER = replace(NOTE, delivery_class=DeliveryClass.ANSWER)
TODAY = replace(NOTE, delivery_class=DeliveryClass.TODAY, kind="today")


def test_class_now_goes_in_working_hours_only() -> None:
    assert gate(NOTE, LAN, LIVE, MORNING) == SendNow()
    assert gate(NOTE, LAN, LIVE, NIGHT) == HoldUntil(
        MORNING.replace(day=11, hour=9), SendReason.OUTSIDE_HOURS
    )


def test_an_answer_passes_at_any_hour_and_in_rehearsal() -> None:
    assert gate(ANSWER, LAN, REHEARSAL, NIGHT) == SendNow()


def test_over_budget_becomes_a_line() -> None:
    busy = replace(LAN, sent=Sent(today=2, week=2))
    assert gate(NOTE, busy, LIVE, MORNING) == FoldIntoToday(SendReason.DAY_USED)


def test_rehearsal_cancels_what_is_unprompted_to_people_and_channels() -> None:
    assert gate(NOTE, LAN, REHEARSAL, MORNING) == Cancel(EndReason.REHEARSAL)
    assert gate(NOTE, None, REHEARSAL, MORNING) == Cancel(EndReason.REHEARSAL)


@pytest.mark.parametrize("operation", [Operation.UPDATE, Operation.PUBLISH])
def test_a_quiet_change_is_not_a_message(operation: Operation) -> None:
    quiet = replace(NOTE, operation=operation)
    assert gate(quiet, LAN, REHEARSAL, NIGHT) == SendNow()


def test_who_cannot_be_reached_is_refused() -> None:
    unknown, inactive = replace(LAN, user_id=None), replace(LAN, active=False)
    assert gate(ANSWER, unknown, LIVE, MORNING) == Refuse(EndReason.NOT_IN_SLACK)
    assert gate(ANSWER, inactive, LIVE, MORNING) == Refuse(EndReason.USER_INACTIVE)


def test_what_is_too_late_is_dropped_even_for_a_channel() -> None:
    late = replace(ANSWER, not_after=MORNING - timedelta(seconds=1))
    assert gate(late, None, None, MORNING) == Drop(SendReason.PAST_NOT_AFTER)
    in_time = replace(ANSWER, not_after=MORNING)
    assert gate(in_time, None, None, MORNING) == SendNow()


def test_a_channel_has_no_hours() -> None:
    assert gate(NOTE, None, LIVE, NIGHT) == SendNow()


def test_a_today_message_waits_for_hours_and_for_a_place_in_the_budget() -> None:
    some = replace(LAN, sent=Sent(today=2, week=2))
    assert gate(TODAY, some, LIVE, MORNING) == SendNow()
    assert isinstance(gate(TODAY, some, LIVE, NIGHT), HoldUntil)
    for busy, reason in [
        (Sent(today=3, week=3, today_messages=1), SendReason.DAY_USED),
        (Sent(today=1, week=12), SendReason.WEEK_USED),
    ]:
        held = gate(TODAY, replace(LAN, sent=busy), LIVE, MORNING)
        assert isinstance(held, HoldUntil)
        assert held.reason is reason
        assert held.when > MORNING + timedelta(hours=12)


def test_a_today_message_on_its_way_has_its_place() -> None:
    had_two = replace(LAN, sent=Sent(today=2, week=2, today_messages=1))
    assert gate(NOTE, had_two, LIVE, MORNING) == SendNow()
    waits = replace(had_two, today_waits=True)
    assert gate(NOTE, waits, LIVE, MORNING) == FoldIntoToday(SendReason.DAY_USED)
    first = replace(LAN, sent=Sent(today=1, week=1))
    assert gate(NOTE, first, LIVE, MORNING) == gate(
        NOTE, replace(first, today_waits=True), LIVE, MORNING
    )


def test_a_today_message_with_no_work_in_sight_is_looked_at_again() -> None:
    away = replace(
        LAN, calendar=replace(LAN.calendar, time_off=(DateSpan(date(2026, 1, 1), date.max),))
    )
    assert gate(TODAY, away, LIVE, MORNING) == HoldUntil(
        MORNING + timedelta(days=1), SendReason.NO_WORK_IN_SIGHT
    )
