"""The workspace behind the fake: its state, its clock, its rules and its record."""

from __future__ import annotations

import copy
import itertools
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.fakes.slack.faults import Faults
from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.rates import Pacer, Rates
from tests.fakes.slack.records import (
    Call,
    Channel,
    FileRecord,
    Json,
    Message,
    SlackError,
    User,
    Usergroup,
    View,
)
from tests.fakes.slack.tickets import ResponseUrls, Triggers

Who = User | str
Where = Channel | str


def id_of(thing: Who | Where) -> str:
    """The id of a user or channel given as record or as id."""
    return thing if isinstance(thing, str) else thing.id


class Core:
    """State and record of one fake workspace; everything else reads and changes it."""

    def __init__(
        self,
        manifest: Path | Manifest,
        *,
        now: Callable[[], float] = time.time,
        rates: Rates | None = None,
        scopes_used: set[str] | None = None,
        features_used: set[str] | None = None,
        team_id: str = "T00000001",
    ) -> None:
        self.manifest = manifest if isinstance(manifest, Manifest) else Manifest.read(manifest)
        self.now = now
        self.pacer = Pacer(rates or Rates(), now)
        self.faults = Faults(now)
        self.triggers = Triggers(now)
        self.response_urls = ResponseUrls(now)
        self.team_id = team_id
        self.app_id, self.bot_id = "A00000001", "B00000001"
        self.bot_token, self.app_token = "xoxb-fake-bot", "xapp-fake-app"
        self.signing_secret = "fake-signing-secret"
        self.root = ""  # http://127.0.0.1:port once it runs
        self.history_delay = 0.0
        self.free_plan = False
        self.allowed_links: list[str] = []
        self.forbid_bare_links = False  # https://… in mrkdwn, which Slack links by itself
        self.scopes_used = set() if scopes_used is None else scopes_used
        self.features_used = set() if features_used is None else features_used
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.dms: dict[str, Channel] = {}  # by the person's id
        self.usergroups: list[Usergroup] = []
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, FileRecord] = {}
        self.calls: list[Call] = []
        self.failures: list[str] = []
        self._expected: list[str] = []
        self._count = itertools.count(1)
        self._last_ts = 0
        self.bot_user = self.add_user(self.manifest.name, is_bot=True)

    # Building the workspace.

    def next_id(self, letter: str) -> str:
        return f"{letter}{next(self._count):08d}"

    def next_ts(self) -> str:
        """A message ts from the clock, unique and rising even while the clock stands."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_user(self, name: str, **flags: Any) -> User:
        """Adds a person; flags are the fields of ``User``."""
        user = User(id=self.next_id("U"), name=name, team_id=self.team_id, **flags)
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[Who] = (),
        private: bool = False,
        archived: bool = False,
        bot: bool = True,
    ) -> Channel:
        """Adds a channel; the bot is a member unless ``bot`` is False."""
        ids = [id_of(member) for member in members] + ([self.bot_user.id] if bot else [])
        channel = Channel(
            id=self.next_id("C"),
            name=name,
            kind="private" if private else "public",
            created=int(self.now()),
            archived=archived,
            members=ids,
        )
        self.channels[channel.id] = channel
        return channel

    def add_usergroup(self, handle: str, users: Iterable[Who]) -> Usergroup:
        """Adds a user group."""
        group = Usergroup(
            id=self.next_id("S"), handle=handle, users=tuple(id_of(user) for user in users)
        )
        self.usergroups.append(group)
        return group

    def dm_channel(self, who: Who) -> Channel:
        """The DM of this person with the bot, opened if it was not."""
        user = id_of(who)
        if user not in self.dms:
            members = [user, self.bot_user.id]
            dm = Channel(id=self.next_id("D"), name="directmessage", kind="im", person=user)
            dm.members, dm.created = members, int(self.now())
            self.dms[user] = self.channels[dm.id] = dm
        return self.dms[user]

    # Putting things into it.

    def add_message(self, channel: Channel, **fields: Any) -> Message:
        """Stores a message (among the ephemerals when it is one) and names its blocks."""
        fields["blocks"] = self.named_blocks(fields.get("blocks"))
        message = Message(ts=self.next_ts(), channel=channel.id, created=self.now(), **fields)
        if message.ephemeral_to is None:
            channel.messages[message.ts] = message
        else:
            channel.ephemerals.append(message)
        return message

    def named_blocks(self, blocks: Any) -> list[Json]:
        """A copy in which every block has an id, as Slack gives it one."""
        named: list[Json] = copy.deepcopy(blocks or [])
        for block in named:
            block.setdefault("block_id", self.next_id("k"))
        return named

    def bot_author(self) -> Json:
        return {"user": self.bot_user.id, "bot_id": self.bot_id, "app_id": self.app_id}

    # Judging.

    def fail(self, sentence: str) -> None:
        """Writes down what a bot must never do."""
        self.failures.append(sentence)

    def expect_failure(self, pattern: str) -> None:
        """At least one failure matching this (a regular expression) must happen, and is fine."""
        self._expected.append(pattern)

    def verdict(self) -> list[str]:
        """What stands against the bot: unexpected failures, and expected ones that stayed out."""
        left = [f for f in self.failures if not any(re.search(p, f) for p in self._expected)]
        missing = [
            f"expected failure did not happen: {p}"
            for p in self._expected
            if not any(re.search(p, f) for f in self.failures)
        ]
        return left + missing + self.faults.idle()

    def need(self, scope: str) -> None:
        """The manifest must grant this scope; it now counts as used."""
        if scope not in self.manifest.scopes:
            self.fail(f"missing_scope: {scope} is not in the manifest")
            provided = ",".join(self.manifest.scopes)
            raise SlackError("missing_scope", needed=scope, provided=provided)
        self.scopes_used.add(scope)

    def scopes_unused(self) -> set[str]:
        """Scopes that the manifest asks for and nothing has used yet."""
        return set(self.manifest.scopes) - self.scopes_used

    # The record.

    def messages(self, where: Where) -> list[Message]:
        """The channel's messages, oldest first, thread replies among them."""
        return list(self.channels[id_of(where)].messages.values())

    def dm(self, who: Who) -> list[Message]:
        """The messages in this person's DM with the bot, oldest first."""
        dm = self.dms.get(id_of(who))
        return list(dm.messages.values()) if dm else []

    def ephemerals(self, where: Where, who: Who) -> list[Message]:
        """What this person alone saw in the channel, oldest first."""
        shown = self.channels[id_of(where)].ephemerals
        return [m for m in shown if m.ephemeral_to == id_of(who)]

    def home(self, who: Who) -> View | None:
        """This person's Home tab, if one was published."""
        return self.homes.get(id_of(who))

    def views(self, who: Who) -> list[View]:
        """This person's open modals, the top one last."""
        return list(self.stacks.get(id_of(who), []))

    def call_names(self) -> list[str]:
        """The methods called, in order."""
        return [call.method for call in self.calls]
