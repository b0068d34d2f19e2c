"""Judges what a message says before it is taken: sizes, blocks, metadata, links, unfurling.

Every way a message can reach a person (Web API, response url, ack body) goes through here.
"""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.blocks import (
    content_length,
    validate_message_blocks,
    validate_view,
    view_bytes,
)
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import flag, parsed
from tests.fakes.slack.records import Json, SlackError
from tests.fakes.slack.texts import bare_links, dangers


def refuse(core: Core, where: str, error: str, problems: list[str] | None = None) -> SlackError:
    """A refusal that no good bot provokes: written down, and to be raised."""
    detail = "; ".join(problems or [])
    core.fail(f"{where}: {error}" + (f": {detail}" if detail else ""))
    if not problems:
        return SlackError(error)
    messages = [f"[ERROR] {problem}" for problem in problems]
    extra: Json = {"response_metadata": {"messages": messages}}
    if error == "invalid_blocks":
        extra["errors"] = problems
    return SlackError(error, **extra)


def guard_text(core: Core, where: str, text: str, blocks: Any) -> None:
    """Writes down every broadcast and every link that the test did not allow (3.5)."""
    found = dangers(text, blocks, core.allowed_links)
    if core.forbid_bare_links:
        found += bare_links(text, blocks, core.allowed_links)
    for danger in found:
        core.fail(f"{where}: {danger}")


def check_blocks(core: Core, where: str, blocks: Any) -> list[Json]:
    """The blocks of a message, validated (1.2, 1.4)."""
    if not blocks:
        return []
    problems = validate_message_blocks(blocks)
    if any("only_one_table_allowed" in problem for problem in problems):
        raise refuse(core, where, "invalid_attachments", problems)
    if problems:
        raise refuse(core, where, "invalid_blocks", problems)
    if any(b["type"] == "video" for b in blocks):
        core.need("links.embed:write")  # 1.4
    return list(blocks)


def check_size(core: Core, where: str, blocks: list[Json]) -> None:
    """The sum rule of 1.2; it binds the Web API and not the response url."""
    if content_length(blocks) > limits.MESSAGE_CONTENT:
        raise refuse(core, where, "msg_blocks_too_long")


def check_message(core: Core, where: str, args: Json) -> tuple[str, list[Json]]:
    """(text, blocks) of a message sent by the Web API, or a SlackError."""
    text = str(args.get("text") or "")
    blocks = check_blocks(core, where, parsed(args, "blocks"))
    markdown = str(args.get("markdown_text") or "")
    attachments = parsed(args, "attachments") or []
    if markdown and (text or blocks):
        raise refuse(core, where, "markdown_text_conflict")
    if len(markdown) > limits.MARKDOWN_TEXT:
        raise refuse(core, where, "msg_too_long")
    if len(attachments) > limits.ATTACHMENTS:
        raise refuse(core, where, "too_many_attachments")
    check_size(core, where, blocks)
    if not (text or blocks or markdown or attachments):
        raise refuse(core, where, "no_text")
    if not (text or markdown):  # 6.2: notifications and screen readers need it
        core.fail(f"{where}: top-level text is missing beside blocks")
    shown = [{"type": "markdown", "text": markdown}] if markdown else []
    guard_text(core, where, text, [*blocks, *shown, *attachments])
    return text or markdown, blocks


def check_unfurling(core: Core, where: str, args: Json) -> None:
    """3.6: every post says that nothing in it unfurls."""
    for name in ("unfurl_links", "unfurl_media"):
        if args.get(name) is None or flag(args, name):
            core.fail(f"{where}: {name} is not false")


def check_metadata(core: Core, where: str, args: Json) -> Json | None:
    """Message metadata: an event type and a payload, below the size cap (1.2)."""
    try:
        metadata = parsed(args, "metadata")
    except SlackError:
        raise refuse(core, where, "invalid_metadata_format") from None
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict):
        raise refuse(core, where, "invalid_metadata_format")
    payload, kind = metadata.get("event_payload"), metadata.get("event_type")
    shaped = isinstance(kind, str) and kind and isinstance(payload, dict)
    if not shaped or set(metadata) != {"event_type", "event_payload"}:
        raise refuse(core, where, "invalid_metadata_schema")
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > limits.METADATA_BYTES:
        raise refuse(core, where, "metadata_too_large")
    return metadata


def check_view(core: Core, where: str, view: Any, *kinds: str) -> Json:
    """A view, validated (1.3), or a SlackError named as views.* name it."""
    problems = validate_view(view, *kinds)
    if problems:
        raise refuse(core, where, "invalid_arguments", problems)
    if view_bytes(view) > limits.VIEW_BYTES:
        raise refuse(core, where, "view_too_large")
    guard_text(core, where, "", view["blocks"])
    checked: Json = view
    return checked
