"""Questions that ask the same are found, and few others with them."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.similar import ALIKE, CLOSE, Similar, background
from bot.knowledge.words import CHINESE

HERE = Path(__file__).parent
Pair = tuple[bool, str, str]


def pairs(name: str) -> list[Pair]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    split = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(same == "1", first, second) for same, first, second in split]


PAIRS = pairs("question_pairs.txt")
KEPT_BACK = pairs("question_pairs_kept_back.txt")
FIRST = list(dict.fromkeys(first for _, first, _ in PAIRS))


def score(among: Similar, texts: list[str], first: str, second: str) -> float:
    near = {hit.position: hit.score for hit in among.nearest(second, len(texts))}
    return near.get(texts.index(first), 0.0)


@pytest.mark.parametrize(
    ("labelled", "precision", "recall"), [(PAIRS, 0.96, 0.93), (KEPT_BACK, 1.0, 0.8)]
)
def test_what_it_calls_alike_is_alike(
    labelled: list[Pair], precision: float, recall: float
) -> None:
    texts = list(dict.fromkeys(first for _, first, _ in labelled))
    among = Similar(texts)
    joined = [same for same, *two in labelled if score(among, texts, *two) >= ALIKE]
    assert sum(joined) / len(joined) >= precision
    assert sum(joined) >= recall * sum(same for same, _, _ in labelled)


def test_both_kinds_and_both_languages_are_labelled() -> None:
    for labelled, least in ((PAIRS, 20), (KEPT_BACK, 10)):
        assert sum(same for same, _, _ in labelled) * 2 == len(labelled)
        assert sum(CHINESE.search(first) is not None for _, first, _ in labelled) >= least


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Does the box include the shadow?", "Does the box include the antenna?"),
        ("May I skip blurry frames?", "May I skip the tutorial?"),
        ("连字符要不要单独切分？", "百分号要不要单独切分？"),
    ],
)
def test_two_subjects_in_one_frame_are_not_alike(one: str, other: str) -> None:
    texts = [one, *FIRST]
    assert score(Similar(texts), texts, one, other) < ALIKE


def test_common_words_weigh_less_where_a_background_knows_them() -> None:
    asked = ["Reflections in windows?", "Reflections in puddles?"]
    plain = Similar(asked).nearest("puddles, windows", 2)
    everywhere = background([f"windows of house {n}" for n in range(50)])
    known = Similar(asked, everywhere).nearest("puddles, windows", 2)
    assert plain[0].score == pytest.approx(plain[1].score)
    assert [hit.position for hit in known] == [1, 0]
    assert known[0].score > known[1].score


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
    best = Similar(FIRST).nearest(text[:4_000], 1)[0]
    assert FIRST[best.position] == "Are mirrors part of the car?"
    long = Similar([text, "zzz " * 1_000])
    assert [hit.position for hit in long.nearest("zzz", 2)] == [1]


def test_the_same_text_twice_is_found_twice_and_grouped() -> None:
    texts = ["Are mirrors part of the car?", "May annotations overlap?"] * 2
    twice = Similar(texts)
    assert [(hit.position, round(hit.score, 9)) for hit in twice.nearest(texts[0], 4)] == [
        (0, 1.0), (2, 1.0),
    ]  # fmt: skip
    assert twice.clusters(ALIKE) == [[0, 2], [1, 3]]


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


@given(st.permutations(FIRST[:24]), st.sampled_from([CLOSE, 0.4, ALIKE]))
def test_the_order_of_the_texts_changes_no_group(texts: list[str], at_least: float) -> None:
    def named(given: list[str]) -> set[frozenset[str]]:
        groups = Similar(given).clusters(at_least)
        return {frozenset(given[position] for position in group) for group in groups}

    assert named(texts) == named(FIRST[:24])


def test_a_chain_of_neighbours_is_not_one_group() -> None:
    chain = ["red car door", "car door handle", "door handle knob", "handle knob brass"]
    assert len(Similar(chain).clusters(0.5)) > 1


def test_a_thousand_questions_are_looked_through_at_once() -> None:
    texts = [f"{first} {n} {other}" for n in range(20) for first in FIRST[:10] for other in FIRST]
    many = Similar(texts[:1_000])
    began = time.thread_time()
    for text in FIRST:
        many.nearest(text, 5)
    assert (time.thread_time() - began) / len(FIRST) < 0.025  # 5 ms where nothing else runs


def test_comparing_loads_no_numbers_library() -> None:
    code = (
        "import sys\nfrom bot.knowledge.similar import Similar\n"
        "Similar(['商店橱窗', 'shop windows']).nearest('shop 橱窗', 1)\n"
        "sys.exit(bool({'numpy', 'scipy', 'rjieba'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE.parents[1], check=False)  # noqa: S603 - our own code
    assert done.returncode == 0
