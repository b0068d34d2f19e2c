"""What an app says back to an action: ack bodies and posts to a response url, applied."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.content import check_blocks, check_unfurling, guard_text, refuse
from tests.fakes.slack.core import Core
from tests.fakes.slack.methods_chat import change
from tests.fakes.slack.records import Json, Message, SlackError
from tests.fakes.slack.tickets import ResponseUrl

IN_CHANNEL = "in_channel"


def say(core: Core, where: str, url: ResponseUrl, body: Json) -> Message:
    """Shows an answer to the person alone, or to the channel when it says so.

    It needs no membership (1.1: an answer bypasses posting permissions).
    """
    text = str(body.get("text") or "")
    blocks = check_blocks(core, where, body.get("blocks"))
    if not (text or blocks):
        raise refuse(core, where, "no_text")
    if not text:
        core.fail(f"{where}: top-level text is missing beside blocks")
    guard_text(core, where, text, [*blocks, *(body.get("attachments") or [])])
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", IN_CHANNEL):
        core.fail(f"{where}: response_type {kind}")
    if kind == IN_CHANNEL:
        check_unfurling(core, where, body)
    original = url.original
    if body.get("replace_original") and original is not None:
        change(core, original, text, blocks)
        return original
    return core.add_message(
        core.channels[url.channel],
        text=text,
        blocks=blocks,
        ephemeral_to=None if kind == IN_CHANNEL else url.user,
        thread_ts=body.get("thread_ts"),
        **core.bot_author(),
    )


def answer_response_url(core: Core, token: str, body: Json) -> tuple[int, str]:
    """(status, text) of a post to a response url."""
    try:
        url = core.response_urls.use(token)
    except SlackError as error:
        return 404, error.error
    try:
        if body.get("delete_original"):
            _forget(core, url)
        else:
            say(core, "response_url", url, body)
    except SlackError as error:
        return 400, error.error
    return 200, "ok"


def _forget(core: Core, url: ResponseUrl) -> None:
    original = url.original
    if original is None or original.deleted:
        raise SlackError("message_not_found")
    original.deleted = True
    channel = core.channels[original.channel]
    if original.ephemeral_to is None:
        del channel.messages[original.ts]
    else:
        channel.ephemerals.remove(original)


def answer_command(core: Core, name: str, url: ResponseUrl, body: Any) -> Message | None:
    """The message that a command's ack carries, if any: bare text is for the person alone."""
    if body in ("", None, {}):
        return None
    said = {"text": body} if isinstance(body, str) else body
    if set(said) <= {"response_type"}:  # only makes the typed command visible
        return None
    try:
        return say(core, f"ack of {name}", url, said)
    except SlackError:
        return None  # Slack shows an error; it stands in the failures already
