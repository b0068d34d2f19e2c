"""What a person reads when something could not be done."""

from collections.abc import Mapping
from datetime import time
from html import unescape
from typing import Final

from bot.errors import UserError
from bot.views import blocks
from bot.views.blocks import Message, View
from bot.views.words import Words

LISTED: Final = 20
"""How many of the possible answers a sentence lists."""

NOTHING: Final = "–"


def sentence(words: Words, error: UserError) -> str:
    """Return an error's sentence; what people typed in its fields is made inert."""
    return words(f"error.{error.code}", **_safe(error.fields))


def at_field(words: Words, error: UserError) -> str:
    """Return an error's sentence for a field of a form, where Slack shows text as it is."""
    return unescape(sentence(words, error)).replace("`", "")


def _safe(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: _shown(value) for name, value in fields.items()}


def _shown(value: object) -> object:
    if isinstance(value, str):
        return blocks.escape(blocks.clip(value, 300)) or NOTHING
    if isinstance(value, list | tuple):
        some = [str(_shown(each)) for each in value[:LISTED]]
        return ", ".join([*some, "…"] if len(value) > LISTED else some) or NOTHING
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return NOTHING if value is None else value


def internal(words: Words, reference: str) -> str:
    """Return the sentence for a failure of ours, with a reference to quote."""
    return words("error.internal", reference=reference)


def slow(words: Words, reference: str) -> str:
    """Return the sentence for a form that took too long."""
    return words("error.timed_out", reference=reference)


def message(text: str) -> Message:
    """Return a failure as a message."""
    return blocks.message(text)


def view(words: Words, text: str) -> View:
    """Return a failure in place of a form."""
    return blocks.modal(
        words("failure.title"),
        "failure",
        [blocks.section(text)],
        submit=None,
        close=words("common.close"),
    )
