"""Frozen records of what Slack tells of itself: the connection, its channels and its files."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Whose token it is (auth.test), and what it may do; `org_wide` installs are refused."""

    team_id: str
    team: str
    bot_user_id: str
    bot_id: str
    url: str
    scopes: frozenset[str]
    org_wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """A channel as the bot sees it."""

    channel: str
    name: str
    member: bool
    archived: bool = False
    private: bool = False
    shared: bool = False  # with another organisation, by Slack Connect


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInfo:
    """A file; `shares` maps the channels where it was posted to that message's ts ("" unknown)."""

    file_id: str
    name: str
    size: int
    mimetype: str
    url: str
    user_id: str
    shares: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """Where the bytes of a new file go, and what Slack will call it."""

    file_id: str
    url: str
