"""Whose turn it is, from when news are news, what was typed, and when an action comes back."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules import action_items, agenda, agenda_input, meetings
from bot.rules.action_items import ActionItem, ActionSource
from bot.rules.agenda import Cause, CauseKind, Topic
from bot.rules.calendar import DateSpan, make_calendar, make_hours, merge, window_of
from bot.rules.people import Actor, IdentityKind, Membership, PersonRef, Role, SquadState, Status
from bot.rules.squads import SyncKind

MONDAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
WEEKDAYS = (0, 1, 2, 3, 4)
HOURS = (time(9), time(17))
SQUAD = make_calendar("Europe/London", WEEKDAYS, HOURS)


def away(*spans: DateSpan) -> Any:
    return merge(SQUAD, make_hours(time_off=spans))


def acting(person_id: int, *roles: Role, squad_id: int = 1) -> Actor:
    return Actor(
        workspace_id=1,
        person_id=person_id,
        user_id=f"U{person_id}",
        name="Ana",
        kind=IdentityKind.MEMBER,
        locale=None,
        zone=None,
        is_admin=False,
        slack_admin=False,
        memberships=(
            Membership(
                squad_id=squad_id,
                squad="Kestrel",
                state=SquadState.LIVE,
                status=Status.ACTIVE,
                roles=frozenset(roles),
            ),
        ),
    )


# Whose turn it is.


def test_everybody_leads_in_turn_and_keeps_the_turn_while_away() -> None:
    joined = {key: NOW - timedelta(days=10 - key) for key in (1, 2, 3)}
    able = dict.fromkeys(joined, SQUAD)
    able[2] = away(DateSpan(MONDAY, MONDAY + timedelta(days=1)))
    past: list[int] = []
    for n in range(5):
        leader = agenda.facilitator(able, past, MONDAY + timedelta(days=n), joined)
        assert leader is not None
        past.insert(0, leader)
    assert past[::-1] == [1, 3, 2, 1, 3]


def test_nobody_leads_where_nobody_works() -> None:
    assert agenda.facilitator({}, [], MONDAY, {}) is None
    gone = {1: away(DateSpan(MONDAY, MONDAY))}
    assert agenda.facilitator(gone, [], MONDAY, {1: NOW}) is None


@settings(max_examples=50)
@given(
    people=st.integers(1, 8),
    absent=st.lists(st.frozensets(st.integers(0, 7)), min_size=40, max_size=40),
)
def test_turns_are_fair_among_those_present(people: int, absent: list[frozenset[int]]) -> None:
    """Whoever leads led no later than anybody else who is there; all the same twice."""
    joined = {key: NOW + timedelta(minutes=key) for key in range(people)}
    past: list[int] = []
    days = [MONDAY + timedelta(days=n) for n in range(60) if n % 7 < 5][:40]
    for day, missing in zip(days, absent, strict=True):
        able = {key: away(DateSpan(day, day)) if key in missing else SQUAD for key in joined}
        leader = agenda.facilitator(able, past, day, joined)
        there = set(joined) - missing
        assert (leader is None) == (not there)
        if leader is None:
            continue
        assert leader in there
        assert leader == agenda.facilitator(able, past, day, joined)

        def since(key: int) -> int:
            return past.index(key) if key in past else 10**6

        assert all(since(leader) >= since(other) for other in there)
        past.insert(0, leader)


# News and ages.


@pytest.mark.parametrize(
    ("last", "first", "kind", "days"),
    [
        (None, None, SyncKind.SYNC, 1),
        (None, None, SyncKind.REVIEW, 7),
        (None, None, SyncKind.TOUCHPOINT, 7),
        (NOW - timedelta(days=3), None, SyncKind.SYNC, 3),
        (NOW - timedelta(days=90), NOW - timedelta(days=99), SyncKind.SYNC, 14),
        # None of them could be read: what the first would have said is still news.
        (None, NOW - timedelta(days=2), SyncKind.SYNC, 3),
        (None, NOW - timedelta(days=99), SyncKind.REVIEW, 14),
    ],
)
def test_news_begin_where_the_last_agenda_ended(
    last: datetime | None, first: datetime | None, kind: SyncKind, days: int
) -> None:
    assert NOW - agenda.since(last, first, kind, NOW) == timedelta(days=days)


@pytest.mark.parametrize(
    ("created", "today", "age"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, MONDAY + timedelta(days=1), 1),
        (MONDAY - timedelta(days=3), MONDAY, 1),  # Friday: the weekend makes nothing older
        (MONDAY - timedelta(days=1), MONDAY, 0),
        (MONDAY - timedelta(days=2000), MONDAY, 260),
        (MONDAY + timedelta(days=1), MONDAY, 0),
    ],
)
def test_a_topic_grows_old_on_working_days(created: date, today: date, age: int) -> None:
    assert agenda.working_days_open(SQUAD, created, today) == age


# Who may.


def topic(author: int) -> Topic:
    return Topic(
        id=1,
        squad_id=1,
        kind=SyncKind.SYNC,
        author=PersonRef(person_id=author, name="A"),
        text="t",
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("actor", "closes", "leads"),
    [
        (acting(1, Role.CONTRIBUTOR), True, False),  # who added it
        (acting(2, Role.CONTRIBUTOR), False, False),
        (acting(3, Role.CONTRIBUTOR), True, True),  # whose turn it is
        (acting(4, Role.MANAGER), True, True),
        (acting(5, Role.AUDITOR), False, False),
        (acting(1, Role.CLIENT), False, False),
        (acting(3, Role.CLIENT), False, False),
        (acting(1, Role.CONTRIBUTOR, squad_id=2), False, False),
        (acting(3, Role.MANAGER, squad_id=2), False, False),
    ],
)
def test_who_closes_topics_and_skips_meetings(actor: Actor, closes: bool, leads: bool) -> None:
    assert agenda.may_close(actor, topic(1), {3}) is closes
    assert agenda.may_lead(actor, 1, {3}) is leads


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize(
    ("actor", "reads", "closes"),
    [
        (acting(1, Role.CONTRIBUTOR), True, True),  # the owner
        (acting(2, Role.MANAGER), True, True),  # who wrote it down
        (acting(3, Role.MANAGER), "public", "public"),
        (acting(4, Role.CONTRIBUTOR), "public", False),
        (acting(5, Role.CLIENT), False, False),
    ],
)
def test_private_actions_are_their_two_peoples(
    actor: Actor, reads: bool | str, closes: bool | str, private: bool
) -> None:
    item = ActionItem(
        id=1,
        workspace_id=1,
        squad_id=1,
        owner=PersonRef(person_id=1, name="A"),
        text="t",
        source=ActionSource.ONE_ON_ONE,
        source_id=1,
        private=private,
        created_by=2,
        created_at=NOW,
    )
    public = {"public": not private}
    assert action_items.may_read(actor, item) is public.get(reads, reads)  # type: ignore[arg-type]
    assert action_items.may_close(actor, item) is public.get(closes, closes)  # type: ignore[arg-type]


# When an action comes back.


@pytest.mark.parametrize(
    ("due", "now", "first"),
    [
        (MONDAY, NOW - timedelta(days=3), NOW),
        (MONDAY, NOW + timedelta(hours=2), NOW + timedelta(hours=2)),  # written down at the sync
        (MONDAY, NOW + timedelta(hours=9), NOW + timedelta(days=1)),  # after work
        (MONDAY - timedelta(days=1), NOW - timedelta(days=3), NOW),  # on a Sunday
    ],
)
def test_the_first_line_comes_on_its_day(due: date, now: datetime, first: datetime) -> None:
    assert action_items.first_line(SQUAD, due, now) == first


@settings(max_examples=50)
@given(
    offs=st.lists(st.tuples(st.integers(-3, 20), st.integers(0, 6)), max_size=4),
    due=st.integers(0, 14),
    steps=st.integers(1, 6),
)
def test_lines_come_once_on_every_day_worked(
    offs: list[tuple[int, int]], due: int, steps: int
) -> None:
    spans = [
        DateSpan(MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + length))
        for first, length in offs
    ]
    calendar = away(*spans)
    day = MONDAY + timedelta(days=due)
    at = action_items.first_line(calendar, day, NOW)
    said = []
    for _ in range(steps):
        assert at is not None
        said.append(at.date())  # London in March: local days are UTC days
        at = action_items.next_line(calendar, at.date(), at)
    worked = [
        day + timedelta(days=n)
        for n in range(60)
        if window_of(calendar, day + timedelta(days=n)) is not None
    ]
    assert said == worked[:steps]


def test_who_never_works_is_never_reminded() -> None:
    assert action_items.first_line(None, MONDAY, NOW) is None
    assert action_items.next_line(None, MONDAY, NOW) is None


# What was typed.


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("Signs for review", SyncKind.REVIEW, "Signs"),
        ("for review: Signs", SyncKind.REVIEW, "Signs"),
        ("for client Signs and\nmore", SyncKind.TOUCHPOINT, "Signs and\nmore"),
        ("Signs for client", SyncKind.TOUCHPOINT, "Signs"),
        ("what is this for", SyncKind.SYNC, "what is this for"),
        ("for review", SyncKind.SYNC, "for review"),
        ("Thanks for sync", SyncKind.SYNC, "Thanks for sync"),
        ("", SyncKind.SYNC, ""),
    ],
)
def test_a_topic_says_for_which_meeting_it_is(text: str, kind: SyncKind, rest: str) -> None:
    assert agenda_input.split_kind(text) == (kind, rest)


@pytest.mark.parametrize(
    ("text", "kind", "rest"),
    [
        ("", SyncKind.SYNC, ""),
        ("review", SyncKind.REVIEW, ""),
        ("for client", SyncKind.TOUCHPOINT, ""),
        ("review Kestrel North", SyncKind.REVIEW, "Kestrel North"),
        ("Kestrel", SyncKind.SYNC, "Kestrel"),
    ],
)
def test_a_list_says_which_meeting_it_is_of(text: str, kind: SyncKind, rest: str) -> None:
    assert agenda_input.read_kind(text) == (kind, rest)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Signs in kestrel", ("Kestrel", "Signs")),
        ("Signs in Night & Day", ("Night & Day", "Signs")),
        ("Signs in the fog", (None, "Signs in the fog")),
        (" in Kestrel", (None, " in Kestrel")),
    ],
)
def test_a_topic_may_name_its_squad(text: str, found: tuple[str | None, str]) -> None:
    assert agenda_input.split_squad(text, ["Kestrel", "Night & Day"]) == found


@pytest.mark.parametrize(("text", "code"), [(" \n", "topic_empty"), ("x" * 3001, "topic_long")])
def test_texts_that_are_no_topics(text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        agenda_input.read_text(text)
    assert refused.value.code == code
    assert agenda_input.read_text(" x\ny ") == "x\ny"


def test_a_message_of_ours_says_what_it_is_about() -> None:
    assert agenda_input.cause_of({"escalation_id": 3}) == Cause(CauseKind.QUESTION, 3)
    assert agenda_input.cause_of({"dispute_id": 4}) == Cause(CauseKind.DISPUTE, 4)
    assert agenda_input.cause_of({"audit_id": 5}) == Cause(CauseKind.FEEDBACK, 5)
    assert agenda_input.cause_of({"audit_id": None, "squad_id": 5}) is None
    link = agenda_input.permalink(("C1", "17.5", "16.5"))
    assert link == "https://slack.com/archives/C1/p175?thread_ts=16.5&cid=C1"
    assert agenda_input.permalink(("C1", None, None)) is None
    assert agenda_input.permalink(None) is None


def test_what_an_action_may_say() -> None:
    assert action_items.read_text(" a\n b ") == "a b"
    for text, code in (("", "action_empty"), ("x" * 501, "action_long")):
        with pytest.raises(BadInput) as refused:
            action_items.read_text(text, "action0")
        assert (refused.value.code, refused.value.fields["field"]) == (code, "action0")
    for days, code in ((-1, "action_past"), (400, "action_far")):
        with pytest.raises(BadInput) as refused:
            action_items.check_due(MONDAY + timedelta(days=days), MONDAY)
        assert refused.value.code == code
    with pytest.raises(BadInput):
        meetings.checked("x" * 3001, "notes")
    assert meetings.checked("  ", "notes") is None
