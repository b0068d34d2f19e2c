"""A line of a Today message, the report of what did not arrive, and one delivery in a list."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.rules.outbox import Delivery, Listed
from bot.views.blocks import (
    Block,
    Message,
    context,
    escape,
    fit,
    message,
    section,
)
from bot.views.words import Words

LINE_CHARACTERS: Final = 300
"""Thirty lines of this length still fit into one message."""

REPORTED: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a Today message: `text` is mrkdwn, already escaped; a `button` beside it."""

    text: str
    button: Block | None = None
    done: bool = False

    def ticked(self) -> "Line":
        """Return the line as it looks once it is done."""
        return replace(self, done=True)


def refusals_line(words: Words, found: Sequence[Listed]) -> Line:
    """Return the report of refusals as one line: how many, and the commonest reason."""
    reason, _ = Counter(_why(words, each.delivery) for each in found).most_common(1)[0]
    return Line(words.plural("outbox.refusals.line", len(found), reason=reason))


def lost_posts_line(words: Words, squad: str, found: Sequence[Listed]) -> Line:
    """Return what a squad's channels did not get, newest first, as one line for a manager."""
    last = found[0].delivery
    about = {
        "squad": escape(squad),
        "channel": f"<#{last.channel}>",
        "reason": _why(words, last),
    }
    return Line(words.plural("outbox.posts.line", len(found), **about))


def refusals_message(words: Words, found: Sequence[Listed]) -> Message:
    """Return the report of refusals: to whom, what kind, why; the newest first."""
    title = words.plural("outbox.refusals.title", len(found))
    blocks = [section(f"*{title}*\n{words('outbox.refusals.what_to_do')}")]
    blocks += [section(refusal(words, each)) for each in found[:REPORTED]]
    if len(found) > REPORTED:
        blocks.append(context(words("common.and_more", n=len(found) - REPORTED)))
    return message(title, fit(blocks, words("outbox.more")))


def refusal(words: Words, each: Listed) -> str:
    """Return one refused or parked delivery in mrkdwn: recipient, kind, reason."""
    return words(
        "outbox.refusals.item",
        recipient=_recipient(each),
        kind=kind(words, each.delivery.kind),
        reason=_why(words, each.delivery),
    )


def kind(words: Words, name: str) -> str:
    """Say what a kind of delivery is; one that this version does not know keeps its name."""
    key = f"kind.{name}"
    return words(key) if words.has(key) else escape(name)


def _recipient(each: Listed) -> str:
    if each.delivery.channel is not None:
        return f"<#{each.delivery.channel}>"
    return escape(each.recipient)


def _why(words: Words, delivery: Delivery) -> str:
    key = f"outbox.reason.{delivery.reason}"
    if words.has(key):
        return words(key)
    return words("outbox.reason.other", reason=escape(delivery.reason or ""))
