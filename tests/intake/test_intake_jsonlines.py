"""JSON Lines: keys like columns, one bad line never costs another."""

import json

import pytest

from bot.errors import IntakeError
from bot.intake import jsonlines
from bot.intake.files import examine
from bot.intake.jsonlines import JsonLines, looks_like_json
from bot.intake.layouts import LAYOUTS
from bot.rules.intake import FileKind, Reason, Rejected

LAYOUT = LAYOUTS[FileKind.SUBMISSIONS]
GOOD = {"task": "1", "contributor": "a", "submitted_at": "t"}


def opened(*lines: object) -> JsonLines:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return JsonLines(examine((text + "\n").encode(), "work.jsonl"), LAYOUT)


def cells(*lines: object) -> list[tuple[int, Reason | dict[str, str]]]:
    table = opened(*lines)
    names = {at: name for name, at in table.shape.positions.items()}
    return [
        (row, found.reason)
        if isinstance(found, Rejected)
        else (row, {names[at]: cell for at, cell in enumerate(found) if cell})
        for row, found in table.rows()
    ]


def test_keys_match_like_headings_and_values_become_cells() -> None:
    line = {"Task ID": 17, "worker": "a", "submitted_at": "t", "duration": 1.5, "other": 1}
    assert cells(line) == [
        (1, {"task": "17", "contributor": "a", "submitted_at": "t", "duration_s": "1.5"})
    ]
    assert opened(line).shape.ignored == ("other",)
    assert opened(line).shape.columns["task"] == "Task ID"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("x", "x"),
        (17, "17"),
        (17.0, "17"),
        (0.25, "0.25"),
        (True, "true"),
        (["a", "é"], '["a","é"]'),
        ({"k": [1]}, '{"k":[1]}'),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_values_are_written_out(value: object, cell: str) -> None:
    assert cells(GOOD | {"label": value}) == [(1, GOOD | {"label": cell})]


def test_null_and_absence_are_the_same() -> None:
    assert cells(GOOD | {"label": None}) == cells(GOOD)


@pytest.mark.parametrize(
    "line", ["{", "[1]", '"text"', "17", "{'task': 1}", "9" * 5000, "[" * 100_000, '{"a":1}{}']
)
def test_a_line_that_is_no_object_costs_itself_alone(line: object) -> None:
    assert cells(GOOD, line, GOOD) == [(1, GOOD), (2, Reason.NOT_JSON), (3, GOOD)]


def test_rows_are_line_numbers_and_blank_lines_are_left_out() -> None:
    assert [row for row, _ in cells("", GOOD, "   ", GOOD)] == [2, 4]


def test_keys_may_change_from_line_to_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "_KNOWN_SHAPES", 2)
    lines = [GOOD, *({"url": str(n), f"x{n}": n} | GOOD for n in range(9)), {"item": "2"}]
    found = cells(*lines)
    assert [cell.get("url") for _, cell in found] == [None, *map(str, range(9)), None]
    assert found[-1] == (11, {"task": "2"})


def test_keys_that_no_object_has_are_missing_columns() -> None:
    with pytest.raises(IntakeError) as caught:
        opened({"task": 1, "who": "a"})
    assert caught.value.code == "columns_missing"
    assert caught.value.fields["missing"] == ["contributor", "submitted_at"]
    assert caught.value.fields["found"] == ["task", "who"]


@pytest.mark.parametrize("text", ["task,contributor\n", "{\n  'a': 1\n}\n", "\n \n"])
def test_what_holds_no_object_is_no_json_lines(text: str) -> None:
    with pytest.raises(IntakeError) as caught:
        JsonLines(examine(text.encode(), "x"), LAYOUT)
    assert caught.value.code == "file_not_json_lines"


def test_the_first_character_tells_the_format() -> None:
    assert looks_like_json(examine(b' \n  {"a": 1}\n', "x"))
    assert not looks_like_json(examine(b"task,contributor\n", "x"))
    assert not looks_like_json(examine(b"\n\n", "x"))
    with pytest.raises(IntakeError) as caught:
        looks_like_json(examine(b'[\n{"a": 1}]\n', "x"))
    assert caught.value.code == "file_is_json_array"
