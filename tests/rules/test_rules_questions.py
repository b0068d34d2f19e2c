"""What is a question, what it is about, and what goes on asking."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, NotFound, UserError
from bot.rules import commands
from bot.rules.people import Actor, IdentityKind, Membership, Role, SquadState, Status
from bot.rules.questions import (
    FOLLOWS_WITHIN,
    Asked,
    AskedVia,
    Outcome,
    Scope,
    choose_scopes,
    conversation,
    question_text,
    reads_as_follow_up,
    scope_in,
)

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
KNOWN = frozenset({"ask", "audit", "muster", "log", "squad"})
SCOPES = (
    Scope(1, "Kestrel", 10, "Boxes"),
    Scope(1, "Kestrel", 11, "Roads"),
    Scope(2, "Osprey", 10, "Boxes"),
)


def actor(*squads: int, admin: bool = False, status: Status = Status.ACTIVE) -> Actor:
    return Actor(
        workspace_id=1,
        person_id=7,
        user_id="U7",
        name="Ana",
        kind=IdentityKind.MEMBER,
        locale=None,
        zone=None,
        is_admin=admin,
        slack_admin=False,
        memberships=tuple(
            Membership(
                squad_id=squad,
                squad=f"squad {squad}",
                state=SquadState.LIVE,
                status=status,
                roles=frozenset({Role.CONTRIBUTOR}),
                channels=frozenset({f"C{squad}"}),
            )
            for squad in squads
        ),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  Is a &lt;div&gt; a box?  ", "Is a <div> a box?"),
        ("one\ntwo?", "one\ntwo?"),
        ("引号要不要标注？", "引号要不要标注？"),
        (":thinking_face: why 3?", ":thinking_face: why 3?"),
    ],
)
def test_a_question_is_read_as_it_was_meant(typed: str, meant: str) -> None:
    assert question_text(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "question_empty"),
        (" \n ", "question_empty"),
        (":car: :man-running::skin-tone-2:", "question_no_words"),
        ("__ ?! …", "question_no_words"),
        ("a" * 4_001, "question_too_long"),
    ],
)
def test_what_is_no_question_says_why(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        question_text(typed)
    assert caught.value.code == code


@given(st.text(max_size=5_000))
def test_any_text_is_a_question_or_a_sentence(text: str) -> None:
    try:
        read = question_text(text)
    except UserError as error:
        read = error.code
    assert 0 < len(read) <= 4_000


def test_a_channel_decides_before_the_askers_own_squads() -> None:
    assert choose_scopes(actor(1, 2), SCOPES, "C2") == (SCOPES[2],)
    assert choose_scopes(actor(1, 2), SCOPES, None) == SCOPES
    assert choose_scopes(actor(1), SCOPES, "C2") == SCOPES[:2]


def test_an_admin_without_a_squad_asks_about_all() -> None:
    assert choose_scopes(actor(admin=True), SCOPES, None) == SCOPES


@pytest.mark.parametrize(
    ("who", "scopes", "code"),
    [
        (actor(), SCOPES, "no_squad"),
        (actor(1, status=Status.OFFBOARDED), SCOPES, "no_squad"),
        (actor(3), SCOPES, "ask_no_project"),
        (actor(admin=True), (), "ask_no_project"),
    ],
)
def test_who_has_nothing_to_ask_about_reads_why(
    who: Actor, scopes: tuple[Scope, ...], code: str
) -> None:
    with pytest.raises(NotFound) as caught:
        choose_scopes(who, scopes, None)
    assert caught.value.code == code


def test_a_scope_is_a_squad_and_a_project() -> None:
    assert scope_in(SCOPES, 2, 10) == SCOPES[2]
    assert scope_in(SCOPES, 2, 11) is None


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ("And for passives?", True),
        ("what about trailers", True),
        ("Is it the same at night ?", True),
        ("那被动句呢", True),
        ("那么晚上怎么办", True),
        ("（晚上也一样吗？）", True),
        ("Thanks a lot.", False),
        ("ok", False),
        ("And thank you so much!", False),
        ("好的，谢谢", False),
        ("<@U123> what do you think?", False),
        ("I boxed it now", False),
        ("", False),
    ],
)
def test_only_what_goes_on_asking_is_a_follow_up(said: str, goes_on: bool) -> None:
    assert reads_as_follow_up(said) is goes_on


def asked(at: datetime) -> Asked:
    return Asked(
        question_id=1,
        workspace_id=1,
        squad_id=1,
        project_id=10,
        asker_id=7,
        text="?",
        via=AskedVia.DIRECT,
        private=True,
        asked_at=at,
        channel=None,
        message_ts=None,
        thread_ts=None,
        context_id=None,
        version_id=None,
        outcome=Outcome.SURE,
        confidence=1.0,
        passages=(),
        verified_id=None,
        edge_id=None,
        composed=None,
        escalation_id=None,
    )


def test_without_a_thread_only_what_came_just_now_is_the_context() -> None:
    fresh, old = asked(NOW - FOLLOWS_WITHIN), asked(NOW - FOLLOWS_WITHIN - timedelta(seconds=1))
    assert conversation([fresh], NOW, threaded=False) == fresh
    assert conversation([old], NOW, threaded=False) is None
    assert conversation([old], NOW, threaded=True) == old
    assert conversation([], NOW, threaded=True) is None


@pytest.mark.parametrize(
    ("said", "name", "text"),
    [
        ("audit T-1", "audit", "T-1"),
        ("muster squad list", "squad", "list"),
        ("Are trailers boxed?", "ask", "Are trailers boxed?"),
        ("ask are trailers boxed?", "ask", "are trailers boxed?"),
        ("audit tasks in pairs?", "ask", "audit tasks in pairs?"),
        ("muster ask why?", "ask", "why?"),
        ("help", "muster", ""),
        ("", "muster", ""),
        ("?", "muster", ""),
        ("audit ?", "audit", "?"),
    ],
)
def test_what_is_said_is_a_command_or_a_question(said: str, name: str, text: str) -> None:
    assert commands.said(said, KNOWN) == commands.Words(name, text)
