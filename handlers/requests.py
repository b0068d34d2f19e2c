"""What Slack sent, as typed requests: the only place that reads Bolt's payloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.container import Container
from bot.rules.commands import Via
from bot.rules.people import Caller
from bot.views.words import Words
from handlers.reply import Reply

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command however it came: typed, mentioned, in a direct message, or by a button.

    `key` is the effect key of a creating command: (person, command, text), to be used with a
    window of 30 s, for people press Enter again when Slack is slow. A command that was said rather
    than typed has the message it was said in, and the thread of that if it is in one; `event_key`
    is then the event's, for Slack may send it again.
    """

    caller: Caller
    name: str
    text: str
    channel: str | None
    via: Via
    reply: Reply
    words: Words
    key: str
    message_ts: str | None = None
    thread_ts: str | None = None
    event_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretClick:
    """A click that does not say whose it is: no caller, no effect key, no place.

    `reply` leads back to the person and can do nothing else with them.
    """

    team_id: str
    action_id: str
    value: str | None
    reply: Reply
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretForm:
    """A submitted modal that does not say whose it is."""

    team_id: str
    callback_id: str
    metadata: str
    values: Mapping[str, str | list[str] | None]
    reply: Reply
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A click on a button or menu; `value` is a button's payload or a menu's chosen value.

    `values` are the inputs of the view or message the element stands in, by block id, then action
    id; `message_ts` is None on Home and in modals; `key` is the effect key of this click.
    """

    caller: Caller
    action_id: str
    value: str | None
    values: Values
    channel: str | None
    message_ts: str | None
    view_id: str | None
    view_hash: str | None
    metadata: str
    reply: Reply
    words: Words
    key: str

    def anonymous(self) -> SecretClick:
        """Return the click without whose it is."""
        return SecretClick(
            team_id=self.caller.team_id,
            action_id=self.action_id,
            value=self.value,
            reply=self.reply,
            words=self.words,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A submitted modal; `values` are by block id, plain Python values; `key` its effect key."""

    caller: Caller
    callback_id: str
    metadata: str
    values: Mapping[str, str | list[str] | None]
    reply: Reply
    words: Words
    key: str

    def unsigned(self) -> SecretForm:
        """Return the form without whose it is."""
        return SecretForm(
            team_id=self.caller.team_id,
            callback_id=self.callback_id,
            metadata=self.metadata,
            values=self.values,
            reply=self.reply,
            words=self.words,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody has typed so far into a select that asks us; `metadata` is its form's."""

    caller: Caller
    callback_id: str
    metadata: str
    typed: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of the Events API; `key` is its event id, for Slack may send it again."""

    caller: Caller
    type: str
    payload: Mapping[str, Any]
    reply: Reply
    words: Words
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A choice from a message's menu: the words of that message, and where it stands."""

    caller: Caller
    callback_id: str
    text: str
    channel: str | None
    message_ts: str | None
    thread_ts: str | None
    reply: Reply
    words: Words
    key: str


def plain_values(state: Values) -> dict[str, str | list[str] | None]:
    """Turn `view.state.values` into block id -> what was chosen or typed, stripped."""
    values: dict[str, str | list[str] | None] = {}
    for block_id, elements in state.items():
        for element in elements.values():
            values[block_id] = _plain(element)
    return values


def _plain(element: Mapping[str, Any]) -> str | list[str] | None:
    kind = element.get("type", "")
    for single in (
        "value",
        "selected_date",
        "selected_time",
        "selected_user",
        "selected_conversation",
        "selected_channel",
    ):
        if element.get(single) is not None:
            return str(element[single]).strip() or None
    for many in ("selected_users", "selected_channels", "selected_conversations"):
        if many in element:
            return list(element[many] or [])
    if "selected_options" in element or kind == "checkboxes":
        return [option["value"] for option in element.get("selected_options") or []]
    option = element.get("selected_option")
    return str(option["value"]) if option else None


def response_url_of(body: Mapping[str, Any]) -> str | None:
    """Return where to answer a click; there is nowhere on Home, whatever address a peer gives."""
    in_channel = (body.get("channel") or {}).get("id")
    return body.get("response_url") if in_channel else None


def click_of(container: Container, body: Mapping[str, Any], team_id: str) -> Click | None:
    """Read a click; None for a link, which Slack opens and tells us of as well."""
    action = body["actions"][0]
    if action.get("type") == "button" and action.get("url") and not action.get("value"):
        return None
    caller = Caller(team_id, body["user"]["id"])
    view = body.get("view") or {}
    channel = (body.get("channel") or {}).get("id")
    option = action.get("selected_option") or {}
    value = action.get("value") or option.get("value") or action.get("selected_date")
    message_ts = (body.get("message") or {}).get("ts") or (body.get("container") or {}).get(
        "message_ts"
    )
    return Click(
        caller=caller,
        action_id=action["action_id"],
        value=value,
        values=(view.get("state") or body.get("state") or {}).get("values") or {},
        channel=channel,
        message_ts=message_ts,
        view_id=view.get("id"),
        view_hash=view.get("hash"),
        metadata=view.get("private_metadata") or "",
        reply=Reply(
            container.gateways.for_team(caller.team_id),
            user_id=caller.user_id,
            channel=channel,
            response_url=response_url_of(body),
            trigger_id=body.get("trigger_id"),
        ),
        words=container.languages.of(None),
        key=f"click:{action['action_id']}:{value}:{caller.user_id}",
    )
