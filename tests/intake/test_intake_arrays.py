"""A JSON list: item by item, in little memory, and a fault is told with its place."""

import gzip
import json
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import IntakeError
from bot.intake import arrays
from bot.intake.files import MAX_LINE_BYTES, examine

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


def read(content: bytes | Path) -> list[object]:
    return list(arrays.items(examine(content, "x.json", lists=True)))


@given(
    items=st.lists(VALUES, max_size=6),
    indent=st.sampled_from([None, 2]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    plain=st.booleans(),
    packed=st.booleans(),
)
@settings(deadline=None)
def test_what_json_writes_is_read_back(
    items: list[Any], indent: int | None, encoding: str, plain: bool, packed: bool
) -> None:
    # Half of a surrogate pair is no character, and JSON can write one all the same.
    data = json.dumps(items, indent=indent, ensure_ascii=plain).encode(encoding, "replace")
    expected = json.loads(data.decode(encoding))
    assert read(gzip.compress(data) if packed else data) == expected


def test_fractions_keep_their_digits_and_numbers_have_no_end() -> None:
    assert read(b'[{"a": 0.1, "b": 123456789012345678901234567890}]') == [
        {"a": Decimal("0.1"), "b": 123456789012345678901234567890}
    ]


@pytest.mark.parametrize(
    ("content", "after"),
    [
        (b'[{"a": 1}, {"a": 2}, {"a"', 2),
        (b'[{"a": 1}, {"a": 2}', 2),
        (b'[{"a": 1}, {"a": NaN}]', 1),
        (b'[{"a": 1}] more', 1),
        (b"[", 0),
        (b"[1,,2]", 1),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", 0),
        (b"[" * 100_000, 0),
        (b"[1," + b"[" * 100_000 + b"]" * 100_001, 1),
        (b"[" + b'{"a":' * 50_000, 0),
    ],
)
def test_a_fault_is_told_with_the_whole_items_before_it(content: bytes, after: int) -> None:
    with pytest.raises(IntakeError) as caught:
        read(content)
    assert caught.value.code == "file_json_broken"
    assert caught.value.fields == {"name": "x.json", "after": after}


def test_what_nests_deeper_than_any_export_is_refused() -> None:
    deep = b"[" * arrays.MAX_DEPTH + b"]" * arrays.MAX_DEPTH
    assert len(read(deep)) == 1
    with pytest.raises(IntakeError) as caught:
        read(b"[" + deep + b"]")
    assert caught.value.code == "file_json_broken"


def test_an_item_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "MAX_ITEM", 200_000)
    fits = b'[{"a":"' + b"x" * 190_000 + b'"}]'
    assert len(read(fits)) == 1
    many = b"[" + b",".join([fits[1:-1]] * 9) + b"]"
    assert len(read(many)) == 9
    with pytest.raises(IntakeError) as caught:
        read(b'[{"a":"' + b"x" * 400_000 + b'"}]')
    assert caught.value.code == "file_item_too_long"
    assert caught.value.fields["limit"] == 200_000


def test_a_byte_that_is_no_character_is_marked() -> None:
    assert read('["für", "für"]'.encode() + b" " * 9) == ["für", "für"]
    assert read('["für", "grün", "x'.encode() + b'\xff"]') == ["für", "grün", "x\ufffd"]


@pytest.mark.parametrize(
    ("content", "opens"),
    [
        (b" \n\t[1]", True),
        ("\ufeff[1]".encode(), True),
        ("[1]".encode("utf-16"), True),
        (b'{"a": [1]}', False),
        (b"task,label\n", False),
        (b"   ", False),
        ("\u2000[".encode("utf-16"), False),
    ],
)
def test_a_list_is_known_by_its_bracket(content: bytes, opens: bool) -> None:
    assert arrays.opens_list(examine(content, "x", lists=True)) is opens


def test_only_a_list_may_be_one_endless_line() -> None:
    endless = b"x" * (MAX_LINE_BYTES + 10)
    assert len(read(b'["' + endless[: MAX_LINE_BYTES // 2] + b'","' + endless + b'"]')) == 2
    for content in (b'{"a":"' + endless + b'"}', "\u2000[".encode("utf-16") + endless * 2):
        with pytest.raises(IntakeError) as caught:
            examine(content, "x", lists=True)
        assert caught.value.code == "file_line_too_long"
    with pytest.raises(IntakeError):
        examine(b"[" + endless, "x")


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    item = json.dumps({"id": 1, "text": "x" * 2_000}).encode()
    peaks = []
    for n in (500, 10_000):
        path.write_bytes(b"[" + b",".join([item] * n) + b"]")
        tracemalloc.start()
        found = sum(1 for _ in arrays.items(examine(path, "list.json", lists=True)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == n
    assert peaks[1] < peaks[0] * 1.5
    assert peaks[1] < 5_000_000 < path.stat().st_size
