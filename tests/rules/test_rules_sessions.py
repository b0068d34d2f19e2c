"""Sessions: when they are, when the clock looks, what a quiz is, and whose results are shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.people import IndividualFigures, Role
from bot.rules.sessions import (
    QUESTIONS,
    QUIZ_LIMIT,
    SOON_BEFORE,
    Asked,
    Audience,
    Phase,
    Session,
    SessionKind,
    check_times,
    is_for,
    next_look,
    read_attended,
    read_quiz,
    read_quiz_change,
    same_quiz,
    totals_shown,
    write_quiz,
)

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SESSION = Session(
    id=1,
    workspace_id=1,
    squad_id=1,
    project_id=None,
    kind=SessionKind.TRAINING,
    title="Bikes",
    starts_at=NOW + 30 * HOUR,
    ends_at=NOW + 31 * HOUR,
    link=None,
    audience=Audience.SQUAD,
    created_by=1,
    revision=1,
    changed_at=None,
    cancelled_at=None,
    attended=None,
    delivery_id=None,
    next_at=None,
)
GOOD = "Which? [3.2]\n* a\n- b\n\nWhere? [4.1 Cars]\n- here\n- there\n* nowhere"


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (NOW, NOW + HOUR, "session_past"),
        (NOW - HOUR, NOW + HOUR, "session_past"),
        (NOW + HOUR, NOW + HOUR, "session_backwards"),
        (NOW + 2 * HOUR, NOW + HOUR, "session_backwards"),
        (NOW + HOUR, NOW + 26 * HOUR, "session_long"),
    ],
)
def test_times_that_do_not_fit(starts: datetime, ends: datetime, code: str) -> None:
    with pytest.raises(BadInput, match=code) as caught:
        check_times(starts, ends, NOW)
    assert caught.value.fields["field"] in {"starts", "ends"}


def test_where_it_stands() -> None:
    for at, phase in (
        (SESSION.starts_at - HOUR, Phase.COMING),
        (SESSION.starts_at, Phase.RUNNING),
        (SESSION.ends_at, Phase.OVER),
    ):
        assert SESSION.phase(at) is phase
        assert replace(SESSION, cancelled_at=NOW).phase(at) is Phase.CANCELLED
    assert not SESSION.quiz_open(SESSION.starts_at)
    assert SESSION.quiz_open(SESSION.ends_at)
    assert not SESSION.quiz_open(SESSION.ends_at + timedelta(days=14))


@settings(max_examples=50, deadline=None)
@given(st.integers(-100, 100))
def test_the_clock_looks_at_the_day_before_it_and_at_its_end(hours: int) -> None:
    day_at = SESSION.starts_at - 26 * HOUR
    now, seen = SESSION.starts_at + hours * HOUR, []
    while (following := next_look(SESSION, day_at, now)) is not None:
        assert following > now
        seen.append(following)
        now = following
    expected = [day_at, SESSION.starts_at - SOON_BEFORE, SESSION.ends_at]
    assert seen == [each for each in expected if each > SESSION.starts_at + hours * HOUR]
    assert next_look(replace(SESSION, cancelled_at=NOW), day_at, NOW) is None


def test_whom_it_is_for() -> None:
    contributor, auditor = frozenset({Role.CONTRIBUTOR}), frozenset({Role.AUDITOR})
    client = frozenset({Role.CLIENT, Role.DELIVERY})
    assert is_for(Audience.SQUAD, contributor, invited=False)
    assert is_for(Audience.SQUAD, frozenset({Role.MANAGER}), invited=False)
    assert not is_for(Audience.SQUAD, client, invited=False)
    assert is_for(Audience.CONTRIBUTORS, contributor, invited=False)
    assert not is_for(Audience.CONTRIBUTORS, auditor, invited=True)
    assert is_for(Audience.CHOSEN, contributor, invited=True)
    assert not is_for(Audience.CHOSEN, contributor, invited=False)


def test_a_quiz_as_it_is_typed() -> None:
    first, second = read_quiz(GOOD)
    assert (first.text, first.choices, first.correct, first.section) == (
        "Which?", ("a", "b"), 0, "3.2",
    )  # fmt: skip
    assert (second.choices, second.correct, second.section) == (
        ("here", "there", "nowhere"), 2, "4.1 Cars",
    )  # fmt: skip
    assert read_quiz("  \n ") == ()
    assert read_quiz(GOOD.replace("\n", " | ")) == (first, second)
    assert len(read_quiz(f"{GOOD}\n{GOOD}\nWhy? [1]\n- a\n* b")) == QUESTIONS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n".join(["Q? [1]\n* a\n- b"] * 6), "quiz_too_many"),
        ("- a\n* b", "quiz_no_question"),
        ("Q?\n* a\n- b", "quiz_no_section"),
        ("[3.2]\n* a\n- b", "quiz_no_section"),
        ("Q? []\n* a\n- b", "quiz_no_section"),
        ("Q? [1]\n* a", "quiz_choices"),
        ("Q? [1]\n* a\n- b\n- c\n- d\n- e", "quiz_choices"),
        ("Q? [1]\n- a\n- b", "quiz_right_one"),
        ("Q? [1]\n* a\n* b", "quiz_right_one"),
        ("Q? [1]\n* a\n- a", "quiz_same_choice"),
        ("Q? [1]\n* a\n-", "quiz_same_choice"),
        (f"{'Q' * 501} [1]\n* a\n- b", "quiz_too_long"),
        (f"Q? [1]\n* {'a' * 76}\n- b", "quiz_too_long"),
    ],
)
def test_a_quiz_that_cannot_be_read(text: str, code: str) -> None:
    with pytest.raises(BadInput, match=code) as caught:
        read_quiz(text)
    assert caught.value.fields["field"] == "quiz"


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        found = read_quiz(text)
    except BadInput:
        return
    assert len(found) <= QUESTIONS
    assert all(0 <= each.correct < len(each.choices) <= 4 for each in found)


WORD = st.text("ab-*•[|5 ", min_size=1, max_size=9).map(str.strip).filter(bool)
QUESTION = st.builds(
    Asked,
    text=WORD.filter(lambda text: text[0] not in "-*•"),
    choices=st.lists(WORD, min_size=2, max_size=4, unique=True).map(tuple),
    correct=st.integers(0, 1),
    section=WORD.filter(lambda text: "[" not in text),
)


@settings(max_examples=100)
@given(st.lists(QUESTION, max_size=QUESTIONS))
def test_a_quiz_is_written_as_it_is_read(quiz: list[Asked]) -> None:
    assert read_quiz(write_quiz(quiz)) == tuple(quiz)


def test_a_quiz_that_just_fitted_still_fits() -> None:
    lines = [f"{'*' if number == 0 else '-'}{number}{'c' * 70}" for number in range(4)]
    typed = "\n".join("\n".join([f"{'q' * 302}[3.2]", *lines]) for _ in range(QUESTIONS))
    quiz = read_quiz(typed)
    spaced = "\n\n".join(write_quiz([each]) for each in quiz)
    assert len(typed) <= QUIZ_LIMIT < len(spaced)
    assert write_quiz(quiz) == typed
    assert read_quiz(spaced) == quiz


def test_a_quiz_that_is_changed() -> None:
    assert read_quiz_change(" ") is None
    assert read_quiz_change(" None ") == ()
    assert read_quiz_change(GOOD) == read_quiz(GOOD)
    stored = [replace(each, id=number) for number, each in enumerate(read_quiz(GOOD), start=7)]
    assert same_quiz(stored, read_quiz(GOOD))
    assert not same_quiz(stored[:1], read_quiz(GOOD))
    assert not same_quiz(stored, read_quiz(GOOD.replace("3.2", "3.3")))


def test_what_has_begun_may_only_end_later() -> None:
    begun = NOW - HOUR
    check_times(begun, NOW + HOUR, NOW, begun=True)
    with pytest.raises(BadInput, match="session_past") as caught:
        check_times(begun, NOW, NOW, begun=True)
    assert caught.value.fields["field"] == "ends"


@pytest.mark.parametrize("setting", IndividualFigures)
@pytest.mark.parametrize("taken", range(5))
def test_totals_of_few_are_for_whom_may_see_each(taken: int, setting: IndividualFigures) -> None:
    expected = taken >= 3 or (taken > 0 and setting is IndividualFigures.SELF_AND_MANAGERS)
    assert totals_shown(taken, setting) is expected


def test_how_many_came() -> None:
    assert read_attended(" 14 ") == 14
    for text in ("", "many", "-1", "10000", "1.5"):
        with pytest.raises(BadInput, match="session_attended"):
            read_attended(text)
