"""Small builders of Block Kit, and the one place where people's text becomes harmless.

Slack reads `&`, `<` and `>` in mrkdwn as markup; nothing else needs escaping
(docs.slack.dev/messaging/formatting-message-text). Bidirectional and zero-width characters are
removed, for they can make one text look like another (joiners stay: emoji and scripts need them).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

Block = dict[str, Any]
View = dict[str, Any]

# Slack's limits (docs.slack.dev/reference/block-kit), counted in code points.
SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
VIEW_TITLE = 24
# Undocumented total for one message is about 13,200 characters; stay clearly below.
MESSAGE_TEXT = 11_000
MESSAGE_BLOCKS = 45
ACTIONS = 25

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f]")


class Message(TypedDict):
    """A message: `text` is the fallback that notifications show."""

    text: str
    blocks: list[Block]


def clean(text: str) -> str:
    """Remove characters that are invisible or turn the direction of writing."""
    return _INVISIBLE.sub("", text)


def escape(text: str) -> str:
    """Make untrusted text inert in mrkdwn: it can neither mention, link nor call a channel."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Cut `text` to at most `limit` characters, showing that something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quote(text: str, limit: int = 1000) -> str:
    """Show untrusted text as a quotation of at most about `limit` characters."""
    lines = escape(clip(text, limit)).splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines)


def link(url: str, label: str) -> str:
    """Return a mrkdwn link to one of our own or an imported, already checked http(s) URL."""
    if not url.startswith(("https://", "http://")):
        return escape(label)
    safe = url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{safe}|{escape(label).replace('|', '¦')}>"


def mention(user_id: str | None, name: str) -> str:
    """Return a mention of a Slack user, or the name of an external contributor."""
    return f"<@{user_id}>" if user_id else escape(name)


def plain(text: str) -> Block:
    """Return a plain_text object; Slack parses nothing in it."""
    return {"type": "plain_text", "text": clean(text) or " ", "emoji": True}


def mrkdwn(text: str) -> Block:
    """Return a mrkdwn object; `text` must be escaped already where it is not ours.

    `verbatim` keeps Slack from turning a bare URL or a channel's name into a link.
    """
    return {"type": "mrkdwn", "text": clip(text, SECTION_TEXT) or " ", "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    """Return a section of mrkdwn, with an element beside it if given."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def fields(pairs: Sequence[tuple[str, str]]) -> Block:
    """Return up to ten label-and-value fields in two columns; both are mrkdwn."""
    cells = [mrkdwn(clip(f"*{label}*\n{value}", 2000)) for label, value in pairs[:10]]
    return {"type": "section", "fields": cells}


def header(text: str) -> Block:
    """Return a header."""
    return {"type": "header", "text": plain(clip(text, HEADER_TEXT))}


def context(*texts: str) -> Block:
    """Return small print, at most ten pieces of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """Return a line."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """Return a row of buttons and menus."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | {"block_id": block_id} if block_id else block


def button(
    text: str,
    action_id: str,
    value: str | None = None,
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: Mapping[str, Any] | None = None,
) -> Block:
    """Return a button; `value` comes from a typed payload (bot.rules.payloads)."""
    block: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(clip(text, BUTTON_TEXT)),
    }
    for key, given in (("value", value), ("style", style), ("url", url), ("confirm", confirm)):
        if given is not None:
            block[key] = given
    return block


def sure(title: str, text: str, yes: str, no: str) -> Block:
    """Return what Slack asks before a button counts, for what cannot be taken back quietly."""
    parts = {"title": title, "text": text, "confirm": yes, "deny": no}
    return {name: plain(said) for name, said in parts.items()}


def option(text: str, value: str, description: str | None = None) -> Block:
    """Return an option of a menu; Slack allows 75 characters of text and 150 of value."""
    block: Block = {"text": plain(clip(text, OPTION_TEXT)), "value": value}
    if description:
        block["description"] = plain(clip(description, OPTION_TEXT))
    return block


def menu(
    action_id: str, options: Sequence[Block], *, placeholder: str, initial: Block | None = None
) -> Block:
    """Return a static select with at most 100 options."""
    block: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(clip(placeholder, 150)),
        "options": list(options[:100]),
    }
    return block | {"initial_option": initial} if initial else block


def search(action_id: str, *, placeholder: str, initial: Block | None = None) -> Block:
    """Return a select that asks us for its options as somebody types."""
    block: Block = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": plain(clip(placeholder, 150)),
        "min_query_length": 0,
    }
    return block | {"initial_option": initial} if initial else block


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """Return the menu behind three dots, with one to five options."""
    return {"type": "overflow", "action_id": action_id, "options": list(options[:5])}


def text_input(
    action_id: str,
    *,
    initial: str | None = None,
    multiline: bool = False,
    max_length: int = 3000,
    placeholder: str | None = None,
) -> Block:
    """Return a text field."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        block["initial_value"] = clip(initial, max_length)
    if placeholder:
        block["placeholder"] = plain(clip(placeholder, 150))
    return block


def field(
    label: str, element: Block, *, block_id: str, optional: bool = False, hint: str | None = None
) -> Block:
    """Return an input block; errors of a form are keyed by `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(clip(label, 2000)),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint)} if hint else block


def modal(
    title: str,
    callback_id: str,
    blocks: Sequence[Block],
    *,
    submit: str | None,
    close: str,
    metadata: str = "",
) -> View:
    """Return a modal; `metadata` is a typed payload of at most 3,000 characters."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(clip(title, VIEW_TITLE)),
        "close": plain(clip(close, VIEW_TITLE)),
        "private_metadata": metadata,
        "blocks": list(blocks[:100]),
    }
    return view | {"submit": plain(clip(submit, VIEW_TITLE))} if submit else view


def message(text: str, blocks: Sequence[Block] | None = None) -> Message:
    """Return a message; without blocks the text is shown as one section."""
    return {"text": text, "blocks": list(blocks) if blocks is not None else [section(text)]}


def fit(blocks: Sequence[Block], more: str, keep: int = 0) -> list[Block]:
    """Cut a message to what Slack accepts, most important first, and say so in `more`.

    The last `keep` blocks always stay: the buttons that lead to the rest.
    """
    body, end = list(blocks[: len(blocks) - keep]), list(blocks[len(blocks) - keep :])
    kept: list[Block] = []
    total = len(more) + _weight(end)
    for block in body:
        size = _weight(block)
        if len(kept) + keep + 1 >= MESSAGE_BLOCKS or total + size > MESSAGE_TEXT:
            return [*kept, context(more), *end]
        kept.append(block)
        total += size
    return [*kept, *end]


def _weight(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_weight(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return sum(_weight(item) for item in value)
    return 0
