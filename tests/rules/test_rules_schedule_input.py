"""Reading what people type about a schedule."""

from datetime import time

import pytest

from bot.errors import BadInput
from bot.rules import schedule_input
from bot.rules.schedule_input import ScheduleChange
from bot.rules.schedules import ScheduleKind

DAILY, WEEKLY = ScheduleKind.DAILY_DIGEST, ScheduleKind.WEEKLY_DIGEST


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("daily-digest 17:30", ScheduleChange(DAILY, time(17, 30))),
        ("Daily_Digest at 7:05", ScheduleChange(DAILY, time(7, 5))),
        ("daily 17：30", ScheduleChange(DAILY, time(17, 30))),
        ("weekly-digest Mon 09:30", ScheduleChange(WEEKLY, time(9, 30), 0)),
        ("weekly-digest on Sundays at 09:30", ScheduleChange(WEEKLY, time(9, 30), 6)),
        ("weekly thurs, 09:30", ScheduleChange(WEEKLY, time(9, 30), 3)),
        ("weekly-digest 10:00", ScheduleChange(WEEKLY, time(10))),
    ],
)
def test_reads(text: str, wanted: ScheduleChange) -> None:
    assert schedule_input.change(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hourly 09:00", "unknown_schedule"),
        ("housekeeping 09:00", "unknown_schedule"),
        ("daily-digest", "schedule_without_time"),
        ("daily-digest at", "schedule_without_time"),
        ("daily-digest Mon 09:30", "weekday_for_daily"),
        ("daily-digest noon", "bad_time"),
        ("daily-digest 24:00", "time_is_24"),
        ("weekly-digest Mo 09:30", "bad_weekday_name"),
        ("weekly-digest s 09:30", "bad_weekday_name"),
        ("weekly-digest Moonday 09:30", "bad_weekday_name"),
        ("weekly-digest Mon", "bad_time"),
        ("weekly-digest " + "x" * 10_000, "bad_time"),
    ],
)
def test_refuses(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        schedule_input.change(text)
    assert caught.value.code == code
    assert all(len(str(value)) <= 60 for value in caught.value.fields.values())


def test_names_are_read_back() -> None:
    for name, kind in schedule_input.CHANGEABLE.items():
        assert schedule_input.name_of(kind) == name
        assert schedule_input.kind_of(name) is kind
