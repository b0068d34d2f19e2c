"""One parser for `/audit …`, `/muster audit …`, `@Muster audit …` and a direct message."""

import re
from dataclasses import dataclass
from enum import StrEnum

# Slack sends `<@U123|name>` for an escaped mention (should_escape), `<@U123>` in events.
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>")
_TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " "})


class Via(StrEnum):
    """How a command reached us."""

    SLASH = "slash"
    MENTION = "mention"  # in a channel, so that others may read what was typed
    DIRECT = "direct"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Words:
    """A command's name and the text behind it."""

    name: str
    text: str


def read(name: str, text: str, known: frozenset[str]) -> Words:
    """Resolve what was typed to one command of `known`.

    `/muster audit T-1` and `muster audit T-1` are `audit` with text `T-1`; `/muster` keeps what is
    not another command's name, as its own sub-command. A prefix (`/ops-audit`) is removed by the
    door. An unknown first word in a direct message or mention leaves `name` empty.
    """
    stripped = text.strip()
    first, _, rest = stripped.partition(" ")
    word = first.strip().lstrip("/").casefold()
    if name == "muster" and word in known and word != "muster":
        return Words(word, rest.strip())
    if name == "":
        if word == "muster":
            return read("muster", rest, known)
        return Words(word, rest.strip()) if word in known else Words("", stripped)
    return Words(name, stripped)


def said(text: str, known: frozenset[str]) -> Words:
    """Resolve what was said to us in a message: a command of `known`, help, or else a question.

    What ends in a question mark is a question even if it begins with a command's name: "Audit
    tasks in pairs?" asks something.
    """
    if not text or wants_help(text):
        return Words("muster", "")
    found = read("", text, known)
    asks = text.rstrip().endswith("?") and not wants_help(found.text)
    if not found.name or (asks and found.name not in {"ask", "muster"}):
        return Words("ask", text.strip())
    return found


def users(text: str) -> list[str]:
    """Return the user ids mentioned, in order, each once."""
    return list(dict.fromkeys(_USER.findall(text)))


def leading_user(text: str) -> tuple[str | None, str]:
    """Split `@someone what is said` into the user id and the words, their line breaks kept.

    Without a mention in front the id is None and the text is returned as it is.
    """
    stripped = text.strip()
    found = _USER.match(stripped)
    if found is None:
        return None, stripped
    return found[1], unescape(stripped[found.end() :]).strip()


def channels(text: str) -> list[str]:
    """Return the channel ids mentioned, in order, each once."""
    return list(dict.fromkeys(_CHANNEL.findall(text)))


def groups(text: str) -> list[str]:
    """Return the user group ids mentioned, in order, each once."""
    return list(dict.fromkeys(_GROUP.findall(text)))


def without_mentions(text: str) -> str:
    """Return the text without user, channel and group mentions, spaces folded."""
    for pattern in (_USER, _CHANNEL, _GROUP):
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def unescape(text: str) -> str:
    """Undo Slack's escaping of typed text, links included, so that it is stored as meant."""
    text = _LINK.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def arguments(text: str) -> list[str]:
    """Split at spaces, keeping "quoted parts" together; typographic quotes count as quotes."""
    found = re.findall(r'"([^"]*)"|(\S+)', text.translate(_TYPOGRAPHY))
    return [quoted or bare for quoted, bare in found if quoted or bare]


def wants_help(text: str) -> bool:
    """Tell whether somebody asks how a command is used."""
    return text.strip().casefold() in {"help", "?", "-h", "--help"}
