"""What the fake workspace is made of: people, channels, messages, views, files, calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack.blocks import elements_of, interactive
from tests.fakes.slack.texts import shown

Json = dict[str, Any]
BlockAction = tuple[str, str]  # (block_id, action_id)


class SlackError(Exception):
    """An answer with ok = false; ``extra`` goes into the body beside ``error``."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


class RateLimited(Exception):
    """HTTP 429; ``retry_after`` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


@dataclass(kw_only=True, eq=False)
class User:
    """A person (or bot) of the workspace; set a flag to change them under the bot's feet."""

    id: str
    name: str
    team_id: str
    tz: str = "Europe/London"
    email: str | None = None
    locale: str = "en-US"
    deleted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False  # a Slack Connect user of another workspace

    def to_slack(self, *, email: bool = False, locale: bool = False) -> Json:
        """The user object; e-mail and locale only when they may and should be shown."""
        profile: Json = {"real_name": self.name, "display_name": self.name.lower()}
        if email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": "T0STRANGER" if self.is_stranger else self.team_id,
            "name": self.name.lower().replace(" ", "."),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "profile": profile,
        }
        if self.deleted:  # Slack leaves out zone and rights of deactivated people
            return user
        offset = datetime.now(timezone.utc).astimezone(ZoneInfo(self.tz)).utcoffset()  # noqa: UP017
        user |= {
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_guest,
            "is_ultra_restricted": False,
            "is_stranger": self.is_stranger,
        }
        if locale:
            user["locale"] = self.locale
        return user


@dataclass(kw_only=True, eq=False)
class Message:
    """One message as it stands now; an update changes it in place, a deletion marks it."""

    ts: str
    channel: str
    user: str
    text: str
    created: float
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    reply_broadcast: bool = False
    files: list[FileRecord] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    ephemeral_to: str | None = None
    edits: int = 0
    deleted: bool = False

    @property
    def shown(self) -> str:
        """All text that a reader sees, the blocks' included."""
        return shown(self.text, self.blocks)

    @property
    def actions(self) -> list[str]:
        """The action ids that can be clicked, in order."""
        return [e["action_id"] for block in self.blocks for e in elements_of(block)]

    def to_slack(self, *, metadata: bool = True) -> Json:
        """The message object; without ``metadata`` only the event type is shown (7.1)."""
        message: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts}
        if self.bot_id:
            message |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if self.blocks:
            message["blocks"] = self.blocks
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.files:
            message["files"] = [file.to_slack() for file in self.files]
        if self.attachments:
            message["attachments"] = self.attachments
        if self.edits:
            message["edited"] = {"user": self.user, "ts": self.ts}
        if self.metadata:
            kept = self.metadata if metadata else {"event_type": self.metadata["event_type"]}
            message["metadata"] = kept
        return message


@dataclass(kw_only=True, eq=False)
class Channel:
    """A public or private channel, or the DM of one person with the bot (kind ``im``)."""

    id: str
    name: str
    kind: str = "public"  # public | private | im
    created: int = 0
    archived: bool = False
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, oldest first
    ephemerals: list[Message] = field(default_factory=list)
    person: str | None = None  # the other side of an im

    def to_slack(self, bot: str) -> Json:
        if self.kind == "im":
            return {"id": self.id, "is_im": True, "user": self.person, "created": self.created}
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_private": self.kind == "private",
            "is_im": False,
            "is_mpim": False,
            "is_archived": self.archived,
            "is_member": bot in self.members,
            "created": self.created,
        }


@dataclass(kw_only=True, eq=False)
class View:
    """A modal or a Home tab of one person, with what the person has typed into it."""

    id: str
    user: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    typed: dict[BlockAction, Json] = field(default_factory=dict)
    offered: dict[BlockAction, list[Json]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def type(self) -> str:
        return str(self.body["type"])

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.body.get("private_metadata", ""))

    @property
    def title(self) -> str:
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def shown(self) -> str:
        """All text that the person sees."""
        return "\n".join(part for part in (self.title, shown("", self.blocks)) if part)

    @property
    def actions(self) -> list[str]:
        """The action ids on it, inputs included, in order."""
        return [element["action_id"] for _, element in interactive(self.blocks)]


@dataclass(kw_only=True, eq=False)
class FileRecord:
    """A file: a ticket until its bytes are there and it was completed."""

    id: str
    name: str
    length: int
    user: str
    created: int
    address: str  # where its bytes are downloaded
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    complete: bool = False
    shares: dict[str, str] = field(default_factory=dict)  # channel id -> message ts
    share_kinds: dict[str, str] = field(default_factory=dict)  # channel id -> kind

    def to_slack(self) -> Json:
        suffix = self.name.rpartition(".")[2].lower()
        public = {c: [{"ts": t}] for c, t in self.shares.items() if self.share_kinds[c] == "public"}
        private = {c: [{"ts": t}] for c, t in self.shares.items() if c not in public}
        kinds = {"public": "channels", "private": "groups", "im": "ims"}
        placed: dict[str, list[str]] = {name: [] for name in kinds.values()}
        for channel, kind in self.share_kinds.items():
            placed[kinds[kind]].append(channel)
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "created": self.created,
            "timestamp": self.created,
            "user": self.user,
            "mode": "hosted",
            "filetype": suffix,
            "mimetype": {"csv": "text/csv", "png": "image/png"}.get(suffix, "text/plain"),
            "size": self.length,
            "alt_txt": self.alt_text,
            "is_external": False,
            "url_private": self.address,
            "url_private_download": self.address,
            "shares": {"public": public, "private": private},
            **placed,
        }


@dataclass(frozen=True, kw_only=True)
class Usergroup:
    """A user group with its members."""

    id: str
    handle: str
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that reached the fake; ``outcome`` is ok, an error, 429, 5xx, dropped or down."""

    method: str
    args: Json
    at: float
    outcome: str
