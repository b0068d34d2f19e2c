"""Questions are gathered by section; sections where nothing is missing are left out."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.gaps import GapQuestion, gather
from bot.rules.questions import ANSWERED, Outcome

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def asked(
    text: str = "?", section: str | None = "A", outcome: Outcome = Outcome.SURE, **given: bool
) -> GapQuestion:
    return GapQuestion(
        question_id=1, text=text, section=section, outcome=outcome, asked_at=NOW, **given
    )


def test_answered_once_and_helpful_is_no_gap() -> None:
    assert gather([asked(), asked(section="B")], [[0], [1]], [[0], [1]]) == ()


def test_what_counts_is_unanswered_unhelpful_or_asked_again() -> None:
    questions = [
        asked(outcome=Outcome.NONE),
        asked(unhelpful=True),
        asked(section="B"),
        asked(section="B"),
        asked(section="C", escalated=True, open=True),
    ]
    first, second = gather(questions, [[2, 3], [0], [1], [4]], [[0], [1], [2, 3], [4]])
    assert (first.title, first.unanswered, first.unhelpful, first.repeated) == ("A", 1, 1, 0)
    assert (second.title, second.repeated, second.weight) == ("B", 2, 2)


def test_what_no_section_is_near_is_held_together_by_its_topic() -> None:
    none = {"section": None, "outcome": Outcome.UNLOADED}
    questions = [asked("trams?", **none), asked("boats?", **none), asked("tram lines?", **none)]
    first, second = gather(questions, [[0], [1], [2]], [[0, 2], [1]])
    assert (first.section, first.title, first.unanswered) == (None, "trams?", 2)
    assert second.title == "boats?"
    assert first.key != second.key


@given(
    st.lists(
        st.builds(
            asked,
            section=st.sampled_from([None, "A", "B"]),
            outcome=st.sampled_from([Outcome.SURE, Outcome.NONE, Outcome.VERIFIED]),
            unhelpful=st.booleans(),
        ),
        max_size=12,
    )
)
def test_every_question_without_an_answer_is_in_a_gap(questions: list[GapQuestion]) -> None:
    alone = [[position] for position in range(len(questions))]
    gaps = gather(questions, alone, alone)
    assert sum(gap.unanswered for gap in gaps) == sum(
        each.outcome not in ANSWERED for each in questions
    )
    assert [gap.weight for gap in gaps] == sorted((gap.weight for gap in gaps), reverse=True)
