"""conversations.*: channels, their members and what was said in them."""

from __future__ import annotations

from tests.fakes.slack import limits
from tests.fakes.slack.core import Core
from tests.fakes.slack.method import Method, flag, needed, page
from tests.fakes.slack.records import Channel, Json, Message, SlackError

READ = {"public": "channels:read", "private": "groups:read", "im": "im:read"}
HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history"}
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im"}


def _visible(core: Core, args: Json) -> Channel:
    """The conversation, unless it is hidden from the bot."""
    channel = core.channels.get(needed(args, "channel"))
    if channel is None or (channel.kind != "public" and core.bot_user.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def _open(core: Core, args: Json) -> Json:
    names = [name for name in needed(args, "users").split(",") if name]
    if len(names) > limits.OPEN_USERS:
        raise SlackError("too_many_users")
    if len(names) != 1:
        core.fail("conversations.open: group messages are not part of this fake")
        raise SlackError("method_not_supported_for_channel_type")
    user = core.users.get(names[0])
    if user is None:
        raise SlackError("user_not_found")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    if user.deleted:
        raise SlackError("user_disabled")
    known = user.id in core.dms
    channel = core.dm_channel(user)
    body: Json = {"channel": {"id": channel.id}}
    if flag(args, "return_im"):
        body["channel"] = channel.to_slack(core.bot_user.id)
    return {**body, "no_op": known, "already_open": known}


def _info(core: Core, args: Json) -> Json:
    channel = _visible(core, args)
    core.need(READ[channel.kind])
    body = channel.to_slack(core.bot_user.id)
    if flag(args, "include_num_members"):
        body["num_members"] = len(channel.members)
    return {"channel": body}


def _members(core: Core, args: Json) -> Json:
    channel = _visible(core, args)
    core.need(READ[channel.kind])
    members, more = page(channel.members, args, default=100, most=limits.LIST_LIMIT)
    return {"members": members, "response_metadata": more}


def _list(core: Core, args: Json) -> Json:
    names = str(args.get("types") or "public_channel").split(",")
    if any(name.strip() not in TYPES for name in names):
        raise SlackError("invalid_types")
    kinds = [TYPES[name.strip()] for name in names]
    for kind in kinds:
        core.need(READ[kind])
    bot = core.bot_user.id
    known = [
        c
        for c in core.channels.values()
        if c.kind in kinds and (c.kind == "public" or bot in c.members)
    ]
    channels, more = page(known, args, default=100, most=limits.LIST_LIMIT)
    # 2.2: filters apply after the page is cut, so short pages are normal.
    if flag(args, "exclude_archived"):
        channels = [c for c in channels if not c.archived]
    return {"channels": [c.to_slack(bot) for c in channels], "response_metadata": more}


def _readable(core: Core, args: Json) -> Channel:
    channel = _visible(core, args)
    core.need(HISTORY[channel.kind])
    if core.bot_user.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _shown(core: Core, messages: list[Message], args: Json) -> list[Message]:
    """Within oldest and latest, and old enough for history to show (9: the delay is unknown)."""
    settled = core.now() - core.history_delay
    inclusive = flag(args, "inclusive")
    try:
        oldest = float(args.get("oldest") or 0)
        latest = float(args.get("latest") or "inf")
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None

    def inside(message: Message) -> bool:
        moment = float(message.ts)
        edge = inclusive and moment in (oldest, latest)
        return (oldest < moment < latest or edge) and message.created <= settled

    return [message for message in messages if inside(message)]


def _page_of(messages: list[Message], args: Json, default: int) -> Json:
    chosen, more = page(messages, args, default=default, most=limits.HISTORY_LIMIT)
    metadata = flag(args, "include_all_metadata")
    body: Json = {
        "messages": [message.to_slack(metadata=metadata) for message in chosen],
        "has_more": bool(more["next_cursor"]),
    }
    if more["next_cursor"]:
        body["response_metadata"] = more
    return body


def _history(core: Core, args: Json) -> Json:
    channel = _readable(core, args)
    top = [m for m in channel.messages.values() if m.thread_ts in (None, m.ts) or m.reply_broadcast]
    return _page_of(_shown(core, top, args)[::-1], args, 100)


def _replies(core: Core, args: Json) -> Json:
    channel = _readable(core, args)
    root = needed(args, "ts")
    if root not in channel.messages:
        raise SlackError("thread_not_found")
    thread = [m for m in channel.messages.values() if root in (m.ts, m.thread_ts)]
    return _page_of(_shown(core, thread, args), args, limits.HISTORY_LIMIT)


def _join(core: Core, args: Json) -> Json:
    channel = core.channels.get(needed(args, "channel"))
    if channel is None or channel.kind == "private":
        raise SlackError("channel_not_found")
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if core.bot_user.id not in channel.members:
        channel.members.append(core.bot_user.id)
    return {"channel": channel.to_slack(core.bot_user.id)}


METHODS = {
    "conversations.open": Method(run=_open, tier=3, scope="im:write"),
    "conversations.info": Method(run=_info, tier=3),
    "conversations.members": Method(run=_members, tier=4),
    "conversations.list": Method(run=_list, tier=2),
    "conversations.history": Method(run=_history, tier=3),
    "conversations.replies": Method(run=_replies, tier=3),
    "conversations.join": Method(run=_join, tier=3, scope="channels:join"),
}
