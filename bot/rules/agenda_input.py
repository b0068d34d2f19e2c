"""What people type about agendas, and what a message that they point to is about."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from bot.errors import BadInput
from bot.rules.agenda import TOPIC_LIMIT, Cause, CauseKind
from bot.rules.squads import SyncKind

_CAUSES: Final[Mapping[str, CauseKind]] = MappingProxyType(
    {
        "dispute_id": CauseKind.DISPUTE,
        "escalation_id": CauseKind.QUESTION,
        "audit_id": CauseKind.FEEDBACK,
    }
)


def split_squad(text: str, names: Iterable[str]) -> tuple[str | None, str]:
    """Read `text in NAME` as a topic of one of these squads; a name that is none is text."""
    for name in names:
        ending = f" in {name}"
        if len(text) > len(ending) and text.casefold().endswith(ending.casefold()):
            return name, text[: -len(ending)].rstrip()
    return None, text


def permalink(said: tuple[str, str | None, str | None] | None) -> str | None:
    """Return the link of a message by channel, timestamp and thread."""
    channel, stamp, thread = said or ("", None, None)
    if stamp is None:
        return None
    link = f"https://slack.com/archives/{channel}/p{stamp.replace('.', '')}"
    return link if thread is None else f"{link}?thread_ts={thread}&cid={channel}"


def cause_of(ids: Mapping[str, object]) -> Cause | None:
    """Return what a message of ours is about, by the keys that it was made from."""
    for name, kind in _CAUSES.items():
        key = ids.get(name)
        if isinstance(key, int):
            return Cause(kind, key)
    return None


def read_text(text: str) -> str:
    """Return a topic's text. Raises BadInput("topic_empty", "topic_long")."""
    stripped = text.strip()
    if not stripped:
        raise BadInput("topic_empty", field="text")
    if len(stripped) > TOPIC_LIMIT:
        raise BadInput("topic_long", limit=TOPIC_LIMIT, field="text")
    return stripped


_FOR: Final[Mapping[str, SyncKind]] = MappingProxyType(
    {
        "review": SyncKind.REVIEW,
        "delivery": SyncKind.REVIEW,
        "client": SyncKind.TOUCHPOINT,
        "touchpoint": SyncKind.TOUCHPOINT,
        "sync": SyncKind.SYNC,
    }
)


def read_kind(text: str) -> tuple[SyncKind, str]:
    """Read `[for] review|client …` as a kind of meeting, and what stands behind it."""
    words = text.split()
    if words and words[0].casefold() == "for":
        words = words[1:]
    kind = _FOR.get(words[0].casefold().rstrip(":")) if words else None
    return (SyncKind.SYNC, text) if kind is None else (kind, " ".join(words[1:]))


def split_kind(text: str) -> tuple[SyncKind, str]:
    """Read `for review: text` (or `for client`) as a topic of that meeting, else of the sync.

    The words may also stand at the end: `text for client`.
    """
    words = text.split()
    if len(words) > 2 and words[0].casefold() == "for":
        kind = _FOR.get(words[1].casefold().rstrip(":"))
        if kind is not None:
            return kind, text.split(maxsplit=2)[2]
    if len(words) > 2 and words[-2].casefold() == "for":
        kind = _FOR.get(words[-1].casefold())
        if kind is not None and kind is not SyncKind.SYNC:
            return kind, text.rstrip().rsplit(maxsplit=2)[0]
    return SyncKind.SYNC, text
