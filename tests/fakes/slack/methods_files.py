"""files.*: upload in three steps (ticket, bytes, complete), and download."""

from __future__ import annotations

from tests.fakes.slack import limits
from tests.fakes.slack.content import check_blocks, guard_text
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import Method, needed, parsed
from tests.fakes.slack.methods_chat import reachable
from tests.fakes.slack.records import Channel, FileRecord, Json, Message, SlackError


def new_file(core: Core, name: str, length: int, user: str) -> FileRecord:
    """A file's record, not yet uploaded."""
    key = core.next_id("F")
    file = FileRecord(
        id=key,
        name=name,
        length=length,
        user=user,
        created=int(core.now()),
        address=f"{core.root}/files/{key}/{name}",
    )
    core.files[key] = file
    return file


def _ticket(core: Core, args: Json) -> Json:
    name = needed(args, "filename")
    try:
        length = int(needed(args, "length"))
    except ValueError:
        raise SlackError("invalid_arguments") from None
    alt = str(args.get("alt_txt") or "")
    if length < 1 or len(alt) > limits.ALT_TEXT_FILE:
        core.fail("files.getUploadURLExternal: empty file or alt_txt over 1,000 characters")
        raise SlackError("invalid_arguments")
    file = new_file(core, name, length, core.bot_user.id)
    file.alt_text = alt
    return {"upload_url": f"{core.root}/upload/{file.id}", "file_id": file.id}


def receive(core: Core, name: str, content: bytes) -> tuple[int, str]:
    """The upload url's (status, answer); the bytes must be as many as were announced."""
    file = core.files.get(name)
    if file is None or file.complete:
        return 404, "no such upload"
    if len(content) != file.length:
        core.fail(f"files.upload: {len(content)} bytes came, {file.length} were announced")
        return 400, "wrong length"
    file.content = content
    return 200, f"OK - {len(content)}"


def share(core: Core, channel: Channel, files: list[FileRecord], **fields: object) -> Message:
    """Posts a message that carries the files, and notes in each where it can be found."""
    message = core.add_message(channel, files=files, **fields)
    for file in files:
        file.shares[channel.id] = message.ts
        file.share_kinds[channel.id] = channel.kind
    return message


def _wanted(core: Core, args: Json) -> list[FileRecord]:
    """The uploaded files of the tickets; each ticket completes once (1.2)."""
    tickets = parsed(args, "files")
    if not isinstance(tickets, list) or not tickets:
        raise SlackError("invalid_arguments")
    wanted = [(core.files.get(str(ticket.get("id"))), ticket) for ticket in tickets]
    found = [file for file, _ in wanted if file and file.content is not None and not file.complete]
    if len({file.id for file in found}) != len(tickets):
        raise SlackError("file_not_found")
    for file, ticket in wanted:
        if file is not None:
            file.title = str(ticket.get("title") or "")
    return found


def _complete(core: Core, args: Json) -> Json:
    where = "files.completeUploadExternal"
    names = [n for n in str(args.get("channels") or args.get("channel_id") or "").split(",") if n]
    if len(names) > limits.UPLOAD_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    channels = [reachable(core, name) for name in names]
    if any(core.bot_user.id not in channel.members for channel in channels):
        raise SlackError("not_in_channel")
    thread = args.get("thread_ts")
    if thread is not None and any(thread not in channel.messages for channel in channels):
        raise SlackError("thread_not_found")
    files = _wanted(core, args)
    comment = str(args.get("initial_comment") or "")
    # A comment makes Slack ignore the blocks.
    blocks = [] if comment else check_blocks(core, where, parsed(args, "blocks"))
    guard_text(core, where, comment, blocks)
    for file in files:
        file.complete = True
    author = core.bot_author()
    for channel in channels:
        share(core, channel, files, text=comment, blocks=blocks, thread_ts=thread, **author)
    return {"files": [file.to_slack() for file in files]}


def _info(core: Core, args: Json) -> Json:
    file = core.files.get(needed(args, "file"))
    if file is None or not file.complete:
        raise SlackError("file_not_found")
    return {"file": file.to_slack(), "comments": [], "response_metadata": {"next_cursor": ""}}


METHODS = {
    "files.getUploadURLExternal": Method(run=_ticket, tier=4, scope="files:write"),
    "files.completeUploadExternal": Method(run=_complete, tier=4, scope="files:write"),
    "files.info": Method(run=_info, tier=4, scope="files:read"),
}
