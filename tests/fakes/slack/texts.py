"""Finds what untrusted text must never become: broadcasts, links and unfurled pages.

Slack reads ``<!channel>``, ``<!subteam^S…>`` and ``<https://…|label>`` in mrkdwn (SLACK 3.5);
text that people typed must arrive escaped, so whatever still stands there was put there by us.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

_BROADCAST = re.compile(r"<!(?:channel|here|everyone|group|subteam\^[^>]*)(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^>|]+)(?:\|[^>]*)?>", re.IGNORECASE)
_BARE_LINK = re.compile(r"(?<![<|])\bhttps?://[^\s<>|]+", re.IGNORECASE)
# What Slack's client makes of a picked person, channel, group or link; the rest is escaped.
_PICKED = re.compile(r"(<(?:[@#!]|https?:|mailto:)[^<>]*>)")
_MARKDOWN_LINK = re.compile(r"\]\(\s*([a-z]+:[^)\s]+)", re.IGNORECASE)


def mrkdwn_strings(value: Any) -> Iterator[str]:
    """Every string of a payload that Slack reads as markup; plain_text is inert (3.5)."""
    if isinstance(value, list):
        for item in value:
            yield from mrkdwn_strings(item)
    elif isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "markdown") and isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            if isinstance(item, dict | list):
                yield from mrkdwn_strings(item)


def _objects(value: Any, kind: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, kind)
    elif isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for item in value.values():
            yield from _objects(item, kind)


def dangers(text: str, blocks: Any, allowed_links: Sequence[str]) -> list[str]:
    """Each broadcast and each link outside ``allowed_links`` (prefixes), in words."""
    found: list[str] = []
    links: list[str] = [link["url"] for link in _objects(blocks, "link") if "url" in link]
    for part in [text, *mrkdwn_strings(blocks)]:
        found += [f"un-escaped broadcast {m.group(0)}" for m in _BROADCAST.finditer(part)]
        links += [m.group(1) for m in _LINK.finditer(part)]
    for block in _objects(blocks, "markdown"):
        links += _MARKDOWN_LINK.findall(str(block.get("text", "")))
    found += [f"broadcast element {b.get('range')}" for b in _objects(blocks, "broadcast")]
    found += [f"user group element {b}" for b in _objects(blocks, "usergroup")]
    found += [
        f"link that is not allowed: {link}"
        for link in links
        if not link.startswith(tuple(allowed_links))
    ]
    return found


def bare_links(text: str, blocks: Any, allowed_links: Sequence[str]) -> list[str]:
    """Addresses that Slack would link by itself, outside ``allowed_links``, in words.

    Text beside blocks is never rendered, and ``verbatim`` mrkdwn is left alone (3.5).
    """
    parts = [] if blocks else [text]
    parts += [o["text"] for o in _objects(blocks, "mrkdwn") if not o.get("verbatim")]
    links = (m.group(0) for part in parts for m in _BARE_LINK.finditer(part))
    return [f"bare link: {link}" for link in links if not link.startswith(tuple(allowed_links))]


def as_typed(text: str) -> str:
    """Text as Slack sends it on: &, < and > as entities, except in what the client made (3.5)."""
    parts = _PICKED.split(text)
    return "".join(
        part if _PICKED.fullmatch(part) else html.escape(part, quote=False) for part in parts
    )


def shown(text: str, blocks: Any) -> str:
    """All text a person would see, joined by newlines, for assertions."""

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, list):
            for item in value:
                yield from walk(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key in ("text", "alt_text") and isinstance(item, str):
                    yield item
                elif isinstance(item, dict | list):
                    yield from walk(item)

    return "\n".join([text, *walk(blocks)] if text else walk(blocks))
