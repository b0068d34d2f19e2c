"""What people are told of what is stored about them, who looked, and how long it is kept."""

from bot.rules.retention import DataKind, Kept
from bot.views.words import Words


def term(words: Words, found: Kept) -> str:
    """Return for how long a kind of data is kept."""
    if found.days is None:
        return words("privacy.term.always")
    return words.plural("privacy.term", found.days)


def keeps(words: Words, kind: DataKind) -> str:
    """Return what goes when the time of a kind is over, and what stays."""
    return words(f"privacy.keeps.{kind.value}")
