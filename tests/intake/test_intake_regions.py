"""What was marked becomes a line that people can read."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake import regions
from bot.intake.cells import CellError
from tests.exports import box, choice, span

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "type", "id", "from_name", "choices", "labels", "text", "x"]),
            inner,
        )
    ),
    max_leaves=15,
)


def said(kind: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "from_name": kind, "value": value}


@pytest.mark.parametrize(
    ("results", "line"),
    [
        (None, ""),
        ([], ""),
        ([choice("cat")], "cat"),
        ([choice("cat", "dog")], "cat, dog"),
        ([choice("cat"), choice("calm", name="mood")], "sentiment: cat; mood: calm"),
        ([span("PER", "Ana", "1")], "PER: Ana"),
        ([span("PER", "Ana", "1"), span("LOC", "Rome", "2")], "PER: Ana; LOC: Rome"),
        ([span("PER", None, "1")], "PER"),
        ([box("car", "1"), box("bus", "2"), box("car", "3")], "car ×2; bus"),
        ([box("car", "1"), choice("rainy")], "car; sentiment: rainy"),
        ([said("textarea", text=["a red car", "at night"])], "a red car at night"),
        ([said("rating", rating=4)], "4"),
        ([said("number", number=Decimal("2.5"))], "2.5"),
        ([said("taxonomy", taxonomy=[["animal", "cat"], ["thing"]])], "animal / cat, thing"),
        ([said("pairwise", selected="left")], "left"),
        ([said("ranker", ranker={"best": ["b", "a"]})], "b, a"),
        ([said("rectangle", x=1, y=2)], "rectangle"),
        (
            [said("rectangle", x=1) | {"id": "7"}, said("textarea", text="STOP") | {"id": "7"}],
            "STOP",
        ),
        (
            [
                said("rectangle", x=1) | {"id": "7"},
                said("labels", labels=["sign"]) | {"id": "7"},
                said("textarea", text=["STOP"]) | {"id": "7"},
            ],
            "sign: STOP",
        ),
        (
            [
                span("A", "x", "1"),
                span("B", "y", "2"),
                {"type": "relation", "from_id": "1", "to_id": "2", "labels": ["of"]},
            ],
            "A: x; B: y; of",
        ),
    ],
)
def test_results_are_readable(results: Any, line: str) -> None:
    assert regions.of_results(results) == line


@pytest.mark.parametrize("results", ["cat", 7, {}, {"a": 1}, [1], [None], [{"value": "cat"}]])
def test_what_is_no_list_of_results_is_refused(results: Any) -> None:
    with pytest.raises(CellError) as caught:
        regions.of_results(results)
    assert caught.value.column == "result"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("cat", "cat"),
        (None, ""),
        (4, "4"),
        (["a", "b"], "a, b"),
        ({"choices": ["a", "b"]}, "a, b"),
        ([{"x": 1, "rectanglelabels": ["car"]}, {"x": 2, "rectanglelabels": ["car"]}], "car ×2"),
        ([{"start": 1, "text": "Ana", "labels": ["PER"]}], "PER: Ana"),
        ([], ""),
        ({}, ""),
    ],
)
def test_short_forms_say_the_same(value: Any, line: str) -> None:
    assert regions.of_value(value) == line


def test_controls_are_named_unless_there_is_one() -> None:
    assert regions.of_controls([("mood", "calm")]) == "calm"
    assert regions.of_controls([("mood", "calm"), ("kind", "cat")]) == "mood: calm; kind: cat"
    assert regions.of_controls([("mood", ""), ("kind", "cat")]) == "kind: cat"
    assert regions.of_controls([]) == ""


@given(results=JSON)
def test_anything_is_a_line_or_refused(results: Any) -> None:
    try:
        line = regions.of_results(results)
    except CellError:
        return
    assert isinstance(line, str)
    assert isinstance(regions.of_value(results), str)
