"""chat.*: posting, changing and removing messages as Slack lets a bot do it."""

from __future__ import annotations

from tests.fakes.slack import limits
from tests.fakes.slack.content import (
    check_message,
    check_metadata,
    check_unfurling,
    refuse,
)
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import Method, flag, needed
from tests.fakes.slack.records import Channel, Json, Message, SlackError


def reachable(core: Core, name: str, *, users: bool = False) -> Channel:
    """The conversation the bot may write to, or Slack's refusal (2.7)."""
    if users and name in core.users:  # posting to a user id opens the DM by itself
        if core.users[name].is_bot:
            raise SlackError("channel_not_found")
        channel = core.dm_channel(name)
    elif name in core.channels:
        channel = core.channels[name]
    else:
        raise SlackError("channel_not_found")
    if channel.person is not None:
        _may_dm(core, channel.person)
    else:
        _may_post(core, channel)
    return channel


def _may_dm(core: Core, person: str) -> None:
    if not core.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")
    if core.users[person].deleted:
        raise SlackError("channel_not_found")


def _may_post(core: Core, channel: Channel) -> None:
    inside = core.bot_user.id in channel.members
    if channel.kind == "private" and not inside:
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if not inside:
        if "chat:write.public" not in core.manifest.scopes:
            raise SlackError("not_in_channel")
        core.need("chat:write.public")


def _post(core: Core, args: Json) -> Json:
    where = "chat.postMessage"
    channel = reachable(core, needed(args, "channel"), users=True)
    text, blocks = check_message(core, where, args)
    check_unfurling(core, where, args)
    metadata = check_metadata(core, where, args)
    if args.get("username") or args.get("icon_emoji") or args.get("icon_url"):
        core.need("chat:write.customize")
    thread = args.get("thread_ts")
    if thread is not None and thread not in channel.messages:
        raise SlackError("thread_not_found")
    answer: Json = {}
    if len(text) > limits.POST_TEXT_TRUNCATED:
        text = text[: limits.POST_TEXT_TRUNCATED]
        core.fail(f"{where}: text is truncated")
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    message = core.add_message(
        channel,
        text=text,
        blocks=blocks,
        metadata=metadata,
        thread_ts=thread,
        reply_broadcast=flag(args, "reply_broadcast"),
        **core.bot_author(),
    )
    return {**answer, "channel": channel.id, "ts": message.ts, "message": message.to_slack()}


def _ephemeral(core: Core, args: Json) -> Json:
    where = "chat.postEphemeral"
    channel = reachable(core, needed(args, "channel"))
    user = needed(args, "user")
    if user not in core.users:
        raise SlackError("user_not_found")
    if user not in channel.members or core.users[user].deleted:
        raise SlackError("user_not_in_channel")
    text, blocks = check_message(core, where, args)
    message = core.add_message(
        channel, text=text, blocks=blocks, ephemeral_to=user, **core.bot_author()
    )
    return {"message_ts": message.ts}


def own_message(core: Core, args: Json, ts_name: str, refusal: str) -> tuple[Channel, Message]:
    """The bot's own message that is to be changed; ephemerals cannot be (3.7)."""
    name = needed(args, "channel")
    if name not in core.channels:  # a user id is no channel here
        raise SlackError("channel_not_found")
    channel = core.channels[name]
    message = channel.messages.get(needed(args, ts_name))
    if message is None:
        raise SlackError("message_not_found")
    if message.bot_id != core.bot_id:
        raise SlackError(refusal)
    return channel, message


def _update(core: Core, args: Json) -> Json:
    where = "chat.update"
    channel, message = own_message(core, args, "ts", "cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    text, blocks = check_message(core, where, args)
    if len(text) > limits.UPDATE_TEXT:
        raise refuse(core, where, "msg_too_long")
    if args.get("metadata") is not None:  # omitted keeps it, {} removes it (1.2)
        message.metadata = check_metadata(core, where, args)
    change(core, message, text, blocks)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.to_slack(),
    }


def change(core: Core, message: Message, text: str, blocks: list[Json]) -> None:
    """Rewrites a message; text without blocks removes the old blocks (1.2)."""
    message.text = text
    message.blocks = core.named_blocks(blocks)
    message.edits += 1


def _delete(core: Core, args: Json) -> Json:
    channel, message = own_message(core, args, "ts", "cant_delete_message")
    message.deleted = True
    del channel.messages[message.ts]
    return {"channel": channel.id, "ts": message.ts}


def _permalink(core: Core, args: Json) -> Json:
    channel = core.channels.get(needed(args, "channel"))
    if channel is None or (channel.kind == "private" and core.bot_user.id not in channel.members):
        raise SlackError("channel_not_found")
    ts = needed(args, "message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    link = f"https://fake.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(run=_post, tier="post", scope="chat:write"),
    "chat.postEphemeral": Method(run=_ephemeral, tier=4, scope="chat:write"),
    "chat.update": Method(run=_update, tier=3, scope="chat:write"),
    "chat.delete": Method(run=_delete, tier=3, scope="chat:write"),
    "chat.getPermalink": Method(run=_permalink, tier="special"),
}
