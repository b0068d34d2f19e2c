"""Validates the blocks of a message, and whole views, as Slack would before taking them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.elements import (
    ELEMENTS,
    IMAGE,
    IMAGE_SOURCE,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    plain,
    text_object,
)
from tests.fakes.slack.rich_text import RICH_TEXT, RICH_TEXT_CELL
from tests.fakes.slack.shapes import (
    Check,
    Shape,
    Spot,
    anything,
    at_least_one,
    boolean,
    exactly_one,
    integer,
    items,
    one_of,
    string,
    typed,
    web_address,
)

ID: dict[str, Check] = {"block_id": string(limits.BLOCK_ID)}
FIELDS = items(text_object(limits.SECTION_FIELD), 1, limits.SECTION_FIELDS)
TEXT_KINDS: dict[str, Check] = {
    kind: text_object(limits.TEXT_OBJECT, kind) for kind in ("plain_text", "mrkdwn")
}
CELL = typed(
    {
        # 1.4: empty cell text is rejected.
        "raw_text": Shape({"text": string(limits.TEXT_OBJECT)}),
        "raw_number": Shape({"value": anything}, {"text": string(limits.TEXT_OBJECT)}),
        "rich_text": RICH_TEXT_CELL,
    }
)


def _unique_actions(value: Any, spot: Spot) -> None:
    """1.4: an action_id is unique inside its block."""
    seen: set[str] = set()
    for element in elements_of(value):
        name = element.get("action_id")
        if name in seen:
            spot.complain(f"duplicate action_id: {name}")
        if name:
            seen.add(name)


SECTION = Shape(
    optional={
        **ID,
        "text": text_object(limits.TEXT_OBJECT),
        "fields": FIELDS,
        "accessory": typed(ELEMENTS, IN_SECTION),
        "expand": boolean,
    },
    also=at_least_one("text", "fields"),
)
INPUT = Shape(
    {"label": plain(limits.INPUT_LABEL), "element": typed(ELEMENTS, IN_INPUT)},
    {**ID, "hint": plain(limits.INPUT_HINT), "optional": boolean, "dispatch_action": boolean},
)
TABLE = Shape(
    {"rows": items(items(CELL, 1, limits.TABLE_CELLS), 1, limits.TABLE_ROWS)},
    {
        **ID,
        "column_settings": items(
            Shape(optional={"align": one_of("left", "center", "right"), "is_wrapped": boolean}),
            1,
            limits.TABLE_CELLS,
        ),
    },
)
BLOCKS: dict[str, Check] = {
    "section": SECTION,
    "header": Shape({"text": plain(limits.HEADER_TEXT)}, {**ID, "level": integer(1, 4)}),
    "divider": Shape(optional=ID),
    "image": Shape(
        {"alt_text": string(limits.IMAGE_ALT)},
        {**ID, **IMAGE_SOURCE, "title": plain(limits.IMAGE_TITLE)},
        exactly_one("image_url", "slack_file"),
    ),
    "actions": Shape(
        {"elements": items(typed(ELEMENTS, IN_ACTIONS), 1, limits.ACTIONS_ELEMENTS)},
        ID,
        _unique_actions,
    ),
    "context": Shape(
        {"elements": items(typed({**TEXT_KINDS, "image": IMAGE}), 1, limits.CONTEXT_ELEMENTS)}, ID
    ),
    "context_actions": Shape(
        {"elements": items(typed(ELEMENTS, IN_CONTEXT_ACTIONS), 1, limits.CONTEXT_ACTIONS)},
        ID,
        _unique_actions,
    ),
    "input": INPUT,
    "markdown": Shape({"text": string(limits.MARKDOWN_TEXT)}, ID),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "alert": Shape(
        {"text": text_object(limits.ALERT_TEXT)},
        {**ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "video": Shape(
        {
            "alt_text": string(limits.VIDEO_ALT),
            "title": plain(limits.VIDEO_TITLE),
            "thumbnail_url": web_address(limits.IMAGE_URL),
            "video_url": web_address(limits.IMAGE_URL),
        },
        {
            **ID,
            "title_url": web_address(limits.IMAGE_URL),
            "author_name": string(limits.VIDEO_AUTHOR),
            "provider_name": string(limits.VIDEO_AUTHOR),
            "provider_icon_url": web_address(limits.IMAGE_URL),
            "description": plain(limits.VIDEO_TITLE),
        },
    ),
}

_EVERYWHERE = ("section", "header", "divider", "image", "actions", "context", "rich_text", "video")
# 1.4: markdown, context_actions, table in messages only; alert in modals only; input in a
# message is documented but no client support is confirmed, so the strict reading forbids it.
SURFACES = {
    "message": (*_EVERYWHERE, "markdown", "context_actions", "table"),
    "modal": (*_EVERYWHERE, "input", "alert"),
    "home": (*_EVERYWHERE, "input"),
}


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of a block, in the order a person sees them."""
    found = [block.get("accessory"), block.get("element")]
    if block.get("type") in ("actions", "context_actions"):
        found += block.get("elements") or []
    return [e for e in found if isinstance(e, dict) and e.get("action_id")]


