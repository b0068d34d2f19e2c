"""Questions that ask the same are found, and few others with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.similar import ALIKE, CLOSE, Similar

PAIRS = [
    (line.split("\t")[0] == "1", *line.split("\t")[1:])
    for line in (Path(__file__).parent / "question_pairs.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
FIRST = list(dict.fromkeys(first for _, first, _ in PAIRS))


def scores() -> list[tuple[float, bool]]:
    """How like the second of each pair is to the first, among all the first ones."""
    among = Similar(FIRST)
    found = []
    for same, first, second in PAIRS:
        near = {hit.position: hit.score for hit in among.nearest(second, len(FIRST))}
        found.append((near.get(FIRST.index(first), 0.0), same))
    return found


def test_what_it_calls_alike_is_alike() -> None:
    joined = [same for score, same in scores() if score >= ALIKE]
    assert sum(joined) / len(joined) >= 0.9
    assert sum(joined) >= 0.8 * sum(same for same, _, _ in PAIRS)


def test_the_same_text_is_found_first_and_whole() -> None:
    among = Similar(FIRST)
    for position, text in enumerate(FIRST):
        best = among.nearest(text, 1)[0]
        assert (best.position, round(best.score, 9)) == (position, 1.0)


@pytest.mark.parametrize("text", ["", "🙂 👍", "the of and", "zzz qqq"])
def test_a_text_without_shared_words_is_like_nothing(text: str) -> None:
    assert Similar(FIRST).nearest(text, 5) == []


def test_nothing_is_like_anything_where_there_is_nothing() -> None:
    assert Similar([]).nearest("Are cars boxed?", 3) == []
    assert Similar([]).clusters() == []
    assert Similar(["", ""]).clusters() == [[0], [1]]


def test_long_texts_are_compared_by_their_beginning() -> None:
    text = "Are mirrors part of the car? " + "Thank you for your patience. " * 200
    assert Similar(FIRST).nearest(text[:4_000], 1)


def test_questions_about_one_thing_come_together() -> None:
    texts = [
        "Are reflections in shop windows boxed?",
        "How many people make a group?",
        "Are reflections boxed?",
        "Reflections in a mirror, boxed or not?",
        "How many people is a group?",
    ]
    assert Similar(texts).clusters() == [[0, 2, 3], [1, 4]]


@given(st.lists(st.sampled_from(FIRST), max_size=12), st.floats(CLOSE, 0.9))
def test_every_text_is_in_one_group(texts: list[str], at_least: float) -> None:
    groups = Similar(texts).clusters(at_least)
    assert sorted(position for group in groups for position in group) == list(range(len(texts)))
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
