"""How the kind of coaching is read, who is addressed, and when words arrive."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.rules.arrival import Reach, expect
from bot.rules.budget import CONTRIBUTOR_BUDGET, Sent
from bot.rules.calendar import DateSpan, make_calendar
from bot.rules.coaching import CoachingKind, split_kind
from bot.rules.commands import leading_user
from bot.rules.gate import Recipient
from bot.rules.people import SquadState

TUESDAY = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
LIVE = SquadState.LIVE
ANA = Recipient(
    person_id=1,
    user_id="U1",
    active=True,
    dm_channel=None,
    locale=None,
    calendar=make_calendar("Europe/London", range(5), (time(9), time(17))),
    budget=CONTRIBUTOR_BUDGET,
    sent=Sent(),
)


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("praise: well done", CoachingKind.PRAISE, "well done"),
        ("Praise well done", CoachingKind.PRAISE, "Praise well done"),
        ("coaching: read 4.2", CoachingKind.COACHING, "read 4.2"),
        ("Feedback on T-1: good", CoachingKind.FEEDBACK, "Feedback on T-1: good"),
        ("praiseworthy work", CoachingKind.FEEDBACK, "praiseworthy work"),
        ("praise:", CoachingKind.PRAISE, ""),
        ("  ", CoachingKind.FEEDBACK, ""),
    ],
)
def test_the_first_word_tells_the_kind(text: str, kind: CoachingKind, body: str) -> None:
    assert split_kind(text) == (kind, body)


@pytest.mark.parametrize(
    ("text", "user", "rest"),
    [
        ("<@U123|ana> well\ndone", "U123", "well\ndone"),
        ("<@U123>well &amp; good", "U123", "well & good"),
        ("well done <@U123>", None, "well done <@U123>"),
        ("", None, ""),
    ],
)
def test_only_a_mention_in_front_is_the_person_addressed(
    text: str, user: str | None, rest: str
) -> None:
    assert leading_user(text) == (user, rest)


def test_it_arrives_at_once_within_working_hours() -> None:
    at_ten = TUESDAY.replace(hour=10)
    assert expect(ANA, LIVE, at_ten).reach is Reach.NOW


def test_it_waits_for_the_next_working_hour_of_the_reader() -> None:
    found = expect(ANA, LIVE, TUESDAY)
    assert (found.reach, found.when, found.zone) == (
        Reach.LATER,
        TUESDAY.replace(hour=9),
        "Europe/London",
    )


def test_it_skips_time_off() -> None:
    off = DateSpan(TUESDAY.date(), TUESDAY.date())
    away = replace(ANA, calendar=replace(ANA.calendar, time_off=(off,)))
    assert expect(away, LIVE, TUESDAY).when == datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def test_beyond_the_days_messages_it_comes_with_the_next_today() -> None:
    full = replace(ANA, sent=Sent(today=2, week=2, today_messages=0))
    found = expect(full, LIVE, TUESDAY.replace(hour=10))
    assert (found.reach, found.when) == (Reach.NOW, TUESDAY.replace(hour=10))
    had_one = replace(full, sent=Sent(today=3, week=3, today_messages=1))
    found = expect(had_one, LIVE, TUESDAY.replace(hour=10))
    assert (found.reach, found.when) == (Reach.LATER, datetime(2026, 3, 11, 9, 0, tzinfo=UTC))


def test_whoever_never_works_reads_it_some_time() -> None:
    off = DateSpan(TUESDAY.date(), TUESDAY.date().replace(year=2028))
    away = replace(ANA, calendar=replace(ANA.calendar, time_off=(off,)))
    assert expect(away, LIVE, TUESDAY).reach is Reach.SOMETIME


@pytest.mark.parametrize(
    ("recipient", "squad", "reach"),
    [
        (ANA, SquadState.REHEARSAL, Reach.REHEARSAL),
        (None, LIVE, Reach.NOT_IN_SLACK),
        (replace(ANA, user_id=None), LIVE, Reach.NOT_IN_SLACK),
        (replace(ANA, active=False), LIVE, Reach.NOT_IN_SLACK),
    ],
)
def test_some_read_nothing(recipient: Recipient | None, squad: SquadState, reach: Reach) -> None:
    assert expect(recipient, squad, TUESDAY).reach is reach