def interactive(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(block_id, element) for every interactive element of a surface."""
    for block in blocks:
        for element in elements_of(block):
            yield block.get("block_id", ""), element


def _whole(blocks: list[Any], spot: Spot) -> None:
    """The rules that look at all blocks of a surface together (1.4)."""
    known = [b for b in blocks if isinstance(b, dict)]
    seen: set[str] = set()
    for index, block in enumerate(known):
        name = block.get("block_id")
        if name is not None and name in seen:
            spot.at(index).complain(f"duplicate block_id: {name}")
        seen.add(name or "")
    markdown = sum(len(b.get("text") or "") for b in known if b.get("type") == "markdown")
    if markdown > limits.MARKDOWN_TEXT:
        spot.complain(f"markdown blocks together exceed {limits.MARKDOWN_TEXT} characters")
    if sum(b.get("type") == "table" for b in known) > 1:
        spot.complain("only_one_table_allowed")
    focused = sum(bool(e.get("focus_on_load")) for b in known for e in elements_of(b))
    if focused > 1:
        spot.complain("only one element may have focus_on_load")


def _blocks(value: Any, spot: Spot, surface: str) -> None:
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    items(typed(BLOCKS, SURFACES[surface]), 1, most)(value, spot)
    if isinstance(value, list):
        _whole(value, spot)


def validate_message_blocks(blocks: Any) -> list[str]:
    """What Slack would say against these blocks in a message; empty when it would take them."""
    spot = Spot()
    _blocks(blocks, spot.at("blocks"), "message")
    return spot.problems


def content_length(value: Any) -> int:
    """Characters of content in blocks: every shown string (1.2, the ~13,200 rule)."""
    if isinstance(value, list):
        return sum(content_length(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = sum(len(v) for k, v in value.items() if k == "text" and isinstance(v, str))
    return own + sum(content_length(v) for v in value.values() if isinstance(v, dict | list))


def _submit_with_inputs(view: Any, spot: Spot) -> None:
    """1.3: submit is mandatory when any input block exists."""
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if view.get("type") == "modal" and has_input and not view.get("submit"):
        spot.complain("missing required field: submit (the view has input blocks)")


def _view(surface: str) -> Check:
    def check_blocks(value: Any, spot: Spot) -> None:
        _blocks(value, spot, surface)

    common: dict[str, Check] = {
        "private_metadata": string(limits.PRIVATE_METADATA, 0),
        "callback_id": string(limits.CALLBACK_ID),
        "external_id": string(limits.EXTERNAL_ID, 0),
    }
    if surface == "home":
        return Shape({"blocks": check_blocks}, common)
    label = plain(limits.VIEW_TITLE)
    more = {"submit": label, "close": label, "submit_disabled": boolean}
    flags: dict[str, Check] = {"clear_on_close": boolean, "notify_on_close": boolean}
    required = {"title": label, "blocks": check_blocks}
    return Shape(required, {**common, **more, **flags}, _submit_with_inputs)


VIEWS: dict[str, Check] = {"modal": _view("modal"), "home": _view("home")}


def validate_view(view: Any, *kinds: str) -> list[str]:
    """What Slack would say against this view, one of ``kinds`` (both unless named)."""
    spot = Spot()
    typed(VIEWS, kinds or ("modal", "home"))(view, spot.at("view"))
    return spot.problems


def view_bytes(view: Any) -> int:
    """The size of the whole view payload (1.3: 250 KB)."""
    return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())
