"""Few messages: each verdict, the order of the checks, and weeks played through."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import budget as rules
from bot.rules.budget import (
    CONTRIBUTOR_BUDGET,
    MANAGER_BUDGET,
    Budget,
    DeliveryClass,
    Drop,
    FoldIntoToday,
    HoldUntil,
    SendNow,
    SendReason,
    Sent,
    Verdict,
)
from bot.rules.calendar import DateSpan, WorkCalendar, is_reachable, make_calendar, work_day_of

BERLIN = ZoneInfo("Europe/Berlin")
ROOMY = Budget(per_day=50, per_week=200)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


CAL = make_calendar(
    "Europe/Berlin",
    range(5),
    (time(9), time(17)),
    holidays=[date(2026, 11, 18)],
    time_off=[DateSpan(date(2026, 12, 24), date(2027, 1, 3))],
    quiet=(time(12), time(13)),
)
NIGHTS = make_calendar("Europe/Berlin", range(5), (time(22), time(6)))
MONDAY = "2026-11-23"


def decide(delivery_class: DeliveryClass, now: str, **changes: object) -> Verdict:
    values: dict[str, object] = {
        "now": at(now),
        "calendar": CAL,
        "sent": Sent(),
        "budget": CONTRIBUTOR_BUDGET,
        "active": True,
        "not_after": None,
    }
    return rules.decide(delivery_class, **(values | changes))


def today_due(now: str, **changes: object) -> datetime | None:
    values: dict[str, object] = {
        "now": at(now),
        "calendar": CAL,
        "sent": Sent(),
        "budget": CONTRIBUTOR_BUDGET,
        "active": True,
        "has_lines": True,
    }
    return rules.today_due(**(values | changes))


def test_the_budgets_are_those_that_were_promised() -> None:
    assert Budget(per_day=3, per_week=12) == CONTRIBUTOR_BUDGET
    assert Budget(per_day=5, per_week=25) == MANAGER_BUDGET


@pytest.mark.parametrize("now", ["2026-11-23 10:00", "2026-11-23 03:00", "2026-12-25 12:30"])
def test_an_answer_goes_at_once_whatever_the_hour_and_the_budget(now: str) -> None:
    used = Sent(today=9, week=99, today_messages=2)
    assert decide(DeliveryClass.ANSWER, now, sent=used) == SendNow()


@pytest.mark.parametrize("now", ["2026-11-23 10:00", "2026-11-23 03:00"])
def test_class_today_always_becomes_a_line(now: str) -> None:
    assert decide(DeliveryClass.TODAY, now) == FoldIntoToday(SendReason.CLASS_TODAY)


@pytest.mark.parametrize(
    ("now", "until", "reason"),
    [
        ("2026-11-23 08:59", "2026-11-23 09:00", SendReason.OUTSIDE_HOURS),
        ("2026-11-23 17:00", "2026-11-24 09:00", SendReason.OUTSIDE_HOURS),
        ("2026-11-20 20:00", "2026-11-23 09:00", SendReason.OUTSIDE_HOURS),
        ("2026-11-21 10:00", "2026-11-23 09:00", SendReason.DAY_OFF),
        ("2026-11-18 10:00", "2026-11-19 09:00", SendReason.DAY_OFF),
        ("2026-12-28 10:00", "2027-01-04 09:00", SendReason.DAY_OFF),
        ("2026-11-23 12:30", "2026-11-23 13:00", SendReason.QUIET_HOURS),
    ],
)
def test_class_now_waits_for_the_persons_hours(now: str, until: str, reason: SendReason) -> None:
    assert decide(DeliveryClass.NOW, now) == HoldUntil(at(until), reason)
    assert decide(DeliveryClass.NOW, now, not_after=at(until)) == HoldUntil(at(until), reason)
    too_late = at(until) - timedelta(seconds=1)
    assert decide(DeliveryClass.NOW, now, not_after=too_late) == Drop(SendReason.EXPIRES_WAITING)


@pytest.mark.parametrize("delivery_class", DeliveryClass)
def test_what_is_past_its_use_is_dropped_whatever_its_class(delivery_class: DeliveryClass) -> None:
    now = f"{MONDAY} 10:00"
    before = at(now) - timedelta(seconds=1)
    dropped = Drop(SendReason.PAST_NOT_AFTER)
    assert decide(delivery_class, now, not_after=before) == dropped
    assert decide(delivery_class, now, not_after=before, active=False) == dropped
    assert decide(delivery_class, now, not_after=at(now)) != dropped


@pytest.mark.parametrize("delivery_class", DeliveryClass)
def test_nothing_goes_to_a_deactivated_person(delivery_class: DeliveryClass) -> None:
    now = f"{MONDAY} 10:00"
    verdict = decide(delivery_class, now, active=False)
    assert verdict == HoldUntil(at(now) + timedelta(days=1), SendReason.PERSON_INACTIVE)


def test_nobody_in_sight_is_looked_at_again_tomorrow() -> None:
    gone = make_calendar(
        "UTC",
        range(7),
        (time(9), time(17)),
        time_off=[DateSpan(date(2026, 1, 1), date(2030, 1, 1))],
    )
    now = f"{MONDAY} 10:00"
    verdict = decide(DeliveryClass.NOW, now, calendar=gone)
    assert verdict == HoldUntil(at(now) + timedelta(days=1), SendReason.NO_WORK_IN_SIGHT)
    assert today_due(now, calendar=gone) is None


@pytest.mark.parametrize(
    ("now", "sent", "verdict"),
    [
        # A day of three: the first Today keeps its place until it went out.
        (f"{MONDAY} 10:00", Sent(), SendNow()),
        (f"{MONDAY} 10:00", Sent(today=1, week=1), SendNow()),
        (f"{MONDAY} 10:00", Sent(today=2, week=2), FoldIntoToday(SendReason.DAY_USED)),
        (f"{MONDAY} 10:00", Sent(today=2, week=2, today_messages=1), SendNow()),
        (f"{MONDAY} 10:00", Sent(today=3, week=3, today_messages=1),
         FoldIntoToday(SendReason.DAY_USED)),
        # A week of twelve: each working day ahead keeps a place for its Today.
        (f"{MONDAY} 10:00", Sent(today=1, week=7, today_messages=1), SendNow()),
        (f"{MONDAY} 10:00", Sent(today=1, week=8, today_messages=1),
         FoldIntoToday(SendReason.WEEK_USED)),
        ("2026-11-27 10:00", Sent(today=1, week=11, today_messages=1), SendNow()),
        ("2026-11-27 10:00", Sent(today=0, week=11), FoldIntoToday(SendReason.WEEK_USED)),
        ("2026-11-27 10:00", Sent(today=1, week=12, today_messages=1),
         FoldIntoToday(SendReason.WEEK_USED)),
        # 18 November is a holiday: Tuesday the 17th has two working days ahead.
        ("2026-11-17 10:00", Sent(today=1, week=9, today_messages=1), SendNow()),
        ("2026-11-17 10:00", Sent(today=1, week=10, today_messages=1),
         FoldIntoToday(SendReason.WEEK_USED)),
    ],
)  # fmt: skip
def test_class_now_over_budget_becomes_a_line(now: str, sent: Sent, verdict: Verdict) -> None:
    assert decide(DeliveryClass.NOW, now, sent=sent) == verdict


@pytest.mark.parametrize(
    ("now", "sent", "due"),
    [
        (f"{MONDAY} 07:00", Sent(), f"{MONDAY} 09:00"),
        (f"{MONDAY} 09:00", Sent(), f"{MONDAY} 09:00"),
        (f"{MONDAY} 15:00", Sent(), f"{MONDAY} 15:00"),  # the first may be late
        (f"{MONDAY} 12:30", Sent(), f"{MONDAY} 13:00"),  # quiet hours
        (f"{MONDAY} 18:00", Sent(), "2026-11-24 09:00"),
        ("2026-11-21 10:00", Sent(), f"{MONDAY} 09:00"),
        (f"{MONDAY} 09:30", Sent(today=1, week=1, today_messages=1), f"{MONDAY} 13:00"),
        (f"{MONDAY} 14:00", Sent(today=1, week=1, today_messages=1), f"{MONDAY} 14:00"),
        (f"{MONDAY} 18:00", Sent(today=1, week=1, today_messages=1), "2026-11-24 09:00"),
        (f"{MONDAY} 14:00", Sent(today=2, week=2, today_messages=2), "2026-11-24 09:00"),
        (f"{MONDAY} 14:00", Sent(today=3, week=3, today_messages=1), "2026-11-24 09:00"),
        (f"{MONDAY} 14:00", Sent(today=3, week=3, today_messages=0), "2026-11-24 09:00"),
        ("2026-11-26 14:00", Sent(today=1, week=11, today_messages=1), "2026-11-27 09:00"),
        ("2026-11-27 14:00", Sent(today=1, week=11, today_messages=1), "2026-11-27 14:00"),
        ("2026-11-26 14:00", Sent(today=0, week=12), "2026-11-30 09:00"),
        ("2026-11-17 17:30", Sent(today=1, week=2, today_messages=1), "2026-11-19 09:00"),
    ],
)
def test_when_the_next_today_is_due(now: str, sent: Sent, due: str) -> None:
    assert today_due(now, sent=sent) == at(due)


def test_no_today_without_lines_or_for_a_deactivated_person() -> None:
    assert today_due(f"{MONDAY} 10:00", has_lines=False) is None
    assert today_due(f"{MONDAY} 10:00", active=False) is None


def test_without_quiet_hours_the_second_today_is_due_at_midday() -> None:
    plain = make_calendar("Europe/Berlin", range(5), (time(9), time(17)))
    once = Sent(today=1, week=1, today_messages=1)
    assert today_due(f"{MONDAY} 09:30", calendar=plain, sent=once) == at(f"{MONDAY} 12:00")


def test_hours_that_do_not_hold_midday_have_their_second_today_in_their_middle() -> None:
    once = Sent(today=1, week=1, today_messages=1)
    assert today_due(f"{MONDAY} 22:05", calendar=NIGHTS, sent=once) == at("2026-11-24 02:00")
    late = make_calendar("Europe/Berlin", range(5), (time(13), time(21)))
    assert today_due(f"{MONDAY} 13:05", calendar=late, sent=once) == at(f"{MONDAY} 17:00")


def test_the_tally_counts_by_the_persons_own_day_and_iso_week() -> None:
    kolkata = make_calendar("Asia/Kolkata", range(5), (time(9), time(17)))
    now = datetime(2026, 11, 24, 6, tzinfo=UTC)  # Tuesday 11:30 there
    sent = [
        (datetime(2026, 11, 22, 18, 29, tzinfo=UTC), True),  # Sunday 23:59 there
        (datetime(2026, 11, 22, 18, 30, tzinfo=UTC), True),  # Monday 00:00
        (datetime(2026, 11, 23, 18, 29, tzinfo=UTC), False),  # Monday 23:59
        (datetime(2026, 11, 23, 18, 30, tzinfo=UTC), True),  # Tuesday 00:00
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), False),
    ]
    assert rules.counted_since(kolkata, now) == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert rules.tally(kolkata, now, sent) == Sent(today=2, week=4, today_messages=1)


def test_the_tally_of_a_night_counts_the_small_hours_to_the_evening() -> None:
    now = at("2026-11-24 03:00")
    sent = [(at("2026-11-23 22:00"), True), (at("2026-11-24 02:00"), True)]
    assert rules.tally(NIGHTS, now, sent) == Sent(today=2, week=2, today_messages=2)
    assert rules.tally(NIGHTS, at("2026-11-24 22:00"), sent) == Sent(week=2)
    assert rules.counted_since(NIGHTS, at("2026-11-23 03:00")) == at("2026-11-16 22:00")


calendars = st.builds(
    make_calendar,
    st.sampled_from(["UTC", "Asia/Manila", "America/New_York", "Australia/Lord_Howe"]),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from([(time(9), time(17)), (time(22), time(6)), (time(6), time(14))]),
    quiet=st.none() | st.just((time(12), time(13))),
)
classes = st.sampled_from([DeliveryClass.NOW, DeliveryClass.TODAY])
arrivals = st.lists(st.tuples(st.integers(0, 21 * 24 * 4), classes), max_size=120)
set_backs = st.none() | st.integers(0, 21 * 24 * 4)  # the step at which a clock goes back an hour
LINES = 30  # as many as one Today message carries


def play(
    cal: WorkCalendar,
    budget: Budget,
    arrived: list[tuple[int, DeliveryClass]],
    back_at: int | None = None,
) -> tuple[list[tuple[datetime, bool]], int]:
    """Live through five weeks, a quarter of an hour at a time, by the verdicts alone.

    Returns what was sent (when, whether a Today) and how many messages never arrived.
    """
    start = datetime(2026, 3, 23, tzinfo=UTC)  # the clocks change within
    waiting = sorted(arrived, key=lambda item: item[0])
    lines = 0
    sent: list[tuple[datetime, bool]] = []
    for step in range(35 * 24 * 4):
        now = start + step * timedelta(minutes=15)
        if back_at is not None and step >= back_at:
            now -= timedelta(hours=1)
        for item in [item for item in waiting if item[0] <= step]:
            tally = rules.tally(cal, now, sent)
            verdict = rules.decide(
                item[1],
                now=now,
                calendar=cal,
                sent=tally,
                budget=budget,
                active=True,
                not_after=None,
            )
            if isinstance(verdict, HoldUntil):
                assert verdict.when > now
                continue
            waiting.remove(item)
            if isinstance(verdict, SendNow):
                sent.append((now, False))
            else:
                assert isinstance(verdict, FoldIntoToday)
                lines += 1
        due = lines and rules.today_due(
            now=now,
            calendar=cal,
            sent=rules.tally(cal, now, sent),
            budget=budget,
            active=True,
            has_lines=True,
        )
        if due and due <= now:
            sent.append((now, True))
            lines = max(0, lines - LINES)
    return sent, lines + len(waiting)


@settings(deadline=None, max_examples=50)
@given(calendars, st.sampled_from([CONTRIBUTOR_BUDGET, MANAGER_BUDGET]), arrivals, set_backs)
def test_over_weeks_no_budget_is_broken_and_nothing_is_lost(
    cal: WorkCalendar,
    budget: Budget,
    arrived: list[tuple[int, DeliveryClass]],
    back_at: int | None,
) -> None:
    sent, lost = play(cal, budget, arrived, back_at)
    assert lost == 0
    days: dict[date, list[bool]] = {}
    weeks: dict[tuple[int, int], int] = {}
    for when, is_today in sent:
        assert is_reachable(cal, when)
        day = work_day_of(cal, when)
        days.setdefault(day, []).append(is_today)
        week = day.isocalendar()[:2]
        weeks[week] = weeks.get(week, 0) + 1
    assert all(len(of_day) <= budget.per_day for of_day in days.values())
    assert all(sum(of_day) <= 2 for of_day in days.values())
    assert all(count <= budget.per_week for count in weeks.values())


def test_a_flood_still_leaves_a_today_for_every_working_day() -> None:
    flood = [(step, DeliveryClass.NOW) for step in range(0, 14 * 24 * 4, 6)]
    plain = make_calendar("Europe/Berlin", range(5), (time(9), time(17)))
    sent, lost = play(plain, CONTRIBUTOR_BUDGET, flood)
    assert lost == 0
    with_today = {when.date() for when, is_today in sent if is_today}
    assert {date(2026, 3, 23) + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)} <= (
        with_today
    )
