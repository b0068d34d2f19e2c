"""Each limit of Block Kit is taken at its value and refused one beyond it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakes.kit import (
    actions,
    button,
    field,
    modal,
    mrkdwn,
    option,
    plain,
    section,
    static_select,
    text_input,
)
from tests.fakes.slack.blocks import content_length, validate_message_blocks, validate_view
from tests.fakes.slack.texts import dangers

IMAGE = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x"}


def select(n: int) -> dict[str, Any]:
    return static_select("s", *[str(i) for i in range(n)])


def choices(kind: str, n: int) -> dict[str, Any]:
    return {"type": kind, "action_id": "c", "options": [option(str(i)) for i in range(n)]}


def overflow(n: int) -> dict[str, Any]:
    return choices("overflow", n)


def feedback(text: int, value: int) -> dict[str, Any]:
    press = {"text": plain("x" * text), "value": "x" * value}
    element = {"type": "feedback_buttons", "action_id": "f"}
    element |= {"positive_button": press, "negative_button": press}
    return {"type": "context_actions", "elements": [element]}


def icons(n: int) -> dict[str, Any]:
    icon = {"type": "icon_button", "icon": "trash", "text": plain("x")}
    return {
        "type": "context_actions",
        "elements": [{**icon, "action_id": f"{i}"} for i in range(n)],
    }


def overflow_url(n: int) -> dict[str, Any]:
    link = {**option("1"), "url": "https://" + "x" * (n - 8)}
    return {"type": "overflow", "action_id": "o", "options": [link]}


def video(alt: int = 1, title: int = 1, author: int = 1) -> dict[str, Any]:
    url = "https://example.org/x"
    return {
        "type": "video",
        "alt_text": "x" * alt,
        "title": plain("x" * title),
        "author_name": "x" * author,
        "thumbnail_url": url,
        "video_url": url,
    }


def confirm(**sizes: int) -> dict[str, Any]:
    size = {"title": 1, "text": 1, "confirm": 1, "deny": 1, **sizes}
    return button(confirm={key: plain("x" * n) for key, n in size.items()})


def table(rows: int, cells: int = 1) -> dict[str, Any]:
    row = [{"type": "raw_text", "text": "x"}] * cells
    return {"type": "table", "rows": [row] * rows}


def groups(n: int, label: int = 1) -> dict[str, Any]:
    group = {"label": plain("x" * label), "options": [option("1")]}
    return {"type": "static_select", "action_id": "s", "option_groups": [group] * n}


def chosen(**sizes: int) -> dict[str, Any]:
    size = {"text": 1, "value": 1, "description": 1, **sizes}
    one = {"text": plain("x" * size["text"]), "value": "x" * size["value"]}
    one["description"] = plain("x" * size["description"])
    return {"type": "static_select", "action_id": "s", "options": [one]}


# name, limit, blocks of a message made for a size
MESSAGE_LIMITS = [
    ("section text", 3_000, lambda n: [section("x" * n)]),
    ("text counts code points", 3_000, lambda n: [section("🦊" * n)]),
    ("section fields", 10, lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}]),
    ("section field", 2_000, lambda n: [{"type": "section", "fields": [mrkdwn("x" * n)]}]),
    ("header", 150, lambda n: [{"type": "header", "text": plain("x" * n)}]),
    ("actions", 25, lambda n: [actions(*[button(f"a{i}") for i in range(n)])]),
    ("context", 10, lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}]),
    ("block_id", 255, lambda n: [section(block_id="x" * n)]),
    ("action_id", 255, lambda n: [actions(button("x" * n))]),
    ("button text", 75, lambda n: [actions(button(text=plain("x" * n)))]),
    ("button value", 2_000, lambda n: [actions(button(value="x" * n))]),
    ("button url", 3_000, lambda n: [actions(button(url="https://" + "x" * (n - 8)))]),
    ("button label", 75, lambda n: [actions(button(accessibility_label="x" * n))]),
    ("select options", 100, lambda n: [actions(select(n))]),
    ("select groups", 100, lambda n: [actions(groups(n))]),
    ("group label", 75, lambda n: [actions(groups(1, n))]),
    ("option text", 75, lambda n: [actions(chosen(text=n))]),
    ("option value", 150, lambda n: [actions(chosen(value=n))]),
    ("option description", 75, lambda n: [actions(chosen(description=n))]),
    ("placeholder", 150, lambda n: [actions({**select(1), "placeholder": plain("x" * n)})]),
    ("overflow", 5, lambda n: [actions(overflow(n))]),
    ("radio buttons", 10, lambda n: [actions(choices("radio_buttons", n))]),
    ("checkboxes", 10, lambda n: [actions(choices("checkboxes", n))]),
    ("confirm title", 100, lambda n: [actions(confirm(title=n))]),
    ("confirm text", 300, lambda n: [actions(confirm(text=n))]),
    ("confirm button", 30, lambda n: [actions(confirm(confirm=n))]),
    ("confirm deny", 30, lambda n: [actions(confirm(deny=n))]),
    ("image alt", 2_000, lambda n: [{**IMAGE, "alt_text": "x" * n}]),
    ("image title", 2_000, lambda n: [{**IMAGE, "title": plain("x" * n)}]),
    ("image url", 3_000, lambda n: [{**IMAGE, "image_url": "https://" + "x" * (n - 8)}]),
    ("markdown", 12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    (
        "markdown in sum",
        12_000,
        lambda n: (
            [{"type": "markdown", "text": "x" * (n // 2)} for _ in range(2)]
            + [{"type": "markdown", "text": "x"}] * (n % 2)
        ),
    ),
    ("overflow url", 3_000, lambda n: [actions(overflow_url(n))]),
    ("context_actions", 5, lambda n: [icons(n)]),
    ("feedback text", 75, lambda n: [feedback(n, 1)]),
    ("feedback value", 2_000, lambda n: [feedback(1, n)]),
    ("video alt", 200, lambda n: [video(alt=n)]),
    ("video title below 200", 199, lambda n: [video(title=n)]),
    ("video author below 50", 49, lambda n: [video(author=n)]),
    ("table rows", 100, lambda n: [table(n)]),
    ("table cells", 20, lambda n: [table(1, n)]),
    ("one table", 1, lambda n: [table(1)] * n),
    ("blocks", 50, lambda n: [section()] * n),
    ("one block_id", 1, lambda n: [section(block_id="x")] * n),
    ("one action_id", 1, lambda n: [actions(*[button("a")] * n)]),
]


@pytest.mark.parametrize(("name", "limit", "make"), MESSAGE_LIMITS, ids=lambda v: str(v)[:24])
def test_message_limits(name: str, limit: int, make: Callable[[int], Any]) -> None:
    assert validate_message_blocks(make(limit)) == [], name
    assert validate_message_blocks(make(limit + 1)) != [], name


VIEW_LIMITS = [
    ("label", 2_000, lambda n: {**field(text_input("a"), "b"), "label": plain("x" * n)}),
    ("hint", 2_000, lambda n: {**field(text_input("a"), "b"), "hint": plain("x" * n)}),
    ("max_length", 3_000, lambda n: field(text_input("a", max_length=n), "b")),
    ("initial_value", 3_000, lambda n: field(text_input("a", initial_value="x" * n), "b")),
    ("files", 10, lambda n: field({"type": "file_input", "action_id": "f", "max_files": n}, "b")),
    ("alert", 200, lambda n: {"type": "alert", "text": mrkdwn("x" * n)}),
    (
        "rich text lines",
        100,
        lambda n: field({"type": "rich_text_input", "action_id": "r", "max_lines": n}, "b"),
    ),
]


@pytest.mark.parametrize(("name", "limit", "make"), VIEW_LIMITS, ids=lambda v: str(v)[:24])
def test_view_limits(name: str, limit: int, make: Callable[[int], Any]) -> None:
    assert validate_view(modal(make(limit))) == [], name
    assert validate_view(modal(make(limit + 1))) != [], name


NUMBER = {"type": "number_input", "action_id": "n"}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "sectoin"}, "unsupported type: sectoin"),
        ({"type": "section"}, "at least one of text, fields"),
        ("no block", "unsupported type"),
        (section(colour="red"), "invalid additional property: colour"),
        (section(""), "must be more than 0"),
        (section(accessory=None), "must not be null"),
        (section(accessory=text_input("a")), "unsupported type: plain_text_input"),
        (actions(), "no fewer than 1"),
        (actions(select(0)), "no fewer than 1"),
        (actions(button(style="blue")), "must be one of primary, danger"),
        (actions(button(url="javascript:x")), "valid URL"),
        (actions(button(text=mrkdwn("x"))), "unsupported type: mrkdwn"),
        (actions({**button(), "action_id": None}), "missing required field: action_id"),
        (actions({**select(2), "initial_option": option("7")}), "must exactly match"),
        (
            actions({**choices("checkboxes", 2), "initial_options": [option("0", "other")]}),
            "must exactly match",
        ),
        (actions({"type": "static_select", "action_id": "s"}), "exactly one of options"),
        (
            actions({"type": "datepicker", "action_id": "d", "initial_date": "24.12.2026"}),
            "a date as YYYY-MM-DD",
        ),
        (
            actions({"type": "timepicker", "action_id": "t", "initial_time": "9:00"}),
            "a time as HH:MM",
        ),
        ({**IMAGE, "slack_file": {"id": "F1"}}, "exactly one of image_url, slack_file"),
        ({"type": "image", "alt_text": "x"}, "exactly one of"),
        (table(1) | {"rows": [[{"type": "raw_text", "text": ""}]]}, "must be more than 0"),
        ({"type": "alert", "text": mrkdwn("x")}, "unsupported type: alert"),
        (field(text_input("a"), "b"), "unsupported type: input"),
    ],
)
def test_malformed_blocks(block: Any, words: str) -> None:
    assert any(words in problem for problem in validate_message_blocks([block]))


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (field(NUMBER, "b"), "is_decimal_allowed"),
        (
            field({**NUMBER, "is_decimal_allowed": False, "min_value": 1}, "b"),
            "number in a string",
        ),
        (field(text_input("a", min_length=9, max_length=3), "b"), "must not exceed max_length"),
        (field(button(), "b"), "unsupported type: button"),
        (table(1), "unsupported type: table"),
    ],
)
def test_malformed_view_blocks(block: Any, words: str) -> None:
    assert any(words in problem for problem in validate_view(modal(block)))


def test_only_one_element_takes_the_focus() -> None:
    focused = [field(text_input("a", focus_on_load=True), f"b{n}") for n in range(2)]
    assert validate_view(modal(focused[0])) == []
    assert "only one element may have focus_on_load" in validate_view(modal(*focused))[0]


def test_rich_text_is_checked() -> None:
    def rich(part: dict[str, Any]) -> list[dict[str, Any]]:
        line = {"type": "rich_text_section", "elements": [part]}
        return [{"type": "rich_text", "elements": [line]}]

    good = {"type": "text", "text": "x", "style": {"bold": True}}
    assert validate_message_blocks(rich(good)) == []
    assert validate_message_blocks(rich({"type": "text", "text": ""})) != []
    assert validate_message_blocks(rich({"type": "shout"})) != []
    assert dangers("", rich({"type": "link", "url": "https://evil.example"}), []) != []
    assert dangers("", rich({"type": "usergroup", "usergroup_id": "S1"}), []) != []


def test_content_is_every_shown_character() -> None:
    blocks = [section("x" * 10), actions(button(text=plain("x" * 5)), select(3))]
    assert content_length(blocks) == 10 + 5 + 3
