"""The rich_text block: sections, lists, quotes and preformatted text, and their inline parts."""

from __future__ import annotations

from tests.fakes.slack import limits
from tests.fakes.slack.shapes import Check, Shape, boolean, integer, items, one_of, string, typed

_STYLE = Shape(optional=dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED: dict[str, Check] = {"style": _STYLE}
# No length is documented for rich_text (1.4); the sum rule of 1.2 still counts it.
_ANY = string(limits.MESSAGE_CONTENT)
_ID = string(255)

INLINE = typed(
    {
        "text": Shape({"text": _ANY}, _STYLED),
        "link": Shape(
            {"url": string(limits.BUTTON_URL)}, {"text": _ANY, "unsafe": boolean, **_STYLED}
        ),
        "emoji": Shape({"name": _ID}, {"unicode": _ID, **_STYLED}),
        "user": Shape({"user_id": _ID}, _STYLED),
        "usergroup": Shape({"usergroup_id": _ID}, _STYLED),
        "channel": Shape({"channel_id": _ID}, _STYLED),
        "broadcast": Shape({"range": one_of("here", "channel", "everyone")}),
        "date": Shape(
            {"timestamp": integer(0, 10**11), "format": _ID},
            {"url": _ID, "fallback": _ID, **_STYLED},
        ),
        "color": Shape({"value": _ID}),
    }
)
_LINE = Shape({"elements": items(INLINE, 0, 10_000)})
_BOXED = Shape({"elements": items(INLINE, 0, 10_000)}, {"border": integer(0, 1)})
_PARTS: dict[str, Check] = {
    "rich_text_section": _LINE,
    "rich_text_quote": _BOXED,
    "rich_text_preformatted": Shape(
        {"elements": items(INLINE, 0, 10_000)}, {"border": integer(0, 1), "language": _ID}
    ),
    "rich_text_list": Shape(
        {
            "style": one_of("bullet", "ordered"),
            "elements": items(typed({"rich_text_section": _LINE}), 1, 10_000),
        },
        {"indent": integer(0, 8), "border": integer(0, 1), "offset": integer(0, 10_000)},
    ),
}
_BODY: dict[str, Check] = {"elements": items(typed(_PARTS), 1, 10_000)}
RICH_TEXT = Shape(_BODY, {"block_id": string(limits.BLOCK_ID)})
RICH_TEXT_CELL = Shape(_BODY)
