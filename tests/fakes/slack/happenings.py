"""Commands, shortcuts and events: what reaches the bot from outside its own messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.fakes.slack.answers import answer_command
from tests.fakes.slack.core import Where, Who, id_of
from tests.fakes.slack.inbound import Apply, Delivery, Inbound, expect_no_body
from tests.fakes.slack.methods_conversations import HISTORY
from tests.fakes.slack.methods_files import new_file, share
from tests.fakes.slack.methods_views import view_object
from tests.fakes.slack.records import Channel, FileRecord, Json, Message
from tests.fakes.slack.texts import as_typed
from tests.fakes.slack.touches import Touches

# 4.1: the scope an event needs before Slack sends it.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_rename": "channels:read",
    "channel_deleted": "channels:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "file_shared": "files:read",
}
MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}


class Happenings(Touches):
    """Builds what Slack sends when a person types a command, writes, or opens the Home tab."""

    def command(self, command: str, text: str = "", *, user: Who, channel: Where) -> Inbound:
        """A slash command, typed in a channel the person is in (or their DM with the bot)."""
        if command not in self.manifest.commands:
            self.fail(f"command {command} is not in the manifest")
        self._needs("commands", f"command {command}")
        self.features_used.add(f"command:{command}")
        person, place = self.active(user), self.channels[id_of(channel)]
        assert person.id in place.members, f"{person.name} is not in {place.name}"
        token = self.response_urls.issue(person.id, place.id)
        payload = {
            "token": "deprecated",
            "team_id": self.team_id,
            "team_domain": "fake",
            "channel_id": place.id,
            "channel_name": self.channel_name(place),
            "user_id": person.id,
            "user_name": person.name.lower().replace(" ", "."),
            "command": command,
            "text": self._sent_text(command, text),
            "api_app_id": self.app_id,
            "is_enterprise_install": "false",
            "response_url": f"{self.root}/response/{token}",
            "trigger_id": self.triggers.issue(person.id),
        }

        def apply(delivery: Delivery) -> None:
            url = self.response_urls.issued[token]
            delivery.message = answer_command(self, command, url, delivery.body)

        return Inbound(core=self, name=f"command {command}", payload=payload, form="", apply=apply)

    def _sent_text(self, command: str, text: str) -> str:
        """Typed text as it is sent: escaped, and mentions named, with should_escape (2.5)."""
        if command not in self.manifest.escaped_commands:
            return text

        def named(mention: re.Match[str]) -> str:
            user, channel = self.users.get(mention[2]), self.channels.get(mention[2])
            name = user.name.lower() if user else channel.name if channel else ""
            return f"<{mention[1]}{mention[2]}|{name}>"

        return re.sub(r"<([@#])([A-Z0-9]+)>", named, as_typed(text))

    def global_shortcut(self, callback_id: str, user: Who) -> Inbound:
        """A shortcut from the menu beside the composer."""
        return self._shortcut("shortcut", "global", callback_id, user, {})

    def message_shortcut(self, callback_id: str, message: Message, user: Who) -> Inbound:
        """A shortcut from a message's menu."""
        channel = self.channels[message.channel]
        self._sees(channel, message, user)
        token = self.response_urls.issue(id_of(user), channel.id)
        about = {
            "channel": {"id": channel.id, "name": self.channel_name(channel)},
            "message": message.to_slack(),
            "message_ts": message.ts,
            "response_url": f"{self.root}/response/{token}",
        }
        return self._shortcut("message_action", "message", callback_id, user, about)

    def _shortcut(self, kind: str, menu: str, callback_id: str, user: Who, about: Json) -> Inbound:
        name = f"shortcut {callback_id}"
        if (menu, callback_id) not in self.manifest.shortcuts:
            self.fail(f"{name} is not among the manifest's {menu} shortcuts")
        self._needs("commands", name)
        self.features_used.add(f"shortcut:{callback_id}")
        payload = self._interaction(kind, user)
        trigger = self.triggers.issue(id_of(user))
        payload |= {"callback_id": callback_id, "action_ts": self.next_ts(), "trigger_id": trigger}
        return Inbound(
            core=self,
            name=name,
            payload=payload | about,
            form="payload",
            apply=expect_no_body(self, name),
        )

    def event(self, kind: str, *, event_id: str | None = None, **fields: Any) -> Inbound:
        """An event with these fields; the same ``event_id`` twice is a redelivery.

        The manifest must subscribe to it and hold the scope it needs.
        """
        name, scope = kind, EVENT_SCOPES.get(kind)
        if kind == "message":
            channel = self.channels[fields["channel"]]
            fields.setdefault("channel_type", CHANNEL_TYPES[channel.kind])
            name, scope = MESSAGE_EVENTS[channel.kind], HISTORY[channel.kind]
        if name not in self.manifest.events:
            self.fail(f"event {name} is not subscribed to in the manifest")
        if scope is not None:
            self._needs(scope, f"event {name}")
        self.features_used.add(f"event:{name}")
        bot = {"user_id": self.bot_user.id, "is_bot": True, "is_enterprise_install": False}
        payload = {
            "token": "deprecated",
            "type": "event_callback",
            "team_id": self.team_id,
            "api_app_id": self.app_id,
            "event": {"type": kind, "event_ts": self.next_ts(), **fields},
            "event_id": event_id or self.next_id("Ev"),
            "event_time": int(self.now()),
            "authorizations": [{"enterprise_id": None, "team_id": self.team_id, **bot}],
            "is_ext_shared_channel": False,
        }
        apply: Apply = expect_no_body(self, f"event {name}")
        return Inbound(core=self, name=f"event {name}", payload=payload, form=None, apply=apply)

    def open_home(self, user: Who, *, tab: str = "home") -> Inbound:
        """The person opens the bot's Home (or its messages) tab."""
        fields: Json = {"user": id_of(user), "channel": self.dm_channel(user).id, "tab": tab}
        home = self.home(user)
        if home is not None and tab == "home":
            fields["view"] = view_object(self, home)
        return self.event("app_home_opened", **fields)

    def mention(
        self, text: str, *, user: Who, channel: Where, thread: str | None = None
    ) -> Inbound:
        """The person writes ``@Bot text`` in a channel that the bot is in."""
        place = self.channels[id_of(channel)]
        assert self.bot_user.id in place.members, "Slack sends mentions only where the bot is"
        written = self.write(
            f"<@{self.bot_user.id}> {text}", user=user, channel=place, thread=thread
        )
        return self.event("app_mention", **self._written(written))

    def overhear(self, message: Message) -> Inbound:
        """The same message once more, as one of the channel's: Slack sends a mention as both."""
        return self.event("message", **self._written(message))

    def say(
        self,
        text: str,
        *,
        user: Who,
        channel: Where | None = None,
        thread: str | None = None,
        files: Sequence[FileRecord] = (),
    ) -> Inbound:
        """The person writes to the bot's DM, or to a channel."""
        place = self.dm_channel(user) if channel is None else self.channels[id_of(channel)]
        assert self.bot_user.id in place.members, "Slack sends messages only where the bot is"
        written = self.write(text, user=user, channel=place, thread=thread, files=files)
        return self.event("message", **self._written(written))

    def drop_file(
        self, name: str, content: bytes, *, user: Who, text: str = "", channel: Where | None = None
    ) -> Inbound:
        """The person drops a file into the bot's DM (or a channel)."""
        file = new_file(self, name, len(content), id_of(user))
        file.content, file.complete = content, True
        return self.say(text, user=user, channel=channel, files=[file])

    def write(
        self,
        text: str,
        *,
        user: Who,
        channel: Where,
        thread: str | None = None,
        files: Sequence[FileRecord] = (),
    ) -> Message:
        """A message by a person, told to nobody; Slack escapes what it holds (3.5)."""
        place = self.channels[id_of(channel)]
        self._may_write(place, user)
        fields: Json = {"user": id_of(user), "text": as_typed(text), "thread_ts": thread}
        return share(self, place, list(files), **fields)

    def _may_write(self, place: Channel, user: Who) -> None:
        assert self.active(user).id in place.members, f"{id_of(user)} is not in {place.name}"
        closed = not self.manifest.messages_tab or self.manifest.messages_tab_read_only
        assert place.kind != "im" or not closed, "the manifest lets nobody write to the bot"

    def _written(self, message: Message) -> Json:
        body = message.to_slack()
        body.pop("type")
        more: Json = {"channel": message.channel, "team": self.team_id, "event_ts": message.ts}
        if message.files:
            more["subtype"] = "file_share"
        return {**body, **more}

    def _needs(self, scope: str, name: str) -> None:
        """Slack does not send what the scopes do not cover."""
        if scope in self.manifest.scopes:
            self.scopes_used.add(scope)
        else:
            self.fail(f"{name} needs the scope {scope}")
